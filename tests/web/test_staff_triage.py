"""The queue's pages: no word before it is opened, one text after another, masked with a look at the copy first."""

from __future__ import annotations

import re
from html import unescape

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from feedback_app.core.roles import LEAD
from feedback_app.services import accounts
from feedback_app.services.collecting import sealed_row
from feedback_app.services.screening import Screens, Source, put
from feedback_app.storage.db import db
from feedback_app.storage.models import AnswerText, Collection, Response, StaffRole, Triage
from feedback_app.web.support.wiring import wiring
from tests.releasing import screens
from tests.web.staff_copy import HOSTILE, NOW, PASSWORD, SURVEY, Copy, post, sign_in, text_of

pytest_plugins = ["tests.web.staff_fixtures"]
HARM, PLAIN, PHONE = "I want to kill myself", "More football please", "ring me on 07700 900123, says Bea"


def lead(staffed: Copy, name: str = "") -> FlaskClient:
    """A browser of a safeguarding lead, who is nothing else."""
    if not name:
        client = staffed.member()
        with staffed.app.app_context():
            db.session.execute(delete(StaffRole))
            db.session.add(StaffRole(staff_id=1, role=LEAD))
            db.session.commit()
        return client
    with staffed.app.app_context():
        email = f"{name.lower()}@area.example"
        member = accounts.add(db.session(), name, PASSWORD, {LEAD}, by="a test", now=NOW, email=email)
        member.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        db.session.commit()
    client = staffed.stranger()
    sign_in(client, name)
    return client


def write(staffed: Copy, number: int, words: str, using: Screens | None = None) -> str:
    """A young person has sent these words; give the id of their text in the queue."""
    with staffed.app.app_context():
        session, wired, ident = db.session(), wiring(), f"{number:032}"
        held = session.get_one(Collection, SURVEY)
        given = {"answers": {}, "languages": {}, "language": "en", "received_on": NOW.date()}
        session.add(Response(id=ident, collection_id=SURVEY, version_hash=held.version_hash, **given))
        session.flush()
        session.add(AnswerText(**sealed_row(wired.keys, ident, "YP91", words, "en")))
        session.flush()
        put(session, wired.keys, using or screens(), Source(ident, SURVEY, NOW.date()), {"YP91": words}, {"YP91": "en"})
        found = session.scalars(select(Triage.id).where(Triage.response_id == ident)).one()
        session.commit()
    return found


