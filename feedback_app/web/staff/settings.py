"""The settings of the area: names, contacts, words, signposts, the reporting year, thresholds. For administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from flask import abort, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from feedback_app.core.clock import LOCAL
from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import REQUIRED_SIGNPOSTS, Signpost
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import area_settings as held
from feedback_app.services.area_settings import GENERAL, HEAR_BACK, SIGNPOST, TEXTS, THRESHOLDS, YEAR, Change, Changed
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.in_force import base_area, look_again
from feedback_app.web.support.language import words_for
from feedback_app.web.support.wiring import wiring

SEE_OTHER = 303
WAYS = ("phone", "sms", "chat", "url")
AUDIENCES = {
    "child": "Children",
    "young-person": "Young people",
    "parent": "Parents and carers",
    "practitioner": "People who work with children",
    "manager": "Managers",
}
NAMES = {
    "name": "Name of the partnership",
    "short_name": "Short name",
    "controller": "Data controller",
    "contact": "Contact",
    "privacy_url": "Address of the full privacy notice",
    HEAR_BACK: "When people hear from you",
    YEAR: "First day of the reporting year",
    "smallest_count": "Smallest number shown",
    "round_to": "Numbers are rounded to",
    "percent_base": "Smallest base of a percentage",
}


class Who(TypedDict):
    """Who does it, and when."""

    by: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One change in words, for the history."""

    number: int
    what: str
    before: str
    after: str
    by: str
    at: str


@staff.get("/settings")
def area_settings() -> str:
    """Show what counts now."""
    session = db.session()
    return _page(held.general(held.over(session, base_area())), held.last_of(session, *GENERAL))


@staff.post("/settings")
def set_area() -> Response | tuple[str, int]:
    """Keep the general settings; when somebody else was quicker, show theirs and overwrite nothing."""
    session, typed, seen = db.session(), _typed(request.form), _seen()
    try:
        differing = held.set_general(session, base_area(), seen, typed, **_who())
    except Changed as error:
        return _page(typed, held.last_of(session, *GENERAL), str(error), held.since(session, seen, *GENERAL)), 409
    except FeedbackError as error:
        return _page(typed, seen, str(error)), 400
    return _done("It is kept. It counts everywhere within a minute." if differing else "Nothing was different.")


@staff.get("/settings/history")
def area_history() -> str:
    """Show who set what, the newest first. `before` is the number of the change that the page ends before."""
    given = request.args.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
    found = held.history(db.session(), before=before, size=held.A_PAGE + 1)
    older = found[held.A_PAGE - 1].number if len(found) > held.A_PAGE else None
    return show(
        "settings/history.html", events=[_event(one) for one in found[: held.A_PAGE]], older=older, before=before
    )


@staff.get("/settings/signposts/new")
def new_signpost() -> str:
    """An empty form."""
    return _signpost_page({"id": "", "name": {}, "says": {}, "audiences": ()} | dict.fromkeys(WAYS, ""), 0, new=True)


@staff.get("/settings/signposts/<ident>")
def signpost(ident: str) -> str:
    """The form with what counts now."""
    post = _here(ident)
    return _signpost_page(post.model_dump(), held.last_of(db.session(), SIGNPOST + ident))


@staff.post("/settings/signposts/new")
def add_signpost() -> Response | tuple[str, int]:
    """Keep a new signpost."""
    return _keep_signpost(_typed_signpost(request.form, request.form.get("id", "").strip()), new=True)


@staff.post("/settings/signposts/<ident>")
def set_signpost(ident: str) -> Response | tuple[str, int]:
    """Keep a change of a signpost."""
    _here(ident)
    return _keep_signpost(_typed_signpost(request.form, ident), new=False)


@staff.post("/settings/signposts/<ident>/checked")
def check_signpost(ident: str) -> Response | tuple[str, int]:
    """Write down that it was checked today, and by whom."""
    post, today = _here(ident), wiring().clock.today()
    try:
        held.check_signpost(db.session(), base_area(), ident, _seen(), today=today, **_who())
    except Changed as error:
        return _other_signpost(post, str(error)), 409
    return _done(f"It is written down that you checked “{post.name[SOURCE]}” today.")


@staff.post("/settings/signposts/<ident>/gone")
def drop_signpost(ident: str) -> Response | tuple[str, int]:
    """Take it off every page."""
    post = _here(ident)
    try:
        held.drop_signpost(db.session(), base_area(), ident, _seen(), **_who())
    except FeedbackError as error:
        return _other_signpost(post, str(error)), 409
    return _done(f"“{post.name[SOURCE]}” is taken off every page. Its history stays.")


