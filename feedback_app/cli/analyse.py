"""Let software read the comments and suggest codes."""

from __future__ import annotations

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.services import bundles
from feedback_app.services.reading import read_new
from feedback_app.storage.db import db
from feedback_app.storage.locks import alone


@click.command()
def analyse() -> None:
    """Read the comments that are new: language, tone, and codes that may fit.

    The worker does this by itself every few minutes. What outreach tablets sent sealed is stored first. What is
    suggested is not counted until a person accepts it. Can be stopped and run again.
    """
    with opened() as copy, alone(db.engine, "comments", wait=True):
        wired = copy.wiring
        tools = (wired.keys, wired.screens, wired.editions)
        taken = bundles.take_in(copy.session, *tools, by=BY, now=wired.clock.now())
        copy.session.commit()
        if taken.stored or taken.said_no or taken.troubled:
            click.echo(
                f"From outreach tablets: stored the answers of {taken.stored} people; {taken.said_no} said no; "
                f"{taken.troubled} could not be stored and stay sealed."
            )
        last = None
        for last in read_new(copy.session, wired.keys, wired.editions, wired.settings, by=BY, clock=wired.clock):
            copy.session.commit()
            if last.done:
                click.echo(f"Read {last.done} of {last.total} comments.", err=True)
        if last and last.total:
            click.echo(
                f"Read {last.total} comments and suggested {last.suggested} codes. "
                f"Unsure of the language of {last.unsure_of_language}, and of the tone of {last.unsure_of_tone}. "
                "Nothing is counted until a person decides."
            )
        else:
            click.echo("There is no new comment to read.")
        copy.session.commit()
