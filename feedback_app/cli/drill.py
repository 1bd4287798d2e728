"""Try out the way of an alert, from the queue to the safeguarding lead and back."""

from __future__ import annotations

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.core.clock import LOCAL
from feedback_app.services import alerts, drills, jobs


@click.command()
@click.option("--last", is_flag=True, help="Only say when a drill was passed the last time.")
def drill(last: bool) -> None:
    """Put a drill text in the safeguarding queue. Its alert goes out, and the lead says that they have seen it.

    Do this before each wave. A drill is marked as one everywhere and is in no figure.
    """
    with opened() as copy:
        session, now = copy.session, copy.wiring.clock.now()
        passed = drills.last_passed(session)
        if passed is None:
            click.echo("No drill was passed yet.")
        else:
            click.echo(
                f"The last drill was passed on {passed.at.astimezone(LOCAL):%d %B %Y}: {passed.by} saw it "
                f"{passed.minutes} {'minute' if passed.minutes == 1 else 'minutes'} after its alert."
            )
        if last:
            return
        ident = drills.start(session, by=BY, now=now)
        silent = jobs.silent_minutes(session, now)
    click.echo(f"Drill {alerts.short(ident)} is in the queue: {copy.wiring.settings.staff_address}/triage/{ident}")
    if silent is None or silent:
        click.echo("No worker is running, so no alert goes out yet. Start one with: feedback run, or feedback worker")
    else:
        click.echo("Its alert goes out within a minute. The drill is passed when a lead says that they have seen it.")
