"""Ask where, from a list that the area's file holds. Never in own words: they could be an address."""

from __future__ import annotations

from collections.abc import Iterator

from feedback_app.definitions.survey import AREA_LIST, Choice, Question
from feedback_app.questions.single import Single


class Place(Single):
    """Radio buttons, or a list to open when there are many. `also` says "somewhere else" and "rather not say"."""

    name = "place"
    keys = frozenset({"choices", "also"})
    needs = frozenset({"choices", "also"})

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        if not (isinstance(question.choices, str) and question.choices.startswith(AREA_LIST)):
            yield "choices", 'places are of an area, so they stand in its file. Write choices: "area:LIST".'
        if any(choice.other for choice in choices):
            yield "also", "a place is never asked for in own words: they could be an address."
        if all(choice.missing for choice in question.also):
            yield "also", 'whoever lives in none of them needs an answer too. Add one such as "Somewhere else".'
        if not any(choice.missing == "prefer-not-to-say" for choice in choices):
            yield "also", "nobody has to say where. Add a choice with missing: prefer-not-to-say."
