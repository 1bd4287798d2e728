"""Reads about training for the report: sessions with their courses, and forms that a code pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from feedback_app.storage.models import Course, CourseSession, Response, SurveyVersion
from feedback_app.storage.models.base import Document

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a pair, as it is counted."""

    collection: str
    version_hash: str
    answers: Document


def sessions(session: Session, *, example: bool) -> list[tuple[CourseSession, Course]]:
    """Every session with its course, by title and day; those of the example year only when asked for."""
    query = select(CourseSession, Course).join(Course, Course.id == CourseSession.course_id)
    if not example:
        query = query.where(~CourseSession.example)
    ordered = query.order_by(Course.title, CourseSession.held_on, CourseSession.id)
    return [(row[0], row[1]) for row in session.execute(ordered)]


def pairs(session: Session, day: str, later: str, first: date, last: date) -> Iterator[tuple[str, Form, Form]]:
    """The first forms and follow-ups that hold the same hash, streamed; the follow-up is dated in the period.

    Args:
        day, later: the surveys of the two waves.
    """
    one, two = aliased(Response), aliased(Response)
    asked, again = aliased(SurveyVersion), aliased(SurveyVersion)
    query = (
        select(one.pair_hash, one.collection_id, one.version_hash, one.answers)
        .add_columns(two.collection_id, two.version_hash, two.answers)
        .join(two, two.pair_hash == one.pair_hash)
        .join(asked, asked.hash == one.version_hash)
        .join(again, again.hash == two.version_hash)
        .where(asked.survey == day, again.survey == later, two.received_on.between(first, last))
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(query):
        yield row[0], Form(row[1], row[2], row[3]), Form(row[4], row[5], row[6])
