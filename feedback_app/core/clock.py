"""Tell the date and the time. Passed in wherever it is needed, so that a test can set it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def in_utc(moment: datetime) -> datetime:
    """A moment with its zone. SQLite gives moments back without it; what we store is in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Clock(Protocol):
    """What services ask for the time."""

    def now(self) -> datetime:
        """The moment, in UTC, with its zone."""

    def today(self) -> date:
        """The date on the wall in England."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return datetime.now(LOCAL).date()


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still, for work that belongs to one day."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.astimezone(LOCAL).date()
