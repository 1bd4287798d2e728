"""What has to be there before a survey opens in which people under 18 can write in their own words.

Two leads who can be reached, staffed hours, signposts, a drill, and approved words of consent in each language. Opening
is refused without them; a survey that is open stays open for the child who is in it, and staff are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.core.clock import in_utc
from feedback_app.core.errors import Refused
from feedback_app.core.roles import LEAD
from feedback_app.i18n.catalogues import Interface
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import consent_approvals, drills, editions, rota
from feedback_app.services.editions import Edition, Editions, Shape
from feedback_app.services.rota import LEADS_NEEDED
from feedback_app.storage.models import Collection, Passkey, Staff, StaffRole, TriageRota, table_of

LEADS, ROTA, SIGNPOSTS, DRILL, CONSENT = "leads", "rota", "signposts", "drill", "consent"
DRILL_LASTS = timedelta(days=365)
NAMED = 5  # how many collections are named
COLLECTION = table_of(Collection)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that has to be there: whether it is, how it stands, and what to do. `language` is that of consent."""

    id: str
    met: bool
    name: str
    stands: str
    do: str
    gaps: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Unready:
    """Collections of one survey that are open, or will open by themselves, while something is missing."""

    missing: tuple[Need, ...]
    number: int
    collections: tuple[tuple[str, str], ...]  # the first of them, by id and title


def binds(edition: Edition) -> bool:
    """Whether a survey must have everything before it opens. The example area is for trying out: there it need not."""
    return edition.hears_children and not edition.area.example


def needs(session: Session, edition: Edition, languages: Iterable[str], today: date) -> tuple[Need, ...]:
    """What a survey needs in these languages. For adults nothing; where a child cannot write, the signposts."""
    if not edition.for_children:
        return ()
    if not edition.hears_children:
        return (_signposts(edition, today),)
    return (*_people(session, today), _signposts(edition, today), *_consent(session, edition, languages))


def stopping(edition: Edition, wanted: Iterable[Need]) -> tuple[Need, ...]:
    """What keeps a survey from opening, of all that it needs."""
    return tuple(one for one in wanted if not one.met and (binds(edition) or one.id == SIGNPOSTS))


def refuse(session: Session, edition: Edition, languages: Iterable[str], today: date) -> None:
    """Refuse to open a survey while something is missing.

    Raises:
        Refused: the message names everything that is.
    """
    if missing := stopping(edition, needs(session, edition, languages, today)):
        raise Refused(f"It cannot open yet. It still needs: {'; '.join(in_short(one) for one in missing)}.")


def in_short(need: Need) -> str:
    """A thing that is missing, in one line."""
    return f"{need.name} ({'; '.join(need.gaps)})" if need.gaps else need.name


def possible(edition: Edition, chosen: str) -> tuple[str, ...]:
    """The languages of a collection, where it is not known which ones the pages can offer: the chosen ones, or all."""
    spoken = {code for code, held in edition.frozen.languages.items() if held.safety == "approved"} | {SOURCE}
    return tuple(code for code in LOCALES if code in spoken and (not chosen or code in chosen.split()))


def unready(session: Session, made: Editions, interfaces: Mapping[str, Interface], today: date) -> list[Unready]:
    """The open collections for people under 18 for which something is missing by now. None in the example area."""
    if made.area.example:
        return []
    how = (COLLECTION.c.version_hash, COLLECTION.c.languages)
    found = []
    for version, languages in session.execute(select(*how).where(*_open(today)).distinct().order_by(*how)):
        edition = made.asked(session, Shape(version, "", languages))
        if not edition.hears_children:
            continue
        spoken = editions.offered(edition, made.area, interfaces)
        if missing := stopping(edition, needs(session, edition, spoken, today)):
            mine = (*_open(today), COLLECTION.c.version_hash == version, COLLECTION.c.languages == languages)
            number = session.scalar(select(func.count()).select_from(COLLECTION).where(*mine)) or 0
            named = select(COLLECTION.c.id, COLLECTION.c.title).where(*mine).order_by(COLLECTION.c.title).limit(NAMED)
            found.append(Unready(missing, number, tuple((row[0], row[1]) for row in session.execute(named))))
    return found


