"""Freeze a survey with its translations into one version whose content hash names it for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from feedback_app.definitions.survey import AREA_LIST, Choice, Survey
from feedback_app.i18n.locales import SOURCE
from feedback_app.i18n.survey_texts import Document, translated


@dataclass(frozen=True, slots=True)
class Frozen:
    """One published version: the English document, the words of each language by context, and their hash."""

    document: Document
    words: Mapping[str, Mapping[str, str]]
    hash: str

    def survey(self, language: str) -> Survey:
        """The survey in one language; English is the document itself."""
        words = {} if language == SOURCE else self.words[language]
        return Survey.model_validate(translated(self.document, words))


def freeze(document: Document, words: Mapping[str, Mapping[str, str]]) -> Frozen:
    """Freeze a checked document and its translations.

    Args:
        words: by language, translation by context; only languages that are complete.
    """
    plain = json.dumps({"document": document, "words": words}, sort_keys=True, ensure_ascii=False)
    return Frozen(document, words, hashlib.sha256(plain.encode()).hexdigest())


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


def _as_text(choice: Choice) -> dict[str, str]:
    written = choice.model_dump(exclude_unset=True)
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in written.items()}
