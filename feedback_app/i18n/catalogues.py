"""Read the translations: which words there are in which language, and whether a person has approved them.
Does not judge them: that is `checking.py`.

A catalogue is a .po file in `translations/<locale>/LC_MESSAGES`: `interface.po` for the application's words and
`surveys.po` for the surveys'. Fuzzy messages are never shown and never compiled in. A message is a draft until its
translator comment says otherwise: `# review: approved`.
"""

from __future__ import annotations

import gettext
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from babel.core import Locale as BabelLocale
from babel.messages import catalog as po
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser

from feedback_app.core.errors import BadFile, Problem
from feedback_app.i18n.locales import LOCALES, NO_FALLBACKS, SOURCE, Fallbacks, chain
from feedback_app.i18n.placeholders import numbers_apart

DOMAINS = ("interface", "surveys")
Key = tuple[str, str]  # context and English
Review = Literal["draft", "reviewed", "approved"]
REVIEWS: tuple[Review, ...] = ("draft", "reviewed", "approved")
SOFTWARE = "software (draft)"
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)  # git knows when; a date in the file would change it for nothing
HELP = "help"  # the context of the interface's help words, which must be approved before they are offered


@dataclass(frozen=True, slots=True)
class Message:
    """One translated message: where it is, its English, its words, and how far a person has checked it.

    A text that counts something has a `plural` in English, and as many `forms` as its language has plurals.
    """

    domain: str
    locale: str
    context: str
    english: str
    plural: str
    forms: tuple[str, ...]
    review: Review
    line: int

    @property
    def words(self) -> str:
        """The translation; of a text that counts, its first form."""
        return self.forms[0]


def read_messages(folder: Path, locale: str, domain: str) -> tuple[Message, ...]:
    """Read the usable messages of one catalogue: translated and not fuzzy. A missing file has none."""
    file = catalogue_file(folder, locale, domain)
    return _usable(file, file.stat().st_mtime_ns, locale, domain) if file.exists() else ()


@lru_cache(maxsize=64)
def _usable(file: Path, _: int, locale: str, domain: str) -> tuple[Message, ...]:
    """Reading is slow, and one command asks for the same file many times: once for each time it was written."""
    return tuple(
        Message(
            domain,
            locale,
            message.context or "",
            *english_of(message),
            forms_of(message),
            _review(message.user_comments),
            message.lineno or 0,
        )
        for message in read_catalogue(file, locale)
        if message.id and is_translated(message) and not message.fuzzy
    )


class Catalogue(po.Catalog):
    """A catalogue of a language that Babel may not know: it has its own code, and the plurals of its host."""

    def __init__(self, code: str, **header: Any) -> None:
        self.code = code
        super().__init__(last_translator=SOFTWARE, revision_date=UNDATED, **header)
        if code and LOCALES[code].plurals:
            self.mime_headers = [("Plural-Forms", LOCALES[code].plurals)]

    @property
    def locale(self) -> BabelLocale | None:
        """Where Babel looks for plurals."""
        return BabelLocale.parse(LOCALES[self.code].dates) if self.code else None

    @locale.setter
    def locale(self, _: object) -> None:
        """Its code says it all; Babel sets what it makes of that, which for Romani is nothing."""

    @property
    def locale_identifier(self) -> str | None:
        """What the header calls the language."""
        return self.code or None


def read_catalogue(file: Path, code: str = "") -> Catalogue:
    """Read a .po file, or a .pot file, which has no language; a missing one has no messages.

    Raises:
        BadFile: it is no such file; says at which line.
    """
    catalogue = Catalogue(code)
    if not file.exists():
        return catalogue
    try:
        with file.open("rb") as source:
            PoFileParser(catalogue, ignore_obsolete=True, abort_invalid=True).parse(source)
    except (PoFileError, ValueError, AttributeError, IndexError) as error:
        line = error.lineno + 1 if isinstance(error, PoFileError) else 0
        name = str(Path(*file.parts[-3:])) if code else file.name
        raise BadFile([Problem(name, line, "gettext cannot read this file from here on.")]) from None
    return catalogue


def english_of(message: po.Message) -> tuple[str, str]:
    """The English of a message, and its English plural if it counts something."""
    return (message.id, "") if isinstance(message.id, str) else (message.id[0], message.id[1])


def forms_of(message: po.Message) -> tuple[str, ...]:
    """The translation of a message: one text, or one for each plural."""
    return (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)


def is_translated(message: po.Message) -> bool:
    """Whether every form of a message is there."""
    return all(forms_of(message))


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
    count = 0
    for code in translated_locales(folder):
        source = catalogue_file(folder, code, "interface")
        if source.exists():
            _compile(read_catalogue(source, code), source.with_suffix(".mo"))
            count += 1
    return count


