"""The database: one engine per process, and a session per request. The only import of Flask-SQLAlchemy.

A read takes no transaction; the first write of a session begins one, on both kinds of database. On SQLite each commit
is on the disk before it is acknowledged (WAL, synchronous FULL), and writers of all processes queue on one lock file:
SQLite's own busy retry sleeps and wakes unfairly, which makes the slowest pages slower. A statement with the execution
option `alone` is a transaction of its own.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from psycopg import Connection as Link
from psycopg import Error as PostgresError
from psycopg import ServerCursor
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session

from feedback_app.storage import audit_head
from feedback_app.storage.models import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
Store = Session | Connection  # what runs statements: a bare connection costs half as much for one request
BUSY_SECONDS = 15
IDLE_SECONDS = 5
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY")
QUIET = {"hide_parameters": True}  # an error that is logged must not hold what a person answered
ONE_WRITER = 7_305_117  # any number of our own: the PostgreSQL advisory lock of `hold_writes`


def tie(app: Flask, address: str, head: Path) -> None:
    """Tie an application to its database, and to the file that keeps the head of its audit log."""
    app.config["SQLALCHEMY_DATABASE_URI"] = address
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _options(address, head)
    db.init_app(app)
    with app.app_context():
        _prepare(db.engine)


def make_engine(address: str, head: Path | None = None) -> Engine:
    """Make an engine outside an application: for the worker, migrations and tools.

    Args:
        head: the file that keeps the head of the audit log; what writes no events needs none.
    """
    engine = create_engine(address, **_options(address, head))
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
    _begin_writing(connection)
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_WRITER})


def _options(address: str, head: Path | None) -> dict[str, Any]:
    shared = QUIET | {"execution_options": {audit_head.OPTION: str(head)} if head else {}}
    if address.startswith("sqlite"):
        return shared | {"connect_args": {"timeout": BUSY_SECONDS, "isolation_level": None}}
    return shared | {"pool_size": 5, "max_overflow": 5, "pool_recycle": 1800, "connect_args": {"autocommit": True}}


def _prepare(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _before_execute)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open)
        event.listen(engine, "close", _close)
        event.listen(engine, "checkin", _release)
    else:
        event.listen(engine, "checkout", _still_there)
        event.listen(engine, "checkin", _used)


def _before_execute(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    if context is not None and context.execution_options.get("alone"):
        _queue(connection)
        return
    is_read = statement.lstrip()[:7].upper().startswith(("SELECT", "PRAGMA"))
    if not is_read or isinstance(cursor, ServerCursor):  # rows that are streamed need a transaction too
        _begin_writing(connection)


def _begin_writing(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raw = connection.connection
        if not raw.in_transaction:
            _queue(connection)
            raw.execute("BEGIN IMMEDIATE")
        return
    link = cast("Link[Any]", connection.connection.dbapi_connection)
    if link.pgconn.transaction_status == TransactionStatus.IDLE:
        link.execute("BEGIN")


def _queue(connection: Connection) -> None:
    """Wait for the turn to write, on SQLite; the turn ends when the connection goes back to the pool."""
    lock = connection.info.get("lock", -1)
    if lock >= 0:
        fcntl.flock(lock, fcntl.LOCK_EX)


def _open(connection: Any, record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info["lock"] = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600) if file else -1


def _close(connection: Any, record: Any) -> None:
    lock = record.info.pop("lock", -1)
    if lock >= 0:
        os.close(lock)


def _release(connection: Any, record: Any) -> None:
    """Let the next writer in: a connection comes back to the pool only after its commit is on the disk."""
    if record.info["lock"] >= 0:
        fcntl.flock(record.info["lock"], fcntl.LOCK_UN)


def _still_there(connection: Any, record: Any, proxy: Any) -> None:
    """Ask a connection that has lain idle whether its server is still there; asking each time would cost too much."""
    if monotonic() - record.info.get("used", monotonic()) > IDLE_SECONDS:
        try:
            connection.execute("SELECT 1")
        except PostgresError:
            raise DisconnectionError from None


def _used(connection: Any, record: Any) -> None:
    record.info["used"] = monotonic()
