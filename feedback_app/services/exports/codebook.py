"""Explain an export: for each column its question, words, type, values and missing values, and its name in SPSS."""

from __future__ import annotations

from collections.abc import Iterator

from feedback_app.services.exports.columns import GIVEN, LEFT_BLANK, NOT_PICKED, PICKED, Column
from feedback_app.services.exports.sheet import Sheet
from feedback_app.services.exports.variables import Variable, variables_of

HEADINGS = (
    "column",
    "question",
    "words",
    "type",
    "values",
    "missing values",
    "SPSS name",
    "SPSS values",
    "SPSS missing values",
    "note",
)
MISSING = {"not-sure": "not sure", "prefer-not-to-say": "prefer not to say", "not-applicable": "does not apply"}
NOT_ASKED = "an empty cell: not asked"
NEVER = "Never published, not even as a count."


def table(sheet: Sheet) -> Iterator[list[str]]:
    """The codebook, its headings first."""
    variables = {variable.column: variable for variable in variables_of(sheet, {})}
    yield list(HEADINGS)
    for name, means in sheet.fixed:
        yield [name, "", means, "", "", "", variables[name].name, "", "", ""]
    for column in sheet.columns:
        yield _line(column, variables.get(column.name))


def _line(column: Column, variable: Variable | None) -> list[str]:
    coded = [f"{code} = {words}" for code, words in variable.labels.items()] if variable else []
    return [
        column.name,
        column.question,
        column.words,
        f"{column.type}: {_KINDS[column.kind]}",
        "; ".join(_values(column)),
        "; ".join(
            [*(f"{c.value} = {c.label} ({MISSING[c.missing]})" for c in column.choices if c.missing), *_blank(column)]
        ),
        variable.name if variable else "",
        "; ".join(one for one in coded if not one.startswith("-")),
        "; ".join([*(one for one in coded if one.startswith("-")), "no number = not asked"]) if coded else "",
        "" if column.published else NEVER,
    ]


_KINDS = {
    "one": "one answer",
    "several": "several answers, in one cell",
    "option": "one option of several",
    "place": "the place that one option was given",
    "written": "a number or a date, year-month-day",
    "text": "their own words",
}


def _values(column: Column) -> Iterator[str]:
    match column.kind:
        case "option":
            yield f"{PICKED} = picked"
            yield f"{NOT_PICKED} = not picked"
        case "place":
            yield f"1 = first; {NOT_PICKED} = not among them"
        case "text":
            yield f"{GIVEN} where words were given and are not in this file"
        case _:
            yield from (f"{choice.value} = {choice.label}" for choice in column.choices if not choice.missing)


def _blank(column: Column) -> list[str]:
    return [LEFT_BLANK, NOT_ASKED] if column.kind != "text" else [f"{LEFT_BLANK} (a box of its own)", NOT_ASKED]
