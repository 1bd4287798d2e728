"""Let one process at a time do one kind of work. The lock is the operating system's or PostgreSQL's own.

A process that is killed lets go of it at once: nothing has to be cleared up, and no clock decides who holds it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

ASKED = text("SELECT pg_try_advisory_lock(:number)")
WAITED_FOR = text("SELECT pg_advisory_lock(:number)")
LET_GO = text("SELECT pg_advisory_unlock(:number)")


@contextmanager
def alone(engine: Engine, name: str, *, wait: bool = False) -> Iterator[bool]:
    """Hold the lock of a name; tell whether it was free.

    Args:
        wait: until it is.
    """
    if engine.dialect.name == "sqlite":
        descriptor = os.open(f"{engine.url.database}.{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield _flock(descriptor, wait=wait)
        finally:
            os.close(descriptor)
        return
    number = int.from_bytes(hashlib.sha256(f"feedback job {name}".encode()).digest()[:8], signed=True)
    with engine.connect() as connection:
        mine = False
        try:
            mine = connection.execute(WAITED_FOR if wait else ASKED, {"number": number}).scalar() is not False
            yield mine
        finally:
            if mine:
                with suppress(DBAPIError):  # the server notices a closed connection only after a while
                    connection.execute(LET_GO, {"number": number})
            connection.invalidate()  # closing the connection lets go, whatever became of it meanwhile


def _flock(descriptor: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
