"""Open collections in tests, as staff do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from feedback_app.definitions.area import load_area
from feedback_app.i18n.catalogues import Interface, load_interface
from feedback_app.i18n.locales import LOCALES
from feedback_app.services import openings, registers
from feedback_app.services.collections import Held
from feedback_app.services.editions import Editions
from feedback_app.services.openings import Asked, Doer, Terms
from feedback_app.services.registers import Draft, Entry
from tests.factories import NOON, Copy

TODAY = NOON.date()
ANN = Doer("Ann", NOON, TODAY)


@dataclass
class Office:
    """Somebody who opens collections of a copy."""

    copy: Copy

    def __post_init__(self) -> None:
        settings = self.copy.settings
        self.editions = Editions(load_area(settings.surveys, settings.area))
        fallbacks = self.editions.area.fallbacks
        self.interfaces: dict[str, Interface] = {
            code: load_interface(settings.translations, code, fallbacks) for code in LOCALES
        }

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that is kept."""
        with self.copy.session() as session, session.begin():
            yield session

    def place(self, name: str = "Oak School", **more: Any) -> Entry:
        """A place in the register."""
        with self.session() as session:
            return registers.add(session, "place", Draft(name, **more), by="Ann", now=NOON)

    def open(self, survey: str, to: Entry | None = None, *, doer: Doer = ANN, event: str = "", **terms: Any) -> Held:
        """Open a survey to a place, or for an event."""
        given = Terms(**{"opens_on": TODAY, "closes_on": None} | terms)
        with self.session() as session:
            asked = Asked(survey, given, to.id if to else None, event)
            return openings.open_one(session, asked, self.editions, self.interfaces, doer)

    def close(self, one: Held, doer: Doer = ANN) -> Held:
        """Close one by hand."""
        with self.session() as session:
            return openings.close(session, one.id, one.revision, doer)

    def leave_out(self, one: Held, *parts: str, why: str = "The head asked.") -> Held:
        """Leave parts out of one."""
        with self.session() as session:
            return openings.leave_out(session, one.id, one.revision, parts, why, self.editions, ANN)


def on(day: date) -> Doer:
    """Ann on another day."""
    return Doer("Ann", NOON, day)
