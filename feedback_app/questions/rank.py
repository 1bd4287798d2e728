"""First, second and third: three lists to choose from, which need no dragging."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from wtforms import Field, Form, SelectField

from feedback_app.questions.asked import Answer, Answers, Asked, QuestionType, Troubled, known, label_of, list_answer
from feedback_app.questions.words import RANK_IN_ORDER, RANK_ONCE

PLACES = ("first", "second", "third")


class Rank(QuestionType):
    """Three places; later ones may stay empty."""

    name = "rank"
    keys = frozenset({"choices", "random_order"})
    needs = frozenset({"choices"})
    several = True

    def fields(self, asked: Asked) -> dict[str, Any]:
        checks = [known(asked), _each_once, _in_order]
        return {place: SelectField(choices=[], validate_choice=False, validators=checks) for place in PLACES}

    def read(self, form: Form, asked: Asked) -> dict[str, Answer]:
        return {asked.id: [form[place].data for place in PLACES if form[place].data]}

    def fill(self, asked: Asked, answers: Answers) -> dict[str, Answer]:
        given = list_answer(answers, asked.id)
        return dict(zip(PLACES, [*given, "", "", ""], strict=False))

    def shown(self, asked: Asked, answers: Answers) -> list[str]:
        return [label_of(asked, value) for value in list_answer(answers, asked.id)]


def _each_once(form: Form, field: Field) -> None:
    at = PLACES.index(field.name)
    if field.data and field.data in [form[place].data for place in PLACES[:at]]:
        raise Troubled(RANK_ONCE)


def _in_order(form: Form, field: Field) -> None:
    for earlier, later in pairwise(PLACES):
        if field.name == later and field.data and not form[earlier].data:
            raise Troubled(RANK_IN_ORDER)
