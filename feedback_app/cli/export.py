"""Write a collection's answers to a file, in the form that its ending names."""

from __future__ import annotations

import os
from pathlib import Path

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import exports
from feedback_app.services.exports import FORMS

ENDINGS = ", ".join(f".{ending}" for ending in FORMS)


@click.command()
@click.argument("collection")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help=f"File to write; it ends in {ENDINGS}.",
)
@click.option("--language", default=SOURCE, show_default=True, help="Language of the questions and answers.")
@click.option("--with-words", is_flag=True, help="With people's own words. Without it each is a mark: [text given].")
def export(collection: str, out: Path, language: str, with_words: bool) -> None:
    """Write a collection's answers, one row a response: as CSV, XLSX, SPSS or JSON lines; or their codebook."""
    form = next((ending for ending in reversed(FORMS) if out.name.endswith(f".{ending}")), None)
    if form is None:
        raise FeedbackError(f"The file's name says which form it has. It must end in one of: {ENDINGS}.")
    with opened() as copy:
        wired, session = copy.wiring, copy.session
        sheet = exports.prepare(session, wired.editions, collection, language, words=with_words)
        exports.record(session, sheet, form, by=BY, now=wired.clock.now())
        os.close(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        exports.write(session, sheet, form, out, wired.keys)
    held = "its codebook" if form == "codebook.csv" else f"{sheet.number} responses"
    click.echo(f"Wrote {held} to {out}. Each row is one person: keep the file as safe as the database.")
