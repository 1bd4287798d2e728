"""A canary sings through a whole visit and every kind of error; afterwards no byte that is kept holds a note of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from feedback_app.core import tokens
from feedback_app.core.tokens import receipt_hash
from feedback_app.services import backups
from feedback_app.storage.db import db
from feedback_app.storage.models import Base, Response
from tests.factories import Copy, Respondent

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

    person.post({"token": "wrong", "answer": SENTENCE})
    person.post({"token": person.token, "answer": SENTENCE, "is_staff": "1"})
    person.post({"token": person.token, "answer": f"{SENTENCE}\0"})
    person.post({"token": person.token, "answer": SENTENCE * 50})
    person.client.post(f"/en/{SENTENCE}/Q1", data={"answer": SENTENCE})
    person.client.put(person.here, data={"answer": SENTENCE})
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
