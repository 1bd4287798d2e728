"""The audit log is a chain: an event that was changed, taken out or moved is found; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import delete, select, update

from feedback_app.services import audit
from feedback_app.services.audit import BrokenChain
from feedback_app.storage.models import AuditEvent
from tests.factories import NOON, Copy, Respondent

Copies = Callable[..., Copy]


@pytest.fixture
def logged(on_both: Copies) -> Copy:
    """A copy whose log holds six events: what publishing wrote, and some of a person's."""
    copy = on_both("text")
    with copy.session() as session, session.begin():
        for number in range(4):
            audit.record(session, "Åsa", "comment.read", f"comment {number}", NOON, count=number, why="zażółć")
    return copy


def verify(copy: Copy) -> int:
    with copy.session() as session:
        return audit.verify(session)


def test_the_chain_verifies_and_each_event_names_the_one_before(logged: Copy) -> None:
    assert verify(logged) == 6
    with logged.session() as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()

    assert [event.number for event in events] == [1, 2, 3, 4, 5, 6]
    assert [event.previous for event in events] == [audit.FIRST, *(event.hash for event in events[:-1])]


CHANGES = [
    ("actor", "somebody else"),
    ("action", "comment.flag"),
    ("subject", "comment 9"),
    ("detail", {"count": 9, "why": "zażółć"}),
    ("at", NOON.replace(minute=1)),
    ("previous", "0" * 64),
    ("hash", "f" * 64),
]


def test_a_changed_event_is_found(logged: Copy) -> None:
    for field, value in CHANGES:
        with logged.session() as session:
            session.execute(update(AuditEvent).where(AuditEvent.number == 4).values({field: value}))
            with pytest.raises(BrokenChain, match="Event 4 of the audit log was changed"):
                audit.verify(session)
            session.rollback()

    assert verify(logged) == 6


def test_a_removed_event_is_found(logged: Copy) -> None:
    for number in (1, 4):
        with logged.session() as session:
            session.execute(delete(AuditEvent).where(AuditEvent.number == number))
            with pytest.raises(BrokenChain, match=f"Event {number} of the audit log is missing"):
                audit.verify(session)
            session.rollback()


def test_two_events_that_changed_places_are_found(logged: Copy) -> None:
    with logged.session() as session, session.begin():
        for old, new in ((3, 99), (4, 3), (99, 4)):
            session.execute(update(AuditEvent).where(AuditEvent.number == old).values(number=new))

    with pytest.raises(BrokenChain, match="Event 3 of the audit log was changed"):
        verify(logged)


def test_events_recorded_at_the_same_moment_stand_in_one_line(logged: Copy) -> None:
    gate = Barrier(5, timeout=20)

    def record(number: int) -> None:
        gate.wait()
        with logged.session() as session, session.begin():
            audit.record(session, f"person {number}", "comment.read", "x", NOON)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(record, range(5)))

    assert verify(logged) == 11


def test_what_was_rolled_back_leaves_no_gap(logged: Copy) -> None:
    with logged.session() as session:
        audit.record(session, "Åsa", "comment.read", "x", NOON)
        session.rollback()
    with logged.session() as session, session.begin():
        audit.record(session, "Åsa", "comment.read", "y", NOON)

    assert verify(logged) == 7


def test_answering_leaves_no_line_in_the_log(on_both: Copies) -> None:
    """A line between two timed lines would tell when a child answered."""
    copy = on_both("text")
    before = verify(copy)
    Respondent(copy.app(), "text").start().press(answer="a").press(answer="b").send()

    assert verify(copy) == before
