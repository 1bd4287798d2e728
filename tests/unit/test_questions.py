"""Each question type: from the form to the store and back, what it refuses, and what a blank is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from feedback_app.core.settings import PROJECT
from feedback_app.questions.asked import Answer, Foreign, Trouble
from feedback_app.questions.consent import declined
from feedback_app.questions.registry import TYPES
from feedback_app.questions.words import PICK_ALONE, PICK_AT_MOST, PICK_ONE, RANK_IN_ORDER, RANK_ONCE, TOO_LONG
from tests.factories import TEST_SURVEYS
from tests.tiny import tiny_plan

Posted = dict[str, str | list[str]]


def form_of(survey: str, screen: str, posted: Posted) -> Any:
    return tiny_plan(survey).screens[screen].form(MultiDict(posted))


def read(survey: str, screen: str, posted: Posted) -> Mapping[str, Answer]:
    """What is stored of a form that is sent."""
    form = form_of(survey, screen, posted)
    assert form.validate(), form.errors
    at = tiny_plan(survey).screens[screen]
    return at.type.read(form, at.asked)


def troubles(survey: str, screen: str, posted: Posted) -> list[tuple[str, Trouble]]:
    form = form_of(survey, screen, posted)
    form.validate()
    return [(field.name, trouble) for field in form for trouble in field.errors]


STORED = [
    # survey, screen, what is posted, what is stored, what the check page shows
    ("consent", "C1", {"answer": "yes"}, {"C1": "yes"}, ["Yes"]),
    ("single", "Q1", {"answer": "bus", "other": ""}, {"Q1": "bus", "Q1.other": ""}, ["By bus"]),
    ("single", "Q1", {"answer": "oth", "other": " boat "}, {"Q1": "oth", "Q1.other": "boat"}, ["Another way", "boat"]),
    ("single", "Q1", {"answer": "oth", "other": ""}, {"Q1": "oth", "Q1.other": ""}, ["Another way"]),
    (
        "multi",
        "Q1",
        {"answer": ["games", "food"]},
        {"Q1": ["food", "games"], "Q1.other": ""},
        ["The food", "The games"],
    ),
    (
        "multi",
        "Q1",
        {"answer": ["oth", "food"], "other": "tea"},
        {"Q1": ["food", "oth"], "Q1.other": "tea"},
        ["The food", "Something else", "tea"],
    ),
    ("scale", "Q1", {"answer": "3"}, {"Q1": "3"}, ["Often"]),
    ("symbols", "Q1", {"answer": "5"}, {"Q1": "5"}, ["Great"]),
    ("grid", "G1.park", {"answer": "2"}, {"G1.park": "2"}, ["Safe"]),
    ("rank", "Q1", {"first": "tea", "second": "time", "third": ""}, {"Q1": ["tea", "time"]}, ["Tea", "Time"]),
    ("text", "Q1", {"answer": "  a  b\t"}, {"Q1": "a  b"}, ["a  b"]),
    ("paragraph", "Q1", {"answer": "one\r\ntwo"}, {"Q1": "one\ntwo"}, ["one\ntwo"]),
]
BLANK = [
    ("single", "Q1", {"answer": "", "other": ""}, {"Q1": "", "Q1.other": ""}),
    ("single", "Q1", {}, {"Q1": "", "Q1.other": ""}),
    ("multi", "Q1", {}, {"Q1": [], "Q1.other": ""}),
    ("scale", "Q1", {}, {"Q1": ""}),
    ("symbols", "Q1", {}, {"Q1": ""}),
    ("grid", "G1.street", {}, {"G1.street": ""}),
    ("rank", "Q1", {"first": "", "second": "", "third": ""}, {"Q1": []}),
    ("text", "Q1", {"answer": "  \r\n "}, {"Q1": ""}),
    ("paragraph", "Q1", {}, {"Q1": ""}),
]


@pytest.mark.parametrize(("survey", "screen", "posted", "stored", "shown"), STORED)
def test_an_answer_is_stored_and_shown_again(
    survey: str, screen: str, posted: Posted, stored: dict[str, Answer], shown: list[str]
) -> None:
    assert read(survey, screen, posted) == stored

    at = tiny_plan(survey).screens[screen]
    assert at.type.shown(at.asked, stored) == shown
    again = {name: value for name, value in at.type.fill(at.asked, stored).items() if value}
    assert read(survey, screen, again) == stored


@pytest.mark.parametrize(("survey", "screen", "posted", "stored"), BLANK)
def test_a_blank_is_stored_as_a_blank(survey: str, screen: str, posted: Posted, stored: dict[str, Answer]) -> None:
    assert read(survey, screen, posted) == stored

    at = tiny_plan(survey).screens[screen]
    assert at.type.shown(at.asked, stored) == []


def test_blank_not_sure_and_prefer_not_to_say_are_three_things() -> None:
    stored = [read("scale", "Q1", posted)["Q1"] for posted in ({}, {"answer": "ns"}, {"answer": "pns"})]

    assert stored == ["", "ns", "pns"]
    assert {c.value: c.missing for c in tiny_plan("scale").asked["Q1"].choices if c.missing} == {
        "ns": "not-sure",
        "pns": "prefer-not-to-say",
    }


def test_own_words_go_with_the_choice_that_opens_the_box() -> None:
    """Words that were typed before another choice was picked are not kept: nobody would know what they belong to."""
    assert read("single", "Q1", {"answer": "bus", "other": "boat"}) == {"Q1": "bus", "Q1.other": ""}
    assert read("multi", "Q1", {"answer": ["food"], "other": "tea"}) == {"Q1": ["food"], "Q1.other": ""}


@pytest.mark.parametrize(
    ("survey", "screen", "posted", "where", "trouble"),
    [
        ("consent", "C1", {}, "answer", Trouble(PICK_ONE)),
        ("single", "Q2", {"answer": ""}, "answer", Trouble(PICK_ONE)),
        ("single", "Q1", {"answer": "oth", "other": "x" * 101}, "other", Trouble(TOO_LONG, 100)),
        ("multi", "Q1", {"answer": ["oth"], "other": "x" * 101}, "other", Trouble(TOO_LONG, 100)),
        ("multi", "Q1", {"answer": ["food", "games", "people"]}, "answer", Trouble(PICK_AT_MOST, 2)),
        ("multi", "Q1", {"answer": ["food", "none"]}, "answer", Trouble(PICK_ALONE)),
        ("multi", "Q1", {"answer": ["food", "pns"]}, "answer", Trouble(PICK_ALONE)),
        ("rank", "Q1", {"first": "tea", "second": "tea"}, "second", Trouble(RANK_ONCE)),
        ("rank", "Q1", {"first": "tea", "second": "time", "third": "tea"}, "third", Trouble(RANK_ONCE)),
        ("rank", "Q1", {"second": "tea"}, "second", Trouble(RANK_IN_ORDER)),
        ("rank", "Q1", {"first": "tea", "third": "time"}, "third", Trouble(RANK_IN_ORDER)),
        ("text", "Q1", {"answer": "x" * 21}, "answer", Trouble(TOO_LONG, 20)),
        ("text", "Q2", {"answer": "x" * 1001}, "answer", Trouble(TOO_LONG, 1000)),
        ("paragraph", "Q1", {"answer": "x" * 1001}, "answer", Trouble(TOO_LONG, 1000)),
        ("paragraph", "Q2", {"answer": "x" * 41}, "answer", Trouble(TOO_LONG, 40)),
    ],
)
def test_what_cannot_be_accepted_is_told_beside_its_field(
    survey: str, screen: str, posted: Posted, where: str, trouble: Trouble
) -> None:
    assert troubles(survey, screen, posted) == [(where, trouble)]


@pytest.mark.parametrize(
    ("survey", "screen", "posted"),
    [
        ("text", "Q1", {"answer": " " + "x" * 20 + " "}),
        ("paragraph", "Q1", {"answer": "\r\n".join("x" * 500)}),  # 500 letters and 499 new lines
        ("paragraph", "Q2", {"answer": "😀" * 40}),
        ("multi", "Q1", {"answer": ["food", "games"]}),
        ("multi", "Q1", {"answer": ["food", "games", "food"]}),  # the same one twice is still two
        ("single", "Q1", {"answer": "oth", "other": "x" * 100}),
        ("single", "Q1", {"answer": "bus", "other": "x" * 101}),  # the box is closed, and its words are not kept
        ("multi", "Q1", {"answer": ["food"], "other": "x" * 101}),
    ],
)
def test_the_limit_itself_is_accepted(survey: str, screen: str, posted: Posted) -> None:
    assert troubles(survey, screen, posted) == []


@pytest.mark.parametrize(
    ("survey", "screen", "posted"),
    [
        ("consent", "C1", {"answer": "maybe"}),
        ("single", "Q1", {"answer": "train"}),
        ("multi", "Q1", {"answer": ["food", "train"]}),
        ("scale", "Q1", {"answer": "4"}),
        ("symbols", "Q1", {"answer": "6"}),
        ("grid", "G1.park", {"answer": "3"}),
        ("rank", "Q1", {"first": "tea", "second": "coffee"}),
    ],
)
def test_a_value_the_page_did_not_offer_is_refused_whole(survey: str, screen: str, posted: Posted) -> None:
    with pytest.raises(Foreign):
        form_of(survey, screen, posted).validate()


@pytest.mark.parametrize(("answer", "no"), [("yes", False), ("no", True), ("", False)])
def test_only_a_no_declines(answer: str, no: bool) -> None:
    assert declined({"C1": answer}, "C1") is no


def test_information_asks_nothing() -> None:
    at = tiny_plan("info").screens["I2"]

    assert not at.answers
    assert "I2" not in tiny_plan("info").asked


@pytest.mark.parametrize("name", TYPES)
def test_each_type_has_its_own_survey_that_uses_it(name: str) -> None:
    assert (TEST_SURVEYS / f"{name}.yaml").exists()
    assert name in {question.type for question in tiny_plan(name).survey.questions.values()}


@pytest.mark.parametrize("name", TYPES)
def test_each_type_has_its_template(name: str) -> None:
    assert (PROJECT / "feedback_app" / "web" / "templates" / "questions" / f"{name}.html").exists()
