"""Ask for a month and a year in two small boxes. Stored as `2026-03`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from wtforms import Field, Form, StringField

from feedback_app.definitions.survey import Choice, Question
from feedback_app.questions.asked import Answer, Answers, Asked, QuestionType, Trouble, Troubled, text_answer
from feedback_app.questions.boxes import tidy
from feedback_app.questions.words import DAY_BETWEEN, MONTH_BETWEEN, NO_SUCH_DAY, WHOLE_DATE, YEAR_BETWEEN
from feedback_app.questions.written import (
    INSTEAD,
    clash,
    in_words,
    instead_field,
    kept,
    number_in,
    only_missing,
    ticked,
)

# By box, in the order people write them: the least, the most, and what to say when it is neither.
LIMITS = {"day": (1, 31, DAY_BETWEEN), "month": (1, 12, MONTH_BETWEEN), "year": (1900, 2100, YEAR_BETWEEN)}


class YearMonth(QuestionType):
    """Two small boxes. `choices` may stand in their place, such as "not sure"."""

    name = "year-month"
    keys = frozenset({"choices", "also"})
    written = True
    many = frozenset({INSTEAD})
    boxes: ClassVar[tuple[str, ...]] = ("month", "year")

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        yield from only_missing(choices)

    def fields(self, asked: Asked) -> dict[str, Any]:
        return {box: StringField(validators=[self._check]) for box in self.boxes} | instead_field(asked)

    def read(self, form: Form, asked: Asked) -> dict[str, Answer]:
        written = _written(form, self.boxes)
        if not any(written.values()):
            return {asked.id: "".join(ticked(form))}
        numbers = {box: number_in(words) or 0 for box, words in written.items()}
        return {asked.id: "-".join(f"{numbers[box]:02}" for box in reversed(self.boxes))}

    def fill(self, asked: Asked, answers: Answers) -> dict[str, Answer]:
        written, instead = kept(asked, answers)
        parts = written.split("-") if written else [""] * len(self.boxes)
        return {box: part.lstrip("0") for box, part in zip(reversed(self.boxes), parts, strict=True)} | instead

    def shown(self, asked: Asked, answers: Answers) -> list[str]:
        # In the order and the digits in which it was written, which need no language.
        written = text_answer(answers, asked.id).split("-")
        return in_words(asked, answers, "/".join(part.lstrip("0") for part in reversed(written)))

    def from_cell(self, asked: Asked, cell: str) -> str | None:
        parts = cell.split("-")
        if len(parts) != len(self.boxes) or [len(part) for part in parts] != [4, 2, 2][: len(parts)]:
            return None
        return None if _wrong(dict(zip(reversed(self.boxes), parts, strict=True))) else cell

    def _check(self, form: Form, field: Field) -> None:
        """Tell the first thing that is wrong, beside the box that it is about."""
        written = _written(form, self.boxes)
        both = clash(form, written=any(written.values()))
        found = (self.boxes[0], both) if both else _wrong(written)
        if found and found[0] == field.name:
            raise Troubled(found[1].text, found[1].number, found[1].most)


def _written(form: Form, boxes: tuple[str, ...]) -> dict[str, str]:
    return {box: tidy(form[box].data) for box in boxes}


def _wrong(written: dict[str, str]) -> tuple[str, Trouble] | None:
    if not any(written.values()):
        return None
    for box, words in written.items():
        least, most, say = LIMITS[box]
        number = number_in(words)
        if not words:
            return box, Trouble(WHOLE_DATE)
        if number is None or not least <= number <= most:
            return box, Trouble(say, least, most)
    numbers = {box: number_in(words) or 0 for box, words in written.items()}
    try:
        date(numbers["year"], numbers["month"], numbers.get("day", 1))
    except ValueError:
        return "day", Trouble(NO_SUCH_DAY)
    return None
