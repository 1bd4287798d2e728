"""The whole way of a person without JavaScript: start, answer, go back, skip, change, check, send, thank you."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from feedback_app.core.tokens import word_list
from feedback_app.storage.models import AnswerText, Draft
from tests.factories import Copy, Respondent
from tests.web.page import Page
from tests.web.someone import Someone, sent


def said(person: Respondent) -> str:
    return Page(person.page).words


def check_page(person: Respondent) -> str:
    """What the check page lists."""
    return said(person.open("check")).split("Send.")[1].split("Send my answers")[0]


def test_a_whole_visit(open_copy: Copy, someone: Someone) -> None:
    person = someone("ten-questions")
    for number in range(1, 11):
        assert (person.at, person.status) == (f"Q{number}", 200)
        person.press(answer="4" if number < 10 else "More time")
    assert (person.at, person.heading) == ("check", "Check your answers")

    person.send()

    assert (person.at, person.heading) == ("thank-you", "Thank you")
    words = person.receipt.split()
    assert len(words) == 5
    assert set(words) <= set(word_list())
    response = sent(open_copy, person)
    assert response
    assert response.answers == {f"Q{number}": "4" for number in range(1, 10)}


def test_the_thank_you_page_is_the_same_when_it_is_asked_for_again(someone: Someone) -> None:
    person = someone("text").press(answer="a").press(answer="b").send()
    first = person.page

    assert person.receipt
    assert person.open(person.here).page == first
    assert person.open("/ur/text/thank-you").receipt in first


def test_the_list_leads_to_the_first_question(open_app: Flask) -> None:
    person = Respondent(open_app, "single").open("/en")
    start = Page(person.page).links["Pick one"]

    person.open(start)
    assert person.heading == "Pick one"
    assert person.start().at == "Q1"


@pytest.mark.parametrize(("header", "language"), [("ur-PK,ur;q=0.9", "ur"), ("en-GB", "en"), ("de", "en"), ("", "en")])
def test_short_addresses_lead_to_the_language_the_browser_asks_for(open_app: Flask, header: str, language: str) -> None:
    client = open_app.test_client()
    for short, long in {"/": f"/{language}", "/single": f"/{language}/single"}.items():
        response = client.get(short, headers={"Accept-Language": header})
        assert (response.status_code, response.headers["Location"]) == (302, long)
        assert "Accept-Language" in response.headers["Vary"]


def test_back_leads_where_the_person_came_from(someone: Someone) -> None:
    person = someone("routing").press(answer="yes").press(answer="It was fine")
    assert person.at == "Q4"

    person.press("back")
    assert (person.at, Page(person.page).typed["answer"]) == ("Q3", "It was fine")
    person.press("back", answer="It was fine")
    assert (person.at, Page(person.page).ticked) == ("Q1", ["yes"])
    person.press("back", answer="yes")
    assert person.here == "/en/routing"


def test_back_keeps_what_was_just_typed(someone: Someone) -> None:
    person = someone("paragraph").press(answer="One").press("back", answer="Two")

    assert Page(person.open("Q2").page).typed["answer"] == "Two"


def test_any_question_can_be_skipped_but_one_that_must_be_answered(someone: Someone) -> None:
    person = someone("single").press()
    assert person.at == "Q2"

    person.press()
    assert (person.status, person.at) == (422, "Q2")
    assert "There is a problem Pick one answer to go on." in said(person)
    assert Page(person.page).title.startswith("Problem: ")
    assert person.press(answer="no").at == "check"


def test_each_type_of_answer_comes_back_as_it_was_given(someone: Someone) -> None:
    person = someone("multi").press(answer=["games", "oth"], other='"Tea" & <b>toast</b>')
    page = Page(person.open("Q1").page)
    assert (page.ticked, page.typed) == (["games", "oth"], {"other": '"Tea" & <b>toast</b>'})

    person = someone("rank").press(first="tea", second="time")
    assert Page(person.open("Q1").page).chosen == {"first": "tea", "second": "time"}

    person = someone("symbols").press(answer="5")
    assert Page(person.open("Q1").page).ticked == ["5"]


def test_a_part_can_be_skipped_and_come_back_to(someone: Someone) -> None:
    person = someone("skip-part").press(answer="red")
    assert "The next two questions are about home." in said(person)
    assert person.press("skip", answer="").at == "Q4"

    person.press("back", answer="")
    assert person.at == "Q2"
    assert person.press(answer="All of it").at == "Q3"


def test_the_answers_of_a_skipped_part_are_not_sent(open_copy: Copy, someone: Someone) -> None:
    person = someone("skip-part").press(answer="red").press(answer="All").press(answer="Everyone")
    person.open("Q2").press("skip", answer="All")
    assert "Everyone" not in check_page(person)
    person.send()

    response = sent(open_copy, person)
    assert response
    assert response.answers == {}
    with open_copy.session() as session:
        texts = select(AnswerText.field).where(AnswerText.response_id == response.id)
        assert session.scalars(texts).all() == ["Q1"]


def test_only_a_part_that_says_so_can_be_skipped(someone: Someone) -> None:
    person = someone("skip-part").press("skip", answer="red")

    assert person.at == "Q2"
    assert Page(person.open("Q1").page).typed["answer"] == "red"


@pytest.mark.parametrize("answer", [{"answer": "yes"}, {"answer": "no"}, {}])
def test_everyone_sees_the_help_card_after_a_sensitive_part(someone: Someone, answer: dict[str, str]) -> None:
    person = someone("sensitive").press(**answer)

    assert (person.at, person.heading) == ("part.help", "If you want to talk to someone")
    assert "01632 960001" in said(person)
    assert person.press().at == "Q2"


def test_words_after_a_knowledge_question(someone: Someone) -> None:
    person = someone("feedback").press(answer="no")

    assert (person.at, person.heading) == ("Q1.after", "Yes: Childline answers day and night.")
    assert person.press().at == "Q2"
    assert someone("feedback").press().at == "Q2"


def test_information_is_read_and_passed(someone: Someone) -> None:
    person = someone("info").press(answer="word")

    assert (person.at, person.heading) == ("I2", "This is a screen of its own.")
    assert person.press().at == "check"
    assert "This is a screen of its own" not in check_page(person)


def test_a_grid_asks_row_by_row(someone: Someone) -> None:
    person = someone("grid")

    assert person.heading == "How safe do you feel… in the street"
    assert person.press(answer="2").heading == "How safe do you feel… in the park"
    assert "How safe do you feel… in the street Safe" in check_page(person.press(answer="pns"))


def test_the_check_page_lists_every_answer_in_words(someone: Someone) -> None:
    person = someone("single").press(answer="oth", other="By boat").press(answer="yes")

    listed = check_page(person)
    assert "How did you get here? Another way By boat Change : How did you get here?" in listed
    assert "Is it open? Yes" in listed
    assert "Where are you now? No answer" in check_page(someone("routing").press().press().press())


def test_change_leads_to_the_question_and_back_to_the_check_page(someone: Someone) -> None:
    person = someone("single").press(answer="bus").press(answer="yes")
    person.open("/en/single/Q1?to=check")
    assert person.press(answer="foot").at == "check"

    assert "On foot" in check_page(person)
    assert "By bus" not in check_page(person)


def test_a_change_that_opens_new_questions_leads_to_them_before_the_check_page(someone: Someone) -> None:
    person = someone("consent").press(answer="yes").press(answer="Words")
    assert person.at == "check"
    person = someone("routing").press(answer="no")
    assert person.at == "check"

    person.open("/en/routing/Q1?to=check").press(answer="yes")

    assert person.at == "check"  # nothing that must be answered bars the way; what is new is listed there
    assert "How was it? No answer" in check_page(person)


def test_a_mistake_while_changing_still_leads_back_to_the_check_page(someone: Someone) -> None:
    person = someone("multi").press(answer=["food"])
    person.open("/en/multi/Q1?to=check").press(answer=["food", "none"])
    assert (person.status, person.at) == (422, "Q1")

    assert person.press(answer=["none"]).at == "check"


def test_a_name_that_was_given_is_used_and_not_sent(open_copy: Copy, someone: Someone) -> None:
    person = someone("piping").press(answer="Sam <3").press(answer=["drums", "chess"])

    assert person.heading == "Sam <3, why Chess, Drums & bass?"
    words = said(person)
    assert "All about Sam <3" in words
    assert "Thank you, Sam <3 ." in words
    assert "Ask \u2068Lighthouse\u2069 about {0} and 100%s." in words
    assert "Not only Sam <3 ." in said(person.press(answer="x"))
    assert "Nobody but Sam <3" in said(person.press(answer="me"))

    response = sent(open_copy, person.press().send())
    assert response
    assert response.answers == {"Q1": ["chess", "drums"], "Q3": "me", "Q4": ""}


def test_a_name_that_was_not_given_leaves_no_gap_and_nobody_elses_name(someone: Someone) -> None:
    someone("piping").press(answer="Sam").press().press(answer="x")
    person = someone("piping").press(answer="Alex").press().press(answer="x")
    assert "Not only Alex ." in said(person)
    assert "Sam" not in said(person)

    person = someone("piping").press().press()
    assert person.heading == "…, why …?"
    assert "Not only … ." in said(person.press())
    assert "Nobody but …" in said(person.press())


def test_a_page_shows_nobody_what_another_person_picked(someone: Someone) -> None:
    someone("single").press(answer="oth", other="By boat").open("Q1")
    someone("single").press(answer="bus").open("Q1")

    page = Page(someone("single").open("Q1").page)
    assert (page.ticked, page.typed) == ([], {"other": ""})


def test_each_person_has_an_order_of_their_own_and_keeps_it(someone: Someone) -> None:
    def order(person: Respondent) -> list[str]:
        return [ident.removeprefix("a-") for ident in Page(person.open("Q1").page).ids if ident.startswith("a-")]

    people = [someone("random-order") for _ in range(8)]
    orders = [order(person) for person in people]

    assert [order(person) for person in people] == orders
    assert len({tuple(one) for one in orders}) > 1
    for one in orders:
        assert sorted(one[:6]) == list("abcdef")
        assert one[6:] == ["oth", "none", "pns"]


def test_saying_no_ends_kindly_and_keeps_nothing(open_copy: Copy, someone: Someone) -> None:
    person = someone("consent").press(answer="no")

    assert (person.at, person.heading, person.receipt) == ("goodbye", "Thank you", "")
    assert "01632 960001" in said(person)
    assert person.client.get_cookie("visit") is None
    drafts = select(func.count()).select_from(Draft).where(Draft.collection_id == "consent")
    with open_copy.session() as session:
        before = session.scalar(drafts)
        someone("consent").press(answer="no")
        assert session.scalar(drafts) == before


def test_leaving_forgets_everything_and_shows_an_empty_page(someone: Someone) -> None:
    person = someone("paragraph").press(answer="My secret")
    response = person.client.post("/en/leave")

    assert response.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert person.client.get_cookie("visit") is None
    person.open(response.headers["Location"])
    assert (person.heading, Page(person.page).links) == ("This page is empty", {})
    assert person.open("Q1").status == 403


def test_who_comes_back_goes_on_where_they_were(someone: Someone) -> None:
    person = someone("text").press(answer="a").open("/en/text")
    assert Page(person.page).links["Carry on where you were"] == "/en/text/Q2"
    assert person.open("/en/text/Q2").press(answer="b").open("/en/text").status == 200
    assert Page(person.page).links["Carry on where you were"] == "/en/text/check"


def test_starting_again_forgets_what_was_not_sent(open_copy: Copy, someone: Someone) -> None:
    person = someone("text").press(answer="a")
    person.start()

    assert Page(person.page).typed["answer"] == ""
    assert "Carry on" in person.open("/en/text").page
