"""The collections: a list with counts, why each is open or not; the page of one, and all that can be done there."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from feedback_app.services import registers
from feedback_app.services.editions import Editions
from feedback_app.services.registers import Draft
from feedback_app.storage.db import db
from feedback_app.storage.models import (
    Collection,
    CollectionCount,
    CollectionEvent,
    Letter,
    OneTimeCode,
    Reading,
    StaffRole,
    SurveyVersion,
)
from feedback_app.web.support.wiring import NAME, wiring
from tests.web.staff_copy import NOW, SURVEY, Copy, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]

OAK = "young-person-oak-school"
HERE = f"/collections/{OAK}"


def the_list(staffed: Copy) -> str:
    """What the list says."""
    return text_of(staffed.member().get("/collections").text)


def one_page(staffed: Copy, one: str = SURVEY) -> str:
    """What the page of a collection says."""
    return text_of(staffed.member().get(f"/collections/{one}").text)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the last form of a page that has an `opens`."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="opens"' in one)
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in fields}


@pytest.fixture
def oak(staffed: Copy) -> FlaskClient:
    """Somebody signed in, after the survey was opened to Oak School on the pages alone."""
    client = staffed.member()
    assert open_to_oak(client).location == HERE
    return client


def open_to_oak(client: FlaskClient) -> TestResponse:
    added = post(client, "/registers/new", survey=SURVEY, kind="place", name="Oak School", contact="office@oak.example")
    assert added.location.startswith(f"/collections/new?survey={SURVEY}&to=")
    terms = {"opens": "2026-11-22", "closes": "2026-12-20", "note": "", "eligible": "240"}
    terms |= {"eligible-source": "school office", "eligible-on": "2026-11-20"}
    checked = client.get(added.location, query_string=None)
    assert "When, and in which languages?" in checked.text
    last = client.get(added.location + "&" + "&".join(f"{name}={value}" for name, value in terms.items()))
    assert "Check it" in last.text, text_of(last.text)
    return post(client, "/collections/new", last.text, **hidden(last.text))


def test_the_list_counts(staffed: Copy) -> None:
    with staffed.app.app_context():
        db.session.add(CollectionCount(collection_id=SURVEY, kind="started", number=1_234))
        db.session.add(CollectionCount(collection_id=SURVEY, kind="declined", number=2))
        db.session.commit()
    words = the_list(staffed)
    for said in (
        "Your life and safety",
        "Open Survey",
        "It has been open since 22 November 2026. It has no closing day.",
        "Answers received Under 10",
        "Started 1,235",
        "Said no Under 10",
        f"http://127.0.0.1:5000/{SURVEY}",
        "Languages English, ",
        "Arabic (not checked yet)",
    ):
        assert said in words, said
    assert "Comments waiting for a person: 5" in one_page(staffed)


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "Open Survey It has been open since 1 November 2026. It closes on"),
        (date(2026, 11, 23), None, "Not open yet Survey It opens on 23 November 2026."),
        (date(2026, 11, 23), date(2026, 12, 1), "It opens on 23 November 2026. It closes on 1 December 2026."),
        (date(2026, 11, 1), date(2026, 11, 21), "Closed Survey It was open from 1 November 2026 to 21 November"),
    ],
)
def test_it_says_why(staffed: Copy, opens: date, closes: date | None, said: str) -> None:
    staffed.collection(opens_on=opens, closes_on=closes)
    assert said in the_list(staffed)
    assert said in one_page(staffed)


def test_signposts_out_of_date_stop_a_survey_for_children_and_are_named(staffed: Copy) -> None:
    staffed.clock.pass_by(days=200)
    client = staffed.member()
    for address in ("/collections", f"/collections/{SURVEY}", f"/collections/new?survey={SURVEY}"):
        words = text_of(client.get(address).text)
        assert 'The signpost "emergency" was last checked on 2026-11-20, over six months ago.' in words, address
    assert "Cannot open" in text_of(client.get("/collections").text)
    last = client.get(f"/collections/new?survey={SURVEY}&event=Fair&opens=2027-06-10&closes=")
    assert "Open it</button>" not in last.text
    refused = post(client, "/collections/new", survey=SURVEY, event="Fair", opens="2027-06-10", closes="")
    assert (refused.status_code, "list of who can help" in refused.text) == (422, True)


def test_each_language_that_is_not_offered_says_why(staffed: Copy) -> None:
    client = staffed.member()
    with staffed.app.app_context():
        wired = wiring()
        area = wired.area.model_copy(update={"example": False})
        version = db.session.query(SurveyVersion).one()
        version.document = version.document | {"languages": ["en", "ur", "cs"]}
        version.words = {"ur": {"words": {}, "review": "draft", "safety": "draft"}}
        db.session.commit()
        says = area.signposts[0].model_copy(update={"says": {"en": "English only"}})
    staffed.account(totp_sealed=b"set up")
    staffed.app.extensions[NAME] = replace(
        wired,
        area=area.model_copy(update={"signposts": (says, *area.signposts[1:])}),
        editions=Editions(area),
        interfaces=dict(wired.interfaces) | {"ur": replace(wired.interfaces["ur"], complete=False, missing=7)},
    )
    words = text_of(client.get(f"/collections/{SURVEY}").text)
    assert "2 languages that people cannot choose yet" in words
    assert "The words of consent are not approved. The words of help are not approved." in words
    assert "Urdu. 7 texts of our own pages are not translated." in words
    assert re.search(r"Czech\. (\d+ of \d+ texts are not translated|Its words are ready now)", words)


def test_answers_that_were_brought_in_are_marked_and_offer_no_forms(staffed: Copy) -> None:
    staffed.collection(source="imported", note="A stranger's file <b>", closes_on=date(2026, 12, 1))
    for words in (the_list(staffed), one_page(staffed)):
        assert "Brought in Imported" in words
        assert "The answers are from 22 November 2026 to 1 December 2026." in words
        assert "A stranger's file <b>" in words
        assert "Said no" not in words
        assert "Address for people who answer" not in words
        assert "Close it" not in words
    client = staffed.member()
    assert client.get(f"/collections/{SURVEY}/qr.svg").status_code == 404
    assert post(client, f"/collections/{SURVEY}/state", go="close", seen="1").status_code == 422


def test_nothing_there_says_what_to_do_first(staffed: Copy) -> None:
    with staffed.app.app_context():
        for table in ("suggestion", "reading", "answer_text", "response", "draft", "collection"):
            db.session.execute(db.metadata.tables[table].delete())
        db.session.commit()
    words = the_list(staffed)
    assert "There is nothing here yet" in words
    assert "feedback init" in words
    assert "There is no survey yet" in staffed.member().get("/collections/new").text


def test_comments_that_software_has_not_read_are_not_forgotten(staffed: Copy) -> None:
    with staffed.app.app_context():
        db.session.query(Reading).delete()
        db.session.commit()
    assert "5 comments are in no list yet." in one_page(staffed)


def test_a_title_is_only_words(staffed: Copy) -> None:
    staffed.change(Collection, title="<script>alert(1)</script>")
    for address in ("/collections", f"/collections/{SURVEY}"):
        page = staffed.member().get(address).text
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_list_has_pages_and_search(staffed: Copy, oak: FlaskClient) -> None:
    with staffed.app.app_context():
        version = db.session.get_one(Collection, SURVEY).version_hash
        for number in range(60):
            given = {"id": f"extra-{number:02}", "title": f"Extra {number:02}", "source": "survey"}
            db.session.add(Collection(**given, version_hash=version, opens_on=NOW.date()))
        db.session.commit()
    first, second = (text_of(oak.get(f"/collections?page={number}").text) for number in (1, 2))
    assert "Page 1 of 2. 62 collections." in first
    assert "Extra 49" in first
    assert "Extra 50" in second
    assert "Your life and safety: Oak School" in second
    found = text_of(oak.get("/collections?search=oak").text)
    assert "Oak School" in found
    assert "Extra" not in found
    assert "No collection fits." in oak.get("/collections?search=no%20such&state=open").text
    assert "Oak School" not in text_of(oak.get("/collections?state=closed").text)
    for strange in ("page=x", "page=-3", "state=%27", "setting=x", "setting=999999", "setting=99999999999999999999"):
        assert oak.get(f"/collections?{strange}").status_code == 200


def test_opened_in_four_plain_steps(staffed: Copy, oak: FlaskClient) -> None:
    page = oak.get(HERE)
    words = text_of(page.text)
    for said in (
        "It is kept. People find it at http://127.0.0.1:5000/young-person-oak-school",
        "Open Survey",
        "It closes on 20 December 2026.",
        "For Oak School",
        "Could answer school office, 20 November 2026 240 Too few to say",
        "Opened, 22 November 2026, by Ann Example.",
        "0 of 2 sent",
    ):
        assert said in words, said
    assert "More answers than people" not in words
    assert staffed.events()[-1].action == "collection.open"


def test_each_step_says_what_is_wrong_and_keeps_what_was_typed(staffed: Copy) -> None:
    client = staffed.member()
    assert "Which survey?" in client.get("/collections/new?survey=nothing").text
    assert "To whom?" in client.get(f"/collections/new?survey={SURVEY}&to=999").text
    wrong = client.get(f"/collections/new?survey={SURVEY}&event=Fair&opens=tomorrow&note=our%20%3Cnote%3E")
    assert (wrong.status_code, "The first day is not a date" in wrong.text) == (422, True)
    assert 'value="tomorrow"' in wrong.text
    assert "our &lt;note&gt;" in wrong.text
    for number, said in (("x", "in digits"), ("12", "Say of which day")):
        answer = client.get(f"/collections/new?survey={SURVEY}&event=Fair&opens=2026-11-22&eligible={number}")
        assert (answer.status_code, said in answer.text) == (422, True)
    back = client.get(f"/collections/new?survey={SURVEY}&event=Fair&opens=2026-11-22&closes=2026-11-23&go=change")
    assert 'value="2026-11-23"' in back.text
    before = staffed.rows()["collection"]
    lost = post(client, "/collections/new", survey=SURVEY, event="Fair", opens="2026-11-22", closes="2026-11-20")
    assert (lost.status_code, staffed.rows()["collection"]) == (422, before)
    no_name = post(client, "/registers/new", survey=SURVEY, kind="place", name="")
    assert (no_name.status_code, "Write its name" in no_name.text) == (422, True)
    assert f'name="survey" value="{SURVEY}"' in no_name.text


def test_who_is_asked_too_often_is_said_before_and_after(staffed: Copy, oak: FlaskClient) -> None:
    assert open_to_same(staffed, oak).location == f"{HERE}-2"
    warned = oak.get(f"/collections/new?survey={SURVEY}&to=1&opens=2026-11-30&closes=")
    assert "Oak School would be asked 3 times in 90 days." in warned.text
    assert open_to_same(staffed, oak).location == f"{HERE}-3"
    assert "Oak School is asked 3 times in 90 days." in oak.get(HERE).text
    calendar = text_of(oak.get("/collections/calendar").text)
    assert "Asked more than twice in 90 days" in calendar
    assert "Oak School : 3 times, between 22 November 2026 and 22 November 2026" in calendar
    assert calendar.count("Your life and safety: Oak School") == 3
    assert "Anyone with the link" in calendar
    assert "Nobody is asked anything" in oak.get("/collections/calendar?from=2020-01-01&to=2020-02-01").text
    assert oak.get("/collections/calendar?from=x&to=&page=9").status_code == 200


def open_to_same(staffed: Copy, client: FlaskClient) -> TestResponse:
    return post(client, "/collections/new", survey=SURVEY, to="1", opens="2026-11-22", closes="")


def test_changed_by_two_the_second_is_told(oak: FlaskClient) -> None:
    terms = {"opens": "2026-11-22", "closes": "2026-12-31", "seen": "1"}
    kept = post(oak, HERE, **terms, note="first", cards="yes")
    assert kept.location == HERE
    second = post(oak, HERE, **terms, note="second")
    assert (second.status_code, "changed this while you had it open" in second.text) == (409, True)
    assert "Note first" in text_of(second.text), "what the other kept"
    assert "second</textarea>" in second.text, "what I typed"
    words = text_of(oak.get(HERE).text)
    assert "Note first" in words
    assert "Only a card lets somebody begin." in words
    for go in ("close", "archive", "reopen"):
        assert post(oak, f"{HERE}/state", go=go, seen="1", why="x").status_code in (409, 422)
    wrong = post(oak, HERE, opens="2026-11-22", closes="2026-11-01", seen="2", note="third")
    assert (wrong.status_code, "third" in wrong.text) == (422, True)


def test_closed_reopened_archived(staffed: Copy, oak: FlaskClient) -> None:
    assert post(oak, f"{HERE}/state", go="close", seen="1").location == HERE
    words = text_of(oak.get(HERE).text)
    assert "It was open from 22 November 2026 to 22 November 2026." in words
    assert "Send a reminder" not in words
    assert post(oak, f"{HERE}/state", go="reopen", seen="2", why="").status_code == 422
    assert post(oak, f"{HERE}/state", go="archive", seen="2").location == HERE
    assert "Oak School" not in text_of(oak.get("/collections").text)
    assert "Oak School" in text_of(oak.get("/collections?state=archived").text)
    assert post(oak, f"{HERE}/state", go="reopen", seen="3", why="Snow.", closes="x").status_code == 422
    assert post(oak, f"{HERE}/state", go="reopen", seen="3", why="Snow.", closes="").location == HERE
    assert "Reopened, 22 November 2026, by Ann Example. Why: Snow." in text_of(oak.get(HERE).text)
    assert post(oak, f"{HERE}/state", go="nonsense", seen="4").status_code == 422


def test_two_reminders(staffed: Copy, oak: FlaskClient) -> None:
    for _ in range(2):
        assert post(oak, f"{HERE}/remind").location == HERE
    third = post(oak, f"{HERE}/remind")
    assert (third.status_code, "2 reminders were sent" in third.text) == (422, True)
    assert staffed.rows()["letter"] == 2
    with staffed.app.app_context():
        assert {one.kind for one in db.session.query(Letter)} == {"reminder"}
    assert [event.detail for event in staffed.events()][-1] == {"number": 2}


def test_parts_left_out_are_kept_with_who_and_why(staffed: Copy, oak: FlaskClient) -> None:
    form = oak.get(f"{HERE}/parts")
    assert "Sensitive." in form.text
    assert 'value="start"' not in form.text
    wrong = post(oak, f"{HERE}/parts", part="home", seen="1", why="")
    assert (wrong.status_code, "Write why" in wrong.text) == (422, True)
    assert re.search(r'value="home" checked', wrong.text)
    kept = post(oak, f"{HERE}/parts", part="home", seen="1", why="Ms Oak: a pupil has just lost a parent.")
    assert kept.location == HERE
    words = text_of(oak.get(HERE).text)
    assert "Parts left out At home" in words or "Parts left out Home" in words or "Parts left out" in words
    assert "Why: Ms Oak: a pupil has just lost a parent." in words
    assert post(oak, f"{HERE}/parts", seen="1", why="Back").status_code == 409
    with staffed.app.app_context():
        assert [one.about for one in db.session.query(CollectionEvent).filter_by(what="left-out")] == ["home"]
    assert "lost a parent" not in str([event.detail for event in staffed.events()])


def test_what_is_handed_out(staffed: Copy, oak: FlaskClient) -> None:
    square = oak.get(f"{HERE}/qr.svg")
    assert (square.content_type, square.text[:4]) == ("image/svg+xml", "<svg")
    for name in ("poster-en", "poster-ar", "preview"):
        made = oak.get(f"{HERE}/{name}.pdf")
        assert (made.status_code, made.content_type, made.data[:5]) == (200, "application/pdf", b"%PDF-")
        if name != "poster-ar":
            read = PdfReader(io.BytesIO(made.data))
            whole = " ".join(page.extract_text() for page in read.pages)
            assert "Your life and safety" in whole
        if name == "poster-en":
            assert len(read.pages) == 1
            assert "12–15 minutes" in whole
            assert "0800 1111" in whole
            assert "127.0.0.1:5000/" in whole
        if name == "preview":
            assert "Parts that can be left out for you" in whole
    assert oak.get(f"{HERE}/poster-rmc.pdf").status_code == 404
    cards = post(oak, f"{HERE}/cards", number="12", **{"in": "en"})
    assert (cards.status_code, cards.content_type) == (200, "application/pdf")
    codes = re.findall(
        r"\b[A-Z0-9]{4} [A-Z0-9]{4}\b", " ".join(p.extract_text() for p in PdfReader(io.BytesIO(cards.data)).pages)
    )
    assert len(set(codes)) == 12
    assert staffed.rows()["one_time_code"] == 12
    for number in ("0", "x", "9999"):
        assert post(oak, f"{HERE}/cards", number=number).status_code == 422
    assert post(oak, f"{HERE}/cards", number="3", **{"in": "rmc"}).status_code == 404
    with staffed.app.app_context():
        assert db.session.query(OneTimeCode).count() == 12


def test_the_registers_are_kept_on_pages(staffed: Copy) -> None:
    client = staffed.member()
    assert "There is nothing here yet" in client.get("/registers?kind=agency").text
    assert post(client, "/registers/new", kind="agency", name="Police").location == "/registers?kind=agency"
    words = text_of(client.get("/registers?kind=agency").text)
    assert "Police is in the register." in words
    assert "Agencies (1)" in words
    typed = {"name": "Police service", "code": "police", "contact": "", "first": "", "last": ""}
    assert post(client, "/registers/1", seen="1", **typed).location == "/registers?kind=agency"
    second = post(client, "/registers/1", seen="1", **typed | {"name": "Mine"})
    assert (second.status_code, "Mine" in second.text, "Police service" in second.text) == (409, True, True)
    wrong = post(client, "/registers/1", seen="2", **typed | {"first": "soon"})
    assert (wrong.status_code, 'value="soon"' in wrong.text) == (422, True)
    assert post(client, "/registers/1/end", seen="2", last="2026-11-21").location == "/registers?kind=agency"
    assert "Police" not in text_of(client.get("/registers?kind=agency").text).replace("Police service ends", "")
    assert "Police service" in client.get("/registers?kind=agency&ended=yes").text
    for unknown in ("99", "99999999999999999999"):
        assert client.get(f"/registers/{unknown}").status_code == 404
    assert post(client, "/registers/1", seen="99999999999999999999", **typed).status_code == 409
    assert client.get("/registers?kind=nothing&page=x").status_code == 200
    assert [event.action for event in staffed.events()][-3:] == ["register.add", "register.change", "register.end"]


def test_a_scrutineer_looks_and_changes_nothing(staffed: Copy, oak: FlaskClient) -> None:
    with staffed.app.app_context():
        registers.add(db.session(), "place", Draft("Elm"), by="Ann", now=NOW)
        db.session.query(StaffRole).delete()
        db.session.add(StaffRole(staff_id=1, role="scrutineer"))
        db.session.commit()
    page = oak.get(HERE).text
    assert "Who takes part" in page
    for only in ("Keep the change", "Close it now", "Make the cards", "Send a reminder", "Leave parts out"):
        assert only not in page
    assert "Add an entry" not in oak.get("/registers").text
    assert "Open a survey to somebody" not in oak.get("/collections").text
