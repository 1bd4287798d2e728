"""Ask whether a person wants to take part. A "no" ends the survey kindly and stores nothing but a count."""

from __future__ import annotations

from collections.abc import Iterator

from feedback_app.definitions.survey import Choice, Question
from feedback_app.questions.asked import Answers, text_answer
from feedback_app.questions.single import Single

AGREES = "yes"


class Consent(Single):
    """Yes or no; the one question that must be answered."""

    name = "consent"
    keys = frozenset({"choices", "required"})
    needs = frozenset({"choices", "required"})

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        if AGREES not in {choice.value for choice in choices} or len(choices) < 2:
            yield "choices", f'a person agrees with "{AGREES}" and says no with any other. Give a choice of each.'


def declined(answers: Answers, consent: str) -> bool:
    """Whether the person said no."""
    return text_answer(answers, consent) not in {"", AGREES}
