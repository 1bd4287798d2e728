"""The report of a period: in the page, and as files to keep. Everything in it comes from released tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from flask import Response, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from feedback_app.core.clock import LOCAL
from feedback_app.core.errors import FeedbackError
from feedback_app.documents import html
from feedback_app.services import audit, kept_reports
from feedback_app.services.kept_reports import PART, Period, Standing
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.arriving import codebooks
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring

YEAR = "private, max-age=31536000, immutable"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES = {"report.html": "text/html; charset=utf-8", "report.docx": WORD, "tables.json": "application/json"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The two days as they were typed."""

    first: str
    last: str

    def period(self) -> Period:
        """The two days.

        Raises:
            FeedbackError: one is no date, or the last is before the first.
        """
        first, last = _date(self.first, "first"), _date(self.last, "last")
        if last < first:
            raise FeedbackError("The last day is before the first day. Please change one of them.")
        return Period(first, last)


@staff.get("/report")
def report() -> str | tuple[str, int]:
    """Show the report of a period; of the last whole financial year when none is asked for."""
    asked = _asked(request.args)
    try:
        period = asked.period()
    except FeedbackError as error:
        return _page(asked, trouble=str(error)), 400
    return _page(asked, period)


@staff.post("/report/make")
def make_report() -> WerkzeugResponse | tuple[str, int]:
    """Have the report of a period made, where there is too much to count at once."""
    asked = _asked(request.form)
    try:
        kept_reports.ask(db.session(), asked.period(), by=signed_in().name, now=wiring().clock.now())
    except FeedbackError as error:
        return _page(asked, trouble=str(error)), 400
    flash("The report is being made. It takes some minutes. Open this page again then.")
    days: dict[str, Any] = {"from": asked.first, "to": asked.last}
    return redirect(url_for("staff.report", **days), 303)


@staff.post("/report/<any('report.html', 'report.docx', 'tables.json'):name>")
def download(name: str) -> Response | tuple[str, int]:
    """Give the report of a period as a file. A POST, because who took what stays in the audit log."""
    asked = _asked(request.form)
    try:
        period = asked.period()
        content = _content(period, name, by=signed_in().name)
    except FeedbackError as error:
        return _page(asked, trouble=str(error)), 400
    if content is None:
        return _page(asked, period), 409
    first, last = period.first, period.last
    days = {"first": first.isoformat(), "last": last.isoformat()}
    audit.record(db.session(), signed_in().name, "report.download", name, wiring().clock.now(), **days)
    stem, _, ending = name.partition(".")
    file = f"{stem}-{first}-to-{last}.{ending}"
    return Response(
        content, headers={"Content-Disposition": f'attachment; filename="{file}"'}, content_type=FILES[name]
    )


@staff.get("/static/report.css")
def report_style() -> Response:
    """The styles of the report. Under /static/, because there a browser may keep what carries its hash."""
    return Response(html.stylesheet(), headers={"Cache-Control": YEAR}, content_type="text/css; charset=utf-8")


def last_year(today: date, begins: str = "04-01") -> tuple[date, date]:
    """The last whole reporting year; the area says on which day it begins."""
    first = date.fromisoformat(f"{today.year}-{begins}")
    first = first if first <= today else first.replace(year=today.year - 1)
    return first.replace(year=first.year - 1), first - timedelta(days=1)


def _page(asked: Asked, period: Period | None = None, trouble: str = "") -> str:
    session, today = db.session(), wiring().clock.today()
    before = last_year(today, wiring().area.year_begins)
    body = _content(period, PART) if period else None
    large = period is not None and kept_reports.is_large(session, period)
    stands = kept_reports.standing(session, period) if period and large else Standing()
    return show(
        "reports/report.html",
        asked=asked,
        # Its own markup; what people wrote was escaped where it was put in.
        body=Markup(body.decode()) if body else "",  # noqa: S704
        too_long=body == b"",
        large=large,
        wanted=stands.wanted,
        made=f"{stands.made_at.astimezone(LOCAL):%d %b %Y, %H:%M}" if stands.made_at else "",
        trouble=trouble,
        files=tuple(FILES),
        style=_style_hash(),
        periods=(("Last whole year", *before), ("This year so far", before[1] + timedelta(days=1), today)),
    )


def _content(period: Period, name: str, by: str = "") -> bytes | None:
    """The report as the file of a name, or as a part of a page; None if it is large and was not made yet.

    by: who takes it as a file, so that it is given out.
    """
    session, wired = db.session(), wiring()
    if kept_reports.is_large(session, period):
        return kept_reports.content(session, period, name)
    books, today = codebooks(wired.settings.surveys), wired.clock.today()
    asked = (session, wired.area, books, period, (name,))
    made = kept_reports.make(*asked, today=today, editions=wired.editions, by=by)
    return made[name]


def _asked(given: Mapping[str, str]) -> Asked:
    first, last = last_year(wiring().clock.today(), wiring().area.year_begins)
    return Asked(given.get("from", first.isoformat()), given.get("to", last.isoformat()))


def _date(typed: str, which: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise FeedbackError(f"The {which} day is not a date. Write it like this: 2026-03-31.") from None


@cache
def _style_hash() -> str:
    return hashlib.sha256(html.stylesheet().encode()).hexdigest()[:10]
