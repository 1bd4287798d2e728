"""The days from which reports are frozen: until then answers can be taken back, a year later their words go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.services import audit
from feedback_app.storage.db import Store, hold_writes
from feedback_app.storage.models import ReportFreeze, table_of

FREEZE = table_of(ReportFreeze)


@dataclass(frozen=True, slots=True)
class Frozen:
    """The report of a period, and the day from which nothing that came in then can be taken back."""

    first: date
    last: date
    on: date
    by: str

    @property
    def words_end(self) -> date:
        """The day on which the words of these answers are deleted: twelve months after."""
        return year_after(self.on)


def year_after(day: date) -> date:
    """The same day a year later; for the last of February in a leap year, the last of February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def freeze(session: Session, first: date, last: date, on: date, *, by: str, today: date, now: datetime) -> Frozen:
    """Set the day from which the report of a period is frozen. A day that has not come yet can be moved.

    Raises:
        FeedbackError: the days do not follow each other, or the report is frozen already.
    """
    if last < first:
        raise FeedbackError(f"The period ends on {last}, before it begins on {first}.")
    if on <= last or on < today:
        raise FeedbackError(f"The day {on} is over, or not after the period. Choose a later one.")
    hold_writes(session)
    mine = (FREEZE.c.first_on == first, FREEZE.c.last_on == last)
    before = session.execute(select(FREEZE.c.frozen_on).where(*mine)).scalar()
    if before is not None and before <= today:
        raise FeedbackError(f"This report was frozen on {before}. People were told so, and it stays.")
    values = {"first_on": first, "last_on": last, "frozen_on": on, "set_by": by}
    session.execute(insert(FREEZE).values(values) if before is None else update(FREEZE).where(*mine).values(values))
    audit.record(session, by, "report.freeze", f"{first} to {last}", now, on=on.isoformat(), before=str(before or ""))
    return Frozen(first, last, on, by)


def frozen_on(store: Store, received_on: date) -> date | None:
    """From which day an answer of a day cannot be taken back: that of the first report it is in; None without one."""
    within = (FREEZE.c.first_on <= received_on, FREEZE.c.last_on >= received_on)
    found: date | None = store.execute(select(func.min(FREEZE.c.frozen_on)).where(*within)).scalar()
    return found


def listed(session: Session) -> list[Frozen]:
    """Every report that is or will be frozen, the newest period first."""
    rows = session.execute(select(FREEZE).order_by(FREEZE.c.last_on.desc(), FREEZE.c.first_on.desc()))
    return [Frozen(row.first_on, row.last_on, row.frozen_on, row.set_by) for row in rows]


def over(session: Session, today: date) -> list[Frozen]:
    """The reports whose words are to be deleted by now."""
    return [one for one in listed(session) if one.words_end <= today]
