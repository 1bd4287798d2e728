"""What every question type is made of. Knows forms and answers; knows nothing of pages, storage or the web."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from wtforms import Field, Form
from wtforms.validators import ValidationError

from feedback_app.definitions.survey import Choice, Column, Question, Row

Answer = str | list[str]
Answers = Mapping[str, Answer]
Counted = tuple[str, str]  # a text for one and for more
OTHER = "other"


def N_(text: str) -> str:  # noqa: N802 - the customary mark of a text to be translated
    """Mark a text for translation; it is translated where it is shown."""
    return text


def NN_(singular: str, plural: str) -> Counted:  # noqa: N802 - as above
    """Mark a text that counts `{number}` of something for translation into each plural that a language has."""
    return singular, plural


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with an answer, to be translated and shown beside its field, with its numbers filled in."""

    text: str | Counted
    number: int = 0
    most: int = 0


class Troubled(ValidationError):
    """Raised by our validators: carries a Trouble, never a library's stock English."""

    def __init__(self, text: str | Counted, number: int = 0, most: int = 0) -> None:
        super().__init__()
        self.args = (Trouble(text, number, most),)


@dataclass(frozen=True)
class Asked:
    """One question as it is asked on one screen: with its choices, its row if it has any, its column if it has two."""

    question: Question
    choices: tuple[Choice, ...]
    row: Row | None = None
    column: Column | None = None

    @cached_property
    def id(self) -> str:
        """The answer's stable name: `YP10`, `YP20.food` for a row, `TF20.spot.before` for a row of a pair grid."""
        return ".".join([self.question.id, *(part.id for part in (self.row, self.column) if part)])

    @cached_property
    def words(self) -> str:
        """The question in words, for tables: with its row, and with its column in brackets."""
        words = f"{self.question.label} {self.row.label}" if self.row else self.question.label
        return f"{words} ({self.column.label})" if self.column else words

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
    seen: ClassVar[bool] = True  # False for what the link tells, which nobody is asked
    written: ClassVar[bool] = False  # the answer is a number or a date: written, and no words; not counted in tables
    many: ClassVar[frozenset[str]] = frozenset()  # the fields of which a page may send several

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        """What is wrong with a question of this type in a survey file: the key, and a sentence that says what to do."""
        yield from ()

    def parts(self, asked: Asked) -> tuple[Asked, ...]:
        """What one screen asks: one thing, or as many as it has columns."""
        return (asked,)

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

    def from_cell(self, asked: Asked, cell: str) -> str | None:
        """A written answer as a file from elsewhere has it, in the form it is stored in; None if it is none."""
        return None


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
