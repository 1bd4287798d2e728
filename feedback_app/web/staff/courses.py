"""Courses: list them, write one, change it, and see its sessions with who came and how many replied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import course_sessions
from feedback_app.services import courses as held
from feedback_app.services.course_sessions import Held, Rates
from feedback_app.services.courses import (
    LONGEST_FINDING,
    LONGEST_TITLE,
    MODES,
    PROMPTED,
    Changed,
    Draft,
    Totals,
)
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.language import words_for
from feedback_app.web.support.wiring import wiring

NEW = Draft("")
SEE_OTHER = 303
LONGEST_SEARCH = 100


class Who(TypedDict):
    """Who does it, and when."""

    by: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Line:
    """One course as the list shows it."""

    of: held.Held
    priority: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session as its course shows it."""

    of: Held
    day: str
    mode: str
    when: str  # "", past or coming
    rates: Rates


@dataclass(frozen=True, slots=True)
class Form:
    """The form: what stands in it, the revision it began from, and what is wrong."""

    draft: Draft
    seen: int = 0
    trouble: str = ""
    theirs: held.Held | None = None  # what somebody else wrote meanwhile
    ident: str = ""


@staff.get("/courses")
def courses() -> str:
    """List the courses, a page at a time, with what their sessions add up to."""
    text, number = request.args.get("search", "").strip()[:LONGEST_SEARCH], request.args.get("page", 1, type=int)
    page = held.page(db.session(), text, number)
    totals = held.totals(db.session(), [one.id for one in page.courses])
    names = held.priorities(wiring().area)
    lines = [Line(one, names.get(one.priority, one.priority), totals.get(one.id, Totals())) for one in page.courses]
    whole = [held.together(held.totals(db.session(), example=example)) for example in (False, True)]
    return show(
        "courses/list.html",
        page=page,
        lines=lines,
        text=text,
        own=whole[0],
        example=whole[1],
        here=lambda at: url_for("staff.courses", page=at, search=text or None),
    )


@staff.get("/courses/new")
def new_course() -> str:
    """An empty form."""
    return _form(Form(NEW))


@staff.post("/courses/new")
def write_course() -> Response | tuple[str, int]:
    """Keep a new course."""
    draft = _typed()
    try:
        kept = held.write(db.session(), draft, wiring().area, **who())
    except FeedbackError as error:
        return _form(Form(draft, trouble=str(error))), 400
    flash("The course is kept. Now add its first session.")
    return redirect(url_for("staff.course", course=kept.id), SEE_OTHER)


@staff.get("/courses/<course>")
def course(course: str) -> str:
    """Show a course with a page of its sessions."""
    one, number = course_here(course), request.args.get("page", 1, type=int)
    page = course_sessions.page(db.session(), one.id, number)
    rates, today = course_sessions.rates(db.session(), page.sessions), wiring().clock.today()
    return show(
        "courses/course.html",
        course=one,
        priority=held.priorities(wiring().area).get(one.priority, one.priority),
        prompted=PROMPTED[one.prompted],
        changed_on=day(one.changed_on),
        page=page,
        lines=[_line(session, rates[session.id], today) for session in page.sessions],
        totals=held.totals(db.session(), [one.id]).get(one.id, Totals()),
        rates=course_sessions.rates_of(db.session(), one.id),
        here=lambda at: url_for("staff.course", course=one.id, page=at),
    )


@staff.get("/courses/<course>/change")
def course_form(course: str) -> str:
    """The form with what is kept."""
    one = course_here(course)
    return _form(Form(one.draft, one.revision, ident=one.id))


@staff.post("/courses/<course>/change")
def change_course(course: str) -> Response | tuple[str, int]:
    """Keep a change; when somebody else was quicker, show both and overwrite nothing."""
    one, draft = course_here(course), _typed()
    try:
        held.change(db.session(), one.id, seen(), draft, wiring().area, **who())
    except Changed as error:
        return _form(Form(draft, one.revision, str(error), one, one.id)), 409
    except FeedbackError as error:
        return _form(Form(draft, seen(), str(error), None, one.id)), 400
    flash("Your change is kept. Forms that were made before keep their words.")
    return redirect(url_for("staff.course", course=one.id), SEE_OTHER)


def course_here(ident: str) -> held.Held:
    """The course of an address."""
    return held.find(db.session(), ident) or abort(404)


def seen() -> int:
    """The revision that the person had before them."""
    return request.form.get("seen", 0, type=int)


def who() -> Who:
    """Who does it, and when."""
    clock = wiring().clock
    return Who(by=signed_in().name, now=clock.now(), today=clock.today())


def day(one: date) -> str:
    """A date, written out."""
    return words_for(SOURCE).day(one)


def _form(form: Form) -> str:
    return show(
        "courses/form.html",
        form=form,
        priorities=held.priorities(wiring().area),
        prompted=PROMPTED,
        longest=LONGEST_TITLE,
        longest_finding=LONGEST_FINDING,
    )


def _line(one: Held, rates: Rates, today: date) -> SessionLine:
    when = "coming" if one.held_on > today else "past" if one.held_on < today else ""
    return SessionLine(one, day(one.held_on), MODES[one.mode], when, rates)


def _typed() -> Draft:
    given = request.form
    lines = [" ".join(line.split()) for line in given.get("objectives", "").splitlines()]
    return Draft(
        " ".join(given.get("title", "").split()),
        tuple(line for line in lines if line),
        given.get("priority", ""),
        given.get("prompted", ""),
        " ".join(given.get("finding", "").split()),
    )
