"""Look after the keys."""

from __future__ import annotations

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import load_keys, make_sealing_key
from feedback_app.core.keys import retire as retire_key
from feedback_app.core.settings import read_settings
from feedback_app.services import audit, sealed


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
def rotate() -> None:
    """Make a new sealing key. Older answers still open with the older keys; restart the server to use the new one."""
    with opened() as copy:
        key_id = make_sealing_key(copy.wiring.settings.keys)
        audit.record(copy.session, BY, "key.make", key_id, copy.wiring.clock.now())
    click.echo(f"New answers will be sealed to {key_id} once the server is started again.")
    click.echo("Copy the new key to where you keep the others safe, before the first answer is sealed to it.")


@keys.command()
@click.argument("key_id")
def retire(key_id: str) -> None:
    """Take a key out of use, once nothing is sealed to it any more. Backups from before may still need it."""
    with opened() as copy:
        left = sealed.by_key(copy.session).get(key_id, {})
        if left:
            said = ", ".join(f"{what} ({number:,})" for what, number in left.items())
            raise FeedbackError(f"These are still sealed to {key_id}, and would be lost: {said}. It stays in use.")
        aside = retire_key(copy.wiring.settings.keys, key_id)
        audit.record(copy.session, BY, "key.retire", key_id, copy.wiring.clock.now())
    click.echo(f"The key {key_id} is in {aside} now, where nothing uses it. Start the server again.")
    click.echo("Move it to where you keep your keys safe. Backups that were made until today still need it.")
