"""Words to read, with nothing to answer."""

from __future__ import annotations

from feedback_app.questions.asked import QuestionType


class Info(QuestionType):
    """Text only."""

    name = "info"
    asks = False
