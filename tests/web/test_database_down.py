"""The database really fails: 503, the person's words still on their page, and everything works again afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select

from feedback_app.storage.db import db
from feedback_app.storage.models import AnswerText, Draft, Response
from tests.factories import Copy, Respondent
from tests.web.page import Page

Copies = Callable[..., Copy]
WORDS = "😀" * 1000  # more than a page of the file holds, so that it must grow
NOT_KEPT = "We could not keep your answer. Your words are still here. Please press Continue again."
NOT_SENT = "We could not send your answers just now. They are still here. Please press Send again."


def rows(copy: Copy) -> dict[str, int]:
    with copy.session() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Draft, Response, AnswerText)
        }


@contextmanager
def sqlite_with(app: Flask, before: str, after: str) -> Iterator[None]:
    """Set something on the application's one connection, and set it back."""
    with app.app_context():
        engine = db.engine
    for pragma in (before, after):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        if pragma == before:
            yield


@contextmanager
def locked(app: Flask, copy: Copy) -> Iterator[None]:
    """Another program writes to the file, one that does not queue with ours; ours waits no time for it."""
    with sqlite_with(app, "busy_timeout=0", "busy_timeout=15000"):
        other = sqlite3.connect(copy.settings.instance / "feedback.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()


FULL = ("max_page_count=1", "max_page_count=1000000")  # no smaller than the file is: it may not grow
READ_ONLY = ("query_only=ON", "query_only=OFF")


@pytest.mark.parametrize("broken", [FULL, READ_ONLY], ids=["the disk is full", "the file is read-only"])
def test_an_answer_that_cannot_be_kept_stays_on_the_page(
    copy: Copies, broken: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    made = copy("paragraph")
    person = Respondent(made.app(), "paragraph").start().press(answer="before")
    at = person.here

    with sqlite_with(made.apps[0], *broken):
        person.open("Q1").press(answer=WORDS)
        assert person.status == 503
        page = Page(person.page)
        assert NOT_KEPT in page.words
        assert page.typed["answer"] == WORDS
        assert Page(person.open("Q1").page).typed["answer"] == "before"  # what was kept is there

    person.press(answer=WORDS)
    assert (person.status, person.here) == (200, at)
    assert Page(person.open("Q1").page).typed["answer"] == WORDS
    assert "😀" not in caplog.text


def test_a_file_that_another_program_holds_loses_no_words(copy: Copies) -> None:
    made = copy("paragraph")
    person = Respondent(made.app(), "paragraph").start()

    with locked(made.apps[0], made):
        person.press(answer=WORDS)
        assert (person.status, Page(person.page).typed) == (503, {"answer": WORDS})
        assert Respondent(made.apps[0], "paragraph").start().status == 503

    assert person.press(answer=WORDS).press().send().receipt


@pytest.mark.parametrize("broken", [READ_ONLY], ids=["the file is read-only"])
def test_answers_that_cannot_be_sent_stay_unsent_until_they_can(copy: Copies, broken: tuple[str, str]) -> None:
    made = copy("paragraph")
    person = Respondent(made.app(), "paragraph").start().press(answer=WORDS).press()
    before = rows(made)

    with sqlite_with(made.apps[0], *broken):
        person.send()
        assert person.status == 503
        assert NOT_SENT in Page(person.page).words
        assert WORDS in person.page
    assert rows(made) == before == {"draft": 1, "response": 0, "answer_text": 0}

    assert person.send().receipt
    assert rows(made) == {"draft": 0, "response": 1, "answer_text": 1}


def test_starting_when_nothing_can_be_written_says_so(copy: Copies) -> None:
    made = copy("paragraph")
    app = made.app()

    with sqlite_with(app, *READ_ONLY):
        person = Respondent(app, "paragraph").start()
        assert (person.status, person.heading) == (503, "We could not keep that just now")
    assert rows(made)["draft"] == 0
    assert person.start().status == 200


def test_a_database_that_is_gone_loses_no_words_and_leaves_help_standing(copy: Copies) -> None:
    made = copy("paragraph")
    person = Respondent(made.app(), "paragraph").start()
    made.close()
    file, away = made.settings.instance / "feedback.db", made.settings.instance / "away"
    file.rename(away)

    person.press(answer=WORDS)
    assert person.status == 503
    assert Page(person.page).typed["typed"] == WORDS
    for address in ("/en", "/en/paragraph", "/en/paragraph/Q1", "/health"):
        assert person.client.get(address).status_code == 503
    assert person.client.get("/en/help").status_code == 200
    assert "0800 1111" in person.open("/ur/help").page

    made.close()
    away.rename(file)
    assert person.open("/en/paragraph/Q1").press(answer=WORDS).at == "Q2"


@pytest.fixture
def on_postgresql(copy_on: Copies, postgresql: Callable[[], str]) -> tuple[Copy, Callable[[str], None]]:
    """A copy, and the hand of somebody who looks after its server."""
    address = postgresql()
    made = copy_on(address, "paragraph")
    name = made.engine.url.database

    def manage(statement: str) -> None:
        server = made.engine.url.set(drivername="postgresql", database="postgres")
        with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(statement.format(name=name))
        made.engine.dispose()  # the test's own connections went with the others
        made.engine.dispose()  # this test's own connection was cut too

    return made, manage


CUT = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"
SHUT, OPEN = ("ALTER DATABASE {name} ALLOW_CONNECTIONS " + word for word in ("false", "true"))


def test_a_server_that_is_gone_loses_no_words(on_postgresql: tuple[Copy, Callable[[str], None]]) -> None:
    made, manage = on_postgresql
    person = Respondent(made.app(), "paragraph").start()
    manage(SHUT)
    manage(CUT)

    person.press(answer=WORDS)
    assert person.status == 503
    assert Page(person.page).typed["typed"] == WORDS
    assert person.client.get("/en/help").status_code == 200

    manage(OPEN)
    assert person.open("/en/paragraph/Q1").press(answer=WORDS).at == "Q2"


def test_a_server_that_restarted_between_two_pages_is_not_noticed(
    on_postgresql: tuple[Copy, Callable[[str], None]],
) -> None:
    made, manage = on_postgresql
    person = Respondent(made.app(), "paragraph").start().press(answer="one")
    manage(CUT)

    assert person.press(answer="two").at == "check"


@contextmanager
def cut_at(engine: Engine, moment: str, cut: Callable[[], None]) -> Iterator[None]:
    """Cut every connection once, as this engine comes to a moment: a statement's first word, or its commit."""
    waiting = [True]

    def now(*seen: Any) -> None:
        statement = seen[2] if len(seen) > 2 else "COMMIT"
        if waiting and statement.startswith(moment):
            waiting.clear()
            cut()

    name = "commit" if moment == "COMMIT" else "before_cursor_execute"
    event.listen(engine, name, now, insert=True)  # before ours, which begins the transaction
    yield
    event.remove(engine, name, now)
    assert not waiting, "the moment never came"


def test_a_connection_cut_while_an_answer_is_kept(on_postgresql: tuple[Copy, Callable[[str], None]]) -> None:
    made, manage = on_postgresql
    person = Respondent(made.app(), "paragraph").start()
    with made.apps[0].app_context():
        engine = db.engine

    with cut_at(engine, "UPDATE draft", lambda: manage(CUT)):
        person.press(answer=WORDS)

    assert person.status == 503
    assert NOT_KEPT in Page(person.page).words
    assert Page(person.page).typed["answer"] == WORDS
    assert person.press(answer=WORDS).at == "Q2"


@pytest.mark.parametrize("moment", ["DELETE FROM draft", "INSERT INTO response", "INSERT INTO answer_text", "COMMIT"])
def test_a_connection_cut_while_answers_are_sent(
    on_postgresql: tuple[Copy, Callable[[str], None]], moment: str
) -> None:
    made, manage = on_postgresql
    person = Respondent(made.app(), "paragraph").start().press(answer=WORDS).press()
    with made.apps[0].app_context():
        engine = db.engine

    with cut_at(engine, moment, lambda: manage(CUT)):
        person.send()
    assert (person.status, NOT_SENT in Page(person.page).words) == (503, True)
    assert rows(made) == {"draft": 1, "response": 0, "answer_text": 0}

    assert len(person.send().receipt.split()) == 5
    assert rows(made) == {"draft": 0, "response": 1, "answer_text": 1}
