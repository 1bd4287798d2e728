"""Reads about the queue: which texts analysts may read, and how many wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from feedback_app.storage.models import AnswerText, Triage

OPEN, RELEASED, REDACTED = "open", "released", "redacted"
CONCERN, COMPLAINT, CLOSED = "concern", "complaint", "closed"
STATES = (OPEN, RELEASED, REDACTED, CONCERN, COMPLAINT, CLOSED)
#: For analysts and coders a text is there only after a person released it; what has no row here is not released.
READABLE: ColumnElement[bool] = Triage.state.in_((RELEASED, REDACTED))
REAL: ColumnElement[bool] = Triage.drill.is_(False)  # a drill is in no figure


#: The same, for statements about the texts themselves.
RELEASED_TEXT = exists().where(Triage.response_id == AnswerText.response_id, Triage.field == AnswerText.field, READABLE)


def is_readable(session: Session, response: str, field: str) -> bool:
    """Whether analysts may read one text."""
    mine = (Triage.response_id == response, Triage.field == field, READABLE)
    return session.execute(select(Triage.id).where(*mine)).first() is not None


def is_open(session: Session, response: str) -> bool:
    """Whether any text of a response still waits to be read: until then it may not be deleted."""
    mine = (Triage.response_id == response, Triage.state == OPEN)
    return session.execute(select(Triage.id).where(*mine).limit(1)).first() is not None


def count_open(session: Session, collection: str = "", band: str = "") -> int:
    """How many texts wait to be read; of all collections, or of one; of all bands, or of one."""
    wanted = select(func.count()).select_from(Triage).where(Triage.state == OPEN, REAL)
    wanted = wanted.where(Triage.collection_id == collection) if collection else wanted
    return session.scalar(wanted.where(Triage.band == band) if band else wanted) or 0


def count_withheld(session: Session, collection: str) -> int:
    """How many texts of a collection analysts may not read: they wait, or they stay with the safeguarding lead."""
    mine = (Triage.collection_id == collection, ~READABLE, REAL)
    return session.scalar(select(func.count()).select_from(Triage).where(*mine)) or 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report may be told of the queue in a period, before it is banded."""

    texts: int
    waiting: int
    concerns: int


def figures(session: Session, first: date, last: date) -> Figures:
    """Count the texts of a period, those that wait, and those that people took for a concern. Drills are none."""
    period = (Triage.received_on.between(first, last), REAL)
    rows = session.execute(select(Triage.state, func.count()).where(*period).group_by(Triage.state))
    by_state: dict[str, int] = {row[0]: row[1] for row in rows}
    return Figures(sum(by_state.values()), by_state.get(OPEN, 0), by_state.get(CONCERN, 0))


def missed(session: Session) -> int:
    """How many concerns people found in texts in which software had found nothing: every miss is counted."""
    found = (Triage.state == CONCERN, Triage.flagged.is_(False), REAL)
    return session.scalar(select(func.count()).select_from(Triage).where(*found)) or 0
