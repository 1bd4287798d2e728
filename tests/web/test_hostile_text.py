"""Whatever a person types is an answer: stored letter for letter and shown as it was typed, never run, never markup.

Blank space around the words is taken off, and nothing else is changed. Where no words are asked for, the same texts are
refused with a page that says so, and nothing of them is kept.
"""

from __future__ import annotations

import pytest
from markupsafe import escape
from sqlalchemy import select

from feedback_app.core import tokens
from feedback_app.core.sealing import open_sealed
from feedback_app.questions.registry import TYPES
from feedback_app.services.collecting import place
from feedback_app.storage.models import AnswerText, Draft
from tests.factories import Copy, Respondent
from tests.hostile import HOSTILE
from tests.tiny import tiny_plan
from tests.web.page import Page
from tests.web.someone import Someone, sent

BOXES = [
    # survey, what is picked beside it, the box, its stored name, the most letters it takes
    ("text", {}, "answer", "Q1", 20),
    ("paragraph", {}, "answer", "Q1", 1000),
    ("single", {"answer": "oth"}, "other", "Q1.other", 100),
    ("multi", {"answer": ["oth"]}, "other", "Q1.other", 100),
]
MARKUP = ("<script>", "<img", "<svg", "<b>", "<!--", 'href="javascript')
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


PICKED = [
    # survey, screen, a field that takes one of the page's own values
    ("consent", "C1", "answer"),
    ("single", "Q1", "answer"),
    ("multi", "Q1", "answer"),
    ("scale", "Q1", "answer"),
    ("symbols", "Q1", "answer"),
    ("grid", "G1.street", "answer"),
    ("pair-grid", "G1.spot", "first"),
    ("pair-grid", "G1.spot", "second"),
    ("rank", "Q1", "first"),
    ("rank", "Q1", "second"),
    ("rank", "Q1", "third"),
    ("number", "Q1", "instead"),
    ("date", "Q1", "instead"),
    ("year-month", "Q1", "instead"),
    ("place", "Q1", "answer"),
    ("place", "Q2", "answer"),
]
WRITTEN = [
    # survey, screen, a field that takes digits
    ("number", "Q1", "answer"),
    ("date", "Q1", "day"),
    ("date", "Q1", "month"),
    ("date", "Q1", "year"),
    ("year-month", "Q1", "month"),
    ("year-month", "Q1", "year"),
]


def reached(someone: Someone, survey: str, screen: str) -> Respondent:
    person = someone(survey)
    while person.at != screen:
        person.press()
    return person


def draft(copy: Copy, person: Respondent) -> tuple[int, bytes]:
    """What is kept of an unfinished survey, as it lies in the database."""
    cookie = person.client.get_cookie("visit")
    assert cookie
    ident = tokens.Respondent(copy.keys.server, cookie.value, person.survey).draft_id
    with copy.session() as session:
        row = session.get_one(Draft, ident)
        return row.revision, row.locked


def whole(person: Respondent) -> Page:
    """A page of ours that shows nothing of what was posted as markup."""
    assert not [markup for markup in MARKUP if markup in person.page]
    page = Page(person.page)
    assert page.headings
    return page


@pytest.mark.parametrize(("survey", "screen", "field"), PICKED)
def test__is_no_answer_where_one_is_picked(
    open_copy: Copy, someone: Someone, survey: str, screen: str, field: str
) -> None:
    person = reached(someone, survey, screen)
    here, token, before = person.here, person.token, draft(open_copy, person)
    for typed in HOSTILE:
        if typed in tiny_plan(survey).screens[screen].asked.values:
            continue  # "no" is what a person says to consent
        person.here = here
        person.post({"token": token, "go": "next", field: typed})
        assert person.status == 400, typed
        assert whole(person).headings == ["We could not read that"]
    assert draft(open_copy, person) == before
    assert person.open(here).status == 200


@pytest.mark.parametrize(("survey", "screen", "field"), WRITTEN)
def test__is_no_number(open_copy: Copy, someone: Someone, survey: str, screen: str, field: str) -> None:
    person = reached(someone, survey, screen)
    here, token, before = person.here, person.token, draft(open_copy, person)
    for typed in HOSTILE:
        if survey == "number" and typed == "١٢٣":
            continue  # that is a number, and is kept as one
        person.here = here
        person.post({"token": token, "go": "next", field: typed})
        assert person.status == 422, typed
        page = whole(person)
        assert page.typed["answer" if survey == "number" else field] == typed
        assert page.title.startswith("Problem: ")
    assert draft(open_copy, person) == before


def test__every_field_of_every_type_was_tried() -> None:
    tried = {(survey, field) for survey, _, field in PICKED + WRITTEN} | {(box[0], box[2]) for box in BOXES}
    there = {
        (name, field)
        for name in TYPES
        for screen in tiny_plan(name).screens.values()
        if screen.type.name == name
        for field in screen.form()._fields
    }

    assert there == tried
