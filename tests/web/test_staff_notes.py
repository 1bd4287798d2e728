"""Staff type in what was heard elsewhere: kept and sealed, corrected by one of two, coded, and marked as a note."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from feedback_app.services import notes
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.notes import Line
from feedback_app.services.reading import Reader, language_model
from feedback_app.storage.db import db
from feedback_app.storage.models import StaffRole
from feedback_app.web.support.wiring import wiring
from tests.releasing import release_all
from tests.web.staff_copy import HOSTILE, Copy, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]

NOTE = {
    "kind": "group",
    "question": "note-young-person.NOTE",
    "heard_on": "2026-11-20",
    "heard_by": "Youth worker",
    "about": "Youth Cabinet",
    "language": "en",
    "words": "They want adults to listen to them",
}


def write(client: FlaskClient, **typed: str) -> TestResponse:
    return post(client, "/notes/new", client.get("/notes/new").text, **NOTE | typed)


def held(staffed: Copy) -> list[Line]:
    with staffed.app.app_context():
        return list(notes.page(db.session(), 1).lines)


def released(staffed: Copy) -> None:
    with staffed.app.app_context():
        release_all(db.session())
        db.session.commit()


def only(staffed: Copy, role: str) -> None:
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add(StaffRole(staff_id=1, role=role))
        db.session.commit()


def test_a_note_is_typed_in_listed_without_its_words_and_corrected(staffed: Copy) -> None:
    client = staffed.member()
    assert "There is nothing here yet" in client.get("/notes").text
    assert write(client).location == "/notes"
    listed = client.get("/notes").text
    words = text_of(listed)
    assert "Note Notes of a group Free note: young people Heard on 20 November 2026 Heard by Youth worker" in words
    assert "They want adults" not in words
    (line,) = held(staffed)
    assert (line.collection, line.about, line.revision) == ("noted-note-young-person", "Youth Cabinet", 1)

    opened = post(client, f"/notes/{line.number}/open", listed).text
    assert "They want adults to listen to them</textarea>" in opened
    assert staffed.events()[-1].action == "note.read"
    changed = NOTE | {"words": HOSTILE, "seen": "1", "kind": "complaint"}
    assert post(client, f"/notes/{line.number}", opened, **changed).status_code == 303
    (line,) = held(staffed)
    assert (line.kind, line.revision) == ("complaint", 2)
    again = post(client, f"/notes/{line.number}/open", opened).text
    assert "<script" not in again
    assert "alert(1)" in again
    assert "alert(1)" not in str([event.detail for event in staffed.events()])


def test_the_second_of_two_editors_is_told(staffed: Copy) -> None:
    client = staffed.member()
    write(client)
    (line,) = held(staffed)
    old = post(client, f"/notes/{line.number}/open", client.get("/notes").text).text
    post(client, f"/notes/{line.number}", old, **NOTE | {"seen": "1", "heard_by": "Ann"})
    late = post(client, f"/notes/{line.number}", old, **NOTE | {"seen": "1", "words": "Mine"})
    assert late.status_code == 409
    assert "Ann Example changed this note while you had it open. Nothing was overwritten." in text_of(late.text)
    assert "by Ann Group or service" in text_of(late.text)
    assert "Mine</textarea>" in late.text
    assert held(staffed)[0].heard_by == "Ann"
    page = client.get("/notes").text
    assert post(client, f"/notes/{line.number}/take-out", page, seen="1").status_code == 303
    assert "It was not taken out." in client.get("/notes").text
    assert post(client, f"/notes/{line.number}/take-out", page, seen="2").status_code == 303
    assert "The safeguarding lead has not read these words yet" in client.get("/notes").text
    released(staffed)
    assert post(client, f"/notes/{line.number}/take-out", page, seen="2").status_code == 303
    assert held(staffed) == []


def test_what_is_missing_is_said_and_what_was_typed_stays(staffed: Copy) -> None:
    client = staffed.member()
    for typed, said in (
        ({"kind": ""}, "Choose what kind of note it is."),
        ({"heard_on": "yesterday"}, "Write the day it was heard"),
        ({"heard_on": "2026-11-23"}, "cannot be after today"),
        ({"heard_by": " "}, "Write who heard it"),
        ({"about": "Nobody"}, "There is no such group or service."),
        ({"language": "xx"}, "Choose the language"),
        ({"question": "nothing.Q1"}, "Choose whose words these are"),
    ):
        answer = write(client, **typed)
        assert (answer.status_code, said in answer.text) == (400, True), said
        assert "<title>Problem: Type in a note" in answer.text
        assert "They want adults to listen to them</textarea>" in answer.text
    assert write(client, words=" ").status_code == 400
    assert held(staffed) == []


def test_an_administrator_types_notes_in_and_opens_none(staffed: Copy) -> None:
    client = staffed.member()
    only(staffed, "administrator")
    assert write(client).status_code == 303
    page = client.get("/notes").text
    (line,) = held(staffed)
    assert "Open and correct" not in page
    assert post(client, f"/notes/{line.number}/open", page).status_code == 403
    assert post(client, f"/notes/{line.number}", page, **NOTE).status_code == 403
    assert post(client, f"/notes/{line.number}/take-out", page, seen="1").status_code == 303


def test_a_note_is_coded_like_a_comment_and_marked_as_a_note(staffed: Copy) -> None:
    client = staffed.member()
    write(client, question="young-person.YP91", kind="compliment")
    released(staffed)
    with staffed.app.app_context():
        wired = wiring()
        books, model = load_codebooks(wired.settings.surveys), language_model(wired.settings.translations)
        for _ in Reader(db.session(), wired.keys, wired.editions, books, model).read_all(wired.clock.today()):
            pass
        db.session.commit()
    address = "/collections/noted-young-person/comments"
    before = client.get(address).text
    assert "Notes by staff" in text_of(before)
    opened = text_of(post(client, address, before).text)
    assert "Note by staff Compliment" in opened
    assert "They want adults to listen to them" in opened
    assert "Notes by staff: Your life and safety" in text_of(client.get("/exports").text)
    (row,) = post(client, "/exports/noted-young-person", before, form="jsonl", language="en").text.splitlines()
    assert '"came_by":"noted","source_type":"Compliment","heard_by":"Youth worker"' in row


def test_notes_are_searched_and_paged(staffed: Copy) -> None:
    client = staffed.member()
    write(client)
    write(client, kind="audit", heard_by="Auditor 100%")
    assert len(re.findall("Heard by", client.get("/notes?kind=audit").text)) == 1
    assert len(re.findall("Heard by", client.get("/notes?search=100%25").text)) == 1
    assert "Nothing is found" in client.get("/notes?search=nobody").text
    for odd in ("?page=9", "?page=-1", "?page=x", "?kind=nothing"):
        assert client.get(f"/notes{odd}").status_code == 200, odd


def test_one_that_is_gone_is_not_found(staffed: Copy) -> None:
    client = staffed.member()
    page = client.get("/notes").text
    for address in ("/notes/404/open", "/notes/404", "/notes/404/take-out"):
        assert post(client, address, page, **NOTE).status_code == 404


def test_a_note_never_counts_as_somebody_who_answered(staffed: Copy) -> None:
    client = staffed.member()
    for number in range(12):
        write(client, words=f"Note {number}", question="young-person.YP91")
    page = text_of(client.get("/report?from=2026-04-01&to=2026-11-30").text)
    assert "Notes by staff: Your life and safety" in page
    assert "about 10 notes by staff" in page
    assert "no percentage counts them" in page
    tables: dict[str, Any] = post(
        client, "/report/tables.json", **{"from": "2026-04-01", "to": "2026-11-30"}
    ).get_json()
    parts = {row["label"]: row["part"] for row in tables["tables"][0]["rows"]}
    assert parts["Notes by staff: Your life and safety"] == "notes"
    (theme,) = [table for table in tables["tables"] if table["id"] == "themes/young-person/noted"]
    assert "percent" not in str(theme["rows"])
