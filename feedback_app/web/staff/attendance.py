"""Take in an attendance list: it is counted in memory, and the names in it go no further."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Flask, Request, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.services import attendance as lists
from feedback_app.services import course_sessions, courses
from feedback_app.services.attendance import MOST_BYTES, BadList, Known
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.courses import SEE_OTHER, day, who
from feedback_app.web.staff.pages import show

MOST_SHOWN = 1_000  # reasons; each comes once, with all its lines
ROOM = 64 * 1024  # for the other fields of the form, and what stands between them


class InMemory(Request):
    """A request whose files stay in memory. Larger ones would otherwise lie in a temporary file, names and all."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def allow_lists(app: Flask) -> None:
    """Let a list be larger than any other form, once it is known who sends it."""

    def make_room() -> None:
        if request.endpoint == "staff.take_attendance":
            request.max_content_length = MOST_BYTES + ROOM

    app.request_class = InMemory
    app.before_request(make_room)


@staff.get("/courses/attendance")
def attendance() -> str:
    """Say what a list has to look like, and ask for one."""
    return _page(_only(request.args.get("session", "")))


@staff.post("/courses/attendance")
def take_attendance() -> Response | tuple[str, int]:
    """Count a list, and keep the numbers: all of it, or nothing."""
    only, sent = _only(request.form.get("session", "")), request.files.get("list")
    if sent is None or not sent.filename:
        return _page(only, trouble="Choose a file first."), 400
    try:
        taken = lists.read("The list", sent.stream.read(), lists.known(db.session()), only)
        lists.keep(db.session(), taken, **who())
    except BadList as bad:
        return _page(only, bad=bad), 422
    except FeedbackError as error:
        db.session.rollback()
        return _page(only, trouble=str(error)), 409
    came = sum(one.attended for one in taken.sessions.values())
    many = len(taken.sessions)
    where = "1 session" if many == 1 else f"{many:,} sessions"
    flash(f"Counted {taken.rows:,} rows: {came:,} attended, in {where}. No name was kept.")
    for note in taken.notes:
        flash(note)
    address = url_for("staff.course_session", ident=only.id) if only else url_for("staff.courses")
    return redirect(address, SEE_OTHER)


def _page(only: Known | None, *, trouble: str = "", bad: BadList | None = None) -> str:
    reasons = bad.reasons() if bad else []
    return show(
        "attendance/take.html",
        only=only,
        held_on=day(only.held_on) if only else "",
        trouble=trouble,
        problems=reasons[:MOST_SHOWN],
        wrong=bad.wrong if bad else 0,
        rows=bad.rows if bad else 0,
        more=max(0, len(reasons) - MOST_SHOWN),
    )


def _only(ident: str) -> Known | None:
    if not ident:
        return None
    held = course_sessions.find(db.session(), ident) or abort(404)
    course = courses.find(db.session(), held.course_id) or abort(404)
    return Known(held.id, course.id, course.title, held.held_on)
