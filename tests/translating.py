"""Translate the tiny surveys, for tests: every text as `[ur] the English`, as far checked by people as a test wants."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from feedback_app.core.settings import PROJECT
from feedback_app.i18n.catalogues import HELP, Review, catalogue_file, compile_catalogues
from feedback_app.i18n.extractor import SAFETY_NOTE, template, write
from tests.factories import TEST_SURVEYS

WORDS = PROJECT / "translations"


def translate(
    folder: Path,
    *languages: str,
    safety: Review = "draft",
    rest: Review = "draft",
    helping: Review = "draft",
    missing: frozenset[str] = frozenset(),
) -> Path:
    """Make a folder of translations in `folder`.

    Args:
        safety: the review state of consent and notice; `rest` is that of all other texts of the surveys.
        helping: the review state of the interface's words about help.
        missing: contexts that are not translated.
    """
    made = folder / "translations"
    made.mkdir(parents=True)
    shutil.copy(WORDS / "interface.pot", made)
    for code in languages:
        write(_surveys(code, safety, rest, missing), catalogue_file(made, code, "surveys"))
        write(_interface(code, helping), catalogue_file(made, code, "interface"))
    compile_catalogues(made)
    return made


@cache
def _surveys(code: str, safety: Review, rest: Review, missing: frozenset[str]) -> Catalog:
    catalogue = template("surveys", PROJECT, TEST_SURVEYS)
    for message in catalogue:
        if message.id and message.context not in missing:
            message.string = f"[{code}] {message.id}"
            message.user_comments = [f"review: {safety if SAFETY_NOTE in message.auto_comments else rest}"]
    return catalogue


@cache
def _interface(code: str, helping: Review) -> Catalog:
    with catalogue_file(WORDS, code, "interface").open("rb") as words:
        catalogue = read_po(words)
    for message in catalogue:
        message.user_comments = [f"review: {helping if message.context == HELP else 'draft'}"]
    return catalogue
