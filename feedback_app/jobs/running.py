"""Run one job: alone of its name in all processes, committed step by step, its end or its failure noted."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from time import monotonic

from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.jobs.bench import Bench
from feedback_app.jobs.works import WORKS
from feedback_app.services import jobs
from feedback_app.storage.locks import alone

logger = logging.getLogger("feedback.jobs")
NOTED_EVERY = 2.0  # seconds


def run(bench: Bench, name: str) -> bool:
    """Run a job if it is due and nobody else runs it; tell whether it was run and went well."""
    with alone(bench.engine, name) as mine:
        if not mine:
            return False
        with Session(bench.engine) as session, session.begin():
            if not jobs.begin(session, name, bench.clock.now()):
                return False
        try:
            said = _work(bench, name)
        except Exception as error:  # whatever it is, it is noted, and tried again later
            logger.error("The job %s failed: %s", name, _where(error))
            with Session(bench.engine) as session, session.begin():
                jobs.fail(session, name, _told(error), bench.clock.now())
            return False
        with Session(bench.engine) as session, session.begin():
            jobs.finish(session, name, said, bench.clock.now())
        return True


def _work(bench: Bench, name: str) -> str:
    noted = monotonic()
    with Session(bench.engine) as session:
        work = WORKS[name](bench, session)
        while True:
            try:
                done, total = next(work)
            except StopIteration as end:
                session.commit()
                return str(end.value)
            session.commit()
            if monotonic() - noted > NOTED_EVERY:
                noted = monotonic()
                jobs.note(session, name, done, total)
                session.commit()


def _told(error: Exception) -> str:
    """What staff are told. Only our own messages are known to hold no word of anybody."""
    return str(error) if isinstance(error, FeedbackError) else f"A mistake of ours: {_where(error)}."


def _where(error: Exception) -> str:
    """The kind of an error and where it was, without its words."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}"
