"""The registers: places and schools, services, groups, wards, agencies, priorities. An entry ends; none is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError, Refused
from feedback_app.services import registers as held
from feedback_app.services.registers import KINDS, Changed, Draft, Entry, Wanted
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.staff.standing import day_of
from feedback_app.web.support.wiring import wiring

SEE_OTHER = 303
FIRST = "place"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed."""

    kind: str = FIRST
    name: str = ""
    code: str = ""
    contact: str = ""
    ward: str = ""
    first: str = ""
    last: str = ""

    @classmethod
    def of(cls, one: Entry) -> Typed:
        """The form with what is kept."""
        first, last = (day.isoformat() if day else "" for day in (one.from_on, one.to_on))
        return cls(one.kind, one.name, one.code, one.contact, one.ward, first, last)

    @classmethod
    def from_form(cls, form: MultiDict[str, str], kind: str = "") -> Typed:
        """The form as it came."""
        names = ("name", "code", "contact", "ward", "first", "last")
        return cls(kind or form.get("kind", ""), *(form.get(name, "").strip() for name in names))

    def draft(self) -> Draft:
        """What is asked for.

        Raises:
            Refused: a day is no date.
        """
        return Draft(self.name, self.code, self.contact, self.ward, _day(self.first), _day(self.last))


@staff.get("/registers")
def registers() -> str:
    """List a page of one register."""
    session, today, asked = db.session(), wiring().clock.today(), request.args
    kind = asked.get("kind", FIRST) if asked.get("kind", FIRST) in KINDS else FIRST
    text = asked.get("search", "").strip()[:100]
    wanted = Wanted((kind,), text, "ended" in asked, asked.get("page", 1, type=int))
    given: dict[str, Any] = {"kind": kind, "search": text or None, "ended": "yes" if wanted.ended else None}
    return show(
        "registers/list.html",
        page=held.page(session, wanted, today),
        kind=kind,
        kinds=KINDS,
        counts=held.counts(session, today),
        asked=wanted,
        wards=_wards(),
        today=today,
        day_of=day_of,
        here=lambda number: url_for("staff.registers", page=number, **given),
    )


@staff.get("/registers/new")
def new_entry() -> str:
    """An empty form."""
    kind = request.args.get("kind", FIRST)
    return _form(Typed(kind if kind in KINDS else FIRST))


@staff.post("/registers/new")
def add_entry() -> Response | tuple[str, int]:
    """Add an entry; lead back to opening a survey, when it was added on the way there."""
    typed, clock = Typed.from_form(request.form), wiring().clock
    try:
        made = held.add(db.session(), typed.kind, typed.draft(), by=signed_in().name, now=clock.now())
    except FeedbackError as error:
        return _form(typed, str(error)), 422
    flash(f"{made.name} is in the register.")
    if survey := request.form.get("survey", ""):
        chosen: dict[str, Any] = {"survey": survey, "to": [*request.form.getlist("to", type=int), made.id]}
        return redirect(url_for("staff.new_collection", **chosen), SEE_OTHER)
    return redirect(url_for("staff.registers", kind=made.kind), SEE_OTHER)


@staff.get("/registers/<int:ident>")
def entry(ident: int) -> str:
    """The form with what is kept."""
    one = _here(ident)
    return _form(Typed.of(one), of=one)


@staff.post("/registers/<int:ident>")
def change_entry(ident: int) -> Response | tuple[str, int]:
    """Keep a change; when somebody else was quicker, say so and overwrite nothing."""
    one, clock = _here(ident), wiring().clock
    typed = Typed.from_form(request.form, one.kind)
    try:
        held.change(db.session(), ident, _seen(), typed.draft(), by=signed_in().name, now=clock.now())
    except Changed as error:
        return _form(typed, str(error), _here(ident), theirs=True), 409
    except FeedbackError as error:
        return _form(typed, str(error), one), 422
    return _done(one, "Your change is kept.")


@staff.post("/registers/<int:ident>/end")
def end_entry(ident: int) -> Response | tuple[str, int]:
    """Say which day is its last. It stays in the register."""
    one, clock = _here(ident), wiring().clock
    try:
        last = _day(request.form.get("last", "").strip()) or clock.today()
        held.end(db.session(), ident, _seen(), last, by=signed_in().name, now=clock.now())
    except FeedbackError as error:
        return _form(Typed.of(_here(ident)), str(error), _here(ident)), 409 if isinstance(error, Changed) else 422
    return _done(one, f"{one.name} ends in the register. Collections that are for it stay as they are.")


def _form(typed: Typed, trouble: str = "", of: Entry | None = None, *, theirs: bool = False) -> str:
    return show(
        "registers/form.html",
        theirs=Typed.of(of) if of and theirs else None,
        typed=typed,
        trouble=trouble,
        of=of,
        kinds=KINDS,
        wards=_wards(),
        survey=request.form.get("survey", ""),
        chosen=request.form.getlist("to", type=int),
        today=wiring().clock.today(),
    )


def _wards() -> dict[str, str]:
    return {one.code: one.name for one in held.named(db.session(), "ward")}


def _here(ident: int) -> Entry:
    return held.find(db.session(), ident) or abort(404)


def _seen() -> int:
    return min(request.form.get("seen", 0, type=int), held.GREATEST)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused("A day is not a date. Write it like this: 2026-03-31.") from None


def _done(one: Entry, words: str) -> Response:
    flash(words)
    return redirect(url_for("staff.registers", kind=one.kind), SEE_OTHER)
