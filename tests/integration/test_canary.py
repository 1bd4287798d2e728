"""A canary sings through a whole visit and every kind of error; afterwards no byte that is kept holds a note of it."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from feedback_app.core import tokens
from feedback_app.core.settings import PROJECT
from feedback_app.core.tokens import receipt_hash
from feedback_app.services import backups
from feedback_app.storage.db import db
from feedback_app.storage.models import Base, Response
from tests.factories import TOKEN, Copy, Respondent, admin
from tests.integration.answering import change_collection
from tests.integration.test_worker import FEEDBACK, environment, until
from tests.mail_server import free_port

SENTENCE = "Canary-Sentence: he waits by the boiler room"
OTHER = "Canary-Other: in a blue van"
ADDRESS, PROXY, AGENT, REFERER = "203.0.113.77", "198.51.100.88", "CanaryBrowser/7.7", "https://canary.example/class-8b"
READ_ONLY = {"sqlite": "PRAGMA query_only={}", "postgresql": "SET default_transaction_read_only={}"}


def kept(copy: Copy) -> Iterator[tuple[str, bytes]]:
    """Everything that the copy keeps: each file of its folder, byte for byte, and on PostgreSQL each row."""
    for file in copy.settings.instance.rglob("*"):
        if file.is_file():
            yield file.name, file.read_bytes()
    if copy.engine.dialect.name != "sqlite":
        with copy.session() as session:
            for table in Base.metadata.sorted_tables:
                for row in session.execute(select(table)):
                    yield table.name, b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in row)


def sings(copy: Copy, *notes: str) -> list[tuple[str, str]]:
    """Where a note is kept, whole or in the other ways that a computer writes it."""
    ways = {
        note: {
            way for encoded in ("utf-8", "utf-16-le") for way in (note.encode(encoded), note.lower().encode(encoded))
        }
        for note in notes
    }
    return [(where, note) for where, held in kept(copy) for note in notes if any(way in held for way in ways[note])]


def test_nothing_that_is_kept_tells_who_wrote_or_what(
    on_both: Callable[..., Copy], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    copy = on_both("paragraph", "single")
    app = copy.app()
    person = Respondent(app, "paragraph")
    person.client.environ_base |= {
        "REMOTE_ADDR": ADDRESS,
        "HTTP_USER_AGENT": AGENT,
        "HTTP_X_FORWARDED_FOR": PROXY,
        "HTTP_FORWARDED": f"for={PROXY}",
        "HTTP_REFERER": REFERER,
    }
    person.start()
    cookie = person.client.get_cookie("visit")
    assert cookie
    notes = (SENTENCE, OTHER, ADDRESS, PROXY, AGENT, REFERER, cookie.value)

    wrong: list[Mapping[str, str]] = [
        {"token": "wrong", "answer": SENTENCE},
        {"token": person.token, "answer": SENTENCE, "is_staff": "1"},
        {"token": person.token, "answer": f"{SENTENCE}\0"},
        {"token": person.token, "answer": SENTENCE * 50},
    ]
    pages = [person.post(body).page for body in wrong]
    pages.append(person.client.post(f"/en/{SENTENCE}/Q1", data={"answer": SENTENCE}).text)
    pages.append(person.client.put(person.here, data={"answer": SENTENCE}).text)
    assert [note for note in (ADDRESS, PROXY, AGENT, REFERER) for page in pages if note in page] == []
    stranger = Respondent(app, "paragraph")
    others = [stranger.open(address).page for address in ("/en/paragraph", "/en/nothing", person.here, "check")]
    assert [note for note in notes for page in others if note in page] == []  # an error page is the person's own
    person.press(answer=SENTENCE).press("in-xx", answer=OTHER).press("help", answer=OTHER * 40)
    assert sings(copy, *notes) == []  # while it is a draft, and the write-ahead log is still open

    person.open("/en/paragraph/Q1")
    assert while_it_is_read_only(copy, lambda: person.press(answer=SENTENCE).status) == 503
    person.open("/en/paragraph/Q2").press(answer=OTHER).send()
    assert person.receipt
    second = Respondent(app, "single")
    second.client.environ_base |= person.client.environ_base
    second.start().press(answer="oth", other=OTHER).press(answer="yes")
    assert while_a_row_is_in_the_way(copy, second, lambda: second.send().status) == 500
    assert second.open("check").send().receipt

    receipts = [glue.join(one.receipt.split()) for one in (person, second) for glue in (" ", "-", ",", "\0", "")]
    assert sings(copy, *notes, *receipts) == []
    assert sings(copy, "Your own words") != []  # what is not secret is found, so a note would be too
    backup = copy.settings.instance / "one.backup"
    for more in ({}, {"passphrase": "acorn-bagel-cactus-dolphin", "with_keys": True}):
        backups.write(copy.engine, copy.keys, copy.settings, backup, now=copy.clock.now(), told=print, **more)
        assert "one.backup" in {name for name, _ in kept(copy)}
        assert sings(copy, *notes, *receipts) == []
        backup.unlink()
    backups.write(copy.engine, copy.keys, copy.settings, backup, now=copy.clock.now(), told=print)
    said_inside = b"".join(backups.lines_of(backup, keys=copy.keys.private)).decode()  # opened with the private key
    assert [note for note in (*notes, *receipts) if note in said_inside] == []
    assert "Your own words" in said_inside
    copy.close()
    assert sings(copy, *notes) == []
    out, err = capfd.readouterr()
    said = caplog.text + out + err
    assert [note for note in notes if note in said] == []
    assert '"oth"' not in said  # nor does the error that the database raised bring an answer with it
    assert "could not keep or find" in said  # that they went wrong is told, and where
    assert "Unexpected IntegrityError" in said


def while_it_is_read_only(copy: Copy, act: Callable[[], int]) -> int:
    """The database fails as a full disk or a stand-by server does."""
    with copy.apps[0].app_context():
        engine = db.engine

    def turn(word: str) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(READ_ONLY[engine.dialect.name].format(word))

    turn("on")
    status = act()
    turn("off")
    return status


def while_a_row_is_in_the_way(copy: Copy, person: Respondent, act: Callable[[], int]) -> int:
    """The database refuses what it is given, as after a mistake of ours."""
    cookie = person.client.get_cookie("visit")
    assert cookie
    mine = tokens.Respondent(copy.keys.server, cookie.value, person.survey)
    with copy.session() as session, session.begin():
        taken = session.scalars(select(Response)).one()
        first, taken.receipt_hash = taken.receipt_hash, receipt_hash(copy.keys.server, mine.receipt)
    status = act()
    with copy.session() as session, session.begin():
        session.scalars(select(Response)).one().receipt_hash = first
    return status


WHERE_FROM = "127.0.0.77"  # this machine has many addresses of its own; the server sees this one
PIECE = 1 << 20


class FromThere(urllib.request.HTTPHandler):
    """Ask from an address that can be told from every other."""

    def http_open(self, request: urllib.request.Request) -> object:  # type: ignore[override]
        def connect(host: str, **more: object) -> HTTPConnection:
            return HTTPConnection(host, source_address=(WHERE_FROM, 0), **more)  # type: ignore[arg-type]

        return self.do_open(connect, request)  # type: ignore[arg-type]


class Browser:
    """A browser far away, that tells more about itself than it should."""

    def __init__(self, base: str, agent: str) -> None:
        self.base, self.page, self.jar = base, "", CookieJar()
        opener = urllib.request.build_opener(FromThere, urllib.request.HTTPCookieProcessor(self.jar))
        opener.addheaders = [("User-Agent", agent), ("Referer", REFERER), ("X-Forwarded-For", PROXY)]
        self._open = opener.open

    def ask(self, address: str, **typed: str) -> int:
        """Open a page, or post to it; its status."""
        body = urllib.parse.urlencode(typed).encode() if typed else None
        try:
            answer = self._open(f"{self.base}{address}", body, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.here = urllib.parse.urlsplit(answer.url).path
            self.page = answer.read().decode()
            return int(answer.status)

    @property
    def token(self) -> str:
        found = TOKEN.search(self.page)
        assert found, self.page
        return found[1]


@contextmanager
def served(copy: Copy, port: int, said: Path, temporary: Path) -> Iterator[None]:
    """Both faces and the worker, as processes of their own that say all they can."""
    more = {"PORT": str(port), "WORKERS": "2", "LOG_LEVEL": "debug", "TMPDIR": str(temporary)}
    with said.open("wb") as log:
        started = subprocess.Popen(
            [*FEEDBACK, "run"], env=environment(copy) | more, cwd=PROJECT, stdout=log, stderr=log
        )
        try:
            until(lambda: started.poll() is not None or answers(port))
            assert started.poll() is None, said.read_text()
            yield
        finally:
            started.terminate()
            started.wait(40)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (file for file in folder.rglob("*") if file.is_file())


def folder_of_the_server(copy: Copy) -> list[Path]:
    """Where PostgreSQL keeps tables, its write-ahead log and what it says; nothing where it is another machine's."""
    if copy.engine.dialect.name == "sqlite":
        return []
    with admin(copy.engine.url) as server:
        (folder,) = server.execute("SHOW data_directory").fetchone() or ("",)
        server.execute("CHECKPOINT")
    return [Path(folder)] if os.access(folder, os.R_OK) else []


