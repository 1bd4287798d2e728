"""Print a survey on paper."""

from __future__ import annotations

from pathlib import Path

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import audit
from feedback_app.services.paper import printing
from feedback_app.services.paper.printing import Printer, Wanted
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import STATIC


@click.command(name="print")
@click.argument("slug")
@click.option("--language", default=SOURCE, show_default=True, help="Code of a language the survey is complete in.")
@click.option("--large", is_flag=True, help="Large print: 18 point, not 12.")
@click.option("--easy", is_flag=True, help="Easy words and pictures.")
@click.option("--collection", default="", help="Another collection of the survey than its standing one.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="PDF file to write.")
def print_(slug: str, language: str, large: bool, easy: bool, collection: str, out: Path | None) -> None:
    """Make a PDF of a published survey, to print: accessible, with a help card to tear off."""
    wanted = Wanted(language, large, easy)
    with opened() as copy:
        wired = copy.wiring
        held = printing.survey_of(copy.session, slug, collection)
        edition = wired.editions.asked(copy.session, held)
        printing.refuse(edition, wanted, wired.interfaces)
        words = words_for(language)
        draft = "draft" in (edition.review(language), words.interface.review)
        printer = Printer({"static": STATIC, "drawings": wired.settings.surveys / "symbols"})
        made = printer.form(edition, wanted, words, draft)
        file = out or Path(f"{held.id}-{language}{'-easy' * easy}{'-large' * large}.pdf")
        file.write_bytes(made)
        detail = {"language": language, "large": large, "easy": easy}
        audit.record(copy.session, BY, "survey.print", held.id, wired.clock.now(), **detail)
    click.echo(f"Wrote {file}: {held.title}, in {words.locale.english_name}{', large print' if large else ''}.")
