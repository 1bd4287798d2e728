"""Start the server."""

from __future__ import annotations

import os
import socket

import click

from feedback_app.cli.opened import opened
from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import read_settings


def _need_free(address: str, port: int) -> None:
    """Two servers on one port would share its visitors between them, without a word."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        if probe.connect_ex((address, port)) == 0:
            raise FeedbackError(f"Port {port} is taken already. Stop what uses it, or choose another: PORT={port + 1}")


@click.command()
def run() -> None:
    """Start the server, and say where people find it. Stop it with Ctrl-C."""
    from granian import Granian
    from granian.constants import Interfaces
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
        "feedback_app.wsgi:app",
        address=settings.bind,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        websockets=False,
        log_level=LogLevels(os.environ.get("LOG_LEVEL", "warning")),
        process_name=None,
    )
    server.serve()
