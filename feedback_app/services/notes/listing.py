"""Find notes: what is known of each, and no word of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from feedback_app.storage.models import AnswerText, Note, Response

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One note. `field` is the question it answers, of the version."""

    number: str
    collection: str
    version_hash: str
    field: str
    language: str
    heard_on: date
    kind: str
    heard_by: str
    about: str
    written_by: str
    changed_on: date
    revision: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of notes, the last heard first; how many there are in all."""

    lines: tuple[Line, ...]
    total: int
    number: int
    pages: int


_COLUMNS = (
    Note.response_id,
    Response.collection_id,
    Response.version_hash,
    AnswerText.field,
    AnswerText.language,
    Response.received_on,
    Note.kind,
    Note.heard_by,
    Note.about,
    Note.written_by,
    Note.changed_on,
    Note.revision,
)


def page(session: Session, number: int, *, kind: str = "", search: str = "") -> Page:
    """A page of notes, of one kind or all; with words that stand in who heard it or what it is about."""
    held = _narrowed(select(func.count()).select_from(Note), kind, search)
    total = session.scalar(held) or 0
    pages = max(1, -(-total // A_PAGE))
    at = max(1, min(number, pages))
    wanted = _narrowed(
        select(Note.response_id, Response.received_on).join(Response, Response.id == Note.response_id), kind, search
    )
    # The days of the notes first, by themselves: else PostgreSQL goes through the days of all responses to find them.
    days = wanted.cte("days").prefix_with("MATERIALIZED", dialect="postgresql")
    newest = select(days.c.response_id).order_by(days.c.received_on.desc(), days.c.response_id)
    # First which, then what: a page far back need not read everything of all notes before it.
    ids = session.scalars(newest.offset((at - 1) * A_PAGE).limit(A_PAGE)).all()
    order = (Response.received_on.desc(), Note.response_id)
    rows = session.execute(_joined(select(*_COLUMNS)).where(Note.response_id.in_(ids)).order_by(*order))
    return Page(tuple(Line(*row) for row in rows), total, at, pages)


def find(session: Session, number: str) -> Line | None:
    """One note, or None."""
    row = session.execute(_joined(select(*_COLUMNS)).where(Note.response_id == number)).first()
    return Line(*row) if row else None


def kinds_of(session: Session, responses: Sequence[str]) -> dict[str, str]:
    """The kind of each of these responses that is a note."""
    held = select(Note.response_id, Note.kind).where(Note.response_id.in_(responses))
    return {row[0]: row[1] for row in session.execute(held)}


def _joined(query: Any) -> Any:
    joined = query.join(Response, Response.id == Note.response_id)
    return joined.join(AnswerText, AnswerText.response_id == Note.response_id)


def _narrowed(query: Any, kind: str, search: str) -> Any:
    if kind:
        query = query.where(Note.kind == kind)
    if search:
        query = query.where(
            or_(Note.heard_by.icontains(search, autoescape=True), Note.about.icontains(search, autoescape=True))
        )
    return query
