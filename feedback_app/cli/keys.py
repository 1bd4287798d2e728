"""Look after the keys."""

from __future__ import annotations

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.core.keys import load_keys, make_sealing_key
from feedback_app.core.settings import read_settings
from feedback_app.services import audit


@click.group()
def keys() -> None:
    """Look after the keys."""


@keys.command(name="list")
def list_() -> None:
    """List the sealing keys: which one new answers are sealed to, and which ones this copy can open with."""
    settings = read_settings()
    held = load_keys(settings.keys, private=True)
    for key_id in sorted({held.key_id, *held.private}):
        opens = "can open" if key_id in held.private else "cannot open (its private half is not here)"
        click.echo(f"{key_id}  {opens}{'  new answers are sealed to it' if key_id == held.key_id else ''}")


@keys.command()
def new() -> None:
    """Make a new sealing key. Older answers still open with the older keys; restart the server to use the new one."""
    with opened() as copy:
        key_id = make_sealing_key(copy.wiring.settings.keys)
        audit.record(copy.session, BY, "key.make", key_id, copy.wiring.clock.now())
    click.echo(f"New answers will be sealed to {key_id} once the server is started again.")