def _open(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        COLLECTION.c.source == "survey",
        COLLECTION.c.closed_at.is_(None),
        COLLECTION.c.archived_on.is_(None),
        ~COLLECTION.c.waits,
        or_(COLLECTION.c.closes_on.is_(None), COLLECTION.c.closes_on >= today),
    )


def _people(session: Session, today: date) -> Iterator[Need]:
    reached, held = _reached(session), rota.current(session)
    named = reached & set(held.people)
    yield Need(
        LEADS,
        len(reached) >= LEADS_NEEDED,
        "two safeguarding leads who can be reached",
        f"{len(reached)} can be: an account with the role, an e-mail address, and a second step for signing in.",
        "Give two people the role, each with an e-mail address. Each sets up their own second step.",
    )
    yield Need(
        ROTA,
        held.number > 0 and bool(held.hours) and len(named) >= LEADS_NEEDED,
        "a rota with hours and two of these leads",
        "No hours are set." if not held.number else f"Hours are set. It names {len(named)} of the leads.",
        "Set the hours in which somebody reads, and who is told first and second.",
    )
    passed = drills.last_passed(session)
    do = "Start a drill. A lead opens its e-mail, says that they have seen it, and ends it in the queue."
    fits, stands = False, "No drill was passed yet."
    if passed is not None:
        last = passed.at.date()
        fits, stands = False, f"The last one was seen on {last}."
        if not passed.closed:
            stands += " It has to be ended in the queue."
        elif last + DRILL_LASTS < today:
            stands += " That is over 12 months ago."
        elif _people_at(session, passed.at) != set(held.people):
            stands += " Other people are in the rota since."
        else:
            fits = True
    yield Need(DRILL, fits, "a drill that these leads passed in the last 12 months", stands, do)


def _signposts(edition: Edition, today: date) -> Need:
    gaps = editions.gaps(edition, edition.area, today)
    stands = "Not everything is right." if gaps else "Each was checked in the last six months."
    do = "Call each number, and write that it is right."
    return Need(SIGNPOSTS, not gaps, "a list of who can help that is right", stands, do, gaps)


def _consent(session: Session, edition: Edition, languages: Iterable[str]) -> Iterator[Need]:
    wordings = [consent_approvals.wording(edition, code) for code in languages]
    approved = consent_approvals.approvals(session, wordings)
    for words in wordings:
        mine, language = approved.get(words.language), LOCALES[words.language].english_name
        if mine:
            checked = f" {mine.checked_by} reads the language and checked them." if mine.checked_by else ""
            stands = f"{mine.by} approved these words on {mine.on}.{checked}"
        else:
            stands = "Nobody has approved these words." if words.lines else "The survey has no words of consent."
        do = "Read the words, and approve them." if words.lines else "Write consent and notice in the survey's file."
        name = f"approved words of consent in {language}"
        yield Need(CONSENT, mine is not None, name, stands, do, language=words.language)


def _reached(session: Session) -> set[int]:
    """The accounts of leads who can be written to and who can sign in: with a second step, ours or the council's."""
    has_passkey = select(Passkey.id).where(Passkey.staff_id == Staff.id).exists()
    at_council = Staff.council_id.is_not(None) & (Staff.password_hash == "")
    held = select(Staff.id).where(
        Staff.disabled_on.is_(None),
        Staff.roles.any(StaffRole.role == LEAD),
        func.coalesce(Staff.email, "") != "",
        or_(Staff.totp_sealed.is_not(None), has_passkey, at_council),
    )
    return set(session.scalars(held))


def _people_at(session: Session, moment: datetime) -> set[int]:
    """Who was in the rota at a moment."""
    rows = session.scalars(select(TriageRota).order_by(TriageRota.number.desc()))
    return next((set(row.people) for row in rows if in_utc(row.set_at) <= moment), set())
