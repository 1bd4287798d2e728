"""Changing language, or looking for help, on any page: nothing that was ticked or typed is lost."""

from __future__ import annotations

import pytest

from tests.factories import Copy, Respondent
from tests.web.page import Page
from tests.web.someone import Someone, sent

TOO_LONG = "x" * 101
EVERY_TYPE = [
    # survey, what is filled in, what the page shows of it afterwards
    ("consent", {"answer": "yes"}, {"ticked": ["yes"]}),
    ("single", {"answer": "bus", "other": ""}, {"ticked": ["bus"]}),
    ("single", {"answer": "oth", "other": 'By "boat" <b>'}, {"ticked": ["oth"], "typed": {"other": 'By "boat" <b>'}}),
    ("multi", {"answer": ["food", "oth"], "other": "tea"}, {"ticked": ["food", "oth"], "typed": {"other": "tea"}}),
    ("scale", {"answer": "pns"}, {"ticked": ["pns"]}),
    ("symbols", {"answer": "4"}, {"ticked": ["4"]}),
    ("grid", {"answer": "1"}, {"ticked": ["1"]}),
    ("rank", {"first": "tea", "second": "time", "third": ""}, {"chosen": {"first": "tea", "second": "time"}}),
    ("text", {"answer": "a\tb"}, {"typed": {"answer": "a\tb"}}),
    ("paragraph", {"answer": "one\r\n\r\ntwo"}, {"typed": {"answer": "one\n\ntwo"}}),
]
NOT_ACCEPTED = [
    ("consent", {}, {"ticked": []}),
    ("single", {"answer": "oth", "other": TOO_LONG}, {"ticked": ["oth"], "typed": {"other": TOO_LONG}}),
    ("multi", {"answer": ["food", "none"], "other": ""}, {"ticked": ["food", "none"]}),
    (
        "multi",
        {"answer": ["food", "oth", "games"], "other": "tea"},
        {"ticked": ["food", "games", "oth"], "typed": {"other": "tea"}},
    ),
    ("rank", {"first": "tea", "second": "tea", "third": ""}, {"chosen": {"first": "tea", "second": "tea"}}),
    ("rank", {"first": "", "second": "tea", "third": ""}, {"chosen": {"second": "tea"}}),
    ("text", {"answer": TOO_LONG}, {"typed": {"answer": TOO_LONG}}),
    ("paragraph", {"answer": "long " * 300}, {"typed": {"answer": "long " * 300}}),
]


def shown(person: Respondent, like: dict[str, object]) -> dict[str, object]:
    page = Page(person.page)
    return {name: getattr(page, name) for name in like}


def in_language(person: Respondent, code: str) -> bool:
    return Page(person.page).html["lang"] == code and person.here.startswith(f"/{code}/")


@pytest.mark.parametrize(("survey", "filled", "there"), [*EVERY_TYPE, *NOT_ACCEPTED])
def test_changing_language_keeps_what_was_not_sent_yet(
    someone: Someone, survey: str, filled: dict[str, str | list[str]], there: dict[str, object]
) -> None:
    person = someone(survey)
    first = person.at

    person.press("in-ur", **filled)
    assert in_language(person, "ur")
    assert (person.at, person.status) == (first, 200)
    assert person.heading.startswith("[ur] ")
    assert shown(person, there) == there

    person.press("in-en", **filled)
    assert in_language(person, "en")
    assert shown(person, there) == there


@pytest.mark.parametrize(("survey", "filled", "there"), [*EVERY_TYPE, *NOT_ACCEPTED])
def test_looking_for_help_keeps_what_was_not_sent_yet(
    someone: Someone, survey: str, filled: dict[str, str | list[str]], there: dict[str, object]
) -> None:
    person = someone(survey)
    asked = person.here

    person.press("help", **filled)
    assert (person.status, person.heading) == (200, "Get help")
    assert "0800 1111" in person.page

    person.open(Page(person.page).links["Go back to your answers"])
    assert person.here == asked
    assert shown(person, there) == there


