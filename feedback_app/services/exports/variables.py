"""Turn the columns of an export into SPSS variables: names that SPSS takes, codes that are numbers, what is missing.

Codes: an option whose value is a whole number keeps it; where one is not, the options are numbered from 1 in the order
that people saw. Below nought is what is missing: -1 left blank, -7 not sure, -8 prefer not to say, -9 does not apply
(more of one kind: -2 to -6). Not asked is SPSS's own missing value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from feedback_app.definitions.survey import Choice
from feedback_app.services.exports.columns import GIVEN, LEFT_BLANK, Column
from feedback_app.services.exports.sheet import Row, Sheet

LEFT_BLANK_CODE = -1
MISSING_CODES = {"not-sure": -7, "prefer-not-to-say": -8, "not-applicable": -9}
SPARE = (-2, -3, -4, -5, -6)
LONGEST_NAME = 60  # bytes; SPSS takes 64, and a number may follow
LONGEST_TEXT = 32_767
RESERVED = {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
WIDTHS = {"response": 32, "received on": 10, "language": 20, "unclear on paper": 255, "came by": 20} | {
    "source type": 60,
    "heard by": 480,
    "group or service": 800,
}
DATE_WIDTH = 120

Value = float | str | None


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. `width` is 0 for a number, else the bytes of a text. `labels` are by code; below 0 is missing."""

    column: str
    name: str
    label: str
    width: int
    value: Callable[[Row], Value]
    labels: Mapping[int, str] = field(default_factory=dict)


def variables_of(sheet: Sheet, longest: Mapping[str, int]) -> tuple[Variable, ...]:
    """The variables of a sheet.

    Args:
        longest: for a sheet with people's words, how many bytes the longest text of each name has.
    """
    taken: set[str] = set()
    given = longest if sheet.words else None
    fixed = [
        Variable(name, _name(name, taken), means, WIDTHS[name], _about(at))
        for at, (name, means) in enumerate(sheet.fixed)
    ]
    # Of several answers, each option is a variable, and the cell with all of them is none.
    asked = [one for one in sheet.columns if one.kind != "several"]
    return (*fixed, *(_variable(column, _name(column.name, taken), given) for column in asked))


def _variable(column: Column, name: str, longest: Mapping[str, int] | None) -> Variable:
    if column.kind == "text":
        if longest is None:
            labels = {1: GIVEN, LEFT_BLANK_CODE: LEFT_BLANK}
            return Variable(column.name, name, column.words, 0, _mark(column), labels)
        width = min(max(longest.get(column.name, 0), len(LEFT_BLANK)), LONGEST_TEXT)
        return Variable(column.name, name, column.words, width, _words(column))
    if column.kind == "written" and column.type != "number":
        return Variable(column.name, name, column.words, DATE_WIDTH, _words(column))
    if column.kind in ("option", "place"):
        labels = {0: "Not picked", 1: "Picked" if column.kind == "option" else "First", LEFT_BLANK_CODE: LEFT_BLANK}
        return Variable(column.name, name, column.words, 0, _picked(column), labels)
    codes = dict(_codes(column.choices))
    labels = {code: column.labels[value] for value, code in codes.items()} | {LEFT_BLANK_CODE: LEFT_BLANK}
    return Variable(column.name, name, column.words, 0, _coded(column, codes), labels)


def _codes(choices: tuple[Choice, ...]) -> Iterator[tuple[str, int]]:
    said = [choice for choice in choices if not choice.missing]
    numbers = [int(choice.value) if choice.value.isdecimal() else None for choice in said]
    whole = None not in numbers and len(set(numbers)) == len(numbers)
    spare = iter(SPARE)
    used: set[int] = set()
    for choice in choices:
        if choice.missing:
            code = MISSING_CODES[choice.missing]
            code = next(spare, code) if code in used else code
            used.add(code)
            yield choice.value, code
    for at, choice in enumerate(said, start=1):
        yield choice.value, int(choice.value) if whole else at


def _about(at: int) -> Callable[[Row], Value]:
    return lambda row: row.about[at]


def _words(column: Column) -> Callable[[Row], Value]:
    return lambda row: column.cell(row.answers, row.texts)


def _mark(column: Column) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        if column.name in row.texts:
            return 1
        return None if row.answers.get(column.question) is None else LEFT_BLANK_CODE

    return value


def _picked(column: Column) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        cell = column.cell(row.answers, row.texts)
        return float(cell) if cell.isdecimal() else LEFT_BLANK_CODE if cell else None

    return value


def _coded(column: Column, codes: Mapping[str, int]) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        answer = row.answers.get(column.question)
        if answer is None:
            return None
        if not answer:
            return LEFT_BLANK_CODE
        if not isinstance(answer, str):
            return None
        if answer in codes:
            return codes[answer]
        return float(answer) if answer.isdecimal() else None

    return value


def _name(wanted: str, taken: set[str]) -> str:
    """A name that SPSS takes: letters, digits, dots and underscores, a letter first; and that no other has."""
    plain = re.sub(r"[^A-Za-z0-9_.]", "_", wanted)[:LONGEST_NAME].rstrip("._") or "V"
    plain = plain if plain[0].isalpha() and plain.upper() not in RESERVED else f"V_{plain}"
    name, number = plain, 1
    while name.upper() in taken:
        number += 1
        name = f"{plain}_{number}"
    taken.add(name.upper())
    return name