def _keep_signpost(typed: dict[str, Any], *, new: bool) -> Response | tuple[str, int]:
    session, seen, today = db.session(), _seen(), wiring().clock.today()
    name = SIGNPOST + typed["id"]
    try:
        held.set_signpost(session, base_area(), seen, typed, new=new, today=today, **_who())
    except Changed as error:
        theirs = held.since(session, seen, name)
        return _signpost_page(typed, held.last_of(session, name), str(error), theirs), 409
    except FeedbackError as error:
        return _signpost_page(typed, seen, str(error), new=new), 400
    return _done("The signpost is kept. It is on every page within a minute.")


def _page(values: Mapping[str, Any], seen: int, trouble: str = "", theirs: list[Change] | None = None) -> str:
    session, today = db.session(), wiring().clock.today()
    area = held.over(session, base_area())
    late = {post.id for post in area.signposts for gap in _late(post)}
    return show(
        "settings/form.html",
        values=values,
        seen=seen,
        trouble=trouble,
        theirs=[_event(one) for one in theirs or ()],
        names=NAMES,
        least=held.general(area),
        most=TEXTS | THRESHOLDS,
        source=SOURCE,
        others=[locale for code, locale in LOCALES.items() if code != SOURCE],
        signposts=[(post, held.last_of(session, SIGNPOST + post.id), post.id in late) for post in area.signposts],
        required=REQUIRED_SIGNPOSTS,
        today=today,
    )


def _late(post: Signpost) -> list[str]:
    """What is wrong with a signpost by itself, such as that nobody checked it for half a year."""
    alone = wiring().area.model_copy(update={"signposts": (post.model_copy(update={"audiences": ()}),)})
    return [gap for gap in alone.signpost_gaps(wiring().clock.today(), "child") if "missing" not in gap]


def _signpost_page(
    typed: Mapping[str, Any], seen: int, trouble: str = "", theirs: list[Change] | None = None, *, new: bool = False
) -> str:
    return show(
        "settings/signpost.html",
        post=typed,
        seen=seen,
        trouble=trouble,
        theirs=[_event(one) for one in theirs or ()],
        new=new,
        required=typed["id"] in REQUIRED_SIGNPOSTS,
        audiences=AUDIENCES,
        source=SOURCE,
        others=[locale for code, locale in LOCALES.items() if code != SOURCE],
    )


def _other_signpost(post: Signpost, trouble: str) -> str:
    """The form with what counts now, for somebody whose act could not be done."""
    return _signpost_page(post.model_dump(), held.last_of(db.session(), SIGNPOST + post.id), trouble)


def _event(one: Change) -> Event:
    what = NAMES.get(one.name, f"Signpost {one.name.removeprefix(SIGNPOST)}")
    at = one.changed_at if one.changed_at.tzinfo else one.changed_at.replace(tzinfo=wiring().clock.now().tzinfo)
    local = at.astimezone(LOCAL)
    before, after = (_differing(mine, other) for mine, other in ((one.before, one.after), (one.after, one.before)))
    when = f"{words_for(SOURCE).day(local.date())}, {local:%H:%M}"
    return Event(one.number, what, _in_words(before), _in_words(after), one.changed_by, when)


def _differing(mine: Any, other: Any) -> Any:
    """Of keys and values, those that the other does not have alike."""
    if isinstance(mine, dict) and isinstance(other, dict):
        return {key: value for key, value in mine.items() if other.get(key) != value}
    return mine


def _in_words(value: Any) -> str:
    """A value on one line, for a person to compare."""
    if value is None:
        return "not there"
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {_in_words(inner)}" for key, inner in value.items()) or "nothing"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "nothing"
    return str(value) or "nothing"


def _typed(form: MultiDict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: form.get(name, "").strip() for name in (*TEXTS, YEAR)}
    values[HEAR_BACK] = _spoken(form, HEAR_BACK)
    # What is no number is less than any threshold, so it is refused with what the threshold is now.
    return values | {name: form.get(name, 0, type=int) for name in THRESHOLDS}


def _typed_signpost(form: MultiDict[str, str], ident: str) -> dict[str, Any]:
    given = {way: form.get(way, "").strip() for way in WAYS}
    chosen = tuple(audience for audience in AUDIENCES if audience in form.getlist("audience"))
    return {"id": ident, "name": _spoken(form, "name"), "says": _spoken(form, "says"), "audiences": chosen} | given


def _spoken(form: MultiDict[str, str], name: str) -> dict[str, str]:
    said = {code: form.get(f"{name}-{code}", "").replace("\r\n", "\n").strip() for code in LOCALES}
    return {code: words for code, words in said.items() if words}


def _seen() -> int:
    return request.form.get("seen", 0, type=int)


def _who() -> Who:
    return Who(by=signed_in().name, now=wiring().clock.now())


def _here(ident: str) -> Signpost:
    return held.find_signpost(held.over(db.session(), base_area()), ident) or abort(404)


def _done(words: str) -> Response:
    look_again()
    flash(words)
    return redirect(url_for("staff.area_settings"), SEE_OTHER)
