"""Letters about a follow-up: take an address apart from every answer, write what is due, forget it in time.

An address is locked under a key of its own and stands beside its session and its days, nothing else. It shares no key,
no id and no mark with any answer, so nobody can tell which answers are of the person who gave it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_app.core.errors import Refused
from feedback_app.core.keys import ServerKey
from feedback_app.core.sealing import CannotOpen, lock, unlock
from feedback_app.definitions.survey import Pair
from feedback_app.services import collections, mail
from feedback_app.services.session_forms import days_of
from feedback_app.storage.db import Store, changed
from feedback_app.storage.models import Collection, CourseSession, FollowUpContact, Letter, SurveyVersion, table_of

CONTACT, SESSION, LETTER = table_of(FollowUpContact), table_of(CourseSession), table_of(Letter)
COLLECTION, VERSION = table_of(Collection), table_of(SurveyVersion)
KEPT = timedelta(days=30)  # after the last letter is due
KIND = "follow-up"
ADDRESS = re.compile(r"[^\s@<>,;\"()\[\]\\]{1,64}@(?=.{4,188}$)[a-z0-9-]+(\.[a-z0-9-]+)+")
MOST_OF_A_SESSION = 500
STOP = "no-more-letters"
FIRST = (
    "Hello.\n\nYou asked us to write to you some weeks after your course on {day}.\n\n"
    "Have you used what you learned? Please tell us. It takes about five minutes:\n\n{form}\n\n"
    "If you kept your code, have it ready. You can answer without it too.\n\n"
)
AGAIN = (
    "Hello.\n\nWe wrote to you about your course on {day}. You can still tell us whether you have used what you "
    "learned. It takes about five minutes:\n\n{form}\n\n"
    "We cannot tell who has answered. If you have, thank you: there is nothing to do.\n\n"
)
END = "You gave us this address only for these letters. It is not stored with any answer.\nNo more letters: {stop}\n"


@dataclass(frozen=True, slots=True)
class Written:
    """How many letters were written now."""

    letters: int = 0


def accepts(store: Store, session_id: str, today: date) -> bool:
    """Whether somebody can still ask for letters about a session."""
    row = store.execute(select(SESSION.c.follow_up_id, SESSION.c.held_on).where(SESSION.c.id == session_id)).first()
    if row is None or row.follow_up_id is None:
        return False
    pair = _pair(store, row.follow_up_id)
    return pair.opens_after is not None and today < days_of(pair, row.held_on).letters[-1]


def days_for(store: Store, session_id: str) -> tuple[tuple[date, ...], date]:
    """The days of the letters about a session, and the day on which the addresses for them are deleted."""
    row = store.execute(select(SESSION.c.follow_up_id, SESSION.c.held_on).where(SESSION.c.id == session_id)).one()
    letters = days_of(_pair(store, row.follow_up_id), row.held_on).letters
    return letters, letters[-1] + KEPT


def sign_up(store: Store, keys: ServerKey, session_id: str, address: str, today: date) -> None:
    """Keep an address for the letters about a session. The same address twice is kept once.

    Raises:
        Refused: it is no address, or letters about this session are over.
    """
    address = address.strip()
    if not ADDRESS.fullmatch(address.lower()):
        raise Refused("no address")
    many = store.execute(select(func.count()).select_from(CONTACT).where(CONTACT.c.session_id == session_id)).scalar()
    if not accepts(store, session_id, today) or (many or 0) >= MOST_OF_A_SESSION:
        raise Refused("over")
    letters, delete_on = days_for(store, session_id)
    ident = keys.derive("follow-up contact id", session_id, address.casefold()).hex()[:32]
    if store.execute(select(CONTACT.c.id).where(CONTACT.c.id == ident)).first():
        return
    store.execute(
        insert(CONTACT).values(
            id=ident,
            session_id=session_id,
            locked=lock(_key(keys), address.encode(), ident.encode()),
            due={"days": [day.isoformat() for day in letters]},
            next_on=next(day for day in letters if day > today),
            delete_on=delete_on,
        )
    )


def move(store: Store, session_id: str, today: date) -> None:
    """Bring the letters about a session to its new day. What was written already is not written again."""
    letters, delete_on = days_for(store, session_id)
    coming = next((day for day in letters if day >= today), None)
    days = {"days": [day.isoformat() for day in letters]}
    mine = update(CONTACT).where(CONTACT.c.session_id == session_id)
    store.execute(mine.values(due=days, next_on=coming, delete_on=delete_on))


def write_due(session: Session, keys: ServerKey, now: datetime, *, today: date, address: str, area: str) -> Written:
    """Write the letters that are due, into the queue of letters. Run twice, it writes nothing twice.

    Only the newest that is due is written: after days without a worker nobody gets two at once. Once the follow-up is
    closed, none is.

    Args:
        address: where respondents find this copy, such as `https://feedback.example`.
        area: the short name of the partnership.
    """
    written = 0
    due = select(FollowUpContact).where(CONTACT.c.next_on <= today).order_by(CONTACT.c.id)
    for contact in session.scalars(due):
        days = [date.fromisoformat(day) for day in contact.due["days"]]
        which = max(number for number, day in enumerate(days) if day <= today)
        contact.next_on = next((day for day in days if day > today), None)
        row = session.get_one(CourseSession, contact.session_id)
        form = collections.find(session, row.follow_up_id or "")
        if form is None or form.closed_at or form.archived_on or (form.closes_on and today > form.closes_on):
            continue
        try:
            to = unlock(_key(keys), contact.locked, contact.id.encode()).decode()
        except CannotOpen:
            continue
        day = f"{row.held_on.day} {row.held_on:%B %Y}"
        body = (AGAIN if which else FIRST) + END
        written += mail.write(
            session,
            keys,
            f"{KIND}/{contact.id}/{which}",
            KIND,
            to=to,
            subject=f"{area}: your course on {day}",
            body=body.format(day=day, form=f"{address}/{form.id}", stop=f"{address}/en/{STOP}/{contact.id}"),
            now=now,
        )
    session.flush()
    return Written(written)


def is_there(store: Store, ident: str) -> bool:
    """Whether an address is kept under this id."""
    return "\0" not in ident and store.execute(select(CONTACT.c.id).where(CONTACT.c.id == ident)).first() is not None


def stop(store: Store, ident: str) -> None:
    """Forget an address, and empty the letters to it that have not gone yet."""
    if "\0" in ident:
        return
    store.execute(delete(CONTACT).where(CONTACT.c.id == ident))
    waiting = LETTER.c.id.startswith(f"{KIND}/{ident}/", autoescape=True)
    store.execute(update(LETTER).where(waiting, LETTER.c.sent_at.is_(None)).values(locked=None))


def clear(store: Store, today: date) -> int:
    """Forget the addresses whose last day has come; return how many."""
    return changed(store, delete(CONTACT).where(CONTACT.c.delete_on <= today))


def count_due(session: Session, today: date, within: timedelta = timedelta(days=7)) -> int:
    """How many sessions have their follow-up open within the next days: what an organiser may want to know."""
    query = (
        select(func.count())
        .select_from(SESSION)
        .join(COLLECTION, COLLECTION.c.id == SESSION.c.follow_up_id)
        .where(COLLECTION.c.opens_on.between(today, today + within))
    )
    return session.scalar(query) or 0


def _pair(store: Store, collection: str) -> Pair:
    query = select(VERSION.c.document).join(COLLECTION, COLLECTION.c.version_hash == VERSION.c.hash)
    document = store.execute(query.where(COLLECTION.c.id == collection)).scalar() or {}
    return Pair.model_validate(document.get("pair") or {"wave": "none"})


def _key(keys: ServerKey) -> bytes:
    return keys.derive("follow-up contact")