def test_what_was_put_aside_is_refused_again_until_it_is_mended(someone: Someone) -> None:
    person = someone("text").press("in-ur", answer=TOO_LONG)

    assert person.press(answer=TOO_LONG).status == 422
    assert person.press(answer="short").at == "Q2"
    assert Page(person.open("Q1").page).typed == {"answer": "short"}


def test_what_was_put_aside_and_never_mended_is_not_sent(open_copy: Copy, someone: Someone) -> None:
    person = someone("text").press("in-ur", answer=TOO_LONG).open("/en/text/Q1").press(answer="")
    person.press(answer="").send()

    response = sent(open_copy, person)
    assert response
    assert response.answers == {"Q1": "", "Q2": ""}


@pytest.mark.parametrize("page", ["/en", "/en/help", "/en/single", "/en/single/check", "/en/single/thank-you"])
def test_every_other_page_leads_to_itself_in_another_language(someone: Someone, page: str) -> None:
    person = someone("single").press(answer="bus").press(answer="yes")
    if page.endswith("thank-you"):
        person.send()
    person.open(page)
    there = Page(person.page).links["اردو"]

    assert there == page.replace("/en", "/ur")
    assert person.open(there).status == 200
    assert Page(person.page).html == {"lang": "ur", "dir": "rtl"}
    assert Page(person.page).links["English"] == page


def test_the_check_page_in_another_language_lists_the_same_answers(someone: Someone) -> None:
    person = someone("single").press(answer="oth", other="By boat").press(answer="yes").open("/ur/single/check")

    words = Page(person.page).words
    assert "[ur] Another way By boat" in words
    assert "[ur] Is it open? [ur] Yes" in words


def test_changing_language_while_changing_an_answer_still_leads_back_to_the_check_page(someone: Someone) -> None:
    person = someone("single").press(answer="bus").press(answer="yes").open("/en/single/Q1?to=check")

    person.press("in-ur", answer="foot")
    assert person.press(answer="foot").here == "/ur/single/check"


def test_looking_for_help_while_changing_an_answer_still_leads_back_to_the_check_page(someone: Someone) -> None:
    person = someone("single").press(answer="bus").press(answer="yes").open("/en/single/Q1?to=check")

    person.press("help", answer="foot").open(Page(person.page).links["Go back to your answers"])
    assert person.press(answer="foot").here == "/en/single/check"


def test_each_answer_keeps_the_language_it_was_given_in(open_copy: Copy, someone: Someone) -> None:
    person = someone("single").press(answer="bus", other="")
    person.press("in-ur", answer="").press(answer="yes").send()

    response = sent(open_copy, person)
    assert response
    assert (response.language, response.languages) == ("ur", {"Q1": "en"})


@pytest.mark.parametrize("code", ["xx", "", "pl", "en/../..", "ur\r\nX: y"])
def test_a_language_that_is_not_offered_leads_nowhere_else(someone: Someone, code: str) -> None:
    person = someone("text").press(f"in-{code}", answer="word")

    assert (person.here, person.status) == ("/en/text/Q1", 200)
    assert Page(person.page).typed == {"answer": "word"}


def test_a_language_that_a_survey_does_not_speak_is_not_found(someone: Someone) -> None:
    person = someone("text")

    assert person.open("/pl/text/Q1").status == 404
    assert Page(person.page).html["lang"] == "en"  # nobody has translated our own words into Polish here
    assert person.open("/pl/text").status == 404
    assert person.open("/xx/text").status == 404


def test_the_help_page_leads_back_in_the_language_of_the_page(someone: Someone) -> None:
    person = someone("text").press("help", answer="word")
    person.open(Page(person.page).links["اردو"])

    assert "/ur/text/Q1" in Page(person.page).links.values()
