"""One-time cards: make codes that are shown once, and use one up. A code is kept as a keyed hash, without a time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.core.errors import Refused
from feedback_app.core.keys import ServerKey
from feedback_app.services import audit
from feedback_app.services.class_sessions import LETTERS
from feedback_app.services.collections import Held
from feedback_app.storage.db import Store, changed
from feedback_app.storage.models import OneTimeCode, table_of

CODE = table_of(OneTimeCode)
CODE_LETTERS = 8
MOST_AT_ONCE = 150  # eight a page; more take too long to print


@dataclass(frozen=True, slots=True)
class Made:
    """How many cards a collection has, and how many of them began a response."""

    made: int = 0
    used: int = 0


def make(session: Session, keys: ServerKey, held: Held, number: int, *, by: str, now: datetime) -> list[str]:
    """Make cards.

    Returns:
        their codes, in two groups of four; nobody can show them again.

    Raises:
        Refused: too many or too few at once, or the collection is no survey.
    """
    if held.source != "survey" or not 0 < number <= MOST_AT_ONCE:
        raise Refused(f"Ask for 1 to {MOST_AT_ONCE} cards at a time.")
    codes = {"".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS)) for _ in range(number)}
    while len(codes) < number:
        codes.add("".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS)))
    session.execute(
        insert(OneTimeCode), [{"code_hash": _hash(keys, held.id, code), "collection_id": held.id} for code in codes]
    )
    audit.record(session, by, "card.make", held.id, now, number=number)
    return sorted(f"{code[:4]} {code[4:]}" for code in codes)


def use(store: Store, keys: ServerKey, collection: str, typed: str) -> bool:
    """Use a code up, however it was spaced; tell whether it was good. Of two who type one at once, one begins."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(code) != CODE_LETTERS:
        return False
    mine = update(CODE).where(
        CODE.c.code_hash == _hash(keys, collection, code), CODE.c.collection_id == collection, CODE.c.used.is_(False)
    )
    return bool(changed(store, mine.values(used=True)))


def made(session: Session, collection: str) -> Made:
    """How many cards a collection has."""
    row = session.execute(
        select(func.count(), func.count().filter(CODE.c.used.is_(True))).where(CODE.c.collection_id == collection)
    ).one()
    return Made(row[0], row[1])


def _hash(keys: ServerKey, collection: str, code: str) -> str:
    return keys.derive("one-time code", collection, code).hex()
