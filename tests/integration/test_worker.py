"""A real worker process: it does what is due, stops when it is told to, and is replaced when it was killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import PROJECT
from feedback_app.jobs.worker import make_queue
from feedback_app.services import jobs, mail
from tests.factories import NOON, Copy
from tests.mail_server import Kept, free_port, serving
from tests.working import bench_of, line

Copies = Callable[..., Copy]
FEEDBACK = [sys.executable, "-m", "feedback_app.cli"]


def environment(copy: Copy) -> dict[str, str]:
    """The settings of a copy, for a process of its own."""
    given = {name.upper(): str(value) for name, value in copy.settings if value != ""}
    return os.environ | given


def start(copy: Copy, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*FEEDBACK, "worker", *words], env=environment(copy), cwd=PROJECT)


@contextmanager
def started(copy: Copy, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is stopped at the end, as `feedback run` stops its own."""
    process = start(copy, *words)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        assert process.wait(30) is not None


def until(what: Callable[[], object]) -> None:
    """Look again and again until something is so."""
    end = time.monotonic() + 40
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def write(copy: Copy, cause: str) -> None:
    with copy.session() as session, session.begin():
        now, keys = datetime.now(UTC), copy.keys.server
        mail.write(session, keys, cause, "test", to="bo@council.example", subject="s", body="b", now=now)


def test_killed_while_a_letter_goes_out_the_next_worker_sends_it_once(on_both: Copies) -> None:
    kept, port = Kept(hangs=True), free_port()
    copy = on_both("text", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    write(copy, "a/1")

    with serving(kept, port):
        process = start(copy)
        assert kept.begun.wait(40)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert line(copy, "letters").state == "running"
    kept.hangs = False
    with serving(kept, port), started(copy):
        until(lambda: line(copy, "letters").state == "done")

    assert len(kept.letters) == 1
    assert line(copy, "letters").said == "Sent 1 of 1 letters."


def test_it_shows_itself_does_everything_once_and_hears_run_now(copy: Copies) -> None:
    made = copy("text")
    with started(made) as process:
        until(lambda: all(line(made, name).state == "done" for name in jobs.JOBS))
        with made.session() as session:
            assert jobs.silent_minutes(session, datetime.now(UTC)) == 0
        first = line(made, "clearing").finished_at
        with made.session() as session, session.begin():
            jobs.ask(session, "clearing", by="Ann", now=datetime.now(UTC))
        until(lambda: line(made, "clearing").finished_at != first)
        process.terminate()
        assert process.wait(30) == 0, "it stops at once, in order"


def test_without_its_server_it_stops(copy: Copies) -> None:
    made = copy("text")
    gone = subprocess.Popen(["true"])
    gone.wait()

    with started(made, "--parent", str(gone.pid)) as process:
        assert process.wait(40) == 0


def test_the_worker_of_the_public_face_is_refused_and_says_why(copy: Copies) -> None:
    made = copy("text", face="public")

    done = subprocess.run(
        [*FEEDBACK, "worker"], env=environment(made), cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "where the staff pages are" in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis of a test's own, which keeps nothing on the disk; the test is left out where there is none."""
    pytest.importorskip("redis", reason="the package redis is not here: pip install feedback-app[redis]")
    program, port = shutil.which("redis-server"), free_port()
    if program is None:
        pytest.skip("redis-server is not here: apt-get install redis-server")
    given = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([program, *given], stdout=subprocess.DEVNULL)
    try:
        until(lambda: _answers(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_with_its_queue_in_redis_it_does_everything_once_and_hears_run_now(copy: Copies, tmp_path: Path) -> None:
    kept, port = Kept(), free_port()
    with redis_server(tmp_path) as address, serving(kept, port):
        made = copy("text", redis_url=address, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
        write(made, "a/1")
        with started(made), started(made):
            until(lambda: all(line(made, name).state == "done" for name in jobs.JOBS))
            first = line(made, "clearing").finished_at
            with made.session() as session, session.begin():
                jobs.ask(session, "clearing", by="Ann", now=datetime.now(UTC))
            until(lambda: line(made, "clearing").finished_at != first)
        assert not (made.settings.instance / "jobs.db").exists()

    assert len(kept.letters) == 1


def test_a_redis_that_cannot_be_used_is_named(copy: Copies) -> None:
    made = copy("text", redis_url="not an address")

    with pytest.raises(FeedbackError, match="REDIS_URL cannot be used"):
        make_queue(bench_of(made, NOON))


@pytest.mark.parametrize(("server", "code"), [(True, 0), (False, 1)])
def test_the_command_that_tries_the_mail_server(copy: Copies, server: bool, code: int) -> None:
    kept, port = Kept(), free_port()
    made = copy("text", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    command = [*FEEDBACK, "mail", "test", "bo@council.example"]

    def send() -> subprocess.CompletedProcess[str]:
        given = environment(made)
        return subprocess.run(command, env=given, cwd=PROJECT, capture_output=True, text=True, check=False)

    if server:
        with serving(kept, port):
            done = send()
    else:
        done = send()

    assert done.returncode == code
    assert [letter["To"] for letter in kept.letters] == ["bo@council.example"] * server
    assert ("The letter went to 127.0.0.1." in done.stdout) is server
    assert ("The letter did not go. Nothing answers at SMTP_HOST and SMTP_PORT." in done.stderr) is not server


def test_the_server_lives_on_when_its_worker_dies_starts_another_and_stops_it_when_it_stops(copy: Copies) -> None:
    port = free_port()
    made = copy("text", port=port)
    server = subprocess.Popen([*FEEDBACK, "run"], env=environment(made), cwd=PROJECT, stdout=subprocess.DEVNULL)
    try:
        until(lambda: workers_of(server.pid))
        (worker,) = workers_of(server.pid)
        until(lambda: line(made, "letters").state == "done" and is_well(port))
        os.kill(worker, signal.SIGKILL)
        assert is_well(port)
        until(lambda: set(workers_of(server.pid)) - {worker})
        assert server.poll() is None
    finally:
        server.terminate()
        server.wait(40)
    until(lambda: not workers_of(server.pid))


def is_well(port: int) -> bool:
    """Whether the server answers that it is well."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def workers_of(parent: int) -> list[int]:
    """The worker processes that a server has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"worker" in words and str(parent).encode() in words:
            found.append(int(folder.name))
    return found
