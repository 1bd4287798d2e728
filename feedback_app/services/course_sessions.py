"""The sessions of a course: add, change, count who came, and how many of them replied. Numbers only, never a name."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.ids import new_id
from feedback_app.services import audit, courses, follow_ups, pairing, session_forms
from feedback_app.services.courses import MODES, ONGOING, Changed
from feedback_app.storage.db import Store, changed
from feedback_app.storage.models import (
    Collection,
    CollectionCount,
    Course,
    CourseSession,
    Draft,
    FollowUpContact,
    Response,
    table_of,
)

SESSION, RESPONSE, COURSE = table_of(CourseSession), table_of(Response), table_of(Course)
COLUMNS = select(*SESSION.c)
A_PAGE = 50
MOST_PEOPLE = 100_000
LONGEST_AGENCY, MOST_AGENCIES = 120, 200
FARTHEST = timedelta(days=3 * 366)
TYPED, FILE = "typed", "file"
NOT_APPLICABLE, NOT_KNOWN, NO_FORM = "not applicable", "not known", "no form"


@dataclass(frozen=True, slots=True)
class Asked:
    """What staff say of a session before it is held."""

    mode: str
    held_on: date
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Who came to a session, in numbers. None: nobody counted."""

    booked: int | None = None
    attended: int | None = None
    no_shows: int | None = None
    agencies: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A session as it is stored."""

    id: str
    course_id: str
    mode: str
    held_on: date
    capacity: int | None
    booked: int | None
    attended: int | None
    no_shows: int | None
    agencies: Mapping[str, int]
    counted_from: str
    counted_on: date | None
    day_id: str | None
    follow_up_id: str | None
    manager_id: str | None
    changed_by: str
    changed_on: date
    revision: int
    example: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """How many replied, of how many who came. `of` is None where there is no such number; `why` says why.

    Exact, for signed-in staff only.
    """

    replied: int
    of: int | None = None
    why: str = ""

    @property
    def percent(self) -> int | None:
        """Whole per cent; none of nobody, and none where more replied than were counted."""
        if not self.of or self.replied > self.of:
            return None
        return (200 * self.replied + self.of) // (2 * self.of)


@dataclass(frozen=True, slots=True)
class Rates:
    """Both waves of a session or a course."""

    day: Rate
    follow_up: Rate


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    sessions: list[Held]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // A_PAGE))


def find(store: Store, ident: str) -> Held | None:
    """One session, or None."""
    if "\0" in ident:
        return None
    row = store.execute(COLUMNS.where(SESSION.c.id == ident)).first()
    return Held(**row._mapping) if row else None


def of_collection(store: Store, collection: str) -> Held | None:
    """The session that a collection is a form of, or None."""
    forms = (SESSION.c.day_id, SESSION.c.follow_up_id, SESSION.c.manager_id)
    for form in forms:  # each has an index of its own
        row = store.execute(COLUMNS.where(form == collection)).first()
        if row:
            return Held(**row._mapping)
    return None


def page(store: Store, course: str, number: int = 1) -> Page:
    """One page of the sessions of a course, the newest first."""
    which = SESSION.c.course_id == course
    total = store.execute(select(func.count()).select_from(SESSION).where(which)).scalar() or 0
    number = min(max(1, number), max(1, -(-total // A_PAGE)))
    order = COLUMNS.where(which).order_by(SESSION.c.held_on.desc(), SESSION.c.id)
    rows = store.execute(order.limit(A_PAGE).offset((number - 1) * A_PAGE))
    return Page([Held(**row._mapping) for row in rows], total, number)


def every(store: Store) -> list[tuple[str, str, str, date]]:
    """Every session with its course's id and title and its day: what an attendance list is matched with."""
    query = select(SESSION.c.id, COURSE.c.id, COURSE.c.title, SESSION.c.held_on).join(
        COURSE, COURSE.c.id == SESSION.c.course_id
    )
    return [(row[0], row[1], row[2], row[3]) for row in store.execute(query.where(~SESSION.c.example))]


