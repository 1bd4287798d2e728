"""Try the lists of words that may mean a child is at risk."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from feedback_app.core.errors import BadFile
from feedback_app.core.settings import read_settings
from feedback_app.services import concern as concerns
from feedback_app.services.concern import Tried


@click.group()
def concern() -> None:
    """Try the lists of words that may mean a child is at risk."""


@concern.command()
@click.option("--file", type=click.Path(path_type=Path), help="A CSV file of cases: columns id, lang, text.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for other programs, one line for a row.")
def check(file: Path | None, as_json: bool) -> None:
    """Try every list on its own test sentences, or on a file of cases.

    For a case it prints what the words alone say. A text in a language whose list no person has reviewed is read as P2
    at least when it comes in, whatever is printed here.
    """
    surveys = read_settings().surveys
    if file is None:
        _own_sentences(concerns.check(surveys), as_json)
        return
    for case in concerns.read_cases(surveys, file):
        if as_json:
            click.echo(json.dumps(asdict(case), ensure_ascii=False))
        else:
            shown = (case.id, case.band, case.category, case.lowered, case.phrase)
            click.echo("  ".join(part for part in shown if part))


def _own_sentences(tried: list[Tried], as_json: bool) -> None:
    for one in tried:
        if as_json:
            row = {
                "language": one.language,
                "phrases": one.phrases,
                "sentences": one.sentences,
                "failed": len(one.faults),
                "reviewers": [f"{reviewer.who}, {reviewer.on}" for reviewer in one.reviewers],
            }
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            right = one.sentences - len(one.faults)
            by = "; ".join(f"{reviewer.who}, {reviewer.on}" for reviewer in one.reviewers) or "nobody yet"
            click.echo(
                f"{one.name}: {one.phrases} phrases, {right} of {one.sentences} sentences right. Reviewed by: {by}."
            )
    faults = [fault for one in tried for fault in one.faults]
    if faults:
        raise BadFile(faults)
