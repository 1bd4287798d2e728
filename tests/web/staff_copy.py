"""A small copy with comments in it, for the tests of the staff pages: real keys, real SQLite, nothing stood in for.

The fixtures are in staff_fixtures.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from feedback_app.core.clock import LOCAL
from feedback_app.core.keys import make_keys
from feedback_app.core.settings import Settings
from feedback_app.factory import create_app
from feedback_app.services import accounts, publishing
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.collecting import sealed_row
from feedback_app.services.reading import Reader, language_model
from feedback_app.storage import schema
from feedback_app.storage.db import db, make_engine
from feedback_app.storage.models import AnswerText, AuditEvent, Base, Collection, Response, Staff
from feedback_app.web.support.wiring import wiring
from tests.releasing import put, release_all

WHOLE_TEAM = {"administrator", "analyst", "coder", "safeguarding-lead"}
NAME, PASSWORD = "Ann Example", "correct-horse-battery-staple"
SURVEY = "young-person"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> {{7*7}} & \u202egnirts desrever\u202c\n  second line"
HARM = "I dont feel safe at home, my uncle hits me"
URDU = "مجھے نہیں معلوم کہ مدد کے لیے کس سے بات کرنی ہے۔ اساتذہ کو ہماری بات سننی چاہیے۔"
COMMENTS = (
    ("11", "YP91", "en", "Nobody listens to us, they should listen more"),
    ("22", "YP91", "en", HOSTILE),
    ("33", "YP45", "en", HARM),
    ("44", "YP90", "ur", URDU),
    ("55", "YP90", "en", "idk"),
)


@dataclass
class SetClock:
    """A clock that a test sets."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.astimezone(LOCAL).date()

    def pass_by(self, **time: int) -> None:
        self.moment += timedelta(**time)


@dataclass
class Copy:
    """One copy with its staff pages."""

    app: Flask
    clock: SetClock
    folder: Path
    clients: list[FlaskClient] = field(default_factory=list)

    def stranger(self) -> FlaskClient:
        """A browser that has not signed in."""
        self.clients.append(self.app.test_client())
        return self.clients[-1]

    def member(self) -> FlaskClient:
        """A browser of somebody who has."""
        client = self.stranger()
        assert sign_in(client).status_code == 303
        return client

    def events(self) -> list[AuditEvent]:
        """The audit log."""
        with self.app.app_context():
            found = list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.number)))
            db.session.expunge_all()
        return found

    def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self.app.app_context():
            tables = Base.metadata.sorted_tables
            return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    def change(self, model: type[Any], **values: Any) -> None:
        """Change every row of a table."""
        with self.app.app_context():
            db.session.query(model).update(values)
            db.session.commit()

    def collection(self, **values: Any) -> None:
        """Change the collection."""
        self.change(Collection, **values)

    def account(self, **values: Any) -> None:
        """Change the account."""
        self.change(Staff, **values)


def token_of(page: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def post(client: FlaskClient, address: str, page: str = "", **typed: str) -> TestResponse:
    """Post a form with the token of a page, of the sign-in page or of the first page."""
    page = page or client.get("/report?from=x").text
    if "csrf_token" not in page:
        page = client.get("/sign-in").text
    return client.post(address, data={"csrf_token": token_of(page)} | typed)


def sign_in(client: FlaskClient, name: str = NAME, password: str = PASSWORD, onward: str = "") -> TestResponse:
    """Sign in as a person would: open the page, fill it in."""
    page = client.get("/sign-in", query_string={"next": onward} if onward else None).text
    action = re.search(r'<form class="sheet" method="post" action="([^"]+)"', page)
    assert action, page
    return post(client, unescape(action[1]), page, name=name, password=password)


def text_of(page: str) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def open_copy(folder: Path, **settings: Any) -> Copy:
    """Open the staff pages of a copy."""
    clock = SetClock()
    return Copy(create_app("staff", Settings(instance=folder, **settings), clock), clock, folder)


def close(copy: Copy) -> None:
    """Give the database back."""
    with copy.app.app_context():
        db.engine.dispose()


def make(folder: Path, **settings: Any) -> Copy:
    """Make a copy in a folder: the young person's survey, one account, five comments that software has read."""
    given = Settings(instance=folder, **settings)
    make_keys(given.keys)
    engine = make_engine(given.database)
    schema.upgrade(engine)
    engine.dispose()
    made = open_copy(folder, **settings)
    with made.app.app_context():
        fill()
        db.session.commit()
    return made


def fill() -> None:
    """Put in the survey, an account, and five comments that software has read."""
    wired, session = wiring(), db.session()
    around = publishing.surroundings(wired.settings.surveys, wired.area)
    (checked,) = publishing.check([wired.settings.surveys / f"{SURVEY}.yaml"], around, wired.settings.translations)
    done = publishing.publish(session, checked, wired.area, wired.settings.translations, by="a test", now=NOW)
    publishing.open_standing(session, done, by="a test", today=NOW.date(), now=NOW)
    member = accounts.add(session, NAME, PASSWORD, WHOLE_TEAM, by="a test", now=NOW)
    # Argon2 is slow on purpose, and tests sign in a hundred times. A hash says itself how much work it asks for.
    member.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    for number, name, language, words in COMMENTS:
        response = number * 16
        session.add(
            Response(
                id=response,
                collection_id=SURVEY,
                version_hash=done.hash,
                language=language,
                received_on=NOW.date(),
                answers={"YP10": "5"},
                languages={},
            )
        )
        session.flush()
        session.add(AnswerText(**sealed_row(wired.keys, response, name, words, language)))
        session.flush()
        put(session, wired.keys, response, {name: words}, language)
    release_all(session)
    books, model = load_codebooks(wired.settings.surveys), language_model(wired.settings.translations)
    for _ in Reader(session, wired.keys, wired.editions, books, model).read_all(NOW.date()):
        pass
