"""What runs by itself: what it does, when it ran last and how that went; "Run now". For administrators."""

from __future__ import annotations

from datetime import datetime

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from feedback_app.core.clock import LOCAL
from feedback_app.core.errors import FeedbackError
from feedback_app.services import jobs as work
from feedback_app.services import mail
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring


@staff.get("/jobs")
def jobs() -> str:
    """List the work that runs by itself."""
    session, now = db.session(), wiring().clock.now()
    return show(
        "jobs/list.html",
        lines=work.listed(session),
        silent=work.silent_minutes(session, now),
        stuck=mail.stuck(session),
        at=_at,
        lasted=_lasted,
        often=_often,
    )


@staff.post("/jobs/<name>/run")
def run_job(name: str) -> Response:
    """Have a job run as soon as the worker is free."""
    try:
        work.ask(db.session(), name, by=signed_in().name, now=wiring().clock.now())
    except FeedbackError:
        abort(404)
    flash(f"“{work.JOBS[name].title}” runs within a few seconds. Open this page again to see how it went.")
    return redirect(url_for("staff.jobs"), 303)


def _at(moment: datetime) -> str:
    """A moment on the wall in England."""
    return f"{moment.astimezone(LOCAL):%d %b %Y, %H:%M}"


def _lasted(seconds: float) -> str:
    if seconds < 1:
        return "under a second"
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes"


def _often(line: work.Line) -> str:
    minutes = int(line.job.every.total_seconds() // 60)
    if minutes == 0:
        return f"every {line.job.every.total_seconds():.0f} seconds"
    return {1: "every minute", 60: "every hour"}.get(minutes, f"every {minutes} minutes")
