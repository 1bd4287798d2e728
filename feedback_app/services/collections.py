"""The collections there are, as the pages need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from feedback_app.storage.db import Store
from feedback_app.storage.models import Collection, table_of

TABLE = table_of(Collection)
COLUMNS = select(
    TABLE.c.id,
    TABLE.c.version_hash,
    TABLE.c.title,
    TABLE.c.source,
    TABLE.c.note,
    TABLE.c.opens_on,
    TABLE.c.closes_on,
)


@dataclass(frozen=True, slots=True)
class Held:
    """One collection: which survey version it asks, where its answers come from, and when it is open."""

    id: str
    version_hash: str
    title: str
    source: str  # survey, imported
    note: str
    opens_on: date
    closes_on: date | None


def find(store: Store, ident: str) -> Held | None:
    """The collection of an address, or None."""
    if "\0" in ident:  # no id holds it, and PostgreSQL will not look for it
        return None
    row = store.execute(COLUMNS.where(TABLE.c.id == ident)).first()
    return Held(*row) if row else None


def listed(store: Store) -> list[Held]:
    """Every collection, by title."""
    return [Held(*row) for row in store.execute(COLUMNS.order_by(TABLE.c.title, TABLE.c.id))]
