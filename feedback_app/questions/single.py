"""Pick one: radio buttons, one of which may open a box for own words."""

from __future__ import annotations

from typing import Any

from wtforms import Field as AnyField
from wtforms import Form, RadioField

from feedback_app.questions.asked import (
    OTHER,
    Answer,
    Answers,
    Asked,
    QuestionType,
    Troubled,
    known,
    label_of,
    text_answer,
)
from feedback_app.questions.boxes import box_beside, tidy
from feedback_app.questions.words import PICK_ONE


class Single(QuestionType):
    """Radio buttons."""

    name = "single"
    keys = frozenset({"choices", "also", "required", "random_order", "feedback"})
    needs = frozenset({"choices"})

    def fields(self, asked: Asked) -> dict[str, Any]:
        checks = [known(asked), *([_picked] if asked.question.required else [])]
        fields: dict[str, Any] = {"answer": RadioField(choices=[], validate_choice=False, validators=checks)}
        if asked.opens_box:
            fields[OTHER] = box_beside(asked)
        return fields

    def read(self, form: Form, asked: Asked) -> dict[str, Answer]:
        answer = form["answer"].data or ""
        found: dict[str, Answer] = {asked.id: answer}
        if asked.opens_box:
            found[asked.other_id] = tidy(form[OTHER].data) if answer in asked.opens_box else ""
        return found

    def fill(self, asked: Asked, answers: Answers) -> dict[str, Answer]:
        return {"answer": text_answer(answers, asked.id), OTHER: text_answer(answers, asked.other_id)}

    def shown(self, asked: Asked, answers: Answers) -> list[str]:
        value = text_answer(answers, asked.id)
        own = text_answer(answers, asked.other_id)
        return [part for part in (label_of(asked, value) if value else "", own) if part]


def _picked(form: Form, field: AnyField) -> None:
    if not field.data:
        raise Troubled(PICK_ONE)
