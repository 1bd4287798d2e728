"""Type in what was heard elsewhere than in a survey: notes of groups, case studies, compliments and complaints.

The list shows no word of a note. To correct one, its words are opened by a POST, because reading them is an event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from flask import abort, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import notes as held
from feedback_app.services.editions import Editions
from feedback_app.services.notes import FREE, KINDS, LONGEST, Changed, Draft, Line
from feedback_app.services.reading import question_id
from feedback_app.services.screening import Screens
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.language import words_for
from feedback_app.web.support.wiring import wiring

SEE_OTHER = 303


class Who(TypedDict):
    """Who does it, and when."""

    by: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """One note as the list shows it."""

    of: Line
    kind: str
    question: str
    language: str
    heard: str
    changed: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form: what was typed, the revision it began from, and what is wrong."""

    draft: Draft
    day: str = ""  # as it was typed, whether it is a date or not
    seen: int = 0
    trouble: str = ""
    number: str = ""
    theirs: Line | None = None  # what somebody else wrote meanwhile


@staff.get("/notes")
def notes() -> str:
    """List the notes, the last heard first."""
    kind, search = request.args.get("kind", ""), request.args.get("search", "").strip()[:120]
    found = held.page(db.session(), request.args.get("page", 1, type=int), kind=kind, search=search)
    cards = [_card(one) for one in found.lines]
    return show("notes/list.html", found=found, cards=cards, kinds=KINDS, kind=kind, search=search)


@staff.get("/notes/new")
def new_note() -> str:
    """An empty form."""
    return _page(Form(Draft("", None, "", "", SOURCE, "", "")))


@staff.post("/notes/new")
def write_note() -> Response | tuple[str, int]:
    """Keep a new note."""
    wired, typed = wiring(), _typed(request.form)
    try:
        held.write(db.session(), *_tools(), typed.draft, today=wired.clock.today(), **_who())
    except FeedbackError as error:
        return _page(_troubled(typed, str(error))), 400
    return _done(
        "The note is kept, and its words are sealed. The safeguarding lead reads it next; then a person codes it."
    )


@staff.post("/notes/<number>/open")
def open_note(number: str) -> str | Response:
    """Open the words of a note, to correct it. Who opened it stays in the audit log."""
    try:
        found = held.reopen(db.session(), wiring().keys, number, **_who())
    except FeedbackError as error:
        return _done(str(error))
    if found is None:
        abort(404)
    line, words = found
    return _page(Form(_draft(line, words), line.heard_on.isoformat(), line.revision, number=number))


@staff.post("/notes/<number>")
def change_note(number: str) -> Response | tuple[str, int]:
    """Keep a correction; when somebody else was quicker, say what is there now and overwrite nothing."""
    wired, session, typed = wiring(), db.session(), _typed(request.form, number)
    line = _here(number)
    given = typed.seen, typed.draft
    try:
        held.change(session, *_tools(), number, *given, today=wired.clock.today(), **_who())
    except Changed as error:
        return _page(_troubled(typed, str(error), line.revision, line)), 409
    except FeedbackError as error:
        return _page(_troubled(typed, str(error), typed.seen)), 400
    return _done("Your correction is kept.")


@staff.post("/notes/<number>/take-out")
def take_out_note(number: str) -> Response:
    """Take a note out for good."""
    _here(number)
    try:
        held.take_out(db.session(), number, request.form.get("seen", 0, type=int), **_who())
    except FeedbackError as error:
        return _done(str(error))
    return _done("The note is taken out, with its words and their codes.")


def _page(form: Form) -> str:
    wired, session = wiring(), db.session()
    asked: dict[str, list[tuple[str, str]]] = {}
    for one in held.questions(session, wired.editions):
        asked.setdefault(one.survey_title, []).append((one.key, one.words))
    return show(
        "notes/form.html",
        form=form,
        kinds=KINDS,
        people=FREE,
        asked=asked,
        abouts=held.abouts(session, wired.area, wired.clock.today()),
        languages=list(LOCALES.values()),
        longest=LONGEST,
        today=wired.clock.today(),
        theirs=_card(form.theirs) if form.theirs else None,
    )


def _card(one: Line) -> Card:
    wired, day = wiring(), words_for(SOURCE).day
    survey = wired.editions.get(db.session(), one.version_hash).plan(SOURCE).survey
    question = survey.questions.get(question_id(one.field))
    asked = question.label if question else one.field
    free = one.collection.removeprefix("noted-note-")
    return Card(
        of=one,
        kind=KINDS.get(one.kind, one.kind),
        question=f"Free note: {FREE[free].lower()}" if free in FREE else f"{survey.title}: {asked}",
        language=LOCALES[one.language].english_name if one.language in LOCALES else one.language,
        heard=day(one.heard_on),
        changed=day(one.changed_on),
    )


def _draft(line: Line, words: str) -> Draft:
    return Draft(line.kind, line.heard_on, line.heard_by, line.about, line.language, "", words)


def _typed(form: MultiDict[str, str], number: str = "") -> Form:
    day = form.get("heard_on", "").strip()
    draft = Draft(
        kind=form.get("kind", ""),
        heard_on=_date(day),
        heard_by=_text(form, "heard_by"),
        about=_text(form, "about"),
        language=form.get("language", ""),
        question=form.get("question", ""),
        words=_text(form, "words"),
    )
    return Form(draft, day, form.get("seen", 0, type=int), number=number)


def _troubled(typed: Form, trouble: str, seen: int = 0, theirs: Line | None = None) -> Form:
    return Form(typed.draft, typed.day, seen, trouble, typed.number, theirs)


def _text(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _tools() -> tuple[KeyRing, Screens, Editions]:
    return wiring().keys, wiring().screens, wiring().editions


def _who() -> Who:
    return Who(by=signed_in().name, now=wiring().clock.now())


def _here(number: str) -> Line:
    return held.find(db.session(), number) or abort(404)


def _done(words: str) -> Response:
    flash(words)
    return redirect(url_for("staff.notes"), SEE_OTHER)
