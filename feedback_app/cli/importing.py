"""Bring in answers from a file, and say what was taken and what was not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.services import importing
from feedback_app.services.importing import Batch, Import

EVERY = 1.0  # seconds between two lines of progress


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), required=True, help="Which column answers which question.")
@click.option("--skip-bad", is_flag=True, help="Leave out the rows that cannot be taken, and say which.")
@click.option("--dry-run", is_flag=True, help="Do everything but keep it.")
def import_(file: Path, mapping: Path, skip_bad: bool, dry_run: bool) -> None:
    """Bring in answers from FILE, a CSV file, into a collection marked "imported".

    The mapping says what was asked and which column answers it: see docs/importing.md. Either every row is brought in,
    or none is and each bad row is told with its line, unless --skip-bad is given.
    """
    with opened() as copy:
        wired = copy.wiring
        one = importing.prepare(
            file,
            mapping,
            surveys=wired.settings.surveys,
            translations=wired.settings.translations,
            area=wired.area,
            today=wired.clock.today(),
        )
        tell = _Ticker()
        batch = importing.read(copy.session, wired.keys, wired.screens, one, skip_bad=skip_bad, progress=tell)
        if not dry_run:
            importing.keep(copy.session, one, batch, by=BY, now=wired.clock.now(), progress=tell)
    for line in _said(one, batch):
        click.echo(line)
    if dry_run:
        click.echo("This was a dry run: nothing was kept.")


class _Ticker:
    """Prints how far the work has come, once a second, beside what the command prints at the end."""

    def __init__(self) -> None:
        self.told = time.monotonic()

    def __call__(self, doing: str, done: int, of: int) -> None:
        if time.monotonic() - self.told >= EVERY:
            self.told = time.monotonic()
            click.echo(f"{doing} {done:,} of {of:,}.", err=True)


def _said(one: Import, batch: Batch) -> Iterator[str]:
    about, (first, last) = one.mapping.collection, batch.days
    if batch.refused:
        yield f"Left out {batch.refused:,} of {batch.rows:,} rows:"
        yield from (f"  {problem}" for problem in sorted(batch.problems))
    yield f'{about.id}: took {len(batch.taken):,} of {batch.rows:,} rows, dated {first} to {last}, as "{about.title}".'
    asked = len(one.fit.asking)
    yield f"  Questions: {asked}. Free texts, sealed: {len(batch.texts):,}. Rows that answer nothing: {batch.silent:,}."
    if batch.to_read:
        yield f"  Texts that wait for the safeguarding lead, who reads them first: {batch.to_read:,}."
    if one.fit.coded:
        yield f"  {len(batch.codes):,} codes, as decided by {one.fit.coded.coder}."
    if batch.codes_without_words:
        yield f"  {batch.codes_without_words:,} codes were not taken: their comment is blank."
    if one.fit.unanswered:
        yield f"  Nothing in the file answers: {', '.join(one.fit.unanswered)}."
    if one.fit.not_taken:
        yield "  Columns not taken:"
        for why in dict.fromkeys(one.fit.not_taken.values()):
            headings = [heading for heading, reason in one.fit.not_taken.items() if reason == why]
            yield f"    {', '.join(headings)}: {why}."
