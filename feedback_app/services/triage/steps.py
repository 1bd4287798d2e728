"""What people did with a text, step by step: only ever added to, and what they wrote is sealed as the text is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from feedback_app.core.clock import in_utc
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing
from feedback_app.core.sealing import open_sealed, seal
from feedback_app.storage.models import TriageStep


@dataclass(frozen=True, slots=True)
class Step:
    """What one person did with a text."""

    what: str
    by: str
    at: datetime
    note: str = ""
    told: str = ""
    told_at: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decided. `scrubbed` is what analysts will read, where names were masked."""

    outcome: str
    note: str = ""
    told: str = ""
    told_at: str = ""
    reference: str = ""
    scrubbed: str = ""


def add_step(session: Session, keys: KeyRing, ident: str, what: str, choice: Choice, *, by: str, now: datetime) -> None:
    """Add what somebody did; what they wrote is sealed."""
    said = [choice.note, choice.told, choice.told_at, choice.reference]
    plain = json.dumps(said, ensure_ascii=False)
    sealed = seal(keys.public, plain, _step_place(ident, keys.key_id)) if any(said) else None
    given = {"triage_id": ident, "what": what, "done_by": by, "done_at": now, "key_id": keys.key_id, "sealed": sealed}
    session.execute(insert(TriageStep).values(given))


def steps(session: Session, keys: KeyRing, ident: str) -> tuple[Step, ...]:
    """What was done with a text, the first thing first."""
    held = session.scalars(select(TriageStep).where(TriageStep.triage_id == ident).order_by(TriageStep.id))
    return tuple(_step(keys, row) for row in held)


def _step(keys: KeyRing, row: TriageStep) -> Step:
    try:
        plain = opened(keys, row.sealed, row.key_id, _step_place(row.triage_id, row.key_id)) if row.sealed else "[]"
    except FeedbackError as error:  # it hides no other step
        return Step(row.what, row.done_by, in_utc(row.done_at), note=str(error))
    return Step(row.what, row.done_by, in_utc(row.done_at), *json.loads(plain))


def _step_place(ident: str, key_id: str) -> str:
    return f"triage/{ident}/step/{key_id}"


def opened(keys: KeyRing, sealed: bytes, key_id: str, place: str) -> str:
    """Open what is sealed in the queue beside the texts.

    Raises:
        FeedbackError: the key it was sealed to is not here.
        CannotOpen: it was changed or moved.
    """
    private = keys.private.get(key_id)
    if private is None:
        raise FeedbackError(f"The private key {key_id} is not here, so this text cannot be read.")
    return open_sealed(private, sealed, place)
