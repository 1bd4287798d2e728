"""The example year of training: attendance that was really published, in courses and sessions marked as examples.

The file holds what the published table holds: how many sessions, and how many came in all. The days, and how the people
of a course are shared out among its sessions, are made up; every total is worked out from the sessions again.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import PROJECT
from feedback_app.definitions.area import Area
from feedback_app.services import audit, course_sessions, courses
from feedback_app.services.course_sessions import TYPED, Asked, Counted
from feedback_app.services.courses import ONGOING, Draft
from feedback_app.storage.db import changed
from feedback_app.storage.models import Course, CourseSession, table_of

FILE = PROJECT / "surveys" / "examples" / "training-year.csv"
FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)
COURSE, SESSION = table_of(Course), table_of(CourseSession)


@dataclass(frozen=True, slots=True)
class Done:
    """How much was loaded or cleared."""

    courses: int
    sessions: int
    attended: int = 0


def load(session: Session, area: Area, *, by: str, now: datetime, today: date) -> Done:
    """Load the example year.

    Raises:
        FeedbackError: it is loaded already.
    """
    if session.execute(select(COURSE.c.id).where(COURSE.c.example)).first():
        raise FeedbackError("The example year is loaded already. Clear it first with: feedback example clear")
    with FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    many = attended = 0
    for number, line in enumerate(lines):
        wanted = line["priority"] if line["priority"] in courses.priorities(area) else ""
        draft = Draft(line["course"], priority=wanted)
        held = courses.write(session, draft, area, by=by, now=now, today=today, example=True)
        for mode, day, came in _sessions(line, number):
            made = course_sessions.add(session, held.id, Asked(mode, day), by=by, now=now, today=today, example=True)
            course_sessions.count(
                session, made.id, 1, Counted(attended=came), TYPED, by=by, now=now, today=today, example=True
            )
            many, attended = many + 1, attended + came
    audit.record(session, by, "example.load", FILE.stem, now, courses=len(lines), sessions=many, attended=attended)
    return Done(len(lines), many, attended)


def clear(session: Session, *, by: str, now: datetime) -> Done:
    """Take out what the example year brought, and nothing else: nobody can change it or add to it meanwhile.

    Raises:
        FeedbackError: it is not loaded.
    """
    if not session.execute(select(COURSE.c.id).where(COURSE.c.example)).first():
        raise FeedbackError("The example year is not loaded.")
    sessions = changed(session, delete(SESSION).where(SESSION.c.example))
    gone = changed(session, delete(COURSE).where(COURSE.c.example))
    session.expire_all()
    audit.record(session, by, "example.clear", FILE.stem, now, courses=gone, sessions=sessions)
    return Done(gone, sessions)


def _sessions(line: Mapping[str, str], number: int) -> list[tuple[str, date, int]]:
    """The sessions of a line: how each is held, a day of the year, and its share of the people."""
    attended = int(line["attended"])
    if not line["sessions"].isdigit():
        return [(ONGOING, FIRST, attended)]
    many = int(line["sessions"])
    share, over = divmod(attended, many)
    step = (LAST - FIRST).days // (many + 1)
    days = [FIRST + timedelta(days=step * (at + 1) + number) for at in range(many)]
    return [("room", day, share + (at < over)) for at, day in enumerate(days)]
