"""The queue, on both databases: made with the response, read by people in time, closed by two where it matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import PROJECT
from feedback_app.services import audit, bank_holidays, drills, rota, triage
from feedback_app.services.rota import Rota
from feedback_app.storage.models import AnswerText, AuditEvent, Response, Triage, TriageAlert, TriageStep
from feedback_app.storage.queries import triage as reads
from tests.factories import NOON, Copy, Respondent
from tests.integration.answering import Answering
from tests.integration.test_at_once import at_once
from tests.leads import HARM, OFFICE, add_leads, decide, opened, steps_told, write
from tests.working import work

Copies = Callable[..., Copy]
MINUTE = timedelta(minutes=1)


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


# Reading


def test_nothing_is_shown_when_the_reading_cannot_be_written_down(on_both: Copies) -> None:
    copy = on_both("text")
    ident = write(copy, HARM)
    with copy.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_event RENAME TO elsewhere")

    with pytest.raises(DBAPIError):
        opened(copy, ident)


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


def test_bank_holidays_are_data_of_the_coming_years_and_no_weekend() -> None:
    known = bank_holidays.load(PROJECT / "surveys")
    by_year = {year: [one for one in known if one.day.year == year] for year in (2026, 2027, 2028)}
    assert [len(some) for some in by_year.values()] == [8, 8, 8]
    assert all(one.day.weekday() < 5 and one.name for one in known)
    assert bank_holidays.load(PROJECT / "tests") == ()
