"""Staff accounts: make one, change its roles, check a password. Argon2id, one hash at a time for each process."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core import passwords
from feedback_app.core.errors import FeedbackError, did_you_mean
from feedback_app.core.roles import ADMINISTRATOR, ANALYST, CODER, ORGANISER, ROLES
from feedback_app.core.tokens import new_passphrase
from feedback_app.services import audit
from feedback_app.storage.models import Staff, StaffRole

FIRST = "admin"
LONGEST_NAME = 120

_hasher = PasswordHasher()  # Argon2id, 64 MiB, 3 passes, 4 lanes: RFC 9106's second recommended setting
_one_at_a_time = Lock()  # a hash takes a fifth of a second and 64 MiB; many at once would starve the pages


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in. With another mark, older sessions end."""

    id: int
    name: str
    email: str
    roles: frozenset[str]
    session_mark: str
    second_factor: bool  # whether they have one
    password: bool = True  # whether they have one; without, they sign in at the council's own door
    disabled: bool = False


@cache
def _nobody() -> str:
    """The hash of a password that nobody has, for a name that nobody has."""
    return _hasher.hash(secrets.token_hex(16))


def first_account(session: Session, *, now: datetime) -> str:
    """Make the first account if there is none; return its password, or nothing."""
    if session.scalars(select(Staff).limit(1)).first():
        return ""
    password = new_passphrase()
    add(session, FIRST, password, {ADMINISTRATOR, ANALYST, CODER, ORGANISER}, by="command line", now=now)
    return password


def add(
    session: Session, name: str, password: str, roles: Collection[str], *, by: str, now: datetime, email: str = ""
) -> Staff:
    """Make an account.

    Args:
        password: empty for somebody who signs in at the council's own door.

    Raises:
        FeedbackError: the name or the address is taken, a role is unknown, or the password may not be used.
    """
    if password and (why := passwords.why_not(password, name, email)):
        raise FeedbackError(why)
    if not name.strip() or len(name) > LONGEST_NAME:
        raise FeedbackError(f"Give a name of {LONGEST_NAME} letters or fewer: what colleagues call this person.")
    if session.scalars(select(Staff).where(Staff.name == name)).first():
        raise FeedbackError(f'There is an account "{name}" already.')
    if email and session.scalars(select(Staff).where(Staff.email == email)).first():
        raise FeedbackError(f"There is an account with the address {email} already.")
    staff = Staff(
        name=name,
        email=email or None,
        roles=[StaffRole(role=role) for role in sorted(known(roles))],
        password_hash=_hasher.hash(password) if password else "",
        session_mark=secrets.token_hex(16),
        created_on=now.date(),
    )
    session.add(staff)
    session.flush()
    audit.record(session, by, "staff.add", name, now, roles=sorted(roles))
    return staff


def known(roles: Collection[str]) -> Collection[str]:
    """The roles, when there are such.

    Raises:
        FeedbackError: a role that there is not, or none at all.
    """
    if not roles:
        raise FeedbackError("Give at least one role.")
    for role in roles:
        if role not in ROLES:
            raise FeedbackError(f'There is no role "{role}".{did_you_mean(role, ROLES)}')
    return roles


def listed(session: Session) -> list[Member]:
    """Every account, by name."""
    return [_member(staff) for staff in session.scalars(select(Staff).order_by(Staff.name))]


def find(session: Session, number: int) -> Member | None:
    """The account of a number, or None when it is gone or disabled."""
    staff = session.get(Staff, number)
    return _member(staff) if staff and staff.disabled_on is None else None


def named(session: Session, name: str) -> Staff:
    """The account of a name.

    Raises:
        FeedbackError: there is none.
    """
    staff = session.scalars(select(Staff).where(Staff.name == name)).first()
    if staff is None:
        names = session.scalars(select(Staff.name)).all()
        raise FeedbackError(f'There is no account "{name}".{did_you_mean(name, names)}')
    return staff


