"""Easy words take the place of the standard ones, and change nothing else."""

from __future__ import annotations

from copy import deepcopy

from feedback_app.definitions.easy import has_easy_words, in_easy_words
from feedback_app.definitions.survey import Survey
from feedback_app.journey.plan import lay_out
from feedback_app.services.collecting import Content
from tests.tiny import tiny, tiny_source


def test_easy_words_stand_alone_and_a_question_without_any_keeps_its_own() -> None:
    easy = in_easy_words(tiny("easy"))

    assert [(q.label, q.hint) for q in easy.questions.values()] == [
        ("Did we tell you enough?", ""),
        ("What else would you like to know?", ""),
        ("Were things hard?", "At any time."),
    ]


def test_the_hint_of_consent_stays_with_easy_words() -> None:
    document = deepcopy(tiny_source("consent").content)
    ident = document["consent"]
    (consent,) = (q for page in document["pages"] for q in page["questions"] if q["id"] == ident)
    consent |= {"hint": "We may have to tell someone.", "easy": {"label": "Shall we start?"}}

    question = in_easy_words(Survey.model_validate(document)).questions[ident]
    assert (question.label, question.hint) == ("Shall we start?", "We may have to tell someone.")


def test_routes_screens_and_choices_are_those_of_the_standard_words() -> None:
    standard, easy = lay_out(tiny("easy")), lay_out(tiny("easy"), easy=True)

    assert list(easy.screens) == list(standard.screens)
    assert [screen.asked.choices for screen in easy.screens.values()] == [
        screen.asked.choices for screen in standard.screens.values()
    ]
    assert (easy.easy, standard.easy) == (True, False)


def test_pictures_belong_to_easy_words_and_always_to_a_childs_survey() -> None:
    assert not lay_out(tiny("easy")).pictures
    assert lay_out(tiny("easy"), easy=True).pictures
    assert lay_out(tiny("pictures")).pictures


def test_a_picture_alone_is_no_easy_words() -> None:
    assert has_easy_words(tiny("easy"))
    assert not has_easy_words(tiny("pictures"))


def test_an_unfinished_survey_from_before_there_were_easy_words_still_opens() -> None:
    assert Content(started="2026-11-25T12:00", seed="00").easy is False
