"""Who is being asked what, and when; and who is asked too often."""

from __future__ import annotations

from collections.abc import Collection as Some
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.services.collections import A_PAGE, COLUMNS, TABLE, Held
from feedback_app.storage.models import RegisterEntry, table_of

ENTRY = table_of(RegisterEntry)
OFTEN, WINDOW = 2, timedelta(days=90)  # more often than this, in so many days in a row, is too often
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Calendar:
    """A page of the collections that are open at some time of a period, by their first day."""

    collections: list[Held]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // A_PAGE))


@dataclass(frozen=True, slots=True)
class TooOften:
    """A place, a service or a group that is asked more than twice in ninety days."""

    setting: int
    name: str
    times: int
    first: date  # of the days on which one opens
    last: date


def between(session: Session, first: date, last: date, number: int) -> Calendar:
    """The collections that are open at some time from one day to another."""
    still = or_(TABLE.c.closes_on.is_(None), TABLE.c.closes_on >= first)
    which = and_(TABLE.c.source == "survey", TABLE.c.archived_on.is_(None), TABLE.c.opens_on <= last, still)
    total = session.scalar(select(func.count()).select_from(TABLE).where(which)) or 0
    number = min(max(1, number), max(1, -(-total // A_PAGE)))
    order = COLUMNS.where(which).order_by(TABLE.c.opens_on, TABLE.c.title, TABLE.c.id)
    found = session.execute(order.limit(A_PAGE).offset((number - 1) * A_PAGE))
    return Calendar([Held(*row) for row in found], total, number)


def too_often(session: Session, first: date, last: date) -> list[TooOften]:
    """Who is asked too often in some ninety days that touch a period, by name; fifty of them at most."""
    near = and_(TABLE.c.source == "survey", TABLE.c.opens_on.between(first - WINDOW, last + WINDOW))
    many = (
        select(TABLE.c.setting_id)
        .where(near, TABLE.c.setting_id.is_not(None))
        .group_by(TABLE.c.setting_id)
        .having(func.count() > OFTEN)
    )
    found = of_settings(session, list(session.scalars(many)))
    return sorted((one for one in found.values() if one.first <= last and one.last >= first), key=_by_name)[:MOST_NAMED]


def of_settings(session: Session, settings: Some[int], opens_on: date | None = None) -> dict[int, TooOften]:
    """Of these entries of the registers, those that are asked too often.

    Args:
        opens_on: the first day of one more collection that somebody thinks of.
    """
    days: dict[int, list[date]] = {setting: [opens_on] if opens_on else [] for setting in settings}
    names: dict[int, str] = {}
    rows = session.execute(
        select(ENTRY.c.id, ENTRY.c.name, TABLE.c.opens_on)
        .outerjoin(TABLE, and_(TABLE.c.setting_id == ENTRY.c.id, TABLE.c.source == "survey"))
        .where(ENTRY.c.id.in_(list(days)))
    )
    for setting, name, day in rows:
        names[setting] = name
        if day:
            days[setting].append(day)
    found = ((setting, _worst(sorted(opened))) for setting, opened in days.items() if setting in names)
    return {setting: TooOften(setting, names[setting], *worst) for setting, worst in found if worst[0] > OFTEN}


def _worst(days: list[date]) -> tuple[int, date, date]:
    """The ninety days in a row in which the most open: how many, and the first and the last of their days."""
    worst, start = (0, date.min, date.min), 0
    for at, day in enumerate(days):
        while day - days[start] >= WINDOW:
            start += 1
        worst = max(worst, (at - start + 1, days[start], day))
    return worst


def _by_name(one: TooOften) -> tuple[str, int]:
    return one.name.casefold(), one.setting
