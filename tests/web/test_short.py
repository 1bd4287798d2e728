"""The short version on the pages: ticked before the start, kept to the end, and through "Finish later"."""

from __future__ import annotations

from tests.factories import Copy, Respondent
from tests.web.someone import Someone, sent


def test_the_short_version_is_offered_where_a_survey_names_its_main_questions(someone: Someone) -> None:
    assert 'name="questions"' in someone("short").open("/en/short").page
    assert 'name="questions"' not in someone("single").open("/en/single").page


def short(someone: Someone, language: str = "en") -> Respondent:
    person = someone("short", language)
    person._land(person.client.post(f"/{language}/short", data={"questions": "main"}))
    return person


def test_who_ticks_it_is_asked_the_main_questions_and_sends_only_those(someone: Someone, open_copy: Copy) -> None:
    person = short(someone).press(answer="yes").press(answer="At home").press(answer="no")
    assert person.at == "Q7"

    person.press(answer="The forms").press().press("send")

    response = sent(open_copy, person)
    assert response is not None
    assert response.answers.keys() & {"Q1", "Q3", "Q5"} == {"Q1", "Q3"}  # what was not asked is not stored as a blank


def test_who_does_not_tick_it_is_asked_everything(someone: Someone) -> None:
    person = someone("short").press(answer="yes").press(answer="At home").press(answer="no")

    assert person.at == "Q5"


def test_the_short_version_goes_on_in_another_language_and_after_five_words(someone: Someone) -> None:
    person = short(someone).press(answer="yes").press("in-ur", answer="At home")
    assert person.here.startswith("/ur/short/Q2")

    person.press(answer="At home")
    words = person.press("later", answer="no").receipt
    back = someone("short")
    back.here = "/en/return"
    back._land(back.client.post("/en/return", data={"words": words}))
    assert back.press(answer="no").at == "Q7"
