"""Delete what was promised to be deleted, when its time is over. Closed answers and the audit log stay as they are.

Run twice it deletes nothing twice. What is deleted is counted, and no count is told of what respondents left
unfinished: a number with a time beside it would say when a child gave up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from feedback_app.services import audit, collecting, follow_ups, freezes, pairing, withdrawal
from feedback_app.services.freezes import Frozen
from feedback_app.storage.db import changed
from feedback_app.storage.models import (
    AnswerText,
    ClassSession,
    Invitation,
    Letter,
    PaperForm,
    Response,
    SealedBundle,
    Triage,
    table_of,
)
from feedback_app.storage.queries.triage import OPEN

LETTER, INVITATION = table_of(Letter), table_of(Invitation)
BUNDLE, CLASS = table_of(SealedBundle), table_of(ClassSession)
RESPONSE, TEXT, TRIAGE, FORM = table_of(Response), table_of(AnswerText), table_of(Triage), table_of(PaperForm)
KEPT = timedelta(days=30)
#: A letter is emptied when it is sent. Its row stays to tell that its cause was written to; no cause is as old as this.
LETTERS_KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many of each were deleted."""

    letters: int = 0
    contacts: int = 0  # addresses for follow-ups
    files: int = 0  # of the outbox
    invitations: int = 0
    bundles: int = 0
    texts: int = 0  # people's own words, twelve months after the report


def clear(session: Session, outbox: Path, *, now: datetime, today: date, by: str) -> Cleared:
    """Delete what is over.

    Args:
        outbox: the folder that takes letters as files when no mail server is set.
        today: the date on the wall, for what is counted in days of a class.
    """
    collecting.clear_drafts(session, now)
    pairing.clear(session, today)
    over = now - KEPT
    done = Cleared(
        changed(session, delete(LETTER).where(LETTER.c.locked.is_(None), LETTER.c.due_at < now - LETTERS_KEPT)),
        follow_ups.clear(session, today),
        _files(outbox, over),
        changed(session, delete(INVITATION).where(INVITATION.c.ends_at < over)),
        _bundles(session, today),
        sum(_words_of(session, one) for one in freezes.over(session, today)),
    )
    withdrawal.finish(session, today)
    if done != Cleared():
        detail = {name: getattr(done, name) for name in Cleared.__slots__ if getattr(done, name)}
        audit.record(session, by, "retention.clear", "", now, **detail)
    return done


def _files(outbox: Path, over: datetime) -> int:
    old = [file for file in outbox.glob("*.eml") if file.stat().st_mtime < over.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _words_of(session: Session, report: Frozen) -> int:
    """Delete the words of a report's answers: the sealed text, its scrubbed copy, the phrases that were found in it.

    The row of a text stays, empty, because the codes that people gave it do: the tables can be made again. What nobody
    has read for safety yet is never deleted.
    """
    theirs = select(RESPONSE.c.id).where(RESPONSE.c.received_on.between(report.first, report.last))
    waits = exists().where(
        TRIAGE.c.response_id == TEXT.c.response_id, TRIAGE.c.field == TEXT.c.field, TRIAGE.c.state == OPEN
    )
    read = (TRIAGE.c.response_id.in_(theirs), TRIAGE.c.state != OPEN)
    session.execute(update(TRIAGE).where(*read, TRIAGE.c.flags.is_not(None)).values(flags=None))
    typed = (FORM.c.response_id.in_(theirs), FORM.c.second_sealed.is_not(None))
    session.execute(update(FORM).where(*typed).values(second_sealed=None))
    mine = (TEXT.c.response_id.in_(theirs), TEXT.c.sealed != b"", ~waits)
    return changed(session, update(TEXT).where(*mine).values(sealed=b"", scrubbed=None, scrubbed_key_id=""))


def _bundles(session: Session, today: date) -> int:
    """The marks of what tablets sent and was stored. Until then they tell a second sending from a first."""
    ended = select(CLASS.c.id).where(CLASS.c.closes_on < today - KEPT)
    stored = (BUNDLE.c.sealed.is_(None), BUNDLE.c.class_session_id.in_(ended))
    return changed(session, delete(BUNDLE).where(*stored))
