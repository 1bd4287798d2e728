"""Ask for a whole number: digits of any script, within limits. Stored as plain digits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms import Field, Form, StringField

from feedback_app.definitions.survey import Choice, Question
from feedback_app.questions.asked import Answer, Answers, Asked, Check, QuestionType, Troubled, text_answer
from feedback_app.questions.boxes import tidy
from feedback_app.questions.words import NUMBER_BETWEEN
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

LEAST, MOST = 0, 999_999


class Number(QuestionType):
    """A small box for digits. `min` and `max` are its limits; `choices` may stand in its place, such as "not sure"."""

    name = "number"
    keys = frozenset({"min", "max", "choices", "also"})
    written = True
    many = frozenset({INSTEAD})

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        least, most = _limits(question)
        if least < 0 or most > MOST:
            yield "min" if least < 0 else "max", f"a number is from {LEAST} to {MOST:,}."
        elif least > most:
            yield "min", f'"min" is {least} and "max" is {most}, so no number fits.'
        yield from only_missing(choices)

    def fields(self, asked: Asked) -> dict[str, Any]:
        return {"answer": StringField(validators=[_within_limits(asked)]), **instead_field(asked)}

    def read(self, form: Form, asked: Asked) -> dict[str, Answer]:
        number = number_in(tidy(form["answer"].data))
        return {asked.id: str(number) if number is not None else "".join(ticked(form))}

    def fill(self, asked: Asked, answers: Answers) -> dict[str, Answer]:
        written, instead = kept(asked, answers)
        return {"answer": written, **instead}

    def shown(self, asked: Asked, answers: Answers) -> list[str]:
        return in_words(asked, answers, text_answer(answers, asked.id))

    def from_cell(self, asked: Asked, cell: str) -> str | None:
        least, most = _limits(asked.question)
        number = number_in(cell)
        return str(number) if number is not None and least <= number <= most else None


def _limits(question: Question) -> tuple[int, int]:
    return (
        LEAST if question.min is None else question.min,
        MOST if question.max is None else question.max,
    )


def _within_limits(asked: Asked) -> Check:
    least, most = _limits(asked.question)

    def check(form: Form, field: Field) -> None:
        words = tidy(field.data)
        if trouble := clash(form, written=bool(words)):
            raise Troubled(trouble.text)
        number = number_in(words)
        if words and (number is None or not least <= number <= most):
            raise Troubled(NUMBER_BETWEEN, least, most)

    return check
