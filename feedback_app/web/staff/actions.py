"""You said, we did: write what came of people's answers, and publish it. A second editor is told; nothing is lost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import TypedDict

from flask import abort, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import actions as held
from feedback_app.services import collections
from feedback_app.services.actions import LONGEST, STATES, Changed, Draft, Kept
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.language import words_for
from feedback_app.web.support.wiring import wiring

NEW = Draft({}, {}, {}, "")
TEXTS = ("said", "did", "why_not")
IN_WORDS = {"done": "Done", "doing": "We are doing it now", "planned": "Planned", "not-possible": "Not possible"}
SEE_OTHER = 303
LONGEST_SEARCH = 100


class Who(TypedDict):
    """Who does it, and when."""

    by: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Line:
    """One action as the list shows it."""

    of: Kept
    state: str
    survey: str
    languages: str
    begun: str
    published: str
    changed: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form: what stands in it, the revision it began from, and what is wrong."""

    draft: Draft
    seen: int = 0
    trouble: str = ""
    theirs: Kept | None = None  # what somebody else wrote meanwhile
    published: bool = False
    ident: int | None = field(default=None)


@staff.get("/actions")
def actions() -> str:
    """List a page of the actions, with who may read each."""
    text = request.args.get("search", "").strip()[:LONGEST_SEARCH]
    page = held.page(db.session(), text, request.args.get("page", 1, type=int))
    titles = collections.titles(db.session(), [one.collection_id or "" for one in page.actions])
    return show(
        "actions/list.html",
        page=page,
        lines=[_line(one, titles) for one in page.actions],
        text=text,
        here=lambda at: url_for("staff.actions", page=at, search=text or None),
    )


@staff.get("/actions/new")
def new_action() -> str:
    """An empty form; where it was opened from a collection, with that one chosen."""
    return _form(Form(replace(NEW, collection_id=request.args.get("collection", "")[:80])))


@staff.post("/actions/new")
def write_action() -> Response | tuple[str, int]:
    """Keep a new action, for staff only."""
    draft = _typed(request.form)
    try:
        held.write(db.session(), draft, **_who())
    except FeedbackError as error:
        return _form(Form(draft, trouble=str(error))), 400
    return _done("It is kept. Only staff see it until you publish it.")


@staff.get("/actions/<int:ident>")
def action(ident: int) -> str:
    """The form with what is kept."""
    kept = _here(ident)
    return _form(_filled(kept))


@staff.post("/actions/<int:ident>")
def change_action(ident: int) -> Response | tuple[str, int]:
    """Keep a change; when somebody else was quicker, show both and overwrite nothing."""
    kept, draft = _here(ident), _typed(request.form)
    try:
        held.change(db.session(), ident, _seen(), draft, **_who())
    except Changed as error:
        return _form(Form(draft, kept.revision, str(error), kept, kept.published_on is not None, ident)), 409
    except FeedbackError as error:
        return _form(Form(draft, _seen(), str(error), None, kept.published_on is not None, ident)), 400
    return _done("Your change is kept." + (" Everyone can read it now." if kept.published_on else ""))


@staff.post("/actions/<int:ident>/publish")
def publish_action(ident: int) -> Response | tuple[str, int]:
    """Let everyone read it."""
    kept = _here(ident)
    try:
        held.publish(db.session(), ident, _seen(), **_who())
    except Changed as error:
        return _form(Form(_draft(kept), kept.revision, f"{error} Read it before you publish it.", ident=ident)), 409
    return _done("It is published. Everyone can read it under “You said, we did”.")


@staff.post("/actions/<int:ident>/withdraw")
def withdraw_action(ident: int) -> Response | tuple[str, int]:
    """Take it off the public page."""
    kept = _here(ident)
    try:
        held.withdraw(db.session(), ident, _seen(), **_who())
    except Changed as error:
        return _form(Form(_draft(kept), kept.revision, str(error), None, kept.published_on is not None, ident)), 409
    return _done("It is taken off the public page. Staff still have it.")


def _form(form: Form) -> str:
    return show(
        "actions/form.html",
        form=form,
        states=IN_WORDS,
        longest=LONGEST,
        source=SOURCE,
        others=[locale for code, locale in LOCALES.items() if code != SOURCE],
        surveys=[(one.id, one.title) for one in collections.choices(db.session(), form.draft.collection_id or "")],
        their_texts=_written(form.theirs) if form.theirs else (),
    )


def _line(one: Kept, titles: dict[str, str]) -> Line:
    day = words_for(SOURCE).day
    return Line(
        of=one,
        state=IN_WORDS[one.state],
        survey=titles.get(one.collection_id or "", ""),
        languages=_named(one.languages),
        begun=_named(one.begun),
        published=day(one.published_on) if one.published_on else "",
        changed=day(one.changed_on),
    )


def _named(codes: list[str]) -> str:
    return ", ".join(LOCALES[code].english_name for code in codes)


def _written(kept: Kept) -> list[tuple[str, str]]:
    """What somebody else wrote, text by text, for a person to compare."""
    texts = [("Said", kept.said), ("Did", kept.did), ("Why not", kept.why_not)]
    return [(f"{name}, {LOCALES[code].english_name}", said[code]) for name, said in texts for code in said]


def _filled(kept: Kept) -> Form:
    return Form(_draft(kept), kept.revision, published=kept.published_on is not None, ident=kept.id)


def _draft(kept: Kept) -> Draft:
    return Draft(**{name: value for name, value in asdict(kept).items() if name in Draft.__slots__})


def _typed(form: MultiDict[str, str]) -> Draft:
    texts = {text: {code: _text(form, f"{text}-{code}") for code in LOCALES} for text in TEXTS}
    spoken = {text: {code: words for code, words in said.items() if words} for text, said in texts.items()}
    state = form.get("state", "")
    return Draft(**spoken, state=state if state in STATES else "", collection_id=form.get("collection", ""))


def _text(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _seen() -> int:
    return request.form.get("seen", 0, type=int)


def _who() -> Who:
    clock = wiring().clock
    return Who(by=signed_in().name, now=clock.now(), today=clock.today())


def _here(ident: int) -> Kept:
    return held.find(db.session(), ident) or abort(404)


def _done(words: str) -> Response:
    flash(words)
    return redirect(url_for("staff.actions"), SEE_OTHER)
