"""Read the translations: which words there are in which language, and whether a person has approved them.

A catalogue is a .po file in `translations/<locale>/LC_MESSAGES`: `interface.po` for the application's words and
`surveys.po` for the surveys'. Fuzzy messages are never shown and never compiled in. A message is a draft until its
translator comment says otherwise: `# review: approved`.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from feedback_app.core.errors import Problem
from feedback_app.i18n import placeholders
from feedback_app.i18n.locales import LOCALES, SOURCE

DOMAINS = ("interface", "surveys")
Review = Literal["draft", "reviewed", "approved"]
REVIEWS: tuple[Review, ...] = ("draft", "reviewed", "approved")
HELP = "help"  # the context of the interface's help words, which must be approved before they are offered


@dataclass(frozen=True, slots=True)
class Message:
    """One translated message: where it is, its English, its words, and how far a person has checked it."""

    domain: str
    locale: str
    context: str
    english: str
    words: str
    review: Review
    line: int


def read_messages(folder: Path, locale: str, domain: str) -> tuple[Message, ...]:
    """Read the usable messages of one catalogue: translated and not fuzzy. A missing file has none."""
    file = catalogue_file(folder, locale, domain)
    if not file.exists():
        return ()
    with file.open("rb") as source:
        catalogue = read_po(source, locale=LOCALES[locale].dates, domain=domain)
    return tuple(
        Message(
            domain,
            locale,
            message.context or "",
            str(message.id),
            str(message.string),
            _review(message.user_comments),
            message.lineno or 0,
        )
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    )


def _review(comments: list[str]) -> Review:
    return next((state for comment in comments if (state := review_in(comment))), "draft")


def review_in(comment: str) -> Review | None:
    """The review state that a translator's comment gives, if it gives one: `review: approved`."""
    key, _, said = comment.partition(":")
    return next((state for state in REVIEWS if key.strip() == "review" and said.strip() == state), None)


def catalogue_file(folder: Path, locale: str, domain: str) -> Path:
    """Where a catalogue lies."""
    return folder / locale / "LC_MESSAGES" / f"{domain}.po"


def translated_locales(folder: Path) -> list[str]:
    """The codes of the languages that have a folder of translations, in the order of `locales.py`."""
    return [code for code in LOCALES if code != SOURCE and (folder / code).is_dir()]


def compile_catalogues(folder: Path) -> int:
    """Compile the interface's words for the running application; return how many files were written.

    Only the interface is compiled: the words of a survey are frozen with its version when it is published.
    """
    codes = translated_locales(folder)
    for code in codes:
        source = catalogue_file(folder, code, "interface")
        if not source.exists():
            continue
        with source.open("rb") as words:
            catalogue = read_po(words, locale=LOCALES[code].dates, domain="interface")
        with source.with_suffix(".mo").open("wb") as out:
            write_mo(out, catalogue, use_fuzzy=False)
    return len(codes)


@dataclass(frozen=True, slots=True)
class Interface:
    """The application's own words in one language: are they all there, and how far have people checked them?"""

    words: gettext.NullTranslations
    complete: bool
    review: Review
    help: Review  # of the words about help, which must be approved before they are offered


def load_interface(folder: Path, locale: str) -> Interface:
    """Load the interface's words of a language. English is its own source and is always complete."""
    if locale == SOURCE:
        return Interface(gettext.NullTranslations(), True, "approved", "approved")
    compiled = catalogue_file(folder, locale, "interface").with_suffix(".mo")
    if not compiled.exists():
        return Interface(gettext.NullTranslations(), False, "draft", "draft")
    with compiled.open("rb") as words:
        translations = gettext.GNUTranslations(words)
    wanted = _wanted(folder)
    found = [m for m in read_messages(folder, locale, "interface") if (m.context, m.english) in wanted]
    helps = [message for message in found if message.context == HELP]
    return Interface(translations, len(found) == len(wanted), lowest_review(found), lowest_review(helps))


def _wanted(folder: Path) -> set[tuple[str, str]]:
    with (folder / "interface.pot").open("rb") as source:
        return {(message.context or "", str(message.id)) for message in read_po(source) if message.id}


def lowest_review(messages: Iterable[Message]) -> Review:
    """The least checked state among messages; of none, draft."""
    states = {message.review for message in messages}
    for state in REVIEWS:
        if state in states:
            return state
    return "draft"


def misfits(folder: Path) -> Iterator[Problem]:
    """Every translation whose `{placeholders}` are not those of its English, with file and line."""
    for code in translated_locales(folder):
        yield from _misfits(folder, code)


def _misfits(folder: Path, locale: str) -> Iterator[Problem]:
    for domain in DOMAINS:
        for message in read_messages(folder, locale, domain):
            wanted, found = placeholders.names(message.english), placeholders.names(message.words)
            if wanted == found:
                continue
            file = catalogue_file(folder, locale, domain).relative_to(folder.parent)
            missing = ", ".join(f"{{{name}}}" for name in sorted(wanted - found))
            extra = ", ".join(f"{{{name}}}" for name in sorted(found - wanted))
            what = " and ".join(
                part for part in (f"leaves out {missing}" if missing else "", f"adds {extra}" if extra else "") if part
            )
            where = message.context or message.english[:40]
            yield Problem(str(file), message.line, f'the translation of "{where}" {what}.')
