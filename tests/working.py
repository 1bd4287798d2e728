"""Do jobs on a copy as a worker does, at a moment that the test sets."""

from __future__ import annotations

from datetime import datetime

from feedback_app.core.clock import FixedClock
from feedback_app.core.keys import KeyRing
from feedback_app.definitions.area import load_area
from feedback_app.jobs.bench import Bench
from feedback_app.jobs.running import run
from feedback_app.services import jobs
from feedback_app.services.editions import Editions
from feedback_app.services.jobs import Line
from feedback_app.services.screening import load_screens
from tests.factories import Copy


def bench_of(copy: Copy, moment: datetime, keys: KeyRing | None = None) -> Bench:
    """A worker's tools at a moment."""
    area = load_area(copy.settings.surveys, copy.settings.area)
    return Bench(
        copy.settings,
        keys or copy.keys,
        area,
        FixedClock(moment),
        copy.engine,
        Editions(area),
        load_screens(copy.settings.surveys),
    )


def work(copy: Copy, name: str, moment: datetime, keys: KeyRing | None = None) -> bool:
    """Do a job if it is due; tell whether it was done and went well."""
    return run(bench_of(copy, moment, keys), name)


def line(copy: Copy, name: str) -> Line:
    """How a job stands."""
    with copy.session() as session:
        return next(line for line in jobs.listed(session) if line.name == name)
