"""Set when somebody reads the safeguarding queue, and who is told first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.services import bank_holidays, drills
from feedback_app.services import rota as rotas
from feedback_app.services.bank_holidays import Holiday
from feedback_app.services.rota import WEEKDAYS
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring

PLACES = ("First: the lead", "Second: the deputy", "Third", "Fourth", "Fifth", "Sixth")


@staff.get("/triage/rota")
def rota() -> str:
    """Show the rota."""
    return _page()


@staff.post("/triage/rota")
def set_rota() -> Response | tuple[str, int]:
    """Keep the rota."""
    seen, by, now = request.form.get("seen", -1, type=int), signed_in().name, wiring().clock.now()
    try:
        rotas.keep(db.session(), seen, dict(_hours()), list(_closed()), list(_people()), by=by, now=now)
    except FeedbackError as error:
        return _page(str(error)), 400
    flash("The rota is kept. It counts from now on.")
    return redirect(url_for("staff.rota"), 303)


def _page(trouble: str = "") -> str:
    session, form = db.session(), request.form
    here = rotas.current(session)
    hours = {day: tuple(f"{at:%H:%M}" for at in here.hours[day]) if day in here.hours else ("", "") for day in range(7)}
    closed, people = "\n".join(one.isoformat() for one in here.closed), [str(one) for one in here.people]
    if trouble:
        hours = {day: (form.get(f"from-{day}", ""), form.get(f"to-{day}", "")) for day in range(7)}
        closed, people = form.get("closed", ""), form.getlist("person")  # the box comes before the ticks
    return show(
        "triage/rota.html",
        trouble=trouble,
        seen=here.number,
        weekdays=WEEKDAYS,
        hours=hours,
        closed=closed,
        holidays=[one for one in _holidays() if trouble or one.day not in here.closed],
        ticked=form.getlist("closed") if trouble else [str(one.day) for one in _holidays() if not here.number],
        places=PLACES,
        people=people + [""] * (len(PLACES) - len(people)),
        leads=rotas.leads(session, here),
        ready=rotas.is_ready(session),
        passed=drills.last_passed(session),
    )


def _holidays() -> list[Holiday]:
    """The bank holidays that are to come."""
    today = wiring().clock.today()
    return [one for one in bank_holidays.load(wiring().settings.surveys) if one.day >= today]


def _hours() -> Iterator[tuple[int, tuple[time, time]]]:
    for day, name in enumerate(WEEKDAYS):
        typed = [request.form.get(f"{end}-{day}", "").strip() for end in ("from", "to")]
        if not any(typed):
            continue
        try:
            first, last = (time.fromisoformat(one) for one in typed)
        except ValueError:
            raise FeedbackError(f"Write both hours of {name}, such as 09:00 and 17:00, or neither.") from None
        yield day, (first, last)


def _closed() -> Iterator[date]:
    for line in " ".join(request.form.getlist("closed")).split():
        try:
            yield date.fromisoformat(line)
        except ValueError:
            raise FeedbackError(f"“{line}” is no day. Write each day such as 2026-12-25.") from None


def _people() -> Iterator[int]:
    yield from (int(one) for one in request.form.getlist("person") if one.isdecimal())
