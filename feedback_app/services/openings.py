"""Open a survey to a place, a service, a group or an event; change, close, reopen and archive it; leave parts out.

Each act is for one person who saw what they change: who comes second is told, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError, Refused
from feedback_app.definitions.area import Area
from feedback_app.definitions.survey import Page
from feedback_app.i18n.catalogues import Interface
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import audit, collections, editions, registers
from feedback_app.services.collections import Held
from feedback_app.services.editions import Edition, Editions
from feedback_app.services.readiness import binds, refuse
from feedback_app.services.registers import Entry
from feedback_app.storage.db import changed, hold_writes
from feedback_app.storage.models import Collection, CollectionEvent, CollectionNumber, table_of

TABLE = table_of(Collection)
Offered = Mapping[str, Interface]
#: How many could answer, were asked, and were there: three numbers that are never mixed.
NUMBERS = ("eligible", "invited", "present")
SETTINGS = ("place", "service", "group")  # the registers that a survey is opened to
LONGEST_EVENT, LONGEST_NOTE, LONGEST_WHY, LONGEST_SOURCE, LONGEST_ID = 120, 600, 500, 200, 80
LONGEST_OPEN = timedelta(days=366 * 3)


class Changed(FeedbackError):
    """Somebody else changed the collection since it was opened. Nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Number:
    """How many people, who says so, and of which day it is true."""

    number: int
    source: str
    on: date


