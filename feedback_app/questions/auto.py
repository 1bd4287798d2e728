"""What the link tells, such as a class or a course: nobody is asked it, sees it or types it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from feedback_app.definitions.survey import Choice, Question
from feedback_app.questions.asked import Answer, Asked
from feedback_app.questions.single import Single


class Auto(Single):
    """No screen. Its answer is one of its choices, and comes with the address: `?in=QUESTION.VALUE`."""

    name = "auto"
    keys = frozenset({"choices", "also"})
    seen = False

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        if any(choice.other for choice in choices):
            yield "choices", "nobody sees this question, so no box can open."


def told_by_link(asked: Iterable[Asked], said: Iterable[str]) -> dict[str, Answer]:
    """The answers among what a link says (`QUESTION.VALUE`); whatever is not one of the choices is passed over."""
    autos = {one.id: one for one in asked if one.question.type == Auto.name}
    found: dict[str, Answer] = {}
    for words in said:
        name, _, value = words.partition(".")
        if name in autos and value in autos[name].values:
            found[name] = value
    return found


def told_by_itself(asked: Iterable[Asked]) -> dict[str, Answer]:
    """The answers that need no link: where a survey has one choice, as the form of one session of a course has."""
    autos = [one for one in asked if one.question.type == Auto.name]
    return {one.id: one.choices[0].value for one in autos if len(one.choices) == 1}
