"""Gather every text that people read into templates (.pot), and bring the catalogues up to them.

A survey's text keeps its translation by its context. When its English is reworded the old translation stays, marked
fuzzy, so that a translator sees it and no respondent does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from feedback_app.i18n.catalogues import DOMAINS, catalogue_file, review_in
from feedback_app.i18n.locales import LOCALES
from feedback_app.i18n.survey_texts import texts

METHODS = [("**.py", "python"), ("**/templates/public/**.html", "jinja2"), ("**/templates/questions/**.html", "jinja2")]
METHODS.append(("**/templates/*.html", "jinja2"))
KEYWORDS = {"_": None, "N_": None, "words": None, "say": None, "pgettext": ((1, "c"), 2)}
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)  # git knows when; a date in the file would change it for nothing
SAFETY_NOTE = "A person's safety can hang on these words."
DRAFT_NOTE = (
    " {name} translation of the {domain} words.\n"
    " Drafted by software; no person has reviewed it yet. Whoever reviews a message adds a line above it:\n"
    " `# review: reviewed`, and `# review: approved` when it may be shown outside the example area."
)


def template(domain: str, package: Path, surveys: Path) -> Catalog:
    """Make the template of one domain from the source: every message, once, in a stable order."""
    return _interface(package) if domain == "interface" else _surveys(surveys)


def _interface(package: Path) -> Catalog:
    catalogue = _empty(None)
    found = extract_from_dir(
        package, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for file, _, message, comments, context in sorted(found, key=lambda entry: (entry[0], entry[1])):
        if "/staff/" in file:
            continue  # the staff pages are in English for now
        catalogue.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalogue


def _surveys(folder: Path) -> Catalog:
    catalogue = _empty(None)
    for file in sorted(folder.glob("*.yaml")):
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes only text
        for text in texts(document):
            notes = [SAFETY_NOTE] if text.safety else []
            catalogue.add(text.english, locations=[(file.name, 0)], auto_comments=notes, context=text.context)
    return catalogue


def _empty(locale: str | None, domain: str = "") -> Catalog:
    catalogue = Catalog(
        locale=LOCALES[locale].dates if locale else None,
        project="feedback",
        charset="utf-8",
        fuzzy=False,
        version="1",
        msgid_bugs_address="the project's issues",
        last_translator="software (draft)",
        language_team=LOCALES[locale].english_name if locale else "none",
        creation_date=UNDATED,
        revision_date=UNDATED,
        header_comment="#" + DRAFT_NOTE.format(name=LOCALES[locale].english_name, domain=domain).replace("\n", "\n#")
        if locale
        else "# Every text to be translated. Made by: feedback translations extract",
    )
    return catalogue


def updated(source: Catalog, folder: Path, locale: str, domain: str) -> Catalog:
    """Return a language's catalogue brought up to the template: kept, fuzzy where the English changed, or empty."""
    file = catalogue_file(folder, locale, domain)
    old: Iterable[Message] = ()
    fresh = _empty(locale, domain)
    if file.exists():
        with file.open("rb") as words:
            catalogue = read_po(words, locale=LOCALES[locale].dates, domain=domain)
        old, fresh.header_comment = [message for message in catalogue if message.id], catalogue.header_comment
    exact = {(message.context, message.id): message for message in old}
    by_context = {message.context: message for message in old if domain == "surveys"}
    for message in source:
        if not message.id:
            continue
        kept = exact.get((message.context, message.id))
        moved = None if kept else by_context.get(message.context)
        before = kept or moved
        fresh.add(
            message.id,
            before.string if before else "",
            locations=message.locations,
            auto_comments=message.auto_comments,
            user_comments=_comments(before, reworded=before is moved) if before else (),
            flags={"fuzzy"} if moved and moved.string else (before.flags if before else set()),
            previous_id=moved.id if moved else (),
            context=message.context,
        )
    return fresh


def _comments(message: Message, *, reworded: bool) -> list[str]:
    """A translator's comments. Nobody has reviewed a translation of English that was written since.

    Babel reads the English before (`#| msgid`) as a comment; there is a newer one to show.
    """
    return [c for c in message.user_comments if not (reworded and (review_in(c) or c.startswith("|")))]


def write(catalogue: Catalog, file: Path) -> None:
    """Write a catalogue, the same bytes each time, so that a translator's changes are all that a diff shows."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_po(out, catalogue, width=120, omit_header=False, include_lineno=False, include_previous=True)


def stale(package: Path, surveys: Path, folder: Path) -> Iterator[str]:
    """Name each template in `folder` that is not what the source would give."""
    for domain in DOMAINS:
        file = folder / f"{domain}.pot"
        wanted = {(m.context, str(m.id)) for m in template(domain, package, surveys) if m.id}
        found: set[tuple[str | None, str]] = set()
        if file.exists():
            with file.open("rb") as words:
                found = {(m.context, str(m.id)) for m in read_po(words) if m.id}
        if wanted != found:
            yield domain
