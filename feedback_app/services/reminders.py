"""Remind a place, a service or a group that a survey is open to it: twice at most, by a letter to its contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import Refused
from feedback_app.core.keys import ServerKey
from feedback_app.services import audit, mail
from feedback_app.services.collections import Held
from feedback_app.services.registers import Entry
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import CollectionEvent

MOST = 2
REMINDED = "reminded"
SUBJECT = "{survey}: please remind people that it is open"
BODY = """Hello,

The survey "{survey}" is open to {setting}{until}. Please remind the people whom
you asked to take part. They find it here:

{address}

Taking part is their own choice. Please do not ask anybody whether they answered, or what.

Thank you.
{area}
"""  # It says no number: who counts heads in a small place can guess who has not answered.


@dataclass(frozen=True, slots=True)
class Said:
    """What the letter says."""

    survey: str
    address: str
    until: str  # the last day, written out; empty if there is none
    area: str


def sent(session: Session, collection: str) -> int:
    """How many reminders were written for a collection."""
    mine = (CollectionEvent.collection_id == collection, CollectionEvent.what == REMINDED)
    return session.scalar(select(func.count()).select_from(CollectionEvent).where(*mine)) or 0


def remind(
    session: Session, keys: ServerKey, held: Held, to: Entry | None, said: Said, *, by: str, now: datetime, today: date
) -> int:
    """Write a reminder; return how many that makes.

    Raises:
        Refused: there is nobody to write to, it is not open, or it was done twice before.
    """
    if to is None or not to.contact:
        raise Refused("There is no e-mail address in the register to write to.")
    if held.closed_at or held.waits or today < held.opens_on or (held.closes_on and held.closes_on < today):
        raise Refused("It is not open now, so there is nothing to remind of.")
    hold_writes(session)  # two who press at once send one each, and never a third
    number = sent(session, held.id) + 1
    if number > MOST:
        raise Refused(f"{MOST} reminders were sent. More would be a nuisance.")
    until = f" until {said.until}" if said.until else ""
    words = {"survey": said.survey, "setting": to.name, "until": until, "address": said.address, "area": said.area}
    cause = f"collection/{held.id}/{number}"
    body, subject = BODY.format(**words), SUBJECT.format(survey=said.survey)
    mail.write(session, keys, cause, "reminder", to=to.contact, subject=subject, body=body, now=now)
    session.add(CollectionEvent(collection_id=held.id, what=REMINDED, about="", why="", done_by=by, done_on=today))
    session.flush()
    audit.record(session, by, "collection.remind", held.id, now, number=number)
    return number
