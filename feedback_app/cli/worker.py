"""Start the worker: the process that does what runs by itself."""

from __future__ import annotations

import click

from feedback_app.core.settings import read_settings


@click.command()
@click.option("--parent", default=0, hidden=True, help="The process that the worker belongs to, and stops with.")
def worker(parent: int) -> None:
    """Send letters, read new comments, clear away what is over. Stop it with Ctrl-C.

    `feedback run` starts one beside the server. Start more of them anywhere that has this copy's keys and database:
    each kind of work is done by one at a time.
    """
    from feedback_app.jobs.bench import make_bench
    from feedback_app.jobs.worker import make_worker

    bench = make_bench(read_settings())
    if not parent:
        click.echo("The worker is running. Stop it with Ctrl-C.")
    make_worker(bench, parent).run()
