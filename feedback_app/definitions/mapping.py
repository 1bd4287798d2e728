"""What a mapping is: which column of a file from elsewhere answers which question (docs/importing.md).

Shape only. Whether it fits its survey and its file is found in `services/importing/fitting.py`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from feedback_app.core.errors import BadFile
from feedback_app.definitions.load import Source, read_source, shape
from feedback_app.definitions.survey import Ident, Part, Words

_INVISIBLE = dict.fromkeys(
    (0xAD, 0x200B, 0x2060, 0xFEFF)
)  # soft hyphen, zero-width space, word joiner, byte order mark
_PART_OF_DATE = re.compile(r"YYYY|YY|MMMM|MMM|MM|M|DD|D|hh|h|mm|ss|AM|[A-Za-z%]")
_AS_PYTHON_SAYS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%m",
    "DD": "%d",
    "D": "%d",
    "hh": "%H",
    "h": "%H",
    "mm": "%M",
    "ss": "%S",
    "AM": "%p",
    "T": "T",  # as in 2018-12-31T09:30:00Z
    "Z": "Z",
}


def matched(text: str) -> str:
    """Give the form in which headings and cells are compared, never kept: any run of white space is one space.

    Spreadsheets put spaces that do not break, and signs that do not show, where a person sees the same words.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return " ".join(plain.split())


def _day(given: Any) -> Any:
    try:
        return date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        raise ValueError(f'"{given}" is not a date; write it as 2018-12-31') from None


def _as_python_says(words: str) -> str:
    used = _PART_OF_DATE.findall(words)
    strange = [part for part in used if part not in _AS_PYTHON_SAYS]
    if strange:
        raise ValueError(f'"format" has "{strange[0]}", which is no part of a date; write it like DD/MM/YYYY hh:mm')
    if not ({"YYYY", "YY"} & set(used) and {"M", "MM", "MMM", "MMMM"} & set(used) and {"D", "DD"} & set(used)):
        raise ValueError('"format" needs a year (YYYY or YY), a month (MM) and a day (DD), such as DD/MM/YYYY')
    pattern = _PART_OF_DATE.sub(lambda found: _AS_PYTHON_SAYS[found[0]], words)
    return matched(pattern.replace("%H", "%I") if "AM" in used else pattern)


def _some(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


Day = Annotated[date, BeforeValidator(_day)]
OneOrMore = Annotated[tuple[str, ...], BeforeValidator(_some)]
Direction = Literal["+", "-", "~", ">", "0"]


class About(Part):
    """The collection that the answers come into."""

    id: Annotated[Ident, Field(max_length=80)]
    title: Words
    note: Words = Field(description="Where the answers come from, and under which licence they may be used.")


class Dated(Part):
    """When the answers were given: a column of dates, or one day for all. The time of day is never kept."""

    column: str = ""
    format: str = Field("", description="How the column writes a date, such as DD/MM/YYYY hh:mm.")
    fixed: Day | None = None
    because: str = Field("", description="Why one day stands for all.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.column) == bool(self.fixed):
            raise ValueError('"date" needs either "column" or "fixed"')
        if self.fixed and not self.because:
            raise ValueError('"date": a fixed day needs "because", for those who read the figures later')
        if self.column:
            _as_python_says(self.format)
        return self

    @property
    def pattern(self) -> str:
        """The format as `datetime.strptime` reads it."""
        return _as_python_says(self.format)


class Spoken(Part):
    """The language of the answers: one for all, or a column."""

    fixed: str = ""
    column: str = ""
    values: dict[str, str] = Field({}, description="What a cell says, to the code of a language.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.column) == bool(self.fixed):
            raise ValueError('"language" needs either "fixed" or "column"')
        return self


class Taken(Part):
    """Where the answer to one question stands. A cell that says the words of an option needs no line in `values`."""

    column: str = ""
    values: dict[str, str] = Field({}, description='What a cell says, to the value of an option; "" is blank.')
    split: str = Field("", description="For several answers in one cell: what stands between them.")
    columns: dict[str, str] = Field({}, description="For several answers: a column for each option.")
    ticked: OneOrMore = Field((), description="What a ticked cell says; if it is not said, any words tick it.")
    unticked: OneOrMore = Field((), description="What a cell that is not ticked says, beside nothing.")
    asked_on: str = Field("", description="The form that asked this: a blank on any other is not 'left blank'.")
    not_asked_on: str = Field("", description="The form that did not ask this.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.column) == bool(self.columns):
            raise ValueError('this needs either "column" or "columns"')
        if self.columns and (self.values or self.split):
            raise ValueError('"values" and "split" go with "column", not with "columns"')
        if self.column and (self.ticked or self.unticked):
            raise ValueError('"ticked" and "unticked" go with "columns", not with "column"')
        if self.asked_on and self.not_asked_on:
            raise ValueError('"asked_on" and "not_asked_on" do not go together')
        return self


class Leaning(Part):
    """Whether a coded comment says that something works, worries, or needs to change."""

    fixed: Direction | None = None
    column: str = ""
    values: dict[str, Direction] = Field({}, description="What a cell says, to a direction.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.column) == bool(self.fixed):
            raise ValueError('"direction" needs either "column" with "values", or "fixed"')
        return self


class Codes(Part):
    """Codes that people gave these comments before: they become decisions, under the name of who gave them."""

    text: str = Field(description="The question whose answers were coded.")
    codebook: str
    coder: Annotated[Words, Field(max_length=120)]
    direction: Leaning
    columns: dict[str, str] = Field({}, description="A column for each theme, to a code of ours.")
    ticked: OneOrMore = ()
    unticked: OneOrMore = ()
    column: str = Field("", description="Or: the column that names the one theme of a comment.")
    values: dict[str, str] = Field({}, description="What that column says, to a code of ours.")
    left_out: dict[str, OneOrMore] = Field({}, description="Why, and the themes with no honest counterpart of ours.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.column) == bool(self.columns):
            raise ValueError('"codes" needs either "columns", or "column" with "values"')
        if bool(self.column) != bool(self.values):
            raise ValueError('"codes": "column" and "values" go together')
        return self


class Mapping(Part):
    """A mapping: one file from elsewhere into one collection."""

    survey: Words = Field(description="What was really asked: a survey file beside this, or the name of one of ours.")
    collection: About
    date: Dated
    language: Spoken
    answers: Annotated[dict[str, Taken], Field(min_length=1)]
    codes: Codes | None = None
    forms: dict[str, OneOrMore] = Field(
        {}, description="Where a file mixes two forms of a survey: the columns of which any tells that a row is of it."
    )
    left_out: dict[str, OneOrMore] = Field({}, description="Why, and the columns that are not taken.")


def load_mapping(file: Path) -> tuple[Mapping, Source]:
    """Load a mapping file.

    Returns:
        the mapping, and its source, to tell the line of whatever does not fit.

    Raises:
        BadFile: every problem of the file, with its line.
    """
    source = read_source(file)
    mapping, problems = shape(source, Mapping)
    if mapping is None or problems:
        raise BadFile(problems)
    return mapping, source
