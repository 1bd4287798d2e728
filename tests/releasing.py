"""Put texts in the queue and release them as safeguarding leads would, for tests of what comes after."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_app.core.keys import KeyRing
from feedback_app.core.settings import PROJECT
from feedback_app.services import screening
from feedback_app.services.screening import Screens, Source
from feedback_app.storage.models import Response, Triage
from feedback_app.storage.queries.triage import OPEN, RELEASED


@cache
def screens() -> Screens:
    """The screener with the project's own lists."""
    return screening.load_screens(PROJECT / "surveys")


def put(session: Session, keys: KeyRing, response: str, texts: Mapping[str, str], language: str = "en") -> None:
    """Put texts of a response in the queue that a test has stored itself."""
    held = session.get_one(Response, response)
    of = Source(response, held.collection_id, held.received_on)
    screening.put(session, keys, screens(), of, texts, dict.fromkeys(texts, language))


def release_all(session: Session) -> int:
    """Release every text that waits; return how many."""
    waiting = session.scalars(select(Triage.id).where(Triage.state == OPEN, Triage.drill.is_(False))).all()
    done = {"state": RELEASED, "outcome": "release", "first_by": "Lea", "second_by": "Sam"}
    session.execute(update(Triage).where(Triage.id.in_(waiting)).values(done))
    return len(waiting)
