"""Open a copy's database and keys for one command, commit once when it went well, and let go of the database.

The server forks its workers after such a command. A connection to SQLite that is open then takes its locks away from
them: they write, hold no lock, and whoever closes last throws away what they wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import read_settings
from feedback_app.factory import create_app
from feedback_app.storage import schema
from feedback_app.storage.db import db
from feedback_app.web.support.in_force import look
from feedback_app.web.support.wiring import Wiring, wiring

BY = "command line"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a command works with."""

    session: Session
    wiring: Wiring


@contextmanager
def opened() -> Iterator[Opened]:
    """Open this copy with its private keys; commit at the end, or roll everything back.

    Raises:
        FeedbackError: there are no keys, or the database is not at the newest migration.
    """
    app = create_app("command", read_settings())
    with app.app_context():
        try:
            if schema.current(db.engine) != schema.newest():
                raise FeedbackError("The database is not up to date. Bring it there with: feedback db upgrade")
            look()  # what was set for the area counts here too
            yield Opened(db.session(), wiring())
            db.session.commit()
        finally:
            db.session.remove()
            db.engine.dispose()
