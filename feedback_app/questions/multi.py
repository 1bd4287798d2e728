"""Pick several: tick boxes, with a limit, and with answers that stand alone such as "none of these"."""

from __future__ import annotations

from typing import Any

from wtforms import Field, Form, SelectMultipleField

from feedback_app.questions.asked import (
    OTHER,
    Answer,
    Answers,
    Asked,
    Check,
    QuestionType,
    Troubled,
    known,
    label_of,
    list_answer,
    text_answer,
)
from feedback_app.questions.boxes import box_beside, tidy
from feedback_app.questions.words import PICK_ALONE, PICK_AT_MOST


class Multi(QuestionType):
    """Tick boxes. `max_select` sets the most that can be ticked."""

    name = "multi"
    keys = frozenset({"choices", "also", "max_select", "picked_from", "random_order"})
    needs = frozenset({"choices"})
    several = True
    many = frozenset({"answer"})

    def fields(self, asked: Asked) -> dict[str, Any]:
        checks = [known(asked), _not_too_many(asked), _alone(asked)]
        fields: dict[str, Any] = {"answer": SelectMultipleField(choices=[], validate_choice=False, validators=checks)}
        if asked.opens_box:
            fields[OTHER] = box_beside(asked)
        return fields

    def read(self, form: Form, asked: Asked) -> dict[str, Answer]:
        picked = set(form["answer"].data or [])
        found: dict[str, Answer] = {asked.id: [choice.value for choice in asked.choices if choice.value in picked]}
        if asked.opens_box:
            found[asked.other_id] = tidy(form[OTHER].data) if picked & asked.opens_box else ""
        return found

    def fill(self, asked: Asked, answers: Answers) -> dict[str, Answer]:
        return {"answer": list_answer(answers, asked.id), OTHER: text_answer(answers, asked.other_id)}

    def shown(self, asked: Asked, answers: Answers) -> list[str]:
        picked = [label_of(asked, value) for value in list_answer(answers, asked.id)]
        own = text_answer(answers, asked.other_id)
        return [*picked, own] if own else picked


def _not_too_many(asked: Asked) -> Check:
    def check(form: Form, field: Field) -> None:
        most = asked.question.max_select
        if most and len(set(field.data or [])) > most:
            raise Troubled(PICK_AT_MOST, most)

    return check


def _alone(asked: Asked) -> Check:
    alone = frozenset(choice.value for choice in asked.choices if choice.exclusive or choice.missing)

    def check(form: Form, field: Field) -> None:
        picked = set(field.data or [])
        if len(picked) > 1 and picked & alone:
            raise Troubled(PICK_ALONE)

    return check
