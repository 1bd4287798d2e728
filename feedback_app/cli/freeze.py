"""Set the day from which the report of a period is frozen."""

from __future__ import annotations

from datetime import datetime

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.services import freezes

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--from", "first", type=DAY, help="First day of the report.")
@click.option("--to", "last", type=DAY, help="Last day of the report.")
@click.option("--on", type=DAY, help="The day from which it is frozen; today if it is left out.")
def freeze(first: datetime | None, last: datetime | None, on: datetime | None) -> None:
    """Freeze a report: say from which day nobody can take answers of its period back. Without days, list them.

    Until that day people can erase what they sent, with their five words. Twelve months after it their own words are
    deleted. A day to come can be moved; a day that has come stays.
    """
    with opened() as copy:
        if first and last:
            clock = copy.wiring.clock
            day = on.date() if on else clock.today()
            freezes.freeze(copy.session, first.date(), last.date(), day, by=BY, today=clock.today(), now=clock.now())
        elif first or last or on:
            raise click.UsageError("Give both --from and --to.")
        for one in freezes.listed(copy.session):
            click.echo(f"{one.first} to {one.last}: frozen on {one.on}; own words are deleted on {one.words_end}")
