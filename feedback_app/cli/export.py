"""Write a collection's closed answers to a file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.services import exports


@click.command()
@click.argument("collection")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="CSV file to write.")
def export(collection: str, out: Path) -> None:
    """Write a collection's closed answers as CSV, one row a response. Free text stays sealed and is left out."""
    with opened() as copy:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            wired = copy.wiring
            number = exports.export(copy.session, wired.editions, collection, file, by=BY, now=wired.clock.now())
    click.echo(f"Wrote {number} responses to {out}. Each row is one person: keep the file as safe as the database.")
