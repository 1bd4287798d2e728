"""Gather every text that people read into templates (.pot), and bring the catalogues up to them.

A survey's text keeps its translation by its context. When its English is reworded the old translation stays, marked
fuzzy, so that a translator sees it and no respondent does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from feedback_app.i18n.catalogues import (
    DOMAINS,
    UNDATED,
    Catalogue,
    Key,
    catalogue_file,
    english_of,
    forms_of,
    read_catalogue,
    review_in,
    wanted,
)
from feedback_app.i18n.locales import LOCALES
from feedback_app.i18n.survey_texts import texts

METHODS = [("**.py", "python"), ("**/templates/public/**.html", "jinja2"), ("**/templates/questions/**.html", "jinja2")]
METHODS += [("**/templates/*.html", "jinja2"), ("**/documents/paper.html.jinja", "jinja2")]
KEYWORDS = {
    "_": None,
    "N_": None,
    "words": None,
    "say": None,
    "plural": (1, 2),
    "NN_": (1, 2),
    "pgettext": ((1, "c"), 2),
}
ALIKE = 0.6  # how like another an English text must be to be taken for a rewording of it (gettext's own measure)
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
    catalogue = _empty("")
    found = extract_from_dir(
        package, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for file, _, message, comments, context in sorted(found, key=lambda entry: (entry[0], entry[1])):
        if "/staff/" in file:
            continue  # the staff pages are in English for now
        catalogue.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalogue


def _surveys(folder: Path) -> Catalog:
    catalogue = _empty("")
    for file in sorted(folder.glob("*.yaml")):
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes only text  # noqa: S506 - makes only text
        for text in texts(document):
            notes = [SAFETY_NOTE] if text.safety else []
            catalogue.add(text.english, locations=[(file.name, 0)], auto_comments=notes, context=text.context)
    return catalogue


def _empty(code: str, domain: str = "") -> Catalogue:
    name = LOCALES[code].english_name if code else ""
    note = DRAFT_NOTE.format(name=name, domain=domain).replace("\n", "\n#")
    return Catalogue(
        code,
        project="feedback",
        charset="utf-8",
        fuzzy=False,
        version="1",
        msgid_bugs_address="the project's issues",
        language_team=name or "none",
        creation_date=UNDATED,
        header_comment=f"#{note}" if code else "# Every text to be translated. Made by: feedback translations extract",
    )


def updated(source: Iterable[Message], folder: Path, locale: str, domain: str) -> Catalogue:
    """Return a language's catalogue brought up to the template: kept, fuzzy where the English changed, or empty.

    What the template no longer has is left out. Who translated last, and when, stays as the translator's tool wrote it.
    """
    file = catalogue_file(folder, locale, domain)
    before, fresh = read_catalogue(file, locale), _empty(locale, domain)
    if file.exists():
        fresh.header_comment = before.header_comment
        fresh.last_translator, fresh.revision_date = before.last_translator, before.revision_date
    messages = [message for message in source if message.id]
    found = _earlier(messages, [message for message in before if message.id], domain)
    for message in messages:
        earlier = found.get(_key(message))
        _add(fresh, message, earlier)
    return fresh


def _key(message: Message) -> Key:
    return message.context or "", english_of(message)[0]


def _earlier(messages: list[Message], old: list[Message], domain: str) -> dict[Key, Message]:
    """The earlier message of each message: the same, or the one that it was before its English was reworded.

    A survey's text is known by its context. The application's words have none: there it is the most alike of those that
    are gone, if any is alike.
    """
    exact = {_key(message): message for message in old}
    found = {_key(message): exact[_key(message)] for message in messages if _key(message) in exact}
    fresh = [message for message in messages if _key(message) not in found]
    gone = [message for message in old if _key(message) not in found and any(forms_of(message))]
    for message in fresh:
        if domain == "surveys":
            likely = next((one for one in gone if one.context == message.context), None)
        else:
            likely = _most_alike(message, gone)
        if likely is not None:
            gone.remove(likely)
            found[_key(message)] = likely
    return found


def _most_alike(message: Message, gone: list[Message]) -> Message | None:
    near = {english_of(one)[0]: one for one in gone if one.context == message.context}
    names = get_close_matches(english_of(message)[0], list(near), n=1, cutoff=ALIKE)
    return near[names[0]] if names else None


def _add(fresh: Catalogue, message: Message, before: Message | None) -> None:
    reworded = before is not None and english_of(before) != english_of(message)
    forms = _fitted(forms_of(before) if before else (), fresh.num_plurals if message.pluralizable else 1)
    flags = set(before.flags) if before and not reworded else set()
    fresh.add(
        message.id,
        forms if message.pluralizable else forms[0],
        locations=message.locations,
        auto_comments=message.auto_comments,
        user_comments=_comments(before, reworded=reworded) if before else (),
        flags=flags | ({"fuzzy"} if reworded and any(forms) else set()),
        previous_id=[one for one in english_of(before) if one] if before and reworded else (),
        context=message.context,
    )


def _fitted(forms: tuple[str, ...], count: int) -> tuple[str, ...]:
    """The forms of a translation, as many as are needed. Those that a new plural lacks are empty, so it is not used."""
    return (*forms, *[""] * count)[:count]


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
        source = {(message.context, message.id) for message in template(domain, package, surveys) if message.id}
        found = {(m.context, m.id) for m in read_catalogue(folder / f"{domain}.pot") if m.id}
        if source != found:
            yield domain


def behind(folder: Path, locale: str, domain: str) -> bool:
    """Whether a catalogue was not brought up to its template: it lacks messages, or has some that are gone."""
    file = catalogue_file(folder, locale, domain)
    return not file.exists() or {_key(m) for m in read_catalogue(file, locale) if m.id} != wanted(folder, domain)
