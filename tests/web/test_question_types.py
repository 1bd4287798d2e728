"""The types beside those that pick from a list: answered, refused, changed, checked and sent, without JavaScript."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from feedback_app.questions.registry import TYPES
from feedback_app.web.public.screens import in_order
from tests.factories import Copy, Respondent
from tests.hostile import HOSTILE
from tests.tiny import tiny_plan
from tests.web.page import Page
from tests.web.someone import Someone, sent

Answers = dict[str, str | list[str]]

WAYS = [
    # survey, what is answered on the first screen, the check page's words, what is stored
    (
        "pair-grid",
        {"first": "1", "second": "3"},
        "see the signs Before today: Not sure of myself Now: Very sure Change",
        {"G1.spot.before": "1", "G1.spot.now": "3"},
    ),
    ("number", {"answer": "۱۲"}, "How many children do you work with? 12 Change", {"Q1": "12"}),
    ("number", {"answer": "", "instead": "pns"}, "work with? Prefer not to say Change", {"Q1": "pns"}),
    ("number", {"answer": ""}, "work with? No answer Change", {"Q1": ""}),
    ("date", {"day": "7", "month": "3", "year": "2026"}, "did you come? 7/3/2026 Change", {"Q1": "2026-03-07"}),
    ("date", {"day": "", "month": "", "year": "", "instead": "ns"}, "did you come? Not sure Change", {"Q1": "ns"}),
    ("year-month", {"month": "03", "year": "2026"}, "the help begin? 3/2026 Change", {"Q1": "2026-03"}),
    ("place", {"answer": "canal"}, "do you work? Canalside Change", {"Q1": "canal"}),
]


def said(person: Respondent) -> str:
    return Page(person.page).words


def filled(page: Page) -> Answers:
    """What a page holds of an answer."""
    ticked = {"ticked": page.ticked} if page.ticked else {}
    return {name: value for name, value in {**page.typed, **page.chosen}.items() if value} | ticked  # type: ignore[return-value]


@pytest.mark.parametrize(("survey", "answer", "words", "stored"), WAYS)
def test_an_answer_is_kept_shown_checked_and_sent(
    open_copy: Copy, someone: Someone, survey: str, answer: Answers, words: str, stored: dict[str, str]
) -> None:
    person = someone(survey)
    first = person.at
    person.press(**answer)
    assert person.status == 200
    assert person.at != first

    again = filled(Page(person.open(first).page))
    assert bool(again) is any(value for value in answer.values())
    assert words in said(person.open("check"))
    person.send()
    response = sent(open_copy, person)
    assert response
    assert response.answers == stored


@pytest.mark.parametrize(
    ("survey", "answer", "trouble", "leads_to"),
    [
        ("number", {"answer": "201"}, "Write a whole number from 1 to 200.", "a"),
        ("number", {"answer": "5", "instead": "ns"}, "You gave two answers, and only one can be kept.", "a"),
        ("number", {"instead": ["ns", "pns"]}, "You gave two answers, and only one can be kept.", "a"),
        ("date", {"day": "31", "month": "4", "year": "2025"}, "That month does not have so many days.", "day"),
        ("date", {"day": "3", "month": "4", "year": "25"}, "The year is a number from 1900 to 2100.", "year"),
        ("date", {"day": "3", "month": "", "year": "2025"}, "A part of the date is missing.", "month"),
        ("year-month", {"month": "April", "year": "2025"}, "The month is a number from 1 to 12.", "month"),
    ],
)
def test_a_mistake_is_told_beside_its_box_and_nothing_typed_is_lost(
    someone: Someone, survey: str, answer: Answers, trouble: str, leads_to: str
) -> None:
    person = someone(survey).press(**answer)
    page = Page(person.page)
    box = re.search(rf'<input[^>]* id="{leads_to}"[^>]*>', person.page)

    assert person.status == 422
    assert re.sub("<[^>]+>", "", person.page).count(trouble) == 2  # at the top, and beside the box
    assert f"#{leads_to}" in page.links.values()
    assert box
    assert re.search(r'aria-describedby="[^"]*problem"', box[0])
    assert {name: value for name, value in page.typed.items() if value} == {
        name: value for name, value in answer.items() if value and name != "instead"
    }
    given = answer.get("instead", [])
    assert page.ticked == ([given] if isinstance(given, str) else given)


def test_what_was_not_accepted_is_there_on_coming_back(someone: Someone) -> None:
    person = someone("date").press("back", day="31", month="4", year="2025")
    assert filled(Page(person.open("Q1").page)) == {"day": "31", "month": "4", "year": "2025"}

    person = someone("number").press("help", answer="5", instead=["ns", "pns"])
    page = Page(person.open("Q1").page)
    assert (page.typed["answer"], page.ticked) == ("5", ["ns", "pns"])


def test_both_answers_of_a_pair_stand_on_one_screen_with_their_own_names(someone: Someone) -> None:
    person = someone("pair-grid")
    legends = re.findall(r"<legend>(.*?)</legend>", person.page)
    groups = set(re.findall(r'type="radio"[^>]* name="(\w+)"', person.page))

    assert person.heading == "How sure are you that you can… see the signs"
    assert [re.sub("<[^>]+>", "", legend).split(": ")[-1] for legend in legends] == ["Before today", "Now"]
    assert all(person.heading in re.sub("<[^>]+>", "", legend) for legend in legends)
    assert groups == {"first", "second"}
    assert person.press(first="1", second="1").heading == "How sure are you that you can… know what to do"
    assert person.press(first="1", second="1").heading == "What would help?"  # a rule about one of the two


def test_numbers_are_typed_on_the_keys_for_numbers(someone: Someone) -> None:
    for survey, boxes in (("number", ["a"]), ("date", ["day", "month", "year"]), ("year-month", ["month", "year"])):
        page = someone(survey).page
        numeric = re.findall(r'<input class="text[^"]*" id="(\w+)"[^>]* inputmode="numeric" autocomplete="off"', page)
        labelled = re.findall(r'<label for="(\w+)">', page)
        assert numeric == boxes
        assert set(boxes) <= set(labelled)
        assert 'type="number"' not in page  # its arrows change an answer by scrolling, and it refuses Urdu digits


def test_a_short_list_of_places_is_buttons_and_a_long_one_is_a_list(someone: Someone) -> None:
    person = someone("place")
    assert person.page.count('type="radio"') == 7
    assert "<select" not in person.page

    person.press(answer="else")
    assert "<select" in person.page
    assert 'type="radio"' not in person.page
    assert re.findall(r"<option[^>]*>([^<]*)", person.page)[0] == "Not picked yet"
    person.press(answer="p3").open("Q2")
    assert Page(person.page).chosen == {"answer": "p3"}
    assert "Corby" in said(person.open("check"))


def test_nobody_can_write_a_place(someone: Someone) -> None:
    for screen in ("Q1", "Q2"):
        page = someone("place").open(screen).page
        assert not re.search(r'<textarea|<input class="text|<input type="text', page)


# What the link tells


def arrived(app: Flask, query: str, language: str = "en") -> Respondent:
    """Somebody who opened a link and pressed Start, as the form stands on the page."""
    person = Respondent(app, "auto", language).open(f"/{language}/auto{query}")
    carried = re.findall(r'<input type="hidden" name="in" value="([^"]*)">', person.page)
    response = person.client.post(f"/{language}/auto", data={"in": carried})
    return person.open(response.headers["Location"])


def test_what_the_link_tells_is_stored_and_never_asked(open_copy: Copy, open_app: Flask) -> None:
    person = arrived(open_app, "?in=group.red&in=side.n")
    assert person.heading == "What did you do, The red group?"
    assert "Part 1 of 1" in said(person)
    person.press(answer="").press(answer="")

    assert person.at == "check"
    assert "North" not in said(person)
    response = sent(open_copy, person.send())
    assert response
    assert response.answers == {"group": "red", "side": "n", "Q1": "", "Q2": ""}


@pytest.mark.parametrize("query", ["", "?in=group.green", "?in=Q1.red", "?in=nothing.red", "?in=red", "?group=red"])
def test_a_link_that_tells_nothing_we_know_opens_the_survey_all_the_same(
    open_copy: Copy, open_app: Flask, query: str
) -> None:
    person = arrived(open_app, query)
    assert person.press(answer="").at == "check"
    response = sent(open_copy, person.send())

    assert response
    assert response.answers == {"Q1": ""}


def test_what_the_link_tells_goes_with_the_person_to_another_language(open_app: Flask) -> None:
    person = Respondent(open_app, "auto").open("/en/auto?in=group.red")
    assert Page(person.page).links["اردو"] == "/ur/auto?in=group.red"

    response = person.client.get("/auto?in=group.blue&in=x", headers={"Accept-Language": "ur"})
    assert response.headers["Location"] == "/ur/auto?in=group.blue"


def test_what_the_link_tells_has_no_address_of_its_own(someone: Someone) -> None:
    assert someone("auto").open("group").status == 404


@pytest.mark.parametrize("told", ["group.green", "Q1.red", "x", "", *(f"group.{typed}" for typed in HOSTILE)])
def test_a_start_form_that_tells_what_we_do_not_know_is_refused(open_app: Flask, told: str) -> None:
    response = open_app.test_client().post("/en/auto", data={"in": told})

    assert response.status_code == 400
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_a_link_says_the_page_is_whole(open_app: Flask, typed: str) -> None:
    response = open_app.test_client().get("/en/auto", query_string={"in": f"group.{typed}"[:4000]})

    assert response.status_code == 200
    assert 'name="in"' not in response.get_data(as_text=True)


# What goes for every type


@pytest.mark.parametrize(("survey", "picked"), [("single", "oth"), ("multi", ["oth", "food"])])
def test_own_words_stand_beside_something_else(
    open_copy: Copy, someone: Someone, survey: str, picked: str | list[str]
) -> None:
    person = someone(survey).press(answer=picked, other="By boat")
    if survey == "single":
        person.press(answer="yes")
    assert "By boat" in said(person.open("check"))

    response = sent(open_copy, person.send())
    assert response
    assert response.answers["Q1"] == (picked if isinstance(picked, str) else ["food", "oth"])
    assert "By boat" not in str(response.answers)  # words are sealed apart


def test_the_random_order_that_a_person_saw_can_be_told_from_what_is_stored(open_copy: Copy, someone: Someone) -> None:
    screen = tiny_plan("random_order").first
    orders = []
    for _ in range(6):
        person = someone("random-order")
        seen = [ident.removeprefix("a-") for ident in Page(person.page).ids if ident.startswith("a-")]
        response = sent(open_copy, person.press(answer=["a"]).send())
        assert response
        assert [choice.value for choice in in_order(screen, response.order_seed)] == seen
        orders.append(tuple(seen))
    assert len(set(orders)) > 1


def boxes() -> list[tuple[str, str]]:
    """Every type that takes words, by the tiny survey and the screen where a person can write them."""
    plans = {name: tiny_plan(name) for name in TYPES}
    return [
        (name, screen.id)
        for name, plan in plans.items()
        for screen in plan.screens.values()
        if screen.type.name == name and (screen.type.text or screen.asked.opens_box)
    ]


@pytest.mark.parametrize(("survey", "screen"), boxes())
def test_every_box_for_words_asks_for_no_names(someone: Someone, survey: str, screen: str) -> None:
    person = someone(survey)
    while person.at != screen:
        person.press()
    found = re.findall(r'<(?:input class="text|textarea)[^>]*aria-describedby="([^"]*)"', person.page)
    hints = dict(re.findall(r'id="([\w-]+)">([^<]*)<', person.page))

    assert len(found) == 1
    assert any(hints.get(name, "").startswith("No names please.") for name in found[0].split())


def test_words_are_taken_by_these_types_and_no_other() -> None:
    taking = {survey for survey, _ in boxes()}

    assert taking == {"single", "multi", "text", "paragraph"}
    assert {name for name, kind in TYPES.items() if kind.text} <= taking


def offered(person: Respondent) -> list[str]:
    return re.findall(r'name="answer" id="\S+" value="(\w+)"', person.page)


def test_only_what_was_picked_before_is_offered_and_what_is_the_questions_own(someone: Someone) -> None:
    person = someone("picked-from").press(answer=["talk", "walk"])
    assert offered(person) == ["talk", "walk", "none"]

    person.press(answer=["walk"]).open("Q1").press(answer=["talk"])
    assert offered(person) == ["talk", "walk", "none"]  # what they picked here before is not hidden from them

    assert offered(someone("picked-from").press()) == ["talk", "walk", "cook", "none"]  # nothing picked: all of them
