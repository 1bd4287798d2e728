"""Ask whether a person wants to take part. A "no" ends the survey kindly and stores nothing but a count."""

from __future__ import annotations

from feedback_app.questions.asked import Answers, text_answer
from feedback_app.questions.single import Single

AGREES = "yes"


class Consent(Single):
    """Yes or no; the one question that must be answered."""

    name = "consent"
    keys = frozenset({"choices", "required"})
    needs = frozenset({"choices", "required"})


def declined(answers: Answers, consent: str) -> bool:
    """Whether the person said no."""
    return text_answer(answers, consent) not in {"", AGREES}
