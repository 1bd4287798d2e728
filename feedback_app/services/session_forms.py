"""The forms of one session: for the end of the day, for the follow-up, for managers. Each is a collection of its own.

A session's form is its survey as it is published, with the course, the day and how it was held already told, and with
the course's own objectives in their grid. Sessions of one course on one day share a version: its hash is its content.
"""

from __future__ import annotations

import hashlib
import secrets
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.freeze import Language, freeze
from feedback_app.definitions.survey import Pair, Survey
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import courses
from feedback_app.services.class_sessions import LETTERS
from feedback_app.storage.models import Collection, CourseSession, SurveyVersion, table_of

DAY, FOLLOW_UP = "training-day", "training-follow-up"
TITLE, WHEN, HOW = "course_title", "session_date", "delivery_mode"  # what is told of a session, by question
TOLD_AS = {"room": "room", "forum": "room", "online": "online"}  # of how it is held, the survey knows these two
LATE_DAYS = 14  # for who did not answer in the room
LETTERS_IN_ADDRESS = 7
COLLECTION = table_of(Collection)


@dataclass(frozen=True, slots=True)
class Days:
    """When a session's forms can be answered, and when letters about the follow-up are due."""

    day: tuple[date, date]
    follow_up: tuple[date, date]
    letters: tuple[date, ...]

    @property
    def last(self) -> date:
        """The last day of all."""
        return self.follow_up[1]


def days_of(pair: Pair, held_on: date) -> Days:
    """The days of a session, as the follow-up's survey says.

    Raises:
        FeedbackError: it says nothing of them.
    """
    if pair.opens_after is None or pair.window is None:
        raise FeedbackError(f"The survey {FOLLOW_UP} does not say when it opens and for how long.")
    opens = held_on + timedelta(days=pair.opens_after)
    return Days(
        (held_on, held_on + timedelta(days=LATE_DAYS)),
        (opens, opens + timedelta(days=pair.window)),
        (opens, *(held_on + timedelta(days=after) for after in pair.reminders)),
    )


def pair_of(session: Session, collection: str) -> Pair:
    """How the survey of a collection is paired; a pair that says nothing when it is not."""
    held = session.get(Collection, collection)
    version = session.get(SurveyVersion, held.version_hash) if held else None
    return Pair.model_validate((version.document.get("pair") if version else None) or {"wave": "none"})


def open_all(session: Session, row: CourseSession, course: courses.Held, *, by: str, today: date) -> None:
    """Make the forms of a session, or bring those that are there to its course and day.

    E-learning has no day to be asked about, and what is long over is only counted: they get none.

    Raises:
        FeedbackError: one of the surveys is not published.
    """
    days = days_of(pair_of(session, _standing(session, FOLLOW_UP).id), row.held_on)
    if row.mode == courses.ONGOING or (days.last < today and row.day_id is None):
        return
    manager = pair_of(session, FOLLOW_UP).manager
    row.day_id = _open(session, row, course, DAY, row.day_id, days.day, "end of the day", by, today)
    row.follow_up_id = _open(session, row, course, FOLLOW_UP, row.follow_up_id, days.follow_up, "follow-up", by, today)
    if manager:
        open_days = (days.follow_up[0], days.follow_up[1] + timedelta(days=LATE_DAYS))
        row.manager_id = _open(session, row, course, manager, row.manager_id, open_days, "for managers", by, today)
    session.flush()


def _standing(session: Session, survey: str) -> Collection:
    held = session.get(Collection, survey)
    if held is None:
        raise FeedbackError(f"The survey {survey} is not published, so no session can have its form. Publish it first.")
    return held


