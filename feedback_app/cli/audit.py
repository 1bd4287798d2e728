"""Check the audit log."""

from __future__ import annotations

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.services import audit as log


@click.group()
def audit() -> None:
    """Check the audit log."""


@audit.command()
def verify() -> None:
    """Check that no event was changed, moved, taken out or put in."""
    with opened() as copy:
        count = log.check(copy.session, copy.wiring.settings.audit_head)
        number, seal = log.last(copy.session)
    click.echo(f"The audit log is whole: {count} events.")
    click.echo(f"Its head is {number} {seal}.")


@audit.command()
@click.option("--reason", required=True, help="Why the log ends where it does; it is kept as an event.")
def accept(reason: str) -> None:
    """Take the end of the log as it is now for right: after a backup was put back.

    The events themselves must still be whole.
    """
    with opened() as copy:
        file, now = copy.wiring.settings.audit_head, copy.wiring.clock.now()
        count = log.accept(copy.session, file, reason, by=BY, now=now)
    click.echo(f"The log goes on after event {count}. Your reason is kept as event {count + 1}.")
