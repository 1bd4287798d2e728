"""Try out the way of an alert with a text that nobody wrote. A drill is marked everywhere and is in no figure.

It is passed when a safeguarding lead says that they have seen it. The last one that was passed is kept: without it no
survey with free text for people under 18 may open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from feedback_app.core.clock import in_utc
from feedback_app.core.errors import FeedbackError
from feedback_app.core.ids import new_id
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import audit, rota
from feedback_app.services.screening import LEAD
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import Triage, TriageAlert
from feedback_app.storage.queries.triage import OPEN


@dataclass(frozen=True, slots=True)
class Passed:
    """The last drill that was passed, how many minutes after its alert, and whether somebody ended it."""

    at: datetime
    by: str
    minutes: int
    closed: bool


def start(session: Session, *, by: str, now: datetime) -> str:
    """Put a drill in the queue; its alert goes out as any other. Return its id.

    Raises:
        FeedbackError: there is nobody to tell, or a drill is going on.
    """
    hold_writes(session)
    if not any(one.email for one in rota.leads(session, rota.current(session))):
        raise FeedbackError("No safeguarding lead has an account with an e-mail address, so nobody could be told.")
    if waiting(session):
        raise FeedbackError("A drill is going on already. End it first: open it in the queue.")
    ident = new_id()
    session.execute(
        insert(Triage).values(
            id=ident, language=SOURCE, received_on=now.date(), band="P1", screened=True, drill=True, state=OPEN
        )
    )
    session.execute(insert(TriageAlert).values(triage_id=ident, step=LEAD))
    audit.record(session, by, "triage.drill", ident, now)
    return ident


def waiting(session: Session) -> str:
    """The id of the drill that is going on, or ""."""
    return session.scalars(select(Triage.id).where(Triage.drill, Triage.state == OPEN).limit(1)).first() or ""


def last_passed(session: Session) -> Passed | None:
    """The last drill whose alert went out and was acknowledged; None when there never was one."""
    passed = select(Triage).where(Triage.drill, Triage.alerted_at.is_not(None), Triage.acknowledged_at.is_not(None))
    row = session.scalars(passed.order_by(Triage.acknowledged_at.desc()).limit(1)).first()
    if row is None or row.acknowledged_at is None or row.alerted_at is None:
        return None
    taken = in_utc(row.acknowledged_at) - in_utc(row.alerted_at)
    return Passed(in_utc(row.acknowledged_at), row.acknowledged_by, int(taken.total_seconds() // 60), row.state != OPEN)
