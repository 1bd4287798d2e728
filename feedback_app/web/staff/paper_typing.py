"""Type a paper form in: one page for each part of the survey, one small box for each question, all by keyboard."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import abort, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.i18n.placeholders import PLACEHOLDER
from feedback_app.journey.piping import NOT_SAID
from feedback_app.journey.plan import Part, Plan
from feedback_app.questions.asked import Asked
from feedback_app.questions.registry import type_of
from feedback_app.services.collections import Held
from feedback_app.services.editions import Shape
from feedback_app.services.paper import comparing, keyed, typing
from feedback_app.services.paper.typing import Already, Typing, Typist
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.staff.paper import Number, overview, paper_here
from feedback_app.web.support.wiring import wiring

HELD = "typing"  # in the session: what a half-typed form is encrypted under, gone with signing out
MANY_LINES = "paragraph"


@dataclass(frozen=True, slots=True)
class Here:
    """The form that is being typed."""

    collection: Held
    form: Typing
    typist: Typist
    plan: Plan

    @property
    def parts(self) -> list[Part]:
        """The parts of the survey, a page each."""
        return typing.parts_of(self.plan)

    def address(self, page: int | None = None) -> str:
        """The page of a part, or the one after the last, where the form is checked."""
        if page is None or page >= len(self.parts):
            return url_for("staff.check_form", collection=self.collection.id, number=self.form.number)
        return url_for("staff.type_part", collection=self.collection.id, number=self.form.number, page=page + 1)


@dataclass(frozen=True, slots=True)
class Box:
    """One box to type in. `options` are what its numbers (or letters) stand for."""

    name: str
    code: str
    words: str
    note: str
    options: tuple[tuple[str, str], ...]
    value: str
    trouble: str
    wide: bool
    lines: bool


@staff.post("/collections/<collection>/paper/forms")
def begin_form(collection: str) -> AnyResponse | tuple[str, int]:
    """Begin with a form's number; a number that was typed in is asked about first."""
    here, form = paper_here(collection), request.form
    number = form.get("number", "")
    try:
        begun = _begun(here, typing.tidy_number(number))
        typing.begin(db.session(), _typist(), here, begun, wiring().clock.now())
    except Already as error:
        return overview(here, Number(typing.tidy_number(number), str(error), again=True)), 409
    except FeedbackError as error:
        return overview(here, Number(number, str(error))), 400
    return redirect(url_for("staff.type_part", collection=here.id, number=begun.number, page=1), 303)


@staff.get("/collections/<collection>/paper/forms/<number>/<int:page>")
def type_part(collection: str, number: str, page: int) -> str:
    """One part of the form. What was typed wrong is said beside its box, from the moment the part was kept."""
    here = _form_here(collection, number)
    if not 1 <= page <= len(here.parts):
        abort(404)
    part = here.parts[page - 1]
    boxes = list(_boxes(part, here.form.typed.get(part.page.id)))
    title = _plain(part.page.title)
    return show("paper/part.html", here=here, boxes=boxes, title=title, page=page, pages=len(here.parts))


@staff.post("/collections/<collection>/paper/forms/<number>/<int:page>")
def keep_part(collection: str, number: str, page: int) -> AnyResponse:
    """Keep what was typed and go on, back, or stay where something is typed wrong. Nothing typed is lost."""
    here = _form_here(collection, number)
    if not 1 <= page <= len(here.parts):
        abort(404)
    part = here.parts[page - 1]
    typed = {name: request.form.get(name, "") for asked in keyed.asked_in(part) for name in _names(asked)}
    typing.keep(db.session(), here.typist, here.collection.id, number, part.page.id, typed)
    if request.form.get("go") == "back":
        return redirect(here.address(max(page - 2, 0)), 303)
    wrong = bool(keyed.read(part, typed).troubles)
    return redirect(here.address(page - 1 if wrong else page), 303)


@staff.get("/collections/<collection>/paper/forms/<number>/check")
def check_form(collection: str, number: str) -> str:
    """Say what the form comes to: what is blank, unclear, left out, or needs another look."""
    return _check(_form_here(collection, number))


