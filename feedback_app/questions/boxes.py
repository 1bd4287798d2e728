"""The box for a person's own words: its field and its length. Used by text questions and by "something else"."""

from __future__ import annotations

from wtforms import Field, Form, StringField
from wtforms.validators import StopValidation

from feedback_app.questions.asked import Asked, Check, Troubled
from feedback_app.questions.words import TOO_LONG

LONGEST_OTHER = 100


def box(longest: int) -> StringField:
    """A field for words. Spelling is never corrected and emoji are kept."""
    return StringField(validators=[_not_longer(longest)])


def box_beside(asked: Asked) -> StringField:
    """The field for words beside a choice. It is closed, and nothing in it matters, until that choice is picked."""
    return StringField(validators=[_open(asked), _not_longer(LONGEST_OTHER)])


def tidy(text: str | None) -> str:
    """The words as typed, without blank space around them; browsers send new lines as CR LF, we keep LF."""
    return (text or "").replace("\r\n", "\n").strip()


def _open(asked: Asked) -> Check:
    def check(form: Form, field: Field) -> None:
        given = form["answer"].data or []
        if asked.opens_box.isdisjoint([given] if isinstance(given, str) else given):
            raise StopValidation

    return check


def _not_longer(longest: int) -> Check:
    def check(form: Form, field: Field) -> None:
        if len(tidy(field.data)) > longest:
            raise Troubled(TOO_LONG, longest)

    return check