def set_roles(session: Session, name: str, roles: Collection[str], *, by: str, now: datetime) -> None:
    """Give an account these roles and no others; its sessions end.

    Raises:
        FeedbackError: there is no such account or role, or nobody would be left to look after accounts.
    """
    staff, before = named(session, name), {held.role for held in named(session, name).roles}
    wanted = set(known(roles))
    if ADMINISTRATOR in before - wanted:
        _not_the_last(session, staff)
    staff.roles = [held for held in staff.roles if held.role in wanted] + [
        StaffRole(role=role) for role in sorted(wanted - before)
    ]
    end_sessions(staff)
    audit.record(session, by, "staff.roles", name, now, before=sorted(before), after=sorted(wanted))


def disable(session: Session, name: str, *, by: str, now: datetime) -> None:
    """Keep somebody out from now on. What they did stays under their name.

    Raises:
        FeedbackError: there is no such account, or nobody would be left to look after accounts.
    """
    staff = named(session, name)
    _not_the_last(session, staff)
    staff.disabled_on = now.date()
    end_sessions(staff)
    audit.record(session, by, "staff.disable", name, now)


def enable(session: Session, name: str, *, by: str, now: datetime) -> None:
    """Let somebody in again.

    Raises:
        FeedbackError: there is no such account.
    """
    staff = named(session, name)
    staff.disabled_on = None
    audit.record(session, by, "staff.enable", name, now)


def change_password(session: Session, member: Member, old: str, new: str, *, now: datetime) -> str:
    """Change a password; every session ends. Return why it cannot be, or nothing."""
    staff = session.get_one(Staff, member.id)
    if not staff.password_hash:
        return "This account has no password: it signs in with the council account."
    if not _fits(staff.password_hash, old):
        return "This is not your password now. Please try again."
    if why := passwords.why_not(new, staff.name, staff.email or ""):
        return why
    staff.password_hash = _hasher.hash(new)
    end_sessions(staff)
    audit.record(session, member.name, "staff.password", member.name, now)
    return ""


def new_password(session: Session, name: str, *, by: str, now: datetime) -> str:
    """Give somebody who is locked out a new password, and return it; every session of the account ends.

    Raises:
        FeedbackError: there is no such account.
    """
    staff, password = named(session, name), new_passphrase()
    staff.password_hash = _hasher.hash(password)
    end_sessions(staff)
    audit.record(session, by, "staff.new_password", name, now)
    return password


def sign_in(session: Session, name: str, password: str, *, now: datetime) -> Member | None:
    """Return the account if the password is its own, else None. A wrong name takes as long as a wrong password.

    Args:
        name: the account's name or its e-mail address.
    """
    known_text = "\0" not in name  # no name holds it, and PostgreSQL will not look for it
    wanted = (Staff.name == name) | (Staff.email == name.casefold())
    staff = session.scalars(select(Staff).where(wanted)).first() if known_text else None
    fits = _fits(staff.password_hash if staff and staff.password_hash else _nobody(), password)
    if staff is None or not fits or staff.disabled_on is not None:
        audit.record(session, "a stranger", "staff.sign_in_refused", "", now)
        return None
    audit.record(session, staff.name, "staff.sign_in", staff.name, now)
    return _member(staff)


def sign_out(session: Session, member: Member, *, now: datetime) -> None:
    """End every session of the account: a cookie that was copied is worth nothing after it."""
    staff = session.get(Staff, member.id)
    if staff:
        end_sessions(staff)
    audit.record(session, member.name, "staff.sign_out", member.name, now)


def end_sessions(staff: Staff) -> None:
    """End every session of an account: on signing out, and with another password, role or factor."""
    staff.session_mark = secrets.token_hex(16)


def _fits(held: str, password: str) -> bool:
    with _one_at_a_time:
        try:
            return _hasher.verify(held, password)
        except VerificationError:
            return False


def _not_the_last(session: Session, staff: Staff) -> None:
    others = select(Staff).where(
        Staff.id != staff.id, Staff.disabled_on.is_(None), Staff.roles.any(StaffRole.role == ADMINISTRATOR)
    )
    if any(held.role == ADMINISTRATOR for held in staff.roles) and session.scalars(others).first() is None:
        raise FeedbackError(f'"{staff.name}" is the only administrator. Make another one first.')


def _member(staff: Staff) -> Member:
    return Member(
        staff.id,
        staff.name,
        staff.email or "",
        frozenset(held.role for held in staff.roles),
        staff.session_mark,
        bool(staff.totp_sealed or staff.passkeys),
        bool(staff.password_hash),
        staff.disabled_on is not None,
    )
