"""The routes of a survey in words, for paper: every rule of the closed language has a sentence."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from feedback_app.core.errors import FeedbackError
from feedback_app.definitions import rules
from feedback_app.definitions.rules import Rule
from feedback_app.documents.directions import Direction, Directions
from feedback_app.i18n.catalogues import load_interface
from feedback_app.i18n.locales import LOCALES
from feedback_app.web.support.language import Words
from tests.factories import PROJECT
from tests.tiny import tiny

YES = {"==": [{"answer": "S1"}, "yes"]}
PLAYS = {"any-in": [{"answer": "M1"}, ["play", "talk", "eat"]]}


@cache
def directions(survey: str = "on_paper") -> Directions:
    return Directions(tiny(survey), Words(LOCALES["en"], load_interface(PROJECT / "translations", "en")))


def plain(words: str) -> str:
    return re.sub("<[^>]+>|[\u2066-\u2069]", "", words)


def outline(direction: Direction) -> Any:
    """A direction without marks: its sentence, or its sentence with the list below it."""
    words = plain(direction.words)
    return (words, [outline(part) for part in direction.parts]) if direction.parts else words


def said(rule: dict[str, Any], *questions: str) -> Any:
    return outline(directions().only_if(rules.parse(rule), list(questions or ["T1"])))


@pytest.mark.parametrize(
    ("rule", "clause"),
    [
        (YES, "you picked Yes in S1"),
        ({"!=": [{"answer": "S1"}, "yes"]}, "you did not pick Yes in S1"),
        ({"not": YES}, "you did not pick Yes in S1"),
        ({"not": {"!=": [{"answer": "S1"}, "yes"]}}, "you picked Yes in S1"),
        ({"not": {"not": YES}}, "you picked Yes in S1"),
        ({"in": [{"answer": "S1"}, ["yes", "no"]]}, "you picked Yes or No in S1"),
        ({"all-in": [{"answer": "S1"}, ["yes", "no"]]}, "you picked Yes or No in S1"),
        (PLAYS, "you picked Play, Talk or Eat in M1"),
        ({"not": PLAYS}, "you did not pick Play, Talk or Eat in M1"),
        ({"==": [{"answer": "M1"}, "play"]}, "you picked only Play in M1"),
        ({"!=": [{"answer": "M1"}, "play"]}, "you did not pick only Play in M1"),
        ({"all-in": [{"answer": "M1"}, ["play", "talk"]]}, "you picked only Play or Talk in M1"),
        ({"answered": "S1"}, "you gave an answer to S1"),
        ({"not": {"answered": "S2"}}, "you left S2 empty"),
        ({">": [{"count": "M1"}, "1"]}, "you picked more than 1 in M1"),
        ({">=": [{"count": "M1"}, "2"]}, "you picked 2 or more in M1"),
        ({"not": {">=": [{"count": "M1"}, "2"]}}, "you picked fewer than 2 in M1"),
        ({"<=": [{"count": "M1"}, "2"]}, "you picked 2 or fewer in M1"),
        ({"==": [{"count": "M1"}, "2"]}, "you picked exactly 2 in M1"),
        ({"!=": [{"count": "M1"}, "2"]}, "you did not pick exactly 2 in M1"),
        ({">": [{"answer": "G1.adults"}, "1"]}, "you picked Often in G1 (adults listen)"),
        ({"==": [{"answer": "P1.home.now"}, "1"]}, "you picked Not so good in P1 (getting home, Now)"),
        ({">": [{"answer": "N1"}, "3"]}, "what you wrote in N1 is more than 3"),
        ({">=": [{"answer": "N1"}, "3"]}, "what you wrote in N1 is 3 or more"),
        ({"<": [{"answer": "N1"}, "3"]}, "what you wrote in N1 is less than 3"),
        ({"<=": [{"answer": "N1"}, "3"]}, "what you wrote in N1 is 3 or less"),
        ({"not": {">": [{"answer": "N1"}, "3"]}}, "it is not true that what you wrote in N1 is more than 3"),
        ({"==": [{"answer": "N1"}, "ns"]}, "you picked Not sure in N1"),
        ({"==": [{"answer": "N1"}, "4"]}, "you wrote 4 in N1"),
        ({"!=": [{"answer": "T1"}, "tea"]}, "you did not write tea in T1"),
        ({"and": [YES]}, "you picked Yes in S1"),
        ({"and": [YES, {"answered": "M1"}]}, "you picked Yes in S1 and you gave an answer to M1"),
        ({"or": [YES, {"answered": "M1"}]}, "you picked Yes in S1 or you gave an answer to M1"),
        ({"not": {"or": [YES, {"answered": "M1"}]}}, "you did not pick Yes in S1 and you left M1 empty"),
    ],
)
def test_each_rule_has_its_clause(rule: dict[str, Any], clause: str) -> None:
    assert said(rule) == f"Answer this only if {clause}."


def test_a_rule_of_many_parts_lists_them() -> None:
    both = {"and": [YES, {"answered": "R1"}, {"or": [PLAYS, {"answered": "N1"}, {"answered": "T1"}]}]}

    assert said(both) == (
        "Answer this only if all of these are true.",
        [
            "you picked Yes in S1",
            "you gave an answer to R1",
            (
                "one of these is true",
                ["you picked Play, Talk or Eat in M1", "you gave an answer to N1", "you gave an answer to T1"],
            ),
        ],
    )


def test_questions_that_follow_one_another_share_a_sentence() -> None:
    assert said(YES, "S2", "S3") == "Answer S2 to S3 only if you picked Yes in S1."


def test_a_part_says_where_to_go_next() -> None:
    fork, unsaid, *_ = tiny("routing").pages

    assert [outline(one) for one in directions("routing").onward(fork)] == [
        "If you picked Yes in Q1, go to Q3.",
        "If you picked No in Q1, you have finished. Go to the last page.",
    ]
    assert [outline(one) for one in directions("routing").onward(unsaid)] == ["Now go to Q7."]


def test_no_is_an_answer() -> None:
    survey = tiny("on_paper")

    assert outline(directions().stop(survey.questions["C1"], "yes")).startswith("If you picked No thanks, stop here.")


def test_a_comparison_that_cannot_be_said_stops_the_print() -> None:
    with pytest.raises(FeedbackError, match="M1"):
        directions().only_if(Rule(">", "M1", values=("1",)), ["T1"])


def test_every_operator_is_tried_here() -> None:
    tried = "".join(str(case) for case in test_each_rule_has_its_clause.pytestmark[0].args[1])

    assert [word for word in rules.WORDS if f"'{word}'" not in tried] == []
