"""Gather, check and compile the translations."""

from __future__ import annotations

from pathlib import Path

import click

from feedback_app.core.errors import BadFile, FeedbackError, Problem
from feedback_app.core.settings import PROJECT, read_settings
from feedback_app.i18n import catalogues, extractor

PACKAGE = Path("feedback_app")


@click.group()
def translations() -> None:
    """Gather, check and compile translations."""


@translations.command()
def extract() -> None:
    """Gather every text into the templates, and bring each language's catalogue up to them."""
    settings = read_settings()
    for domain in catalogues.DOMAINS:
        source = extractor.template(domain, PROJECT / PACKAGE, settings.surveys)
        extractor.write(source, settings.translations / f"{domain}.pot")
        for code in catalogues.translated_locales(settings.translations):
            fresh = extractor.updated(source, settings.translations, code, domain)
            extractor.write(fresh, catalogues.catalogue_file(settings.translations, code, domain))
            waiting = sum(1 for message in fresh if message.id and (not message.string or message.fuzzy))
            click.echo(f"{code} {domain}: {len(fresh)} messages, {waiting} to be translated.")


@translations.command(name="compile")
def compile_() -> None:
    """Compile the interface's words for the running application."""
    settings = read_settings()
    problems = list(catalogues.misfits(settings.translations))
    if problems:
        raise BadFile(problems)
    count = catalogues.compile_catalogues(settings.translations)
    click.echo(f"Compiled the words of {count} languages.")


@translations.command()
def check() -> None:
    """Check that the templates are current and that no translation loses a name in braces."""
    settings = read_settings()
    problems: list[Problem] = list(catalogues.misfits(settings.translations))
    if problems:
        raise BadFile(problems)
    old = list(extractor.stale(PROJECT / PACKAGE, settings.surveys, settings.translations))
    if old:
        raise FeedbackError(f"Out of date: {', '.join(old)}. Bring them up with: feedback translations extract")
    click.echo("The translations are sound.")
