"""Make the PDF of a blank form, from a version that is published: only those can be typed in again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from feedback_app.core.errors import FeedbackError, did_you_mean
from feedback_app.documents import paper
from feedback_app.documents.directions import Words
from feedback_app.documents.on_paper import on_paper
from feedback_app.documents.paper import Blank
from feedback_app.i18n.catalogues import Interface
from feedback_app.i18n.locales import LOCALES
from feedback_app.services import collections
from feedback_app.services.collections import Held
from feedback_app.services.editions import Edition, offered
from feedback_app.storage.db import Store

MOST = 24  # forms kept in memory, about 300 KB each


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which form: a survey in one language, in the standard or the large size, in its easy words or not."""

    language: str
    large: bool = False
    easy: bool = False


@dataclass(slots=True)
class Printer:
    """Makes forms, one at a time, and keeps the last ones: a version never changes, and a form takes some seconds."""

    folders: Mapping[str, Path]
    _kept: dict[tuple[str, frozenset[str], Wanted], bytes] = field(default_factory=dict)
    _one_at_a_time: Lock = field(default_factory=Lock)

    def form(self, edition: Edition, wanted: Wanted, words: Words, draft: bool) -> bytes:
        """The PDF of a blank form.

        Raises:
            FeedbackError: the survey cannot be printed, or Pango is not on this machine.
        """
        key = (edition.frozen.hash, edition.left_out, wanted)
        with self._one_at_a_time:
            if key not in self._kept:
                if len(self._kept) >= MOST:
                    self._kept.clear()
                self._kept[key] = paper.write(blank(edition, wanted, words, draft), self.folders)
            return self._kept[key]


def blank(edition: Edition, wanted: Wanted, words: Words, draft: bool) -> Blank:
    """What a form is made from."""
    survey = on_paper(edition.plan(wanted.language, easy=wanted.easy).survey)
    return Blank(survey, edition.area, edition.signposts, words, draft, wanted.large, wanted.easy)


def survey_of(store: Store, slug: str, collection: str) -> Held:
    """The collection that a form is printed for: the survey's standing one, or another of the same survey.

    Raises:
        FeedbackError: there is none.
    """
    listed = [one for one in collections.listed(store) if one.source == "survey"]
    held = next((one for one in listed if one.id == (collection or slug)), None)
    if held is None:
        name, known = collection or slug, [one.id for one in listed]
        near = did_you_mean(name, known)
        raise FeedbackError(f'No survey "{name}" is published.{near} Publish it first: feedback surveys publish')
    return held


def refuse(edition: Edition, wanted: Wanted, interfaces: Mapping[str, Interface]) -> None:
    """Refuse a form that would be half in another language.

    Raises:
        FeedbackError: there is no such language, or the survey is not complete in it.
    """
    if wanted.language not in LOCALES:
        near = did_you_mean(wanted.language, LOCALES)
        raise FeedbackError(f'There is no language "{wanted.language}".{near}')
    spoken = offered(edition, edition.area, interfaces)
    name = LOCALES[wanted.language].english_name
    if wanted.language not in spoken:
        raise FeedbackError(f"This survey is not complete in {name}. It can be printed in: {', '.join(spoken)}.")
    if wanted.easy and not edition.easy_in(wanted.language):
        raise FeedbackError(f"This survey has no easy words in {name}.")
