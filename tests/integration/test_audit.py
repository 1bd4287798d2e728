"""The audit log is a chain: an event that was changed, taken out, moved or put in is found; on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from feedback_app.cli.database import bring_up
from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import Settings
from feedback_app.services import audit
from feedback_app.services.audit import BrokenChain
from feedback_app.storage import audit_head, schema
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import AuditEvent
from tests.factories import NOON, Copy, Respondent
from tests.integration.test_staff_command import feedback

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
    with logged.session() as session:
        assert audit.check(session, logged.settings.audit_head) == 11


def test_what_was_rolled_back_leaves_no_gap(logged: Copy) -> None:
    with logged.session() as session:
        audit.record(session, "Åsa", "comment.read", "x", NOON)
        session.rollback()
    with logged.session() as session, session.begin():
        audit.record(session, "Åsa", "comment.read", "y", NOON)

    assert verify(logged) == 7


@contextmanager
def past_the_file(copy: Copy) -> Iterator[Session]:
    """Write into the database as somebody would who has only that: their session knows no file."""
    engine = make_engine(copy.settings.database)
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()


def cut_off(session: Session) -> None:
    session.execute(delete(AuditEvent).where(AuditEvent.number > 4))


def put_in(session: Session) -> None:
    """A line at the end, with a seal that is right: whoever can write into the database can work it out."""
    forged = audit.record(session, "somebody else", "staff.add", "x", NOON)
    session.flush()
    assert forged.number == 7


def written_anew(session: Session) -> None:
    """The whole log once more, without its third event, every seal right."""
    kept = [(one.actor, one.action, one.subject) for one in session.scalars(select(AuditEvent)) if one.number != 3]
    session.execute(delete(AuditEvent))
    session.expire_all()
    for actor, action, subject in [*kept, ("x", "x.x", "x")]:
        audit.record(session, actor, action, subject, NOON)


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (cut_off, "The end of the audit log was cut off: events 5 to 6 are missing."),
        (put_in, "Something else than this software wrote into the audit log: event 7 is not its own."),
        (written_anew, "The audit log was written anew: event 6 is not the one that was written then."),
    ],
)
def test_what_was_done_at_the_end_is_found_by_the_head(
    logged: Copy, done: Callable[[Session], None], told: str
) -> None:
    file = logged.settings.audit_head
    with past_the_file(logged) as session:
        done(session)
    with logged.session() as session:
        audit.verify(session)  # the chain by itself is whole
        with pytest.raises(BrokenChain, match=re.escape(told)):
            audit.check(session, file)

    before = file.read_bytes()
    with logged.session() as session, session.begin():
        audit.record(session, "Åsa", "comment.read", "x", NOON)
    assert file.read_bytes() == before, "what does not fit stays as evidence"
    with logged.session() as session, pytest.raises(BrokenChain):
        audit.check(session, file)


def test_a_head_that_is_gone_or_changed_is_told(logged: Copy) -> None:
    file = logged.settings.audit_head
    kept = file.read_text()
    with logged.session() as session:
        for content, told in (("6 " + "f" * 64 + "\n", "written anew"), ("soup", "was changed"), ("", "is missing")):
            file.write_text(content)
            with pytest.raises(BrokenChain, match=told):
                audit.check(session, file)
        file.unlink()
        with pytest.raises(BrokenChain, match="is missing"):
            audit.check(session, file)
        file.write_text(kept)
        assert audit.check(session, file) == 6


def test_the_head_holds_wherever_the_machine_stops(logged: Copy) -> None:
    """Written down and then not committed: the file knows both ends, and the next event goes on from the right one."""
    file = logged.settings.audit_head
    with logged.session() as session:
        audit.record(session, "Åsa", "comment.read", "x", NOON)
        session.dispatch.before_commit(session)  # as far as a commit comes before the machine stops
        assert [number for number, _ in audit_head.read(file)] == [6, 7]
        session.rollback()
    with logged.session() as session, session.begin():
        assert audit.check(session, file) == 6
        audit.record(session, "Åsa", "comment.read", "y", NOON)
    with logged.session() as session:
        assert audit.check(session, file) == 7


def test_after_a_backup_was_put_back_the_log_goes_on_with_a_reason(logged: Copy) -> None:
    file = logged.settings.audit_head
    with past_the_file(logged) as session:
        cut_off(session)
    with logged.session() as session, pytest.raises(FeedbackError, match="Say why"):
        audit.accept(session, file, " ", by="admin", now=NOON)
    with logged.session() as session, session.begin():
        assert audit.accept(session, file, "The backup of 3 May", by="admin", now=NOON) == 4
    with logged.session() as session:
        assert audit.check(session, file) == 5
        last = session.get_one(AuditEvent, 5)
    assert (last.action, last.detail) == ("audit.accept", {"reason": "The backup of 3 May", "events": 4})


def test_a_broken_chain_is_accepted_for_no_reason(logged: Copy) -> None:
    with logged.session() as session:
        session.execute(update(AuditEvent).where(AuditEvent.number == 2).values(actor="x"))
        with pytest.raises(BrokenChain):
            audit.accept(session, logged.settings.audit_head, "It is fine", by="admin", now=NOON)


def test_a_log_that_is_older_than_its_head_gets_one_once(logged: Copy) -> None:
    file = logged.settings.audit_head
    file.unlink()
    with logged.session() as session, session.begin():
        audit.begin_head(session, file)
        assert audit.check(session, file) == 6
    before = file.read_bytes()
    with past_the_file(logged) as session:
        cut_off(session)
    with logged.session() as session, session.begin():
        audit.begin_head(session, file)
    assert file.read_bytes() == before, "a log that has a head keeps it"


def test_an_older_release_gets_a_head_when_it_is_brought_up(tmp_path: Path, database: str) -> None:
    settings = Settings(instance=tmp_path, database_url=database)
    engine = make_engine(settings.database)
    command.upgrade(schema._config(engine), "0002")
    with Session(engine) as session, session.begin():
        audit.record(session, "admin", "survey.publish", "x", NOON)
    assert not settings.audit_head.exists()
    bring_up(settings)
    bring_up(settings)
    with Session(engine) as session:
        assert audit.check(session, settings.audit_head) == 1
    engine.dispose()


def test_the_command_says_whether_the_log_is_whole(copy: Copies) -> None:
    made = copy("text")
    code, said = feedback(made, "audit", "verify")
    assert (code, said.splitlines()[0]) == (0, "The audit log is whole: 2 events.")
    assert said.splitlines()[1] == f"Its head is {made.settings.audit_head.read_text().splitlines()[-1]}."
    with past_the_file(made) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.number == 2))
    code, said = feedback(made, "audit", "verify")
    assert code == 1
    assert said.startswith("The end of the audit log was cut off: event 2 is missing.")
    assert feedback(made, "audit", "accept", "--reason", "A test")[0] == 0
    assert feedback(made, "audit", "verify")[0] == 0


def test_answering_leaves_no_line_in_the_log(on_both: Copies) -> None:
    """A line between two timed lines would tell when a child answered."""
    copy = on_both("text")
    before = verify(copy)
    Respondent(copy.app(), "text").start().press(answer="a").press(answer="b").send()

    assert verify(copy) == before
