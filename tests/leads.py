"""Two safeguarding leads with a rota, and what a child might write, for tests of the queue."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.roles import LEAD
from feedback_app.services import accounts, rota
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
