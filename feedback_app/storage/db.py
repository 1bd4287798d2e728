"""The database: one engine per process, and a session per request. The only import of Flask-SQLAlchemy.

On SQLite each commit is on the disk before it is acknowledged (WAL, synchronous FULL). A read takes no transaction; the
first write of a session begins one, and writers of all processes queue for it on one lock file: SQLite's own busy retry
sleeps and wakes unfairly, which makes the slowest pages slower.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from typing import Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event, text
from sqlalchemy.orm import Session

from feedback_app.storage.models import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
Store = Session | Connection  # what runs statements: a bare connection costs half as much for one request
BUSY_SECONDS = 15
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY")
QUIET = {"hide_parameters": True}  # an error that is logged must not hold what a person answered
ONE_WRITER = 7_305_117  # any number of our own: the PostgreSQL advisory lock of `hold_writes`


def tie(app: Flask, address: str) -> None:
    """Tie an application to its database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = address
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _options(address)
    db.init_app(app)
    with app.app_context():
        _prepare(db.engine)


def make_engine(address: str) -> Engine:
    """Make an engine outside an application: for migrations and tools."""
    engine = create_engine(address, **_options(address))
    _prepare(engine)
    return engine


def changed(store: Store, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
    """Run a statement; return how many rows it changed."""
    return cast("CursorResult[Any]", store.execute(statement, values)).rowcount


def dialect_of(store: Store) -> str:
    """The kind of database: "sqlite" or "postgresql"."""
    return (store if isinstance(store, Connection) else store.connection()).dialect.name


def hold_writes(session: Session) -> None:
    """Make every other writer that holds writes wait until this session commits or rolls back."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        _begin_writing(connection)
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_WRITER})


def _options(address: str) -> dict[str, Any]:
    if address.startswith("sqlite"):
        return QUIET | {"connect_args": {"timeout": BUSY_SECONDS, "isolation_level": None}}
    return QUIET | {"pool_size": 5, "max_overflow": 5, "pool_pre_ping": True, "pool_recycle": 1800}


def _prepare(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _open)
    event.listen(engine, "close", _close)
    event.listen(engine, "before_cursor_execute", _before_execute)
    event.listen(engine, "checkin", _release)


def _open(connection: Any, record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info["lock"] = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600) if file else -1


def _close(connection: Any, record: Any) -> None:
    lock = record.info.pop("lock", -1)
    if lock >= 0:
        os.close(lock)


def _before_execute(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    if not connection.connection.in_transaction and not statement.lstrip()[:7].upper().startswith(("SELECT", "PRAGMA")):
        _begin_writing(connection)


def _begin_writing(connection: Connection) -> None:
    raw = connection.connection
    if raw.in_transaction:
        return
    if connection.info["lock"] >= 0:
        fcntl.flock(connection.info["lock"], fcntl.LOCK_EX)
    raw.execute("BEGIN IMMEDIATE")


def _release(connection: Any, record: Any) -> None:
    """Let the next writer in: a connection comes back to the pool only after its commit is on the disk."""
    if record.info["lock"] >= 0:
        fcntl.flock(record.info["lock"], fcntl.LOCK_UN)
