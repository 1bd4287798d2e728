"""The closed rule language of a survey file: a small subset of JsonLogic. No code, no expression strings.

    {"==": [{answer: safe_school}, "1"]}
    {"any-in": [{answer: YP80}, [fh, sw]]}
    {and: [RULE, RULE]}, {or: [...]}, {not: RULE}, {answered: YP80}

An answer is a text, a list of texts, or nothing. `>` and its kin compare numbers, of which `{count: YP80}` is one.
A rule about a question that was not answered is false, except under `not` and `!=`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from feedback_app.core.errors import did_you_mean

Answers = Mapping[str, Any]
COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
WORDS = ("==", "!=", *COMPARE, "and", "or", "not", "in", "any-in", "all-in", "count", "answered")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: an operator, the question it asks about (if it does), what it compares with, and rules inside it."""

    operator: str
    question: str = ""
    counted: bool = False
    values: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def holds(self, answers: Answers) -> bool:
        """Whether the rule is true of these answers (by question id; a grid's row is `question.row`)."""
        match self.operator:
            case "and":
                return all(rule.holds(answers) for rule in self.rules)
            case "or":
                return any(rule.holds(answers) for rule in self.rules)
            case "not":
                return not self.rules[0].holds(answers)
        given = _given(answers, self.question)
        match self.operator:
            case "answered":
                return bool(given)
            case "==":
                return list(self.values) == given if not self.counted else float(self.values[0]) == len(given)
            case "!=":
                return list(self.values) != given if not self.counted else float(self.values[0]) != len(given)
            case "in" | "any-in":
                return any(value in self.values for value in given)
            case "all-in":
                return bool(given) and all(value in self.values for value in given)
        return self._compares(given)

    def _compares(self, given: list[str]) -> bool:
        compare = COMPARE[self.operator]
        if self.counted:
            return compare(len(given), float(self.values[0]))
        try:
            return bool(given) and compare(float(given[0]), float(self.values[0]))
        except ValueError:
            return False  # "prefer not to say" is neither more nor less than a number

    def asks(self) -> Iterator[Rule]:
        """Every part of the rule that asks about a question."""
        if self.question:
            yield self
        for rule in self.rules:
            yield from rule.asks()


def _given(answers: Answers, question: str) -> list[str]:
    answer = answers.get(question)
    if answer is None or answer == "":
        return []
    return [answer] if isinstance(answer, str) else list(answer)


def parse(data: Any) -> Rule:
    """Read a rule from a survey file.

    Raises:
        ValueError: it is not in the language; the message says what to write.
    """
    if isinstance(data, Rule):
        return data
    if not isinstance(data, dict) or len(data) != 1:
        raise ValueError('a rule is one operator and what it works on, such as {"==": [{answer: q1}, "yes"]}')
    ((word, inside),) = data.items()
    match word:
        case "and" | "or":
            if not isinstance(inside, list) or not inside:
                raise ValueError(f'"{word}" needs a list of rules')
            return Rule(word, rules=tuple(parse(rule) for rule in inside))
        case "not":
            return Rule(word, rules=(parse(inside[0] if isinstance(inside, list) and len(inside) == 1 else inside),))
        case "answered":
            return Rule(word, question=_text(inside, word))
        case "in" | "any-in" | "all-in":
            subject, values = _pair(inside, word)
            if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
                raise ValueError(f'"{word}" needs an answer and a list of values')
            question, counted = _subject(subject, word)
            if counted:
                raise ValueError(f'"{word}" works on an answer, not on a count')
            return Rule(word, question, values=tuple(values))
        case "==" | "!=" | ">" | "<" | ">=" | "<=":
            subject, value = _pair(inside, word)
            question, counted = _subject(subject, word)
            if not isinstance(value, str) or ((counted or word in COMPARE) and not _is_number(value)):
                raise ValueError(f'"{word}" compares with {"a number" if counted or word in COMPARE else "one value"}')
            return Rule(word, question, counted, (value,))
    raise ValueError(f'there is no rule "{word}".{did_you_mean(str(word), WORDS)}')


def _pair(inside: Any, word: str) -> tuple[Any, Any]:
    if not isinstance(inside, list) or len(inside) != 2:
        raise ValueError(f'"{word}" needs two things in a list: an answer and what to compare it with')
    return inside[0], inside[1]


def _subject(data: Any, word: str) -> tuple[str, bool]:
    if isinstance(data, dict) and len(data) == 1:
        ((kind, question),) = data.items()
        if kind in {"answer", "count"}:
            return _text(question, word), kind == "count"
    raise ValueError(f'the first part of "{word}" is {{answer: QUESTION}} or {{count: QUESTION}}')


def _text(data: Any, word: str) -> str:
    if not isinstance(data, str) or not data:
        raise ValueError(f'"{word}" needs the id of a question')
    return data


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