def rates(store: Store, sessions: Several[Held]) -> dict[str, Rates]:
    """How many replied to both forms of each session, against its attendance."""
    forms = [form for one in sessions for form in (one.day_id, one.follow_up_id) if form]
    number = _replies(store, RESPONSE.c.collection_id.in_(forms)) if forms else {}
    return {
        one.id: Rates(*(_rate(one, form, number.get(form or "", 0)) for form in (one.day_id, one.follow_up_id)))
        for one in sessions
    }


def rates_of(store: Store, course: str) -> Rates:
    """Both rates of a whole course: replies to its sessions with forms and an attendance, against that attendance."""
    rows = store.execute(COLUMNS.where(SESSION.c.course_id == course)).all()
    sessions = [Held(**row._mapping) for row in rows]
    taught = [one for one in sessions if one.mode != ONGOING]
    if not taught:
        why = NOT_APPLICABLE if sessions else NOT_KNOWN
        return Rates(Rate(0, None, why), Rate(0, None, why))
    asked = [one for one in taught if one.day_id]
    if not asked:
        return Rates(Rate(0, None, NO_FORM), Rate(0, None, NO_FORM))
    forms = [form for one in asked for form in (one.day_id, one.follow_up_id) if form]
    number = _replies(store, RESPONSE.c.collection_id.in_(forms))
    counted = [one for one in asked if one.attended is not None]
    of = sum(one.attended or 0 for one in counted) if counted else None

    def rate(forms: list[str | None]) -> Rate:
        replied = sum(number.get(form or "", 0) for form in forms)
        return Rate(replied, of, "" if of is not None else NOT_KNOWN)

    whose = counted or asked
    return Rates(rate([one.day_id for one in whose]), rate([one.follow_up_id for one in whose]))


def _replies(store: Store, which: Any) -> dict[str, int]:
    query = select(RESPONSE.c.collection_id, func.count()).where(which, RESPONSE.c.withdrawn_on.is_(None))
    return {row[0]: row[1] for row in store.execute(query.group_by(RESPONSE.c.collection_id))}


def _rate(one: Held, form: str | None, replied: int) -> Rate:
    if one.mode == ONGOING:
        return Rate(replied, None, NOT_APPLICABLE)
    if form is None:
        return Rate(replied, None, NO_FORM)
    return Rate(replied, one.attended, "" if one.attended is not None else NOT_KNOWN)


def add(
    session: Session, course: str, asked: Asked, *, by: str, now: datetime, today: date, example: bool = False
) -> Held:
    """Add a session, and open its forms.

    Raises:
        FeedbackError: there is no such course, or what is asked for cannot be.
    """
    of = _course(session, course)
    courses.need_own(of.example, example)
    _sound(asked, today)
    row = CourseSession(
        id=new_id(),
        course_id=course,
        mode=asked.mode,
        held_on=asked.held_on,
        capacity=asked.capacity,
        agencies={},
        counted_from="",
        changed_by=by,
        changed_on=today,
        revision=1,
        example=example,
    )
    session.add(row)
    session.flush()
    if not example:
        session_forms.open_all(session, row, of, by=by, today=today)
    audit.record(session, by, "course_session.add", row.id, now, course=course, held_on=asked.held_on.isoformat())
    return _found(session, row.id)


def change(session: Session, ident: str, seen: int, asked: Asked, *, by: str, now: datetime, today: date) -> Held:
    """Change a session; its forms, letters and promises move along. Who is half-way stays on the form they began.

    Raises:
        Changed: somebody else changed it since.
        FeedbackError: what is asked for cannot be.
    """
    courses.need_own(_found(session, ident).example)
    _sound(asked, today)
    values = {"mode": asked.mode, "held_on": asked.held_on, "capacity": asked.capacity}
    _change(session, ident, seen, values, by, today)
    row = session.get_one(CourseSession, ident, populate_existing=True)
    session_forms.open_all(session, row, _course(session, row.course_id), by=by, today=today)
    if row.day_id:
        follow_ups.move(session, ident, today)
        pairing.move(session, row.day_id, session_forms.pair_of(session, row.day_id), row.held_on)
    audit.record(session, by, "course_session.change", ident, now, revision=seen + 1)
    return _found(session, ident)


