"""Published versions laid out in each language, kept in memory: a version never changes, so it is worked out once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from sqlalchemy import select

from feedback_app.definitions.area import Area, Signpost
from feedback_app.definitions.easy import has_easy_words
from feedback_app.definitions.freeze import Frozen, Language
from feedback_app.definitions.without import without_parts
from feedback_app.i18n.catalogues import Interface
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.i18n.survey_texts import texts
from feedback_app.journey.plan import Plan, lay_out
from feedback_app.questions.registry import TYPES
from feedback_app.services.collections import Held
from feedback_app.storage.db import Store
from feedback_app.storage.models import SurveyVersion, table_of

VERSION = table_of(SurveyVersion)
CHILDREN = frozenset({"child", "young-person"})
OWN_WORDS = frozenset(name for name, kind in TYPES.items() if kind.text)
ASKS_WHO = frozenset({"email"})  # types whose answer says who a person is; none is built yet
MOST_SHAPES = 200  # editions kept in memory beside the whole ones
Mode = Literal["anonymous", "confidential", "supported"]
Shut = Literal["survey", "interface", "consent", "help", "signposts"]


class Shaped(Protocol):
    """What says how a version is asked: a collection, or somebody half-way through one."""

    @property
    def version_hash(self) -> str: ...

    @property
    def left_out(self) -> str: ...

    @property
    def languages(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Shape:
    """How a version is asked, where neither a collection nor a visit is at hand."""

    version_hash: str
    left_out: str = ""
    languages: str = ""


@dataclass(slots=True)
class Edition:
    """One published version, laid out in a language when it is first asked for.

    A collection may ask it without some of its parts, and in fewer languages: English is always one of them.
    """

    frozen: Frozen
    area: Area
    left_out: frozenset[str] = frozenset()
    only_in: frozenset[str] = frozenset()  # empty: every language there is
    pages: dict[Hashable, tuple[str, str]] = field(default_factory=dict)  # pages that are the same for everyone
    _plans: dict[tuple[str, bool, bool], Plan] = field(default_factory=dict)
    _easy: dict[str, bool] = field(default_factory=dict)
    _offered: list[str] = field(default_factory=list)

    def plan(self, language: str, *, easy: bool = False, short: bool = False) -> Plan:
        """The survey laid out in a language it is complete in; in easy words, or shorter, if that is asked for."""
        key = (language, easy, short)
        if key not in self._plans:
            survey = self.frozen.survey(language, self.area.words_in(language))
            self._plans[key] = lay_out(without_parts(survey, self.left_out), easy=easy, short=short)
        return self._plans[key]

    @property
    def has_short(self) -> bool:
        """Whether the survey names its main questions, so that a person may answer only those."""
        return bool(self.frozen.document.get("short"))

    def easy_in(self, language: str) -> bool:
        """Whether the survey has easy words, and has all of them in this language."""
        if language not in self._easy:
            easy = [text.context for text in texts(self.frozen.document) if text.easy]
            found = language == SOURCE or self.frozen.languages[language].words.keys() >= set(easy)
            self._easy[language] = has_easy_words(self.plan(SOURCE).survey) and found
        return self._easy[language]

    @property
    def for_children(self) -> bool:
        """Whether it asks people under 18, whose signposts must be in date and whose notices are shorter."""
        return self.frozen.document["audience"] in CHILDREN

    @property
    def hears_children(self) -> bool:
        """Whether people under 18 can write in their own words. What a collection leaves out does not count here."""
        asked = (question for page in self.frozen.document["pages"] for question in page["questions"])
        return self.for_children and any(question["type"] in OWN_WORDS for question in asked)

    @property
    def signposts(self) -> tuple[Signpost, ...]:
        """Who can help the people that this survey asks; the same for everyone who answers it."""
        return self.area.signposts_for(self.frozen.document["audience"])

    @property
    def mode(self) -> Mode:
        """The mode that pages may show: "anonymous" only where nothing asked or kept can say who answered."""
        document = self.frozen.document
        asked = {question["type"] for page in document["pages"] for question in page["questions"]}
        linked = "pair" in document or not asked.isdisjoint(ASKS_WHO)
        return "confidential" if document["mode"] == "anonymous" and linked else document["mode"]

    def review(self, language: str) -> str:
        """How far people have checked the survey's words in a language. The English is the source."""
        held = self.frozen.languages.get(language)
        return held.review if held else "approved"


@dataclass(slots=True)
class Editions:
    """The versions this process has met, in the words of its area."""

    area: Area
    _held: dict[str, Edition] = field(default_factory=dict)
    _shaped: dict[tuple[str, str, str], Edition] = field(default_factory=dict)

    def asked(self, store: Store, one: Shaped) -> Edition:
        """The edition that a collection asks: without the parts that are left out there, and in its languages.

        Whoever reads, counts or codes what was answered takes `get`: an answer was given to the whole version.
        """
        if not one.left_out and not one.languages:
            return self.get(store, one.version_hash)
        key = (one.version_hash, one.left_out, one.languages)
        if key not in self._shaped:
            if len(self._shaped) >= MOST_SHAPES:
                self._shaped.clear()
            frozen = self.get(store, one.version_hash).frozen
            left_out, languages = frozenset(one.left_out.split()), frozenset(one.languages.split())
            self._shaped[key] = Edition(frozen, self.area, left_out, languages)
        return self._shaped[key]

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
    when a person has approved its words of consent, limits and help, and when its signposts speak it; those never fall
    back to another language.
    """
    if not edition._offered:
        shut = why_not_offered(edition, area, interfaces)
        only = edition.only_in or LOCALES
        edition._offered = [code for code in LOCALES if code == SOURCE or (shut.get(code) == () and code in only)]
    return edition._offered


def why_not_offered(edition: Edition, area: Area, interfaces: Mapping[str, Interface]) -> dict[str, tuple[Shut, ...]]:
    """Say of each language that the survey names what keeps it from being offered; of one that is offered, nothing.

    "survey" and "interface": words are not translated. "consent" and "help": nobody has approved them. "signposts": the
    area's signposts have no words in it.
    """
    wanted = [code for code in edition.frozen.document["languages"] if code in LOCALES and code != SOURCE]
    return {code: tuple(_shut(edition, area, interfaces.get(code), code)) for code in wanted}


def _shut(edition: Edition, area: Area, interface: Interface | None, code: str) -> Iterator[Shut]:
    held = edition.frozen.languages.get(code)
    if held is None:
        yield "survey"
    if interface is None or not interface.complete:
        yield "interface"
    if area.example:
        return
    if held is not None and held.safety != "approved":
        yield "consent"
    if interface is not None and interface.help != "approved":
        yield "help"
    if not all(signpost.speaks(code) for signpost in edition.signposts):
        yield "signposts"


def why_closed(collection: Held, edition: Edition, area: Area, today: date) -> str:
    """Say why nobody can answer: "imported", "late", "unready", "early" or "signposts"; nothing when it is open."""
    if collection.source != "survey":
        return "imported"
    if collection.closed_at or (collection.closes_on and today > collection.closes_on):
        return "late"
    if collection.waits:
        return "unready"
    if today < collection.opens_on:
        return "early"
    return "signposts" if gaps(edition, area, today) else ""


def gaps(edition: Edition, area: Area, today: date) -> tuple[str, ...]:
    """What is missing before a survey for children may be open; nothing for anyone else's."""
    return tuple(area.signpost_gaps(today, edition.frozen.document["audience"])) if edition.for_children else ()
