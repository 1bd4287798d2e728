"""Pick one drawing: radio buttons, each with a drawn symbol and its word. Never colour alone."""

from __future__ import annotations

from collections.abc import Iterator

from feedback_app.definitions.survey import Choice, Question
from feedback_app.questions.scale import Scale


class Symbols(Scale):
    """Radio buttons with drawings."""

    name = "symbols"
    keys = frozenset({"choices", "also", "required"})

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        yield from super().misfits(question, choices)
        for choice in choices:
            if not (choice.symbol or choice.missing):
                yield "choices", f'"{choice.value}" needs "symbol": here each answer is picked by its drawing.'
