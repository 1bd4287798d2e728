"""Find an unfinished survey by the five words of "Finish later". Knows nothing of cookies, and of nobody's name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from feedback_app.core.keys import ServerKey
from feedback_app.core.tokens import Respondent, session_of
from feedback_app.services import collecting
from feedback_app.services.collecting import HALF_WAY, Visit
from feedback_app.storage.db import Store
from feedback_app.storage.models import Draft, table_of

DRAFT = table_of(Draft)


def find(store: Store, keys: ServerKey, words: tuple[str, ...], now: datetime, hours: int) -> Visit | None:
    """Find the draft that five words lead to, in whichever collection; None when they are wrong or too old.

    The words are kept nowhere: the row's name and the key that opens it are both made from them.
    """
    session = session_of(keys, words)
    people = {
        person.draft_id: person
        for person in (Respondent(keys, session, collection) for collection in store.execute(HALF_WAY).scalars())
    }
    found = store.execute(select(DRAFT.c.id).where(DRAFT.c.id.in_(people))).scalars().first()
    return collecting.find(store, people[found], now, hours) if found else None
