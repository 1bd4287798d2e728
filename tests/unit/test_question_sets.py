"""The seven surveys ask what the field's question sets ask, word for word, and lead where the sets say.

`tests/question_sets.csv` is a copy of the sets' ids, types, wording, options and rows. What is not asked, or not in
those words, is named below with its reason.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from feedback_app.cli.surveys import surveys
from feedback_app.core.settings import PROJECT, Settings
from feedback_app.definitions.area import Area, load_area
from feedback_app.definitions.easy import in_easy_words
from feedback_app.definitions.freeze import Frozen, with_area_lists
from feedback_app.definitions.linter import Surroundings, check_survey
from feedback_app.definitions.load import read_source
from feedback_app.definitions.reading_age import LIMITS, read, sentences
from feedback_app.definitions.survey import Question, Survey
from feedback_app.journey.path import walk
from feedback_app.journey.plan import Plan, lay_out
from feedback_app.questions.asked import Answer
from feedback_app.questions.registry import TYPES
from feedback_app.services import publishing

FOLDER = PROJECT / "surveys"
SURVEYS = ("child", "young-person", "exit", "parent", "training-day", "training-follow-up", "manager-confirmation")
FOR_FAMILIES = ("child", "young-person", "exit", "parent")

TYPE = {
    "scale5": "scale",
    "text": "paragraph",
    "symbol3": "symbols",
    "symbol5": "symbols",
    "again": "single",
    "pick-max2": "multi",
    "pick-max3": "multi",
    "multi-max3": "multi",
    "rank3": "rank",
    "grid-thennow": "pair-grid",
    "grid-prepost": "pair-grid",
    "grid-scale5": "grid",
    "grid-safe4": "grid",
    "grid-symbol3": "grid",
}
ETHNIC = "DM04 DM05w DM05m DM05a DM05b DM05o"
EQUALITY = {
    "child": "DM00 DK01 DK02 DK03 DK04",
    "young-person": f"DM00 DM01 DM02 DM02y {ETHNIC} DM06 DM07 DM08 DM09 DM10 DM11",
    "exit": f"DM00 DM01 DM02 DM02y {ETHNIC} DM06 DM07 DM09",  # short: with seventy people a year, much is a name
    "parent": f"DM00 DM01 DM02 {ETHNIC} DM06 DM07 DM09",
}
LEFT_OUT = {
    "DM03": "optional, off by default",
    "DM12": "optional, off under 100 expected answers",
    "DM13": "optional, off by default",
    "DM14": "optional, off by default",
    "DA01": "needs a screen that is handed over to a trusted adult",
    "DA02": "needs a screen that is handed over to a trusted adult",
    "DA03": "needs a screen that is handed over to a trusted adult",
}
NOT_OFFERED = {  # no contact details are collected with answers
    "EX02": ["later"],
    "EX44": ["ask"],
    "TF40": ["email"],  # the last page offers letters: an answer that says who took them up would join the two
}
FROM_THE_AREA = {"DM09", "DK03", "TF32"}  # the set's own choices follow the list
OTHER_TYPE = {
    "CH31": "symbols",  # yes, maybe and no have circles for children
    "TF01": "single",  # the link tells course_title, session_date and delivery_mode; this asks whether they are right
    "TI01": "info",
}
OTHER_WORDS = {"TI01": "You attended {course_title} on {session_date}."}  # a page of its own says TF23 back
BANDS = {  # the ages that fit the survey
    "young-person": ["11-12", "13-15", "16-17", "pns"],
    "exit": ["11-12", "13-15", "16-17", "18-24", "pns"],
    "parent": ["16-17", "18-24", "25-34", "35-44", "45-54", "55+", "pns"],
}
OURS = {  # asked beside the sets: what the link tells, and what to ask when it does not
    "training-day": {"course_title", "session_date", "delivery_mode", "TF01a", "TF01b"},
    "training-follow-up": {"course_title", "session_date", "TI01a", "TI01b", "TF02", "TF03", "TI33a"},
}
SHORT = {
    "child": "CH10 CH11 CH13 CH14 CH15 CH18 CH20",
    "young-person": "YP10 YP11 YP20 YP31 YP33 YP40 YP50 YP64 YP65 YP71 "
    "YP81 YP82 YP83 YP84 YP85 YP86 YP87 YP88 YP91 YP93",
    "exit": "EX20 EX31 EX42",
    "parent": "PC10 PC11 PC12 PC13 PC14 PC60",
    "training-day": "TF10 TF20 TF22",
    "training-follow-up": "TI10 TI11 TI13 TI15 TI20",
    "manager-confirmation": "",
}
LOCKED = {  # section 1.6: items of the common core, and these
    "child": "CH10 CH11 CH13 CH14 CH15 CH18 CH20 CH21 CH30",
    "young-person": "YP10 YP20 YP31 YP33 YP40 YP50 YP64 YP65 YP70 YP71 YP81 YP82 YP83 YP84 YP85 YP87 YP88",
    "exit": "EX20 EX21 EX30 EX31 EX42",
    "parent": "PC10 PC11 PC12 PC13 PC14 PC60",
    "training-day": "TF20",
    "training-follow-up": "TI10 TI11 TI13 TI20",
    "manager-confirmation": "",
}


class Written(NamedTuple):
    """One line of the sets."""

    survey: str
    id: str
    type: str
    label: str
    choices: str
    rows: str


@cache
def sets() -> tuple[Written, ...]:
    with (PROJECT / "tests" / "question_sets.csv").open(newline="") as file:
        return tuple(Written(**line) for line in csv.DictReader(file))


@cache
def area() -> Area:
    return load_area(FOLDER, Settings().area)


@cache
def around() -> Surroundings:
    return publishing.surroundings(FOLDER, area())


@cache
def frozen(name: str) -> Frozen:
    """A survey as it is published: checked, with the area's lists written out."""
    source = read_source(FOLDER / f"{name}.yaml")
    check_survey(source, around())
    return Frozen(with_area_lists(source.content, area().lists), {}, "")


