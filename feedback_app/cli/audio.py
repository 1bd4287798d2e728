"""The sounds of the listen buttons: list what to record, make drafts with a program, say what there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import Settings, read_settings
from feedback_app.definitions.area import load_area
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import audit, publishing, speaking
from feedback_app.services.recordings import Speech, read_recordings, speeches, unlike

SURVEY = click.option("--survey", help="Only this survey.")
LANGUAGE = click.option("--language", type=click.Choice(list(LOCALES)), help="Only this language.")
EVERY = 25  # texts, between two lines of progress


@click.group()
def audio() -> None:
    """Recordings for the listen buttons: list, make drafts, count."""


def _speeches(settings: Settings, survey: str | None, language: str | None) -> Iterator[Speech]:
    """Every text that can be heard, in each language its survey is complete in."""
    area = load_area(settings.surveys, settings.area)
    around = publishing.surroundings(settings.surveys, area)
    checked = publishing.check(publishing.survey_files(settings.surveys), around, settings.translations)
    families = [one.survey.survey for one in checked]
    if survey and survey not in families:
        raise FeedbackError(f'There is no survey "{survey}". There are: {", ".join(families)}.')
    for one in checked:
        if survey in (None, one.survey.survey):
            frozen = publishing.as_published(one, area, settings.translations)
            for code in (SOURCE, *frozen.languages):
                if language in (None, code):
                    yield from speeches(frozen, area, code)


@audio.command()
@SURVEY
@LANGUAGE
def make(survey: str | None, language: str | None) -> None:
    """Make drafts with espeak-ng of all texts that have no recording. It can be stopped, and carries on next time."""
    settings = read_settings()
    programs, found = speaking.find_programs(), read_recordings(settings.sounds)
    with opened():  # a run of minutes should not end with "there is no copy here"
        pass
    every = unlike(_speeches(settings, survey, language))
    wanted = [one for one in every if found.of(one.language, one.words) is None]
    for code in sorted({one.language for one in wanted} - speaking.VOICES.keys()):
        click.echo(f"{LOCALES[code].english_name}: espeak-ng does not speak it. It needs people's recordings.")
    todo = [one for one in wanted if one.language in speaking.VOICES]
    made: list[Path] = []
    try:
        for one in todo:
            made.append(speaking.make(programs, one, settings.sounds))
            if len(made) % EVERY == 0:
                click.echo(f"{len(made)} of {len(todo)}")
    finally:
        if made:
            with opened() as copy:
                subject = settings.sounds.name
                audit.record(copy.session, BY, "audio.make", subject, copy.wiring.clock.now(), files=len(made))
    click.echo(f"Made {len(made)} synthetic drafts in {settings.sounds / 'synthetic'}.")
    if made:
        click.echo("Start the server again, and the listen buttons play them.")


@audio.command()
@SURVEY
@LANGUAGE
def status(survey: str | None, language: str | None) -> None:
    """Say how many texts have a person's recording, a synthetic draft, or none."""
    settings = read_settings()
    found = read_recordings(settings.sounds)
    counts: dict[str, dict[str, int]] = {}
    for one in unlike(_speeches(settings, survey, language)):
        sound = found.of(one.language, one.words)
        count = counts.setdefault(one.language, dict.fromkeys(("human", "synthetic", "none"), 0))
        count[sound.source if sound else "none"] += 1
    for code in (code for code in LOCALES if code in counts):
        said = ", ".join(f"{number} {source}" for source, number in counts[code].items())
        speaks = "" if code in speaking.VOICES else " (espeak-ng does not speak it)"
        click.echo(f"{code}: {sum(counts[code].values())} texts, {said}{speaks}")


@audio.command(name="list")
@SURVEY
@LANGUAGE
@click.option("--all", "with_recorded", is_flag=True, help="Also those that a person has recorded.")
def list_(survey: str | None, language: str | None, with_recorded: bool) -> None:
    """List what to record: for each text the name of its file, a tab, and the words. Add .mp3, .m4a, .ogg or .wav."""
    settings = read_settings()
    found = read_recordings(settings.sounds)
    for one in unlike(_speeches(settings, survey, language)):
        sound = found.of(one.language, one.words)
        if with_recorded or sound is None or sound.source != "human":
            click.echo(f"human/{one.stem}\t{one.words}")
