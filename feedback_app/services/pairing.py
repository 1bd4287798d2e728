"""Pair a follow-up with its first form by a code that only the participant holds. Knows no name and no address.

The code is five words. Both forms hold the same keyed hash of it, so nobody can tell the words from what is stored.
What a participant said they would do is sealed like every free text; a second copy is kept under a key made from the
code, so that only who types the code sees it again, and it is deleted on a set day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, insert, select, update

from feedback_app.core.keys import ServerKey
from feedback_app.core.sealing import CannotOpen, lock, unlock
from feedback_app.core.tokens import Respondent
from feedback_app.definitions.survey import Pair
from feedback_app.questions.asked import Answer
from feedback_app.storage.db import Store, changed
from feedback_app.storage.models import Commitment, CourseSession, Response, table_of

RESPONSE, COMMITMENT, SESSION = table_of(Response), table_of(Commitment), table_of(CourseSession)


@dataclass(frozen=True, slots=True)
class Known:
    """What a code leads to: the hash that both forms hold, and the person's own words, if they wrote any."""

    pair_hash: str
    promise: str = ""


def hash_of(keys: ServerKey, words: tuple[str, ...]) -> str:
    """The keyed hash of a code, as it is stored with the answers."""
    return keys.derive("pair hash", *words).hex()


def give(
    store: Store, keys: ServerKey, sender: Respondent, pair: Pair | None, live: Mapping[str, Answer], today: date
) -> str | None:
    """The hash to store with a first form, or None; keep what the person said they would do, for them alone.

    Args:
        live: the answers that count.
    """
    if pair is None or pair.code != "give" or (pair.unless and pair.unless.holds(live)):
        return None
    words = sender.pair_words
    pair_hash, promise = hash_of(keys, words), live.get(pair.promise, "")
    if isinstance(promise, str) and promise and pair.kept_days is not None:
        held_on = store.execute(select(SESSION.c.held_on).where(SESSION.c.day_id == sender.collection)).scalar()
        store.execute(
            insert(COMMITMENT).values(
                pair_hash=pair_hash,
                locked=lock(_secret(keys, words), promise.encode(), pair_hash.encode()),
                delete_on=(held_on or today) + timedelta(days=pair.kept_days),
            )
        )
    return pair_hash


def code_of(store: Store, sender: Respondent) -> tuple[str, ...]:
    """The code of whoever sent these answers, to show it; none where their form holds no hash."""
    held = store.execute(select(RESPONSE.c.pair_hash).where(RESPONSE.c.id == sender.response_id)).scalar()
    return sender.pair_words if held and held == hash_of(sender.keys, sender.pair_words) else ()


def find(store: Store, keys: ServerKey, words: tuple[str, ...]) -> Known | None:
    """What a code leads to, or None when no form holds it."""
    pair_hash = hash_of(keys, words)
    if store.execute(select(RESPONSE.c.id).where(RESPONSE.c.pair_hash == pair_hash)).first() is None:
        return None
    locked = store.execute(select(COMMITMENT.c.locked).where(COMMITMENT.c.pair_hash == pair_hash)).scalar()
    try:
        promise = unlock(_secret(keys, words), locked, pair_hash.encode()).decode() if locked else ""
    except CannotOpen:
        promise = ""
    return Known(pair_hash, promise)


def move(store: Store, day_form: str, pair: Pair, held_on: date) -> None:
    """Keep what was said after a session as long as its new day says."""
    if pair.kept_days is not None:
        said = select(RESPONSE.c.pair_hash).where(RESPONSE.c.collection_id == day_form)
        mine = update(COMMITMENT).where(COMMITMENT.c.pair_hash.in_(said))
        store.execute(mine.values(delete_on=held_on + timedelta(days=pair.kept_days)))


def clear(store: Store, today: date) -> int:
    """Delete the words whose day has come; return how many."""
    return changed(store, delete(COMMITMENT).where(COMMITMENT.c.delete_on <= today))


def _secret(keys: ServerKey, words: tuple[str, ...]) -> bytes:
    return keys.derive("commitment", *words)
