"""The audit log: append an event to the chain, and check that no event was changed, moved, taken out or put in.

The chain finds what was done inside it; its head, kept in a file outside the database, finds what was done at its end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.clock import LOCAL
from feedback_app.core.errors import FeedbackError
from feedback_app.storage import audit_head
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import AuditEvent

FIRST = audit_head.NONE[1]
AFTER_RESTORE = "If a backup was put back, docs/operating.md says what to do."


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
    number, previous = audit_head.last_of(session)
    audit_head.follows(session, (number, previous))
    event = AuditEvent(
        number=number + 1, at=at, actor=actor, action=action, subject=subject, detail=detail, previous=previous, hash=""
    )
    event.hash = _hash(event)
    session.add(event)
    session.flush()
    return event


@dataclass(frozen=True, slots=True)
class Search:
    """Which events are wanted; what is empty leaves all."""

    who: str = ""  # a part of the account's name
    what: str = ""  # how the action begins, such as `staff`
    about: str = ""  # a part of what it was done to
    first: date | None = None
    last: date | None = None


def page(session: Session, search: Search, *, before: int | None, size: int) -> list[AuditEvent]:
    """Events, the newest first.

    Args:
        before: only those with a smaller number.
    """
    wanted = select(AuditEvent).order_by(AuditEvent.number.desc()).limit(size)
    if before is not None:
        wanted = wanted.where(AuditEvent.number < before)
    if search.who:
        wanted = wanted.where(AuditEvent.actor.icontains(search.who, autoescape=True))
    if search.what:
        wanted = wanted.where(AuditEvent.action.startswith(search.what, autoescape=True))
    if search.about:
        wanted = wanted.where(AuditEvent.subject.icontains(search.about, autoescape=True))
    if search.first:
        wanted = wanted.where(AuditEvent.at >= _midnight(search.first))
    if search.last:
        wanted = wanted.where(AuditEvent.at < _midnight(search.last + timedelta(days=1)))
    return list(session.scalars(wanted))


def when(event: AuditEvent) -> datetime:
    """When an event was, in UTC. SQLite gives times back without their zone."""
    return event.at.astimezone(UTC) if event.at.tzinfo else event.at.replace(tzinfo=UTC)


def verify(session: Session) -> int:
    """Check the chain by itself, from its first event to its last.

    Returns:
        how many events it has.

    Raises:
        BrokenChain: the first event that does not fit.
    """
    previous, number = FIRST, 0
    for event in _every(session):
        number += 1
        if event.number != number:
            raise BrokenChain(f"Event {number} of the audit log is missing.")
        if event.previous != previous or event.hash != _hash(event):
            raise BrokenChain(f"Event {number} of the audit log was changed after it was written.")
        previous = event.hash
    return number


def check(session: Session, file: Path) -> int:
    """Check the chain, and its end against the head that is kept outside the database.

    Returns:
        how many events it has.

    Raises:
        BrokenChain: what does not fit, and where.
    """
    count, heads = verify(session), audit_head.read(file)
    if audit_head.last_of(session) in (heads or [audit_head.NONE]):
        return count
    if not heads:
        raise BrokenChain(f"The end of the audit log cannot be checked: {file} is missing. {AFTER_RESTORE}")
    number, seal = heads[0]
    if number < 0:
        raise BrokenChain(f"The end of the audit log cannot be checked: {file} was changed. {AFTER_RESTORE}")
    if number > count:
        raise BrokenChain(
            f"The end of the audit log was cut off: {_events(count + 1, number)} missing. {AFTER_RESTORE}"
        )
    held = session.get(AuditEvent, number)
    if number and (held is None or held.hash != seal):
        raise BrokenChain(f"The audit log was written anew: event {number} is not the one that was written then.")
    raise BrokenChain(
        f"Something else than this software wrote into the audit log: {_events(number + 1, count)} not its own."
    )


def last(session: Session) -> audit_head.Head:
    """The number and the seal of the last event: to be kept elsewhere, if somebody wants to be very sure."""
    return audit_head.last_of(session)


def accept(session: Session, file: Path, reason: str, *, by: str, now: datetime) -> int:
    """Begin the head anew where the log ends now, and keep that as an event with its reason. The chain must be whole.

    Raises:
        BrokenChain: the chain itself is broken, and no reason mends that.
        FeedbackError: there is no reason.
    """
    if not reason.strip():
        raise FeedbackError("Say why, such as: the backup of 3 May was put back.")
    hold_writes(session)
    count = verify(session)
    audit_head.write(file, [audit_head.last_of(session)])
    record(session, by, "audit.accept", "", now, reason=reason.strip()[:200], events=count)
    return count


def begin_head(session: Session, file: Path) -> None:
    """Keep the head of a log that is older than this file. A log that has a head keeps it."""
    if not audit_head.read(file):
        hold_writes(session)
        audit_head.write(file, [audit_head.last_of(session)])


def _every(session: Session) -> Iterator[AuditEvent]:
    """Every event in order, a thousand at a time: a log of many years does not fit into memory."""
    more = select(AuditEvent).order_by(AuditEvent.number).limit(1_000)
    found = session.scalars(more).all()
    while found:
        yield from found
        found = session.scalars(more.where(AuditEvent.number > found[-1].number)).all()


def _events(first: int, last: int) -> str:
    return f"event {first} is" if first == last else f"events {first} to {last} are"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)


def _hash(event: AuditEvent) -> str:
    content = [
        event.number,
        when(event).isoformat(timespec="microseconds"),
        event.actor,
        event.action,
        event.subject,
        event.detail,
        event.previous,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
