"""Screen a free text while it is still in memory, and put it in the queue in which people read everything.

It runs where answers come in, on the public face too, so it needs no private key and reads nothing back. A screener
that fails costs no answer: the text goes to the top of band P2.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from analysis.concern import Band, Flag, Screener, load_screener
from feedback_app.core.errors import FeedbackError
from feedback_app.core.ids import new_id
from feedback_app.core.keys import KeyRing
from feedback_app.core.sealing import seal
from feedback_app.storage.db import Store
from feedback_app.storage.models import AnswerText, Triage, TriageAlert, table_of
from feedback_app.storage.queries.triage import OPEN, RELEASED, is_open

TRIAGE, ALERT, TEXT = table_of(Triage), table_of(TriageAlert), table_of(AnswerText)
LEAD, DEPUTY, ALL, SECOND = 1, 2, 3, 4  # who is told, step by step
AFRESH: dict[str, Any] = {  # what a text that has to be read again begins with
    "state": OPEN,
    "outcome": "",
    "first_by": "",
    "first_at": None,
    "second_by": "",
    "second_at": None,
    "claimed_by": "",
    "claimed_at": None,
}
logger = logging.getLogger("feedback.screening")


@dataclass(frozen=True, slots=True)
class Screened:
    """What software made of a text. `failed`: it made nothing of it."""

    band: Band = "P2"
    flags: tuple[Flag, ...] = ()
    screened: bool = False
    failed: bool = True
    version: str = ""


class Screens:
    """The screener of this process, or none when its lists cannot be read.

    To make the lists ready takes two seconds, so they are when the first text comes; a server does it as it starts.
    """

    def __init__(self, screener: Screener | None = None, folder: Path | None = None) -> None:
        self._screener, self._folder = screener, folder

    @property
    def screener(self) -> Screener | None:
        """The screener. Without one every text is read by people first, as band P2."""
        if self._folder is not None:
            self._screener, self._folder = _made_ready(self._folder), None
        return self._screener

    def make_ready(self) -> None:
        """Make the lists ready now."""
        _ = self.screener

    def screen(self, text: str, language: str) -> Screened:
        """Screen a text. Whatever goes wrong, an answer comes of it."""
        screener = self.screener
        if screener is None:
            return Screened()
        try:
            found = screener.screen(text, language)
        except Exception as error:  # the answer has to be stored, whatever this is; its words may be in the message
            logger.error("A text could not be screened: %s", type(error).__name__)
            return Screened(version=screener.version)
        return Screened(found.band, found.flags, found.screened, failed=False, version=screener.version)


def load_screens(surveys: Path) -> Screens:
    """The screener of a folder of surveys."""
    return Screens(folder=surveys / "concern")


def _made_ready(folder: Path) -> Screener | None:
    try:
        content = b"\0".join(file.name.encode() + file.read_bytes() for file in sorted(folder.glob("*.yaml")))
        return _load(_Lists(hashlib.sha256(content).hexdigest(), folder))
    except Exception as error:  # whatever is wrong with the lists, answers still come in
        logger.error("The lists in %s cannot be used, so nothing is screened: %s", folder, error)
        return None


@dataclass(frozen=True, slots=True)
class _Lists:
    """A folder of lists, by what stands in it: the same lists are made ready once."""

    mark: str
    folder: Path = field(compare=False)


@lru_cache(maxsize=1)
def _load(lists: _Lists) -> Screener:
    return load_screener(lists.folder)


@dataclass(frozen=True, slots=True)
class Source:
    """What free texts belong to: their response, its collection and its day."""

    response: str
    collection: str
    day: date


def put(
    store: Store, keys: KeyRing, screens: Screens, of: Source, texts: Mapping[str, str], language: Mapping[str, str]
) -> None:
    """Put the texts of a response in the queue, in the transaction that stores them. What is urgent asks for an alert.

    Args:
        texts: the words, by field. They are stored already, sealed.
        language: the language of each, by field.
    """
    for name, words in texts.items():
        row = queued(keys, screens, of, name, words, language[name])
        store.execute(insert(TRIAGE).values(row))
        if row["band"] == "P1":
            store.execute(insert(ALERT).values(triage_id=row["id"], step=LEAD))


def queued(keys: KeyRing, screens: Screens, of: Source, field: str, words: str, language: str) -> dict[str, Any]:
    """The row of one text in the queue."""
    ident = new_id()
    return {
        "id": ident,
        "response_id": of.response,
        "field": field,
        "collection_id": of.collection,
        "language": language,
        "received_on": of.day,
        "state": OPEN,
        **_found(keys, ident, screens.screen(words, language)),
    }


def old_text(keys: KeyRing, screens: Screens, of: Source, field: str, words: str, language: str) -> dict[str, Any]:
    """The row of a text that the partnership held before: it waits if software flags it, else it counts as released.

    No alert goes out for it: what it tells of is not happening now, and an import may bring hundreds.
    """
    row = queued(keys, screens, of, field, words, language)
    waits = row["flagged"] or row["failed"]
    return row | {"state": OPEN if waits else RELEASED, "outcome": "" if waits else "release"}


def again(store: Store, keys: KeyRing, screens: Screens, of: Source, field: str, words: str, language: str) -> None:
    """Screen a text whose words were changed, and have it read again, whatever was decided about the words before."""
    mine = (TRIAGE.c.response_id == of.response, TRIAGE.c.field == field)
    ident = store.execute(select(TRIAGE.c.id).where(*mine)).scalar()
    if ident is None:
        put(store, keys, screens, of, {field: words}, {field: language})
        return
    found = _found(keys, ident, screens.screen(words, language))
    fresh = AFRESH | found | {"language": language, "revision": TRIAGE.c.revision + 1}
    fresh |= {"acknowledged_by": "", "acknowledged_at": None, "alerted_at": None}
    store.execute(update(TRIAGE).where(*mine).values(fresh))
    same = (TEXT.c.response_id == of.response, TEXT.c.field == field)
    store.execute(update(TEXT).where(*same).values(scrubbed=None, scrubbed_key_id=""))
    store.execute(delete(ALERT).where(ALERT.c.triage_id == ident))
    if found["band"] == "P1":
        store.execute(insert(ALERT).values(triage_id=ident, step=LEAD))


def must_be_read(session: Session, response: str) -> None:
    """Make sure that no text of a response still waits to be read.

    Raises:
        FeedbackError: one does.
    """
    if is_open(session, response):
        raise FeedbackError(
            "The safeguarding lead has not read these words yet, so nothing was taken out. Try again after that."
        )


def flags_place(ident: str, key_id: str) -> str:
    """Where the sealed flags of a text belong."""
    return f"triage/{ident}/flags/{key_id}"


def scrubbed_place(response: str, field: str, key_id: str) -> str:
    """Where the copy of a text belongs in which names are masked."""
    return f"{response}/{field}/scrubbed/{key_id}"


def _found(keys: KeyRing, ident: str, found: Screened) -> dict[str, Any]:
    flags = None
    if found.flags:
        plain = [[one.band, one.category, one.phrase, one.lowered] for one in found.flags]
        flags = seal(keys.public, json.dumps(plain, ensure_ascii=False), flags_place(ident, keys.key_id))
    return {
        "band": found.band,
        "failed": found.failed,
        "flagged": bool(found.flags),
        "screened": found.screened,
        "screener": found.version[:64],
        "flags": flags,
        "key_id": keys.key_id,
    }
