"""Courses: what each is for, why it is held, and who came to its sessions, in numbers. Knows nobody's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import Area
from feedback_app.services import audit
from feedback_app.storage.db import Store, changed
from feedback_app.storage.models import Course, CourseSession, table_of

COURSE, SESSION = table_of(Course), table_of(CourseSession)
COLUMNS = select(*COURSE.c)
A_PAGE = 50
PAGES = ("new", "attendance")  # addresses of staff pages, which no course can take
LONGEST_TITLE, LONGEST_LINE, LONGEST_FINDING = 200, 160, 300
LEAST_OBJECTIVES, MOST_OBJECTIVES = 2, 5
PROMPTED = {"": "Nothing in particular", "review": "A review", "audit": "An audit", "other": "Something else"}
STRANDS = ("Core", "Cross-cutting", "Systems")  # for a course that serves no one priority
ONGOING = "e-learning"  # it goes on, so there are no sessions to count
MODES = {
    "room": "In a room",
    "online": "Online, together",
    "forum": "Forum",
    ONGOING: "E-learning, whenever people like",
}


class Changed(FeedbackError):
    """Somebody else changed it since it was opened. Nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A course as staff write it."""

    title: str
    objectives: tuple[str, ...] = ()
    priority: str = ""
    prompted: str = ""
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A course as it is stored."""

    id: str
    title: str
    objectives: tuple[str, ...]
    priority: str
    prompted: str
    finding: str
    changed_by: str
    changed_on: date
    revision: int
    example: bool

    @property
    def draft(self) -> Draft:
        """What staff may change of it."""
        return Draft(self.title, self.objectives, self.priority, self.prompted, self.finding)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the sessions of a course, or of all, add up to. None: not one of them was counted.

    `taught` and `taught_attended` leave out e-learning, which has no sessions; `uncounted` is how many sessions have no
    attendance yet.
    """

    taught: int = 0
    ongoing: int = 0
    uncounted: int = 0
    booked: int | None = None
    attended: int | None = None
    no_shows: int | None = None
    taught_attended: int | None = None

    @property
    def per_session(self) -> float | None:
        """How many came to a session, on average; None where there is no session count."""
        counted = self.taught - self.uncounted
        return self.taught_attended / counted if counted > 0 and self.taught_attended is not None else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    courses: list[Held]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // A_PAGE))


def find(store: Store, ident: str) -> Held | None:
    """One course, or None."""
    if "\0" in ident:
        return None
    row = store.execute(COLUMNS.where(COURSE.c.id == ident)).first()
    return _held(row._asdict()) if row else None


def page(store: Store, text: str = "", number: int = 1) -> Page:
    """One page of the courses whose title has these words, by title."""
    wanted = [func.lower(COURSE.c.title).contains(word, autoescape=True) for word in text.lower().split()]
    total = store.execute(select(func.count()).select_from(COURSE).where(*wanted)).scalar() or 0
    number = min(max(1, number), max(1, -(-total // A_PAGE)))
    rows = store.execute(
        COLUMNS.where(*wanted).order_by(COURSE.c.title, COURSE.c.id).limit(A_PAGE).offset((number - 1) * A_PAGE)
    )
    return Page([_held(row._asdict()) for row in rows], total, number)


def totals(
    store: Store,
    courses: list[str] | None = None,
    first: date = date.min,
    last: date = date.max,
    *,
    example: bool | None = None,
) -> Mapping[str, Totals]:
    """What the sessions of each course add up to: always computed, never typed.

    Args:
        courses: only these; None for every course.
        first, last: only sessions held on these days.
        example: only the example year, or only what is not of it; None for both.
    """
    taught, ongoing = SESSION.c.mode != ONGOING, SESSION.c.mode == ONGOING
    counted = func.count
    query = (
        select(
            SESSION.c.course_id,
            counted().filter(taught),
            counted().filter(ongoing),
            counted().filter(taught, SESSION.c.attended.is_(None)),
            func.sum(SESSION.c.booked),
            func.sum(SESSION.c.attended),
            func.sum(SESSION.c.no_shows),
            func.sum(SESSION.c.attended).filter(taught),
        )
        .where(SESSION.c.held_on.between(first, last))
        .group_by(SESSION.c.course_id)
    )
    if courses is not None:
        query = query.where(SESSION.c.course_id.in_(courses))
    if example is not None:
        query = query.where(SESSION.c.example == example)
    return {row[0]: Totals(*row[1:]) for row in store.execute(query)}


def together(found: Mapping[str, Totals]) -> Totals:
    """The totals of several courses."""
    parts = list(found.values())

    def known(name: str) -> int | None:
        numbers = [value for one in parts if (value := getattr(one, name)) is not None]
        return sum(numbers) if numbers else None

    return Totals(
        sum(one.taught for one in parts),
        sum(one.ongoing for one in parts),
        sum(one.uncounted for one in parts),
        known("booked"),
        known("attended"),
        known("no_shows"),
        known("taught_attended"),
    )


def write(
    session: Session, draft: Draft, area: Area, *, by: str, now: datetime, today: date, example: bool = False
) -> Held:
    """Write a new course. One of the example year may have the title of one of yours.

    Raises:
        FeedbackError: words are missing or too long, or there is such a course already.
    """
    values = _sound(session, draft, area, example=example)
    ident = _free_id(session, "example") if example else _new_id(session, draft.title, area)
    session.add(Course(id=ident, **values, changed_by=by, changed_on=today, revision=1, example=example))
    session.flush()
    audit.record(session, by, "course.write", ident, now, objectives=len(draft.objectives))
    return _found(session, ident)


def change(
    session: Session, ident: str, seen: int, draft: Draft, area: Area, *, by: str, now: datetime, today: date
) -> Held:
    """Change a course. The forms of sessions that were made before keep the words they were made with.

    Raises:
        Changed: somebody else changed it since.
        FeedbackError: as for `write`, or it is of the example year.
    """
    need_own(_found(session, ident).example)
    values = _sound(session, draft, area, ident)
    mine = update(COURSE).where(COURSE.c.id == ident, COURSE.c.revision == seen)
    if not changed(session, mine.values(**values, changed_by=by, changed_on=today, revision=seen + 1)):
        held = _found(session, ident)
        raise Changed(f"{held.changed_by} changed this while you had it open. Nothing was overwritten.")
    audit.record(session, by, "course.change", ident, now, revision=seen + 1)
    session.expire_all()
    return _found(session, ident)


def need_own(example: bool, loading: bool = False) -> None:
    """See that what is to be changed is not of the example year, which is taken out as it was put in.

    Raises:
        FeedbackError: it is.
    """
    if example and not loading:
        raise FeedbackError("This is of the example year, so it stays as it is. Write a course of your own.")


def _held(row: Mapping[str, object]) -> Held:
    values = dict(row)
    values["objectives"] = tuple(values["objectives"]["lines"])  # type: ignore[index]
    return Held(**values)  # type: ignore[arg-type]


def _found(session: Session, ident: str) -> Held:
    held = find(session, ident)
    if held is None:
        raise FeedbackError("This course is not here any more. Nothing was kept.")
    return held


def _sound(session: Session, draft: Draft, area: Area, ident: str = "", *, example: bool = False) -> dict[str, object]:
    """The draft as it is stored.

    Raises:
        FeedbackError: see `write`.
    """
    if not 0 < len(draft.title) <= LONGEST_TITLE:
        raise FeedbackError(f"Write the title of the course, in {LONGEST_TITLE} letters or fewer.")
    same = select(COURSE.c.id).where(func.lower(COURSE.c.title) == draft.title.lower(), COURSE.c.id != ident)
    if session.execute(same.where(COURSE.c.example == example)).first():
        raise FeedbackError(f"There is a course “{draft.title}” already.")
    if draft.objectives and not LEAST_OBJECTIVES <= len(draft.objectives) <= MOST_OBJECTIVES:
        raise FeedbackError(f"Write {LEAST_OBJECTIVES} to {MOST_OBJECTIVES} objectives, each on a line, or none.")
    if len({line.casefold() for line in draft.objectives}) < len(draft.objectives):
        raise FeedbackError("Two objectives are the same.")
    if any(len(line) > LONGEST_LINE or "{" in line or "}" in line for line in draft.objectives):
        raise FeedbackError(f"Write each objective in {LONGEST_LINE} letters or fewer, without {{ and }}.")
    if "{" in draft.title or "}" in draft.title:
        raise FeedbackError("Write the title without { and }.")
    if draft.priority not in priorities(area):
        raise FeedbackError("Choose the priority from the list.")
    if draft.prompted not in PROMPTED:
        raise FeedbackError("Choose what prompted the course from the list.")
    if len(draft.finding) > LONGEST_FINDING:
        raise FeedbackError(f"Write the finding in {LONGEST_FINDING} letters or fewer.")
    return {
        "title": draft.title,
        "objectives": {"lines": list(draft.objectives)},
        "priority": draft.priority,
        "prompted": draft.prompted,
        "finding": draft.finding,
    }


def priorities(area: Area) -> dict[str, str]:
    """What a course can be linked with: none, each of the area's priorities, or a strand."""
    return {"": "None"} | {one.id: one.name for one in area.priorities} | {name: name for name in STRANDS}


def _new_id(session: Session, title: str, area: Area) -> str:
    """The name of a course in answers: the one that the area's list of courses gives it, else words of its title."""
    listed = {choice.label.casefold(): choice.value for choice in area.lists.get("courses", ())}
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "course"
    return _free_id(session, listed.get(title.casefold(), words))


def _free_id(session: Session, ident: str) -> str:
    number, free = 1, ident
    while free in PAGES or session.execute(select(COURSE.c.id).where(COURSE.c.id == free)).first():
        number += 1
        free = f"{ident}-{number}"
    return free
