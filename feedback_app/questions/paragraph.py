"""Several lines of a person's own words. Sealed when they are sent; nobody reads them straight away."""

from __future__ import annotations

from typing import Any

from wtforms import Form

from feedback_app.questions.asked import Answer, Answers, Asked, QuestionType, text_answer
from feedback_app.questions.boxes import box, tidy

LONGEST = 1000


class Paragraph(QuestionType):
    """A large box. `max` sets the number of letters, 1,000 if it is not said."""

    name = "paragraph"
    keys = frozenset({"max", "analyse", "screen"})
    text = True

    def fields(self, asked: Asked) -> dict[str, Any]:
        return {"answer": box(asked.question.max or LONGEST)}

    def read(self, form: Form, asked: Asked) -> dict[str, Answer]:
        return {asked.id: tidy(form["answer"].data)}

    def fill(self, asked: Asked, answers: Answers) -> dict[str, Answer]:
        return {"answer": text_answer(answers, asked.id)}

    def shown(self, asked: Asked, answers: Answers) -> list[str]:
        own = text_answer(answers, asked.id)
        return [own] if own else []
