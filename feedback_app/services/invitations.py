"""Invite a colleague by e-mail; they choose a name and a password of their own. A link works once, for three days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import ServerKey
from feedback_app.core.roles import ROLES
from feedback_app.services import accounts, audit, mail
from feedback_app.services.second_factors import new_token
from feedback_app.storage.models import Invitation, Staff

LASTS = timedelta(days=3)
SUBJECT = "Your account for {area}"
BODY = """Hello,

{by} has made a place for you on the staff pages of {area}.

Open this address to choose your name and your password. It works once, until {until}:

{address}

If you did not expect this, do nothing: without the address nobody can use it.
"""


def invite(
    session: Session,
    keys: ServerKey,
    email: str,
    roles: Collection[str],
    *,
    by: str,
    area: str,
    address: str,
    now: datetime,
) -> str:
    """Write the invitation's letter; an older invitation of the same address is worth nothing from now on.

    Args:
        address: the staff pages' address of an invitation, to which the secret is added.

    Returns:
        the link, for a copy that has no mail server.

    Raises:
        FeedbackError: the address has an account, cannot be one, or a role is unknown.
    """
    email = email.strip().casefold()
    name, _, host = email.rpartition("@")
    if not name or "." not in host or any(sign.isspace() for sign in email) or len(email) > 254:
        raise FeedbackError("Type an e-mail address, such as name@council.example.")
    if session.scalars(select(Staff).where(Staff.email == email)).first():
        raise FeedbackError(f"There is an account with the address {email} already.")
    for older in session.scalars(select(Invitation).where(Invitation.email == email, Invitation.used_on.is_(None))):
        session.delete(older)
    token, ends = new_token(), now + LASTS
    held = Invitation(
        token_hash=_hash(keys, token), email=email, roles=sorted(accounts.known(roles)), made_by=by, ends_at=ends
    )
    session.add(held)
    link = f"{address}/{token}"
    words = {"by": by, "area": area, "address": link, "until": f"{ends:%d %B %Y}"}
    body = BODY.format(**words)
    mail.write(
        session, keys, f"invitation/{held.token_hash[:24]}", "invitation",
        to=email, subject=SUBJECT.format(area=area), body=body, now=now,
    )  # fmt: skip
    # No address: nothing can be taken out of the log again. The account's name comes when there is an account.
    audit.record(session, by, "staff.invite", _mark(held), now, roles=held.roles)
    return link


def waiting(session: Session, now: datetime) -> list[Invitation]:
    """Invitations that nobody has used and that still hold."""
    open_ = select(Invitation).where(Invitation.used_on.is_(None), Invitation.ends_at > now)
    return list(session.scalars(open_.order_by(Invitation.ends_at)))


def find(session: Session, keys: ServerKey, token: str, now: datetime) -> Invitation | None:
    """The invitation of a link, if it still holds."""
    held = session.get(Invitation, _hash(keys, token))
    return held if held and held.used_on is None and _utc(held.ends_at) > now else None


def take_up(
    session: Session, keys: ServerKey, token: str, name: str, password: str, *, council: bool, now: datetime
) -> None:
    """Make the account of an invitation.

    Args:
        council: whether the council has a door of its own; who uses that needs no password.

    Raises:
        FeedbackError: the link does not hold, the name is taken, or the password may not be used.
    """
    held = find(session, keys, token, now)
    if held is None:
        raise FeedbackError("This invitation was used, or it is too old. Ask for a new one.")
    if not name or len(name) > accounts.LONGEST_NAME:
        raise FeedbackError("Type your name: what your colleagues call you.")
    if not (password or council):
        raise FeedbackError("Type a password.")
    accounts.add(
        session,
        name,
        password,
        [role for role in held.roles if role in ROLES],
        by=held.made_by,
        now=now,
        email=held.email,
    )
    held.used_on = now.date()
    audit.record(session, name, "staff.take_up", _mark(held), now)


def _mark(held: Invitation) -> str:
    return f"invitation {held.token_hash[:12]}"


def _hash(keys: ServerKey, token: str) -> str:
    return keys.derive("invitation", token).hex()


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite gives times back without their zone
