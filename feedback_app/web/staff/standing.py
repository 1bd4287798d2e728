"""How a collection stands, in words: open or not and why, when, in which languages, for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import collections, editions
from feedback_app.services.collections import Held
from feedback_app.services.editions import Edition
from feedback_app.services.publishing import still_to_translate
from feedback_app.storage.db import db
from feedback_app.web.support.language import words_for
from feedback_app.web.support.wiring import wiring

SURVEY, NOTED = "survey", "noted"
STATES = {
    "": ("open", "Open"),
    "early": ("waiting", "Not open yet"),
    "late": ("closed", "Closed"),
    "signposts": ("stopped", "Cannot open"),
    "unready": ("waiting", "Not open yet"),
    "imported": ("imported", "Brought in"),
}
SOURCES = {SURVEY: "Survey", "imported": "Imported", NOTED: "Notes by staff"}


@dataclass(frozen=True, slots=True)
class Stands:
    """How one collection stands."""

    state: str  # open, waiting, closed, stopped, imported
    words: str
    when: str
    gaps: tuple[str, ...]
    languages: tuple[str, ...]
    source: str
    address: str  # for people who answer; empty if nobody can


def stands(one: Held) -> Stands:
    """How a collection stands today."""
    wired = wiring()
    edition = wired.editions.asked(db.session(), one)
    why = editions.why_closed(one, edition, wired.area, wired.clock.today())
    state, words = STATES[why]
    asked = one.source == SURVEY
    return Stands(
        state,
        "Typed in" if one.source == NOTED else words,
        _when(one, why),
        editions.gaps(edition, wired.area, wired.clock.today()) if why == "signposts" else (),
        tuple(name for _, name in spoken(edition)) if asked else (),
        SOURCES.get(one.source, one.source),
        address_of(one.id) if asked else "",
    )


def address_of(ident: str) -> str:
    """The address that people type."""
    return f"{wiring().settings.address}/{ident}"


def spoken(edition: Edition) -> Iterator[tuple[str, str]]:
    """The languages that people can choose, with their names."""
    wired = wiring()
    for code in editions.offered(edition, wired.area, wired.interfaces):
        draft = "draft" in (edition.review(code), wired.interfaces[code].review)
        yield code, f"{LOCALES[code].english_name} (not checked yet)" if draft else LOCALES[code].english_name


def shut(edition: Edition) -> Iterator[str]:
    """Each language that the survey names and people cannot choose, with every reason why."""
    wired = wiring()
    for code, reasons in editions.why_not_offered(edition, wired.area, wired.interfaces).items():
        if reasons:
            said = " ".join(_reason(reason, edition, code) for reason in reasons)
            yield f"{LOCALES[code].english_name}. {said}"


def day_of(day: date | None) -> str:
    """A date, written out; nothing for none."""
    return words_for(SOURCE).day(day) if day else ""


def _when(one: Held, why: str) -> str:
    opens, closes = day_of(one.opens_on), day_of(one.closes_on)
    match why:
        case "early":
            return f"It opens on {opens}." + (f" It closes on {closes}." if closes else "")
        case "late":
            return f"It was open from {opens} to {day_of(collections.closed_on(one))}."
        case "signposts":
            return "Nobody can answer until the list of who can help is right:"
        case "unready":
            return "Nobody can answer until somebody opens it. Its page says what it needs first."
        case "imported":
            return f"The answers are from {opens} to {closes}." if closes else f"The answers are from {opens} on."
    return f"It has been open since {opens}. " + (f"It closes on {closes}." if closes else "It has no closing day.")


def _reason(reason: editions.Shut, edition: Edition, code: str) -> str:
    wired, language = wiring(), LOCALES[code].english_name
    match reason:
        case "survey":
            waiting, of = still_to_translate(edition.frozen, wired.area, wired.settings.translations, code)
            if not waiting:
                return "Its words are ready now. Ask the person who looks after the server to publish the survey again."
            return f"{waiting} of {of} texts {_is(waiting)} not translated."
        case "interface":
            missing = wired.interfaces[code].missing
            return f"{missing} {'text' if missing == 1 else 'texts'} of our own pages {_is(missing)} not translated."
        case "consent":
            return "The words of consent are not approved."
        case "help":
            return "The words of help are not approved."
    silent = sum(1 for signpost in edition.signposts if not signpost.speaks(code))
    return f"{silent} {'signpost has' if silent == 1 else 'signposts have'} no {language} words."


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
