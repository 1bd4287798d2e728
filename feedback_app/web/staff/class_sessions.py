"""Classes on shared tablets: open one, see its code and PIN once, count who took part, close it early."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError, Refused
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import bundles, class_sessions, collections
from feedback_app.services.class_sessions import LEAST_IDLE, LONGEST_LABEL, MOST_IDLE, Asked, Held, Opened
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.staff.standing import SURVEY
from feedback_app.web.support.language import words_for
from feedback_app.web.support.wiring import wiring

USUAL_IDLE = "3"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed."""

    label: str = ""
    collection: str = ""
    first: str = ""
    last: str = ""
    idle: str = USUAL_IDLE
    outreach: bool = False

    def asked(self) -> Asked:
        """What is asked for.

        Raises:
            FeedbackError: a day is no date, or the minutes are no number.
        """
        if not self.idle.strip().isdecimal():
            raise FeedbackError(f"The minutes have to be a number from {LEAST_IDLE} to {MOST_IDLE}.")
        first, last = _date(self.first, "first"), _date(self.last, "last")
        return Asked(self.collection, self.label, first, last, int(self.idle), self.outreach)


@dataclass(frozen=True, slots=True)
class Line:
    """One class session as it is shown. The counts are exact, for signed-in staff only."""

    of: Held
    survey: str
    state: str
    when: str
    waiting: int
    troubled: int


@staff.get("/classes")
def classes() -> str:
    """List the class sessions, with the form that opens another."""
    return _page(_typed(request.args))


@staff.post("/classes")
def open_class() -> str | tuple[str, int]:
    """Open a class session. Its code and PIN are on this one page and nowhere else, so it leads to no other."""
    typed, wired = _typed(request.form), wiring()
    try:
        asked = typed.asked()
        opened = class_sessions.open_one(
            db.session(), wired.keys.server, asked, by=signed_in().name, now=wired.clock.now()
        )
    except FeedbackError as error:
        return _page(typed, trouble=str(error)), 400
    return _page(_typed({}), opened=opened, label=asked.label)


@staff.post("/classes/close")
def close_class() -> Response:
    """Close a class session today."""
    clock = wiring().clock
    ident, by = request.form.get("class", ""), signed_in().name
    try:
        class_sessions.close(db.session(), ident, by=by, now=clock.now(), today=clock.today())
        flash("The class is closed. Nobody can begin on its tablets any more.")
    except Refused as error:
        flash(str(error))
    return redirect(url_for("staff.classes"), 303)


@staff.post("/classes/take-in")
def take_in() -> Response:
    """Open what outreach tablets sent and store it as answers."""
    wired = wiring()
    given = (db.session(), wired.keys, wired.screens, wired.editions)
    taken = bundles.take_in(*given, by=signed_in().name, now=wired.clock.now())
    flash(f"Stored: {taken.stored}. Said no: {taken.said_no}. Could not be stored: {taken.troubled}.")
    return redirect(url_for("staff.classes"), 303)


def _page(typed: Typed, *, opened: Opened | None = None, label: str = "", trouble: str = "") -> str:
    session, text = db.session(), request.args.get("search", "").strip()[:LONGEST_LABEL]
    page, waits = class_sessions.page(session, text, request.args.get("page", 1, type=int)), bundles.waiting(session)
    return show(
        "class_sessions/list.html",
        page=page,
        lines=list(_lines(page.classes, waits)),
        text=text,
        here=lambda at: url_for("staff.classes", page=at, search=text or None),
        surveys=[(one.id, one.title) for one in collections.choices(session, typed.collection) if _can_be_asked(one)],
        typed=typed,
        opened=opened,
        label=label,
        trouble=trouble,
        address=f"{wiring().settings.address}/{SOURCE}/class",
        waiting=sum(number for number, _ in waits.values()),
        least=LEAST_IDLE,
        most=MOST_IDLE,
        longest=LONGEST_LABEL,
    )


def _lines(found: list[Held], waits: Mapping[str, tuple[int, int]]) -> Iterator[Line]:
    titles, today = collections.titles(db.session(), [one.collection for one in found]), wiring().clock.today()
    for one in found:
        yield Line(one, titles[one.collection], _state(one, today), _when(one), *waits.get(one.id, (0, 0)))


def _can_be_asked(one: collections.Held) -> bool:
    over = one.closed_at or one.archived_on or (one.closes_on and one.closes_on < wiring().clock.today())
    return one.source == SURVEY and not over


def _state(one: Held, today: date) -> str:
    if one.open(today):
        return "open"
    return "waiting" if one.closes_on >= today else "closed"


def _when(one: Held) -> str:
    if one.closes_on < one.opens_on:
        return "It was closed on its first day."
    day = words_for(SOURCE).day
    return f"{day(one.opens_on)} to {day(one.closes_on)}" if one.opens_on < one.closes_on else day(one.opens_on)


def _typed(given: Mapping[str, str]) -> Typed:
    today = wiring().clock.today().isoformat()
    return Typed(
        given.get("label", ""),
        given.get("collection", ""),
        given.get("first", today),
        given.get("last", today),
        given.get("idle", USUAL_IDLE),
        "outreach" in given,
    )


def _date(typed: str, which: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise FeedbackError(f"The {which} day is not a date. Write it like this: 2026-03-31.") from None
