"""Classes on shared tablets: open one, find it by its code, check its PIN, close it. Knows nothing of cookies.

A code opens a survey on a tablet; a PIN lets the next person begin. Both are random, shown once, and kept as keyed
hashes. What a class session counts is of the whole class: nothing tells who, or when.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import Refused
from feedback_app.core.ids import new_id
from feedback_app.core.keys import ServerKey
from feedback_app.services import audit, collections
from feedback_app.storage.db import Store
from feedback_app.storage.models import ClassSession, table_of

CLASS = table_of(ClassSession)
# No vowels, so that no code is a word; and nothing that is easily taken for something else (1 and l, 2 and Z, 5 and S).
LETTERS = "CDFGHJKMNPQRTVWXY346789"
CODE_LETTERS, PIN_DIGITS = 6, 6
LONGEST_LABEL, LONGEST_DAYS = 120, 92
LEAST_IDLE, MOST_IDLE = 1, 15
A_PAGE = 20  # cards, which are tall


@dataclass(frozen=True, slots=True)
class Asked:
    """What staff ask for. `idle` is the number of minutes with nothing pressed after which a tablet forgets."""

    collection: str
    label: str
    opens_on: date
    closes_on: date
    idle: int
    outreach: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A new class session, with the two secrets that are never shown again."""

    id: str
    code: str
    pin: str


@dataclass(frozen=True, slots=True)
class Held:
    """One class session, as pages need it."""

    id: str
    collection: str
    label: str
    idle: int
    outreach: bool
    opens_on: date
    closes_on: date
    started: int
    finished: int

    def open(self, today: date) -> bool:
        """Whether tablets may serve it on a day."""
        return self.opens_on <= today <= self.closes_on


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    classes: list[Held]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // A_PAGE))


COLUMNS = select(
    CLASS.c.id,
    CLASS.c.collection_id,
    CLASS.c.label,
    CLASS.c.idle_minutes,
    CLASS.c.outreach,
    CLASS.c.opens_on,
    CLASS.c.closes_on,
    CLASS.c.started,
    CLASS.c.finished,
)


def open_one(session: Session, keys: ServerKey, asked: Asked, *, by: str, now: datetime) -> Opened:
    """Open a class session for a collection.

    Raises:
        Refused: it cannot be, and the message says why.
    """
    label = asked.label.strip()
    collection = collections.find(session, asked.collection)
    if collection is None or collection.source != "survey":
        raise Refused("Choose the survey that the class will answer.")
    if not 0 < len(label) <= LONGEST_LABEL:
        raise Refused(f"Write what you call this class, in {LONGEST_LABEL} letters or fewer.")
    if not asked.opens_on <= asked.closes_on <= asked.opens_on + timedelta(days=LONGEST_DAYS):
        raise Refused(f"The last day has to be the first day or later, and {LONGEST_DAYS} days later at most.")
    if not LEAST_IDLE <= asked.idle <= MOST_IDLE:
        raise Refused(f"The minutes have to be from {LEAST_IDLE} to {MOST_IDLE}.")
    ident, pin, code = new_id(), f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}", _new_code(session, keys)
    session.add(
        ClassSession(
            id=ident,
            collection_id=collection.id,
            label=label,
            code_hash=_code_hash(keys, code),
            pin_hash=_pin_hash(keys, ident, pin),
            idle_minutes=asked.idle,
            outreach=asked.outreach,
            opens_on=asked.opens_on,
            closes_on=asked.closes_on,
            made_by=by,
        )
    )
    session.flush()
    detail = {"collection": collection.id, "idle": asked.idle, "outreach": asked.outreach}
    audit.record(session, by, "class_session.open", ident, now, **detail)
    return Opened(ident, f"{code[:3]} {code[3:]}", pin)


def close(session: Session, ident: str, *, by: str, now: datetime, today: date) -> None:
    """Close a class session today. Its counts stay.

    Raises:
        Refused: there is none, or it is over.
    """
    held = session.get(ClassSession, ident)
    if held is None or held.closes_on < today:
        raise Refused("This class session is closed already.")
    held.closes_on = today - timedelta(days=1)
    audit.record(session, by, "class_session.close", ident, now)


def page(session: Session, text: str = "", number: int = 1) -> Page:
    """One page of the class sessions whose name has these words, the newest first."""
    which = [func.lower(CLASS.c.label).contains(word, autoescape=True) for word in text.lower().split()]
    total = session.scalar(select(func.count()).select_from(CLASS).where(*which)) or 0
    number = min(max(1, number), max(1, -(-total // A_PAGE)))
    newest = COLUMNS.where(*which).order_by(CLASS.c.opens_on.desc(), CLASS.c.label, CLASS.c.id)
    rows = session.execute(newest.limit(A_PAGE).offset((number - 1) * A_PAGE))
    return Page([Held(*row) for row in rows], total, number)


def with_code(store: Store, keys: ServerKey, typed: str, today: date) -> Held | None:
    """The class session that a code opens today, however it was spaced; None if it opens none."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    row = store.execute(COLUMNS.where(CLASS.c.code_hash == _code_hash(keys, code))).first()
    held = Held(*row) if row else None
    return held if held and held.open(today) else None


def find(store: Store, ident: str) -> Held | None:
    """The class session with an id, or None."""
    row = store.execute(COLUMNS.where(CLASS.c.id == ident)).first()
    return Held(*row) if row else None


def is_pin(store: Store, keys: ServerKey, ident: str, typed: str) -> bool:
    """Whether this is the PIN of a class session, however it was spaced."""
    kept = store.execute(select(CLASS.c.pin_hash).where(CLASS.c.id == ident)).scalar()
    return kept is not None and hmac.compare_digest(kept, _pin_hash(keys, ident, "".join(typed.split())))


def _new_code(session: Session, keys: ServerKey) -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        if session.execute(select(CLASS.c.id).where(CLASS.c.code_hash == _code_hash(keys, code))).first() is None:
            return code


def _code_hash(keys: ServerKey, code: str) -> str:
    return keys.derive("class code", code).hex()


def _pin_hash(keys: ServerKey, ident: str, pin: str) -> str:
    return keys.derive("class pin", ident, pin).hex()
