"""The question types there are, one line each."""

from __future__ import annotations

from typing import Any

from wtforms import Form

from feedback_app.questions.asked import Asked, QuestionType
from feedback_app.questions.auto import Auto
from feedback_app.questions.consent import Consent
from feedback_app.questions.date import Date
from feedback_app.questions.grid import Grid
from feedback_app.questions.info import Info
from feedback_app.questions.multi import Multi
from feedback_app.questions.number import Number
from feedback_app.questions.pair_grid import PairGrid
from feedback_app.questions.paragraph import Paragraph
from feedback_app.questions.place import Place
from feedback_app.questions.rank import Rank
from feedback_app.questions.scale import Scale
from feedback_app.questions.single import Single
from feedback_app.questions.symbols import Symbols
from feedback_app.questions.text import Text
from feedback_app.questions.year_month import YearMonth

TYPES: dict[str, QuestionType] = {
    kind.name: kind
    for kind in (
        Info(),
        Consent(),
        Single(),
        Multi(),
        Scale(),
        Symbols(),
        Grid(),
        PairGrid(),
        Rank(),
        Number(),
        Date(),
        YearMonth(),
        Text(),
        Paragraph(),
        Place(),
        Auto(),
    )
}


def type_of(asked: Asked) -> QuestionType:
    """The type of a question."""
    return TYPES[asked.question.type]


def form_of(asked: Asked) -> type[Form]:
    """Make the form of one screen. Made once for each screen of a plan, not for each visit."""
    fields: dict[str, Any] = type_of(asked).fields(asked)
    return type("AnswerForm", (Form,), fields)
