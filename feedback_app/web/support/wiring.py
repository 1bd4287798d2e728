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

    @property
    def spoken(self) -> list[str]:
        """The languages that pages outside a survey offer: complete, and with approved words of help.

        The example area offers drafts too, and says so on every page.
        """
        found = self.interfaces.items()
        return [code for code, held in found if held.complete and (self.area.example or held.help == "approved")]


def wiring() -> Wiring:
    """The wiring of the application that serves this request."""
    wired: Wiring = current_app.extensions[NAME]
    return wired
