"""Staff write what came of people's answers: kept for staff, published, changed by two at once, taken back."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback_app.services import actions
from feedback_app.services.actions import LONGEST, Kept
from feedback_app.storage.db import db
from tests.web.staff_copy import NOW, SURVEY, Copy, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]

LIGHTS = {"said-en": "It is dark by the bus stop", "did-en": "There are lights now", "state": "done"}
HOSTILE = '<script>alert(1)</script> {{7*7}} "&'


def kept(staffed: Copy) -> list[Kept]:
    with staffed.app.app_context():
        return actions.page(db.session).actions


def write(client: FlaskClient, **typed: str) -> TestResponse:
    return post(client, "/actions/new", client.get("/actions/new").text, **LIGHTS | typed)


def test_an_action_is_written_published_and_taken_back(staffed: Copy) -> None:
    client = staffed.member()
    assert "There is nothing here yet" in client.get("/actions").text
    assert (
        write(client, collection=SURVEY, **{"said-ur": "اندھیرا", "did-ur": "روشنی", "said-pl": "x"}).location
        == "/actions"
    )

    listed = client.get("/actions").text
    for said in (
        "Staff only",
        "It is dark by the bus stop",
        "From Your life and safety",
        "English, Urdu",
        "by Ann Example",
    ):
        assert said in text_of(listed), said
    assert "Not whole yet, so not shown: Polish" in text_of(listed)
    assert kept(staffed)[0].published_on is None

    assert post(client, "/actions/1/publish", listed, seen="1").status_code == 303
    listed = client.get("/actions").text
    assert "It is published." in listed
    assert "Published 22 November 2026" in text_of(listed)

    assert post(client, "/actions/1/withdraw", listed, seen="2").status_code == 303
    assert kept(staffed)[0].published_on is None
    acts = [event.action for event in staffed.events()][-3:]
    assert acts == ["action.write", "action.publish", "action.withdraw"]


def test_the_form_holds_what_was_kept_and_a_change_is_kept(staffed: Copy) -> None:
    client = staffed.member()
    write(client, **{"said-en": HOSTILE, "said-ur": "اندھیرا", "state": "not-possible", "why_not-en": "No money"})
    form = client.get("/actions/1").text

    assert "<script" not in form
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} &#34;&amp;</textarea>" in form
    assert 'value="not-possible" checked' in form
    assert re.search(r'<textarea id="said-ur"[^>]* lang="ur" dir="rtl">\nاندھیرا</textarea>', form)
    answer = post(client, "/actions/1", form, **LIGHTS | {"seen": "1", "said-en": "  Two\r\nlines "})
    assert answer.status_code == 303
    (one,) = kept(staffed)
    assert (one.said, one.state, one.revision) == ({"en": "Two\nlines"}, "done", 2)


def test_the_second_of_two_editors_sees_both_and_decides(staffed: Copy) -> None:
    client = staffed.member()
    write(client)
    old = client.get("/actions/1").text
    post(client, "/actions/1", old, **LIGHTS | {"seen": "1", "said-en": "Theirs"})

    late = post(client, "/actions/1", old, **LIGHTS | {"seen": "1", "said-en": "Mine"})
    assert late.status_code == 409
    words = text_of(late.text)
    assert "Ann Example changed this while you had it open. Nothing was overwritten." in words
    assert "Said, English Theirs" in words
    assert re.search(r'<textarea id="said-en"[^>]*>\nMine</textarea>', late.text)
    assert kept(staffed)[0].said == {"en": "Theirs"}

    seen = re.search(r'name="seen" value="(\d+)"', late.text)
    assert seen
    assert post(client, "/actions/1", late.text, **LIGHTS | {"seen": seen[1], "said-en": "Mine"}).status_code == 303
    assert kept(staffed)[0].said == {"en": "Mine"}


@pytest.mark.parametrize("act", ["publish", "withdraw"])
def test_nobody_publishes_words_they_have_not_seen(staffed: Copy, act: str) -> None:
    client = staffed.member()
    write(client)
    page = client.get("/actions").text
    post(client, "/actions/1", page, **LIGHTS | {"seen": "1", "said-en": "Theirs"})

    answer = post(client, f"/actions/1/{act}", page, seen="1")
    assert answer.status_code == 409
    assert "Nothing was overwritten." in answer.text
    assert "Theirs</textarea>" in answer.text
    assert (kept(staffed)[0].published_on, kept(staffed)[0].revision) == (None, 2)


def test_what_is_missing_is_said_and_what_was_typed_stays(staffed: Copy) -> None:
    client = staffed.member()
    for typed, said in (
        ({"said-en": " "}, "Write what people said, in English."),
        ({"state": ""}, "Choose how far it has come."),
        ({"state": "elsewhere"}, "Choose how far it has come."),
        ({"state": "not-possible"}, "Write why it is not possible, in English."),
        ({"did-ur": "ن" * (LONGEST + 1)}, "One text in Urdu is 1 letters too long."),
        ({"collection": "nothing"}, "There is no such survey."),
    ):
        answer = write(client, **typed)
        assert (answer.status_code, said in answer.text) == (400, True), said
        assert "<title>Problem: Write a new one" in answer.text
        assert "There are lights now</textarea>" in answer.text
    assert kept(staffed) == []


def test_the_longest_words_in_every_language_can_be_sent(staffed: Copy) -> None:
    client = staffed.member()
    typed = {
        f"{text}-{code}": "ن" * LONGEST
        for text in ("said", "did", "why_not")
        for code in ("en", "ur", "ar", "ckb", "pl", "sk")
    }
    page = client.get("/actions/new").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    data = {"csrf_token": token[1], "state": "done"} | typed
    assert client.post("/actions/new", data=data, content_type="multipart/form-data").status_code == 303
    assert set(kept(staffed)[0].languages) >= {"en", "ur", "ar", "ckb"}


def test_one_that_is_gone_is_not_found(staffed: Copy) -> None:
    client = staffed.member()
    page = client.get("/actions").text

    assert client.get("/actions/404").status_code == 404
    for address in ("/actions/404", "/actions/404/publish", "/actions/404/withdraw"):
        assert post(client, address, page, **LIGHTS).status_code == 404


def test_a_stranger_reads_and_writes_none(staffed: Copy) -> None:
    write(staffed.member())
    stranger = staffed.stranger()

    for address in ("/actions", "/actions/new", "/actions/1"):
        assert "bus stop" not in stranger.get(address, follow_redirects=True).text
    for address in ("/actions/new", "/actions/1", "/actions/1/publish", "/actions/1/withdraw"):
        assert post(stranger, address, **LIGHTS | {"seen": "1"}).status_code == 401
    assert [(one.revision, one.published_on) for one in kept(staffed)] == [(1, None)]


def test_a_long_list_has_pages_and_a_search(staffed: Copy) -> None:
    client = staffed.member()
    with staffed.app.app_context():
        for number in range(actions.A_PAGE + 1):
            draft = actions.Draft({"en": f"Said {number}"}, {"en": f"Did 100% of {number}"}, {}, "done", SURVEY)
            actions.write(db.session(), draft, by="Ann", now=NOW, today=NOW.date())
        db.session.commit()

    first, second = client.get("/actions").text, client.get("/actions?page=2").text
    assert "Page 1 of 2." in first
    assert (first.count("action-said"), second.count("action-said")) == (actions.A_PAGE, 1)
    assert "Said 0" in second
    assert client.get("/actions?page=99").text.count("action-said") == 1
    found = client.get("/actions?search=SAID+7").text
    assert re.findall(r"Said (\d+)</h2>", found) == ["17", "7"]
    assert client.get("/actions?search=100%25").text.count("action-said") == actions.A_PAGE
    assert "Nothing is found" in client.get("/actions?search=%25%25").text


def test_it_can_begin_from_a_collection(staffed: Copy) -> None:
    client = staffed.member()
    address = re.search(r'href="(/actions/new[^"]+)"', client.get(f"/collections/{SURVEY}").text)
    assert address
    assert f'<option value="{SURVEY}" selected>' in client.get(address[1]).text
    assert " selected" not in client.get("/actions/new?collection=nothing").text
