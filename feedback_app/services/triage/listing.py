"""List the queue, in the order in which it is read, and find what comes next. Shows no word of any text."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.core.clock import in_utc
from feedback_app.services.rota import ACKNOWLEDGED_IN, Rota
from feedback_app.storage.models import Collection, Triage
from feedback_app.storage.queries.triage import OPEN

BANDS = ("P1", "P2", "P3")
DONE = "done"  # every state but open
A_PAGE = 50
MOST_PAGES = 40  # an old page of closed texts is a long way down, and nobody leafs there
HELD_FOR = timedelta(minutes=30)  # whoever opened a text and went away holds up nobody for longer
#: In each band first what software could not read, then what it flagged; then the oldest day; in a day in no order.
_ORDER = (Triage.band, Triage.failed.desc(), Triage.flagged.desc(), Triage.received_on, Triage.id)
_NEWEST = (Triage.first_at.desc(), Triage.id.desc())
_DECIDED = (Triage.state != OPEN, Triage.first_at.is_not(None))  # what an import counted as released is not here


@dataclass(frozen=True, slots=True)
class Line:
    """One text as the list shows it: no word of it."""

    id: str
    band: str
    failed: bool
    screened: bool
    drill: bool
    collection: str
    language: str
    received_on: date
    due: datetime
    late: bool
    state: str
    outcome: str
    first_by: str
    second_by: str
    claimed_by: str  # who has it open now; empty when nobody has
    acknowledged_by: str
    revision: int

    @property
    def needs_two(self) -> bool:
        """Whether it closes only when a second person agrees."""
        return self.band == "P1" and not self.drill


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue, what comes first first."""

    lines: tuple[Line, ...]
    total: int
    number: int
    pages: int
    by_band: Mapping[str, int]


def page(session: Session, rota: Rota, now: datetime, *, state: str = OPEN, band: str = "", number: int = 1) -> Page:
    """A page of texts in one state, or of all that people closed (state DONE), of one band or all."""
    of_state = _DECIDED if state == DONE else (Triage.state == state,)
    counted = select(Triage.band, func.count()).where(*of_state).group_by(Triage.band)
    by_band: dict[str, int] = {row[0]: row[1] for row in session.execute(counted)}
    total = by_band.get(band, 0) if band else sum(by_band.values())
    pages = max(1, min(-(-total // A_PAGE), MOST_PAGES))
    at = max(1, min(number, pages))
    wanted = _lines().where(*of_state, *([Triage.band == band] if band else []))
    wanted = wanted.order_by(*(_ORDER if state == OPEN else _NEWEST)).offset((at - 1) * A_PAGE).limit(A_PAGE)
    return Page(tuple(_line(row, rota, now) for row in session.execute(wanted)), total, at, pages, by_band)


def find(session: Session, rota: Rota, now: datetime, ident: str) -> Line | None:
    """One text, or None."""
    row = session.execute(_lines().where(Triage.id == ident)).first()
    return _line(row, rota, now) if row else None


def next_open(session: Session, now: datetime, *, by: str, band: str = "", left: Several[str] = ()) -> str:
    """The text that this person reads next, or "" when nothing waits for them.

    What somebody else has open is theirs, and what waits for a second person is not for the first. `left` are those
    that this person left open before, to come back to.
    """
    free = or_(Triage.claimed_by.in_(("", by)), Triage.claimed_at < now - HELD_FOR)
    wanted = select(Triage.id).where(Triage.state == OPEN, Triage.first_by != by, free)
    wanted = wanted.where(Triage.id.not_in(left), *([Triage.band == band] if band else []))
    return session.scalars(wanted.order_by(*_ORDER).limit(1)).first() or ""


def _lines() -> Any:
    title = case((Triage.drill, "Drill"), else_=Collection.title)
    return select(Triage, title).outerjoin(Collection, Collection.id == Triage.collection_id)


def _line(row: Any, rota: Rota, now: datetime) -> Line:
    one: Triage = row[0]
    due = rota.due(one.band, one.received_on)
    if one.alerted_at is not None and one.acknowledged_at is None:
        due = rota.after(in_utc(one.alerted_at), ACKNOWLEDGED_IN)
    held = one.claimed_by if one.claimed_at and in_utc(one.claimed_at) > now - HELD_FOR else ""
    return Line(
        id=one.id,
        band=one.band,
        failed=one.failed,
        screened=one.screened,
        drill=one.drill,
        collection=row[1],
        language=one.language,
        received_on=one.received_on,
        due=due,
        late=one.state == OPEN and due <= now,
        state=one.state,
        outcome=one.outcome,
        first_by=one.first_by,
        second_by=one.second_by,
        claimed_by=held,
        acknowledged_by=one.acknowledged_by,
        revision=one.revision,
    )
