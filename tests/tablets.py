"""A class on shared tablets, for tests: open one as staff do, and a tablet's browser without JavaScript."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from feedback_app.services import class_sessions
from feedback_app.services.class_sessions import Asked, Held, Opened
from tests.factories import Copy, Respondent


def open_class(copy: Copy, survey: str, *, idle: int = 3, outreach: bool = False, days: int = 0) -> Opened:
    """Open a class session on a copy, from today."""
    today: date = copy.clock.today()
    asked = Asked(survey, "Year 5", today, today + timedelta(days=days), idle, outreach)
    with copy.session() as session, session.begin():
        return class_sessions.open_one(session, copy.keys.server, asked, by="a test", now=copy.clock.now())


def held(copy: Copy, opened: Opened) -> Held:
    """A class session as it stands."""
    with copy.session() as session:
        found = class_sessions.find(session, opened.id)
    assert found
    return found


class TabletBrowser(Respondent):
    """A shared tablet: one person after another."""

    def __init__(self, app: Flask, survey: str, opened: Opened, language: str = "en") -> None:
        super().__init__(app, survey, language)
        self.opened = opened
        self.here = f"/{language}/class"

    def join(self, code: str = "") -> TabletBrowser:
        """Type the code of the class."""
        self._land(self.client.post(f"/{self.language}/class", data={"code": code or self.opened.code}))
        return self

    def next_person(self, pin: str = "", go: str = "") -> TabletBrowser:
        """Type the PIN on the "next person" screen."""
        data = {"pin": pin or self.opened.pin} | ({"go": go} if go else {})
        self._land(self.client.post(f"/{self.language}/class/next", data=data))
        return self

    def wipe(self) -> TabletBrowser:
        """Press "I am done"."""
        self._land(self.client.post(f"/{self.language}/class/wipe"))
        return self
