"""The process that does the jobs: huey's consumer on a queue of our own, which asks the database what is due.

What is due is not huey's crontab's to say: a worker that was off at two in the morning makes up for it at nine. The
queue holds names of jobs and nothing else, so losing it loses nothing.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from time import monotonic
from typing import Any
from uuid import uuid4

from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer, Scheduler
from huey.serializer import SignedSerializer
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.jobs.bench import Bench
from feedback_app.jobs.running import run
from feedback_app.services import jobs

logger = logging.getLogger("feedback.jobs")
LOOKS_EVERY = 5  # seconds
BEATS_EVERY = 30
# What was put in the queue and is still due is put in again: the worker that took it may be dead. What is due more
# often than that is put in as often as it is due.
AGAIN_AFTER = 60
THREADS = 2  # letters go out while comments are read
PATIENCE = 20  # seconds to end what was begun


def make_queue(bench: Bench) -> Huey:
    """The queue of the settings: a file, or Redis. Its messages are signed: nobody else can have work done.

    Raises:
        FeedbackError: Redis is set and its package is not here.
    """
    serializer = SignedSerializer(secret=bench.keys.server.derive("queue of jobs").hex())
    if not bench.settings.redis_url:
        file = str(bench.settings.instance / "jobs.db")
        return SqliteHuey("feedback", filename=file, results=False, serializer=serializer)
    try:
        return RedisHuey("feedback", url=bench.settings.redis_url, results=False, serializer=serializer)
    except Exception as error:
        raise FeedbackError(f"REDIS_URL cannot be used ({type(error).__name__}). Is the package redis here?") from None


def make_worker(bench: Bench, parent: int = 0) -> Consumer:
    """Make the worker.

    Args:
        parent: the process that it belongs to; without it the worker stops. 0 when it belongs to none.
    """
    queue = make_queue(bench)

    @queue.task(name="work")  # type: ignore[untyped-decorator]
    def work(name: str) -> None:
        run(bench, name)

    class Clockwork(_Clockwork):
        """This worker's scheduler."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.bench, self.put, self.parent = bench, work, parent

    class Worker(Consumer):  # type: ignore[misc]
        """This worker; both ways of stopping it let it end the step that it is at."""

        scheduler_class = Clockwork

        def start(self) -> None:
            self._set_signal_handlers()  # huey sets them last: until then a signal would end it out of order
            super().start()

        def _set_signal_handlers(self) -> None:
            self._signal_actions = {signal.SIGINT: (False, True), signal.SIGTERM: (False, True)}
            super()._set_signal_handlers()

    options = {"max_delay": 1.0, "scheduler_interval": LOOKS_EVERY, "shutdown_timeout": PATIENCE}
    return Worker(queue, workers=THREADS, worker_type="thread", **options)


class _Clockwork(Scheduler):  # type: ignore[misc]
    """Look into the database every few seconds: show that the worker is there, and put what is due in the queue."""

    periodic_task_seconds = LOOKS_EVERY
    bench: Bench
    put: Callable[[str], None]
    parent: int

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.ident, self.beaten, self.was_put = uuid4().hex, -float(BEATS_EVERY), dict[str, float]()

    def enqueue_periodic_tasks(self, now: object) -> None:
        """What huey calls at every look."""
        if self.parent and os.getppid() != self.parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        try:
            with Session(self.bench.engine) as session, session.begin():
                self._look(session)
        except (SQLAlchemyError, OSError) as error:  # the database is away; the next look may find it
            logger.error("The worker cannot reach the database: %s", type(error).__name__)

    def _look(self, session: Session) -> None:
        now, at = self.bench.clock.now(), monotonic()
        if at - self.beaten >= BEATS_EVERY:
            jobs.beat(session, self.ident, now)
            self.beaten = at
        wanted = jobs.asked(session)
        for name in jobs.due(session, now):
            since = at - self.was_put.get(name, -float(AGAIN_AFTER))
            if since >= min(AGAIN_AFTER, jobs.JOBS[name].every.total_seconds()) or (
                name in wanted and since >= LOOKS_EVERY
            ):
                self.put(name)
                self.was_put[name] = at
