"""The work that runs by itself: when it is due, one at a time, failure and back-off, killed half-way, done once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text, update

from feedback_app.core.errors import FeedbackError
from feedback_app.jobs.bench import make_bench
from feedback_app.jobs.running import run
from feedback_app.jobs.works import WORKS
from feedback_app.services import audit, coding, home, jobs, mail
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.jobs import JOBS
from feedback_app.storage.locks import alone
from feedback_app.storage.models import AuditEvent, JobRun, Reading, Suggestion, Worker
from tests.factories import NOON, Copy, Respondent
from tests.integration.answering import Answering, counts
from tests.integration.test_at_once import at_once
from tests.integration.test_class_sessions import GOOD, receive, sealed, troubles
from tests.releasing import release_all
from tests.tablets import open_class
from tests.working import bench_of, line, work

Copies = Callable[..., Copy]
MINUTE = timedelta(minutes=1)
WORDS = "Nobody listens to us, they should listen more"


def due(copy: Copy, moment: datetime) -> set[str]:
    with copy.session() as session:
        return set(jobs.due(session, moment))


def with_comments(copies: Copies, number: int = 2) -> Copy:
    """A copy with comments that are released and that software has not read."""
    copy = copies("young-person")
    for _ in range(number):
        Answering(copy, "young-person").begin().keep(YP02="yes", YP91=WORDS).send()
    with copy.session() as session, session.begin():
        release_all(session)
    return copy


def readings(copy: Copy) -> tuple[int, int]:
    with copy.session() as session:
        found = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Reading, Suggestion)]
    return found[0], found[1]


def test_every_job_has_its_words_and_its_work() -> None:
    assert JOBS.keys() == WORKS.keys()
    assert all(job.title and job.does.endswith(".") and len(name) <= 40 for name, job in JOBS.items())


def test_each_job_is_due_at_first_and_then_when_its_time_has_come(on_both: Copies) -> None:
    copy = on_both("text")
    assert due(copy, NOON) == JOBS.keys()

    for name in JOBS:
        assert work(copy, name, NOON)

    assert due(copy, NOON) == set()
    for name, job in JOBS.items():
        assert name not in due(copy, NOON + job.every - timedelta(seconds=1))
        assert name in due(copy, NOON + job.every)
        assert line(copy, name).state == "done"


def test_what_is_not_due_any_more_is_not_done_again(on_both: Copies) -> None:
    copy = on_both("text")

    assert [work(copy, "clearing", NOON) for _ in range(3)] == [True, False, False]
    assert line(copy, "clearing").finished_at == NOON


def test_a_worker_that_was_off_makes_up_for_it_once(copy: Copies) -> None:
    made = copy("text")
    work(made, "clearing", NOON)

    late = NOON + timedelta(days=3)

    assert [work(made, "clearing", late), work(made, "clearing", late)] == [True, False]


def test_a_clock_that_was_a_day_ahead_stops_nothing(on_both: Copies) -> None:
    copy = on_both("text")
    for name in JOBS:
        work(copy, name, NOON + timedelta(days=1))

    assert due(copy, NOON) == JOBS.keys()


def test_somebody_can_have_it_run_now_and_the_log_says_who(on_both: Copies) -> None:
    copy = on_both("text")
    work(copy, "clearing", NOON)
    with copy.session() as session, session.begin():
        jobs.ask(session, "clearing", by="Ann", now=NOON + MINUTE)
        with pytest.raises(FeedbackError):
            jobs.ask(session, "no such work", by="Ann", now=NOON)

    assert "clearing" in due(copy, NOON + MINUTE)
    assert [work(copy, "clearing", NOON + 2 * MINUTE) for _ in range(2)] == [True, False]

    with copy.session() as session:
        assert jobs.asked(session) == []
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert event
        assert (event.actor, event.action, event.subject) == ("Ann", "job.ask", "clearing")


def test_one_at_a_time_in_all_processes(on_both: Copies) -> None:
    copy = on_both("text")

    with alone(copy.engine, "clearing") as mine:
        assert mine
        with alone(copy.engine, "clearing") as second, alone(copy.engine, "letters") as other:
            assert (second, other) == (False, True)
        assert not work(copy, "clearing", NOON)
        assert line(copy, "clearing").state == "waiting"

    assert work(copy, "clearing", NOON)


def test_five_workers_at_the_same_moment_do_it_once(on_both: Copies) -> None:
    copy = with_comments(on_both)
    gate = Barrier(5, timeout=20)

    def one() -> bool:
        bench = bench_of(copy, NOON)
        gate.wait()
        return run(bench, "comments")

    assert sorted(at_once([one] * 5)) == [False] * 4 + [True]
    assert readings(copy)[0] == 2


def test_new_comments_are_read_once_and_nobody_has_to_ask(on_both: Copies) -> None:
    copy = with_comments(on_both)

    for turn in range(3):
        assert work(copy, "comments", NOON + turn * timedelta(minutes=5))
        held = readings(copy)
        assert held[0] == 2
        assert held[1] >= 2, "a code is suggested for each"

    assert line(copy, "comments").said == "There was nothing to do."
    with copy.session() as session:
        read = session.scalars(select(AuditEvent).where(AuditEvent.action == "comments.analyse")).all()
        assert [(event.actor, event.detail) for event in read] == [("the worker", {"number": 2})]
        assert audit.verify(session)


def test_read_again_with_a_newer_codebook_what_was_decided_waits_for_nobody(on_both: Copies) -> None:
    copy = with_comments(on_both)
    work(copy, "comments", NOON)
    with copy.session() as session, session.begin():
        books = load_codebooks(copy.settings.surveys)
        ident, book = session.scalars(select(Reading.response_id)).first() or "", next(iter(books))
        given = {"choices": {"X-NONE": ""}, "refused": ("X-SAFE",)}
        coding.decide(session, books, book, (ident, "YP91"), by="Ann", now=NOON, **given)
        assert home.comments(session, NOON.date()) == 1
        session.execute(update(Reading).values(codebook_version="an older one"))

    work(copy, "comments", NOON + timedelta(minutes=5))

    with copy.session() as session:
        assert home.comments(session, NOON.date()) == 1
        assert session.get_one(Reading, (ident, "YP91")).codebook_version != "an older one"


def test_comments_that_no_codebook_is_for_are_no_work(copy: Copies) -> None:
    made = copy("text")
    Respondent(made.app(), "text").start().press(answer="a").press(answer="b").send()

    assert work(made, "comments", NOON)
    assert line(made, "comments").said == "There was nothing to do."


def test_what_tablets_sealed_is_stored_once_and_what_cannot_be_waits_quietly(on_both: Copies) -> None:
    copy = on_both("ten_questions")
    opened = open_class(copy, "ten-questions", outreach=True)
    receive(copy, opened, sealed(copy, "ten-questions", GOOD))
    receive(copy, opened, sealed(copy, "ten-questions", {"Q1": [["answer", "77"]]}))

    for turn in range(3):
        assert work(copy, "bundles", NOON + turn * timedelta(minutes=5))

    assert counts(copy)["response"] == 1
    assert troubles(copy) == ["Its answer to Q1 is not one that the survey takes."]
    with copy.session() as session:
        taken = session.scalars(select(AuditEvent).where(AuditEvent.action == "bundle.take_in")).all()
        assert [event.detail for event in taken] == [{"stored": 1, "said_no": 0, "troubled": 1}]


def test_what_fails_says_so_waits_longer_each_time_and_goes_on_when_it_can(
    on_both: Copies, caplog: pytest.LogCaptureFixture
) -> None:
    copy, moment, waits = with_comments(on_both, 1), NOON, []
    keyless = replace(copy.keys, private={})
    for _ in range(8):
        assert not work(copy, "comments", moment, keyless)
        assert not work(copy, "comments", moment, keyless), "it is not tried again at once"
        held = line(copy, "comments")
        assert held.due_at
        waits.append(int((held.due_at - moment).total_seconds() // 60))
        moment = held.due_at

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (held.state, held.tries) == ("failed", 8)
    assert held.trouble == f"The private key {copy.keys.key_id} is not here, so its comments cannot be read."
    assert readings(copy) == (0, 0)

    assert work(copy, "comments", moment)
    held = line(copy, "comments")
    assert (held.state, held.tries, held.trouble) == ("done", 0, "")
    assert held.failed_at
    assert readings(copy)[0] == 1
    assert WORDS not in caplog.text


def test_a_mistake_of_ours_is_told_without_its_words(copy: Copies, caplog: pytest.LogCaptureFixture) -> None:
    """What an unforeseen error says may be anything, so it is neither kept nor logged."""
    made = copy("text")
    canary = made.settings.instance / "outbox" / "Canary-Name.eml"
    canary.mkdir(parents=True)

    assert not work(made, "clearing", NOON + timedelta(days=365_0))

    held = line(made, "clearing")
    assert held.trouble.startswith("A mistake of ours: ")
    assert "retention.py" in held.trouble or "pathlib.py" in held.trouble
    assert "Canary" not in held.trouble + caplog.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_killed_half_way_it_is_done_again(on_both: Copies) -> None:
    """A process that is killed notes nothing and lets go of its lock: the row says running, and nobody runs it."""
    copy = with_comments(on_both)
    with copy.session() as session, session.begin():
        assert jobs.begin(session, "comments", NOON)
        jobs.note(session, "comments", 1, 2)
    held = line(copy, "comments")
    assert (held.state, held.done, held.total) == ("running", 1, 2)

    assert "comments" in due(copy, NOON + timedelta(seconds=1))
    assert work(copy, "comments", NOON + timedelta(seconds=1))

    assert line(copy, "comments").state == "done"
    assert readings(copy)[0] == 2


def test_letters_that_went_before_it_was_killed_do_not_go_again(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        for number in range(3):
            to, keys = f"{number}@council.example", copy.keys.server
            mail.write(session, keys, f"a/{number}", "test", to=to, subject="s", body="b", now=NOON)
    bench = bench_of(copy, NOON)
    with copy.session() as session:
        half_way = WORKS["letters"](bench, session)
        assert next(half_way) == (1, 3)
        session.commit()
        next(half_way)
        half_way.close()
        session.rollback()  # the second went out and was not noted: the one thing that mail cannot rule out

    assert work(copy, "letters", NOON)

    outbox = copy.settings.instance / "outbox"
    assert len(list(outbox.iterdir())) == 3, "the second has the same Message-ID both times"
    with copy.session() as session:
        assert mail.due(session, NOON + timedelta(days=1)) == []


def test_progress_is_seen_while_it_runs(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        jobs.begin(session, "comments", NOON)
        jobs.note(session, "comments", 500, 1200)
    held = line(copy, "comments")
    assert (held.done, held.total, held.seconds) == (500, 1200, None)
    with copy.session() as session, session.begin():
        jobs.finish(session, "comments", "x" * 500, NOON + timedelta(seconds=90))
    held = line(copy, "comments")
    assert (held.seconds, len(held.said)) == (90, 200)


def test_a_worker_is_missed_after_two_minutes(on_both: Copies) -> None:
    copy = on_both("text")

    def silent(moment: datetime) -> int | None:
        with copy.session() as session:
            return jobs.silent_minutes(session, moment)

    def beat(worker: str, moment: datetime) -> None:
        with copy.session() as session, session.begin():
            jobs.beat(session, worker, moment)

    assert silent(NOON) is None
    beat("one", NOON)
    beat("one", NOON + MINUTE)
    beat("two", NOON)
    assert [silent(NOON + minutes * MINUTE) for minutes in (1, 2, 3, 4, 61)] == [0, 0, 0, 3, 60]
    beat("three", NOON + timedelta(days=2))
    with copy.session() as session:
        assert jobs.last_seen(session) == NOON + timedelta(days=2)
        assert session.scalars(select(Worker.id)).all() == ["three"]


def test_the_public_face_and_an_old_database_have_no_worker(copy: Copies) -> None:
    made = copy("text")
    with pytest.raises(FeedbackError, match="where the staff pages are"):
        make_bench(made.settings.model_copy(update={"face": "public"}))
    with made.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(FeedbackError, match="feedback db upgrade"):
        make_bench(made.settings)


def test_a_job_that_is_no_more_does_no_harm(copy: Copies) -> None:
    made = copy("text")
    with made.session() as session, session.begin():
        session.add(JobRun(name="gone", due_at=NOON, state="running", asked_at=NOON))
        session.execute(update(JobRun).values(tries=1))
    assert due(made, NOON) == JOBS.keys()
    with made.session() as session:
        assert jobs.asked(session) == []
        assert [one.name for one in jobs.listed(session)] == list(JOBS)
