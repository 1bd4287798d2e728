"""The audit log, for the scrutineer: every event, the newest first, and whether the chain is whole."""

from __future__ import annotations

from flask import request

from feedback_app.services import audit as events
from feedback_app.services.audit import BrokenChain
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring

A_PAGE = 50


@staff.get("/audit")
def audit_log() -> str:
    """Show a page of the log. `before` is the number of the event that the page ends before."""
    given = request.args.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
    who, what = (request.args.get(name, "").strip()[:120] for name in ("who", "what"))
    found = events.page(db.session(), before=before, who=who, what=what, size=A_PAGE + 1)
    return show(
        "audit/log.html",
        events=found[:A_PAGE],
        older=found[A_PAGE - 1].number if len(found) > A_PAGE else None,
        who=who,
        what=what,
        first_page=before is None,
    )


@staff.post("/audit/check")
def check_audit_log() -> str:
    """Go through the whole chain and say what was found."""
    try:
        events.check_head(db.session(), wiring().settings.instance)
        said = f"All {events.verify(db.session()):,} events are whole. None was changed, moved or taken out."
    except BrokenChain as error:
        said = str(error)
    return show("audit/checked.html", said=said)
