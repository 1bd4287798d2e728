"""Load the example year of training, and take it out again."""

from __future__ import annotations

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.services import example_year


@click.group()
def example() -> None:
    """Load an example year of training, or clear it."""


@example.command()
def load() -> None:
    """Load a year of courses and attendance, each marked as an example."""
    with opened() as copy:
        wired = copy.wiring
        clock = wired.clock
        done = example_year.load(copy.session, wired.area, by=BY, now=clock.now(), today=clock.today())
    click.echo(f"Loaded {done.courses} courses with {done.sessions} entries, {done.attended:,} attendances in all.")
    click.echo("They are dated April 2023 to March 2024, and each is marked as an example.")


@example.command()
def clear() -> None:
    """Take out what `load` brought, and nothing else."""
    with opened() as copy:
        done = example_year.clear(copy.session, by=BY, now=copy.wiring.clock.now())
    click.echo(f"Took out {done.courses} courses and {done.sessions} entries.")
