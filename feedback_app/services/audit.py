"""The audit log: append an event to the chain, and check that no event was changed, moved or taken out."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import AuditEvent

FIRST = "0" * 64
HEAD = "audit.head"  # in the instance folder, outside the database: how far the chain had come


class BrokenChain(FeedbackError):
    """An event of the audit log does not fit the one before it."""


def record(session: Session, actor: str, action: str, subject: str, at: datetime, **detail: Any) -> AuditEvent:
    """Append one event: who did what to which thing, and when.

    Args:
        actor: the account's name, or "command line".
        action: a noun and a verb, such as `survey.publish`.
        detail: counts and names; never a word that a respondent wrote.
    """
    hold_writes(session)
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    event = AuditEvent(
        number=number, at=at, actor=actor, action=action, subject=subject, detail=detail, previous=previous, hash=""
    )
    event.hash = _hash(event)
    session.add(event)
    session.flush()
    return event


def page(session: Session, *, before: int | None, who: str, what: str, size: int) -> list[AuditEvent]:
    """Events, the newest first.

    Args:
        before: only those with a smaller number.
        who: only this account's; what: only actions that begin so, such as `staff`.
    """
    wanted = select(AuditEvent).order_by(AuditEvent.number.desc()).limit(size)
    if before is not None:
        wanted = wanted.where(AuditEvent.number < before)
    if who:
        wanted = wanted.where(AuditEvent.actor == who)
    if what:
        wanted = wanted.where(AuditEvent.action.startswith(what, autoescape=True))
    return list(session.scalars(wanted))


def verify(session: Session) -> int:
    """Check the whole chain.

    Returns:
        how many events it has.

    Raises:
        BrokenChain: the first event that does not fit.
    """
    previous, number = FIRST, 0
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.number)):
        number += 1
        if event.number != number:
            raise BrokenChain(f"Event {number} of the audit log is missing.")
        if event.previous != previous or event.hash != _hash(event):
            raise BrokenChain(f"Event {number} of the audit log was changed after it was written.")
        previous = event.hash
    return number


def check_head(session: Session, folder: Path) -> int:
    """Check that the event which was noted outside the database is still there, unchanged.

    Without this, whoever takes the newest events out leaves a chain that looks whole.

    Returns:
        the number of that event; 0 when none was noted yet.

    Raises:
        BrokenChain: it is not.
    """
    try:
        number, noted = (folder / HEAD).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return 0
    except ValueError:
        raise BrokenChain(f"The file {HEAD} cannot be read, so nobody can say how long the audit log was.") from None
    event = session.get(AuditEvent, int(number)) if number.isdigit() else None
    if event is None or event.hash != noted:
        raise BrokenChain(f"Event {number} was the newest of the audit log, and is not there as it was.")
    return int(number)


def keep_head(session: Session, folder: Path) -> int:
    """Note outside the database how far the chain has come; return the number of its newest event.

    Raises:
        BrokenChain: what was noted before does not fit; it is not written over.
    """
    check_head(session, folder)
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).first()
    if last is None:
        return 0
    fresh = folder / f"{HEAD}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(f"{last.number} {last.hash}\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(folder / HEAD)
    return last.number


def _hash(event: AuditEvent) -> str:
    at = event.at if event.at.tzinfo else event.at.replace(tzinfo=UTC)  # SQLite gives times back without their zone
    content = [
        event.number,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor,
        event.action,
        event.subject,
        event.detail,
        event.previous,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
