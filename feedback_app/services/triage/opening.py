"""Open one text for a person: its words and why it waits, with no more than is needed. Each reading is an event."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_app.core.clock import in_utc
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing
from feedback_app.core.sealing import CannotOpen
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import audit
from feedback_app.services.editions import Editions
from feedback_app.services.reading import CANNOT, open_text, question_id
from feedback_app.services.rota import Rota
from feedback_app.services.screening import flags_place, scrubbed_place
from feedback_app.services.triage.listing import HELD_FOR, Line, find
from feedback_app.services.triage.steps import Step, opened, steps
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import AnswerText, Collection, RegisterEntry, Response, Triage, table_of
from feedback_app.storage.queries.triage import OPEN

TABLE = table_of(Triage)
DRILL_TEXT = (
    "This is a drill. Nobody wrote this. Do what you would do if a child had written here that they are in danger: "
    "say that you have seen it, read it, and think of whom you would call."
)


@dataclass(frozen=True, slots=True)
class Why:
    """One reason why software put a text above others: the phrase as it stands in the text."""

    band: str
    category: str
    phrase: str
    lowered: str


@dataclass(frozen=True, slots=True)
class Opened:
    """One text, opened for a person who decides about it, with no more than is needed for that."""

    line: Line
    text: str
    survey: str
    question: str
    setting: str
    why: tuple[Why, ...]
    steps: tuple[Step, ...]
    held_by: str  # somebody else who opened it within the last half hour
    scrubbed: str  # what the first of two people would have analysts read
    trouble: str = ""  # why the words cannot be shown


def acknowledge(session: Session, ident: str, *, by: str, now: datetime) -> None:
    """Say that somebody has seen the alert, so that nobody else has to be told."""
    first = update(TABLE).where(TABLE.c.id == ident, TABLE.c.acknowledged_at.is_(None), TABLE.c.state == OPEN)
    if session.execute(first.values(acknowledged_by=by, acknowledged_at=now).returning(TABLE.c.id)).first():
        audit.record(session, by, "triage.acknowledge", ident, now)


def read(
    session: Session, keys: KeyRing, editions: Editions, rota: Rota, ident: str, *, by: str, now: datetime
) -> Opened | None:
    """Open a text for a person to read; None when it is not here. Who reads it has seen its alert.

    One whose key is not here, or that was changed or moved, holds up no other: it comes without words and says why.
    """
    hold_writes(session)
    row = session.get(Triage, ident, populate_existing=True)
    if row is None:
        return None
    held = row.claimed_by if row.claimed_by != by and row.claimed_at and in_utc(row.claimed_at) > now - HELD_FOR else ""
    if row.state == OPEN:
        acknowledge(session, ident, by=by, now=now)
        if not held:
            session.execute(update(TABLE).where(TABLE.c.id == ident).values(claimed_by=by, claimed_at=now))
    audit.record(session, by, "triage.read", ident, now)
    line = find(session, rota, now, ident)
    if line is None:
        return None
    if row.drill:
        return Opened(line, DRILL_TEXT, "Drill", "Drill", "", (), steps(session, keys, ident), held, "")
    text = session.get_one(AnswerText, (row.response_id, row.field))
    version, setting = session.execute(
        select(Response.version_hash, RegisterEntry.name)
        .join(Collection, Collection.id == Response.collection_id)
        .outerjoin(RegisterEntry, RegisterEntry.id == Collection.setting_id)
        .where(Response.id == row.response_id)
    ).one()
    survey = editions.get(session, version).plan(SOURCE).survey
    question = survey.questions.get(question_id(text.field))
    why: tuple[Why, ...] = ()
    words = scrubbed = trouble = ""
    try:
        words, why, scrubbed = open_text(keys, text), _why(keys, row), _scrubbed(keys, text)
    except CannotOpen:
        trouble = CANNOT
    except FeedbackError as error:
        trouble = str(error)
    return Opened(
        line,
        words,
        survey.title,
        question.label if question else text.field,
        setting or line.collection,
        why,
        steps(session, keys, ident),
        held,
        scrubbed,
        trouble,
    )


def leave(session: Session, ident: str, *, by: str) -> None:
    """Leave a text open for others: whoever had it open has it no more."""
    mine = update(TABLE).where(TABLE.c.id == ident, TABLE.c.claimed_by == by, TABLE.c.state == OPEN)
    session.execute(mine.values(claimed_by="", claimed_at=None))


def words_of(session: Session, keys: KeyRing, ident: str) -> tuple[str, str]:
    """The words of a text that somebody has open, with its language, to mask names in them.

    Raises:
        FeedbackError: it is not here any more, or does not open.
    """
    row = session.get(Triage, ident)
    text = session.get(AnswerText, (row.response_id, row.field)) if row and not row.drill else None
    if text is None:
        raise FeedbackError("This text is not here any more.")
    return open_text(keys, text), text.language


def _scrubbed(keys: KeyRing, text: AnswerText) -> str:
    if text.scrubbed is None:
        return ""
    place = scrubbed_place(text.response_id, text.field, text.scrubbed_key_id)
    return opened(keys, text.scrubbed, text.scrubbed_key_id, place)


def _why(keys: KeyRing, row: Triage) -> tuple[Why, ...]:
    if row.flags is None:
        return ()
    return tuple(Why(*one) for one in json.loads(opened(keys, row.flags, row.key_id, flags_place(row.id, row.key_id))))