def press(client: FlaskClient, page: str, button: str, **typed: str | list[str]) -> TestResponse:
    """Press a button of a page, with everything that its form holds."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        found = re.search(r"<button([^>]*)>" + re.escape(button), form)
        if found:
            fields: dict[str, str | list[str]] = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
            ticked = re.findall(r'type="checkbox"[^>]* name="mask" value="([^"]+)" checked', form)
            action = re.search(r'formaction="([^"]+)"', found[1]) or re.search(r'action="([^"]+)"', form)
            lines = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form))
            assert action
            return client.post(unescape(action[1]), data=fields | lines | {"mask": ticked} | typed)
    raise AssertionError(f"There is no button {button}.")


def release(staffed: Copy, client: FlaskClient, page: str) -> TestResponse:
    """Read a text for a while, and release it."""
    staffed.clock.pass_by(seconds=5)
    return press(client, page, "Release and next")


def state(staffed: Copy, ident: str) -> str:
    with staffed.app.app_context():
        return db.session.get_one(Triage, ident).state


def test_an_empty_queue_says_so(staffed: Copy) -> None:
    words = text_of(lead(staffed).get("/triage").text)
    assert "No text waits" in words
    assert "People have read every text that came in" in words
    assert "The rota is not complete." in words


def test_the_list_and_the_address_of_a_text_show_no_word_of_it(staffed: Copy) -> None:
    harm, plain = write(staffed, 1, HARM), write(staffed, 2, PLAIN)
    client = lead(staffed)
    listed = client.get("/triage").text
    words = text_of(listed)
    assert words.index(f"Text {harm[:8]}") < words.index(f"Text {plain[:8]}")
    assert "P1: Read now" in words
    assert "Read it by Monday 23 November, 17:00" in words
    before = client.get(f"/triage/{harm}").text
    assert "Open and read" in before
    for page in (listed, before, client.get("/triage?band=P1").text, client.get("/triage?state=done").text):
        assert "kill" not in page
        assert "football" not in page
    assert f"Text {plain[:8]}" not in text_of(client.get("/triage?band=P1").text)
    assert client.get("/triage/nothing").status_code == 404


def test_opened_it_shows_what_is_needed_and_why(staffed: Copy) -> None:
    harm = write(staffed, 1, HARM)
    client = lead(staffed)
    opened = press(client, client.get(f"/triage/{harm}").text, "Open and read").text
    words = text_of(opened)
    assert HARM in words
    assert "Why software put it here “ kill myself ”: suicide, P1" in words
    assert "Survey Your life and safety" in words
    assert "Two people read this text." in words
    assert [event.action for event in staffed.events()][-2:] == ["triage.acknowledge", "triage.read"]


def test_what_a_person_wrote_is_shown_as_words(staffed: Copy) -> None:
    ident = write(staffed, 1, HOSTILE)
    client = lead(staffed)
    opened = press(client, client.get(f"/triage/{ident}").text, "Open and read").text
    assert "<script" not in opened
    assert "alert(1)" in opened


def test_many_are_read_one_after_the_other_by_enter_alone(staffed: Copy) -> None:
    idents = [write(staffed, number, f"{PLAIN} {number}") for number in range(1, 24)]
    client = lead(staffed)
    page = press(client, client.get("/triage").text, "Read the next one").text
    tired = []
    for number in range(1, len(idents) + 1):
        assert re.search(r'<button class="main" accesskey="r" autofocus>Release and next', page)
        if "You have read twenty texts" in page:
            tired.append(number)
        assert f"You have read {number} since your last break." in text_of(page)
        assert f"{len(idents) - number + 1} wait" in text_of(page)
        answer = release(staffed, client, page)
        page = answer.text
    assert answer.location == "/triage"
    assert tired == [21]
    assert {state(staffed, ident) for ident in idents} == {"released"}
    assert "Nothing else waits for you to read here." in text_of(client.get("/triage").text)


def test_masking_shows_the_copy_before_it_is_released(staffed: Copy) -> None:
    ident = write(staffed, 1, PHONE)
    client = lead(staffed)
    opened = press(client, client.get(f"/triage/{ident}").text, "Open and read").text
    assert '<mark class="found">07700 900123</mark>' in opened
    wrong = press(client, opened, "See what analysts will read", typed="Wembley").text
    assert "does not stand in the text" in text_of(wrong)
    seen = press(client, opened, "See what analysts will read", typed="Bea").text
    assert "Analysts will read this ring me on [phone], says [name]" in text_of(seen)
    assert state(staffed, ident) == "open"

    assert press(client, seen, "Release this and next").status_code == 303

    assert state(staffed, ident) == "redacted"


def test_two_people_close_a_text_and_what_is_missing_is_said(staffed: Copy) -> None:
    ident = write(staffed, 1, HARM)
    first, second = lead(staffed), lead(staffed, "Sam Example")
    opened = press(first, first.get(f"/triage/{ident}").text, "Open and read").text
    wrong = press(first, opened, "Keep: somebody was told", told="Front door")
    assert "Write whom you told, when, and the reference" in text_of(wrong.text)
    assert 'value="Front door"' in wrong.text
    assert "Write a reference" in text_of(press(first, opened, "Release and next").text)
    known = {"told": "Front door", "told_at": "noon", "reference": "R1"}
    assert press(first, wrong.text, "Keep: somebody was told", **known).location == "/triage"
    assert state(staffed, ident) == "open"
    again = press(first, first.get(f"/triage/{ident}").text, "Open and read").text
    assert "A second person has to read it too." in text_of(again)
    assert "Agree and close" not in again

    theirs = press(second, second.get(f"/triage/{ident}").text, "Open and read").text
    assert "Ann Example chose: A concern: somebody was told" in text_of(theirs)
    assert "Ann Example has this text open too." in text_of(theirs)
    press(second, theirs, "Agree and close")

    assert state(staffed, ident) == "concern"
    done = text_of(first.get("/triage?state=done").text)
    assert "A concern: somebody was told, by Ann Example and Sam Example." in done
    late = press(first, again, "Release and next", reference="R1")
    assert late.location == "/triage"
    assert "Sam Example decided on this text while you had it open." in text_of(first.get("/triage").text)


def test_seen_noted_and_put_back(staffed: Copy) -> None:
    ident = write(staffed, 1, HARM)
    client = lead(staffed)
    before = client.get(f"/triage/{ident}").text
    press(client, before, "I have seen this")
    assert "Ann Example has seen that it waits." in text_of(client.get(f"/triage/{ident}").text)
    plain = write(staffed, 2, PLAIN)
    opened = press(client, client.get(f"/triage/{plain}").text, "Open and read").text
    noted = press(client, opened, "Keep the note and stay", note="Ask Kim").text
    assert "Ask Kim" in text_of(noted)
    release(staffed, client, noted)
    assert state(staffed, plain) == "released"
    closed = press(client, client.get(f"/triage/{plain}").text, "Open and read").text
    assert "Write why" in text_of(press(client, closed, "Put it back", note="").text)
    press(client, closed, "Put it back", note="I pressed too soon")
    assert state(staffed, plain) == "open"


def test_a_key_that_is_held_down_and_a_button_pressed_twice_do_no_harm(staffed: Copy) -> None:
    first, second = sorted((write(staffed, 1, PLAIN), write(staffed, 2, PLAIN)))
    client = lead(staffed)
    page = press(client, client.get("/triage").text, "Read the next one").text
    quick = press(client, page, "Release and next").text
    assert "That was quicker than anybody can read." in text_of(quick)
    assert "autofocus" not in quick
    assert state(staffed, first) == "open"
    after = release(staffed, client, quick).text
    assert f"Pressed too soon? Go back to text {first[:8]}" in text_of(after)

    twice = press(client, quick, "Release and next").text

    assert f"You decided on text {first[:8]} before." in text_of(twice)
    assert f"Text {second[:8]}" in text_of(twice)
    assert (state(staffed, first), state(staffed, second)) == ("released", "open")


def test_what_is_left_open_lets_the_others_come_first(staffed: Copy) -> None:
    first, second = sorted((write(staffed, 1, PLAIN), write(staffed, 2, PLAIN)))
    client = lead(staffed)
    page = press(client, client.get("/triage").text, "Read the next one").text
    page = press(client, page, "Leave it open and next", note="Ask Kim").text
    assert f"Text {first[:8]} stays open." in text_of(page)
    assert f"<h1>Text {second[:8]}" in page
    assert release(staffed, client, page).location == "/triage"
    listed = client.get("/triage").text
    assert "Nothing else waits for you to read here, but what you left open." in text_of(listed)
    assert "Ask Kim" in text_of(press(client, listed, "Read the next one").text)


def test_a_text_that_does_not_open_holds_up_no_other_and_loses_no_decision(staffed: Copy) -> None:
    first, second, third = sorted(write(staffed, number, f"{PLAIN} {number}") for number in (1, 2, 3))
    with staffed.app.app_context():
        held = db.session.get_one(Triage, second)
        db.session.get_one(AnswerText, (held.response_id, held.field)).sealed = b"changed"
        db.session.commit()
    client = lead(staffed)
    page = press(client, client.get("/triage").text, "Read the next one").text
    stuck = release(staffed, client, page).text
    assert "The words of this text cannot be shown. It does not open" in text_of(stuck)
    assert "Release and next" not in stuck
    assert state(staffed, first) == "released"

    onward = press(client, stuck, "Leave it open and next").text

    assert f"<h1>Text {third[:8]}" in onward
    assert "football" in onward


def test_nothing_of_one_text_stands_on_the_page_of_the_next(staffed: Copy) -> None:
    write(staffed, 1, f"{PHONE} of Elm Street"), write(staffed, 2, PLAIN)
    client = lead(staffed)
    page = press(client, client.get("/triage").text, "Read the next one").text
    while "Elm Street" not in page:
        page = press(client, page, "Leave it open and next").text
    seen = press(client, page, "See what analysts will read", typed="Elm Street").text
    write(staffed, 3, PLAIN)

    onward = press(client, seen, "Release this and next").text

    assert "football" in onward
    assert "Elm Street" not in onward
    assert "Analysts will read this" not in onward


def test_no_other_copy_is_released_than_the_one_that_was_shown(staffed: Copy) -> None:
    ident = write(staffed, 1, PHONE)
    client = lead(staffed)
    opened = press(client, client.get(f"/triage/{ident}").text, "Open and read").text
    seen = press(client, opened, "See what analysts will read", typed="Bea").text

    changed = press(client, seen, "Release this and next", typed="")

    assert "Look at what analysts will read. Then release it." in text_of(changed.text)
    assert "says Bea" in text_of(changed.text)
    assert state(staffed, ident) == "open"


def test_what_software_could_not_screen_says_so(staffed: Copy) -> None:
    ident = write(staffed, 1, PLAIN, Screens())
    client = lead(staffed)
    assert "Software could not screen it" in text_of(client.get("/triage").text)
    opened = press(client, client.get(f"/triage/{ident}").text, "Open and read").text
    assert "Read it with care." in text_of(opened)
    assert "autofocus" not in opened


def test_pages_say_how_many_wait_to_be_read(staffed: Copy) -> None:
    write(staffed, 1, PLAIN)
    client = staffed.member()
    said = "1 text of this collection waits for the safeguarding lead"
    assert said in text_of(client.get(f"/collections/{SURVEY}/comments").text)
    assert "1 text waits for the safeguarding lead" in text_of(client.get(f"/collections/{SURVEY}").text)
    assert "1 text is not in it" in text_of(client.get(f"/exports/{SURVEY}").text)
    assert "1 text waits for you to read it." in text_of(client.get("/").text)
    report = text_of(client.get("/report?from=2026-11-01&to=2026-11-30").text)
    assert "were taken up as a concern: fewer than 10." in report
    assert "still wait to be read for safety" in report


def test_the_rota_is_kept_and_what_is_wrong_is_said(staffed: Copy) -> None:
    client = staffed.member()
    lead(staffed, "Sam Example")
    page = client.get("/triage/rota").text
    hours = {"from-0": "09:00", "to-0": "17:00"}
    wrong = post(client, "/triage/rota", page, seen="0", person="1", **hours | {"to-0": "08:00"})
    assert (wrong.status_code, "the hours end before they begin" in wrong.text) == (400, True)
    half = post(client, "/triage/rota", page, seen="0", **hours | {"to-0": ""})
    assert "Write both hours of Monday" in half.text
    day = post(client, "/triage/rota", page, seen="0", closed="Christmas", **hours)
    assert "“Christmas” is no day." in day.text
    assert 'name="closed" value="2026-12-25" checked' in page
    assert 'name="closed" value="2026-08-31"' not in page  # it is over
    assert post(client, "/triage/rota", page, seen="0", person="2", closed="2026-12-25", **hours).status_code == 303
    kept = client.get("/triage/rota").text
    assert 'value="2026-12-25"' not in kept
    assert 'name="closed" value="2026-12-28">' in kept
    assert '<option value="2" selected>Sam Example</option>' in kept
    assert 'value="09:00"' in kept
    assert "2026-12-25" in kept
    late = post(client, "/triage/rota", page, seen="0", **hours)
    assert "Somebody else changed the rota" in late.text


def test_a_drill_is_started_and_ended(staffed: Copy) -> None:
    client = lead(staffed, "Sam Example")
    press(client, client.get("/triage/rota").text, "Start a drill")
    assert "1 drill waits for you" in text_of(client.get("/").text)
    opened = press(client, client.get("/triage").text, "Read the next one").text
    assert "This is a drill. Nobody wrote this." in text_of(opened)
    assert "Release and next" not in opened
    assert press(client, opened, "End the drill").location == "/triage"
    assert "A drill is going on" not in text_of(client.get("/triage").text)
