"""Which screens a person passes: ways on, parts shown on a condition, parts passed over, what bars the way."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from feedback_app.journey.path import Path, walk
from feedback_app.journey.plan import lay_out
from feedback_app.questions.asked import Answer
from tests.tiny import tiny_plan


def screens(path: Path) -> list[str]:
    return [screen.id for screen in path.screens]


def walked(survey: str, skipped: tuple[str, ...] = (), **answers: Answer) -> Path:
    return walk(tiny_plan(survey), answers, skipped)


@pytest.mark.parametrize(
    ("answers", "passed"),
    [
        ({}, ["Q1", "Q2", "Q7"]),  # nothing said yet: the next page, and its own way on
        ({"Q1": ""}, ["Q1", "Q2", "Q7"]),  # no jump fits a blank
        ({"Q1": "pns"}, ["Q1", "Q2", "Q7"]),
        ({"Q1": "no"}, ["Q1"]),  # to the end
        ({"Q1": "yes"}, ["Q1", "Q3", "Q4", "Q6", "Q7"]),
        ({"Q1": "yes", "Q4": "yes"}, ["Q1", "Q3", "Q4", "Q5", "Q6", "Q7"]),
        ({"Q1": "yes", "Q4": "no"}, ["Q1", "Q3", "Q4", "Q7"]),  # a page that is not shown
        ({"Q1": "yes", "Q4": "pns"}, ["Q1", "Q3", "Q4", "Q6", "Q7"]),
    ],
)
def test_the_way_follows_the_answers(answers: Mapping[str, Answer], passed: list[str]) -> None:
    assert screens(walk(tiny_plan("routing"), answers)) == passed


def test_answers_of_a_page_that_was_left_do_not_count() -> None:
    before = {"Q1": "yes", "Q3": "Fine", "Q4": "yes", "Q5": "Monday", "Q7": "No"}

    assert walked("routing", **before).live == before
    assert walked("routing", **{**before, "Q1": "pns"}).live == {"Q1": "pns", "Q7": "No"}
    assert walked("routing", **{**before, "Q4": "no"}).live == {"Q1": "yes", "Q3": "Fine", "Q4": "no", "Q7": "No"}


def test_a_left_page_comes_back_with_its_answers() -> None:
    answers = {"Q1": "no", "Q3": "Fine"}
    assert walked("routing", **answers).live == {"Q1": "no"}

    assert walked("routing", **{**answers, "Q1": "yes"}).live == {"Q1": "yes", "Q3": "Fine"}


def test_a_rule_does_not_see_an_answer_that_does_not_count() -> None:
    # The page of Q8 hangs on Q3, and Q3 was left behind when Q1 was changed.
    assert screens(walked("routing", Q1="yes", Q3="Fine", Q4="no")) == ["Q1", "Q3", "Q4", "Q7", "Q8"]
    assert screens(walked("routing", Q1="pns", Q3="Fine", Q4="no")) == ["Q1", "Q2", "Q7"]


def test_own_words_count_with_the_choice_they_belong_to() -> None:
    path = walked("single", **{"Q1": "oth", "Q1.other": "By boat"})

    assert path.live == {"Q1": "oth", "Q1.other": "By boat"}


def test_a_part_passed_over_keeps_its_first_screen_so_that_a_person_can_come_back() -> None:
    path = walked("skip_part", skipped=("two",), Q1="red", Q2="all", Q3="me")

    assert screens(path) == ["Q1", "Q2", "Q4"]
    assert path.live == {"Q1": "red"}


def test_the_help_card_is_for_everyone() -> None:
    everyone = [{}, {"Q1": "yes"}, {"Q1": "no"}, {"Q1": ""}]

    assert {tuple(screens(walked("sensitive", **answers))) for answers in everyone} == {("Q1", "part.help", "Q2")}
    assert screens(walked("sensitive", skipped=("part",))) == ["Q1", "part.help", "Q2"]


@pytest.mark.parametrize(
    ("answers", "passed"),
    [
        ({}, ["Q1", "Q2"]),
        ({"Q1": ""}, ["Q1", "Q2"]),
        ({"Q1": "no"}, ["Q1", "Q1.after", "Q2"]),
        ({"Q1": "yes"}, ["Q1", "Q1.after", "Q2"]),
    ],
)
def test_words_after_a_question_come_once_it_is_answered(answers: Mapping[str, Answer], passed: list[str]) -> None:
    assert screens(walk(tiny_plan("feedback"), answers)) == passed


def test_a_grid_is_one_screen_for_each_row() -> None:
    assert screens(walked("grid")) == ["G1.street", "G1.park"]
    assert screens(walked("grid", **{"G1.park": "1"})) == ["G1.street", "G1.park", "Q1"]


def test_a_pair_grid_is_one_screen_for_each_row_with_two_answers() -> None:
    assert screens(walked("pair-grid")) == ["G1.spot", "G1.act"]

    path = walked("pair-grid", **{"G1.act.before": "3", "G1.act.now": "1"})
    assert screens(path) == ["G1.spot", "G1.act", "Q1"]
    assert path.live == {"G1.act.before": "3", "G1.act.now": "1"}
    assert path.resume() == path.screens[2]


def test_what_the_link_told_has_no_screen_and_counts() -> None:
    assert screens(walked("auto")) == ["Q1"]
    assert walked("auto").live == {}
    assert walked("auto").parts == (1,)  # a part that nobody sees is not counted

    path = walked("auto", group="red", side="n")
    assert (screens(path), path.live) == (["Q1", "Q2"], {"group": "red", "side": "n"})


def test_a_question_of_another_mode_is_left_out() -> None:
    plan = tiny_plan("only_mode")

    assert screens(walk(plan, {})) == ["Q1"]
    assert list(plan.asked) == ["Q1"]
    supported = lay_out(plan.survey.model_copy(update={"mode": "supported"}))
    assert screens(walk(supported, {})) == ["Q1", "Q2", "Q3"]


def test_a_question_that_must_be_answered_bars_the_way() -> None:
    for answers in ({}, {"C1": ""}):
        path = walked("consent", **answers)
        assert (screens(path), path.complete) == (["C1"], False)

    path = walked("consent", C1="yes")
    assert (screens(path), path.complete) == (["C1", "Q1"], True)


def test_what_lies_behind_a_bar_does_not_count() -> None:
    assert walked("consent", C1="", Q1="Hello").live == {"C1": ""}


def test_before_and_after() -> None:
    path = walked("routing", Q1="yes", Q4="no")
    first, *_, last = path.screens

    assert path.before(first) is None
    assert path.after(last) is None
    assert [path.after(screen) for screen in path.screens[:-1]] == list(path.screens[1:])
    assert [path.before(screen) for screen in path.screens[1:]] == list(path.screens[:-1])


def test_a_screen_off_the_way_has_nothing_before_or_after_it() -> None:
    off = tiny_plan("routing").screens["Q5"]
    path = walked("routing")

    assert (path.at(off), path.before(off), path.after(off)) == (-1, None, None)


@pytest.mark.parametrize(
    ("answers", "goes_on_at"),
    [
        ({}, "Q1"),
        ({"Q1": "yes"}, "Q3"),
        ({"Q1": "yes", "Q3": ""}, "Q4"),  # left blank is answered enough
        ({"Q1": "yes", "Q7": "Bye"}, None),
        ({"Q1": "no"}, None),
    ],
)
def test_a_person_who_comes_back_goes_on_after_the_last_answer(
    answers: Mapping[str, Answer], goes_on_at: str | None
) -> None:
    screen = walk(tiny_plan("routing"), answers).resume()

    assert (screen.id if screen else None) == goes_on_at


def test_progress_counts_the_parts_of_this_persons_way() -> None:
    def progress(at: str, **answers: Answer) -> tuple[int, int]:
        return walked("routing", **answers).progress(tiny_plan("routing").screens[at])

    assert progress("Q1") == (1, 3)  # the fork, the next page, the last
    assert progress("Q1", Q1="no") == (1, 1)
    assert progress("Q7", Q1="yes") == (4, 4)
    assert progress("Q7", Q1="yes", Q4="no") == (3, 3)


def test_progress_before_a_bar_counts_what_lies_ahead() -> None:
    plan = tiny_plan("consent")

    assert walk(plan, {}).progress(plan.screens["C1"]) == (1, 2)


def test_words_at_the_very_beginning_stand_on_the_start_page() -> None:
    plan = tiny_plan("info")

    assert [question.id for question in plan.opening] == ["I1"]
    assert plan.first.id == "Q1"
    assert screens(walk(plan, {})) == ["Q1", "I2"]
