"""Translate surveys and the application for tests: as `[ur] the English`, and as far checked as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message

from feedback_app.core.settings import PROJECT
from feedback_app.i18n.catalogues import (
    HELP,
    Catalogue,
    Review,
    catalogue_file,
    compile_catalogues,
    english_of,
    is_translated,
)
from feedback_app.i18n.extractor import SAFETY_NOTE, template, updated, write
from tests.factories import TEST_SURVEYS

WORDS = PROJECT / "translations"
Pick = Callable[[str, str], bool]  # whether to translate a message, by its context and English


def translate(
    folder: Path,
    *languages: str,
    safety: Review = "draft",
    rest: Review = "draft",
    helping: Review = "draft",
    missing: frozenset[str] = frozenset(),
) -> Path:
    """Make a folder of translations in `folder`: the tiny surveys, and the application in its real words.

    Args:
        safety: the review state of consent and notice; `rest` is that of all other texts of the surveys.
        helping: the review state of the interface's words about help.
        missing: contexts that are not translated.
    """
    made = folder / "translations"
    write(interface(), made / "interface.pot")
    for code in languages:
        write(_surveys(code, safety, rest, missing), catalogue_file(made, code, "surveys"))
        write(_interface(code, helping), catalogue_file(made, code, "interface"))
    compile_catalogues(made)
    return made


@cache
def interface() -> Catalogue:
    """What the application says today: the template in the project may be behind while somebody works on it."""
    return template("interface", PROJECT / "feedback_app", PROJECT / "surveys")


@cache
def _surveys(code: str, safety: Review, rest: Review, missing: frozenset[str]) -> Catalogue:
    catalogue = updated(template("surveys", PROJECT, TEST_SURVEYS), WORDS / "nowhere", code, "surveys")
    say(catalogue, lambda english: f"[{code}] {english}", lambda context, _: context not in missing)
    for message in catalogue:
        message.user_comments = [f"review: {safety if SAFETY_NOTE in message.auto_comments else rest}"]
    return catalogue


@cache
def _interface(code: str, helping: Review) -> Catalogue:
    """The real words of a language; what waits for its translator is said in English."""
    catalogue = updated(interface(), WORDS, code, "interface")
    waiting = {_key(message) for message in catalogue if message.fuzzy or not is_translated(message)}
    say(catalogue, lambda english: f"[{code}] {english}", lambda context, english: (context, english) in waiting)
    for message in catalogue:
        message.user_comments = [f"review: {helping if message.context == HELP else 'draft'}"]
    return catalogue


def speak(words: Path, surveys: Path, code: str, how: Callable[[str], str], *, application: Pick, survey: Pick) -> None:
    """Translate surveys and the application into one language, each text as `how` says it.

    Args:
        application: which of the application's own words are translated; `survey`: which texts of the surveys.
    """
    for domain, source, which in (
        ("interface", interface(), application),
        ("surveys", template("surveys", PROJECT, surveys), survey),
    ):
        write(source, words / f"{domain}.pot")
        catalogue = updated(source, words, code, domain)
        say(catalogue, how, which)
        write(catalogue, catalogue_file(words, code, domain))


def say(catalogue: Catalogue, how: Callable[[str], str], which: Pick) -> None:
    """Translate some messages of a catalogue."""
    for message in _messages(catalogue):
        if which(*_key(message)):
            singular, plural = english_of(message)
            forms = tuple(how(plural or singular) for _ in range(catalogue.num_plurals))
            message.string = forms if plural else forms[0]
            message.flags.discard("fuzzy")


def _messages(catalogue: Iterable[Message]) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> tuple[str, str]:
    return message.context or "", english_of(message)[0]
