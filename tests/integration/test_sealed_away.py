"""Hostile case 27: a moved ciphertext, a retired key, no key at start; a public face that can read nothing back.

The last is tried from the outside, on a process of its own whose key folder holds no private key.
"""

from __future__ import annotations

import os
import re
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select, update

from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import load_keys, make_sealing_key, retire
from feedback_app.core.sealing import CannotOpen, open_sealed, unlock
from feedback_app.core.settings import PROJECT
from feedback_app.services import coding
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.collecting import place
from feedback_app.services.reading import CANNOT, Reader, open_text
from feedback_app.storage.models import AnswerText, Triage
from tests.factories import NOON, TOKEN, Copy
from tests.integration.answering import Answering, change_collection
from tests.integration.real_command import run
from tests.integration.test_worker import FEEDBACK, environment, until
from tests.mail_server import free_port
from tests.working import work

Copies = Callable[..., Copy]
SECRET = "Canary: he waits behind the boiler room"


def ten(copies: Copies) -> tuple[Copy, list[Answering]]:
    """Ten comments that people have released for coding."""
    copy = copies("young-person")
    people = [Answering(copy, "young-person").begin().keep(YP02="yes", YP91=f"Comment {n}").send() for n in range(10)]
    with copy.session() as session, session.begin():
        session.execute(update(Triage).values(state="released"))
    return copy, people


def page_of(copy: Copy) -> list[coding.OpenComment]:
    """The page of comments that a coder opens."""
    books = load_codebooks(copy.settings.surveys)
    person = Answering(copy, "young-person")
    with copy.session() as session, session.begin():
        reader = Reader(session, copy.keys, person.editions, books)
        return list(coding.waiting(reader, person.held, 1, by="Ann", now=NOON).comments)


def test_hostile_27_a_ciphertext_moved_to_another_row_is_told_and_the_nine_others_are_there(on_both: Copies) -> None:
    copy, people = ten(on_both)
    with copy.session() as session, session.begin():
        rows = session.scalars(select(AnswerText).order_by(AnswerText.response_id)).all()
        rows[3].sealed = rows[4].sealed
        moved = rows[3].response_id

    assert work(copy, "comments", NOON), "one that does not open holds up no other"
    found = page_of(copy)

    assert len(found) == len(people) == 10
    assert [(one.response_id, one.text, one.trouble) for one in found if one.trouble] == [(moved, "", CANNOT)]
    assert sum(one.text.startswith("Comment ") for one in found) == 9


def test_hostile_27_a_retired_key_opens_nothing_and_its_comments_are_told(on_both: Copies) -> None:
    copy, people = ten(on_both)
    old = copy.keys.key_id
    assert work(copy, "comments", NOON)
    new = make_sealing_key(copy.settings.keys)
    later = Answering(copy, "young-person").begin().keep(YP02="yes", YP91="Comment new").send()
    assert people[0].texts == {"YP91": "Comment 0"}, "while both keys are here, both open"
    with copy.session() as session, session.begin():
        assert {row.key_id for row in session.scalars(select(AnswerText))} == {old, new}
        session.execute(update(Triage).values(state="released"))

    with pytest.raises(FeedbackError, match="Make another first"):
        retire(copy.settings.keys, new)
    retire(copy.settings.keys, old)

    assert load_keys(copy.settings.keys, private=True).private.keys() == {new}
    found = page_of(copy)
    assert {one.trouble for one in found} == {f"The private key {old} is not here, so its comments cannot be read."}
    with copy.session() as session:
        row = session.get_one(AnswerText, (later.respondent.response_id, "YP91"))
        assert open_text(copy.keys, row) == "Comment new"
    assert make_sealing_key(copy.settings.keys)[:3] == "003", "the number of a retired key is not given again"


def test_keys_with_the_real_command(copy: Copies) -> None:
    made = copy("young-person")
    Answering(made, "young-person").begin().keep(YP02="yes", YP91=SECRET).send()
    old = made.keys.key_id
    assert run(made, "keys", "rotate").returncode == 0
    listed = run(made, "keys", "list").stdout
    refused = run(made, "keys", "retire", old)

    assert listed.count("can open") == 2
    assert refused.returncode == 1
    assert f"still sealed to {old}, and would be lost: people's own words (1)" in refused.stderr
    with made.session() as session, session.begin():
        session.execute(update(AnswerText).values(sealed=b""))
        session.execute(update(Triage).values(flags=None))
    done = run(made, "keys", "retire", old)
    assert done.returncode == 0, done.stderr
    assert made.keys.private.keys() == {made.keys.key_id}
    assert (made.settings.keys / "retired" / f"{old}.private").exists()


