"""Read an attendance list into numbers. A row is one person, or one agency with a number; names are never kept.

Either the whole list is taken, or nothing of it is, and every row that is wrong is told with its reason. A message
names the line, and not what the line says of a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.services import course_sessions
from feedback_app.services.attendance.reading import MOST_BYTES, BadList, Known, Numbers, Reading, Taken
from feedback_app.services.course_sessions import FILE

__all__ = ["MOST_BYTES", "BadList", "Known", "Numbers", "Taken", "keep", "known", "read"]


def known(session: Session) -> list[Known]:
    """Every session there is."""
    return [Known(*row) for row in course_sessions.every(session)]


def read(name: str, content: bytes, sessions: Iterable[Known], only: Known | None = None) -> Taken:
    """Read a list.

    Args:
        name: what the file is called, for messages.
        only: the session that every row is of; then the list needs no course and no date.

    Raises:
        BadList: everything that is wrong, by line. Nothing is taken.
    """
    return Reading(name, list(sessions), only).read(content)


def keep(session: Session, taken: Taken, *, by: str, now: datetime, today: date) -> None:
    """Keep what a list came to: for each session of it, its numbers take the place of those before.

    Raises:
        FeedbackError: a number cannot be.
    """
    for ident, numbers in sorted(taken.sessions.items()):
        held = course_sessions.find(session, ident)
        if held is None:
            raise FeedbackError("A session of the list is not here any more. Nothing was kept.")
        course_sessions.count(session, ident, held.revision, numbers.counted(), FILE, by=by, now=now, today=today)
