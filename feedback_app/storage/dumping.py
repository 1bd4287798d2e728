"""Read every table as it was at one moment, in a form that either kind of database takes in again."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy import table as sa_table

from feedback_app.storage.models import Base
from feedback_app.storage.models.base import DOCUMENT

AT_ONCE = 500
Kinds = dict[str, str]  # column to kind of value
TYPES: dict[str, Any] = {
    "bytes": LargeBinary,
    "moment": DateTime(timezone=True),
    "date": Date,
    "document": DOCUMENT,
    "truth": Boolean,
    "plain": None,
}
BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at this moment, however long it reads; nobody waits for it.

    SQLite's write-ahead log and PostgreSQL's REPEATABLE READ both give that. SQLite's own backup function begins anew
    each time that another process writes, so under load it might never end.
    """
    with engine.connect() as connection:
        raw: Any = connection.connection
        raw.execute(BEGIN[engine.dialect.name])
        connection.execute(text("SELECT version_num FROM alembic_version")).first()  # SQLite's begins with a read
        try:
            yield connection
        finally:
            raw.execute("ROLLBACK")


def tables() -> list[str]:
    """The names of all tables, in an order in which their rows can be put in."""
    return [table.name for table in Base.metadata.sorted_tables]


def kinds_of(name: str) -> Kinds:
    """The kind of each column of a table."""
    return {column.name: _kind(column) for column in Base.metadata.tables[name].columns}


def rows(connection: Connection, name: str) -> Iterator[list[Any]]:
    """The rows of a table, in plain values, streamed."""
    table, kinds = Base.metadata.tables[name], list(kinds_of(name).values())
    for row in connection.execute(select(table).execution_options(yield_per=AT_ONCE)):
        yield [_plain(kind, value) for kind, value in zip(kinds, row, strict=True)]


def put_in(connection: Connection, name: str, kinds: Kinds, given: list[list[Any]]) -> None:
    """Put rows into a table as it was when they were read: an older one may have had other columns."""
    columns = [Column(column, TYPES[kind]) for column, kind in kinds.items()]
    table = Table(name, MetaData(), *columns)
    values = [{c: _value(kind, v) for (c, kind), v in zip(kinds.items(), row, strict=True)} for row in given]
    if values:
        connection.execute(insert(table), values)


def first_used(engine: Engine) -> str:
    """The name of a table that has rows, ours or not; nothing when the database is empty."""
    with engine.connect() as connection:
        for name in sorted(inspect(connection).get_table_names()):
            if name != "alembic_version" and connection.execute(select(text("1")).select_from(sa_table(name))).first():
                return name
    return ""


def go_on_counting(connection: Connection) -> None:
    """Let numbers that PostgreSQL gives out follow those that were put in. SQLite does so by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in Base.metadata.sorted_tables:
        for column in table.primary_key.columns:
            if not isinstance(column.type, Integer):
                continue
            asked = {"table": f'"{table.name}"', "column": column.name}
            found = text("SELECT pg_get_serial_sequence(:table, :column)")
            sequence = connection.execute(found, asked).scalar()
            newest = connection.execute(select(func.max(column))).scalar()
            if sequence and newest:
                connection.execute(text("SELECT setval(:sequence, :newest)"), {"sequence": sequence, "newest": newest})


def _kind(column: Column[Any]) -> str:
    match column.type:
        case LargeBinary():
            return "bytes"
        case DateTime():
            return "moment"
        case Date():
            return "date"
        case Boolean():
            return "truth"
        case JSON():
            return "document"
    return "plain"


def _plain(kind: str, value: Any) -> Any:
    match kind, value:
        case _, None:
            return None
        case "bytes", _:
            return base64.b64encode(value).decode()
        case "moment", _:  # SQLite gives moments back without their zone
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
        case "date", _:
            return value.isoformat()
    return value


def _value(kind: str, value: Any) -> Any:
    match kind, value:
        case _, None:
            return None
        case "bytes", str():
            return base64.b64decode(value)
        case "moment", str():
            return datetime.fromisoformat(value)
        case "date", str():
            return date.fromisoformat(value)
    return value
