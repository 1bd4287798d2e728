"""The staff page of classes on tablets: open one and see its secrets once, count, store what waits, close it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from feedback_app.services import class_sessions
from feedback_app.storage.db import db
from feedback_app.storage.models import ClassSession, Collection
from feedback_app.web.support.wiring import wiring
from tests.web.staff_copy import NAME, NOW, SURVEY, Copy, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]

TODAY = NOW.date()
FORM = {
    "label": "Year 5, <Oak> School",
    "collection": SURVEY,
    "first": TODAY.isoformat(),
    "last": TODAY.isoformat(),
    "idle": "5",
}


def secrets_of(page: str) -> list[str]:
    return re.findall(r'class="secret">([^<]+)<', page)


def test_a_class_is_opened_and_its_secrets_are_shown_once(staffed: Copy) -> None:
    client = staffed.member()
    opened = post(client, "/classes", client.get("/classes").text, **FORM)

    code, pin = secrets_of(opened.text)
    assert "Year 5, &lt;Oak&gt; School is open" in opened.text
    assert "/en/class" in text_of(opened.text)
    again = client.get("/classes").text
    assert secrets_of(again) == []
    assert code not in again
    assert pin not in again
    assert "Year 5, &lt;Oak&gt; School" in again
    with staffed.app.app_context():
        found = class_sessions.with_code(db.session(), wiring().keys.server, code, TODAY)
        assert found
        assert (found.idle, found.outreach, found.collection) == (5, False, SURVEY)
        assert class_sessions.is_pin(db.session(), wiring().keys.server, found.id, pin)
    last = staffed.events()[-1]
    assert (last.actor, last.action, last.subject) == (NAME, "class_session.open", found.id)
    assert code not in str(last.detail)
    assert pin not in str(last.detail)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"label": ""}, "Write what you call this class"),
        ({"collection": "nothing"}, "Choose the survey"),
        ({"idle": "16"}, "from 1 to 15"),
        ({"idle": "three"}, "from 1 to 15"),
        ({"first": "soon"}, "The first day is not a date"),
        ({"last": (TODAY - timedelta(days=1)).isoformat()}, "The last day has to be"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(staffed: Copy, wrong: dict[str, str], says: str) -> None:
    client = staffed.member()
    answer = post(client, "/classes", client.get("/classes").text, **(FORM | {"label": "Mine"} | wrong))

    assert answer.status_code == 400
    assert says in text_of(answer.text)
    assert "Problem: " in answer.text
    assert 'value="Mine"' in answer.text or wrong.get("label") == ""
    assert staffed.rows()["class_session"] == 0
    assert secrets_of(answer.text) == []


def test_a_class_is_closed_early(staffed: Copy) -> None:
    client = staffed.member()
    post(client, "/classes", client.get("/classes").text, **FORM)
    page = client.get("/classes").text
    ident = re.search(r'name="class" value="(\w+)"', page)
    assert ident

    for said in ("The class is closed.", "This class session is closed already."):
        assert post(client, "/classes/close", page, **{"class": ident[1]}).status_code == 303
        closed = client.get("/classes").text
        assert said in text_of(closed)
    assert 'name="class"' not in closed
    assert staffed.events()[-1].action == "class_session.close"


def test_the_counts_are_of_the_whole_class(staffed: Copy) -> None:
    client = staffed.member()
    post(client, "/classes", client.get("/classes").text, **FORM, outreach="yes")
    staffed.change(ClassSession, started=30, finished=28)

    page = text_of(client.get("/classes").text)

    assert "Started 30 Finished 28 Sealed, waiting 0" in page
    assert "Works without a network" in page


def test_storing_what_waits_says_what_became_of_it(staffed: Copy) -> None:
    client = staffed.member()

    assert post(client, "/classes/take-in", client.get("/classes").text).status_code == 303
    assert "Stored: 0. Said no: 0. Could not be stored: 0." in text_of(client.get("/classes").text)


def test_a_long_list_has_pages_and_a_search_and_offers_the_collection_it_was_opened_from(staffed: Copy) -> None:
    client = staffed.member()
    with staffed.app.app_context():
        held = db.session.get_one(Collection, SURVEY)
        own = {"source": "survey", "opens_on": TODAY, "event": "Fair", "version_hash": held.version_hash}
        db.session.add(Collection(id="young-person-fair", title="At the fair", **own))
        for number in range(class_sessions.A_PAGE + 1):
            asked = class_sessions.Asked(SURVEY, f"Class {number} of 50%", TODAY, TODAY, 3, outreach=False)
            class_sessions.open_one(db.session(), wiring().keys.server, asked, by=NAME, now=NOW)
        db.session.commit()

    first, second = client.get("/classes").text, client.get("/classes?page=2").text
    assert "Page 1 of 2." in first
    assert (first.count(" of 50%</h2>"), second.count(" of 50%</h2>")) == (class_sessions.A_PAGE, 1)
    assert client.get("/classes?search=class+7").text.count(" of 50%</h2>") == 2  # 7 and 17
    assert "Nothing is found" in client.get("/classes?search=%25%25").text
    assert "At the fair" not in first
    assert '<option value="young-person-fair" selected>' in client.get("/classes?collection=young-person-fair").text
