"""Staff who type paper forms in: each with an account and a browser of their own."""

from __future__ import annotations

import re
from html import unescape

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback_app.services import accounts
from feedback_app.storage.db import db
from tests.factories import NOON, Copy
from tests.web.staff_copy import PASSWORD, sign_in, token_of

FORM = {
    "begin": {"C1": "1"},
    "club": {"S1": "2", "S2": "Lamps at the door", "S3": "1", "M1": "1 3", "G1.adults": "2", "G1.friends": "?"},
    "more": {"R1": "3 1", "N1": "12", "D1": "27 3 2026", "T1": "Nothing"},
}
PARTS = tuple(FORM)


class Typist:
    """One member of staff."""

    def __init__(self, app: Flask, name: str, survey: str = "on-paper") -> None:
        self.app, self.name = app, name
        self.client: FlaskClient = app.test_client()
        self.paper = f"/collections/{survey}/paper"
        self.page = ""
        sign_in(self.client, name)

    def open(self, address: str = "") -> TestResponse:
        """Open a page of the paper forms, or press Back to it."""
        answer = self.client.get(self.paper + address)
        self.page = answer.text if answer.mimetype == "text/html" else ""
        return answer

    def post(self, address: str, **typed: str) -> TestResponse:
        """Press a button of the page, and land where it leads."""
        if "csrf_token" not in self.page:
            self.open()
        given = {"csrf_token": token_of(self.page)} | typed
        answer = self.client.post(self.paper + address, data=given)
        if answer.status_code == 303:
            there = self.client.get(answer.location)
            self.page = there.text
        else:
            self.page = answer.text
        return answer

    def begin(self, number: str, **more: str) -> TestResponse:
        """Begin with a number."""
        return self.post("/forms", number=number, language="en", **more)

    def type(self, number: str, **changed: dict[str, str]) -> None:
        """Type every part of a form that was begun: the usual answers, and what is changed of them."""
        for page, part in enumerate(PARTS, 1):
            self.post(f"/forms/{number}/{page}", go="next", **(FORM[part] | changed.get(part, {})))

    def store(self, number: str, **changed: dict[str, str]) -> TestResponse:
        """Type a whole form and store it."""
        self.begin(number)
        self.type(number, **changed)
        return self.post(f"/forms/{number}/check", go="store")

    def again(self, number: str, **changed: dict[str, str]) -> TestResponse:
        """Type a whole form a second time."""
        self.begin(number, again="yes")
        self.type(number, **changed)
        return self.post(f"/forms/{number}/check", go="store")


def office(copy: Copy, *names: str, survey: str = "on-paper") -> list[Typist]:
    """Staff with accounts, in front of one running copy."""
    app = copy.app("staff")
    with app.app_context():
        for name in names:
            member = accounts.add(db.session(), name, PASSWORD, {"administrator", "coder"}, by="a test", now=NOON)
            member.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        db.session.commit()
    return [Typist(app, name, survey) for name in names]


def boxes(page: str) -> dict[str, str]:
    """What stands in the boxes of a page, by name."""
    found = dict(re.findall(r'<input class="text[^"]*" id="[^"]+" name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page))
    return {name: unescape(words) for name, words in found.items()}
