"""The audit log, for the scrutineer: every event, the newest first, and whether the log is whole."""

from __future__ import annotations

from datetime import date

from flask import request

from feedback_app.core.clock import LOCAL
from feedback_app.services import audit as events
from feedback_app.services.audit import BrokenChain, Search
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.audit_words import GROUPS, detail, in_words
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring

A_PAGE = 50


@staff.get("/audit")
def audit_log() -> str:
    """Show a page of the log. `before` is the number of the event that the page ends before."""
    given = request.args.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
    asked = {name: request.args.get(name, "").strip()[:120] for name in ("who", "what", "about", "from", "to")}
    search = Search(asked["who"], asked["what"], asked["about"], _day(asked["from"]), _day(asked["to"]))
    found = events.page(db.session(), search, before=before, size=A_PAGE + 1)
    return show(
        "audit/log.html",
        events=found[:A_PAGE],
        older=found[A_PAGE - 1].number if len(found) > A_PAGE else None,
        asked={name: value for name, value in asked.items() if value},
        first_page=before is None,
        groups=GROUPS,
        in_words=in_words,
        detail=detail,
        when=lambda event: f"{events.when(event).astimezone(LOCAL):%d %b %Y, %H:%M}",
    )


@staff.post("/audit/check")
def check_audit_log() -> str:
    """Go through the whole log and say what was found."""
    try:
        count, broken = events.check(db.session(), wiring().settings.audit_head), ""
    except BrokenChain as error:
        count, broken = 0, str(error)
    return show("audit/checked.html", count=count, broken=broken)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
