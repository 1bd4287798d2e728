"""Keep the head of the audit log outside the database: the number and the seal of its last event, in one small file.

The chain alone shows that nothing inside it was changed. Only something outside the database can show that its end was
cut off, or that lines were put in after it. Just before a commit the file gets two lines: the head that was, and the
head that will be; after it only the second. So whenever the machine stops, the database's last event is in the file.

Where the file does not fit the log it is left as it is: it is the evidence. Knows no accounts and no pages.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction

from feedback_app.storage.models import AuditEvent

Head = tuple[int, str]  # the number of an event, and its seal
NONE: Head = (0, "0" * 64)  # of a log that holds nothing yet
OPTION = "audit_head"  # the engine's option that names the file
_BEFORE, _WRITTEN = "audit head before", "audit head written"


def read(file: Path) -> list[Head]:
    """The heads that a file holds: the last that was certain, and one that may have been written after it."""
    try:
        lines = file.read_text(encoding="ascii").splitlines()
        return [(int(number), seal) for number, seal in (line.split() for line in lines)]
    except FileNotFoundError:
        return []
    except ValueError:
        return [(-1, "")]  # somebody wrote something else into it: it fits no log


def write(file: Path, heads: list[Head]) -> None:
    """Write the file anew, whole or not at all, and on the disk before this returns."""
    with _alone(file):
        _write(file, heads)


def _write(file: Path, heads: list[Head]) -> None:
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("w", encoding="ascii") as out:
        out.writelines(f"{number} {seal}\n" for number, seal in heads)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Keep every other process from the file meanwhile."""
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def last_of(session: Session) -> Head:
    """The last event of the log."""
    newest = select(AuditEvent.number, AuditEvent.hash).order_by(AuditEvent.number.desc()).limit(1)
    found = session.execute(newest).first()
    return (found.number, found.hash) if found else NONE


def follows(session: Session, before: Head) -> None:
    """Note that this transaction adds to the log, and after which event."""
    session.info.setdefault(_BEFORE, before)


@event.listens_for(Session, "before_commit")
def _write_down(session: Session) -> None:
    """Events are written one transaction after the other, so what the file holds now is what this one goes on from."""
    before: Head | None = session.info.get(_BEFORE)
    name = session.get_bind().engine.get_execution_options().get(OPTION)
    if before is None or not name or session.in_nested_transaction():
        return
    file, last = Path(name), last_of(session)
    heads = read(file)
    if before not in (heads or [NONE]):
        logging.getLogger(__name__).error("The audit log does not fit its head. See: feedback audit verify")
    elif last != before:
        session.info[_WRITTEN] = (file, [before, last])
        try:
            write(file, [before, last])
        except OSError as error:  # a full disk: nothing is committed, and the page says that it was not kept
            raise OperationalError("the head of the audit log", None, error, hide_parameters=True) from None


@event.listens_for(Session, "after_commit")
def _make_certain(session: Session) -> None:
    """Leave only the new head. Somebody who wrote in between has a file of their own by now, and that stays."""
    file, heads = session.info.pop(_WRITTEN, (None, []))
    if file is None:
        return
    try:
        with _alone(file):
            if read(file) == heads:
                _write(file, heads[1:])
    except OSError:
        logging.getLogger(__name__).exception("The head of the audit log could not be tidied; it still fits.")


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_BEFORE, None)
        session.info.pop(_WRITTEN, None)