@staff.post("/collections/<collection>/paper/forms/<number>/check")
def finish_form(collection: str, number: str) -> AnyResponse | tuple[str, int]:
    """Store the form, or forget it."""
    here = _form_here(collection, number)
    if request.form.get("go") == "forget":
        typing.forget(db.session(), here.typist, here.collection.id, number)
        flash(f"What was typed of form {number} is forgotten.")
        return redirect(url_for("staff.paper", collection=collection), 303)
    try:
        flash(_store(here))
    except FeedbackError as error:
        return _check(here, str(error)), 409
    return redirect(url_for("staff.paper", collection=collection), 303)


def _store(here: Here) -> str:
    clock, number = wiring().clock, here.form.number
    given = (db.session(), here.typist, here.collection, wiring().editions, here.form, clock.now(), clock.today())
    if not here.form.second:
        if typing.store(*given).declined:
            return f"Form {number} says no to taking part. It is counted, and nothing of it is stored."
        return f"Form {number} is stored."
    differ = comparing.store_second(*given)
    if not differ:
        return f"Form {number}: both typings agree."
    return f"Form {number}: the two typings differ on {differ} {'question' if differ == 1 else 'questions'}."


def _begun(here: Held, number: str) -> Typing:
    form = request.form
    language = form.get("language", SOURCE)
    if language not in LOCALES:
        abort(400)
    version = form.get("version") or here.version_hash
    return Typing(number, version, language, easy="easy" in form, second="again" in form)


def _typist() -> Typist:
    if HELD not in session:
        session[HELD] = secrets.token_urlsafe(32)
    return Typist(wiring().keys, wiring().screens, signed_in().name, session[HELD])


def _form_here(collection: str, number: str) -> Here:
    here, secret = paper_here(collection), session.get(HELD, "")
    typist = Typist(wiring().keys, wiring().screens, signed_in().name, secret)
    form = typing.find(db.session(), typist, here.id, number) if typist.secret else None
    if form is None:
        abort(404)
    edition = wiring().editions.asked(db.session(), Shape(form.version_hash, here.left_out))
    return Here(here, form, typist, typing.plan_of(edition))


def _check(here: Here, trouble: str = "") -> str:
    found = typing.result(here.plan, here.form)
    names = {name: number for number, part in enumerate(here.parts) for a in keyed.asked_in(part) for name in _names(a)}
    troubled = [(name, words, here.address(names[name])) for name, words in found.keyed.troubles.items()]
    blank = [name for name, answer in found.path.live.items() if not answer and name in here.plan.asked]
    return show(
        "paper/check.html",
        here=here,
        found=found,
        troubled=troubled,
        consent=here.plan.survey.consent,
        blank=[name for name in blank if name not in found.unclear],
        given=sum(bool(answer) for name, answer in found.path.live.items() if name in here.plan.asked),
        trouble=trouble,
    )


def _names(asked: Asked) -> list[str]:
    names = [item.id for item in type_of(asked).parts(asked)]
    return [*names, asked.other_id] if asked.opens_box else names


def _boxes(part: Part, typed: Mapping[str, str] | None) -> Iterator[Box]:
    troubles = keyed.read(part, typed).troubles if typed is not None else {}
    values = typed or {}
    for asked in keyed.asked_in(part):
        kind = type_of(asked)
        for item in kind.parts(asked):
            marks = keyed.LETTERS if kind.written else range(1, len(asked.choices) + 1)
            yield Box(
                item.id,
                asked.question.id,
                _plain(item.words),
                NOTES.get(kind.name, ""),
                tuple((str(mark), _plain(one.label)) for mark, one in zip(marks, asked.choices, strict=False)),
                values.get(item.id, ""),
                troubles.get(item.id, ""),
                wide=kind.text or kind.written or kind.several,
                lines=kind.name == MANY_LINES,
            )
        if asked.opens_box:
            name, which = asked.other_id, [n for n, one in enumerate(asked.choices, 1) if one.value in asked.opens_box]
            words = f"Own words beside answer {' or '.join(map(str, which))}"
            yield Box(name, "", words, "", (), values.get(name, ""), troubles.get(name, ""), wide=True, lines=False)


NOTES = {
    "multi": "All that are ticked, such as 1 3 4",
    "rank": "First place first, such as 3 1 2",
    "date": "Day, month and year, such as 27 3 2026",
    "year-month": "Month and year, such as 3 2026",
}


def _plain(text: str) -> str:
    return PLACEHOLDER.sub(NOT_SAID, text)
