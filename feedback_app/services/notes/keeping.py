"""Type a note in, correct it, take it out. Its words are sealed; no word of it is in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypedDict

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.ids import new_id
from feedback_app.core.keys import KeyRing
from feedback_app.definitions.area import Area
from feedback_app.i18n.locales import LOCALES
from feedback_app.services import audit, publishing, screening
from feedback_app.services.collecting import sealed_row
from feedback_app.services.editions import Editions
from feedback_app.services.notes.listing import Line, find
from feedback_app.services.notes.words import KINDS, LONGEST, NOTED, Question, abouts, free_form, questions
from feedback_app.services.reading import open_text
from feedback_app.services.screening import Screens, Source
from feedback_app.storage.db import changed, hold_writes
from feedback_app.storage.models import (
    AnswerText,
    Collection,
    Decision,
    Note,
    Reading,
    Response,
    Suggestion,
    table_of,
)
from feedback_app.storage.queries.triage import is_readable

NOTE = table_of(Note)
EARLIEST = date(2000, 1, 1)
LONGEST_NAME = 120


class Changed(FeedbackError):
    """Somebody else changed the note since it was opened. Nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A note as staff type it. `question` is the key of one of `questions`; a note keeps the one it began with."""

    kind: str
    heard_on: date | None
    heard_by: str
    about: str
    language: str
    question: str
    words: str


class Facts(TypedDict):
    """What is known of a note beside its words, as it is stored."""

    kind: str
    heard_by: str
    about: str


def write(
    session: Session,
    keys: KeyRing,
    screens: Screens,
    editions: Editions,
    draft: Draft,
    *,
    by: str,
    now: datetime,
    today: date,
) -> str:
    """Keep a new note; return its number, which is that of its response. Its words go to the queue, as all words do.

    Raises:
        FeedbackError: something is missing, too long, after today, or not among what can be chosen.
    """
    facts, day = _sound(session, editions.area, draft, today)
    question = next((one for one in questions(session, editions) if one.key == draft.question), None)
    if question is None:
        raise FeedbackError("Choose whose words these are, or the question that they answer.")
    hold_writes(session)
    collection, version = _collection(session, editions.area, question, day, by=by, now=now)
    number = new_id()
    session.execute(
        insert(Response).values(
            id=number,
            collection_id=collection,
            version_hash=version,
            language=draft.language,
            received_on=day,
            answers={},
            languages={},
            order_seed="",
            receipt_hash=None,
            way=NOTED,
            easy=False,
        )
    )
    session.execute(insert(AnswerText).values(sealed_row(keys, number, question.id, draft.words, draft.language)))
    of, words = Source(number, collection, day), {question.id: draft.words}
    screening.put(session, keys, screens, of, words, {question.id: draft.language})
    session.execute(insert(NOTE).values(**facts, response_id=number, written_by=by, changed_on=today, revision=1))
    audit.record(session, by, "note.write", number, now, collection=collection, kind=draft.kind)
    return number


def reopen(session: Session, keys: KeyRing, number: str, *, by: str, now: datetime) -> tuple[Line, str] | None:
    """Open the words of a note for a person to correct. Reading them is an event of the audit log.

    Raises:
        FeedbackError: somebody else wrote it, and the safeguarding lead has not released its words as they stand.
    """
    row = session.scalars(select(AnswerText).where(AnswerText.response_id == number)).first()
    held = find(session, number)
    if row is None or held is None:
        return None
    if held.written_by != by and (row.scrubbed is not None or not is_readable(session, number, row.field)):
        raise FeedbackError("The safeguarding lead has not released these words. Ask whoever wrote the note.")
    audit.record(session, by, "note.read", number, now, number=1)
    return held, open_text(keys, row)


def change(
    session: Session,
    keys: KeyRing,
    screens: Screens,
    editions: Editions,
    number: str,
    seen: int,
    draft: Draft,
    *,
    by: str,
    now: datetime,
    today: date,
) -> None:
    """Correct a note. Other words are read anew by software; words that somebody has coded stay as they are.

    Args:
        seen: the revision that the person had before them.

    Raises:
        Changed: somebody else changed it since.
        FeedbackError: as for `write`; or the words differ and were coded.
    """
    facts, day = _sound(session, editions.area, draft, today)
    hold_writes(session)
    held = find(session, number)
    row = session.scalars(select(AnswerText).where(AnswerText.response_id == number)).first()
    if held is None or row is None:
        raise FeedbackError("This note is not here any more. Nothing was kept.")
    mine = update(NOTE).where(NOTE.c.response_id == number, NOTE.c.revision == seen)
    if not changed(session, mine.values(**facts, written_by=by, changed_on=today, revision=seen + 1)):
        raise Changed(f"{held.written_by} changed this note while you had it open. Nothing was overwritten.")
    other_words = open_text(keys, row) != draft.words
    if other_words and session.scalar(select(exists().where(Decision.response_id == number))):
        raise FeedbackError(
            "Somebody has decided the codes of these words, so the words cannot change. "
            "Take the note out and type it in again."
        )
    sealed = sealed_row(keys, number, row.field, draft.words, draft.language)
    session.execute(update(AnswerText).where(AnswerText.response_id == number).values(**_without_place(sealed)))
    session.execute(update(Response).where(Response.id == number).values(language=draft.language, received_on=day))
    _open_from(session, held.collection, day)
    if other_words:
        for table in (Suggestion, Reading):
            session.execute(delete(table).where(table.response_id == number))
        of = Source(number, held.collection, day)
        screening.again(session, keys, screens, of, row.field, draft.words, draft.language)
    audit.record(session, by, "note.change", number, now, revision=seen + 1, words=other_words)


def take_out(session: Session, number: str, seen: int, *, by: str, now: datetime) -> None:
    """Take a note out for good, with its words and their codes.

    Raises:
        Changed: somebody else changed it since.
        FeedbackError: it is not here any more, or the safeguarding lead has not read it yet.
    """
    hold_writes(session)
    held = find(session, number)
    if held is None:
        raise FeedbackError("This note is not here any more.")
    if held.revision != seen:
        raise Changed(f"{held.written_by} changed this note while you had it open. It was not taken out.")
    screening.must_be_read(session, number)
    session.execute(delete(Response).where(Response.id == number))
    audit.record(session, by, "note.take-out", number, now, collection=held.collection)


def _sound(session: Session, area: Area, draft: Draft, today: date) -> tuple[Facts, date]:
    """What is to be stored beside the words.

    Raises:
        FeedbackError: see `write`.
    """
    if draft.kind not in KINDS:
        raise FeedbackError("Choose what kind of note it is.")
    if draft.heard_on is None:
        raise FeedbackError("Write the day it was heard, such as 2026-03-31.")
    if not EARLIEST <= draft.heard_on <= today:
        raise FeedbackError("The day it was heard cannot be after today, or before the year 2000.")
    if not draft.heard_by or len(draft.heard_by) > LONGEST_NAME:
        raise FeedbackError(f"Write who heard it: a name or a job, in at most {LONGEST_NAME} letters.")
    if draft.about and draft.about not in abouts(session, area, draft.heard_on):
        raise FeedbackError("There is no such group or service. Choose one of the list, or leave it empty.")
    if draft.language not in LOCALES:
        raise FeedbackError("Choose the language that the note is written in.")
    if not draft.words:
        raise FeedbackError("Write what was said.")
    if len(draft.words) > LONGEST:
        raise FeedbackError(f"This is {len(draft.words) - LONGEST} letters too long. Type it in as two notes.")
    return Facts(kind=draft.kind, heard_by=draft.heard_by, about=draft.about), draft.heard_on


def _collection(
    session: Session, area: Area, question: Question, day: date, *, by: str, now: datetime
) -> tuple[str, str]:
    """The collection that a note goes into, made when the first one comes, and the version that it answers."""
    version = question.version_hash
    title = f"Notes by staff: {question.survey_title}"
    if not version:
        form = free_form(question.survey.removeprefix("note-"))
        # Its words are English only, and the folder of translations has nothing for it.
        version = publishing.publish(session, form, area, Path(), by=by, now=now).hash
        title = form.survey.title
    ident = f"noted-{question.survey}"[:80]
    held = session.get(Collection, ident)
    if held is None:
        about = "Typed in by staff: notes of groups, case studies, audits, compliments and complaints."
        session.add(Collection(id=ident, version_hash=version, title=title, source=NOTED, note=about, opens_on=day))
        session.flush()
        audit.record(session, by, "collection.open", ident, now)
    elif held.source != NOTED:
        raise FeedbackError(f'There is a collection "{ident}" already that is not for notes. Rename it.')
    elif held.version_hash != version:
        held.version_hash, held.title = version, title
        session.flush()
    _open_from(session, ident, day)
    return ident, version


def _open_from(session: Session, collection: str, day: date) -> None:
    """A collection of notes is open from the day of its first note."""
    session.execute(
        update(Collection).where(Collection.id == collection, Collection.opens_on > day).values(opens_on=day)
    )


def _without_place(sealed: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    return {name: value for name, value in sealed.items() if name not in ("response_id", "field")}
