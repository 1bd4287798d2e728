"""What a report needs of training: which forms belong to which course, attendance, and forms that a code pairs.

All sessions of a course are one collection in a report: a session alone is a small group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from analysis.courses import CourseFacts
from analysis.paired import Objective, Paired
from analysis.tables import Denominator
from feedback_app.definitions.area import Area
from feedback_app.definitions.survey import Survey
from feedback_app.services.courses import ONGOING, PROMPTED, priorities
from feedback_app.services.session_forms import DAY, FOLLOW_UP
from feedback_app.storage.models import Course, CourseSession
from feedback_app.storage.queries import training as reads

WAVES = {"day_id": "end of the day", "follow_up_id": "follow-up", "manager_id": "for managers"}
SOURCE = "the attendance of its sessions"


@dataclass(slots=True)
class Group:
    """The forms of one wave of one course, which a report takes for one collection."""

    id: str
    title: str
    course: str
    sessions: dict[str, CourseSession] = field(default_factory=dict)  # by form

    def attended(self, forms: list[str]) -> Denominator | None:
        """How many attended the sessions of these forms; None where one of them was not counted."""
        held = [self.sessions[form] for form in forms]
        if self.id.endswith("/manager_id") or not held or any(one.attended is None for one in held):
            return None
        on = max(one.counted_on or one.held_on for one in held)
        return Denominator(sum(one.attended or 0 for one in held), SOURCE, on)


@dataclass(slots=True)
class Training:
    """Everything about training that a report of a period needs."""

    groups: dict[str, Group] = field(default_factory=dict)  # by the form's collection
    held: list[tuple[CourseSession, Course]] = field(default_factory=list)

    def home(self, collection: str) -> str:
        """The collection that a report counts this one in."""
        return self.groups[collection].id if collection in self.groups else collection

    def course(self, collection: str) -> str:
        """The course that a collection is a form of, or nothing."""
        return self.groups[collection].course if collection in self.groups else ""

    def courses(self, area: Area, first: date, last: date) -> Iterator[CourseFacts]:
        """The courses that had a session in the period, by title."""
        by_course: dict[str, tuple[Course, list[CourseSession]]] = {}
        for session, course in self.held:
            if first <= session.held_on <= last:
                by_course.setdefault(course.id, (course, []))[1].append(session)
        names = priorities(area)
        for course, sessions in by_course.values():
            taught = [one for one in sessions if one.mode != ONGOING]
            why = PROMPTED[course.prompted] if course.prompted else ""
            yield CourseFacts(
                id=course.id,
                title=course.title,
                priority=names.get(course.priority, course.priority) if course.priority else "",
                why=": ".join(filter(None, (why, course.finding))),
                sessions=len(taught) if taught else None,
                booked=_whole([one.booked for one in sessions]),
                attended=_whole([one.attended for one in sessions]),
                day=f"{course.id}/day_id" if taught else "",
                later=f"{course.id}/follow_up_id" if taught else "",
                example=course.example,
            )


def gather(session: Session, area: Area) -> Training:
    """Gather the register. The example year is in the report of an example area, and in no other."""
    found = Training(held=reads.sessions(session, example=area.example))
    by_id: dict[str, Group] = {}
    for one, course in found.held:
        for form, wave in WAVES.items():
            collection = getattr(one, form)
            if collection:
                ident = f"{course.id}/{form}"
                group = by_id.setdefault(ident, Group(ident, f"{course.title}: {wave}", course.title))
                group.sessions[collection] = one
                found.groups[collection] = group
    return found


def paired(
    session: Session, training: Training, survey_of: Callable[[str], Survey], first: date, last: date
) -> Iterator[Paired]:
    """The pairs of each course. A code that was typed into two follow-ups pairs none: nobody knows which is right."""
    found = list(reads.pairs(session, DAY, FOLLOW_UP, first, last))
    times = Counter(pair_hash for pair_hash, _, _ in found)
    courses: dict[str, dict[str, tuple[str, list[tuple[bool, bool, bool]]]]] = {}
    about: dict[str, tuple[str, str]] = {}
    for pair_hash, one, two in found:
        if times[pair_hash] > 1:
            continue
        asked, again = survey_of(one.version_hash), survey_of(two.version_hash)
        if not (asked.pair and again.pair and asked.pair.objectives and again.pair.objectives):
            continue
        course = training.course(one.collection) or asked.title
        question = asked.questions[asked.pair.objectives]
        positive = {choice.value for choice in asked.choices_of(question) if choice.positive}
        said = {choice.value for choice in asked.choices_of(question) if not choice.missing}
        words = " or ".join(f"“{choice.label}”" for choice in asked.choices_of(question) if choice.positive)
        about[course] = (question.label, words)
        before, now = (column.id for column in question.columns)
        rows = courses.setdefault(course, {})
        for row in question.rows:
            named = [(one, f"{question.id}.{row.id}.{before}"), (one, f"{question.id}.{row.id}.{now}")]
            named.append((two, f"{again.pair.objectives}.{row.id}"))
            answers = [form.answers.get(name) for form, name in named]
            ratings = rows.setdefault(row.id, (row.label, []))[1]
            if all(answer in said for answer in answers):
                ratings.append((answers[0] in positive, answers[1] in positive, answers[2] in positive))
    for course, rows in sorted(courses.items()):
        label, words = about[course]
        objectives = tuple(Objective(ident, text, tuple(ratings)) for ident, (text, ratings) in rows.items())
        yield Paired(course, course, label, words, (f"{course}: both forms",), objectives)


def _whole(numbers: list[int | None]) -> int | None:
    """The sum, if every number is known."""
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
