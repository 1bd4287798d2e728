"""Administrators set the area: it counts everywhere, its history stays, thresholds only go up, the second is told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from feedback_app.core.settings import Settings
from feedback_app.factory import create_app
from feedback_app.services import area_settings
from feedback_app.storage.db import db
from tests.web.staff_copy import SURVEY, Copy, close, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]

SET = {
    "name": "Riverside Safeguarding Children Partnership",
    "short_name": "Riverside",
    "controller": "Riverside Council",
    "contact": "hello@riverside.example",
    "privacy_url": "",
    "hear_back-en": "You will hear from us in May.",
    "year_begins": "09-01",
    "smallest_count": "20",
    "round_to": "10",
    "percent_base": "50",
}
POST = {"name-en": "Night line", "phone": "01632 960 009", "says-en": "For anyone, at night."}


def keep(client: FlaskClient, page: str = "", **typed: str) -> TestResponse:
    page = page or client.get("/settings").text
    return post(client, "/settings", page, **{"seen": seen(page)} | SET | typed)


def seen(page: str, form: str = "/settings") -> str:
    """The revision in the form of an address."""
    found = re.search(rf'action="{form}"[^>]*>.*?name="seen" value="(\d+)"', page, re.DOTALL)
    assert found
    return found[1]


def test_what_is_set_counts_on_both_faces_within_a_minute(staffed: Copy) -> None:
    public = create_app("public", Settings(instance=staffed.folder), staffed.clock)
    person = public.test_client()
    assert "Exampleborough" in person.get("/en/privacy").text
    client = staffed.member()
    assert keep(client).status_code == 303
    after = client.get("/settings").text
    assert "It is kept." in after
    assert "<strong>Riverside</strong>" in after
    assert "Riverside Council" not in person.get("/en/privacy").text
    staffed.clock.pass_by(seconds=31)
    assert "Riverside Council decides" in text_of(person.get("/en/privacy").text)
    assert "Riverside" in person.get(f"/en/{SURVEY}").text
    assert 'value="2025-09-01"' in client.get("/report").text  # the reporting year
    close(Copy(public, staffed.clock, staffed.folder))


def test_a_page_asks_nothing_more_of_the_database(staffed: Copy) -> None:
    client, asked = staffed.member(), []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    with staffed.app.app_context():
        engine = db.engine
    client.get("/report?from=x")
    event.listen(engine, "before_cursor_execute", note)
    for _ in range(3):
        client.get("/report?from=x")
    staffed.clock.pass_by(seconds=31)
    client.get("/report?from=x")
    client.get("/report?from=x")
    event.remove(engine, "before_cursor_execute", note)
    assert len([statement for statement in asked if "area_setting" in statement]) == 1


def test_the_report_takes_the_thresholds(staffed: Copy) -> None:
    client = staffed.member()
    keep(client)
    tables = post(client, "/report/tables.json", **{"from": "2026-04-01", "to": "2026-11-30"}).get_json()
    assert tables["rule"] == {"hide_below": 20, "round_to": 10, "percent_base": 50}
    assert tables["area"] == SET["name"]


def test_who_set_what_is_in_the_history_and_in_the_audit_log(staffed: Copy) -> None:
    client = staffed.member()
    assert "Nothing was set here yet" in client.get("/settings/history").text
    keep(client)
    staffed.clock.pass_by(minutes=2)
    keep(client, contact="<b>else</b>")
    words = text_of(client.get("/settings/history").text)
    assert words.index("<b>else</b>") < words.index("Riverside Council")
    assert "Contact Before hello@riverside.example After <b>else</b> Ann Example, 22 November 2026, 12:02" in words
    assert "Smallest number shown Before 10 After 20" in words
    event_ = staffed.events()[-1]
    assert (event_.action, event_.detail) == ("settings.change", {"names": ["contact"]})


def test_the_history_comes_in_pages(staffed: Copy) -> None:
    client = staffed.member()
    page = client.get("/settings").text
    for number in range(60):
        page = keep(client, page, contact=f"number {number}").status_code == 303 and client.get("/settings").text
    first = client.get("/settings/history").text
    assert first.count("<dt>After</dt>") == 50
    older = re.search(r'href="(/settings/history\?before=\d+)"', first)
    assert older
    assert "number 0" in client.get(older[1]).text


def test_the_second_of_two_is_told_and_overwrites_nothing(staffed: Copy) -> None:
    client = staffed.member()
    old = client.get("/settings").text
    keep(client, old, contact="theirs@example.org")
    late = keep(client, old, contact="mine@example.org")
    assert late.status_code == 409
    assert "Ann Example changed this while you had it open. Nothing was overwritten." in text_of(late.text)
    assert "Contact theirs@example.org" in text_of(late.text)
    assert 'value="mine@example.org"' in late.text
    assert 'value="theirs@example.org"' in client.get("/settings").text
    assert keep(client, late.text, contact="mine@example.org").status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "Write the name of the partnership."),
        ({"short_name": "x" * 41}, "The short name is 1 letters too long."),
        ({"privacy_url": "javascript:alert(1)"}, "must begin with https://"),
        ({"hear_back-en": "", "hear_back-ur": "مئی"}, "Write in English"),
        ({"year_begins": "02-30"}, "such as 04-01"),
        ({"smallest_count": "9"}, "is 10 now. It can go up, and never down."),
        ({"smallest_count": "x"}, "is 10 now."),
        ({"smallest_count": "15"}, "must be a multiple of that"),
        ({"percent_base": "29"}, "is 30 now."),
        ({"percent_base": "9999"}, "can be at most 300."),
    ],
)
def test_what_cannot_be_set_is_said_and_nothing_is_kept(staffed: Copy, typed: dict[str, str], said: str) -> None:
    client = staffed.member()
    answer = keep(client, **typed)
    assert (answer.status_code, said in text_of(answer.text)) == (400, True)
    assert "<title>Problem: Settings" in answer.text
    assert "Riverside Council" in answer.text  # what was typed stays
    assert staffed.rows()["area_setting"] == 0


def test_a_threshold_never_comes_down_again(staffed: Copy) -> None:
    client = staffed.member()
    keep(client)
    answer = keep(client, smallest_count="10", round_to="5")
    assert "is 20 now. It can go up, and never down." in text_of(answer.text)


def test_a_signpost_is_checked_changed_added_and_taken_off(staffed: Copy) -> None:
    client = staffed.member()
    staffed.clock.pass_by(days=200)
    client = staffed.member()
    page = client.get("/settings").text
    assert text_of(page).count("Check it now") == 3
    address = "/settings/signposts/child_line"
    assert post(client, f"{address}/checked", page, seen=seen(page, f"{address}/checked")).status_code == 303
    page = client.get("/settings").text
    assert text_of(page).count("Check it now") == 2
    assert "Last checked 10 June 2027, by Ann Example" in text_of(page)

    form = client.get(address).text
    typed = {"name-en": "Childline", "phone": "0800 2222", "says-en": "For you.", "seen": seen(form, address)}
    assert post(client, address, form, **typed).status_code == 303
    assert post(client, address, form, **typed | {"phone": "0800 3333"}).status_code == 409
    assert "0800 2222" in client.get("/settings").text

    new = client.get("/settings/signposts/new").text
    assert post(client, "/settings/signposts/new", new, id="night_line", seen="0", **POST).status_code == 303
    again = post(client, "/settings/signposts/new", new, id="night_line", seen="0", **POST)
    assert (again.status_code, "already" in again.text) == (400, True)
    one = client.get("/settings/signposts/night_line").text
    gone = "/settings/signposts/night_line/gone"
    assert post(client, gone, one, seen=seen(one, gone)).status_code == 303
    assert "Night line" not in text_of(client.get("/settings").text).replace("“Night line” is taken off", "")
    assert client.get("/settings/signposts/night_line").status_code == 404


def test_no_survey_for_children_loses_a_signpost_that_it_needs(staffed: Copy) -> None:
    client = staffed.member()
    one = client.get("/settings/signposts/child_line").text
    assert "Take off this signpost" not in one
    answer = post(client, "/settings/signposts/child_line/gone", one, seen="0")
    assert (answer.status_code, "No survey for children may be open" in answer.text) == (409, True)
    assert staffed.rows()["area_setting"] == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"id": "New one"}, "small letters"),
        ({"id": "new"}, "small letters"),
        ({"name-en": ""}, "Write its name, in English."),
        ({"phone": ""}, "Write a way to reach it"),
        ({"phone": "call <b>"}, "digits"),
        ({"url": "javascript:alert(1)"}, "must begin with https://"),
        ({"says-en": "", "says-ur": "رات"}, "Write in English"),
    ],
)
def test_a_signpost_that_is_not_whole_is_refused(staffed: Copy, typed: dict[str, str], said: str) -> None:
    client = staffed.member()
    new = client.get("/settings/signposts/new").text
    answer = post(client, "/settings/signposts/new", new, **{"id": "night_line", "seen": "0"} | POST | typed)
    assert (answer.status_code, said in text_of(answer.text)) == (400, True)
    assert staffed.rows()["area_setting"] == 0


def test_no_row_can_be_changed_or_taken_out(staffed: Copy) -> None:
    keep(staffed.member())
    with staffed.app.app_context():
        for act in ("UPDATE area_setting SET changed_by = 'x'", "DELETE FROM area_setting"):
            with pytest.raises(Exception, match="only ever added to"):
                db.session.execute(db.text(act))
            db.session.rollback()
        assert area_settings.newest(db.session) > 0
