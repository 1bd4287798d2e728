"""The same scale for several rows and two times, such as before and now: both answers side by side, a row a screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from wtforms import Form, RadioField

from feedback_app.definitions.survey import Choice, Question
from feedback_app.questions.asked import Answer, Answers, Asked, QuestionType, known, label_of, text_answer
from feedback_app.questions.scale import one_way

PAIR = ("first", "second")


class PairGrid(QuestionType):
    """Two groups of radio buttons for each row. Each answer is one of its own: `TF20.spot.before`, `TF20.spot.now`."""

    name = "pair-grid"
    keys = frozenset({"choices", "also", "rows", "columns"})
    needs = frozenset({"choices", "rows", "columns"})

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        if len(question.columns) != len(PAIR):
            yield "columns", f"there are {len(question.columns)} columns. Write two, such as before and now."
        yield from one_way(choices)
        for choice in choices:
            if choice.other:
                yield "choices", f'"{choice.value}" cannot open a box here. Ask in a question of the type "text".'

    def parts(self, asked: Asked) -> tuple[Asked, ...]:
        if asked.column:
            return (asked,)
        return tuple(replace(asked, column=column) for column in asked.question.columns)

    def fields(self, asked: Asked) -> dict[str, Any]:
        return {name: RadioField(choices=[], validate_choice=False, validators=[known(asked)]) for name in PAIR}

    def read(self, form: Form, asked: Asked) -> dict[str, Answer]:
        return {part.id: form[name].data or "" for name, part in zip(PAIR, self.parts(asked), strict=True)}

    def fill(self, asked: Asked, answers: Answers) -> dict[str, Answer]:
        return {name: text_answer(answers, part.id) for name, part in zip(PAIR, self.parts(asked), strict=True)}

    def shown(self, asked: Asked, answers: Answers) -> list[str]:
        given = {part: text_answer(answers, part.id) for part in self.parts(asked)}
        return [
            f"{part.column.label}: {label_of(part, value)}" for part, value in given.items() if part.column and value
        ]
