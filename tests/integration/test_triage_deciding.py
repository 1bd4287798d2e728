"""Deciding on a text, on both databases: two people where it matters, masked copies, slips, and nothing deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from feedback_app.core.errors import FeedbackError
from feedback_app.services import triage
from feedback_app.services.reading import open_text, released_text
from feedback_app.services.triage import Choice, Taken, masking
from feedback_app.storage.models import AnswerText, Response, Triage, TriageStep
from tests.factories import NOON, Copy
from tests.leads import HARM, PLAIN, add_leads, decide, item, opened, steps_told, text_row, write
from tests.working import work

Copies = Callable[..., Copy]
MINUTE = timedelta(minutes=1)


def test_two_people_close_what_may_be_about_a_child_in_danger(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy, HARM)
    known = {"told": "Front door", "told_at": "noon", "reference": "R1"}
    with pytest.raises(FeedbackError, match="whom you told"):
        decide(copy, ident, triage.KNOWN, told="Front door")
    assert not decide(copy, ident, triage.KNOWN, **known)
    assert item(copy, ident).state == "open"
    with pytest.raises(FeedbackError, match="second person"):
        decide(copy, ident, triage.KNOWN, **known)

    assert decide(copy, ident, triage.KNOWN, by="Sam")

    held = item(copy, ident)
    assert (held.state, held.first_by, held.second_by) == ("concern", "Lea", "Sam")
    found = opened(copy, ident, "Kim")
    assert [(one.what, one.by, one.reference) for one in found.steps] == [
        ("concern-known", "Lea", "R1"),
        ("agreed", "Sam", ""),
    ]


def test_who_sees_it_differently_is_the_first_of_two_and_what_was_said_stays(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy, HARM)
    assert not decide(copy, ident, triage.RELEASE, reference="A saying")
    assert not decide(copy, ident, triage.UNKNOWN, by="Sam", note="Told the school", reference="R2")
    assert item(copy, ident).state == "open"

    assert decide(copy, ident, triage.UNKNOWN, by="Lea")

    assert (item(copy, ident).first_by, item(copy, ident).second_by) == ("Sam", "Lea")
    assert [one.what for one in opened(copy, ident).steps] == ["release", "concern-unknown", "agreed"]


def test_a_second_person_is_asked_for(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        _, sam = add_leads(session, "Lea", "Sam")
        number = str(sam.id)
    ident = write(copy, HARM)
    work(copy, "alerts", NOON)
    decide(copy, ident, reference="A saying")
    for turn in (1, 2):
        work(copy, "alerts", NOON + turn * MINUTE)

    assert [one for one in steps_told(copy, ident) if one[0] == "4"] == [("4", number)]


def test_two_at_once_the_second_is_told(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy)
    assert opened(copy, ident).held_by == ""
    found = opened(copy, ident, "Sam")
    assert found.held_by == "Lea"
    assert opened(copy, ident, "Sam", NOON + 31 * MINUTE).held_by == ""
    with copy.session() as session:
        assert triage.next_open(session, NOON, by="Kim") == ""

    assert decide(copy, ident, by="Sam", seen=found.line.revision)
    with pytest.raises(Taken, match="Sam decided on this text"):
        decide(copy, ident, triage.COMPLAINED, seen=found.line.revision)
    assert item(copy, ident).state == "released"


def test_masked_and_released_analysts_read_the_copy_and_the_source_stays(on_both: Copies) -> None:
    copy = on_both("text")
    words = "ring me on 07700 900123, says Bea"
    ident = write(copy, words)
    (spot,) = [one for one in masking.spots(words, "en", NOON.date()) if one.kind == "phone"]
    copy_of = masking.masked(words, "en", NOON.date(), [spot.key], "bea")
    with pytest.raises(FeedbackError, match="what to mask"):
        decide(copy, ident, triage.REDACT)

    assert decide(copy, ident, triage.REDACT, scrubbed=copy_of)

    row = text_row(copy, ident)
    assert (open_text(copy.keys, row), released_text(copy.keys, row)) == (words, "ring me on [phone], says [name]")


def test_what_was_typed_to_be_masked_has_to_stand_there() -> None:
    with pytest.raises(FeedbackError, match="does not stand"):
        masking.masked(PLAIN, "en", NOON.date(), [], "Wembley")
    with pytest.raises(FeedbackError, match="at least one"):
        masking.masked(PLAIN, "en", NOON.date(), ["0-4"], "")


def test_a_slip_is_put_back_and_nobody_reads_it_any_more(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy, "free now")
    decide(copy, ident)
    with copy.session() as session, session.begin():
        with pytest.raises(FeedbackError, match="why"):
            triage.put_back(session, copy.keys, ident, 2, "", by="Lea", now=NOON)
        triage.put_back(session, copy.keys, ident, 2, "I pressed too soon", by="Lea", now=NOON)

    assert item(copy, ident).state == "open"
    assert [one.note for one in opened(copy, ident).steps] == ["", "I pressed too soon"]


@pytest.mark.parametrize("outcome", [triage.RELEASE, triage.REDACT, triage.UNKNOWN, triage.COMPLAINED])
def test_what_may_be_about_a_child_in_danger_closes_with_a_reference(on_both: Copies, outcome: str) -> None:
    copy = on_both("text")
    ident, said = write(copy, HARM), {"note": "Told the school", "scrubbed": "x" if outcome == triage.REDACT else ""}
    with pytest.raises(FeedbackError, match="Write a reference"):
        decide(copy, ident, outcome, **said)
    assert not decide(copy, ident, outcome, reference="R7", **said)

    assert decide(copy, ident, outcome, by="Sam")

    assert [(one.by, one.reference) for one in opened(copy, ident).steps] == [("Lea", "R7"), ("Sam", "")]


def test_a_key_that_is_held_down_releases_nothing(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy)
    seen = opened(copy, ident).line.revision
    for quick in (timedelta(0), timedelta(milliseconds=990)):
        with copy.session() as session, pytest.raises(FeedbackError, match="quicker than anybody can read"):
            triage.decide(session, copy.keys, ident, seen, Choice(triage.RELEASE), by="Lea", now=NOON + quick)
    assert item(copy, ident).state == "open"

    with copy.session() as session, session.begin():
        triage.decide(
            session, copy.keys, ident, seen, Choice(triage.RELEASE), by="Lea", now=NOON + timedelta(seconds=1)
        )

    assert item(copy, ident).state == "released"


def test_what_was_left_open_comes_after_all_others_and_is_free_for_everybody(on_both: Copies) -> None:
    copy = on_both("text")
    first, second = sorted((write(copy), write(copy)))
    opened(copy, first)
    with copy.session() as session, session.begin():
        assert triage.next_open(session, NOON, by="Sam") == second
        triage.leave(session, first, by="Sam")  # it is not theirs
        assert triage.next_open(session, NOON, by="Sam") == second
        triage.leave(session, first, by="Lea")

    with copy.session() as session:
        assert triage.next_open(session, NOON, by="Sam") == first
        assert triage.next_open(session, NOON, by="Lea", left=[first]) == second
        assert triage.next_open(session, NOON, by="Lea", left=[first, second]) == ""


def test_a_text_that_does_not_open_says_why_and_shows_what_was_done(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy, HARM)
    with copy.session() as session, session.begin():
        triage.add_note(session, copy.keys, ident, "Ask Kim", by="Sam", now=NOON)
        session.execute(update(AnswerText).values(sealed=b"changed" * 20))

    found = opened(copy, ident)

    assert (found.text, found.why) == ("", ())
    assert "does not open: its sealed words were changed" in found.trouble
    assert [one.note for one in found.steps] == ["Ask Kim"]


def test_what_is_open_is_never_deleted_whoever_tries(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy)
    for table in (Triage, AnswerText, Response):
        with pytest.raises(DBAPIError, match="nobody has read"), copy.session() as session, session.begin():
            session.execute(delete(table))
    if copy.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="nobody has read"), copy.session() as session, session.begin():
            session.execute(text("TRUNCATE response CASCADE"))

    decide(copy, ident)
    with copy.session() as session, session.begin():
        session.execute(delete(Response))
    with copy.session() as session:
        assert [session.scalar(select(func.count()).select_from(one)) for one in (Triage, AnswerText, TriageStep)] == [
            0
        ] * 3


def test_what_was_done_is_only_ever_added_to_whoever_tries(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy)
    with copy.session() as session, session.begin():
        for note in ("Ask Kim", "Kim knows of it"):
            triage.add_note(session, copy.keys, ident, note, by="Sam", now=NOON)
    tries = (
        delete(TriageStep),
        update(TriageStep).values(done_by="Lea"),
        update(TriageStep).values(sealed=b"other words"),
        update(TriageStep).values(done_at=NOON + MINUTE),
    )
    for one in tries:
        with pytest.raises(DBAPIError, match="only ever added to"), copy.session() as session, session.begin():
            session.execute(one)

    assert [(one.by, one.note) for one in opened(copy, ident).steps] == [("Sam", "Ask Kim"), ("Sam", "Kim knows of it")]
