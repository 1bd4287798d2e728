"""Staff take answers away: who may, what is in the file, and what stays in the audit log."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import delete

from feedback_app.services.exports import FORMS
from feedback_app.storage.db import db
from feedback_app.storage.models import StaffRole
from tests.web.staff_copy import HARM, SURVEY, URDU, Copy, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]

ADDRESS = f"/exports/{SURVEY}"


def only(staffed: Copy, role: str) -> None:
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add(StaffRole(staff_id=1, role=role))
        db.session.commit()


def test_the_list_names_each_collection_with_its_rows_and_can_be_searched(staffed: Copy) -> None:
    client = staffed.member()
    words = text_of(client.get("/exports").text)
    assert "Your life and safety Survey 5 rows" in words
    assert "each row is one person" in words
    assert "Your life and safety" in client.get("/exports?search=LIFE").text
    nothing = text_of(client.get("/exports?search=%3Cb%3E").text)
    assert "Nothing is found" in nothing
    assert "Your life and safety" not in nothing


@pytest.mark.parametrize("form", FORMS)
def test_an_analyst_gets_every_form_and_no_word(staffed: Copy, form: str) -> None:
    client = staffed.member()
    only(staffed, "analyst")
    page = client.get(ADDRESS).text
    assert "people’s own words" not in page
    answer = post(client, ADDRESS, page, form=form, language="en")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{SURVEY}-2026-11-22.{form}"'
    assert answer.headers["Content-Type"] == FORMS[form].media_type
    assert len(answer.data) > 500
    assert HARM.encode() not in answer.data
    assert URDU.encode() not in answer.data
    event = staffed.events()[-1]
    rows = 0 if form == "codebook.csv" else 5
    assert (event.actor, event.action, event.subject) == ("Ann Example", "collection.export", SURVEY)
    assert event.detail == {"form": form, "language": "en", "responses": rows, "text": False}


def test_an_analyst_cannot_take_the_words_and_nothing_is_written_down(staffed: Copy) -> None:
    client = staffed.member()
    only(staffed, "analyst")
    page, before = client.get(ADDRESS).text, len(staffed.events())
    assert post(client, f"{ADDRESS}/words", page, form="csv", language="en").status_code == 403
    assert len(staffed.events()) == before


@pytest.mark.parametrize("role", ["coder", "safeguarding-lead"])
def test_who_may_read_the_words_may_take_them_and_it_is_written_down(staffed: Copy, role: str) -> None:
    client = staffed.member()
    only(staffed, role)
    page = client.get(ADDRESS).text
    assert "Take it with people’s own words" in page
    answer = post(client, f"{ADDRESS}/words", page, form="csv", language="en")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {HARM, URDU} <= {cell for row in rows for cell in row}
    assert staffed.events()[-1].detail == {"form": "csv", "language": "en", "responses": 5, "text": True, "texts": 5}


def test_a_form_or_language_that_there_is_not_gives_nothing(staffed: Copy) -> None:
    client = staffed.member()
    page, before = client.get(ADDRESS).text, len(staffed.events())
    assert post(client, ADDRESS, page, form="exe", language="en").status_code == 400
    answer = post(client, ADDRESS, page, form="sav", language="xx")
    assert (answer.status_code, "not whole in the language" in answer.text) == (400, True)
    assert "<title>Problem: Export" in answer.text
    assert post(client, "/exports/nothing", page, form="csv", language="en").status_code == 404
    assert client.get("/exports/nothing").status_code == 404
    assert len(staffed.events()) == before


def test_the_page_is_only_words(staffed: Copy) -> None:
    staffed.collection(title="<script>alert(1)</script>")
    for address in ("/exports", ADDRESS):
        assert "<script" not in staffed.member().get(address).text