def count(
    session: Session,
    ident: str,
    seen: int,
    counted: Counted,
    source: str,
    *,
    by: str,
    now: datetime,
    today: date,
    example: bool = False,
) -> Held:
    """Keep who came, in numbers. What stood there before is replaced, never added to.

    Raises:
        Changed: somebody else changed the session since.
        FeedbackError: a number cannot be, or the agencies do not add up to who attended.
    """
    courses.need_own(_found(session, ident).example, example)
    values = _sound_numbers(counted) | {"counted_from": source, "counted_on": today}
    _change(session, ident, seen, values, by, today)
    held = _found(session, ident)
    audit.record(session, by, "course_session.count", ident, now, source=source, attended=held.attended)
    return held


def remove(session: Session, ident: str, seen: int, *, by: str, now: datetime, today: date) -> None:
    """Take out a session that nobody was counted at and nobody replied to.

    Raises:
        Changed: somebody else changed it since.
        FeedbackError: there is something to lose.
    """
    held = _found(session, ident)
    forms = [form for form in (held.day_id, held.follow_up_id, held.manager_id) if form]
    replied = forms and session.execute(select(RESPONSE.c.id).where(RESPONSE.c.collection_id.in_(forms))).first()
    if replied or held.attended is not None:
        raise FeedbackError("People were counted at this session or replied to its forms, so it stays.")
    _change(session, ident, seen, {"day_id": None, "follow_up_id": None, "manager_id": None}, by, today)
    session.execute(delete(table_of(FollowUpContact)).where(table_of(FollowUpContact).c.session_id == ident))
    session.execute(delete(SESSION).where(SESSION.c.id == ident))
    for name in (Draft, CollectionCount):
        session.execute(delete(table_of(name)).where(table_of(name).c.collection_id.in_(forms)))
    session.execute(delete(table_of(Collection)).where(table_of(Collection).c.id.in_(forms)))
    session.expire_all()
    audit.record(session, by, "course_session.remove", ident, now, course=held.course_id)


def _course(session: Session, ident: str) -> courses.Held:
    held = courses.find(session, ident)
    if held is None:
        raise FeedbackError("This course is not here any more. Nothing was kept.")
    return held


def _found(session: Session, ident: str) -> Held:
    held = find(session, ident)
    if held is None:
        raise FeedbackError("This session is not here any more. Nothing was kept.")
    return held


def _change(session: Session, ident: str, seen: int, values: Mapping[str, object], by: str, today: date) -> None:
    mine = update(SESSION).where(SESSION.c.id == ident, SESSION.c.revision == seen)
    if not changed(session, mine.values(**values, changed_by=by, changed_on=today, revision=seen + 1)):
        held = _found(session, ident)
        raise Changed(f"{held.changed_by} changed this while you had it open. Nothing was overwritten.")


def _sound(asked: Asked, today: date) -> None:
    if asked.mode not in MODES:
        raise FeedbackError("Choose how it is held.")
    if not today - 20 * FARTHEST <= asked.held_on <= today + FARTHEST:
        raise FeedbackError("The day has to be within the next three years. Look at the year.")
    if asked.capacity is not None and not 1 <= asked.capacity <= MOST_PEOPLE:
        raise FeedbackError("The number of places has to be 1 or more, or nothing at all.")


def _sound_numbers(counted: Counted) -> dict[str, object]:
    agencies = {name.strip(): number for name, number in (counted.agencies or {}).items()}
    numbers = [counted.booked, counted.attended, counted.no_shows, *agencies.values()]
    if any(number is not None and not 0 <= number <= MOST_PEOPLE for number in numbers):
        raise FeedbackError(f"Each number has to be from 0 to {MOST_PEOPLE:,}, or nothing at all.")
    if len(agencies) > MOST_AGENCIES or any(not 0 < len(name) <= LONGEST_AGENCY for name in agencies):
        raise FeedbackError(f"Name at most {MOST_AGENCIES} agencies, each in {LONGEST_AGENCY} letters or fewer.")
    together = sum(agencies.values())
    attended = together if counted.attended is None and agencies else counted.attended
    if agencies and attended != together:
        raise FeedbackError(f"The agencies add up to {together}, and {attended} attended. One of them is wrong.")
    if counted.booked is not None and counted.no_shows is not None and counted.no_shows > counted.booked:
        raise FeedbackError("More people did not come than were booked. One of the numbers is wrong.")
    return {"booked": counted.booked, "attended": attended, "no_shows": counted.no_shows, "agencies": agencies}
