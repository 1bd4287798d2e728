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
from feedback_app.services.recordings import Recordings
from feedback_app.services.screening import Screens

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
    recordings: Recordings
    screens: Screens

    @property
    def known(self) -> list[str]:
        """The languages that an address may be in: our own words are complete, and those about help approved.

        The example area shows drafts too, and says so on every page.
        """
        found = self.interfaces.items()
        return [code for code, held in found if held.complete and (self.area.example or held.help == "approved")]

    @property
    def spoken(self) -> list[str]:
        """The languages that pages outside a survey offer: in an area of its own, those that every signpost speaks."""
        return [code for code in self.known if self.area.example or self._helps_in(code)]

    def _helps_in(self, code: str) -> bool:
        return all(signpost.speaks(code) for signpost in self.area.signposts)


def wiring() -> Wiring:
    """The wiring of the application that serves this request."""
    wired: Wiring = current_app.extensions[NAME]
    return wired
