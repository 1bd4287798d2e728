"""What jobs work with: the settings, keys, area and database of this copy. Like a staff process, without its pages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from feedback_app.core.clock import Clock, SystemClock
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing, load_keys
from feedback_app.core.settings import Settings
from feedback_app.definitions.area import Area, load_area
from feedback_app.services.editions import Editions
from feedback_app.services.screening import Screens, load_screens
from feedback_app.storage import schema
from feedback_app.storage.db import make_engine

BY = "the worker"


@dataclass(frozen=True, slots=True)
class Bench:
    """The tools of one worker."""

    settings: Settings
    keys: KeyRing
    area: Area
    clock: Clock
    engine: Engine
    editions: Editions
    screens: Screens


def make_bench(settings: Settings, clock: Clock | None = None) -> Bench:
    """Lay out the tools.

    Raises:
        FeedbackError: this is the public face, there are no keys, or the database is not at the newest migration.
    """
    if settings.face == "public":
        raise FeedbackError("The worker reads what people wrote, so it belongs where the staff pages are, not here.")
    area, engine = load_area(settings.surveys, settings.area), make_engine(settings.database, settings.audit_head)
    if schema.current(engine) != schema.newest():
        raise FeedbackError("The database is not up to date. Bring it there with: feedback db upgrade")
    keys = load_keys(settings.keys, private=True)
    return Bench(settings, keys, area, clock or SystemClock(), engine, Editions(area), load_screens(settings.surveys))