@cache
def survey(name: str) -> Survey:
    return Survey.model_validate(frozen(name).document)


@cache
def plan(name: str) -> Plan:
    return lay_out(frozen(name).survey("en", area().words_in("en")))


def asked_in(name: str) -> list[Written]:
    """What the sets have a survey ask, with its equality block."""
    mine = set(EQUALITY.get(name, "").split())
    return [one for one in sets() if one.survey == name or one.id in mine]


CASES = [(name, one) for name in SURVEYS for one in asked_in(name)]
QUESTIONS = [(name, question) for name in SURVEYS for question in survey(name).questions.values()]


def test_there_are_seven_surveys_and_no_other() -> None:
    assert {file.stem for file in FOLDER.glob("*.yaml")} == set(SURVEYS)


def test_every_question_of_the_sets_is_asked_or_left_out_for_a_reason() -> None:
    asked = {ident for name in SURVEYS for ident in survey(name).questions}

    assert {one.id for one in sets()} - asked == set(LEFT_OUT)


@pytest.mark.parametrize("name", SURVEYS)
def test_a_survey_asks_its_set_and_nothing_else(name: str) -> None:
    assert set(survey(name).questions) == {one.id for one in asked_in(name)} | OURS.get(name, set())


@pytest.mark.parametrize(("name", "written"), CASES, ids=lambda case: getattr(case, "id", None))
def test_a_question_has_the_words_and_the_type_of_the_set(name: str, written: Written) -> None:
    question = survey(name).questions[written.id]

    assert question.label == OTHER_WORDS.get(written.id, written.label)
    assert question.type == OTHER_TYPE.get(written.id, TYPE.get(written.type, written.type))
    if "-max" in written.type:
        assert question.max_select == int(written.type[-1])
    assert [f"{row.id}={row.label}" for row in question.rows] == (written.rows.split("|") if written.rows else [])


@pytest.mark.parametrize(("name", "written"), CASES, ids=lambda case: getattr(case, "id", None))
def test_a_question_has_the_options_of_the_set(name: str, written: Written) -> None:
    held = survey(name)
    question = held.questions[written.id]
    found = [(choice.value, choice.label) for choice in held.choices_of(question)]
    options = [tuple(option.partition("=")[::2]) for option in written.choices.split("|") if option]
    options = [(value, label) for value, label in options if value not in NOT_OFFERED.get(written.id, [])]

    match written.id:
        case "DM01":
            assert [value for value, _ in found] == BANDS[name]
            assert found[-1] == options[-1]
        case "DK01":
            assert found == [(value, label or value) for value, label in options]
        case "TF21":  # set per course, with one right answer and "not sure"
            assert sum(choice.positive for choice in held.choices_of(question)) == 1
            assert found[-1] == ("ns", "Not sure")
        case "EX11":  # the list of EX10, then "nothing"
            ten = [(choice.value, choice.label) for choice in held.choices_of(held.questions["EX10"])]
            assert found == [*ten, options[-1]]
        case ident if ident in FROM_THE_AREA:
            assert found[-len(options[1:]) :] == options[1:]
            assert len(found) > len(options)
        case _:
            assert found == options


