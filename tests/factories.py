"""Make what tests need: a copy of the software with its own folder, keys, database and surveys; and answers in it."""

from __future__ import annotations

import atexit
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, Engine, make_url
from sqlalchemy.orm import Session

from feedback_app.core.clock import FixedClock
from feedback_app.core.keys import KeyRing, load_keys, make_keys
from feedback_app.core.settings import PROJECT, Settings
from feedback_app.definitions.area import load_area
from feedback_app.factory import create_app
from feedback_app.services import publishing
from feedback_app.storage import schema
from feedback_app.storage.db import db, make_engine

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
TEST_SURVEYS = PROJECT / "tests" / "surveys"
TOKEN = re.compile(r'name="token" value="(\w+)"')


@dataclass
class Copy:
    """One running copy, on the day its clock says."""

    settings: Settings
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    apps: list[Flask] = field(default_factory=list)

    @cached_property
    def engine(self) -> Engine:
        return make_engine(self.settings.database, self.settings.audit_head)

    @property
    def keys(self) -> KeyRing:
        return load_keys(self.settings.keys, private=True)

    def session(self) -> Session:
        return Session(self.engine)

    def app(self, face: str = "public") -> Flask:
        self.apps.append(create_app(face, self.settings, self.clock))
        return self.apps[-1]

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        for app in self.apps:
            with app.app_context():
                db.engine.dispose()

    def publish(self, *, now: datetime | None = None) -> None:
        """Publish every survey of the copy and open it."""
        moment = now or self.clock.moment
        area = load_area(self.settings.surveys, self.settings.area)
        around = publishing.surroundings(self.settings.surveys, area)
        checked = publishing.check(publishing.survey_files(self.settings.surveys), around, self.settings.translations)
        with self.session() as session, session.begin():
            for one in checked:
                done = publishing.publish(session, one, area, self.settings.translations, by="test", now=moment)
                publishing.open_standing(session, done, by="test", today=moment.date(), now=moment)


def make_copy(folder: Path, database: str, *surveys: str, area: str = "example", **more: object) -> Copy:
    """Make a copy with these surveys of tests/surveys (or "young-person" of the project), published and open.

    The first of its kind is laid out and published as a person would; the others are copied from it.
    """
    server = make_url(database).set(database="postgres").render_as_string(False) if database else ""
    words = {name: more[name] for name in ("translations",) if name in more}  # they are in what is published
    pattern, name = _laid_out(server, surveys, area, **words)
    shutil.copytree(pattern, folder, dirs_exist_ok=True)
    if name:
        on = make_url(database)
        with admin(on) as server:
            server.execute(f'DROP DATABASE "{on.database}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{on.database}" TEMPLATE "{name}" STRATEGY FILE_COPY')
    settings = Settings(
        instance=folder / "instance", database_url=database, surveys=folder / "surveys", area=area, **more
    )
    make_keys(settings.keys)
    return Copy(settings)


@cache
def _laid_out(server: str, surveys: tuple[str, ...], area: str, **words: object) -> tuple[Path, str]:
    """The folder of a copy that others are made like, without keys; on PostgreSQL also the name of its database."""
    folder = Path(mkdtemp(prefix="pattern-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    own = folder / "surveys"
    for name in ("areas", "symbols", "concern"):
        shutil.copytree(PROJECT / "surveys" / name, own / name)
    shutil.copytree(TEST_SURVEYS / "areas", own / "areas", dirs_exist_ok=True)
    for survey in surveys:
        source = TEST_SURVEYS / f"{survey}.yaml"
        shutil.copy(source if source.exists() else PROJECT / "surveys" / f"{survey}.yaml", own)
    if any("codebook:" in file.read_text() for file in own.glob("*.yaml")):
        shutil.copytree(PROJECT / "surveys" / "codebooks", own / "codebooks")  # large: read only where it is needed
    database, url = "", ""
    if server:
        database = f"pattern_{uuid4().hex[:12]}"
        with admin(make_url(server)) as on_server:
            on_server.execute(f'CREATE DATABASE "{database}"')
        url = make_url(server).set(database=database).render_as_string(False)
    copy = Copy(Settings(instance=folder / "instance", database_url=url, surveys=own, area=area, **words))
    make_keys(copy.settings.keys)
    schema.upgrade(copy.engine)
    copy.publish()
    copy.close()
    shutil.rmtree(copy.settings.keys)
    return folder, database


def admin(url: URL) -> psycopg.Connection:
    """A connection that can make databases on the server of an address."""
    address = url.set(drivername="postgresql", database="postgres").render_as_string(False)
    return psycopg.connect(address, autocommit=True)


class Respondent:
    """Somebody answering in a browser without JavaScript."""

    def __init__(self, app: Flask, survey: str, language: str = "en") -> None:
        self.client: FlaskClient = app.test_client()
        self.survey, self.language = survey, language
        self.here = f"/{language}/{survey}"
        self.page = ""
        self.status = 0

    def start(self) -> Respondent:
        """Press Start, and land on the first question."""
        self._land(self.client.post(f"/{self.language}/{self.survey}"))
        return self

    def open(self, address: str) -> Respondent:
        """Open an address: a screen's id, or a whole path."""
        path = address if address.startswith("/") else f"/{self.language}/{self.survey}/{address}"
        self._land(self.client.get(path))
        return self

    def press(self, go: str = "next", **answer: str | list[str]) -> Respondent:
        """Fill in the screen and press a button."""
        data: dict[str, str | list[str]] = {"token": self.token, "go": go, **answer}
        self._land(self.client.post(self.here, data=data))
        return self

    def post(self, data: Mapping[str, str | list[str]] | bytes, **more: object) -> Respondent:
        """Post something to where the person is, whatever it is."""
        self._land(self.client.post(self.here, data=data, **more))
        return self

    def send(self) -> Respondent:
        """Send the answers from the check page."""
        if not self.here.endswith("/check"):
            self.open("check")
        self._land(self.client.post(self.here, data={"token": self.token}))
        return self

    @property
    def token(self) -> str:
        found = TOKEN.search(self.page)
        return found[1] if found else ""

    @property
    def at(self) -> str:
        """The last part of the address: the screen."""
        return self.here.split("?")[0].rsplit("/", 1)[1]

    @property
    def heading(self) -> str:
        """The page's h1, as text."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page, re.DOTALL)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", found[1]))).strip() if found else ""

    @property
    def receipt(self) -> str:
        found = re.search(r'class="receipt"[^>]*>([^<]+)<', self.page)
        return found[1] if found else ""

    def _land(self, response: object) -> None:
        self.status = response.status_code  # type: ignore[attr-defined]
        while response.status_code in (302, 303):  # type: ignore[attr-defined]
            self.here = response.headers["Location"]  # type: ignore[attr-defined]
            response = self.client.get(self.here)
        self.page = response.get_data(as_text=True)  # type: ignore[attr-defined]
        if response.status_code == 200 and response.request.method == "GET":  # type: ignore[attr-defined]
            self.here = response.request.full_path.rstrip("?")  # type: ignore[attr-defined]
        if self.status == 303:
            self.status = response.status_code  # type: ignore[attr-defined]
