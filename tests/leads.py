"""Safeguarding leads with a rota, what a child might write, and how it is read and decided on, for tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.roles import LEAD
from feedback_app.definitions.area import load_area
from feedback_app.services import accounts, rota, triage
from feedback_app.services.editions import Editions
from feedback_app.services.triage import Choice, Opened
from feedback_app.storage.models import AnswerText, Letter, Staff, Triage
from tests.factories import NOON, Copy
from tests.integration.answering import Answering

HARM = "I want to kill myself"
PLAIN = "More football after lessons please"
PASSWORD = "correct-horse-battery-staple"
OFFICE = dict.fromkeys(range(5), (time(9), time(17)))


def add_leads(session: Session, *names: str, closed: tuple[date, ...] = ()) -> list[Staff]:
    """Leads with an address each, in the rota in this order."""
    made = [
        accounts.add(session, name, PASSWORD, {LEAD}, by="test", now=NOON, email=f"{name.lower()}@area.example")
        for name in names
    ]
    seen = rota.current(session).number
    rota.keep(session, seen, OFFICE, closed, [one.id for one in made], by="test", now=NOON)
    return made


def write(copy: Copy, words: str = PLAIN) -> str:
    """A person answers with these words; give the id of the text in the queue."""
    with copy.session() as session:
        before = set(session.scalars(select(Triage.id)))
    Answering(copy, "text").begin().keep(Q2=words).send()
    with copy.session() as session:
        (ident,) = set(session.scalars(select(Triage.id))) - before
    return str(ident)


def item(copy: Copy, ident: str) -> Triage:
    """A row of the queue as it is now."""
    with copy.session() as session:
        found = session.get_one(Triage, ident)
        session.expunge_all()
    return found


def text_row(copy: Copy, ident: str) -> AnswerText:
    """The text that a row of the queue is about."""
    held = item(copy, ident)
    with copy.session() as session:
        found = session.get_one(AnswerText, (held.response_id, held.field))
        session.expunge_all()
    return found


def told(copy: Copy) -> dict[str, str]:
    """Who was written to, by the step that the letter's cause names."""
    with copy.session() as session:
        return {letter.id.split("/", 1)[1]: letter.kind for letter in session.scalars(select(Letter))}


def steps_told(copy: Copy, ident: str) -> list[tuple[str, str]]:
    """The letters of a text: step and account."""
    parts = [cause.split("/") for cause in told(copy)]
    return sorted((one[2], one[3]) for one in parts if one[0] == ident)


def opened(copy: Copy, ident: str, by: str = "Lea", now: datetime = NOON) -> Opened:
    """Somebody opens a text."""
    with copy.session() as session, session.begin():
        editions = Editions(load_area(copy.settings.surveys, copy.settings.area))
        found = triage.read(session, copy.keys, editions, rota.current(session), ident, by=by, now=now)
    assert found
    return found


def decide(copy: Copy, ident: str, outcome: str = triage.RELEASE, by: str = "Lea", seen: int = 0, **said: str) -> bool:
    """Somebody decides on a text, a minute after it came; tell whether it is closed."""
    with copy.session() as session, session.begin():
        seen = seen or session.get_one(Triage, ident).revision
        given = (session, copy.keys, ident, seen, Choice(outcome, **said))
        return triage.decide(*given, by=by, now=NOON + timedelta(minutes=1))
