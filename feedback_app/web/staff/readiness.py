"""What has to be there before a survey for children opens, as the staff pages list it, each with a way to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from feedback_app.services import editions, readiness
from feedback_app.services.editions import Edition
from feedback_app.services.readiness import CONSENT, DRILL, LEADS, ROTA, SIGNPOSTS, Need
from feedback_app.storage.db import db
from feedback_app.web.staff.gate import may, signed_in
from feedback_app.web.support.wiring import wiring

#: Where each is done, and what the way there is called.
WHERE = {
    LEADS: ("staff.members", "Go to People"),
    ROTA: ("staff.rota", "Go to the rota"),
    DRILL: ("staff.rota", "Go to the drill"),
    SIGNPOSTS: ("staff.area_settings", "Go to the signposts"),
    CONSENT: ("staff.consent", "Read the words"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of the list, and the address where it is done; empty for who may not open that page."""

    of: Need
    address: str
    go: str


@dataclass(frozen=True, slots=True)
class Before:
    """What a survey needs before it opens. `stopped`: something is missing without which it cannot."""

    lines: tuple[Line, ...]
    stopped: bool
    example: bool

    @property
    def missing(self) -> int:
        """How many things are missing."""
        return sum(1 for line in self.lines if not line.of.met)


def before(edition: Edition, collection: str, languages: Iterable[str] = ()) -> Before:
    """What a survey needs.

    Args:
        collection: one of the same version, whose page of the words of consent is linked.
        languages: those in which it would be asked; empty means all that are offered.
    """
    wired, chosen = wiring(), set(languages)
    spoken = editions.offered(edition, wired.area, wired.interfaces)
    asked = [code for code in spoken if not chosen or code in chosen or code == spoken[0]]
    found = readiness.needs(db.session(), edition, asked, wired.clock.today())
    stopped = bool(readiness.stopping(edition, found))
    return Before(tuple(_line(one, collection) for one in found), stopped, edition.area.example)


def _line(need: Need, collection: str) -> Line:
    endpoint, go = WHERE[need.id]
    if not may(signed_in(), endpoint):
        return Line(need, "", go)
    if need.id == CONSENT:
        return Line(need, url_for(endpoint, collection=collection, language=need.language), go)
    return Line(need, url_for(endpoint), go)