@pytest.mark.parametrize("name", SURVEYS)
def test_the_short_version_is_the_sets_core_items(name: str) -> None:
    assert list(survey(name).short) == SHORT[name].split()


@pytest.mark.parametrize("name", SURVEYS)
def test_trend_items_are_locked(name: str) -> None:
    assert {question.id for question in survey(name).questions.values() if question.trend} == set(LOCKED[name].split())


@pytest.mark.parametrize(
    ("name", "question"),
    [(name, question) for name, question in QUESTIONS if TYPES[question.type].text],
    ids=lambda case: getattr(case, "id", None),
)
def test_every_free_text_is_read_and_sorted(name: str, question: Question) -> None:
    assert (question.analyse, question.screen, question.store) == ("themes", True, True)
    assert question.max == (300 if name == "child" else 1000)
    assert question.report is not None


@pytest.mark.parametrize("name", FOR_FAMILIES)
def test_every_question_for_families_has_a_picture_and_easy_words(name: str) -> None:
    drawn = {file.name for file in (FOLDER / "symbols").glob("*.svg")}
    asked = [one for one in survey(name).questions.values() if TYPES[one.type].asks]

    assert [one.id for one in asked if not one.easy or one.easy.image not in drawn or not one.easy.alt] == []
    if name != "child":  # whose own words are easy
        assert [one.id for one in asked if not one.easy or not one.easy.label] == []


@pytest.mark.parametrize("name", FOR_FAMILIES)
def test_easy_words_are_for_a_reader_of_seven(name: str) -> None:
    easy = in_easy_words(survey(name))
    words = [
        part for one in easy.questions.values() for part in sentences((), one.label) if one.easy and one.easy.label
    ]

    assert all(part.words <= 14 for part in words)
    assert all(part.grade <= 6 for part in words)
    assert read(easy).grade <= LIMITS["child"]


def test_the_surveys_are_listed_for_other_programs() -> None:
    listed = json.loads(CliRunner().invoke(surveys, ["list", "--json"]).stdout)

    assert {one["slug"] for one in listed} == set(SURVEYS)
    for one in listed:
        held = survey(one["slug"])
        assert (one["version"], one["questions"]) == (held.version, len(held.questions))
        assert one["languages"][0] == "en"
        assert set(one["languages"]) <= set(held.languages)


def test_nobody_is_asked_for_worries_in_an_anonymous_survey() -> None:
    child = survey("child")

    assert child.mode == "anonymous"
    assert child.questions["CH35"].only_mode == "supported"
    assert "CH35" not in plan("child").screens


def test_wanting_to_talk_is_not_stored_with_the_answers() -> None:
    assert not survey("child").questions["CH41"].store


