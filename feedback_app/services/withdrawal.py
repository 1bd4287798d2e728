"""Taking answers back: find them by the five words of their receipt, erase them, and keep them erased.

Nothing here knows who somebody is, and nothing that happens here is in the audit log: a line with a time would say when
a child took answers back. What is erased leaves a keyed hash in the database and in a file beside it, so that a backup
that is restored is erased again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from feedback_app.core.keys import ServerKey
from feedback_app.core.tokens import receipt_hash
from feedback_app.services import freezes
from feedback_app.storage.db import Store, dialect_of
from feedback_app.storage.models import (
    AnswerText,
    Commitment,
    Decision,
    Reading,
    Response,
    Suggestion,
    Tombstone,
    Triage,
    table_of,
)
from feedback_app.storage.models.base import Document
from feedback_app.storage.queries.triage import OPEN

RESPONSE, TEXTS, COMMITMENT = table_of(Response), table_of(AnswerText), table_of(Commitment)
TOMBSTONE, TRIAGE = table_of(Tombstone), table_of(Triage)
OF_A_TEXT = [table_of(model) for model in (Suggestion, Reading, Decision)]
FILE = "tombstones"  # in the instance folder
MARK = re.compile(r"[0-9a-f]{64}")
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one response. `texts` has each free text by its field: whether its words are still there."""

    id: str
    version_hash: str
    received_on: date
    answers: Document
    texts: dict[str, bool]
    frozen_on: date | None  # from this day on it cannot be taken back
    watched: bool  # somebody has not finished reading a text of it for safety

    def can_go(self, today: date) -> bool:
        """Whether it can be taken back on a day."""
        return self.frozen_on is None or today < self.frozen_on


def find(store: Store, keys: ServerKey, words: tuple[str, ...]) -> Held | None:
    """What is held under a receipt. None when the words are wrong or the answers were erased: with the same work."""
    columns = (RESPONSE.c.id, RESPONSE.c.version_hash, RESPONSE.c.received_on, RESPONSE.c.answers)
    row = store.execute(select(*columns).where(RESPONSE.c.receipt_hash == receipt_hash(keys, words))).first()
    if row is None:
        return None
    texts = store.execute(select(TEXTS.c.field, TEXTS.c.sealed != b"").where(TEXTS.c.response_id == row.id))
    held = {text[0]: bool(text[1]) for text in texts}
    frozen = freezes.frozen_on(store, row.received_on)
    return Held(row.id, row.version_hash, row.received_on, row.answers, held, frozen, bool(_open(store, row.id)))


def erase(store: Store, keys: ServerKey, held: Held, folder: Path, today: date) -> None:
    """Erase a response for good. The mark is on the disk before anything is deleted.

    Args:
        folder: the instance folder, where the marks of what was erased are kept beside the database.

    Raises:
        OSError: the mark cannot be written; nothing is erased.
    """
    mark = _mark(keys, held.id)
    note(folder, [mark])
    _keep(store, [mark])
    _take_away(store, held.id, today)


def erase_again(store: Store, keys: ServerKey, marks: Iterable[str], today: date) -> int:
    """After a restore: erase every response that was erased before; return how many there were."""
    known = set(marks)
    _keep(store, sorted(known))
    found = [ident for ident in store.execute(select(RESPONSE.c.id)).scalars().all() if _mark(keys, ident) in known]
    for ident in found:
        _take_away(store, ident, today)
    return len(found)


def finish(session: Session, today: date) -> int:
    """Erase what was waiting for a person who reads for safety and has finished; return how many responses."""
    waits = select(TRIAGE.c.response_id).where(TRIAGE.c.state == OPEN, TRIAGE.c.response_id.is_not(None))
    over = select(RESPONSE.c.id).where(RESPONSE.c.withdrawn_on.is_not(None), RESPONSE.c.id.not_in(waits))
    found = session.execute(over).scalars().all()
    for ident in found:
        _take_away(session, ident, today)
    return len(found)


def marks(store: Store) -> set[str]:
    """The marks in the database."""
    return set(store.execute(select(TOMBSTONE.c.hash)).scalars())


def noted(folder: Path) -> set[str]:
    """The marks in the file. A line that a full disk cut short is none."""
    try:
        lines = (folder / FILE).read_text(encoding="ascii", errors="replace").split()
    except FileNotFoundError:
        return set()
    return {line for line in lines if MARK.fullmatch(line)}


def note(folder: Path, found: Iterable[str]) -> None:
    """Add marks to the file, and wait until they are on the disk."""
    lines = "".join(f"\n{mark}\n" for mark in found)  # a line of its own, whatever a full disk left before it
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(lines.encode())
        out.flush()
        os.fsync(out.fileno())


def bring_together(store: Store, folder: Path) -> int:
    """Note in the file what the database knows and the file does not: it may lie on another machine."""
    missing = marks(store) - noted(folder)
    if missing:
        note(folder, sorted(missing))
    return len(missing)


def _mark(keys: ServerKey, response: str) -> str:
    return keys.derive("tombstone", response).hex()


def _keep(store: Store, found: list[str]) -> None:
    dialect = sqlite if dialect_of(store) == "sqlite" else postgresql
    for some in _some(found):
        rows = dialect.insert(TOMBSTONE).values([{"hash": mark} for mark in some])
        store.execute(rows.on_conflict_do_nothing(index_elements=["hash"]))


def _some(found: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(found), AT_ONCE):
        yield found[start : start + AT_ONCE]


def _open(store: Store, response: str) -> list[str]:
    """The fields whose text nobody has finished reading for safety."""
    mine = (TRIAGE.c.response_id == response, TRIAGE.c.state == OPEN)
    return list(store.execute(select(TRIAGE.c.field).where(*mine)).scalars())


def _take_away(store: Store, response: str, today: date) -> None:
    """Delete a response with its texts, codes and closed rows of the queue.

    A text that somebody still has to read for safety stays sealed until they have; all else of its response goes now.
    """
    pair = store.execute(select(RESPONSE.c.pair_hash).where(RESPONSE.c.id == response)).scalar()
    if pair:
        store.execute(delete(COMMITMENT).where(COMMITMENT.c.pair_hash == pair))
    watched = _open(store, response)
    if not watched:
        store.execute(delete(RESPONSE).where(RESPONSE.c.id == response))
        return
    store.execute(delete(TEXTS).where(TEXTS.c.response_id == response, TEXTS.c.field.not_in(watched)))
    for table in OF_A_TEXT:
        store.execute(delete(table).where(table.c.response_id == response))
    nothing: Document = {"answers": {}, "languages": {}, "order_seed": "", "receipt_hash": None, "pair_hash": None}
    gone = update(RESPONSE).where(RESPONSE.c.id == response)
    store.execute(gone.values(**nothing, easy=False, withdrawn_on=today))
