"""One session of a course: its day, its links and QR codes, who came in numbers, and how many replied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.services import collections
from feedback_app.services import course_sessions as held
from feedback_app.services.course_sessions import TYPED, Asked, Counted, Held
from feedback_app.services.courses import MODES, ONGOING, Changed
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.courses import SEE_OTHER, course_here, day, seen, who
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring

FORMS = (
    ("day_id", "At the end of the day", "Show this in the room, or send the link."),
    ("follow_up_id", "The follow-up", "People who asked for letters get this link by e-mail. You can send it too."),
    ("manager_id", "For managers", "Participants see this link when they have answered the follow-up."),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a session as it was typed."""

    mode: str = "room"
    held_on: str = ""
    capacity: str = ""

    def asked(self) -> Asked:
        """What is asked for.

        Raises:
            FeedbackError: the day is no date, or the places are no number.
        """
        try:
            on = date.fromisoformat(self.held_on.strip())
        except ValueError:
            raise FeedbackError("The day is not a date. Write it like this: 2026-03-31.") from None
        return Asked(self.mode, on, _number(self.capacity, "places"))


@dataclass(frozen=True, slots=True)
class TypedCounts:
    """The numbers as they were typed."""

    booked: str = ""
    attended: str = ""
    no_shows: str = ""
    agencies: str = ""

    def counted(self) -> Counted:
        """Who came.

        Raises:
            FeedbackError: something is no number, or a line of the agencies has none.
        """
        return Counted(
            _number(self.booked, "people booked"),
            _number(self.attended, "people who attended"),
            _number(self.no_shows, "people who did not come"),
            dict(_agency(line) for line in self.agencies.splitlines() if line.strip()),
        )


@dataclass(frozen=True, slots=True)
class FormLink:
    """One form of a session, as its page shows it."""

    id: str
    title: str
    says: str
    address: str
    when: str


@dataclass(frozen=True, slots=True)
class Troubles:
    """What is wrong with the numbers, and what was typed."""

    words: str = ""
    typed: TypedCounts = field(default_factory=TypedCounts)
    status: int = 200


@staff.get("/courses/<course>/sessions/new")
def new_session(course: str) -> str:
    """An empty form."""
    return _form(course, Typed(held_on=wiring().clock.today().isoformat()))


@staff.post("/courses/<course>/sessions/new")
def add_session(course: str) -> Response | tuple[str, int]:
    """Add a session, and open its forms."""
    of, typed = course_here(course), _typed()
    try:
        kept = held.add(db.session(), of.id, typed.asked(), **who())
    except FeedbackError as error:
        db.session.rollback()
        return _form(course, typed, str(error)), 400
    flash("The session is kept, and its forms are ready." if kept.day_id else "It is kept. It has no forms of its own.")
    return redirect(url_for("staff.course_session", ident=kept.id), SEE_OTHER)


@staff.get("/sessions/<ident>")
def course_session(ident: str) -> str:
    """Show a session: what it is, its links, who came, how many replied."""
    one = _here(ident)
    return _page(one, Troubles(typed=_filled(one)))


@staff.get("/sessions/<ident>/change")
def session_form(ident: str) -> str:
    """The form with what is kept."""
    one = _here(ident)
    typed = Typed(one.mode, one.held_on.isoformat(), _shown(one.capacity))
    return _form(one.course_id, typed, ident=one.id, number=one.revision)


@staff.post("/sessions/<ident>/change")
def change_session(ident: str) -> Response | tuple[str, int]:
    """Keep a change, and bring the forms along."""
    one, typed = _here(ident), _typed()
    try:
        held.change(db.session(), one.id, seen(), typed.asked(), **who())
    except FeedbackError as error:
        db.session.rollback()
        number = _here(ident).revision if isinstance(error, Changed) else seen()
        status = 409 if isinstance(error, Changed) else 400
        return _form(one.course_id, typed, str(error), one.id, number), status
    flash("Your change is kept, and the forms know it.")
    return redirect(url_for("staff.course_session", ident=one.id), SEE_OTHER)


@staff.post("/sessions/<ident>/attendance")
def type_attendance(ident: str) -> Response | tuple[str, int]:
    """Keep numbers that were typed."""
    one = _here(ident)
    given = {name: request.form.get(name, "").strip() for name in ("booked", "attended", "no_shows", "agencies")}
    typed = TypedCounts(**given)
    try:
        held.count(db.session(), one.id, seen(), typed.counted(), TYPED, **who())
    except FeedbackError as error:
        db.session.rollback()
        status = 409 if isinstance(error, Changed) else 400
        return _page(_here(ident), Troubles(str(error), typed, status)), status
    flash("The numbers are kept.")
    return redirect(url_for("staff.course_session", ident=one.id), SEE_OTHER)


@staff.post("/sessions/<ident>/remove")
def remove_session(ident: str) -> Response:
    """Take out a session that nobody was counted at."""
    one = _here(ident)
    try:
        held.remove(db.session(), one.id, seen(), **who())
    except FeedbackError as error:
        db.session.rollback()
        flash(str(error))
        return redirect(url_for("staff.course_session", ident=one.id), SEE_OTHER)
    flash("The session is taken out.")
    return redirect(url_for("staff.course", course=one.course_id), SEE_OTHER)


def _page(one: Held, troubles: Troubles) -> str:
    return show(
        "course_sessions/session.html",
        session=one,
        course=course_here(one.course_id),
        held_on=day(one.held_on),
        mode=MODES[one.mode],
        ongoing=one.mode == ONGOING,
        forms=[_link(one, *form) for form in FORMS if getattr(one, form[0])],
        rates=held.rates(db.session(), [one])[one.id],
        troubles=troubles,
        counted=day(one.counted_on) if one.counted_on else "",
        agencies=sorted(one.agencies.items(), key=lambda pair: (-pair[1], pair[0])),
    )


def _link(one: Held, form: str, title: str, says: str) -> FormLink:
    found = collections.find(db.session(), getattr(one, form)) or abort(404)
    when = f"From {day(found.opens_on)}" + (f" to {day(found.closes_on)}" if found.closes_on else "")
    return FormLink(found.id, title, says, f"{wiring().settings.address}/{found.id}", when)


def _form(course: str, typed: Typed, trouble: str = "", ident: str = "", number: int = 0) -> str:
    return show(
        "course_sessions/form.html",
        course=course_here(course),
        typed=typed,
        trouble=trouble,
        ident=ident,
        seen=number,
        modes=MODES,
    )


def _here(ident: str) -> Held:
    return held.find(db.session(), ident) or abort(404)


def _typed() -> Typed:
    given: Mapping[str, str] = request.form
    return Typed(given.get("mode", ""), given.get("held_on", ""), given.get("capacity", "").strip())


def _filled(one: Held) -> TypedCounts:
    agencies = "\n".join(f"{name}: {number}" for name, number in one.agencies.items())
    return TypedCounts(_shown(one.booked), _shown(one.attended), _shown(one.no_shows), agencies)


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(typed: str, what: str) -> int | None:
    if not typed.strip():
        return None
    if not (typed.strip().isascii() and typed.strip().isdigit()) or len(typed.strip()) > 9:
        raise FeedbackError(f"The number of {what} has to be a whole number, or nothing at all.")
    return int(typed)


def _agency(line: str) -> tuple[str, int]:
    name, _, number = line.rpartition(":") if ":" in line else line.strip().rpartition(" ")
    found = _number(number, "people of an agency") if name.strip() else None
    if found is None:
        raise FeedbackError("Write each agency on a line of its own, with a number after it, such as Police: 4.")
    return name.strip(), found
