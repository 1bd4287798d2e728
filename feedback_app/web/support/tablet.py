"""The one cookie of a shared tablet: which class session it serves, signed. It knows nothing of who answers on it."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from flask import request
from werkzeug.wrappers import Response

from feedback_app.core.clock import LOCAL
from feedback_app.core.settings import Settings
from feedback_app.services.class_sessions import Held
from feedback_app.web.support.wiring import Wiring, wiring

LATER = timedelta(days=1)  # what an outreach tablet sealed on the last day may be sent on the day after


@dataclass(frozen=True, slots=True)
class Tablet:
    """What a tablet's cookie says. With it a page knows that it is on a shared tablet, and asks no database."""

    session: str  # the class session's id
    mark: str  # random: wrong PINs are counted for each tablet, so that a child can lock only the one in hand
    unlocked: bool  # an adult has let the next person begin, and they have not begun yet
    idle: int  # minutes
    outreach: bool
    closes_on: date
    collection: str

    def open(self, today: date) -> bool:
        """Whether it may be answered on."""
        return today <= self.closes_on


def tablet_here() -> Tablet | None:
    """The tablet that this request comes from, if it is one and its class session has not closed."""
    tablet = tablet_that_was()
    return tablet if tablet and tablet.open(wiring().clock.today()) else None


def tablet_that_was() -> Tablet | None:
    """The tablet that this request comes from, also on the day after: to send what waits, and for nothing else."""
    wired = wiring()
    given = request.cookies.get(_name(wired.settings))
    if given is None:
        return None
    said, _, signature = given.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(wired, said).encode()):
        return None
    session, mark, unlocked, idle, outreach, closes_on, collection = said.split(".", 6)
    day = date.fromisoformat(closes_on)
    return Tablet(session, mark, unlocked == "1", int(idle), outreach == "1", day, collection)


def make_tablet(response: Response, held: Held) -> Response:
    """Make the browser a tablet of a class session, locked."""
    mark = secrets.token_hex(8)
    return _set(response, Tablet(held.id, mark, False, held.idle, held.outreach, held.closes_on, held.collection))


def lock(response: Response, tablet: Tablet) -> Response:
    """Nobody can begin until an adult types the PIN."""
    return _set(response, replace(tablet, unlocked=False))


def unlock(response: Response, tablet: Tablet) -> Response:
    """One person can begin."""
    return _set(response, replace(tablet, unlocked=True))


def unmake(response: Response) -> Response:
    """The browser is no tablet any more."""
    settings = wiring().settings
    response.delete_cookie(_name(settings), httponly=True, samesite="Strict", secure=settings.secure, path="/")
    return response


def _set(response: Response, tablet: Tablet) -> Response:
    wired = wiring()
    said = ".".join(
        (
            tablet.session,
            tablet.mark,
            "1" if tablet.unlocked else "0",
            str(tablet.idle),
            "1" if tablet.outreach else "0",
            tablet.closes_on.isoformat(),
            tablet.collection,
        )
    )
    last = tablet.closes_on + (LATER if tablet.outreach else timedelta())
    response.set_cookie(
        _name(wired.settings),
        f"{said}.{_signature(wired, said)}",
        expires=datetime.combine(last + timedelta(days=1), time(), LOCAL),
        httponly=True,
        samesite="Strict",
        secure=wired.settings.secure,
        path="/",
    )
    return response


def _name(settings: Settings) -> str:
    return "__Host-tablet" if settings.secure else "tablet"


def _signature(wired: Wiring, said: str) -> str:
    return wired.keys.server.derive("tablet", said).hex()
