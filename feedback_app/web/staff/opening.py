"""Open a survey to somebody in a few steps; change it, close it, reopen it, archive it, leave parts out, remind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError, Refused
from feedback_app.services import asking, collections, openings, registers, reminders
from feedback_app.services.collections import Held
from feedback_app.services.openings import SETTINGS, Asked, Changed, Doer
from feedback_app.services.registers import Entry
from feedback_app.services.reminders import Said
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.arriving import collection_here
from feedback_app.web.staff.collections import NUMBERS, one_page
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.staff.readiness import before
from feedback_app.web.staff.standing import address_of, day_of, spoken
from feedback_app.web.staff.terms import Typed
from feedback_app.web.support.wiring import wiring

SEE_OTHER = 303
NOTHING_CHOSEN = {
    1: "Choose which survey.",
    2: "Tick to whom it is opened, or add a place, or say which event it is.",
}
KIND_WORDS = {"place": "Place or school", "service": "Service", "group": "Group"}


@dataclass(frozen=True, slots=True)
class Steps:
    """How far the form has come: which survey, to whom, and on which terms. Each step is a page of its own."""

    survey: Held | None = None
    to: tuple[Entry, ...] = ()
    event: str = ""
    typed: Typed | None = None

    @property
    def number(self) -> int:
        """Which step comes next, from 1."""
        if self.survey is None:
            return 1
        if not self.to and not self.event:
            return 2
        return 3 if self.typed is None else 4

    @property
    def names(self) -> list[str]:
        """To whom it is opened."""
        return [one.name for one in self.to] or [self.event]


@staff.get("/collections/new")
def new_collection() -> str | tuple[str, int]:
    """Show the next step of opening a survey. Looking for more to open it to stays at that step."""
    steps, go = _steps(request.args), request.args.get("go", "")
    if steps.survey and (go == "find" or "page" in request.args):
        return _step(steps, 2)
    if go == "on" and steps.number < 3:
        return _step(steps, steps.number, NOTHING_CHOSEN[steps.number]), 422
    if steps.number == 4 and steps.typed and go != "change":
        try:
            steps.typed.terms()
        except FeedbackError as error:
            return _step(steps, 3, str(error)), 422
        return _step(steps, 4)
    return _step(steps, min(steps.number, 3))


@staff.post("/collections/new")
def open_collection() -> Response | tuple[str, int]:
    """Open the survey as the last step shows it, to each of those who were chosen, or to nobody."""
    steps, wired, doer = _steps(request.form), wiring(), _doer()
    survey = steps.survey.id if steps.survey else ""
    try:
        terms = (steps.typed or Typed()).terms()
        wanted = [Asked(survey, terms, one.id) for one in steps.to] or [Asked(survey, terms, event=steps.event)]
        made = [openings.open_one(db.session(), asked, wired.editions, wired.interfaces, doer) for asked in wanted]
    except FeedbackError as error:
        return _step(steps, min(steps.number, 3), str(error)), 422
    if len(made) > 1:
        flash(f"{len(made)} collections are kept, one for each. Each has an address of its own.")
        return redirect(url_for("staff.collections", search=steps.survey.title if steps.survey else None), SEE_OTHER)
    flash(f"It is kept. People find it at {address_of(made[0].id)}")
    return redirect(url_for("staff.collection", collection=made[0].id), SEE_OTHER)


@staff.post("/collections/<collection>")
def change_collection(collection: str) -> Response | tuple[str, int]:
    """Keep a change of the terms."""
    typed, wired, one = Typed.from_form(request.form), wiring(), collection_here(collection)
    try:
        openings.change(db.session(), one.id, _seen(), typed.terms(), wired.editions, wired.interfaces, _doer())
    except Changed as error:
        both = f"{error} What is kept now stands above the form, and what you typed is still in it."
        return one_page(collection_here(collection), FeedbackError(both), "change", typed), 409
    except FeedbackError as error:
        return one_page(one, error, "change", typed), 422
    return _done(collection, "Your change is kept.")


@staff.post("/collections/<collection>/state")
def end_collection(collection: str) -> Response | tuple[str, int]:
    """Close it, open it again, or put it out of sight."""
    try:
        words = _set_state(collection_here(collection), request.form.get("go", ""))
    except FeedbackError as error:
        return one_page(collection_here(collection), error, "state"), 409 if isinstance(error, Changed) else 422
    return _done(collection, words)


@staff.get("/collections/<collection>/parts")
def parts(collection: str) -> str:
    """Show the parts of the survey, and which are left out here."""
    return _parts(collection_here(collection))


@staff.post("/collections/<collection>/parts")
def leave_out_parts(collection: str) -> Response | tuple[str, int]:
    """Leave out the parts that are ticked, and no others."""
    one, form = collection_here(collection), request.form
    try:
        openings.leave_out(
            db.session(), one.id, _seen(), form.getlist("part"), form.get("why", ""), wiring().editions, _doer()
        )
    except Changed as error:
        return _parts(collection_here(collection), str(error)), 409
    except FeedbackError as error:
        return _parts(one, str(error)), 422
    return _done(collection, "It is kept, with who asked for it and why. The report will say it too.")


@staff.post("/collections/<collection>/remind")
def remind(collection: str) -> Response | tuple[str, int]:
    """Write a reminder to the contact of the place, service or group."""
    one, wired, doer = collection_here(collection), wiring(), _doer()
    to = registers.find(db.session(), one.setting_id) if one.setting_id else None
    survey = wired.editions.get(db.session(), one.version_hash).frozen.document["title"]
    said = Said(survey, address_of(one.id), day_of(one.closes_on), wired.area.name)
    try:
        reminders.remind(db.session(), wired.keys.server, one, to, said, by=doer.by, now=doer.now, today=doer.today)
    except Refused as error:
        return one_page(one, error, "remind"), 422
    return _done(collection, "The reminder is written. It goes out by e-mail within a minute.")


def _set_state(one: Held, go: str) -> str:
    session, wired, doer = db.session(), wiring(), _doer()
    match go:
        case "open":
            openings.begin(session, one.id, _seen(), wired.editions, wired.interfaces, doer)
            return "It is open. People can answer."
        case "close":
            openings.close(session, one.id, _seen(), doer)
            return "It is closed. Nobody can begin any more. Whoever is half-way has 30 minutes to finish."
        case "reopen":
            until = _until(request.form.get("closes", "").strip())
            openings.reopen(
                session, one.id, _seen(), request.form.get("why", ""), until, wired.editions, wired.interfaces, doer
            )
            return "It is open again. Your reason is kept."
        case "archive":
            openings.archive(session, one.id, _seen(), doer)
            return "It is archived. Its answers stay. You find it in the list under “Archived”."
    raise Refused("Choose what to do.")


def _until(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused("The new last day is not a date. Write it like this: 2026-03-31.") from None


def _steps(given: MultiDict[str, str]) -> Steps:
    session = db.session()
    survey = collections.find(session, given.get("survey", "")[:80])
    found = registers.those(session, given.getlist("to", type=int)[: registers.A_PAGE])
    to = tuple(one for one in found if one.kind in SETTINGS)
    typed = Typed.from_form(given) if "opens" in given else None
    return Steps(
        survey if survey and survey.standing else None,
        to,
        " ".join(given.get("event", "").split())[: openings.LONGEST_EVENT],
        # Numbers of people are of one place. Where there are more, each is said on the page of its own.
        replace(typed, numbers={}) if typed and len(to) > 1 else typed,
    )


def _step(steps: Steps, number: int, trouble: str = "") -> str:
    session, wired, today = db.session(), wiring(), wiring().clock.today()
    search = request.args.get("search", "").strip()[:100]
    edition = wired.editions.get(session, steps.survey.version_hash) if steps.survey else None
    wanted = registers.Wanted(SETTINGS, search, page=request.args.get("page", 1, type=int))
    return show(
        "collections/new.html",
        steps=steps,
        number=number,
        trouble=trouble,
        surveys=_surveys() if number == 1 else [],
        search=search,
        found=registers.page(session, wanted, today) if number == 2 else None,
        kinds=KIND_WORDS,
        typed=steps.typed or Typed(opens=today.isoformat()),
        terms=steps.typed.terms() if number == 4 and steps.typed else None,
        offered=list(spoken(edition)) if edition else [],
        before=before(edition, steps.survey.id, _wished(steps)) if edition and steps.survey else None,
        often=_often(steps) if number == 4 else [],
        numbers=NUMBERS if len(steps.to) < 2 else {},
        longest=openings.LONGEST_EVENT,
        today=today,
    )


def _surveys() -> list[tuple[Held, bool]]:
    """The surveys that can be opened, each with whether something is missing before it may be."""
    session, made = db.session(), wiring().editions
    found = collections.standing(session)
    return [(one, before(made.get(session, one.version_hash), one.id).stopped) for one in found]


def _wished(steps: Steps) -> tuple[str, ...]:
    return steps.typed.languages if steps.typed else ()


def _often(steps: Steps) -> list[asking.TooOften]:
    if not steps.typed:
        return []
    found = asking.of_settings(db.session(), [one.id for one in steps.to], steps.typed.terms().opens_on)
    return [found[one.id] for one in steps.to if one.id in found]


def _parts(one: Held, trouble: str = "") -> str:
    edition = wiring().editions.get(db.session(), one.version_hash)
    again = bool(trouble) and "seen" in request.form and _seen() == one.revision
    return show(
        "collections/parts.html",
        one=one,
        pages=openings.may_go(edition),
        left_out=request.form.getlist("part") if again else one.left_out.split(),
        why=request.form.get("why", "") if again else "",
        longest=openings.LONGEST_WHY,
        trouble=trouble,
    )


def _doer() -> Doer:
    clock = wiring().clock
    return Doer(signed_in().name, clock.now(), clock.today())


def _seen() -> int:
    return min(request.form.get("seen", 0, type=int), registers.GREATEST)


def _done(collection: str, words: str) -> Response:
    flash(words)
    return redirect(url_for("staff.collection", collection=collection), SEE_OTHER)
