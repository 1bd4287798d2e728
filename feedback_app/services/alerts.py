"""Tell people by e-mail that a text waits: an id and a link, and never a word of it. Each person is told of it once.

Run as often as you like: what was told is kept in the transaction that writes the letter, and a letter's cause is its
key. While the mail server is down the letters wait in the outbox (services/mail.py), and the clocks run on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.core.clock import LOCAL, in_utc
from feedback_app.core.keys import ServerKey
from feedback_app.services import jobs, mail, rota
from feedback_app.services.rota import ACKNOWLEDGED_IN, ALL_TOLD_IN, Lead, Rota
from feedback_app.services.screening import ALL, DEPUTY, LEAD, SECOND
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import Triage, TriageAlert
from feedback_app.storage.queries.triage import OPEN, REAL

KIND = "alert"
SHOWN = 8  # letters of an id, as pages and letters show it
SUBJECT = {
    LEAD: "Please read text {short} now",
    DEPUTY: "Nobody has seen text {short} yet: please read it now",
    ALL: "Text {short} still waits: please read it now",
    SECOND: "Text {short} needs a second person",
}
BODY = {
    LEAD: "A text came in that may be about a child in danger.",
    DEPUTY: "A text that may be about a child in danger came in. The lead has not said yet that they have seen it.",
    ALL: "A text that may be about a child in danger came in. In two staffed hours nobody has said that they saw it.",
    SECOND: "Somebody has read this text and decided. It closes when a second person has read it too and agrees.",
}
REST = """
Its number is {short}.

Read it here: {address}/triage/{ident}

This letter holds no word of the text, and it cannot be answered.
"""
NOBODY = (
    "\nYou get this letter because no safeguarding lead has an account with an e-mail address. Please mend that now.\n"
)
LATE_SUBJECT = "Texts wait longer than we promise"
LATE = """{number} of the texts that people wrote have waited longer than we promise before somebody read them.

Read them here: {address}/triage
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What was written: letters, and alerts that nobody could be told of."""

    letters: int = 0
    nobody: int = 0


@dataclass(frozen=True, slots=True)
class Office:
    """What letters need to know of this copy."""

    keys: ServerKey
    address: str  # of the staff pages


def short(ident: str) -> str:
    """An id as people read it."""
    return ident[:SHOWN]


def write_due(session: Session, office: Office, now: datetime) -> Told:
    """Write every letter that is due now: first alerts, those that go a step further, and once a day what is late."""
    if not _anything(session):
        return Told()
    hold_writes(session)
    here = rota.current(session)
    leads = [one for one in rota.leads(session, here) if one.email]
    written = nobody = 0
    for item in session.scalars(select(Triage).where(Triage.state == OPEN, Triage.band == "P1").order_by(Triage.id)):
        for step in _due(session, here, item, now):
            to = _to(step, leads, item) or ([] if leads else [one for one in rota.administrators(session) if one.email])
            nobody += not to
            if not to:
                continue
            for person in to:
                written += _alert(session, office, item, step, person, now, lacking=not leads)
            _note(session, item, step, now)
    written += _late(session, office, here, leads, now)
    if written:
        jobs.nudge(session, "letters", now)
    return Told(written, nobody)


def late(session: Session, here: Rota, now: datetime) -> int:
    """How many texts have waited longer than is promised."""
    by_band = [(Triage.band == band) & (Triage.received_on < here.late_before(band, now)) for band in rota.WORKING_DAYS]
    number = 0
    for is_late in by_band:
        wanted = select(func.count()).select_from(Triage).where(Triage.state == OPEN, REAL, is_late)
        number += session.scalar(wanted) or 0
    return number


def _anything(session: Session) -> bool:
    """Whether anything is open at all: the usual answer is read off an index."""
    return session.execute(select(Triage.id).where(Triage.state == OPEN).limit(1)).first() is not None


def _due(session: Session, here: Rota, item: Triage, now: datetime) -> Iterator[int]:
    """The steps that are due for one text and were not taken."""
    rows = {row.step: row for row in session.scalars(select(TriageAlert).where(TriageAlert.triage_id == item.id))}
    if LEAD in rows and rows[LEAD].told_at is None and item.acknowledged_at is None:
        yield LEAD
        return
    if item.alerted_at is not None and item.acknowledged_at is None:
        told = in_utc(item.alerted_at)
        if DEPUTY not in rows and now >= here.after(told, ACKNOWLEDGED_IN):
            yield DEPUTY
        if ALL not in rows and now >= here.after(told, ALL_TOLD_IN):
            yield ALL
    if item.first_by and SECOND not in rows and not item.drill:
        yield SECOND


def _to(step: int, leads: list[Lead], item: Triage) -> list[Lead]:
    """Whom a step tells. Where there is only one lead, they are told again."""
    if step == LEAD:
        return leads[:1]
    if step == DEPUTY:
        return leads[1:2] or leads[:1]
    if step == SECOND:
        return [one for one in leads if one.name != item.first_by]
    return leads


def _alert(
    session: Session, office: Office, item: Triage, step: int, to: Lead, now: datetime, *, lacking: bool
) -> bool:
    named = {"short": short(item.id), "ident": item.id, "address": office.address}
    drill = "This is a drill. Please do as you would for a real text.\n\n" if item.drill else ""
    return mail.write(
        session,
        office.keys,
        f"triage/{item.id}/{item.revision}/{step}/{to.id}",
        KIND,
        to=to.email,
        subject=("Drill: " if item.drill else "") + SUBJECT[step].format(**named),
        body=drill + BODY[step] + "\n" + REST.format(**named) + (NOBODY if lacking else ""),
        now=now,
    )


def _note(session: Session, item: Triage, step: int, now: datetime) -> None:
    row = session.get(TriageAlert, (item.id, step)) or TriageAlert(triage_id=item.id, step=step)
    row.told_at = now
    session.add(row)
    if step == LEAD:
        item.alerted_at = now
    session.flush()


def _late(session: Session, office: Office, here: Rota, leads: list[Lead], now: datetime) -> int:
    """Once on each working day, tell every lead how many texts are late."""
    day: date = now.astimezone(LOCAL).date()
    if not here.staffed(now) or not (number := late(session, here, now)):
        return 0
    body = LATE.format(number=number, address=office.address)
    return sum(
        mail.write(
            session,
            office.keys,
            f"triage/late/{day}/{to.id}",
            KIND,
            to=to.email,
            subject=LATE_SUBJECT,
            body=body,
            now=now,
        )
        for to in leads
    )