class Browser:
    """A browser that talks to a real server."""

    def __init__(self, port: int) -> None:
        self.base, self.page = f"http://127.0.0.1:{port}", ""
        self.jar = CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar)).open

    def get(self, address: str) -> str:
        return self._land(f"{self.base}{address}", None)

    def post(self, address: str, **typed: str) -> str:
        return self._land(f"{self.base}{address}", urllib.parse.urlencode(typed).encode())

    @property
    def token(self) -> str:
        found = TOKEN.search(self.page)
        assert found, self.page
        return found[1]

    def _land(self, address: str, body: bytes | None) -> str:
        with self._open(address, body, timeout=30) as response:
            self.here = urllib.parse.urlsplit(response.url).path
            self.page = response.read().decode()
        return self.page


@contextmanager
def served(copy: Copy, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The public face as a process of its own."""
    more = {"FACE": "public", "PORT": str(port), "WORKERS": "1", "LOG_LEVEL": "debug"}
    log = (copy.settings.instance.parent / "said").open("wb")
    command = [*FEEDBACK, "run"]
    process = subprocess.Popen(command, env=environment(copy) | more, cwd=PROJECT, stdout=log, stderr=log)
    try:
        until(lambda: process.poll() is not None or _answers(port))
        assert process.poll() is None, (copy.settings.instance.parent / "said").read_text()
        yield process
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def test_hostile_27_a_public_face_without_a_private_key_starts_and_can_read_nothing_back(
    on_both: Copies, tmp_path: Path
) -> None:
    copy, safe = on_both("paragraph"), tmp_path / "safe"
    change_collection(copy, "paragraph", opens_on=date(2020, 1, 1))  # a process of its own has the machine's clock
    safe.mkdir()
    for private in copy.settings.keys.glob("*.private"):
        private.rename(safe / private.name)
    port = free_port()

    with served(copy, port) as process:
        person = Browser(port)
        person.get("/en/paragraph")
        person.post("/en/paragraph")
        person.post(person.here, token=person.token, go="next", answer=SECRET)
        person.post(person.here, token=person.token, go="next", answer="")
        person.post("/en/paragraph/check", token=person.token)
        receipt = re.search(r'class="receipt"[^>]*>([^<]+)<', person.page)
        assert receipt
        # Every page that the person, or whoever holds the words and the cookie, can ask for.
        pages = [person.post("/en/receipt", words=receipt[1])]
        pages += [
            person.get(f"/en/{where}") for where in ("paragraph/thank-you", "receipt", "help", "return", "privacy")
        ]
        assert "What we keep of your answers" in pages[0]
        reached = [Path(f"/proc/{process.pid}/environ").read_bytes(), *map(str.encode, pages)]
        reached += [file.read_bytes() for file in copy.settings.instance.rglob("*") if file.is_file()]
        reached.append((copy.settings.instance.parent / "said").read_bytes())

    assert [content for content in reached if SECRET.encode() in content] == []
    with copy.session() as session:
        row = session.scalars(select(AnswerText).where(AnswerText.sealed != b"")).one()
    where = place(row.response_id, row.field, row.key_id)
    ring = load_keys(copy.settings.keys, private=False)
    assert ring.private == load_keys(copy.settings.keys, private=True).private == {}
    # Every secret of 32 bytes that it holds or can make, as if it were the private half.
    cookies = [cookie.value or "" for cookie in person.jar]
    made = [ring.server.derive(purpose, *more) for purpose in PURPOSES for more in ((), *((c,) for c in cookies))]
    held = [file.read_bytes() for file in copy.settings.keys.iterdir()]
    for secret in (*made, *held, os.urandom(32)):
        with pytest.raises(CannotOpen):
            open_sealed(X25519PrivateKey.from_private_bytes(secret), row.sealed, where)
        with pytest.raises(CannotOpen):
            unlock(secret, row.sealed, where.encode())
    with pytest.raises(FeedbackError, match="is not here"):
        open_text(ring, row)
    # What only the other machine holds opens it, so there was something to find.
    key = X25519PrivateKey.from_private_bytes((safe / f"{row.key_id}.private").read_bytes())
    assert open_sealed(key, row.sealed, where) == SECRET


PURPOSES = (
    "draft secret",
    "draft id",
    "response id",
    "receipt",
    "return session",
    "staff session",
    "tries",
    "form",
    "",
)
