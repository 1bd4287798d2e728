"""When somebody reads the queue, and who is told first: staffed hours, days off, an order of people; and the clocks.

Every clock runs in staffed time only: nobody reads at weekends, and no page says that somebody does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.clock import LOCAL
from feedback_app.core.errors import FeedbackError
from feedback_app.core.roles import ADMINISTRATOR, LEAD
from feedback_app.services import audit
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import Staff, StaffRole, TriageRota

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OFFICE = (time(9), time(17))
ACKNOWLEDGED_IN, ALL_TOLD_IN = timedelta(minutes=30), timedelta(hours=2)  # of staffed time, after the alert
WORKING_DAYS = {"P1": 1, "P2": 1, "P3": 2}  # after the day of the response, a text has to be read by the end of
LEADS_NEEDED = 2
LONGEST_OFF = 400  # days without anybody, after which a clock goes by the calendar
MOST_CLOSED = 100
Hours = Mapping[int, tuple[time, time]]


class Changed(FeedbackError):
    """Somebody else changed the rota since the page was opened. Nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Rota:
    """The rota as it counts now. `number` is 0 until somebody set one: then it is office hours, and nobody is named."""

    number: int = 0
    hours: Hours = field(default_factory=lambda: dict.fromkeys(range(5), OFFICE))
    closed: tuple[date, ...] = ()
    people: tuple[int, ...] = ()

    def works(self, day: date) -> bool:
        """Whether anybody reads on a day."""
        return day.weekday() in self.hours and day not in self.closed

    def shift(self, day: date) -> tuple[datetime, datetime]:
        """From when until when somebody reads on a day that is worked."""
        first, last = (datetime.combine(day, at, LOCAL).astimezone(UTC) for at in self.hours[day.weekday()])
        return first, last

    def staffed(self, now: datetime) -> bool:
        """Whether somebody is reading now."""
        day = now.astimezone(LOCAL).date()
        return self.works(day) and self.shift(day)[0] <= now < self.shift(day)[1]

    def after(self, moment: datetime, wait: timedelta) -> datetime:
        """When so much staffed time has passed since a moment."""
        for first, last in self._shifts(moment.astimezone(LOCAL).date()):
            begins = max(first, moment)
            if last - begins >= wait:
                return begins + wait
            wait -= max(last - begins, timedelta())
        return moment + wait

    def due(self, band: str, received: date) -> datetime:
        """When a text has to be read: at the end of the next working day, or of the second."""
        for worked, (_, last) in enumerate(self._shifts(received + timedelta(days=1)), 1):
            if worked == WORKING_DAYS[band]:
                return last
        return datetime.combine(received + timedelta(days=WORKING_DAYS[band] + 1), time(), LOCAL).astimezone(UTC)

    def late_before(self, band: str, now: datetime) -> date:
        """Texts that were received before this day are late now. Counting them needs no look at each."""
        day = now.astimezone(LOCAL).date()
        while self.due(band, day - timedelta(days=1)) > now:
            day -= timedelta(days=1)
        return day

    def _shifts(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for one in (day + timedelta(days=n) for n in range(LONGEST_OFF)):
            if self.works(one):
                yield self.shift(one)


class Who(TypedDict):
    """Who does something, and when."""

    by: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody who may read the queue."""

    id: int
    name: str
    email: str


def current(session: Session) -> Rota:
    """The rota as it counts now."""
    row = session.scalars(select(TriageRota).order_by(TriageRota.number.desc()).limit(1)).first()
    if row is None:
        return Rota()
    hours = {
        int(day): (time.fromisoformat(first), time.fromisoformat(last)) for day, (first, last) in row.hours.items()
    }
    return Rota(row.number, hours, tuple(date.fromisoformat(one) for one in row.closed_days), tuple(row.people))


def leads(session: Session, rota: Rota) -> list[Lead]:
    """Everybody who may read the queue, in the order in which they are told; who is not in the rota comes last."""
    found = {one.id: one for one in _with_role(session, LEAD)}
    ordered = [number for number in rota.people if number in found]
    return [found[number] for number in (*ordered, *(one for one in found if one not in ordered))]


def administrators(session: Session) -> list[Lead]:
    """Who is told when there is no safeguarding lead to tell."""
    return _with_role(session, ADMINISTRATOR)


def is_ready(session: Session) -> bool:
    """Whether two leads are named who can be written to, and hours are set: what a survey for children needs."""
    rota = current(session)
    named = [one for one in leads(session, rota) if one.id in rota.people and one.email]
    return rota.number > 0 and bool(rota.hours) and len(named) >= LEADS_NEEDED


def keep(
    session: Session, seen: int, hours: Hours, closed: Sequence[date], people: Sequence[int], *, by: str, now: datetime
) -> None:
    """Keep a rota. The one before stays where it is.

    Args:
        seen: the number of the rota that the person had before them.

    Raises:
        Changed: somebody else changed it since.
        FeedbackError: there are no hours, they end before they begin, or somebody is named twice or is no lead.
    """
    hold_writes(session)
    if current(session).number != seen:
        raise Changed("Somebody else changed the rota while you had it open. Nothing was overwritten.")
    if not hours:
        raise FeedbackError("Set the hours of at least one day.")
    for day, (first, last) in hours.items():
        if first >= last:
            raise FeedbackError(f"On {WEEKDAYS[day]} the hours end before they begin.")
    if len(closed) > MOST_CLOSED:
        raise FeedbackError(f"Write at most {MOST_CLOSED} days on which nobody reads.")
    if len(set(people)) < len(people):
        raise FeedbackError("You chose somebody twice. Choose each person once.")
    known = {one.id for one in _with_role(session, LEAD)}
    if not set(people) <= known:
        raise FeedbackError("Somebody you chose is not a safeguarding lead any more. Choose again.")
    session.add(
        TriageRota(
            number=seen + 1,
            hours={str(day): [f"{at:%H:%M}" for at in span] for day, span in sorted(hours.items())},
            closed_days=[one.isoformat() for one in sorted(set(closed))],
            people=list(people),
            set_by=by,
            set_at=now,
        )
    )
    session.flush()
    audit.record(session, by, "triage.rota", str(seen + 1), now, people=len(people))


def _with_role(session: Session, role: str) -> list[Lead]:
    held = select(Staff).where(Staff.disabled_on.is_(None), Staff.roles.any(StaffRole.role == role))
    return [Lead(one.id, one.name, one.email or "") for one in session.scalars(held.order_by(Staff.id))]
