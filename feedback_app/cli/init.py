"""Make a new copy ready: keys, database, first account, surveys published. Safe to run again."""

from __future__ import annotations

import click

from feedback_app.cli.database import bring_up
from feedback_app.cli.opened import BY, opened
from feedback_app.cli.surveys import WAITS
from feedback_app.core.keys import make_keys
from feedback_app.core.settings import read_settings
from feedback_app.services import accounts, publishing, registers


@click.command()
def init() -> None:
    """Make a new copy ready to run, or bring one up to date."""
    settings = read_settings()
    settings.instance.mkdir(parents=True, exist_ok=True)
    settings.instance.chmod(0o700)
    if make_keys(settings.keys):
        click.echo(
            f"Made the keys in {settings.keys}. Nobody can read an answer without them: keep a copy somewhere safe."
        )
    bring_up(settings)
    with opened() as copy:
        now = copy.wiring.clock.now()
        around = publishing.surroundings(settings.surveys, copy.wiring.area)
        checked = publishing.check(publishing.survey_files(settings.surveys), around, settings.translations)
        for one in checked:
            done = publishing.publish(copy.session, one, copy.wiring.area, settings.translations, by=BY, now=now)
            put = publishing.open_standing(copy.session, done, by=BY, today=copy.wiring.clock.today(), now=now)
            if put.waits:
                click.echo(f"{put.id}: {WAITS}")
        registers.load_once(copy.session, copy.wiring.area, by=BY, now=now)
        password = accounts.first_account(copy.session, now=now)
    if password:
        click.echo("")
        click.echo("The first staff account. The password is shown once, now:")
        click.echo(f"    name      {accounts.FIRST}")
        click.echo(f"    password  {password}")
        click.echo("")
