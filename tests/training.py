"""A copy with a course and its session, and participants who answer: for the tests of training."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from feedback_app.core.clock import FixedClock
from feedback_app.definitions.area import Area, load_area
from feedback_app.services import course_sessions, courses
from feedback_app.services.course_sessions import Asked, Held
from feedback_app.services.courses import Draft
from tests.factories import NOON, Copy, Respondent

SURVEYS = ("training-day", "training-follow-up", "manager-confirmation")
HELD_ON = date(2026, 11, 25)
PROMISE = "Ask-about-the-cot on every visit"
CODE = re.compile(r'class="receipt"[^>]*>([^<]+)<')


@dataclass
class Trained:
    """A copy with one course and one session of it."""

    copy: Copy
    session: Held
    course: courses.Held

    def on(self, moment: datetime) -> Trained:
        """The same copy on another day: what is made from now on has its clock."""
        self.copy.clock = FixedClock(moment)
        return self


def area_of(copy: Copy) -> Area:
    return load_area(copy.settings.surveys, copy.settings.area)


def trained(
    make: Callable[..., Copy], objectives: tuple[str, ...] = (), held_on: date = HELD_ON, title: str = "Safer Sleep"
) -> Trained:
    """A copy with the three forms of training, one course, and one session today."""
    copy = make(*SURVEYS)
    with copy.session() as session, session.begin():
        who = {"by": "Ann", "now": NOON, "today": NOON.date()}
        course = courses.write(session, Draft(title, objectives), area_of(copy), **who)
        held = course_sessions.add(session, course.id, Asked("room", held_on, 30), **who)
    return Trained(copy, held, course)


def finish(person: Respondent, **answers: str) -> Respondent:
    """Answer what is named, by question or row, leave the rest blank, and send."""
    for _ in range(60):
        if person.at == "check":
            return person.send()
        given = {"answer": answers[person.at]} if person.at in answers else {}
        for part in ("before", "now"):
            if f"{person.at}.{part}" in answers:
                given[part] = answers[f"{person.at}.{part}"]
        person.press(**given)
        assert person.status == 200, (person.at, person.status)
    raise AssertionError(f"The survey does not end: {person.at}")


def codes(person: Respondent) -> list[str]:
    """The receipt and the code of the last page, in their order."""
    return CODE.findall(person.page)
