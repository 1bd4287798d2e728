"""The bank holidays of England and Wales, as data in surveys/days/, for the rota to be offered. Knows no rota.

Most years hold what the calendar gives; now and then the government adds a day. Whoever sets the rota decides.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from feedback_app.core.errors import BadFile, Problem

FILE = Path("days", "bank-holidays.csv")


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day on which most offices are closed."""

    day: date
    name: str


def load(surveys: Path) -> tuple[Holiday, ...]:
    """The holidays that are known, the earliest first; none where the folder of surveys has no such file.

    Raises:
        BadFile: a line has no day.
    """
    file = surveys / FILE
    if not file.exists():
        return ()
    with file.open(encoding="utf-8", newline="") as opened:
        return tuple(sorted(map(_holiday, csv.DictReader(opened, restval="")), key=lambda one: one.day))


def _holiday(row: dict[str, str]) -> Holiday:
    try:
        return Holiday(date.fromisoformat(row.get("day", "")), row.get("name", ""))
    except ValueError:
        raise BadFile([Problem(FILE.name, 0, f'"{row.get("day", "")}" is no day. Write 2026-12-25.')]) from None
