"""What is deleted by itself, at the day before, the day, and the day after; twice deletes nothing twice."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from feedback_app.core.clock import FixedClock
from feedback_app.services import audit, invitations, mail
from feedback_app.storage.models import AuditEvent, ClassSession, Draft, Invitation, Letter, Response, SealedBundle
from tests.factories import NOON, Copy, Respondent
from tests.integration.answering import Answering
from tests.integration.test_class_sessions import GOOD, receive, sealed, take_in
from tests.tablets import open_class
from tests.working import line, work

Copies = Callable[..., Copy]
DAY = timedelta(days=1)


def rows(copy: Copy, table: type) -> int:
    with copy.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def left(copy: Copy, table: type, *moments: datetime) -> list[int]:
    """How many rows are left after clearing at each moment, twice."""
    found = []
    for moment in moments:
        for _ in range(2):
            work(copy, "clearing", moment)
        found.append(rows(copy, table))
    return found


@pytest.mark.parametrize(
    "begun", [datetime(2026, 11, 25, 0, 1, tzinfo=UTC), datetime(2026, 11, 25, 23, 59, tzinfo=UTC)]
)
def test_a_draft_goes_when_the_day_after_its_own_is_over(on_both: Copies, begun: datetime) -> None:
    copy = on_both("text")
    person = Answering(copy, "text").begin(begun)

    assert person.find(begun + DAY), "for 24 hours the person can go on"
    assert person.find(begun + DAY + timedelta(minutes=1)) is None
    over = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
    assert left(copy, Draft, begun, over - timedelta(hours=1, minutes=1), over, over + DAY) == [1, 1, 0, 0]


def test_how_many_gave_up_is_told_to_nobody(on_both: Copies) -> None:
    copy = on_both("text")
    Answering(copy, "text").begin()

    assert left(copy, Draft, NOON + 3 * DAY) == [0]

    assert "1" not in line(copy, "clearing").said
    with copy.session() as session:
        assert not session.scalars(select(AuditEvent).where(AuditEvent.action == "retention.clear")).all()


def test_a_letter_is_empty_once_it_is_sent_and_its_mark_goes_after_a_year(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        for cause in ("sent", "waits"):
            due = NOON if cause == "sent" else NOON + 800 * DAY
            mail.write(
                session, copy.keys.server, cause, "t", to="a@b.example", subject="s", body="b", now=NOON, due=due
            )
    work(copy, "letters", NOON)

    assert left(copy, Letter, NOON + 364 * DAY, NOON + 365 * DAY, NOON + 366 * DAY) == [2, 2, 1]
    with copy.session() as session:
        (letter,) = session.scalars(select(Letter))
        assert letter.id == "waits", "what has not gone stays"


def test_letters_that_are_files_go_after_thirty_days(copy: Copies) -> None:
    made = copy("text")
    outbox = made.settings.instance / "outbox"
    outbox.mkdir()
    for name in ("one.eml", "not ours.txt"):
        (outbox / name).write_text("To: a@b.example")
        os.utime(outbox / name, (NOON.timestamp(), NOON.timestamp()))

    def held(moment: datetime) -> list[str]:
        work(made, "clearing", moment)
        return sorted(file.name for file in outbox.iterdir())

    assert held(NOON + 29 * DAY) == ["not ours.txt", "one.eml"]
    assert held(NOON + 30 * DAY) == ["not ours.txt", "one.eml"]
    assert held(NOON + 31 * DAY) == ["not ours.txt"]


def test_an_invitation_goes_thirty_days_after_it_ended(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        invitations.invite(
            session, copy.keys.server, "bo@b.example", {"coder"}, by="Ann", area="A", address="x", now=NOON
        )
    over = NOON + invitations.LASTS + 30 * DAY

    assert left(copy, Invitation, over - DAY, over, over + DAY) == [1, 1, 0]


def test_the_mark_of_a_bundle_goes_thirty_days_after_its_class_and_its_answer_stays(on_both: Copies) -> None:
    copy = on_both("ten_questions")
    opened = open_class(copy, "ten-questions", outreach=True)
    receive(copy, opened, sealed(copy, "ten-questions", GOOD))
    receive(copy, opened, sealed(copy, "ten-questions", {"Q1": [["answer", "77"]]}))
    take_in(copy)

    assert left(copy, SealedBundle, NOON + 29 * DAY, NOON + 30 * DAY, NOON + 31 * DAY) == [2, 2, 1]

    with copy.session() as session:
        (held,) = session.scalars(select(SealedBundle))
        assert held.trouble
        assert held.sealed, "what could not be stored is never deleted"
    assert rows(copy, Response) == 1
    assert rows(copy, ClassSession) == 1


def test_answers_and_the_log_stay_and_the_log_says_what_went(on_both: Copies) -> None:
    copy = on_both("text")
    Respondent(copy.app(), "text").start().press(answer="a").press(answer="b").send()
    with copy.session() as session, session.begin():
        invitations.invite(
            session, copy.keys.server, "bo@b.example", {"coder"}, by="Ann", area="A", address="x", now=NOON
        )
        before = audit.verify(session)

    work(copy, "clearing", NOON + 400 * DAY)
    work(copy, "clearing", NOON + 401 * DAY)

    assert rows(copy, Response) == 1
    with copy.session() as session:
        assert audit.verify(session) == before + 1
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert event
        assert (event.actor, event.action, event.detail) == ("the worker", "retention.clear", {"invitations": 1})


def test_begun_on_the_day_the_clocks_change(copy: Copies) -> None:
    """The last Sunday of October has 25 hours; drafts are counted in hours of no zone and lose none."""
    made = copy("text")
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    made.clock = FixedClock(night)
    person = Answering(made, "text")
    with made.session() as session, session.begin():
        from feedback_app.storage.models import Collection

        session.get_one(Collection, "text").opens_on = night.date()
    person.begin(night)

    assert person.find(night + DAY)
    assert left(made, Draft, night + DAY, night + 2 * DAY) == [1, 0]
