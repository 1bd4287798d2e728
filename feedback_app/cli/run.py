"""Start the server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import click

from feedback_app.cli.opened import opened
from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import Settings, read_settings

# Whoever takes longer than this to send the head of a request is cut off; web/support/whole_bodies.py looks to bodies.
HEADERS_WITHIN = 5_000  # milliseconds
STOPS_WITHIN = 15  # seconds, for what is being answered: a signal that comes as a process begins can be lost
LOOKS_EVERY = 2.0  # seconds: how soon a worker that died is missed


def _need_free(address: str, port: int) -> None:
    """Two servers on one port would share its visitors between them, without a word."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        if probe.connect_ex((address, port)) == 0:
            raise FeedbackError(f"Port {port} is taken already. Stop what uses it, or choose another: PORT={port + 1}")


@contextmanager
def worker_beside(settings: Settings) -> Iterator[None]:
    """Run a worker as long as the server runs; should it die, another one takes its place.

    The public face alone has no key to read with, and gets none.
    """
    if settings.face == "public":
        yield
        return
    stopped = Event()
    keeper = Thread(target=_keep, args=(_worker(), stopped))
    keeper.start()
    try:
        yield
    finally:
        stopped.set()
        keeper.join()


def _worker() -> subprocess.Popen[bytes]:
    # In a session of its own, so that Ctrl-C stops the server first and the worker after it.
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "feedback_app.cli", "worker", "--parent", str(os.getpid())], start_new_session=True
    )


def _keep(worker: subprocess.Popen[bytes], stopped: Event) -> None:
    """Start another worker whenever the last one has died; at the end, stop it."""
    while not stopped.wait(LOOKS_EVERY):
        if worker.poll() is not None:
            worker = _worker()
    worker.terminate()
    try:
        worker.wait(30)
    except subprocess.TimeoutExpired:
        worker.kill()


@click.command()
def run() -> None:
    """Start the server and a worker beside it, and say where people find it. Stop both with Ctrl-C."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    settings = read_settings()
    _need_free(settings.bind, settings.port)
    with opened() as copy:
        example = copy.wiring.area.example
    click.echo(f"For respondents: {settings.address}/")
    if settings.face != "public":
        click.echo(f"For staff:       {settings.address}{'/staff/' if settings.face == 'both' else '/'}")
    if example:
        click.echo("This is the example area: every page says that it is an example.")
    click.echo("Stop with Ctrl-C.")
    server = Granian(
        "feedback_app.wsgi:served",
        address=settings.bind,
        port=settings.port,
        interface=Interfaces.ASGINL,
        workers=settings.workers,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN),
        log_level=LogLevels(os.environ.get("LOG_LEVEL", "warning")),
        process_name=None,
    )
    with worker_beside(settings):
        server.serve()
