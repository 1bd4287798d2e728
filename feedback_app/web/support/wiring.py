"""What an application was wired with, for views to reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from feedback_app.core.clock import Clock
from feedback_app.core.keys import KeyRing
from feedback_app.core.settings import Settings
from feedback_app.definitions.area import Area
from feedback_app.i18n.catalogues import Interface
from feedback_app.services.editions import Editions

NAME = "feedback"


@dataclass(frozen=True, slots=True)
class Wiring:
    """The parts of one running copy."""

    settings: Settings
    keys: KeyRing
    area: Area
    clock: Clock
    interfaces: Mapping[str, Interface]
    editions: Editions


def wiring() -> Wiring:
    """The wiring of the application that serves this request."""
    wired: Wiring = current_app.extensions[NAME]
    return wired
