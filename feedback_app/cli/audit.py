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
        count = log.verify(copy.session)
    click.echo(f"The audit log is whole: {count} events.")
