"""Decide what becomes of a text, with a second person where a child may be in danger; put one back; add a note."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from feedback_app.core.clock import in_utc
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing
from feedback_app.core.sealing import seal
from feedback_app.services import audit
from feedback_app.services.screening import AFRESH, SECOND, scrubbed_place
from feedback_app.services.triage.steps import Choice, add_step
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import AnswerText, Reading, Suggestion, Triage, TriageAlert, table_of
from feedback_app.storage.queries.triage import CLOSED, COMPLAINT, CONCERN, OPEN, REDACTED, RELEASED

TABLE = table_of(Triage)
RELEASE, REDACT, UNKNOWN, KNOWN, COMPLAINED, DRILLED = (
    "release", "redact", "concern-unknown", "concern-known", "complaint", "drill",
)  # fmt: skip
LEADS_TO = {
    RELEASE: RELEASED,
    REDACT: REDACTED,
    UNKNOWN: CONCERN,
    KNOWN: CONCERN,
    COMPLAINED: COMPLAINT,
    DRILLED: CLOSED,
}
LONGEST_NOTE, LONGEST_NAME = 2_000, 200
QUICKEST = timedelta(seconds=1)  # nobody reads faster, and a key that is held down presses thirty times a second


class Taken(FeedbackError):
    """Somebody decided on this text since it was opened: `by`, who may be the same person. Nothing is overwritten."""

    def __init__(self, by: str) -> None:
        """Say who was quicker."""
        super().__init__(f"{by} decided on this text while you had it open. Nothing that you chose was kept.")
        self.by = by


def decide(session: Session, keys: KeyRing, ident: str, seen: int, choice: Choice, *, by: str, now: datetime) -> bool:
    """Keep what a person decided; tell whether the text is closed by it. A P1 text waits for a second person.

    The second person's choice closes it when it is the same as the first one's; another choice becomes the first, and
    what was decided before stays in the steps.

    Args:
        seen: the revision that the person had before them.

    Raises:
        Taken: somebody decided since.
        FeedbackError: something is missing, one person would be both of two, or nobody can have read it so quickly.
    """
    hold_writes(session)
    row = session.get(Triage, ident, populate_existing=True)
    if row is None:
        raise FeedbackError("This text is not here any more. Nothing was kept.")
    if row.state != OPEN or row.revision != seen:
        raise Taken(row.second_by or row.first_by or "Somebody else")
    _sound(row, choice)
    if choice.outcome == RELEASE and row.claimed_by == by and _just_now(row.claimed_at, now):
        raise FeedbackError("That was quicker than anybody can read. Read this text, then choose.")
    needs_two = row.band == "P1" and not row.drill
    agrees = needs_two and row.outcome == choice.outcome and not choice.scrubbed
    if agrees and row.first_by == by:
        raise FeedbackError("You were the first to decide on this text. A second person has to read it too.")
    if not agrees:  # who agrees to masking agrees to what the first one masked; another masking is another choice
        _keep_scrubbed(session, keys, row, choice.scrubbed if choice.outcome == REDACT else "")
    closes = agrees or not needs_two
    if agrees:
        row.second_by, row.second_at = by, now
    else:
        row.first_by, row.first_at, row.outcome = by, now, choice.outcome
        if needs_two:  # whoever can be the second has to be told, again if the first decision was another one
            session.execute(delete(TriageAlert).where(TriageAlert.triage_id == ident, TriageAlert.step == SECOND))
    if row.acknowledged_at is None:
        row.acknowledged_by, row.acknowledged_at = by, now
    row.state = LEADS_TO[choice.outcome] if closes else OPEN
    row.claimed_by, row.claimed_at, row.revision = "", None, row.revision + 1
    add_step(session, keys, ident, "agreed" if agrees else choice.outcome, choice, by=by, now=now)
    session.flush()
    told = {"outcome": choice.outcome, "band": row.band, "drill": row.drill}
    audit.record(session, by, "triage.close" if closes else "triage.first", ident, now, **told)
    return closes


def put_back(session: Session, keys: KeyRing, ident: str, seen: int, why: str, *, by: str, now: datetime) -> None:
    """Put a closed text back in the queue: a slip, or something new is known. Analysts do not read it any more.

    Raises:
        Taken: somebody else changed it since.
        FeedbackError: it is not closed, or nobody says why.
    """
    hold_writes(session)
    row = session.get(Triage, ident, populate_existing=True)
    if row is None or row.state == OPEN or row.drill:
        raise FeedbackError("Only a text that is closed can be put back.")
    if row.revision != seen:
        raise Taken(row.second_by or row.first_by or "Somebody else")
    if not why:
        raise FeedbackError("Write why the text goes back in the queue.")
    _keep_scrubbed(session, keys, row, "")
    fresh = AFRESH | {"revision": row.revision + 1}
    session.execute(update(TABLE).where(TABLE.c.id == ident).values(fresh))
    for table in (Reading, Suggestion):  # what software made of it; what people decided stays
        session.execute(delete(table).where(table.response_id == row.response_id, table.field == row.field))
    add_step(session, keys, ident, "put-back", Choice("", note=why), by=by, now=now)
    session.expire_all()
    audit.record(session, by, "triage.put_back", ident, now)


def add_note(session: Session, keys: KeyRing, ident: str, note: str, *, by: str, now: datetime) -> None:
    """Add a note to a text; notes are sealed as the text is.

    Raises:
        FeedbackError: there is no such text, or the note is empty or too long.
    """
    if session.get(Triage, ident) is None:
        raise FeedbackError("This text is not here any more. Nothing was kept.")
    if not note or len(note) > LONGEST_NOTE:
        raise FeedbackError(f"Write a note of at most {LONGEST_NOTE} letters.")
    add_step(session, keys, ident, "note", Choice("", note=note), by=by, now=now)
    audit.record(session, by, "triage.note", ident, now)


def _just_now(opened_at: datetime | None, now: datetime) -> bool:
    return opened_at is not None and timedelta(0) <= now - in_utc(opened_at) < QUICKEST


def _sound(row: Triage, choice: Choice) -> None:
    if choice.outcome not in LEADS_TO or (choice.outcome == DRILLED) != row.drill:
        raise FeedbackError("Choose what becomes of this text.")
    agrees = row.outcome == choice.outcome and not choice.scrubbed  # with what the first one wrote down
    if choice.outcome == KNOWN and not agrees and not (choice.told and choice.told_at and choice.reference):
        raise FeedbackError("Write whom you told, when, and the reference that they gave you.")
    if choice.outcome == UNKNOWN and not agrees and not choice.note:
        raise FeedbackError("Write what you did, such as: told the school’s lead in general words.")
    if row.band == "P1" and not row.drill and not agrees and not choice.reference:
        raise FeedbackError("Write a reference: the number in your own records, or why this text needs none.")
    if len(choice.note) > LONGEST_NOTE:
        raise FeedbackError(f"The note is {len(choice.note) - LONGEST_NOTE} letters too long.")
    if max(map(len, (choice.told, choice.told_at, choice.reference))) > LONGEST_NAME:
        raise FeedbackError(f"Whom you told, when, and the reference can have {LONGEST_NAME} letters each.")
    if choice.outcome == REDACT and not agrees and not choice.scrubbed:
        raise FeedbackError("Choose what to mask, and look at what analysts will read.")


def _keep_scrubbed(session: Session, keys: KeyRing, row: Triage, words: str) -> None:
    """Keep the copy that analysts read instead, or take it away. The text itself stays as it is."""
    if row.response_id is None or row.field is None:
        return
    text = session.get_one(AnswerText, (row.response_id, row.field))
    text.scrubbed, text.scrubbed_key_id = None, ""
    if words:
        text.scrubbed = seal(keys.public, words, scrubbed_place(row.response_id, row.field, keys.key_id))
        text.scrubbed_key_id = keys.key_id
    session.flush()