def found_in(file: Path, notes: list[bytes]) -> list[tuple[str, bytes]]:
    """Which notes a file holds; read piece by piece, because a write-ahead log is long."""
    held, before = set(), b""
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            held |= {note for note in notes if note in before + piece}
            before = piece[-200:]
    return [(file.name, note) for note in sorted(held)]


def test_no_process_of_a_real_server_keeps_or_says_who_wrote_or_what(
    on_both: Callable[..., Copy], tmp_path: Path
) -> None:
    mark = uuid4().hex  # a server of databases is shared by every test: this one's words are nobody else's
    sentence, agent, said, temporary = (
        f"Canary {mark} waits",
        f"Browser-{mark}/7.7",
        tmp_path / "said",
        tmp_path / "tmp",
    )
    temporary.mkdir()
    copy, port = on_both("paragraph"), free_port()
    change_collection(copy, "paragraph", opens_on=date(2020, 1, 1))  # a process of its own has the machine's clock
    person = Browser(f"http://127.0.0.1:{port}", agent)

    with served(copy, port, said, temporary):
        person.ask("/en/paragraph")
        assert person.ask("/en/paragraph", go="start") == 200
        here, token = person.here, person.token
        statuses = [
            person.ask(here, token="wrong", answer=sentence),
            person.ask(here, token=token, go="next", answer=sentence, is_staff="1"),
            person.ask(here, token=token, go="next", answer=sentence * 1_500),
            person.ask(f"/en/{mark}"),
            person.ask(f"/staff/{mark}?q={mark}"),
            person.ask("/staff/sign-in", name=sentence, password=sentence),
            person.ask("/en/return", words=sentence),
            person.ask("/en/receipt", words=sentence),
        ]
        assert min(statuses[:4]) >= 400
        person.ask(here)
        assert person.ask(here, token=person.token, go="next", answer=sentence) == 200
        assert person.ask(person.here, token=person.token, go="next", answer="") == 200
        assert person.ask("/en/paragraph/check", token=person.token) == 200
        receipt = re.search(r'class="receipt"[^>]*>([^<]+)<', person.page)
        assert receipt
        other = Browser(person.base, agent)  # and one that stays unfinished
        assert other.ask("/en/paragraph", go="start") == 200
        assert other.ask(other.here, token=other.token, go="next", answer=sentence) == 200
        cookies = [cookie.value or "" for jar in (person.jar, other.jar) for cookie in jar]
        notes = [note.encode() for note in (mark, WHERE_FROM, PROXY, REFERER, receipt[1], *cookies)]
        meanwhile = [*files(copy.settings.instance, temporary, *folder_of_the_server(copy)), said]
        kept_then = [found for file in meanwhile if file.exists() for found in found_in(file, notes)]

    assert len(set(cookies)) == 3  # of two visits, and of the sign-in
    assert kept_then == []
    after = [*files(copy.settings.instance, temporary, *folder_of_the_server(copy)), said]
    assert [found for file in after for found in found_in(file, notes)] == []
    if copy.engine.dialect.name == "sqlite" or folder_of_the_server(copy):
        assert any(found_in(file, [b"paragraph"]) for file in after)  # what is not secret is found, so a note would be
    assert said.stat().st_size > 0
    assert list(Path(tempfile.gettempdir()).glob(f"*{mark}*")) == []
