"""What every question type is made of. Knows forms and answers; knows nothing of pages, storage or the web."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from wtforms import Field, Form
from wtforms.validators import ValidationError

from feedback_app.definitions.survey import Choice, Question, Row

Answer = str | list[str]
Answers = Mapping[str, Answer]
OTHER = "other"


def N_(text: str) -> str:  # noqa: N802 - the customary mark of a text to be translated
    """Mark a text for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with an answer, to be translated and shown beside its field. `number` fills `{number}`."""

    text: str
    number: int = 0


class Troubled(ValidationError):
    """Raised by our validators: carries a Trouble, never a library's stock English."""

    def __init__(self, text: str, number: int = 0) -> None:
        super().__init__(text)
        self.args = (Trouble(text, number),)


@dataclass(frozen=True)
class Asked:
    """One question as it is asked on one screen: with its choices, and its row if it is a grid."""

    question: Question
    choices: tuple[Choice, ...]
    row: Row | None = None

    @cached_property
    def id(self) -> str:
        """The answer's stable name: `YP10`, or `YP20.food` for a row."""
        return f"{self.question.id}.{self.row.id}" if self.row else self.question.id

    @cached_property
    def other_id(self) -> str:
        """The name of the person's own words beside a choice such as "something else"."""
        return f"{self.id}.{OTHER}"

    @cached_property
    def values(self) -> frozenset[str]:
        """The values that can be picked."""
        return frozenset(choice.value for choice in self.choices)

    @cached_property
    def opens_box(self) -> frozenset[str]:
        """The values that open a box for own words."""
        return frozenset(choice.value for choice in self.choices if choice.other)


class QuestionType:
    """A question type. Subclasses say what they allow and how an answer goes from form to store and back."""

    name: ClassVar[str]
    keys: ClassVar[frozenset[str]] = frozenset()
    needs: ClassVar[frozenset[str]] = frozenset()
    text: ClassVar[bool] = False  # the answer is the person's own words: sealed, screened, coded
    several: ClassVar[bool] = False  # a person may pick more than one
    asks: ClassVar[bool] = True  # False for information, which has no answer

    def fields(self, asked: Asked) -> dict[str, Any]:
        """The WTForms fields of one screen, by name."""
        return {}

    def read(self, form: Form, asked: Asked) -> dict[str, Answer]:
        """The answers in a valid form, by stable name. Left blank is an empty text or list, and is kept as that."""
        return {}

    def fill(self, asked: Asked, answers: Answers) -> dict[str, Answer]:
        """The form's values, by field name, for answers that were given before."""
        return {}

    def shown(self, asked: Asked, answers: Answers) -> list[str]:
        """The answer in the words the person saw, for the check page and for exports; nothing if blank."""
        return []


def label_of(asked: Asked, value: str) -> str:
    """The words of a value."""
    return next((choice.label for choice in asked.choices if choice.value == value), value)


def text_answer(answers: Answers, name: str) -> str:
    """An answer that is one text."""
    answer = answers.get(name, "")
    return answer if isinstance(answer, str) else ""


def list_answer(answers: Answers, name: str) -> list[str]:
    """An answer that is a list."""
    answer = answers.get(name, [])
    return answer if isinstance(answer, list) else []


Check = Callable[[Form, Field], None]


def known(asked: Asked) -> Check:
    """Refuse a value that this question does not offer: an option of another survey, or a forged one."""

    def check(form: Form, field: Field) -> None:
        given = field.data if isinstance(field.data, list) else [field.data] if field.data else []
        if any(value not in asked.values for value in given):
            raise Foreign

    return check


class Foreign(Exception):
    """A posted value that the page did not offer. No honest page sends it, so the whole post is refused."""
