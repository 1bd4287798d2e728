"""Each question type: from the form to the store and back, what it refuses, and what a blank is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from feedback_app.core.settings import PROJECT
from feedback_app.questions.asked import Answer, Foreign, Trouble
from feedback_app.questions.auto import told_by_link
from feedback_app.questions.consent import declined
from feedback_app.questions.registry import TYPES
from feedback_app.questions.words import (
    DAY_BETWEEN,
    MONTH_BETWEEN,
    NO_SUCH_DAY,
    NUMBER_BETWEEN,
    ONE_OR_OTHER,
    PICK_ALONE,
    PICK_AT_MOST,
    PICK_ONE,
    RANK_IN_ORDER,
    RANK_ONCE,
    TOO_LONG,
    WHOLE_DATE,
    YEAR_BETWEEN,
)
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
    (
        "pair-grid",
        "G1.spot",
        {"first": "1", "second": "3"},
        {"G1.spot.before": "1", "G1.spot.now": "3"},
        ["Before today: Not sure of myself", "Now: Very sure"],
    ),
    ("pair-grid", "G1.act", {"second": "ns"}, {"G1.act.before": "", "G1.act.now": "ns"}, ["Now: Not sure"]),
    ("number", "Q1", {"answer": " 012 "}, {"Q1": "12"}, ["12"]),
    ("number", "Q1", {"answer": "١٢٣"}, {"Q1": "123"}, ["123"]),  # Arabic digits
    ("number", "Q1", {"answer": "۱۲"}, {"Q1": "12"}, ["12"]),  # the digits of Urdu
    ("number", "Q2", {"answer": "0"}, {"Q2": "0"}, ["0"]),
    ("number", "Q1", {"answer": "", "instead": ["ns"]}, {"Q1": "ns"}, ["Not sure"]),
    ("date", "Q1", {"day": "7", "month": "03", "year": "2026"}, {"Q1": "2026-03-07"}, ["7/3/2026"]),
    ("date", "Q1", {"day": "۲۹", "month": "۲", "year": "۲۰۲۴"}, {"Q1": "2024-02-29"}, ["29/2/2024"]),
    ("date", "Q1", {"day": "", "month": "", "year": "", "instead": ["pns"]}, {"Q1": "pns"}, ["Prefer not to say"]),
    ("year-month", "Q1", {"month": "3", "year": "2026"}, {"Q1": "2026-03"}, ["3/2026"]),
    ("year-month", "Q1", {"month": "", "year": "", "instead": "ns"}, {"Q1": "ns"}, ["Not sure"]),
    ("place", "Q1", {"answer": "north"}, {"Q1": "north"}, ["North"]),
    ("place", "Q2", {"answer": "else"}, {"Q2": "else"}, ["Somewhere else"]),
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
    ("pair-grid", "G1.spot", {}, {"G1.spot.before": "", "G1.spot.now": ""}),
    ("number", "Q1", {"answer": " "}, {"Q1": ""}),
    ("number", "Q2", {}, {"Q2": ""}),
    ("date", "Q1", {"day": "", "month": " ", "year": ""}, {"Q1": ""}),
    ("year-month", "Q2", {}, {"Q2": ""}),
    ("place", "Q1", {"answer": ""}, {"Q1": ""}),
    ("place", "Q2", {}, {"Q2": ""}),
]
# How each type says "not sure" and "prefer not to say". Text and rank take words or an order, and have neither.
SAYING = {
    "single": ("Q1", "answer"),
    "scale": ("Q1", "answer"),
    "symbols": ("Q1", "answer"),
    "grid": ("G1.park", "answer"),
    "multi": ("Q1", "answer"),
    "pair-grid": ("G1.act", "second"),
    "number": ("Q1", "instead"),
    "date": ("Q1", "instead"),
    "year-month": ("Q1", "instead"),
    "place": ("Q1", "answer"),
}
MISSING = {"ns": "not-sure", "pns": "prefer-not-to-say"}


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


@pytest.mark.parametrize("survey", SAYING)
def test_each_type_stores_blank_not_sure_and_prefer_not_to_say_apart(survey: str) -> None:
    screen, name = SAYING[survey]
    at = tiny_plan(survey).screens[screen]
    (*_, item) = at.items
    said = {choice.value: choice.missing for choice in at.asked.choices if choice.missing in MISSING.values()}
    stored = [read(survey, screen, {name: [value]})[item.id] for value in MISSING]
    several = at.type.several

    assert said == MISSING
    assert stored == ([[value] for value in MISSING] if several else list(MISSING))
    assert read(survey, screen, {})[item.id] == ([] if several else "")


def test_every_type_that_can_say_not_sure_is_among_them() -> None:
    """The link answers for nobody; consent is yes or no; the rest take words or an order."""
    assert set(TYPES) - set(SAYING) == {"info", "consent", "text", "paragraph", "rank", "auto"}


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
        ("number", "Q1", {"answer": "0"}, "answer", Trouble(NUMBER_BETWEEN, 1, 200)),
        ("number", "Q1", {"answer": "201"}, "answer", Trouble(NUMBER_BETWEEN, 1, 200)),
        ("number", "Q1", {"answer": "twelve"}, "answer", Trouble(NUMBER_BETWEEN, 1, 200)),
        ("number", "Q1", {"answer": "1.5"}, "answer", Trouble(NUMBER_BETWEEN, 1, 200)),
        ("number", "Q1", {"answer": "-3"}, "answer", Trouble(NUMBER_BETWEEN, 1, 200)),
        ("number", "Q1", {"answer": "①"}, "answer", Trouble(NUMBER_BETWEEN, 1, 200)),
        ("number", "Q1", {"answer": "1_0"}, "answer", Trouble(NUMBER_BETWEEN, 1, 200)),
        ("number", "Q2", {"answer": "1000000"}, "answer", Trouble(NUMBER_BETWEEN, 0, 999_999)),
        ("number", "Q2", {"answer": "9" * 5000}, "answer", Trouble(NUMBER_BETWEEN, 0, 999_999)),
        ("number", "Q1", {"answer": "3", "instead": ["ns"]}, "answer", Trouble(ONE_OR_OTHER)),
        ("number", "Q1", {"instead": ["ns", "pns"]}, "answer", Trouble(ONE_OR_OTHER)),
        ("date", "Q1", {"day": "30", "month": "2", "year": "2024"}, "day", Trouble(NO_SUCH_DAY)),
        ("date", "Q1", {"day": "31", "month": "4", "year": "2025"}, "day", Trouble(NO_SUCH_DAY)),
        ("date", "Q1", {"day": "29", "month": "2", "year": "1900"}, "day", Trouble(NO_SUCH_DAY)),
        ("date", "Q1", {"day": "32", "month": "1", "year": "2025"}, "day", Trouble(DAY_BETWEEN, 1, 31)),
        ("date", "Q1", {"day": "1", "month": "March", "year": "2025"}, "month", Trouble(MONTH_BETWEEN, 1, 12)),
        ("date", "Q1", {"day": "1", "month": "3", "year": "26"}, "year", Trouble(YEAR_BETWEEN, 1900, 2100)),
        ("date", "Q1", {"day": "1", "month": "3", "year": "2101"}, "year", Trouble(YEAR_BETWEEN, 1900, 2100)),
        ("date", "Q1", {"day": "1", "month": "", "year": "2025"}, "month", Trouble(WHOLE_DATE)),
        ("date", "Q1", {"day": "1", "month": "3", "year": "2025", "instead": ["ns"]}, "day", Trouble(ONE_OR_OTHER)),
        ("year-month", "Q1", {"month": "13", "year": "2025"}, "month", Trouble(MONTH_BETWEEN, 1, 12)),
        ("year-month", "Q1", {"month": "3"}, "year", Trouble(WHOLE_DATE)),
        ("year-month", "Q1", {"year": "2025", "instead": ["pns"]}, "month", Trouble(ONE_OR_OTHER)),
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
        ("number", "Q1", {"answer": "1"}),
        ("number", "Q1", {"answer": "200"}),
        ("number", "Q2", {"answer": "999999"}),
        ("date", "Q1", {"day": "1", "month": "1", "year": "1900"}),
        ("date", "Q1", {"day": "31", "month": "12", "year": "2100"}),
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
        ("pair-grid", "G1.act", {"first": "1", "second": "4"}),
        ("number", "Q1", {"instead": ["none"]}),
        ("date", "Q1", {"instead": ["ns", "none"]}),
        ("year-month", "Q1", {"instead": ["none"]}),
        ("place", "Q1", {"answer": "12 Mill Lane"}),
        ("place", "Q2", {"answer": "12 Mill Lane"}),
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


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["group.red"], {"group": "red"}),
        (["group.red", "side.n"], {"group": "red", "side": "n"}),
        (["group.red", "group.blue"], {"group": "blue"}),
        (["group.green", "Q1.red", "red", "group", "", ".", "group.", "nothing.red", "group.red.x"], {}),
    ],
)
def test_the_link_tells_only_what_the_survey_knows(said: list[str], told: dict[str, Answer]) -> None:
    assert told_by_link(tiny_plan("auto").asked.values(), said) == told


@pytest.mark.parametrize(
    ("survey", "cell", "stored"),
    [
        ("number", "12", "12"),
        ("number", "012", "12"),
        ("number", "201", None),
        ("number", "a few", None),
        ("date", "2026-03-27", "2026-03-27"),
        ("date", "2026-02-30", None),
        ("date", "27/03/2026", None),
        ("date", "2026-3-7", None),
        ("year-month", "2026-03", "2026-03"),
        ("year-month", "2026-13", None),
        ("year-month", "2026-03-27", None),
        ("year-month", "", None),
    ],
)
def test_a_number_or_a_date_in_a_file_from_elsewhere(survey: str, cell: str, stored: str | None) -> None:
    at = tiny_plan(survey).screens["Q1"]

    assert at.type.from_cell(at.asked, cell) == stored


@pytest.mark.parametrize("name", TYPES)
def test_each_type_has_its_own_survey_that_uses_it(name: str) -> None:
    assert (TEST_SURVEYS / f"{name}.yaml").exists()
    assert name in {question.type for question in tiny_plan(name).survey.questions.values()}


@pytest.mark.parametrize("name", TYPES)
def test_each_type_has_its_template(name: str) -> None:
    assert (PROJECT / "feedback_app" / "web" / "templates" / "questions" / f"{name}.html").exists()
