"""Finish later, come back, leave: what the pages say, what the browser is left with, how often words may fail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from feedback_app.core.clock import FixedClock
from feedback_app.web.public.returning import FROM_ALL
from tests.factories import NOON, Copy, Respondent
from tests.web.page import Page
from tests.web.someone import Someone
from tests.web.test_database_down import READ_ONLY, sqlite_with

WRONG = "acorn bagel acorn bagel acorn"
NOTHING = "These words do not open anything. They may be wrong, or more than 24 hours old."


def said(person: Respondent) -> str:
    """What a page says, with no space where a part of a sentence is marked."""
    return " ".join(re.sub(r"<[^>]+>", "", person.page).split())


def back(app: Flask, words: str, address: str = "192.0.2.1", language: str = "en", survey: str = "text") -> Respondent:
    """Somebody who types words on another device."""
    person = Respondent(app, survey, language)
    person.client.environ_base["REMOTE_ADDR"] = address
    person.here = f"/{language}/return"
    return person.post({"words": words})


def test_finishing_later_shows_five_words_and_leaves_nothing_on_the_device(someone: Someone, open_app: Flask) -> None:
    person = someone("text").press("later", answer="one")
    page = Page(person.page)

    assert (person.status, person.heading) == (200, "You can finish later")
    assert len(person.receipt.split()) == 5
    assert "We keep your answers for 24 hours. That is until this time tomorrow, 26 November 2026." in said(person)
    assert "http://127.0.0.1:5000/en/return" in page.words
    assert "Anyone who has these words can see your answers." in page.words
    assert "one" not in page.words.split()
    assert person.client.get_cookie("visit") is None
    assert person.open("Q1").status == 403
    assert Page(person.page).links["I have five words"] == "/en/return"


@pytest.mark.parametrize("survey", ["consent", "text", "single", "multi", "info", "grid", "rank"])
def test_every_page_of_a_survey_offers_it(someone: Someone, survey: str) -> None:
    assert Page(someone(survey).page).buttons["Finish later"] == "later"


def test_the_page_that_was_left_is_where_it_goes_on(someone: Someone, open_app: Flask) -> None:
    first = someone("text").press("later", answer="one")
    last = someone("text").press(answer="a").press(answer="b")
    assert Page(last.page).buttons["Finish later"] == "later"
    last.press("later")

    person = back(open_app, first.receipt)
    assert (person.at, Page(person.page).typed["answer"]) == ("Q1", "one")
    assert person.press(answer="two").open("/en/text").status == 200
    assert Page(person.page).links["Carry on where you were"] == "/en/text/Q2"
    assert back(open_app, last.receipt).at == "check"


def test_words_that_were_too_long_are_still_there(someone: Someone, open_app: Flask) -> None:
    words = someone("text").press("later", answer="x" * 21).receipt

    assert Page(back(open_app, words).page).typed["answer"] == "x" * 21


def test_the_words_work_in_another_language_and_until_the_answers_are_sent(someone: Someone, open_app: Flask) -> None:
    words = someone("text").press("later", answer="one").receipt

    assert back(open_app, words, language="ur").here == "/ur/text/Q1"
    person = back(open_app, words.upper()).press(answer="one").press(answer="two").send()
    assert len(person.receipt.split()) == 5
    assert NOTHING in Page(back(open_app, words).page).words


def test_leaving_after_coming_back_forgets_the_answers_for_good(someone: Someone, open_app: Flask) -> None:
    words = someone("text").press("later", answer="one").receipt
    person = back(open_app, words)
    person.client.post("/en/leave")

    assert person.client.get_cookie("visit") is None
    assert back(open_app, words).status == 422


def test_leaving_from_the_page_with_the_words_keeps_the_answers(someone: Someone, open_app: Flask) -> None:
    person = someone("text").press("later", answer="one")
    person.client.post("/en/leave")

    assert back(open_app, person.receipt).at == "Q1"


def test_starting_again_after_coming_back_forgets_what_was_put_aside(someone: Someone, open_app: Flask) -> None:
    words = someone("text").press("later", answer="one").receipt
    back(open_app, words).start()

    assert back(open_app, words).status == 422


@pytest.mark.parametrize("address", ["/en", "/en/text"])
def test_the_way_back_is_on_the_first_pages(someone: Someone, address: str) -> None:
    assert Page(someone("text").open(address).page).links["I have five words"] == "/en/return"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("acorn bagle acorn bagel acorn", "This is not one of our words: bagle. Please look at it again."),
        ("acorn bagel acorn bagel", "Please type all five words."),
        ("acorn bagel acorn bagel acorn bagel", "Please type all five words."),
        ("", "Please type all five words."),
        ("<script>alert(1)</script>", "This is not one of our words: alert. Please look at it again."),
        ("x" * 5000, f"This is not one of our words: {'x' * 30}. Please look at it again."),
    ],
)
def test_a_slip_of_the_pen_is_shown_and_is_no_try(someone: Someone, open_app: Flask, typed: str, told: str) -> None:
    words = someone("text").press("later", answer="one").receipt
    for _ in range(12):
        person = back(open_app, typed, "192.0.2.2")

    assert person.status == 422
    assert told in said(person)
    assert '<a href="#words">' in person.page
    assert Page(person.page).typed["words"] == typed
    assert back(open_app, words, "192.0.2.2").at == "Q1"


def test_wrong_words_are_limited_and_right_ones_are_not(copy: Callable[..., Copy]) -> None:
    app = copy("text").app()
    words = Respondent(app, "text").start().press("later", answer="one").receipt
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(60):  # a whole school
            assert back(app, words).at == "Q1"
        assert {back(app, WRONG).status for _ in range(10)} == {422}

        for typed in (WRONG, words):
            person = back(app, typed)
            assert person.status == 429
            assert "That was too many tries. Please wait an hour and try again." in Page(person.page).words
        assert back(app, words, "192.0.2.9").at == "Q1"  # somebody else is not kept out

        clock.shift(timedelta(hours=1, seconds=1))
        assert back(app, words).at == "Q1"


def test_a_thousand_wrong_words_from_everywhere_stop_everyone_for_an_hour(copy: Callable[..., Copy]) -> None:
    app = copy("text").app()
    words = Respondent(app, "text").start().press("later", answer="one").receipt
    with app.test_request_context():
        for _ in range(999):
            FROM_ALL.failed()

    assert back(app, WRONG, "192.0.2.3").status == 422
    assert back(app, words, "192.0.2.4").status == 429


def test_behind_a_proxy_it_is_the_person_who_is_limited_and_not_the_proxy(copy: Callable[..., Copy]) -> None:
    app = copy("text", public_url="https://feedback.example", proxies=1).app()

    def type_from(address: str) -> int:
        headers = {"X-Forwarded-For": f"10.9.9.9, {address}"}
        return app.test_client().post("/en/return", data={"words": WRONG}, headers=headers).status_code

    assert [type_from("198.51.100.1") for _ in range(11)] == [422] * 10 + [429]
    assert type_from("198.51.100.2") == 422


def test_words_that_are_too_old_are_answered_as_wrong_ones(copy: Callable[..., Copy]) -> None:
    made = copy("text")
    words = Respondent(made.app(), "text").start().press("later", answer="one").receipt
    made.clock = FixedClock(NOON + timedelta(hours=24, minutes=1))
    app = made.app()

    old, wrong = back(app, words), back(app, WRONG)
    assert old.status == wrong.status == 422
    assert NOTHING in Page(old.page).words
    assert old.page.replace(words, WRONG) == wrong.page


def test_another_site_cannot_lead_somebody_to_words_that_it_knows(someone: Someone, open_app: Flask) -> None:
    words = someone("text").press("later", answer="one").receipt
    client = open_app.test_client()

    for site in ("cross-site", "same-site"):
        refused = client.post("/en/return", data={"words": words}, headers={"Sec-Fetch-Site": site})
        assert (refused.status_code, client.get_cookie("visit")) == (400, None)
    taken = client.post("/en/return", data={"words": words}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (taken.status_code, taken.headers["Location"]) == (303, "/en/text/Q1")


def test_a_form_of_another_session_puts_nothing_aside(someone: Someone) -> None:
    person = someone("text")
    person.post({"token": someone("text").token, "go": "later", "answer": "one"})

    assert (person.status, person.receipt) == (400, "")
    assert person.press(answer="one").at == "Q2"


def test_what_cannot_be_put_aside_stays_on_the_page(copy: Callable[..., Copy]) -> None:
    app = copy("text").app()
    person = Respondent(app, "text").start()

    with sqlite_with(app, *READ_ONLY):
        person.press("later", answer="one")
        assert (person.status, person.receipt, Page(person.page).typed["answer"]) == (503, "", "one")
        assert person.client.get_cookie("visit") is not None
    assert person.press("later", answer="one").receipt


def test_our_script_is_told_where_to_go_and_fetches_no_page_for_it(someone: Someone) -> None:
    person = someone("text")

    def send(**data: str) -> tuple[int, str | None]:
        told = person.client.post(person.here, data={"token": person.token, **data}, headers={"X-Sent-By": "script"})
        return told.status_code, told.headers.get("Location")

    assert send(go="next", answer="one") == (204, "/en/text/Q2")
    assert send(go="help", answer="one") == (204, "/en/help/text/Q1")
    assert send(go="next", answer="x" * 21) == (422, None)
    assert person.open("Q1").page
    assert Page(person.page).typed["answer"] == "one"


def test_no_title_tells_where_somebody_was(someone: Someone) -> None:
    """A title stays in the browser's history: not the partnership's name, not the survey's, not a question's."""
    person = someone("consent")
    titles = {}
    for address in ("/en", "/en/consent", "/en/left", "/en/return", "/en/consent/Q1", "/en/consent/Q2"):
        titles[address] = Page(person.open(address).page).title
    titles["later"] = Page(person.open("Q1").press("later", answer="yes").page).title

    assert set(titles.values()) <= {
        "Surveys",
        "Survey",
        "Empty page",
        "Go on with your answers",
        "Survey, part 1 of 2",
        "Finish later",
        "We cannot find that page",
    }
