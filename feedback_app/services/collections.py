"""The collections there are, as the pages need them: one, a page of them, and until when each can be answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.core.clock import LOCAL, in_utc
from feedback_app.services.registers import GREATEST
from feedback_app.storage.db import Store
from feedback_app.storage.models import Collection, RegisterEntry, table_of

TABLE, ENTRY = table_of(Collection), table_of(RegisterEntry)
COLUMNS = select(
    TABLE.c.id,
    TABLE.c.version_hash,
    TABLE.c.title,
    TABLE.c.source,
    TABLE.c.note,
    TABLE.c.opens_on,
    TABLE.c.closes_on,
    TABLE.c.closed_at,
    TABLE.c.archived_on,
    TABLE.c.setting_id,
    TABLE.c.event,
    TABLE.c.languages,
    TABLE.c.left_out,
    TABLE.c.cards_only,
    TABLE.c.changed_by,
    TABLE.c.revision,
    TABLE.c.waits,
)
A_PAGE = 50
TO_FINISH = timedelta(minutes=30)  # for whoever is half-way when it closes
STATES = ("open", "waiting", "closed", "archived", "imported")
STANDING = and_(TABLE.c.source == "survey", TABLE.c.setting_id.is_(None), TABLE.c.event == "")


@dataclass(frozen=True, slots=True)
class Held:
    """One collection: which survey version it asks, where its answers come from, and when it is open.

    `languages` and `left_out` are lists with a space between: see storage/models/collection.py.
    """

    id: str
    version_hash: str
    title: str
    source: str  # survey, imported
    note: str
    opens_on: date
    closes_on: date | None
    closed_at: datetime | None = None  # when staff closed it by hand
    archived_on: date | None = None
    setting_id: int | None = None
    event: str = ""
    languages: str = ""
    left_out: str = ""
    cards_only: bool = False
    changed_by: str = ""
    revision: int = 1
    waits: bool = False  # nobody has opened it yet: a survey for children needs some things first

    @property
    def standing(self) -> bool:
        """Whether it is for anyone with the link, and not for one place or event."""
        return self.source == "survey" and self.setting_id is None and not self.event


class Closing(Protocol):
    """What has an end: a collection, or somebody half-way through one."""

    @property
    def closes_on(self) -> date | None: ...

    @property
    def closed_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which collections a page is asked for. Empty means all; those that are archived only when asked for."""

    text: str = ""
    state: str = ""
    setting: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    collections: list[Held]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // A_PAGE))


def find(store: Store, ident: str) -> Held | None:
    """The collection of an address, or None."""
    if "\0" in ident:  # no id holds it, and PostgreSQL will not look for it
        return None
    row = store.execute(COLUMNS.where(TABLE.c.id == ident)).first()
    return Held(*row) if row else None


def listed(store: Store) -> list[Held]:
    """Every collection, by title. Where there may be thousands, take `page`."""
    return [Held(*row) for row in store.execute(COLUMNS.order_by(TABLE.c.title, TABLE.c.id))]


def titles(store: Store, idents: Iterable[str]) -> dict[str, str]:
    """The titles of these collections."""
    rows = store.execute(select(TABLE.c.id, TABLE.c.title).where(TABLE.c.id.in_(set(idents))))
    return {row[0]: row[1] for row in rows}


def standing(store: Store) -> list[Held]:
    """The collections that are for anyone with the link, by title: one for each survey."""
    return _held(store, COLUMNS.where(STANDING))


def choices(store: Store, chosen: str = "") -> list[Held]:
    """What a form offers where there may be thousands: all but those for one place or event, and the one chosen."""
    return _held(store, COLUMNS.where(or_(STANDING, TABLE.c.source != "survey", TABLE.c.id == chosen)))


def page(session: Session, wanted: Wanted, today: date) -> Page:
    """One page of the collections that are asked for, by title."""
    which = and_(*_conditions(wanted, today))
    total = session.scalar(select(func.count()).select_from(TABLE).where(which)) or 0
    number = min(max(1, wanted.page), max(1, -(-total // A_PAGE)))
    found = COLUMNS.where(which).limit(A_PAGE).offset((number - 1) * A_PAGE)
    return Page(_held(session, found), total, number)


def settings_of(session: Session, found: Iterable[Held]) -> dict[int, RegisterEntry]:
    """The entries of the registers that these collections are for."""
    wanted = {one.setting_id for one in found if one.setting_id is not None}
    if not wanted:
        return {}
    return {entry.id: entry for entry in session.scalars(select(RegisterEntry).where(RegisterEntry.id.in_(wanted)))}


def is_over(one: Closing, now: datetime) -> bool:
    """Whether it is too late even for somebody half-way: half an hour after it closed, by its day or by hand."""
    ends = [in_utc(one.closed_at)] if one.closed_at else []
    if one.closes_on:
        ends.append(datetime.combine(one.closes_on + timedelta(days=1), time(), LOCAL))
    return bool(ends) and now >= min(ends) + TO_FINISH


def closed_on(one: Held) -> date | None:
    """The last day on which it could be answered, or will be."""
    if one.closed_at is None:
        return one.closes_on
    by_hand = in_utc(one.closed_at).astimezone(LOCAL).date()
    return min(by_hand, one.closes_on) if one.closes_on else by_hand


def _held(store: Store, query: Select[Any]) -> list[Held]:
    return [Held(*row) for row in store.execute(query.order_by(TABLE.c.title, TABLE.c.id))]


def _conditions(wanted: Wanted, today: date) -> Iterable[ColumnElement[bool]]:
    for word in wanted.text.lower().split():
        title, ident = (func.lower(column).contains(word, autoescape=True) for column in (TABLE.c.title, TABLE.c.id))
        yield or_(title, ident)
    if wanted.setting is not None:
        yield TABLE.c.setting_id == wanted.setting if wanted.setting <= GREATEST else false()
    yield _in_state(wanted.state, today) if wanted.state in STATES else TABLE.c.archived_on.is_(None)


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    """What is true of the collections of a state. One that waits for its signposts counts as open: its day has come."""
    if state == "imported":
        return TABLE.c.source != "survey"
    if state == "archived":
        return TABLE.c.archived_on.is_not(None)
    over = or_(TABLE.c.closed_at.is_not(None), TABLE.c.closes_on < today)
    match state:
        case "waiting":
            when = and_(TABLE.c.closed_at.is_(None), or_(TABLE.c.opens_on > today, TABLE.c.waits))
        case "closed":
            when = over
        case _:
            when = and_(
                TABLE.c.closed_at.is_(None),
                ~TABLE.c.waits,
                TABLE.c.opens_on <= today,
                or_(TABLE.c.closes_on.is_(None), TABLE.c.closes_on >= today),
            )
    return and_(TABLE.c.source == "survey", TABLE.c.archived_on.is_(None), when)
