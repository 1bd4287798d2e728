"""What every table has in common."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import JSON, MetaData, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Document = dict[str, Any]
DOCUMENT = JSON().with_variant(JSONB(), "postgresql")

# Rows of such a table lie in the order of their random keys, not in the order they came: on a stolen SQLite file the
# order in which a class sent its answers cannot be matched to its seats.
UNORDERED = {"sqlite_with_rowid": False}


class Base(DeclarativeBase):
    """The declarative base."""

    metadata = MetaData(naming_convention=NAMES)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that need no objects."""
    return cast(Table, model.__table__)
