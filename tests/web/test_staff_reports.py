"""The report of a period in the page, and as files: what shows, what opens, what is written down."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from docx import Document
from sqlalchemy import insert, select

from feedback_app.jobs.bench import Bench
from feedback_app.jobs.running import run
from feedback_app.services import kept_reports
from feedback_app.storage.db import db
from feedback_app.storage.models import AreaSetting, KeptReport, Response, table_of
from feedback_app.web.staff.reports import last_year
from feedback_app.web.support.wiring import wiring
from tests.web.staff_copy import NAME, NOW, URDU, Copy, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]

PERIOD = {"from": "2026-04-01", "to": "2026-11-30"}


def test_it_shows_in_the_page_with_the_reports_own_style(staffed: Copy) -> None:
    client = staffed.member()
    page = client.get("/report", query_string=PERIOD).text
    words = text_of(page)
    assert "1 April 2026 to 30 November 2026" in words
    assert "At a glance" in words
    assert 'value="2026-04-01"' in page
    assert URDU not in words
    style = re.search(r'href="(/static/report\.css\?v=\w+)"', page)
    assert style
    answer = client.get(style[1])
    assert answer.content_type == "text/css; charset=utf-8"
    assert ".report" in answer.text
    assert answer.headers.getlist("Cache-Control") == ["private, max-age=31536000, immutable"]
    assert "Vary" not in answer.headers or answer.headers["Vary"] == "Cookie"


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 22), date(2025, 4, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2025, 4, 1), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2024, 4, 1), date(2025, 3, 31)),
        (date(2027, 1, 1), date(2025, 4, 1), date(2026, 3, 31)),
    ],
)
def test_the_last_whole_year_is_from_april_to_march(today: date, first: date, last: date) -> None:
    assert last_year(today) == (first, last)


def test_without_days_it_is_the_last_whole_year_by_the_clock_in_england(staffed: Copy) -> None:
    staffed.clock.moment = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)  # in England it is April already
    page = staffed.member().get("/report").text
    assert 'value="2025-04-01"' in page
    assert 'value="2026-03-31"' in page
    assert "This year so far: 1 April 2026 to 1 April 2026" in text_of(page)


@pytest.mark.parametrize(
    ("first", "last", "trouble"),
    [
        ("2026-04-01", "2026-03-31", "The last day is before the first day."),
        ("01/04/2026", "2026-03-31", "The first day is not a date. Write it like this: 2026-03-31."),
        ("2026-04-01", "2026-02-30", "The last day is not a date."),
        ("", "2026-03-31", "The first day is not a date."),
        ("2026-04-01", "", "The last day is not a date."),
        ("<script>", "2026-03-31", "The first day is not a date."),
    ],
)
def test_a_period_that_cannot_be_is_said_so(staffed: Copy, first: str, last: str, trouble: str) -> None:
    client = staffed.member()
    typed = {"from": first, "to": last}
    before = staffed.rows()
    for answer in (
        client.get("/report", query_string=typed),
        post(client, "/report/report.docx", client.get("/").text, **typed),
    ):
        assert answer.status_code == 400
        assert trouble in text_of(answer.text)
        assert "<title>Problem: Report" in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert "<script" not in answer.text
        assert "Keep a copy" not in answer.text
    assert staffed.rows() == before


@pytest.mark.parametrize(
    ("name", "ending"), [("report.html", "html"), ("report.docx", "docx"), ("tables.json", "json")]
)
def test_a_copy_opens_and_who_took_it_is_written_down(staffed: Copy, name: str, ending: str) -> None:
    client = staffed.member()
    answer = post(client, f"/report/{name}", client.get("/").text, **PERIOD)
    assert answer.status_code == 200
    stem = name.partition(".")[0]
    kept = f'attachment; filename="{stem}-2026-04-01-to-2026-11-30.{ending}"'
    assert answer.headers["Content-Disposition"] == kept
    assert answer.headers["Cache-Control"] == "no-store"
    match ending:
        case "docx":
            assert "What we heard" in Document(io.BytesIO(answer.data)).paragraphs[0].text
        case "json":
            assert json.loads(answer.data)["period"] == {"first": "2026-04-01", "last": "2026-11-30"}
        case "html":
            assert answer.text.lstrip().startswith("<!doctype html>")
    last = staffed.events()[-1]
    assert (last.actor, last.action, last.subject) == (NAME, "report.download", name)
    assert last.detail == {"first": "2026-04-01", "last": "2026-11-30"}


def test_a_later_copy_and_the_page_show_what_the_first_did_until_ten_more_answered(staffed: Copy) -> None:
    def tables() -> dict[str, Any]:
        answer = post(client, "/report/tables.json", client.get("/").text, **PERIOD)
        return {one["id"]: (one["base"], one["rows"]) for one in json.loads(answer.text)["tables"]}

    add_answers(staffed, 30)
    client = staffed.member()
    assert staffed.rows()["release"] == 0, "a page that is looked at releases nothing"
    first = tables()
    released = staffed.rows()["release"]
    assert released > 0
    staffed.clock.pass_by(days=1)
    add_answers(staffed, 4, after=30)
    client = staffed.member()

    page = text_of(client.get("/report", query_string=PERIOD).text)
    assert "stand as they were published on 22 November 2026" in page
    assert tables()["participation"] == first["participation"]
    assert staffed.rows()["release"] >= released

    add_answers(staffed, 20, after=34)
    assert tables()["participation"] != first["participation"]


def test_a_copy_is_not_taken_by_a_link_and_there_is_no_other(staffed: Copy) -> None:
    client = staffed.member()
    assert client.get("/report/tables.json").status_code == 405
    assert post(client, "/report/comments.csv", client.get("/").text, **PERIOD).status_code == 404


def add_answers(staffed: Copy, number: int = kept_reports.MOST_RESPONSES, after: int = 0) -> None:
    """As many more answers as are just too many to count while somebody waits, or so many after others."""
    with staffed.app.app_context():
        one = db.session.execute(select(table_of(Response)).limit(1)).one()._asdict()
        rows = [
            one | {"id": f"{n:032x}", "receipt_hash": None, "pair_hash": None}
            for n in range(after + 1, after + number + 1)
        ]
        db.session.execute(insert(table_of(Response)), rows)
        db.session.commit()


def let_the_worker_make_it(staffed: Copy) -> bool:
    with staffed.app.app_context():
        wired = wiring()
        bench = Bench(wired.settings, wired.keys, wired.area, staffed.clock, db.engine, wired.editions, wired.screens)
        return run(bench, kept_reports.JOB)


def test_the_report_of_many_answers_is_made_by_the_worker_and_kept(staffed: Copy) -> None:
    add_answers(staffed)
    client = staffed.member()
    before = client.get("/report", query_string=PERIOD).text
    assert "The report of these days is not made yet." in text_of(before)
    assert "At a glance" not in text_of(before)
    assert "Keep a copy" not in before
    assert post(client, "/report/report.docx", before, **PERIOD).status_code == 409

    assert post(client, "/report/make", before, **PERIOD).status_code == 303
    assert "It is being made." in text_of(client.get("/report", query_string=PERIOD).text)
    assert let_the_worker_make_it(staffed)

    page = client.get("/report", query_string=PERIOD).text
    assert "This report was made on 22 Nov 2026, 12:00." in text_of(page)
    assert "At a glance" in text_of(page)
    for name in ("report.html", "report.docx", "tables.json"):
        assert post(client, f"/report/{name}", page, **PERIOD).status_code == 200
    assert [event.action for event in staffed.events()][-5:-3] == ["report.ask", "job.ask"]
    assert "not made yet" in text_of(client.get("/report?from=2026-04-01&to=2026-11-29").text), "of other days"
    assert "At a glance" in text_of(client.get("/report?from=2026-04-01&to=2026-11-21").text), "they hold few answers"


def test_a_report_that_was_made_under_other_settings_is_not_shown(staffed: Copy) -> None:
    add_answers(staffed)
    client = staffed.member()
    post(client, "/report/make", **PERIOD)
    assert let_the_worker_make_it(staffed)
    assert "At a glance" in text_of(client.get("/report", query_string=PERIOD).text)

    with staffed.app.app_context():
        one = {"name": "contact", "before": None, "after": "Telephone 1", "changed_by": NAME, "changed_at": NOW}
        db.session.add(AreaSetting(**one))
        db.session.commit()

    assert "The report of these days is not made yet." in text_of(client.get("/report", query_string=PERIOD).text)


def test_a_report_that_is_too_long_for_a_page_is_there_to_keep(staffed: Copy) -> None:
    add_answers(staffed)
    with staffed.app.app_context():
        days = {"first_on": date(2026, 4, 1), "last_on": date(2026, 11, 30)}
        db.session.add(KeptReport(**days, made_at=NOW, settings=0, part=b"", page=b"<!doctype html>whole"))
        db.session.commit()
    client = staffed.member()

    page = client.get("/report", query_string=PERIOD).text

    assert "It is too long to be shown here." in text_of(page)
    assert post(client, "/report/report.html", page, **PERIOD).text == "<!doctype html>whole"


def test_the_oldest_of_many_kept_reports_are_let_go(staffed: Copy) -> None:
    days = [date(2026, 4, 1) + timedelta(days=n) for n in range(kept_reports.MOST_KEPT + 1)]
    with staffed.app.app_context():
        for age, day in enumerate(reversed(days)):
            made = {"made_at": NOW - timedelta(hours=age), "settings": 0, "part": b"x"}
            db.session.add(KeptReport(first_on=day, last_on=NOW.date(), **made))
        db.session.commit()
    post(staffed.member(), "/report/make", **PERIOD | {"from": "2026-11-01"})
    staffed.clock.pass_by(minutes=1)

    assert let_the_worker_make_it(staffed)

    with staffed.app.app_context():
        kept = sorted(one.first_on for one in db.session.scalars(select(KeptReport)))
    assert kept == [*days[2:], date(2026, 11, 1)]


def test_a_period_that_cannot_be_is_not_asked_of_the_worker(staffed: Copy) -> None:
    client = staffed.member()
    before = staffed.rows()
    answer = post(client, "/report/make", **{"from": "2026-04-02", "to": "2026-04-01"})
    assert (answer.status_code, "The last day is before the first day." in answer.text) == (400, True)
    assert staffed.rows() == before
