"""Staff accounts: make one, and check a password. Argon2id, one hash at a time for each process."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.tokens import new_passphrase
from feedback_app.services import audit
from feedback_app.storage.models import Staff

FIRST = "admin"
ADMINISTRATOR = "administrator"
SHORTEST = 12

_hasher = PasswordHasher()  # Argon2id, 64 MiB, 3 passes, 4 lanes: RFC 9106's second recommended setting
_one_at_a_time = Lock()  # a hash takes a fifth of a second and 64 MiB; many at once would starve the pages


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in. With another mark, older sessions end."""

    id: int
    name: str
    role: str
    session_mark: str


@cache
def _nobody() -> str:
    """The hash of a password that nobody has, for a name that nobody has."""
    return _hasher.hash(secrets.token_hex(16))


def first_account(session: Session, *, now: datetime) -> str:
    """Make the first account if there is none; return its password, or nothing."""
    if session.scalars(select(Staff).limit(1)).first():
        return ""
    password = new_passphrase()
    add(session, FIRST, password, ADMINISTRATOR, by="command line", now=now)
    return password


def add(session: Session, name: str, password: str, role: str, *, by: str, now: datetime) -> Staff:
    """Make an account.

    Raises:
        FeedbackError: the name is taken, or the password is shorter than 12 letters.
    """
    if len(password) < SHORTEST:
        raise FeedbackError(f"The password is too short. Use {SHORTEST} letters or more.")
    if session.scalars(select(Staff).where(Staff.name == name)).first():
        raise FeedbackError(f'There is an account "{name}" already.')
    staff = Staff(
        name=name,
        role=role,
        password_hash=_hasher.hash(password),
        session_mark=secrets.token_hex(16),
        created_on=now.date(),
    )
    session.add(staff)
    session.flush()
    audit.record(session, by, "staff.add", name, now, role=role)
    return staff


def find(session: Session, number: int) -> Member | None:
    """The account of a number, or None when it is gone."""
    staff = session.get(Staff, number)
    return _member(staff) if staff else None


def sign_in(session: Session, name: str, password: str, *, now: datetime) -> Member | None:
    """Return the account if the password is its own, else None. A wrong name takes as long as a wrong password."""
    known = "\0" not in name  # no name holds it, and PostgreSQL will not look for it
    staff = session.scalars(select(Staff).where(Staff.name == name)).first() if known else None
    with _one_at_a_time:
        try:
            _hasher.verify(staff.password_hash if staff else _nobody(), password)
        except VerificationError:
            staff = None
    action = "staff.sign_in" if staff else "staff.sign_in_refused"
    audit.record(session, name[:120] if staff else "a stranger", action, name[:120] if staff else "", now)
    return _member(staff) if staff else None


def sign_out(session: Session, member: Member, *, now: datetime) -> None:
    """End every session of the account: a cookie that was copied is worth nothing after it."""
    staff = session.get(Staff, member.id)
    if staff:
        staff.session_mark = secrets.token_hex(16)
    audit.record(session, member.name, "staff.sign_out", member.name, now)


def _member(staff: Staff) -> Member:
    return Member(staff.id, staff.name, staff.role, staff.session_mark)