def _compile(catalogue: Catalogue, file: Path) -> None:
    """Write what may be shown. Babel would fill a plural that is not translated with the English."""
    for message in list(catalogue):
        if message.id and (message.fuzzy or not is_translated(message)):
            catalogue.delete(message.id, message.context)
        elif message.id and LOCALES[catalogue.code].direction == "rtl":
            forms = tuple(numbers_apart(form) for form in forms_of(message))
            message.string = forms if message.pluralizable else forms[0]
    with file.open("wb") as out:
        write_mo(out, catalogue)


@dataclass(frozen=True, slots=True)
class Interface:
    """The application's own words in one language: are they all there, and how far have people checked them?

    `complete` is true of a language with a fallback of its own when its words about help are all there: the rest falls
    back sentence by sentence, and what fell back is marked with its language. Words about help never fall back.
    """

    words: gettext.NullTranslations
    complete: bool
    review: Review
    help: Review  # of the words about help, which must be approved before they are offered
    missing: int = 0  # how many messages fall back, or keep the language from being offered
    fallen: Mapping[str, Fallen] = field(default_factory=dict)  # by English


@dataclass(frozen=True, slots=True)
class Fallen:
    """Where a message that a language does not have is taken from."""

    code: str
    words: gettext.NullTranslations
    review: Review


def load_interface(folder: Path, locale: str, fallbacks: Fallbacks = NO_FALLBACKS) -> Interface:
    """Load the interface's words of a language. English is its own source and is always complete.

    Args:
        fallbacks: what the area says about which language to turn to, by language.
    """
    if locale == SOURCE:
        return Interface(gettext.NullTranslations(), True, "approved", "approved")
    asked = wanted(folder, "interface")
    words = _compiled(folder, locale)
    if words is None:
        return Interface(gettext.NullTranslations(), False, "draft", "draft", len(asked))
    held, missing = _held(folder, locale, asked)
    helps = lowest_review(message for message in held if message.context == HELP)
    others = chain(locale, fallbacks)
    if not missing or len(others) == 1 or any(context == HELP for context, _ in missing):
        return Interface(words, not missing, lowest_review(held), helps, len(missing))
    fallen = {english: _turn_to(folder, others, english) for _, english in missing}
    review = lowest_review([*held, *fallen.values()])
    return Interface(words, True, review, helps, len(missing), fallen)


def _held(folder: Path, locale: str, asked: Collection[Key]) -> tuple[list[Message], list[Key]]:
    """The messages that a language has, and those it has not."""
    found = {(message.context, message.english): message for message in read_messages(folder, locale, "interface")}
    return [found[key] for key in asked if key in found], [key for key in asked if key not in found]


def _turn_to(folder: Path, others: Iterable[str], english: str) -> Fallen:
    """The first of these languages that has a message; English has all."""
    for code in others:
        words = _compiled(folder, code)
        found = (m for m in read_messages(folder, code, "interface") if not m.context and m.english == english)
        if words and (message := next(found, None)):
            return Fallen(code, words, message.review)
    return Fallen(SOURCE, gettext.NullTranslations(), "approved")


def _compiled(folder: Path, locale: str) -> gettext.GNUTranslations | None:
    file = catalogue_file(folder, locale, "interface").with_suffix(".mo")
    if not file.exists():
        return None
    with file.open("rb") as words:
        return gettext.GNUTranslations(words)


def wanted(folder: Path, domain: str) -> frozenset[Key]:
    """What a template asks for, by context and English."""
    file = folder / f"{domain}.pot"
    return _asked(file, file.stat().st_mtime_ns) if file.exists() else frozenset()


@lru_cache(maxsize=16)
def _asked(file: Path, _: int) -> frozenset[Key]:
    return frozenset((message.context or "", english_of(message)[0]) for message in read_catalogue(file) if message.id)


def lowest_review(messages: Iterable[Message | Fallen]) -> Review:
    """The least checked state among messages; of none, draft."""
    states = {message.review for message in messages}
    for state in REVIEWS:
        if state in states:
            return state
    return "draft"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a language is, over both catalogues. `state` is the least checked of what is translated."""

    language: str
    messages: int
    translated: int
    fuzzy: int
    state: Review


def progress(folder: Path, locale: str) -> Progress:
    """Count what the templates ask for and what a language has of it."""
    messages = fuzzy = 0
    held: list[Message] = []
    for domain in DOMAINS:
        asked = wanted(folder, domain)
        messages += len(asked)
        held += (one for one in read_messages(folder, locale, domain) if (one.context, one.english) in asked)
        catalogue = read_catalogue(catalogue_file(folder, locale, domain), locale)
        fuzzy += sum(1 for one in catalogue if one.fuzzy and (one.context or "", english_of(one)[0]) in asked)
    return Progress(locale, messages, len(held), fuzzy, lowest_review(held))
