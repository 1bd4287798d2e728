"""The calendar: who is being asked what, and when; and who is asked too often."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import request, url_for

from feedback_app.services import asking
from feedback_app.services.asking import OFTEN, WINDOW
from feedback_app.services.collections import settings_of
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.pages import show
from feedback_app.web.staff.standing import day_of, stands
from feedback_app.web.support.wiring import wiring

BACK, AHEAD = timedelta(days=30), timedelta(days=90)


@staff.get("/collections/calendar")
def calendar() -> str:
    """Show who is asked what, from one day to another."""
    session, today = db.session(), wiring().clock.today()
    first, last = _day("from", today - BACK), _day("to", today + AHEAD)
    first, last = min(first, last), max(first, last)
    page = asking.between(session, first, last, request.args.get("page", 1, type=int))
    often = asking.too_often(session, first, last)
    period: dict[str, Any] = {"from": first, "to": last}
    return show(
        "collections/calendar.html",
        page=page,
        lines=[(one, stands(one), day_of(one.opens_on), day_of(one.closes_on)) for one in page.collections],
        settings=settings_of(session, page.collections),
        often=often,
        asked_often={one.setting for one in often},
        times=OFTEN,
        days=WINDOW.days,
        first=first,
        last=last,
        here=lambda number: url_for("staff.calendar", page=number, **period),
    )


def _day(name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise
