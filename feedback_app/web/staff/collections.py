"""The first page: every collection, how it stands, and what it needs from a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from feedback_app.i18n.locales import LOCALES
from feedback_app.services import collections as held
from feedback_app.services import editions
from feedback_app.services.collecting import DECLINED, STARTED
from feedback_app.services.collections import Held
from feedback_app.services.editions import Edition
from feedback_app.services.publishing import still_to_translate
from feedback_app.storage.db import db
from feedback_app.storage.queries import coding as comments
from feedback_app.storage.queries import report as answers
from feedback_app.web.staff import staff
from feedback_app.web.staff.arriving import codebooks
from feedback_app.web.staff.pages import show
from feedback_app.web.support.language import words_for
from feedback_app.web.support.wiring import wiring

IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Line:
    """One collection as it is shown. The numbers are exact, for signed-in staff only; nothing here is published."""

    id: str
    title: str
    imported: bool
    state: str  # open, waiting, closed, stopped, imported
    state_words: str
    when: str
    gaps: tuple[str, ...]
    note: str
    languages: tuple[str, ...]
    shut: tuple[str, ...]
    address: str
    received: int
    started: int
    declined: int
    waiting: int


@staff.get("/")
def collections() -> str:
    """List the collections with their counts."""
    session, books = db.session(), codebooks(wiring().settings.surveys)
    # Comments that no current codebook has read stand in no list yet, and a person should know of them.
    unread = comments.count_unread(session, [(book.id, book.version) for book in books.values()])
    return show("collections/list.html", lines=list(_lines()), unread=unread, today=wiring().clock.today())


def _lines() -> Iterator[Line]:
    session, wired = db.session(), wiring()
    received, counts = answers.numbers(session), answers.counts(session)
    for one in held.listed(session):
        edition = wired.editions.get(session, one.version_hash)
        why = editions.why_closed(one, edition, wired.area, wired.clock.today())
        imported = one.source == IMPORTED
        state, words = STATES[why]
        yield Line(
            id=one.id,
            title=one.title,
            imported=imported,
            state=state,
            state_words=words,
            when=_when(one, why),
            gaps=_gaps(edition) if why == "signposts" else (),
            note=one.note,
            languages=() if imported else tuple(_languages(edition)),
            shut=() if imported else tuple(_shut(edition)),
            address="" if imported else f"{wired.settings.address}/{one.id}",
            received=received.get(one.id, 0),
            started=counts.get((one.id, STARTED), 0),
            declined=counts.get((one.id, DECLINED), 0),
            waiting=comments.count_waiting(session, one.id),
        )


STATES = {
    "": ("open", "Open"),
    "early": ("waiting", "Not open yet"),
    "late": ("closed", "Closed"),
    "signposts": ("stopped", "Cannot open"),
    "imported": ("imported", "Brought in"),
}


def _when(one: Held, why: str) -> str:
    opens, closes = _day(one.opens_on), _day(one.closes_on)
    match why:
        case "early":
            return f"It opens on {opens}." + (f" It closes on {closes}." if closes else "")
        case "late":
            return f"It was open from {opens} to {closes}."
        case "signposts":
            return "Nobody can answer until the list of who can help is right:"
        case "imported":
            return f"The answers are from {opens} to {closes}." if closes else f"The answers are from {opens} on."
    return f"It has been open since {opens}. " + (f"It closes on {closes}." if closes else "It has no closing day.")


def _day(day: date | None) -> str:
    return words_for("en").day(day) if day else ""


def _gaps(edition: Edition) -> tuple[str, ...]:
    wired = wiring()
    return tuple(wired.area.signpost_gaps(wired.clock.today(), edition.frozen.document["audience"]))


def _shut(edition: Edition) -> Iterator[str]:
    """Each language that the survey names and people cannot choose, with every reason why."""
    wired = wiring()
    for code, reasons in editions.why_not_offered(edition, wired.area, wired.interfaces).items():
        if reasons:
            said = " ".join(_reason(reason, edition, code) for reason in reasons)
            yield f"{LOCALES[code].english_name}. {said}"


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


def _languages(edition: Edition) -> Iterator[str]:
    wired = wiring()
    for code in editions.offered(edition, wired.area, wired.interfaces):
        draft = "draft" in (edition.review(code), wired.interfaces[code].review)
        yield f"{LOCALES[code].english_name} (not checked yet)" if draft else LOCALES[code].english_name
