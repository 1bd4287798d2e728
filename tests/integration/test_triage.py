"""The queue, on both databases: made with the response, read by people in time, closed by two where it matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import load_area
from feedback_app.services import audit, drills, exports, rota, triage
from feedback_app.services.editions import Editions
from feedback_app.services.reading import open_text, released_text
from feedback_app.services.rota import Rota
from feedback_app.services.triage import Choice, Opened, Taken, masking
from feedback_app.storage.models import (
    AnswerText,
    AuditEvent,
    Reading,
    Response,
    Triage,
    TriageAlert,
    TriageStep,
)
from feedback_app.storage.queries import triage as reads
from tests.factories import NOON, Copy, Respondent
from tests.integration.answering import Answering
from tests.integration.test_at_once import at_once
from tests.leads import HARM, OFFICE, PLAIN, add_leads, item, steps_told, text_row, write
from tests.releasing import release_all
from tests.working import work

Copies = Callable[..., Copy]
MINUTE = timedelta(minutes=1)


def opened(copy: Copy, ident: str, by: str = "Lea", now: datetime = NOON) -> Opened:
    with copy.session() as session, session.begin():
        editions = Editions(load_area(copy.settings.surveys, copy.settings.area))
        found = triage.read(session, copy.keys, editions, rota.current(session), ident, by=by, now=now)
    assert found
    return found


def decide(copy: Copy, ident: str, outcome: str = triage.RELEASE, by: str = "Lea", seen: int = 0, **said: str) -> bool:
    with copy.session() as session, session.begin():
        seen = seen or session.get_one(Triage, ident).revision
        choice = Choice(outcome, **said)
        return triage.decide(session, copy.keys, ident, seen, choice, by=by, now=NOON)


def exported(copy: Copy) -> list[str]:
    """What an export with words has of the second question."""
    with copy.session() as session:
        editions = Editions(load_area(copy.settings.surveys, copy.settings.area))
        sheet = exports.prepare(session, editions, "text", words=True)
        return sorted("".join(exports.lines(session, sheet, "jsonl", copy.keys)).splitlines())


def count(copy: Copy, model: type) -> int:
    with copy.session() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


# Made with the response


def test_every_text_is_in_the_queue_sealed_and_without_a_time(on_both: Copies) -> None:
    copy = on_both("text")
    Answering(copy, "text").begin().keep(Q1="a", Q2=HARM).send()

    with copy.session() as session:
        first, second = session.scalars(select(Triage).order_by(Triage.field))
        alerts = session.scalars(select(TriageAlert)).all()
        assert (first.band, second.band, first.state, second.state) == ("P2", "P1", "open", "open")
        assert (second.flagged, second.screened, second.failed, second.received_on) == (True, False, False, NOON.date())
        assert second.flags
        assert b"kill" not in second.flags
        assert (second.claimed_at, second.alerted_at, second.first_at) == (None, None, None)
        assert [(one.triage_id, one.step, one.told_at) for one in alerts] == [(second.id, 1, None)]
    why = opened(copy, second.id).why
    assert [(one.band, one.category, one.phrase) for one in why] == [("P1", "suicide", "kill myself")]


def test_five_posts_of_one_form_make_one_row_and_one_alert(on_both: Copies) -> None:
    copy = on_both("text")
    person = Answering(copy, "text").begin().keep(Q2=HARM)
    visit = person.visit

    at_once([lambda: person.send(replace(visit))] * 5)

    assert [count(copy, table) for table in (Response, AnswerText, Triage, TriageAlert)] == [1, 1, 1, 1]


def test_no_response_without_its_row_in_the_queue(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        session.execute(delete(Triage))
    person = Answering(copy, "text").begin().keep(Q2=HARM)
    with copy.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE triage RENAME TO elsewhere")

    with pytest.raises(DBAPIError):
        person.send()

    assert (count(copy, Response), count(copy, AnswerText)) == (0, 0)
    with copy.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO triage")
    person.send()
    assert [count(copy, table) for table in (Response, AnswerText, Triage)] == [1, 1, 1]


def test_without_a_screener_answers_come_in_and_go_to_the_top_of_the_second_band(
    on_both: Copies, caplog: pytest.LogCaptureFixture
) -> None:
    copy = on_both("text")
    (copy.settings.surveys / "concern" / "en.yaml").write_text("not: a list")
    write(copy)
    person = Respondent(copy.app(), "text").start().press(answer="a").press(answer=HARM).send()

    assert "cannot be used, so nothing is screened" in caplog.text
    assert person.receipt or person.at == "thanks"
    with copy.session() as session:
        rows = session.scalars(select(Triage).order_by(Triage.failed)).all()
        assert [(row.band, row.failed) for row in rows] == [("P2", False), ("P2", True), ("P2", True)]
        page = triage.page(session, Rota(), NOON)
        assert [one.failed for one in page.lines] == [True, True, False]
        assert HARM not in caplog.text


def test_the_order_is_band_then_age(on_both: Copies) -> None:
    copy = on_both("text")
    late, early, harm = write(copy), write(copy), write(copy, HARM)
    with copy.session() as session, session.begin():
        session.get_one(Triage, early).received_on = NOON.date() - timedelta(days=1)

    with copy.session() as session:
        assert [one.id for one in triage.page(session, Rota(), NOON).lines] == [harm, early, late]
        assert triage.next_open(session, NOON, by="Lea") == harm
        assert triage.next_open(session, NOON, by="Lea", band="P2") == early


# Reading and deciding


def test_every_reading_is_in_the_log_and_no_word_of_it(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy, HARM)
    found = opened(copy, ident)
    opened(copy, ident, "Sam")
    decide(copy, ident, triage.KNOWN, told="Front door", told_at="noon", reference="R1", note="Her name is Bea")

    assert (found.text, found.question, found.survey) == (HARM, "And what do you call it?", "One line")
    with copy.session() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("triage"))).all()
        said = [(one.actor, one.action, one.subject) for one in events if one.action != "triage.rota"]
        assert said == [
            ("Lea", "triage.acknowledge", ident),
            ("Lea", "triage.read", ident),
            ("Sam", "triage.read", ident),
            ("Lea", "triage.first", ident),
        ]
        for word in ("kill", "Bea", "Front door", "R1"):
            assert word not in str([one.detail for one in events])
        assert audit.verify(session)
        (step,) = session.scalars(select(TriageStep))
        assert step.sealed
        assert b"Bea" not in step.sealed


def test_release_makes_a_text_readable_and_nothing_else_does(on_both: Copies) -> None:
    copy = on_both("text")
    waits, free, concern = write(copy, "waits here"), write(copy, "free now"), write(copy, "a concern")
    assert all("not released" in row for row in exported(copy))

    assert decide(copy, free)
    assert decide(copy, concern, triage.UNKNOWN, note="Told the school in general words")

    rows = "\n".join(exported(copy))
    assert "free now" in rows
    assert "waits here" not in rows
    assert "a concern" not in rows
    assert rows.count("[text not released]") == 2
    assert [item(copy, one).state for one in (waits, free, concern)] == ["open", "released", "concern"]


def test_software_reads_only_what_is_released(on_both: Copies) -> None:
    copy = on_both("young-person")
    Answering(copy, "young-person").begin().keep(YP02="yes", YP91="They should listen to us").send()
    work(copy, "comments", NOON)
    assert count(copy, Reading) == 0

    with copy.session() as session, session.begin():
        release_all(session)
    work(copy, "comments", NOON + 6 * MINUTE)

    assert count(copy, Reading) == 1


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
    assert not decide(copy, ident, triage.RELEASE)
    assert not decide(copy, ident, triage.UNKNOWN, by="Sam", note="Told the school")
    assert "not released" in exported(copy)[0]

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
    decide(copy, ident)
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
    assert "[phone], says [name]" in exported(copy)[0]
    assert "07700" not in exported(copy)[0]


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
    assert "free now" not in exported(copy)[0]
    assert [one.note for one in opened(copy, ident).steps] == ["", "I pressed too soon"]


def test_what_is_open_is_never_deleted_whoever_tries(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy)
    for table in (Triage, AnswerText, Response):
        with pytest.raises(DBAPIError, match="nobody has read"), copy.session() as session, session.begin():
            session.execute(delete(table))

    decide(copy, ident)
    with copy.session() as session, session.begin():
        session.execute(delete(Response))
    assert (count(copy, Triage), count(copy, AnswerText)) == (0, 0)


def test_words_are_erased_everywhere_in_the_queue(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy, HARM)
    decide(copy, ident, triage.UNKNOWN, note="Told the school")
    decide(copy, ident, triage.UNKNOWN, by="Sam")
    with copy.session() as session, session.begin():
        triage.erase_words(session, item(copy, ident).response_id or "")

    found = opened(copy, ident)
    assert (found.why, [one.note for one in found.steps]) == ((), ["", ""])


# Drills and the rota


def test_a_drill_is_told_seen_and_in_no_figure(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        with pytest.raises(FeedbackError, match="nobody could be told"):
            drills.start(session, by="test", now=NOON)
        add_leads(session, "Lea", "Sam")
        ident = drills.start(session, by="test", now=NOON)
        with pytest.raises(FeedbackError, match="going on already"):
            drills.start(session, by="test", now=NOON)
    work(copy, "alerts", NOON)
    assert len(steps_told(copy, ident)) == 1
    with copy.session() as session:
        assert drills.last_passed(session) is None
    found = opened(copy, ident, now=NOON + 7 * MINUTE)
    assert "Nobody wrote this" in found.text
    assert decide(copy, ident, triage.DRILLED)

    with copy.session() as session:
        passed = drills.last_passed(session)
        assert passed
        assert (passed.by, passed.minutes) == ("Lea", 7)
        assert reads.figures(session, NOON.date(), NOON.date()) == reads.Figures(0, 0, 0)
        assert (reads.count_open(session), reads.missed(session)) == (0, 0)


def test_the_rota_is_ready_with_two_leads_that_can_be_told_and_hours(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        assert not rota.is_ready(session)
        lea, sam = add_leads(session, "Lea", "Sam")
        assert rota.is_ready(session)
        _keep(session, [lea.id])
        assert not rota.is_ready(session)
        with pytest.raises(FeedbackError, match="twice"):
            _keep(session, [lea.id, lea.id])
        with pytest.raises(FeedbackError, match="not a safeguarding lead"):
            _keep(session, [lea.id, 99])
        with pytest.raises(rota.Changed):
            rota.keep(session, 0, OFFICE, [], [sam.id], by="test", now=NOON)


def _keep(session: Session, people: list[int]) -> None:
    rota.keep(session, rota.current(session).number, OFFICE, [], people, by="test", now=NOON)
