"""Gather what an export is made of: which collection, in which language, and its responses, a thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError, did_you_mean
from feedback_app.core.keys import KeyRing
from feedback_app.core.sealing import CannotOpen
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.questions.asked import Answer
from feedback_app.services import collections
from feedback_app.services.collections import Held
from feedback_app.services.editions import Edition, Editions
from feedback_app.services.exports.columns import FIXED, GIVEN, OF_NOTES, Column, Fixed, columns_of
from feedback_app.services.notes import KINDS, NOTED
from feedback_app.services.reading import Gone, released_text
from feedback_app.storage.models import AnswerText, Note, PaperForm, Response
from feedback_app.storage.queries.report import THERE
from feedback_app.storage.queries.triage import RELEASED_TEXT

AT_ONCE = 1_000
SEALING = 61  # bytes that sealing adds to a text: see core/sealing.py
DELETED, CHANGED = "[text deleted]", "[text does not open]"
LENGTH = func.length(func.coalesce(AnswerText.scrubbed, AnswerText.sealed))
NOT_RELEASED = "[text not released]"  # the safeguarding lead has not read it yet, or keeps it


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is exported. `words`: people's own words are in it; else each is a mark. `texts`: how many there are."""

    held: Held
    language: str
    words: bool
    number: int
    texts: int
    columns: tuple[Column, ...]

    @property
    def fixed(self) -> tuple[Fixed, ...]:
        """The columns that come first."""
        return FIXED + (OF_NOTES if self.held.source == NOTED else ())

    @property
    def headings(self) -> list[str]:
        """What stands over each column."""
        return [*(name for name, _ in self.fixed), *(column.heading for column in self.columns)]


@dataclass(frozen=True, slots=True)
class Row:
    """One response. `about` fills the fixed columns; `texts` has each text that was given, or its mark, by name."""

    about: tuple[str, ...]
    answers: Mapping[str, Answer]
    texts: Mapping[str, str]

    def cells(self, columns: Sequence[Column]) -> list[str]:
        """The whole row."""
        return [*self.about, *(column.cell(self.answers, self.texts) for column in columns)]


def prepare(
    session: Session, editions: Editions, collection: str, language: str = SOURCE, *, words: bool = False
) -> Sheet:
    """Say what an export of a collection has in it.

    Raises:
        FeedbackError: there is no such collection, or its survey has no whole translation into the language.
    """
    held = collections.find(session, collection)
    if held is None:
        known = [one.id for one in collections.listed(session)]
        raise FeedbackError(f'There is no collection "{collection}".{did_you_mean(collection, known)}')
    mine = (Response.collection_id == collection) & THERE
    # The newest version decides; a collection that moved to another version holds answers to both.
    used = session.scalars(select(Response.version_hash).where(mine).distinct()).all()
    versions = dict.fromkeys([held.version_hash, *sorted(used)])
    found = [editions.get(session, version) for version in versions]
    if language not in languages_of(found[0]):
        said = ", ".join(LOCALES[code].english_name for code in languages_of(found[0]))
        raise FeedbackError(f'This survey is not whole in the language "{language}". It is in: {said}.')
    plans = [one.plan(language if language in languages_of(one) else SOURCE) for one in found]
    number = session.scalar(select(func.count()).select_from(Response).where(mine)) or 0
    texts = select(func.count()).select_from(AnswerText).join(Response, Response.id == AnswerText.response_id)
    return Sheet(held, language, words, number, session.scalar(texts.where(mine)) or 0, columns_of(plans))


def languages_of(edition: Edition) -> list[str]:
    """The languages that the labels can be in: those the survey is whole in."""
    return [code for code in LOCALES if code == SOURCE or code in edition.frozen.languages]


def rows(session: Session, sheet: Sheet, keys: KeyRing | None = None) -> Iterator[Row]:
    """The responses, streamed.

    Args:
        keys: what opens people's words; needed only for a sheet that has them.

    Raises:
        FeedbackError: the words are wanted and the key to one of them is not here.
    """
    for some in session.execute(wanted(sheet).execution_options(yield_per=AT_ONCE)).partitions():
        ids = [one.id for one in some]
        texts = _texts(session, ids, keys if sheet.words else None, words=sheet.words)
        unclear = _unclear(session, ids)
        notes = _notes(session, ids) if sheet.held.source == NOTED else {}
        for one in some:
            about = (one.id, one.received_on.isoformat(), one.language, unclear.get(one.id, ""), _way(sheet, one.way))
            yield Row((*about, *notes.get(one.id, ())), one.answers, texts.get(one.id, {}))


def wanted(sheet: Sheet) -> Any:
    """The query for the responses.

    By their random ids, so that the order tells nothing of who sent first; by language before, because in this order
    SQLite reads them off an index and has nothing to sort: it would sort in memory, and 100,000 rows take 150 MB.
    """
    columns = (Response.id, Response.received_on, Response.language, Response.way, Response.answers)
    mine = select(*columns).where(Response.collection_id == sheet.held.id, THERE)
    return mine.order_by(Response.language, Response.id)


def longest(session: Session, sheet: Sheet) -> dict[str, int]:
    """How long the longest text of each name is, in bytes: known from its sealed length, without opening it."""
    held = select(AnswerText.field, func.max(LENGTH))
    mine = held.join(Response, Response.id == AnswerText.response_id)
    mine = mine.where(Response.collection_id == sheet.held.id, THERE)
    least = max(map(len, (DELETED, CHANGED, NOT_RELEASED)))
    return {row[0]: max(row[1] - SEALING, least) for row in session.execute(mine.group_by(AnswerText.field))}


def _way(sheet: Sheet, way: str) -> str:
    return way if sheet.held.source == "survey" else sheet.held.source


def _texts(session: Session, ids: list[str], keys: KeyRing | None, *, words: bool) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    mine = AnswerText.response_id.in_(ids)
    if not words:
        for response, field in session.execute(select(AnswerText.response_id, AnswerText.field).where(mine)):
            found.setdefault(response, {})[field] = GIVEN
        return found
    if keys is None:
        raise FeedbackError("The words cannot be opened without the private key.")
    for row, released in session.execute(select(AnswerText, RELEASED_TEXT).where(mine)):
        found.setdefault(row.response_id, {})[row.field] = _opened(keys, row) if released else NOT_RELEASED
        session.expunge(row)
    return found


def _opened(keys: KeyRing, row: AnswerText) -> str:
    """The words of a text, or the mark of one that has none any more. A key that is not here stops the export."""
    try:
        return released_text(keys, row)
    except Gone:
        return DELETED
    except CannotOpen:
        return CHANGED


def _unclear(session: Session, ids: list[str]) -> dict[str, str]:
    """By response, the answers on paper that nobody could read for certain; in their own columns they are blank."""
    held = select(PaperForm.response_id, PaperForm.unclear).where(PaperForm.response_id.in_(ids))
    return {row[0]: "; ".join(sorted(row[1])) for row in session.execute(held)}


def _notes(session: Session, ids: list[str]) -> dict[str, tuple[str, str, str]]:
    held = select(Note.response_id, Note.kind, Note.heard_by, Note.about).where(Note.response_id.in_(ids))
    return {row[0]: (KINDS.get(row[1], row[1]), row[2], row[3]) for row in session.execute(held)}