@dataclass(frozen=True, slots=True)
class Terms:
    """When a collection is open, in which languages besides English, for how many people."""

    opens_on: date
    closes_on: date | None
    languages: tuple[str, ...] = ()  # empty: all that are offered
    cards_only: bool = False
    note: str = ""
    numbers: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which survey is to be opened, by the id of its standing collection; and to whom: an entry or an event."""

    survey: str
    terms: Terms
    setting: int | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it, and when."""

    by: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was done with a collection."""

    what: str
    about: str
    why: str
    done_by: str
    done_on: date


def open_one(session: Session, asked: Asked, made: Editions, interfaces: Offered, doer: Doer) -> Held:
    """Open a survey to somebody.

    Raises:
        Refused: it cannot be, and the message says why.
    """
    survey = collections.find(session, asked.survey)
    if survey is None or not survey.standing:
        raise Refused("Choose a survey of the list.")
    to = _setting(session, asked)
    edition = made.get(session, survey.version_hash)
    terms = _sound(asked.terms, edition, made.area, interfaces)
    refuse(session, edition, _spoken(edition, terms.languages, interfaces), doer.today)
    if terms.closes_on and terms.closes_on < doer.today:
        raise Refused("The last day is over already.")
    hold_writes(session)  # two who open the same at once get two addresses
    event = "" if to else " ".join(asked.event.split())
    row = Collection(
        id=_free_id(session, survey.id, to.code if to else registers.code_from(event) or "event"),
        version_hash=survey.version_hash,
        title=f"{survey.title}: {to.name if to else event}",
        source="survey",
        note=terms.note,
        opens_on=terms.opens_on,
        closes_on=terms.closes_on,
        setting_id=to.id if to else None,
        event=event,
        languages=" ".join(terms.languages),
        cards_only=terms.cards_only,
        changed_by=doer.by,
    )
    session.add(row)
    session.flush()
    _keep_numbers(session, row.id, terms.numbers)
    _note(session, row.id, "opened", doer)
    audit.record(session, doer.by, "collection.open", row.id, doer.now, survey=survey.id, numbers=sorted(terms.numbers))
    return _found(session, row.id)


def change(
    session: Session, ident: str, seen: int, terms: Terms, made: Editions, interfaces: Offered, doer: Doer
) -> Held:
    """Change when it is open, its languages, its numbers.

    Args:
        seen: the revision that the person had before them.

    Raises:
        Changed: somebody else changed it since.
        Refused: it cannot be so, or something is missing before it may have another language.
    """
    held = _survey(session, ident)
    edition = made.get(session, held.version_hash)
    sound = _sound(terms, edition, made.area, interfaces)
    spoken = _spoken(edition, sound.languages, interfaces)
    if not held.waits and set(spoken) - set(_spoken(edition, tuple(held.languages.split()), interfaces)):
        refuse(session, edition, spoken, doer.today)
    if (sound.opens_on, sound.closes_on) != (held.opens_on, held.closes_on):
        if _over(held, doer.today):
            raise Refused("It is closed. Reopen it to change its days.")
        if sound.closes_on and sound.closes_on < doer.today:
            raise Refused("The last day is over already. To close it now, press “Close it now”.")
    values = {
        "opens_on": sound.opens_on,
        "closes_on": sound.closes_on,
        "languages": " ".join(sound.languages),
        "cards_only": sound.cards_only,
        "note": sound.note,
    }
    now = _change(session, held, seen, "collection.change", values, doer)
    _keep_numbers(session, held.id, sound.numbers)
    return now


def close(session: Session, ident: str, seen: int, doer: Doer) -> Held:
    """Close it now. Whoever is half-way has half an hour to finish; nobody can begin.

    Raises:
        Changed: somebody else changed it since.
        Refused: it is closed already.
    """
    held = _survey(session, ident)
    if _over(held, doer.today):
        raise Refused("It is closed already.")
    day = max(doer.today, held.opens_on)
    now = _change(session, held, seen, "collection.close", {"closed_at": doer.now, "closes_on": day}, doer)
    _note(session, ident, "closed", doer)
    return now


def begin(session: Session, ident: str, seen: int, made: Editions, interfaces: Offered, doer: Doer) -> Held:
    """Open a survey for children that has waited until what it needs is there.

    Raises:
        Changed: somebody else changed it since.
        Refused: something is missing, and the message says what; or it does not wait.
    """
    held = _survey(session, ident)
    if not held.waits:
        raise Refused("It does not wait any more. Somebody has opened it.")
    now = _change(session, held, seen, "collection.open", _ready(session, held, made, interfaces, doer), doer)
    _note(session, ident, "opened", doer)
    return now


def reopen(
    session: Session,
    ident: str,
    seen: int,
    why: str,
    closes_on: date | None,
    made: Editions,
    interfaces: Offered,
    doer: Doer,
) -> Held:
    """Open again what is closed or archived, and keep why.

    Raises:
        Changed: somebody else changed it since.
        Refused: it is open, there is no reason, its last day would be over, or something is missing.
    """
    held, why = _survey(session, ident), _reason(why)
    if not _over(held, doer.today) and held.archived_on is None:
        raise Refused("It is open already.")
    if closes_on and closes_on < max(doer.today, held.opens_on):
        raise Refused("The new last day is over already. Choose today or later, or leave it empty.")
    values = _ready(session, held, made, interfaces, doer)
    values |= {"closed_at": None, "archived_on": None, "closes_on": closes_on}
    now = _change(session, held, seen, "collection.reopen", values, doer)
    _note(session, ident, "reopened", doer, why=why)
    return now


def archive(session: Session, ident: str, seen: int, doer: Doer) -> Held:
    """Put a closed collection out of sight. Its answers stay where they are, and in the report.

    Raises:
        Changed: somebody else changed it since.
        Refused: it is not closed, or archived already.
    """
    held = _survey(session, ident)
    if held.archived_on or not _over(held, doer.today):
        raise Refused("Close it first." if held.archived_on is None else "It is archived already.")
    now = _change(session, held, seen, "collection.archive", {"archived_on": doer.today}, doer)
    _note(session, ident, "archived", doer)
    return now


def may_go(edition: Edition) -> list[Page]:
    """The parts that can be left out: those that are sensitive or that everyone may pass over, and never consent."""
    survey = edition.frozen.survey(SOURCE, edition.area.words_in(SOURCE))
    return [
        page
        for page in survey.pages
        if (page.sensitive or page.skippable) and survey.consent not in {question.id for question in page.questions}
    ]


def leave_out(
    session: Session, ident: str, seen: int, parts: Iterable[str], why: str, made: Editions, doer: Doer
) -> Held:
    """Leave exactly these parts out of a collection, and keep who wished it and why.

    Raises:
        Changed: somebody else changed it since.
        Refused: a part has to stay, nothing would be asked, nothing changes, or there is no reason.
    """
    held = _survey(session, ident)
    edition, wanted = made.get(session, held.version_hash), set(parts)
    free = [page.id for page in may_go(edition)]
    if not wanted <= set(free):
        raise Refused("This part has to stay.")
    before = set(held.left_out.split())
    if wanted == before:
        raise Refused("Nothing was changed. Tick what is to be left out, or take a tick away.")
    why = _reason(why)
    if not any(part.screens for part in edition.plan(SOURCE).parts if part.page.id not in wanted):
        raise Refused("Something has to stay to be asked.")
    values = {"left_out": " ".join(part for part in free if part in wanted)}
    now = _change(session, held, seen, "collection.leave_out", values, doer, parts=sorted(wanted))
    for part in free:
        if part in wanted ^ before:
            _note(session, ident, "left-out" if part in wanted else "put-back", doer, about=part, why=why)
    return now


def happened(session: Session, ident: str) -> list[Happened]:
    """What was done with a collection, the newest first."""
    query = select(CollectionEvent).where(CollectionEvent.collection_id == ident).order_by(CollectionEvent.id.desc())
    return [Happened(one.what, one.about, one.why, one.done_by, one.done_on) for one in session.scalars(query)]


def _setting(session: Session, asked: Asked) -> Entry | None:
    if asked.setting is not None:
        entry = registers.find(session, asked.setting)
        if entry is None or entry.kind not in SETTINGS:
            raise Refused("Choose a place, a service or a group of the list.")
        if entry.to_on and entry.to_on < asked.terms.opens_on:
            raise Refused(f"{entry.name} ended in the register before the first day.")
        return entry
    if not 0 < len(asked.event.strip()) <= LONGEST_EVENT:
        raise Refused(f"Say to whom it is opened, in {LONGEST_EVENT} letters or fewer.")
    return None


def _ready(session: Session, held: Held, made: Editions, interfaces: Offered, doer: Doer) -> dict[str, object]:
    """What is kept of a collection that opens.

    Raises:
        Refused: something is missing, and the message says what.
    """
    edition = made.get(session, held.version_hash)
    spoken = _spoken(edition, tuple(held.languages.split()), interfaces)
    refuse(session, edition, spoken, doer.today)
    return {"waits": False, "languages": " ".join(spoken) if binds(edition) else held.languages}


def _spoken(edition: Edition, chosen: tuple[str, ...], interfaces: Offered) -> tuple[str, ...]:
    """The languages in which it would be asked: those that are chosen, or all."""
    offered = editions.offered(edition, edition.area, interfaces)
    return tuple(code for code in offered if not chosen or code == SOURCE or code in chosen)


def _sound(terms: Terms, edition: Edition, area: Area, interfaces: Offered) -> Terms:
    """The terms as they are stored.

    Raises:
        Refused: they cannot be.
    """
    if terms.closes_on and not terms.opens_on <= terms.closes_on <= terms.opens_on + LONGEST_OPEN:
        raise Refused("The last day has to be the first day or later, and within three years of it.")
    if len(terms.note) > LONGEST_NOTE:
        raise Refused(f"The note has to be {LONGEST_NOTE} letters or fewer.")
    offered = editions.offered(edition, area, interfaces)
    if strange := [code for code in terms.languages if code not in offered]:
        name = LOCALES[strange[0]].english_name if strange[0] in LOCALES else strange[0]
        raise Refused(f"{name} is not offered for this survey.")
    languages = _spoken(edition, terms.languages, interfaces)
    # What children read in a language is approved before it opens: one that is ready later does not come in by itself.
    if list(languages) == offered and not binds(edition):
        languages = ()
    for kind, one in terms.numbers.items():
        if kind not in NUMBERS or not 0 <= one.number <= 1_000_000:
            raise Refused("A number of people has to be from 0 to 1,000,000.")
        if not 0 < len(one.source.strip()) <= LONGEST_SOURCE:
            raise Refused("Say where each number of people comes from, such as “school office”.")
    return Terms(terms.opens_on, terms.closes_on, languages, terms.cards_only, terms.note.strip(), terms.numbers)


def _keep_numbers(session: Session, ident: str, numbers: Mapping[str, Number]) -> None:
    session.execute(delete(CollectionNumber).where(CollectionNumber.collection_id == ident))
    for kind, one in numbers.items():
        row = CollectionNumber(collection_id=ident, kind=kind, number=one.number, source=one.source.strip())
        row.counted_on = one.on
        session.add(row)
    session.flush()


def _change(
    session: Session, held: Held, seen: int, what: str, values: Mapping[str, object], doer: Doer, **detail: object
) -> Held:
    mine = update(TABLE).where(TABLE.c.id == held.id, TABLE.c.revision == seen)
    if not changed(session, mine.values(**values, changed_by=doer.by, revision=seen + 1)):
        who = _found(session, held.id).changed_by or "Somebody else"
        raise Changed(f"{who} changed this while you had it open. Nothing was overwritten.")
    audit.record(session, doer.by, what, held.id, doer.now, revision=seen + 1, **detail)
    session.expire_all()
    return _found(session, held.id)


def _note(session: Session, ident: str, what: str, doer: Doer, *, about: str = "", why: str = "") -> None:
    given = {"collection_id": ident, "what": what, "about": about, "why": why}
    session.add(CollectionEvent(**given, done_by=doer.by, done_on=doer.today))
    session.flush()


def _reason(why: str) -> str:
    why = why.strip()
    if not 0 < len(why) <= LONGEST_WHY:
        raise Refused(f"Write why, in {LONGEST_WHY} letters or fewer.")
    return why


def _over(held: Held, today: date) -> bool:
    return held.closed_at is not None or (held.closes_on is not None and held.closes_on < today)


def _free_id(session: Session, survey: str, code: str) -> str:
    """An address that can be said aloud: the survey, then the place; with a number where that is taken."""
    whole = f"{survey}-{code}".lower()[: LONGEST_ID - 5].rstrip("-")
    taken = set(session.scalars(select(TABLE.c.id).where(TABLE.c.id.startswith(whole, autoescape=True))))
    numbered = (whole if number == 1 else f"{whole}-{number}" for number in range(1, len(taken) + 2))
    return next(one for one in numbered if one not in taken)


def _survey(session: Session, ident: str) -> Held:
    held = _found(session, ident)
    if held.source != "survey":
        raise Refused("These answers were brought in from elsewhere. There is nothing to open or close.")
    return held


def _found(session: Session, ident: str) -> Held:
    held = collections.find(session, ident)
    if held is None:
        raise Refused("This collection is not here. Nothing was kept.")
    return held
