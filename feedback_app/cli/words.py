"""Gather, check and compile the translations, and hand them to translators and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

import click

from feedback_app.core.errors import BadFile, Problem
from feedback_app.core.settings import PROJECT, read_settings
from feedback_app.i18n import catalogues, checking, extractor, worksheet
from feedback_app.i18n.locales import LOCALES, SOURCE

PACKAGE = PROJECT / "feedback_app"
TRANSLATED = click.Choice([code for code in LOCALES if code != SOURCE])


@click.group()
def translations() -> None:
    """Gather, check and compile translations."""


@translations.command()
def extract() -> None:
    """Gather every text into the templates (.pot)."""
    settings = read_settings()
    for domain in catalogues.DOMAINS:
        source = extractor.template(domain, PACKAGE, settings.surveys)
        extractor.write(source, settings.translations / f"{domain}.pot")
        click.echo(f"{domain}: {len(source)} messages.")
    click.echo("Bring the languages up to them with: feedback translations update")


@translations.command()
@click.argument("languages", nargs=-1, type=TRANSLATED)
def update(languages: tuple[str, ...]) -> None:
    """Bring the languages up to the templates: these, or all that there are. One that is not there yet is begun."""
    folder = read_settings().translations
    templates = {domain: catalogues.read_catalogue(folder / f"{domain}.pot") for domain in catalogues.DOMAINS}
    for code in languages or catalogues.translated_locales(folder):
        for domain, source in templates.items():
            fresh = extractor.updated(source, folder, code, domain)
            extractor.write(fresh, catalogues.catalogue_file(folder, code, domain))
        held = catalogues.progress(folder, code)
        click.echo(f"{code}: {held.messages} messages, {held.messages - held.translated} to be translated.")


@translations.command(name="compile")
def compile_() -> None:
    """Compile the interface's words for the running application."""
    settings = read_settings()
    problems = list(checking.misfits(settings.translations))
    if problems:
        raise BadFile(problems)
    count = catalogues.compile_catalogues(settings.translations)
    click.echo(f"Compiled the words of {count} languages.")


@translations.command()
@click.option("--complete", is_flag=True, help="What is missing or fuzzy is a problem too.")
def check(complete: bool) -> None:
    """Check that everything is current, loses no name in braces, and is in its own language."""
    settings = read_settings()
    folder = settings.translations
    problems = [*checking.misfits(folder), *checking.suspicions(folder), *checking.other_plurals(folder)]
    old = list(extractor.stale(PACKAGE, settings.surveys, folder))
    problems += [Problem(f"{domain}.pot", 0, "out of date. Run: feedback translations extract") for domain in old]
    for code in catalogues.translated_locales(folder):
        for domain in catalogues.DOMAINS:
            if extractor.behind(folder, code, domain):
                problems.append(Problem(f"{code}/{domain}.po", 0, "out of date. Run: feedback translations update"))
        waiting = _waiting(catalogues.progress(folder, code))
        if waiting and complete:
            problems.append(Problem(code, 0, waiting))
        elif waiting:
            click.echo(f"{code}: {waiting}")
    if problems:
        raise BadFile(problems)
    click.echo("The translations are sound.")


def _waiting(held: catalogues.Progress) -> str:
    missing = held.messages - held.translated - held.fuzzy
    return f"{missing} missing and {held.fuzzy} fuzzy." if missing or held.fuzzy else ""


@translations.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(as_json: bool) -> None:
    """Say how far each language is, and whether people have reviewed it."""
    folder = read_settings().translations
    held = [catalogues.progress(folder, code) for code in LOCALES if code != SOURCE]
    if as_json:
        keys = ("language", "messages", "translated", "fuzzy", "state")
        click.echo(json.dumps([{key: getattr(one, key) for key in keys} for one in held], indent=2))
        return
    click.echo(f"{'language':28}{'messages':>9}{'translated':>12}{'fuzzy':>7}{'missing':>9}  state")
    for one in held:
        name = f"{one.language} {LOCALES[one.language].english_name}"
        missing = one.messages - one.translated - one.fuzzy
        click.echo(f"{name:28}{one.messages:9}{one.translated:12}{one.fuzzy:7}{missing:9}  {one.state}")


@translations.command()
@click.argument("language", type=TRANSLATED)
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="The file to write; else the screen.")
def missing(language: str, out: TextIO) -> None:
    """Print what waits for a translator, one message a line, as JSON."""
    count = 0
    for line in worksheet.missing(read_settings().translations, language):
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
        count += 1
    click.echo(f"{language}: {count} messages are to be translated.", err=True)


@translations.command()
@click.argument("language", type=TRANSLATED)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def fill(language: str, file: Path) -> None:
    """Put translations from lines of JSON into the catalogues, as drafts. Every line that is refused is told."""
    with file.open(encoding="utf-8-sig") as lines:
        count, problems = worksheet.fill(read_settings().translations, language, lines, file.name)
    click.echo(f"{language}: {count} messages written, {len(problems)} refused.")
    if problems:
        raise BadFile(problems)
