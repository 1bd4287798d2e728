"""Notes by staff, on both databases: sealed, in collections of their own, coded like comments, never people."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import PROJECT
from feedback_app.definitions.area import load_area
from feedback_app.services import audit, exports, notes, reporting
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.editions import Editions
from feedback_app.services.notes import Changed, Draft
from feedback_app.storage.models import AnswerText, AuditEvent, Collection, Decision, Note, Reading, Response
from tests.factories import NOON, Copy
from tests.releasing import release_all, screens

TODAY = NOON.date()
WHO: dict[str, Any] = {"by": "Ann", "now": NOON}
FREE = Draft("group", TODAY, "Youth worker", "Youth Cabinet", "en", "note-young-person.NOTE", "They wait too long")


@dataclass
class Desk:
    """A copy at which somebody types notes in."""

    copy: Copy
    session: Session
    editions: Editions

    def write(self, draft: Draft = FREE, today: date = TODAY) -> str:
        return notes.write(self.session, self.copy.keys, screens(), self.editions, draft, today=today, **WHO)

    def change(self, number: str, seen: int, draft: Draft) -> None:
        notes.change(self.session, self.copy.keys, screens(), self.editions, number, seen, draft, today=TODAY, **WHO)

    def words(self, number: str) -> str:
        found = notes.reopen(self.session, self.copy.keys, number, **WHO)
        assert found
        return found[1]

    def code(self, number: str, code: str) -> None:
        """Decide as a coder would."""
        (row,) = self.session.scalars(select(AnswerText).where(AnswerText.response_id == number))
        about = {"decided_by": "Bea", "decided_at": NOON, "codebook": "voice", "codebook_version": "0.1"}
        decision = Decision(response_id=number, field=row.field, code=code, direction="-", verdict="accepted", **about)
        self.session.add(decision)
        self.session.flush()

    def count(self, model: type[Any]) -> int:
        return self.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def desk(on_both: Callable[..., Copy]) -> Any:
    copy = on_both("text")
    shutil.copytree(PROJECT / "surveys" / "codebooks", copy.settings.surveys / "codebooks")
    shutil.copy(PROJECT / "surveys" / "young-person.yaml", copy.settings.surveys)
    copy.publish()
    with copy.session() as session:
        yield Desk(copy, session, Editions(load_area(copy.settings.surveys, copy.settings.area)))
        session.rollback()


def test_a_note_is_a_sealed_comment_in_a_collection_of_its_own(desk: Desk) -> None:
    number = desk.write()
    response = desk.session.get(Response, number)
    assert response
    assert (response.way, response.received_on, response.answers) == ("noted", TODAY, {})
    held = desk.session.get(Collection, "noted-note-young-person")
    assert held
    assert (held.source, held.title) == ("noted", "Notes by staff: young people")
    (row,) = desk.session.scalars(select(AnswerText))
    assert b"wait" not in row.sealed
    assert desk.words(number) == "They wait too long"
    acts = [event for event in desk.session.scalars(select(AuditEvent)) if event.action.startswith("note.")]
    assert [event.action for event in acts] == ["note.write", "note.read"]
    assert "wait" not in str([event.detail for event in acts])
    assert audit.verify(desk.session) > 2


def test_a_note_can_answer_an_open_question_of_a_survey_that_was_asked(desk: Desk) -> None:
    keys = [one.key for one in notes.questions(desk.session, desk.editions)]
    assert keys[:4] == [f"note-{who}.NOTE" for who in notes.FREE]
    assert "young-person.YP91" in keys
    assert "text.Q1" not in keys  # nobody codes what it asks
    number = desk.write(replace(FREE, question="young-person.YP91"))
    line = notes.find(desk.session, number)
    assert line
    assert (line.collection, line.field) == ("noted-young-person", "YP91")


def test_a_collection_of_notes_is_open_from_its_first_note(desk: Desk) -> None:
    desk.write()
    number = desk.write(replace(FREE, heard_on=TODAY - timedelta(days=9)))
    held = desk.session.get(Collection, "noted-note-young-person")
    assert held
    desk.session.refresh(held)
    assert held.opens_on == TODAY - timedelta(days=9)
    desk.change(number, 1, replace(FREE, heard_on=TODAY - timedelta(days=20)))
    desk.session.refresh(held)
    assert held.opens_on == TODAY - timedelta(days=20)


def test_other_words_are_read_anew_and_coded_words_stay(desk: Desk) -> None:
    number = desk.write()
    reading = {
        "language": "en",
        "sentiment": "unsure",
        "unsure_why": "",
        "codebook": "voice",
        "codebook_version": "0.1",
    }
    desk.session.add(Reading(response_id=number, field="NOTE", read_on=TODAY, **reading))
    desk.session.flush()
    desk.change(number, 1, replace(FREE, kind="audit"))
    assert desk.count(Reading) == 1
    desk.change(number, 2, replace(FREE, words="Other words"))
    assert (desk.count(Reading), desk.words(number)) == (0, "Other words")
    desk.code(number, "G2")
    with pytest.raises(FeedbackError, match="decided the codes"):
        desk.change(number, 3, replace(FREE, words="Yet other words"))
    desk.session.rollback()


def test_the_second_of_two_is_told(desk: Desk) -> None:
    number = desk.write()
    desk.change(number, 1, replace(FREE, heard_by="Bea"))
    with pytest.raises(Changed, match="Ann changed this note"):
        desk.change(number, 1, replace(FREE, words="Mine"))
    with pytest.raises(Changed):
        notes.take_out(desk.session, number, 1, **WHO)
    assert desk.words(number) == "They wait too long"


def test_a_note_is_taken_out_with_its_words_and_codes(desk: Desk) -> None:
    number = desk.write()
    desk.code(number, "G2")
    with pytest.raises(FeedbackError, match="has not read these words yet"):
        notes.take_out(desk.session, number, 1, **WHO)
    release_all(desk.session)
    notes.take_out(desk.session, number, 1, **WHO)
    assert [desk.count(table) for table in (Note, Response, AnswerText, Decision)] == [0, 0, 0, 0]
    with pytest.raises(FeedbackError, match="not here any more"):
        notes.take_out(desk.session, number, 1, **WHO)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "rumour"}, "kind of note"),
        ({"heard_on": None}, "Write the day"),
        ({"heard_on": TODAY + timedelta(days=1)}, "after today"),
        ({"heard_on": date(1999, 12, 31)}, "before the year 2000"),
        ({"heard_by": ""}, "who heard it"),
        ({"heard_by": "x" * 121}, "who heard it"),
        ({"about": "Elsewhere"}, "no such group"),
        ({"language": "tlh"}, "language"),
        ({"question": "young-person.YP10"}, "Choose whose words"),
        ({"words": ""}, "Write what was said"),
        ({"words": "x" * (notes.LONGEST + 3)}, "3 letters too long"),
    ],
)
def test_what_is_not_whole_is_refused(desk: Desk, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(FeedbackError, match=said):
        desk.write(replace(FREE, **wrong))
    assert desk.count(Note) == 0


def test_the_longest_words_in_any_language_arrive(desk: Desk) -> None:
    words = "ن" * notes.LONGEST
    number = desk.write(replace(FREE, words=words, language="ckb"))
    assert desk.words(number) == words


def test_the_list_is_paged_searched_and_holds_no_word(desk: Desk) -> None:
    for number in range(53):
        day = TODAY - timedelta(days=number)
        desk.write(replace(FREE, kind="audit" if number % 2 else "group", heard_by=f"Worker {number}%", heard_on=day))
    first, last = notes.page(desk.session, 1), notes.page(desk.session, 99)
    assert (len(first.lines), first.pages, last.number, len(last.lines), last.total) == (50, 2, 2, 3, 53)
    assert first.lines[0].heard_by == "Worker 0%"
    assert notes.page(desk.session, 1, kind="audit").total == 26
    assert [line.heard_by for line in notes.page(desk.session, 1, search="worker 12%").lines] == ["Worker 12%"]
    assert "wait" not in str(first)


def test_notes_stand_apart_in_the_report_and_in_no_percentage(desk: Desk) -> None:
    numbers = [desk.write(replace(FREE, question="young-person.YP91", words=f"Note {n}")) for n in range(12)]
    for number in numbers:
        desk.code(number, "G2")
    books = load_codebooks(desk.copy.settings.surveys)
    found = reporting.find(desk.session, desk.editions.area, desk.editions, books, TODAY, TODAY, TODAY)
    assert found.participation
    assert [row.label for row in found.notes] == ["Notes by staff: Your life and safety"]
    assert "noted-young-person" not in [rate.row.id for rate in found.rates]
    assert not found.participation.part("total")
    assert not [figure for figure in found.key_figures if "comment" in figure.label]
    (theme,) = [one for one in found.comments if one.noted]
    assert theme.themes.trace.title == "Notes by staff: Your life and safety"
    assert {figure.percent for row in theme.themes.rows for figure in row.figures} == {None}
    assert "about 10 notes by staff, which are not people" in theme.words[0].lower()
    (line,) = theme.top("worried")
    assert line.raised_by == "in about 10 notes by staff"
    assert any("no percentage counts them" in notice for notice in found.notices)


def test_an_export_says_of_each_that_it_is_a_note(desk: Desk) -> None:
    desk.write(replace(FREE, heard_by="=Ann", kind="complaint"))
    out = io.StringIO()
    exports.export(desk.session, desk.editions, "noted-note-young-person", out, **WHO)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert (row["came by"], row["source type"], row["heard by"], row["group or service"]) == (
        "noted",
        "Complaint",
        "'=Ann",
        "Youth Cabinet",
    )
    assert row["NOTE: What was said"] == "[text given]"