def _open(
    session: Session,
    row: CourseSession,
    course: courses.Held,
    survey: str,
    ident: str | None,
    open_days: tuple[date, date],
    which: str,
    by: str,
    today: date,
) -> str:
    version = _version(session, _standing(session, survey).version_hash, course, row, today)
    when = f"{row.held_on.day} {row.held_on:%B %Y}"
    values = {
        "version_hash": version,
        "title": f"{course.title}, {when}: {which}",
        "event": f"{course.title[:80]}, {when}",
        "opens_on": open_days[0],
        "closes_on": open_days[1],
        "changed_by": by,
    }
    if ident is None:
        ident = _new_address(session, which)
        session.add(Collection(id=ident, source="survey", note="", **values))
    else:
        mine = update(COLLECTION).where(COLLECTION.c.id == ident)
        session.execute(mine.values(**values, revision=COLLECTION.c.revision + 1))
    session.flush()
    return ident


def _new_address(session: Session, which: str) -> str:
    """An address that tells nothing of the course: it stands in letters."""
    while True:
        letters = "".join(secrets.choice(LETTERS) for _ in range(LETTERS_IN_ADDRESS)).lower()
        ident = f"{which.rpartition(' ')[2]}-{letters}"
        if session.get(Collection, ident) is None:
            return ident


def _version(session: Session, base: str, course: courses.Held, row: CourseSession, today: date) -> str:
    held = session.get_one(SurveyVersion, base)
    document = for_session(held.document, course, row.held_on, row.mode)
    words = {} if document["languages"] == [SOURCE] else {code: Language(**said) for code, said in held.words.items()}
    frozen = freeze(document, words)
    if session.get(SurveyVersion, frozen.hash) is None:
        session.add(
            SurveyVersion(
                hash=frozen.hash,
                survey=held.survey,
                version=held.version,
                title=held.title,
                document=document,
                words={code: language.as_document() for code, language in words.items()},
                published_on=today,
            )
        )
        session.flush()
    return frozen.hash


def for_session(document: dict[str, Any], course: courses.Held, held_on: date, mode: str) -> dict[str, Any]:
    """A survey's document as it is asked after one session: what the session tells is the only choice there is.

    What the file asks about one course alone, such as its tool, is left out for every other. With objectives of the
    course's own it is in English alone: nobody has translated them.
    """
    copy = deepcopy(document)
    told = {
        TITLE: {"value": course.id, "label": course.title},
        WHEN: {"value": held_on.isoformat(), "label": f"{held_on:%d/%m/%Y}"},
    }
    pair = Pair.model_validate(copy.get("pair") or {"wave": "none"})
    changed = False
    if course.objectives or course.title.casefold() != pair.default_course.casefold():
        _leave_out(copy, frozenset(pair.only_default))
    for page in copy["pages"]:
        for question in page["questions"]:
            if question["type"] == "auto" and question["id"] in told:
                question["choices"], changed = [told[question["id"]]], True
            elif question["type"] == "auto" and question["id"] == HOW:
                known = [one for one in question["choices"] if one["value"] == TOLD_AS.get(mode)]
                question["choices"], changed = known or question["choices"], True
            elif course.objectives and question["id"] == pair.objectives:
                question["rows"], changed = [{"id": _row_id(line), "label": line} for line in course.objectives], True
    if course.objectives and pair.objectives:
        copy["languages"] = [SOURCE]
    if changed:
        copy["pair"]["session"] = "true"
    Survey.model_validate(copy)
    return copy


def _leave_out(document: dict[str, Any], names: frozenset[str]) -> None:
    """Leave out questions ("TF21"), rows ("TF20.tool") and choices ("TI11.tool")."""
    for page in document["pages"]:
        page["questions"] = [one for one in page["questions"] if one["id"] not in names]
        for question in page["questions"]:
            for key, named in (("rows", "id"), ("choices", "value")):
                if isinstance(question.get(key), list):
                    question[key] = [one for one in question[key] if f"{question['id']}.{one[named]}" not in names]


def _row_id(line: str) -> str:
    """The same words have the same id in every session, and other words another: they are never counted together."""
    return f"o{hashlib.sha256(line.casefold().encode()).hexdigest()[:6]}"
