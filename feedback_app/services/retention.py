"""Delete what was promised to be deleted, when its time is over. Answers and the audit log stay as they are.

Run twice it deletes nothing twice. What is deleted is counted, and no count is told of what respondents left
unfinished: a number with a time beside it would say when a child gave up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_app.services import audit, collecting, follow_ups, pairing
from feedback_app.storage.db import changed
from feedback_app.storage.models import ClassSession, Invitation, Letter, SealedBundle, table_of

LETTER, INVITATION = table_of(Letter), table_of(Invitation)
BUNDLE, CLASS = table_of(SealedBundle), table_of(ClassSession)
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
    )
    if done != Cleared():
        detail = {name: getattr(done, name) for name in Cleared.__slots__ if getattr(done, name)}
        audit.record(session, by, "retention.clear", "", now, **detail)
    return done


def _files(outbox: Path, over: datetime) -> int:
    old = [file for file in outbox.glob("*.eml") if file.stat().st_mtime < over.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _bundles(session: Session, today: date) -> int:
    """The marks of what tablets sent and was stored. Until then they tell a second sending from a first."""
    ended = select(CLASS.c.id).where(CLASS.c.closes_on < today - KEPT)
    stored = (BUNDLE.c.sealed.is_(None), BUNDLE.c.class_session_id.in_(ended))
    return changed(session, delete(BUNDLE).where(*stored))
