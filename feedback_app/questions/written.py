"""What numbers and dates share: digits of any script, and choices such as "not sure" that stand in their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms import Form, SelectMultipleField

from feedback_app.definitions.survey import Choice
from feedback_app.questions.asked import Answer, Answers, Asked, Trouble, known, label_of, text_answer
from feedback_app.questions.words import ONE_OR_OTHER

INSTEAD = "instead"
LONGEST = 9  # digits; no number that a survey asks for has more


def number_in(words: str) -> int | None:
    """The whole number that these digits say, in whichever script they are typed; None if there is anything else."""
    return int(words) if words.isdecimal() and len(words) <= LONGEST else None


def instead_field(asked: Asked) -> dict[str, Any]:
    """The tick boxes that stand in place of what is written. Boxes, because a radio button cannot be taken back."""
    if not asked.choices:
        return {}
    return {INSTEAD: SelectMultipleField(choices=[], validate_choice=False, validators=[known(asked)])}


def ticked(form: Form) -> list[str]:
    """What is ticked in place of what is written."""
    return list(dict.fromkeys(form[INSTEAD].data or [])) if INSTEAD in form else []


def clash(form: Form, *, written: bool) -> Trouble | None:
    """Written and ticked, or two boxes ticked: nobody could tell which of them is meant."""
    return Trouble(ONE_OR_OTHER) if len(ticked(form)) + written > 1 else None


def kept(asked: Asked, answers: Answers) -> tuple[str, dict[str, Answer]]:
    """The answer parted into what was written and what was ticked in its place."""
    answer = text_answer(answers, asked.id)
    if answer in asked.values:
        return "", {INSTEAD: [answer]}
    return answer, {INSTEAD: []}


def in_words(asked: Asked, answers: Answers, written: str) -> list[str]:
    """The answer for the check page: what was written, or the words of what was ticked."""
    answer = text_answer(answers, asked.id)
    return [label_of(asked, answer) if answer in asked.values else written] if answer else []


def only_missing(choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
    """What is wrong with choices that stand in place of something written: each must say why nothing is."""
    for choice in choices:
        if not choice.missing:
            yield "choices", f'"{choice.value}" needs "missing": it stands in place of an answer, so it must say why.'
        if choice.other:
            yield "choices", f'"{choice.value}" cannot open a box here. Ask in a question of the type "text".'
