"""Make the report of a period: at once where there is little to count, else by the worker, and keep what was made.

Counting half a million answers takes minutes, and a page that takes minutes is no page. What is kept says when it was
made, and whoever reads it can have it made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from feedback_app.core.clock import in_utc
from feedback_app.definitions.area import Area
from feedback_app.documents import docx, html, tables_json
from feedback_app.services import area_settings, audit, jobs, reporting
from feedback_app.services.editions import Editions
from feedback_app.storage.db import dialect_of
from feedback_app.storage.models import KeptReport, table_of
from feedback_app.storage.queries import report as reads

TABLE = table_of(KeptReport)
JOB = "reports"
MOST_RESPONSES, MOST_COLLECTIONS = 500, 100  # up to which a report is made while somebody waits
MOST_KEPT = 20
LONGEST_PART = 3_000_000  # bytes; what is longer is for a file, and no page to read
PART = ""  # the name of what a staff page shows
COLUMNS = {PART: "part", "report.html": "page", "report.docx": "word", "tables.json": "tables"}


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a report, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How the report of a period stands: when it was made, and whether it is being made now."""

    made_at: datetime | None = None
    wanted: bool = False


def is_large(session: Session, period: Period) -> bool:
    """Whether there is too much to count while somebody waits."""
    return reads.more_than(session, period.first, period.last, MOST_RESPONSES, MOST_COLLECTIONS)


def standing(session: Session, period: Period) -> Standing:
    """How the report of a period stands. One that was made under other settings does not count."""
    row = session.execute(select(TABLE.c.made_at, TABLE.c.wanted_at, TABLE.c.settings).where(_of(period))).first()
    if row is None:
        return Standing()
    made = row.made_at if row.settings == area_settings.newest(session) else None
    return Standing(in_utc(made) if made else None, row.wanted_at is not None)


def content(session: Session, period: Period, name: str) -> bytes | None:
    """What was made: the part of a staff page, or the file of a name; None if it was not.

    The part of a page is empty where the report is too long for one.
    """
    if standing(session, period).made_at is None:
        return None
    found: bytes | None = session.scalar(select(TABLE.c[COLUMNS[name]]).where(_of(period)))
    return found


def ask(session: Session, period: Period, *, by: str, now: datetime) -> None:
    """Have the worker make the report of a period, soon."""
    dialect = sqlite if dialect_of(session) == "sqlite" else postgresql
    row = {"first_on": period.first, "last_on": period.last, "wanted_at": now, "settings": 0}
    asked = dialect.insert(TABLE).values(row)
    session.execute(asked.on_conflict_do_update(index_elements=["first_on", "last_on"], set_={"wanted_at": now}))
    audit.record(session, by, "report.ask", f"{period.first} to {period.last}", now)
    jobs.ask(session, JOB, by=by, now=now)


def wanted(session: Session) -> list[Period]:
    """The periods whose report somebody waits for, who has waited longest first."""
    rows = session.execute(
        select(TABLE.c.first_on, TABLE.c.last_on).where(TABLE.c.wanted_at.is_not(None)).order_by(TABLE.c.wanted_at)
    )
    return [Period(*row) for row in rows]


def keep(
    session: Session, area: Area, books: Mapping[str, Codebook], period: Period, *, today: date, now: datetime, by: str
) -> None:
    """Make the report of a period and keep it, with every file of it; the oldest of many are let go.

    Args:
        area: as its file has it; what was set since is laid over it here.
        by: who does it; anybody may take a copy from now on, so its tables are released.
    """
    number = area_settings.newest(session)
    written = make(session, area_settings.over(session, area), books, period, tuple(COLUMNS), today=today, by=by)
    if len(written[PART]) > LONGEST_PART:
        written[PART] = b""
    values = {COLUMNS[name]: content for name, content in written.items()}
    session.execute(update(TABLE).where(_of(period)).values(**values, made_at=now, wanted_at=None, settings=number))
    kept = select(TABLE.c.made_at).where(TABLE.c.made_at.is_not(None)).order_by(TABLE.c.made_at.desc())
    oldest = session.scalars(kept.offset(MOST_KEPT).limit(1)).first()
    if oldest is not None:
        session.execute(delete(TABLE).where(TABLE.c.made_at <= oldest, TABLE.c.wanted_at.is_(None)))


def make(
    session: Session,
    area: Area,
    books: Mapping[str, Codebook],
    period: Period,
    names: tuple[str, ...],
    *,
    today: date,
    editions: Editions | None = None,
    by: str = "",
) -> dict[str, bytes]:
    """Count once, and write what is asked for: the part of a staff page, files, or all of them.

    Args:
        by: who gives it out, so that later reports are held against it; nobody, where it is only looked at.

    Raises:
        FeedbackError: the period ends before it begins, or another report was given out meanwhile.
    """
    editions = editions or Editions(area)
    found = reporting.find(session, area, editions, books, period.first, period.last, today, by)
    written: dict[str, bytes] = {}
    for name in names:
        match name:
            case "report.html":
                written[name] = html.page(found).encode()
            case "tables.json":
                written[name] = tables_json.dumps(found).encode()
            case "report.docx":
                with TemporaryDirectory() as folder:
                    docx.write(found, Path(folder) / name)
                    written[name] = (Path(folder) / name).read_bytes()
            case _:
                written[name] = html.body(found).encode()
    return written


def _of(period: Period) -> ColumnElement[bool]:
    return and_(TABLE.c.first_on == period.first, TABLE.c.last_on == period.last)
