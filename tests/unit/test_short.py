"""The short version of a survey: its main questions, and what they cannot do without."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback_app.core.settings import PROJECT
from feedback_app.definitions.load import read_source
from feedback_app.definitions.shortened import shortened
from feedback_app.definitions.survey import Survey
from feedback_app.journey.path import walk
from feedback_app.journey.plan import Plan, lay_out
from feedback_app.questions.asked import Answers
from feedback_app.questions.registry import TYPES
from feedback_app.services.collecting import Content
from tests.tiny import tiny

SURVEYS = sorted(file for file in (PROJECT / "surveys").glob("*.yaml") if "\nshort:" in file.read_text())


@pytest.fixture
def short() -> Plan:
    return lay_out(tiny("short"), short=True)


@pytest.mark.parametrize(
    ("answers", "passed"),
    [
        ({}, ["Q1"]),
        ({"Q1": "yes"}, ["Q1", "Q2", "Q3", "Q7", "Q8"]),
        ({"Q1": "yes", "Q3": "yes"}, ["Q1", "Q2", "Q3", "Q4", "Q7", "Q8"]),
        ({"Q1": "yes", "place": "hall"}, ["Q1", "Q3", "Q7", "Q8"]),  # told by the link, so not asked
    ],
)
def test_only_the_main_questions_and_what_they_lean_on_are_asked(
    short: Plan, answers: Answers, passed: list[str]
) -> None:
    assert [screen.id for screen in walk(short, answers).screens] == passed


def test_a_part_that_is_left_out_has_no_help_card_and_is_not_counted(short: Plan) -> None:
    assert "home.help" not in short.screens
    assert "home.help" in lay_out(tiny("short")).screens
    assert walk(short, {"Q1": "yes"}).progress(short.screens["Q7"]) == (2, 2)


def test_words_stay_as_they_are(short: Plan) -> None:
    whole = lay_out(tiny("short"))

    assert [question.label for question in short.opening] == ["We ask how it was."]
    assert [short.asked[ident].question for ident in ("Q3", "Q4")] == [
        whole.asked[ident].question for ident in ("Q3", "Q4")
    ]


def test_an_unfinished_survey_from_before_there_was_a_short_version_still_opens() -> None:
    assert Content(started="2026-11-25T12:00", seed="00").short is False


@pytest.mark.parametrize("file", SURVEYS, ids=lambda file: file.stem)
def test_every_survey_of_ours_asks_all_its_main_questions_in_its_short_version(file: Path) -> None:
    survey = Survey.model_validate(read_source(file).content)
    brief = shortened(survey, told=lambda question: not TYPES[question.type].seen)

    assert set(survey.short) <= brief.questions.keys()
    if pair := survey.pair:
        assert {one for one in (pair.promise, pair.objectives) if one} <= brief.questions.keys()
    assert len(brief.questions) < len(survey.questions) / 2 + 4
