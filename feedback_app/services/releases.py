"""Remember which tables were released, and give them to whoever makes the next report of the same days.

A table is released when a report is written, kept or downloaded: then it can lie beside a later one, and the two can
be held against each other. What a staff page shows is not released; it is what a copy taken now would hold.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from analysis.disclosure import ReleasedTable, freeze, thaw
from analysis.findings import Findings
from analysis.releases import same_figures
from feedback_app.core.errors import FeedbackError
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import Release, table_of

RELEASE = table_of(Release)


def earlier(session: Session, first: date, last: date) -> tuple[ReleasedTable, ...]:
    """The tables that were released of any of these days, the oldest first."""
    query = select(RELEASE.c.frozen).where(RELEASE.c.first_on <= last, RELEASE.c.last_on >= first)
    return tuple(thaw(kept) for kept in session.scalars(query.order_by(RELEASE.c.number)))


def newest(session: Session) -> int:
    """The number of the newest release; 0 before the first."""
    return session.scalar(select(func.max(RELEASE.c.number))) or 0


def remember(session: Session, found: Findings, *, since: int, by: str) -> int:
    """Keep the tables that a report releases; return how many say something new.

    Args:
        since: the newest release when the counting of this report began.

    Raises:
        FeedbackError: another report was released since, and nobody held this one against it.
    """
    hold_writes(session)
    if newest(session) != since:
        raise FeedbackError("Another report was written while this one was made. Please make this one again.")
    period, on = found.run.period, found.run.on
    before = [one for one in earlier(session, period.first, period.last) if one.trace.run.period == period]
    known: dict[str, list[ReleasedTable]] = {}
    for one in before:
        known.setdefault(one.trace.id, []).append(one)
    new = [one for one in found.anew if not any(same_figures(one, old) for old in known.get(one.trace.id, ()))]
    days = {"first_on": period.first, "last_on": period.last, "released_on": on, "released_by": by}
    if new:
        session.execute(insert(RELEASE), [days | {"table_id": one.trace.id, "frozen": freeze(one)} for one in new])
    return len(new)
