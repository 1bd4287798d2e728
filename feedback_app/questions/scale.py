"""A scale with words on every point, from positive to negative."""

from __future__ import annotations

from collections.abc import Iterator

from feedback_app.definitions.survey import Choice, Question
from feedback_app.questions.single import Single


class Scale(Single):
    """Radio buttons in a fixed order."""

    name = "scale"
    keys = frozenset({"choices", "also", "required"})

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        yield from one_way(choices)


def one_way(choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
    """What is wrong with a scale whose numbers go neither up nor down, or whose good answers are not at one end."""
    scale = [choice for choice in choices if choice.value.isdecimal() and not choice.missing]
    numbers = [int(choice.value) for choice in scale]
    if numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
        said = ", ".join(choice.value for choice in scale)
        yield "choices", f"its scale runs neither up nor down: {said}. Order its answers."
    good = [choice.positive for choice in scale]
    if good not in (sorted(good), sorted(good, reverse=True)):
        yield "choices", 'the "positive" answers of its scale are not side by side at one end.'
