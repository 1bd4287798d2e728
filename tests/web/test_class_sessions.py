"""Shared tablets without JavaScript: the code, the PIN, one person after another, and nothing of one for the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from feedback_app.core.clock import FixedClock
from feedback_app.services import class_sessions
from feedback_app.storage.models import Response
from tests.factories import NOON, Copy
from tests.integration.answering import counts
from tests.tablets import TabletBrowser, held, open_class

SECRET = "my own words, for nobody else"
Make = Callable[..., Copy]


def tablet(copy: Copy, *, idle: int = 3, survey: str = "ten-questions") -> TabletBrowser:
    """A tablet of a new class, at the locked screen."""
    return TabletBrowser(copy.app(), survey, open_class(copy, survey, idle=idle)).join()


def later(copy: Copy, **time: int) -> None:
    """Let time go by."""
    moved = copy.clock.moment + timedelta(**time)
    copy.clock = FixedClock(moved)
    for app in copy.apps:
        object.__setattr__(app.extensions["feedback"], "clock", copy.clock)


@pytest.fixture
def copied(copy: Make) -> Copy:
    return copy("ten_questions")


def answer_all(person: TabletBrowser) -> None:
    while person.at != "check":
        person.press(answer=SECRET if person.at == "Q10" else "4")


def test_one_person_after_another(copied: Copy) -> None:
    person = tablet(copied)
    assert (person.at, person.heading) == ("next", "Next person")

    for _ in range(2):
        person.next_person()
        assert person.heading == "Ten questions"
        person.start()
        answer_all(person)
        person.send()
        assert len(person.receipt.split()) == 5
        assert "Tell the adult that you are done." in person.page
        person.wipe()
        assert person.heading == "Next person"

    with copied.session() as session:
        assert {one.way for one in session.query(Response)} == {"tablet"}
    found = held(copied, person.opened)
    assert (found.started, found.finished) == (2, 2)
    assert counts(copied)["draft"] == 0


def test_nobody_begins_without_the_pin(copied: Copy) -> None:
    person = tablet(copied)

    person.start()
    assert person.heading == "Next person"
    person.next_person(pin="no")
    assert person.status == 422
    assert "This is not the PIN." in person.page
    person.start()
    assert person.heading == "Next person"
    assert held(copied, person.opened).started == 0


def test_one_pin_is_for_one_person(copied: Copy) -> None:
    person = tablet(copied).next_person().start()
    answer_all(person)
    person.send().wipe()

    person.start()

    assert person.heading == "Next person"
    assert held(copied, person.opened).started == 1


def test_the_same_person_may_begin_again(copied: Copy) -> None:
    person = tablet(copied).next_person().start().press(answer="4").start()

    assert person.at == "Q1"


@pytest.mark.parametrize("away", ["leave", "class/wipe"])
def test_leaving_wipes_the_tablet_and_it_stays_a_tablet(copied: Copy, away: str) -> None:
    person = tablet(copied).next_person().start().press(answer="4")

    left = person.client.post(f"/en/{away}")

    assert left.location == "/en/class/next"
    assert left.headers["Clear-Site-Data"] == '"cache"'
    assert counts(copied)["draft"] == 0
    assert person.open("Q1").heading == "Next person"


def test_the_next_person_meets_nothing_of_the_one_before(copied: Copy) -> None:
    person = tablet(copied).next_person().start()
    answer_all(person)
    person.next_person().start()

    for address in ("Q10", "check", "Q1", "thank-you", "/en/ten-questions"):
        person.open(address)
        assert SECRET not in person.page, address
        assert 'value="4" checked' not in person.page, address
        assert not person.receipt
    assert counts(copied)["draft"] == 1


@pytest.mark.parametrize(("idle", "minutes", "wiped"), [(3, 3, False), (3, 4, True), (15, 15, False), (1, 2, True)])
def test_left_alone_it_is_over(copied: Copy, idle: int, minutes: int, wiped: bool) -> None:
    person = tablet(copied, idle=idle).next_person().start().press(answer="4")

    later(copied, minutes=minutes)
    person.press(answer="4")

    assert (person.heading == "Next person") is wiped
    assert counts(copied)["draft"] == (0 if wiped else 1)
    later(copied, minutes=-minutes)
    assert (person.open("Q1").heading == "Next person") is wiped


def test_looking_after_it_is_over_locks_the_tablet_too(copied: Copy) -> None:
    person = tablet(copied).next_person().start().press(answer="4")

    later(copied, minutes=4)
    assert person.open("Q1").heading == "Next person"
    later(copied, minutes=-4)
    assert person.open("Q1").heading == "Next person"


def test_saying_that_one_is_still_here_gives_more_time(copied: Copy) -> None:
    person = tablet(copied).next_person().start()
    for _ in range(3):
        later(copied, minutes=3)
        assert person.client.post("/en/class/stay").status_code == 204

    assert person.press(answer="4").at == "Q2"


def test_the_receipt_goes_by_itself_after_the_idle_minutes(copied: Copy) -> None:
    person = tablet(copied, idle=2).next_person().start()
    answer_all(person)
    token = person.open("check").token

    sent = person.client.post(person.here, data={"token": token})

    assert "Max-Age=120" in sent.headers["Set-Cookie"]


def test_a_no_is_the_same_as_a_yes_to_whoever_looks_on(copy: Make) -> None:
    person = tablet(copy("consent"), survey="consent").next_person().start().press(answer="no")

    assert "Tell the adult that you are done." in person.page


@pytest.mark.parametrize("typed", ["lower", "spaced", "bare"])
def test_a_code_may_be_typed_in_any_way(copied: Copy, typed: str) -> None:
    opened = open_class(copied, "ten-questions")
    code = {"lower": opened.code.lower(), "spaced": f"  {'-'.join(opened.code)} ", "bare": opened.code.replace(" ", "")}

    assert TabletBrowser(copied.app(), "ten-questions", opened).join(code[typed]).heading == "Next person"


@pytest.mark.parametrize("code", ["", "AAAAAA", "\0", "' OR 1=1 --", "é" * 1000, "<script>"])
def test_a_wrong_code_opens_nothing(copied: Copy, code: str) -> None:
    person = TabletBrowser(copied.app(), "ten-questions", open_class(copied, "ten-questions"))

    person._land(person.client.post("/en/class", data={"code": code}))

    assert person.status == 422
    assert "This code opens no class today." in person.page
    assert "<script>" not in person.page.replace("<script src", "")
    assert person.client.get_cookie("tablet") is None


def test_a_pin_can_be_wrong_ten_times_on_one_tablet_and_no_other_is_locked(copied: Copy) -> None:
    first = tablet(copied)
    second = TabletBrowser(first.client.application, "ten-questions", first.opened).join()

    assert [first.next_person(pin="1").status for _ in range(11)] == [422] * 10 + [429]
    assert first.next_person().status == 429
    assert second.next_person().heading == "Ten questions"


def test_codes_cannot_be_guessed_for_ever(copied: Copy) -> None:
    person = TabletBrowser(copied.app(), "ten-questions", open_class(copied, "ten-questions"))

    assert [person.join("wrong").status for _ in range(31)] == [422] * 30 + [429]
    assert person.join().status == 429


def test_a_class_that_is_closed_lets_nobody_begin(copied: Copy) -> None:
    person = tablet(copied).next_person().start()
    with copied.session() as session, session.begin():
        today = copied.clock.today()
        class_sessions.close(session, person.opened.id, by="a test", now=NOON, today=today)

    assert person.press(answer="4").at == "Q2"  # whoever is in the middle may finish
    assert person.next_person().heading == "Shared tablet"
    assert person.join().status == 422


def test_the_day_after_the_last_it_is_no_tablet_any_more(copied: Copy) -> None:
    person = tablet(copied)

    later(copied, days=1)

    assert person.open("/en/class/next").heading == "Shared tablet"
    assert person.start().at == "Q1"  # as on anybody's own browser


def test_a_tablet_can_be_taken_out_of_the_class(copied: Copy) -> None:
    person = tablet(copied)

    out = person.client.post("/en/class/next", data={"pin": person.opened.pin, "go": "end"})

    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert person.client.get_cookie("tablet") is None
    assert "const HELD = null" in person.client.get("/class-sw.js").text


def test_a_cookie_that_was_changed_makes_no_tablet(copied: Copy) -> None:
    person = tablet(copied)
    cookie = person.client.get_cookie("tablet")
    assert cookie
    person.client.set_cookie("tablet", cookie.value.replace(".0.3.", ".1.3."))

    assert person.open("/en/class/next").heading == "Shared tablet"


@pytest.mark.parametrize(("public", "name"), [("", "tablet"), ("https://feedback.example", "__Host-tablet")])
def test_the_cookie_is_out_of_reach_and_of_this_site_alone(copy: Make, public: str, name: str) -> None:
    copied = copy("ten_questions", public_url=public)
    opened = open_class(copied, "ten-questions")

    made = copied.app().test_client().post("/en/class", data={"code": opened.code})

    cookie = next(one for one in made.headers.getlist("Set-Cookie") if one.startswith(f"{name}="))
    marks = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "Path=/", "SameSite=Strict"} | ({"Secure"} if public else set()) <= marks
    assert ("Secure" in marks) is bool(public)


def test_only_a_tablets_pages_carry_the_tablets_script(copied: Copy) -> None:
    """Pages are kept for all who see the same: a tablet's must not come to a person on their own phone, nor back."""
    person = tablet(copied).next_person().start()
    other = TabletBrowser(person.client.application, "ten-questions", person.opened).start()

    assert ("kiosk.js" in person.page, "kiosk.js" in other.page) == (True, False)
    assert ("kiosk.js" in person.open("Q1").page, "kiosk.js" in other.open("Q1").page) == (True, False)


def test_the_worker_keeps_help_and_no_page_with_answers(copied: Copy) -> None:
    kept = tablet(copied).client.get("/class-sw.js")

    assert kept.mimetype == "text/javascript"
    assert '"/en/help"' in kept.text
    assert "ten-questions" not in kept.text
    assert "/class/outreach" not in kept.text
