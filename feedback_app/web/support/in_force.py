"""Keep a process up with what administrators set for the area: it looks at most twice a minute, never once a page.

What was set lies over the area's file. When it changed, the application is wired anew with it, all at once, so that no
page is half of one and half of the other; laid-out surveys are made again when they are next asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from feedback_app.definitions.area import Area
from feedback_app.services import area_settings
from feedback_app.services.editions import Editions
from feedback_app.storage.db import db
from feedback_app.web.support.wiring import NAME, Wiring

LOOK_EVERY = timedelta(seconds=30)
HELD = "feedback settings"
WITHOUT = frozenset({"static", "health.status"})


@dataclass(slots=True)
class InForce:
    """The area's file, the newest change that this process knows of, and when it last looked."""

    base: Area
    number: int = 0
    looked_at: datetime | None = None


def keep_up(app: Flask, base: Area) -> None:
    """Have an application look before its pages, from its first page on."""
    app.extensions[HELD] = InForce(base)

    def before_a_page() -> None:
        if request.endpoint not in WITHOUT:
            look()

    app.before_request(before_a_page)


def base_area() -> Area:
    """The area as its file has it."""
    held: InForce = current_app.extensions[HELD]
    return held.base


def look_again() -> None:
    """Look before the next page: this process has just changed something."""
    held: InForce = current_app.extensions[HELD]
    held.looked_at = None


def look() -> None:
    """Take up what was set since, if it is time to look. A database that is away changes nothing: its page says so."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    held: InForce = app.extensions[HELD]
    wired: Wiring = app.extensions[NAME]
    now = wired.clock.now()
    if held.looked_at is not None and abs(now - held.looked_at) < LOOK_EVERY:
        return
    held.looked_at = now
    try:
        with db.engine.connect() as connection:
            number = area_settings.newest(connection)
            if number == held.number:
                return
            area = area_settings.over(connection, held.base)
    except SQLAlchemyError:
        return
    except ValueError as error:  # a signpost of an older version of this software
        app.logger.error("What was set for the area cannot be used: %s", type(error).__name__)
        return
    app.extensions[NAME] = replace(wired, area=area, editions=Editions(area))
    held.number = number
