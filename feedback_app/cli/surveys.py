"""Check, list and publish the survey files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.cli.paper import print_
from feedback_app.core.settings import Settings, read_settings
from feedback_app.definitions import reading_age
from feedback_app.definitions.area import load_area
from feedback_app.definitions.survey import json_schema
from feedback_app.services import publishing
from feedback_app.services.publishing import Checked

WAITS = "not open yet, because children can write in it: sign in; its page says what it needs first."
FILES = click.argument("files", nargs=-1, type=click.Path(path_type=Path))


@click.group()
def surveys() -> None:
    """Check, list and publish surveys."""


def _checked(settings: Settings, files: tuple[Path, ...]) -> list[Checked]:
    around = publishing.surroundings(settings.surveys, load_area(settings.surveys, settings.area))
    wanted = list(files) or publishing.survey_files(settings.surveys)
    return publishing.check(wanted, around, settings.translations)


@surveys.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Check survey files (all, if none is named): every problem with its line, and how hard each is to read."""
    for one in _checked(read_settings(), files):
        questions, reading = len(one.survey.questions), reading_age.read(one.survey)
        click.echo(f"{one.source.name}: version {one.survey.version}, {questions} questions, no problem.")
        click.echo(f"  Reads at grade {reading.grade:.1f}; for {one.survey.audience} the most is {reading.limit}.")
        for sentence in reading.over:
            where = one.source.line(sentence.place)
            click.echo(f"  line {where}, grade {sentence.grade:.1f} by itself: {sentence.text}")


@surveys.command()
def schema() -> None:
    """Print the JSON Schema of a survey file, for editors."""
    click.echo(json.dumps(json_schema(), indent=2))


@surveys.command()
@FILES
def publish(files: tuple[Path, ...]) -> None:
    """Publish survey files (all, if none is named) and open them."""
    settings = read_settings()
    checked = _checked(settings, files)
    with opened() as copy:
        now, area = copy.wiring.clock.now(), copy.wiring.area
        for one in checked:
            done = publishing.publish(copy.session, one, area, settings.translations, by=BY, now=now)
            put = publishing.open_standing(copy.session, done, by=BY, today=copy.wiring.clock.today(), now=now)
            state = "published" if done.new else "is published already"
            click.echo(f"{done.survey.survey} version {done.survey.version} {state}, in: {', '.join(done.languages)}.")
            for code, missing in done.waiting.items():
                click.echo(f"  not offered in {code} yet: {missing} texts are not translated.")
            if put.waits:
                click.echo(f"  {WAITS}")


@surveys.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for other programs.")
def list_(as_json: bool) -> None:
    """List the survey files and the languages they are complete in."""
    settings = read_settings()
    rows = [
        {
            "slug": one.survey.survey,
            "version": one.survey.version,
            "title": one.survey.title,
            "audience": one.survey.audience,
            "mode": one.survey.mode,
            "questions": len(one.survey.questions),
            "short": len(one.survey.short),
            "languages": publishing.complete_languages(one, settings.translations),
        }
        for one in _checked(settings, ())
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        spoken = ", ".join(map(str, row["languages"]))  # type: ignore[call-overload]
        click.echo(f"{row['slug']}  version {row['version']}  {row['questions']} questions  {spoken}  {row['title']}")


surveys.add_command(print_)
