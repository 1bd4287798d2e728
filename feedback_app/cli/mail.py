"""See whether letters go out."""

from __future__ import annotations

import click

from feedback_app.cli.opened import opened
from feedback_app.services import mail as letters


@click.group()
def mail() -> None:
    """See whether letters go out."""


@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send a test letter to ADDRESS at once, and say what went wrong if it does not go."""
    with opened() as copy:
        wired = copy.wiring
        post = letters.post_of(wired.settings)
        letters.try_out(post, wired.settings.mail_from, address, area=wired.area.short_name, now=wired.clock.now())
        where = wired.settings.smtp_host or f"the folder {wired.settings.instance / 'outbox'}: no SMTP_HOST is set"
    click.echo(f"The letter went to {where}.")
