"""Whatever a person types is an answer: stored letter for letter and shown as it was typed, never run, never markup.

Blank space around the words is taken off, and nothing else is changed.
"""

from __future__ import annotations

import pytest
from markupsafe import escape
from sqlalchemy import select

from feedback_app.core.sealing import open_sealed
from feedback_app.services.collecting import place
from feedback_app.storage.models import AnswerText
from tests.factories import Copy, Respondent
from tests.hostile import HOSTILE
from tests.web.page import Page
from tests.web.someone import Someone, sent

BOXES = [
    # survey, what is picked beside it, the box, its stored name, the most letters it takes
    ("text", {}, "answer", "Q1", 20),
    ("paragraph", {}, "answer", "Q1", 1000),
    ("single", {"answer": "oth"}, "other", "Q1.other", 100),
    ("multi", {"answer": ["oth"]}, "other", "Q1.other", 100),
]
MARKUP = ("<script", "<img", "<svg", "<b>", "<!--", 'href="javascript')
Picked = dict[str, str | list[str]]


def opened(copy: Copy, person: Respondent, name: str) -> str:
    """What was stored of a free text, opened with the private key."""
    response, keys = sent(copy, person), copy.keys
    assert response
    with copy.session() as session:
        here = (AnswerText.response_id == response.id) & (AnswerText.field == name)
        row = session.scalars(select(AnswerText).where(here)).one()
        return open_sealed(keys.private[row.key_id], row.sealed, place(response.id, name, row.key_id))


def to_the_end(person: Respondent) -> Respondent:
    """Leave blank what can be left blank."""
    if person.at != "check":
        person.press(answer="yes" if person.survey == "single" else "")
    return person


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed)[:24])
@pytest.mark.parametrize(
    ("survey", "picked", "box", "name", "longest"), BOXES, ids=["text", "paragraph", "one", "many"]
)
def test__is_an_answer_like_any_other(
    open_copy: Copy, someone: Someone, survey: str, picked: Picked, box: str, name: str, longest: int, typed: str
) -> None:
    expected = typed.strip()
    person = someone(survey).press(**picked, **{box: typed})

    if len(expected) > longest:
        assert person.status == 422
        assert Page(person.page).typed[box] == typed
        return
    assert person.status == 200
    assert Page(to_the_end(person).open("Q1").page).typed[box] == expected

    person.open("check")
    assert str(escape(expected)) in person.page
    assert not [markup for markup in MARKUP if markup in person.page]
    assert opened(open_copy, person.send(), name) == expected


@pytest.mark.parametrize("typed", [typed for typed in HOSTILE if len(typed) <= 60], ids=lambda typed: ascii(typed)[:24])
def test__as_a_name_is_shown_as_typed_wherever_it_is_named(someone: Someone, typed: str) -> None:
    person = someone("piping").press(answer=typed).press()

    assert f'<label for="a"><bdi>{escape(typed.strip())}</bdi>, why' in person.page
    assert not [markup for markup in MARKUP if markup in person.page]
