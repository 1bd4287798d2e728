"""The rule language: each operator, what a blank means, and that nothing but a rule is taken for one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.definitions.rules import WORDS, parse

Q, PICKED = {"answer": "Q"}, {"answer": "M"}
HOW_MANY = {"count": "M"}

CASES = [
    # rule, answers, whether it holds
    ({"==": [Q, "yes"]}, {"Q": "yes"}, True),
    ({"==": [Q, "yes"]}, {"Q": "no"}, False),
    ({"==": [Q, "yes"]}, {"Q": "YES"}, False),
    ({"==": [PICKED, "a"]}, {"M": ["a"]}, True),
    ({"==": [PICKED, "a"]}, {"M": ["a", "b"]}, False),
    ({"!=": [Q, "yes"]}, {"Q": "no"}, True),
    ({"!=": [Q, "yes"]}, {"Q": "yes"}, False),
    ({">": [Q, "3"]}, {"Q": "4"}, True),
    ({">": [Q, "3"]}, {"Q": "3"}, False),
    ({">": [Q, "3"]}, {"Q": "12"}, True),
    ({">=": [Q, "3"]}, {"Q": "3"}, True),
    ({">=": [Q, "3"]}, {"Q": "2"}, False),
    ({"<": [Q, "3"]}, {"Q": "2"}, True),
    ({"<": [Q, "3"]}, {"Q": "3"}, False),
    ({"<=": [Q, "3"]}, {"Q": "3"}, True),
    ({"<=": [Q, "3"]}, {"Q": "4"}, False),
    ({"in": [Q, ["a", "b"]]}, {"Q": "b"}, True),
    ({"in": [Q, ["a", "b"]]}, {"Q": "c"}, False),
    ({"any-in": [PICKED, ["a", "b"]]}, {"M": ["b", "c"]}, True),
    ({"any-in": [PICKED, ["a", "b"]]}, {"M": ["c"]}, False),
    ({"all-in": [PICKED, ["a", "b"]]}, {"M": ["b", "a"]}, True),
    ({"all-in": [PICKED, ["a", "b"]]}, {"M": ["b", "c"]}, False),
    ({"==": [HOW_MANY, "2"]}, {"M": ["a", "b"]}, True),
    ({"!=": [HOW_MANY, "2"]}, {"M": ["a", "b"]}, False),
    ({">": [HOW_MANY, "1"]}, {"M": ["a", "b"]}, True),
    ({">": [HOW_MANY, "1"]}, {"M": ["a"]}, False),
    ({"answered": "Q"}, {"Q": "no"}, True),
    ({"answered": "M"}, {"M": ["a"]}, True),
    ({"answered": "G.home"}, {"G.home": "1"}, True),
    ({"and": [{"==": [Q, "yes"]}, {"answered": "M"}]}, {"Q": "yes", "M": ["a"]}, True),
    ({"and": [{"==": [Q, "yes"]}, {"answered": "M"}]}, {"Q": "yes"}, False),
    ({"or": [{"==": [Q, "yes"]}, {"answered": "M"}]}, {"Q": "yes"}, True),
    ({"or": [{"==": [Q, "yes"]}, {"answered": "M"}]}, {"Q": "no"}, False),
    ({"not": {"==": [Q, "yes"]}}, {"Q": "no"}, True),
    ({"not": {"==": [Q, "yes"]}}, {"Q": "yes"}, False),
    ({"not": [{"==": [Q, "yes"]}]}, {"Q": "yes"}, False),
]
BLANK = [
    ({"==": [Q, "yes"]}, False),
    ({"in": [Q, ["yes"]]}, False),
    ({"any-in": [Q, ["yes"]]}, False),
    ({"all-in": [Q, ["yes"]]}, False),
    ({"<": [Q, "3"]}, False),
    ({">=": [Q, "0"]}, False),
    ({"answered": "Q"}, False),
    ({"!=": [Q, "yes"]}, True),
    ({"not": {"==": [Q, "yes"]}}, True),
    ({">": [{"count": "Q"}, "0"]}, False),
]


@pytest.mark.parametrize(("rule", "answers", "holds"), CASES)
def test_operator(rule: dict[str, Any], answers: dict[str, Any], holds: bool) -> None:
    assert parse(rule).holds(answers) is holds


def test_every_operator_is_tried_both_ways() -> None:
    tried = {(next(iter(rule)), holds) for rule, _, holds in CASES}

    counting = {"count", "answered"}  # a count is inside another rule; a blank answer is below
    assert {(word, holds) for word in WORDS if word not in counting for holds in (True, False)} <= tried


@pytest.mark.parametrize("answers", [{}, {"Q": ""}, {"Q": []}], ids=["never asked", "blank", "nothing ticked"])
@pytest.mark.parametrize(("rule", "holds"), BLANK)
def test_a_blank_answer_is_false_but_under_not(rule: dict[str, Any], holds: bool, answers: dict[str, Any]) -> None:
    assert parse(rule).holds(answers) is holds


@pytest.mark.parametrize("operator", [">", "<", ">=", "<="])
def test_prefer_not_to_say_is_neither_more_nor_less_than_a_number(operator: str) -> None:
    assert not parse({operator: [Q, "3"]}).holds({"Q": "pns"})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"===": [Q, "a"]}, 'there is no rule "===". Did you mean "=="?'),
        ({"nto": {"answered": "Q"}}, 'there is no rule "nto". Did you mean "not"?'),
        ({"eval": "1"}, 'there is no rule "eval".'),
        ({"==": [Q, "a"], "!=": [Q, "b"]}, "a rule is one operator"),
        ("Q == a", "a rule is one operator"),
        ({"==": [Q, ["a"]]}, '"==" compares with one value'),
        ({"==": [HOW_MANY, "two"]}, '"==" compares with a number'),
        ({"and": []}, '"and" needs a list of rules'),
        ({"in": [HOW_MANY, ["1"]]}, '"in" works on an answer, not on a count'),
        ({"answered": ""}, '"answered" needs the id of a question'),
    ],
)
def test_what_is_no_rule_is_refused_in_plain_words(written: Any, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared below
        parse(written)

    assert str(refused.value).startswith(said)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([*WORDS, "Q"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*WORDS, "answer", "count"]) | st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(junk=JUNK, answer=st.text(max_size=6) | st.lists(st.text(max_size=6), max_size=3))
def test_junk_is_a_rule_or_a_value_error(junk: Any, answer: Any) -> None:
    try:
        rule = parse(junk)
    except ValueError:
        return
    assert rule.holds({"Q": answer}) in (True, False)
