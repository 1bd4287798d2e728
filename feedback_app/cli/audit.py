"""Check the audit log."""

from __future__ import annotations

import click

from feedback_app.cli.opened import opened
from feedback_app.services import audit as log


@click.group()
def audit() -> None:
    """Check the audit log."""


@audit.command()
def verify() -> None:
    """Check that no event was changed, moved or taken out."""
    with opened() as copy:
        count, folder = log.verify(copy.session), copy.wiring.settings.instance
        noted = log.check_head(copy.session, folder)
        log.keep_head(copy.session, folder)
    click.echo(f"The audit log is whole: {count} events. Outside the database it was known up to event {noted}.")
