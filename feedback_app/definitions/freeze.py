"""Freeze a survey with its translations into one version whose content hash names it for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

from feedback_app.definitions.survey import AREA_LIST, Choice, Survey
from feedback_app.i18n.catalogues import Review
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.i18n.placeholders import numbers_apart, put
from feedback_app.i18n.survey_texts import Document, texts, translated


@dataclass(frozen=True, slots=True)
class Language:
    """The words of a survey in one language, by context, and how far people have checked them."""

    words: Mapping[str, str]
    review: Review  # the least checked of all its texts
    safety: Review  # the least checked of the texts that a person's safety hangs on

    def as_document(self) -> dict[str, Any]:
        """What is stored and hashed."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Frozen:
    """One published version: the English document, each language it is complete in, and their hash."""

    document: Document
    languages: Mapping[str, Language]
    hash: str

    def survey(self, language: str, local: Mapping[str, str]) -> Survey:
        """The survey in one language, with the area's own words (names, numbers) in place."""
        words = {} if language == SOURCE else self.languages[language].words
        document = translated(self.document, words)
        filled = {text.context: put(text.english, local) for text in texts(document) if "{" in text.english}
        whole = translated(document, filled)
        if LOCALES[language].direction == "rtl":
            whole = translated(whole, {text.context: numbers_apart(text.english) for text in texts(whole)})
        return Survey.model_validate(whole)


def freeze(document: Document, languages: Mapping[str, Language]) -> Frozen:
    """Freeze a checked document and its complete translations."""
    content = {"document": document, "languages": {code: held.as_document() for code, held in languages.items()}}
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return Frozen(document, languages, hashlib.sha256(plain.encode()).hexdigest())


def with_area_lists(document: Document, lists: Mapping[str, tuple[Choice, ...]]) -> Document:
    """Return the document with each list that the area holds written out, so that the version stands by itself."""
    copy = deepcopy(document)
    for page in copy["pages"]:
        for question in page["questions"]:
            named = question.get("choices")
            if isinstance(named, str) and named.startswith(AREA_LIST):
                choices = lists[named.removeprefix(AREA_LIST)]
                question["choices"] = [_as_text(choice) for choice in choices]
    return copy


def without_area_lists(document: Document, lists: Mapping[str, tuple[Choice, ...]]) -> Document:
    """Return a published document with the area's lists named again: their words are the area's, not a translator's."""
    copy = deepcopy(document)
    written_out = {name: [_as_text(choice) for choice in choices] for name, choices in lists.items()}
    for page in copy["pages"]:
        for question in page["questions"]:
            named = next((name for name, own in written_out.items() if own == question.get("choices")), None)
            if named is not None:
                question["choices"] = AREA_LIST + named
    return copy


def _as_text(choice: Choice) -> dict[str, str]:
    written = choice.model_dump(exclude_unset=True)
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in written.items()}