NO_COURSE: dict[str, Answer] = {}
COURSE = {"course_title": "neglect", "session_date": "2026-11-12", "delivery_mode": "online"}
ROUTES: list[tuple[str, Mapping[str, Answer], str, str]] = [
    # what they answered, what they pass then, what they do not
    ("child", {"CH18": "yes"}, "CH18 CH18a CH19", ""),
    ("child", {"CH18": "bit"}, "CH18 CH18a CH19", ""),
    ("child", {"CH18": "nosay"}, "CH18 CH19", "CH18a"),
    ("child", {"CH20.home": "yes", "CH21": "yes"}, "CH20.home CH21 CH22 safe.help CH30", ""),
    ("child", {"CH20.home": "no", "CH21": "no"}, "CH20.home CH21 CH22 safe.help CH30", ""),
    ("child", {"DM00": "skip"}, "CH34 DM00 CH40 CH41 end.help CH42", "DK01 DK04 CH35"),
    ("child", {"DM00": "yes"}, "DM00 DK01 DK04 CH40", ""),
    ("young-person", {"YP30": "home"}, "YP30 YP31 YP33", "YP32"),
    ("young-person", {"YP30": "none"}, "YP30 YP31 YP33", "YP32"),
    ("young-person", {"YP30": "main"}, "YP30 YP31 YP32 YP33", ""),
    ("young-person", {"YP35": "most"}, "YP35 YP36 YP37", ""),
    ("young-person", {"YP35": "no"}, "YP35 YP37", "YP36"),
    ("young-person", {"YP43": "once"}, "YP43 YP44 YP45", ""),
    ("young-person", {"YP43": "pns"}, "YP43 YP45", "YP44"),
    ("young-person", {"YP60": "blame"}, "YP60 YP60.after YP61", "YP61.after"),
    ("young-person", {"YP80": ["none"]}, "YP80 services.help YP90", "YP81 YP88 YP89"),
    ("young-person", {"YP80": ["pns"]}, "YP80 YP90", "YP81 YP88 YP89"),
    ("young-person", {"YP80": ["sw", "yc"]}, "YP80 YP81 YP85 YP88 YP89 YP90", ""),
    ("young-person", {"YP93": "yes"}, "YP93 YP93a YP94", ""),
    ("young-person", {"YP93": "first"}, "YP93 YP94", "YP93a"),
    ("young-person", {"DM00": "yes", "DM01": "13-15", "DM04": "white"}, "DM02y DM05w", "DM02 DM05m DM05a DM05b DM05o"),
    ("young-person", {"DM00": "yes", "DM01": "16-17", "DM04": "asian"}, "DM02 DM05a", "DM02y DM05w"),
    ("young-person", {"DM00": "yes", "DM06": "yes"}, "DM06 DM07 DM08", ""),
    ("young-person", {"DM00": "yes", "DM06": "no"}, "DM06 DM08", "DM07"),
    ("exit", {}, "EX04 EX10 EX11 EX20.listen EX30.safe EX31 then-now.help EX32 EX40 EX44 moving-on.help DM00", "DM01"),
    ("exit", {"DM00": "yes", "DM01": "18-24"}, "DM01 DM02 DM04", "DM02y"),
    ("parent", {}, "PC05 PC10 PC20 PC60 changed.help PC70 words.help DM00", "PC30 PC36 PC40 PC43 PC50 PC51 DM01"),
    ("parent", {"PC04": ["cp"]}, "PC21 PC30 PC36 PC60", "PC40 PC50"),
    ("parent", {"PC04": ["eh", "cp"], "PC05": "yes"}, "PC30 PC36 PC40 PC43 PC50 PC51 PC60", ""),
    ("parent", {"PC04": ["eh"], "PC05": "pns"}, "PC21 PC50 PC51 PC60", "PC30 PC40"),
    ("training-day", NO_COURSE, "TF01a TF01b TF02 TF15 TF20.spot TF21 TF22 TF41", "TF01 TF15a TF21.after course_title"),
    ("training-day", COURSE, "TF01 TF02", "TF01a TF01b course_title"),
    ("training-day", {**COURSE, "TF01": "no"}, "TF01 TF01a TF01b TF02", ""),
    ("training-day", {"TF15": "2"}, "TF15 TF15a TF20.spot", ""),
    ("training-day", {"TF15": "pns"}, "TF15 TF20.spot", "TF15a"),
    ("training-day", {"TF21": "score"}, "TF21 TF21.after TF22", ""),
    ("training-follow-up", NO_COURSE, "TI01a TI01b TF02 TF03 TI02 TI10", "TI01"),
    ("training-follow-up", COURSE, "TI01 TI02 TI10", "TI01a TI01b TF02 TF03"),
    ("training-follow-up", {"TI02": "no"}, "TI02 TI30 TI31 TI32 TI33", "TI10 TI16 TI20.spot TI21 TI23"),
    ("training-follow-up", {"TI02": "similar", "TI10": "many"}, "TI10 TI11 TI12 TI13 TI14 TI15 TI16 TI20.spot", ""),
    ("training-follow-up", {"TI10": "nochance"}, "TI10 TI16 TI20.spot TI21 TI30", "TI11 TI12 TI13 TI14 TI15"),
    ("training-follow-up", {"TI10": "blocked"}, "TI10 TI16", "TI11 TI15"),
    ("training-follow-up", {"TI10": "no"}, "TI10 TI16", "TI11 TI15"),
    ("training-follow-up", {"TI33": "yes"}, "TI33 TI33a", ""),
    ("training-follow-up", {"TI33": "no"}, "TI33", "TI33a"),
    ("manager-confirmation", {}, "TM01 TM02 TM03 TM04", ""),
]


@pytest.mark.parametrize(("name", "answers", "passed", "not_passed"), ROUTES)
def test_each_way_leads_where_the_set_says(
    name: str, answers: Mapping[str, Answer], passed: str, not_passed: str
) -> None:
    agreed = {survey(name).consent: "yes"} if survey(name).consent else {}
    way = [screen.id for screen in walk(plan(name), {**agreed, **answers}).screens]

    assert [ident for ident in way if ident in passed.split()] == passed.split()
    assert set(way).isdisjoint(not_passed.split())
