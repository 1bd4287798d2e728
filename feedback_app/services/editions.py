"""Published versions laid out in each language, kept in memory: a version never changes, so it is worked out once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from feedback_app.definitions.area import Area
from feedback_app.definitions.freeze import Frozen, Language
from feedback_app.i18n.catalogues import Interface
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.journey.plan import Plan, lay_out
from feedback_app.services.collections import Held
from feedback_app.storage.db import Store
from feedback_app.storage.models import SurveyVersion, table_of

VERSION = table_of(SurveyVersion)
CHILDREN = frozenset({"child", "young-person"})


@dataclass(slots=True)
class Edition:
    """One published version, laid out in a language when it is first asked for."""

    frozen: Frozen
    area: Area
    pages: dict[Hashable, tuple[str, str]] = field(default_factory=dict)  # pages that are the same for everyone
    _plans: dict[str, Plan] = field(default_factory=dict)
    _offered: list[str] = field(default_factory=list)

    def plan(self, language: str) -> Plan:
        """The survey laid out in a language it is complete in."""
        if language not in self._plans:
            self._plans[language] = lay_out(self.frozen.survey(language, self.area.words_in(language)))
        return self._plans[language]

    def review(self, language: str) -> str:
        """How far people have checked the survey's words in a language. The English is the source."""
        held = self.frozen.languages.get(language)
        return held.review if held else "approved"


@dataclass(slots=True)
class Editions:
    """The versions this process has met, in the words of its area."""

    area: Area
    _held: dict[str, Edition] = field(default_factory=dict)

    def get(self, store: Store, version_hash: str) -> Edition:
        """The edition of a version, read from the database the first time."""
        if version_hash not in self._held:
            row = store.execute(select(VERSION).where(VERSION.c.hash == version_hash)).one()
            languages = {code: Language(**held) for code, held in row.words.items()}
            self._held[version_hash] = Edition(Frozen(row.document, languages, row.hash), self.area)
        return self._held[version_hash]


def offered(edition: Edition, area: Area, interfaces: Mapping[str, Interface]) -> list[str]:
    """The languages that a respondent may choose.

    The example area offers every complete language, and its pages say which are drafts. Any other area offers one only
    when a person has approved its words of consent, limits and help; those never fall back to another language.
    """
    if edition._offered:
        return edition._offered
    codes = [SOURCE]
    for code in LOCALES:
        held = edition.frozen.languages.get(code)
        interface = interfaces.get(code)
        if held is None or interface is None or not interface.complete:
            continue
        if area.example or held.safety == interface.help == "approved":
            codes.append(code)
    edition._offered = codes
    return codes


def why_closed(collection: Held, edition: Edition, area: Area, today: date) -> str:
    """Say why nobody can answer: "imported", "early", "late" or "signposts"; nothing when it is open."""
    if collection.source != "survey":
        return "imported"
    if today < collection.opens_on:
        return "early"
    if collection.closes_on and today > collection.closes_on:
        return "late"
    survey = edition.plan(SOURCE).survey
    if survey.audience in CHILDREN and any(area.signpost_gaps(today)):
        return "signposts"
    return ""
