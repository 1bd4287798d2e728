"""Reports that were made beforehand, because there is too much to count while somebody waits for a page."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


class KeptReport(Base):
    """The report of one period, as it was made or is wanted. It holds released tables only: nothing of anybody.

    `settings` is the number of the newest change of the area's settings that it was made under: with another, it does
    not count any more. The four contents are of one making, so that the page and the files agree.
    """

    __tablename__ = "kept_report"

    first_on: Mapped[date] = mapped_column(primary_key=True)
    last_on: Mapped[date] = mapped_column(primary_key=True)
    wanted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # somebody waits for it
    made_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settings: Mapped[int]
    part: Mapped[bytes | None] = mapped_column(LargeBinary)  # what a staff page shows; empty: too long for a page
    page: Mapped[bytes | None] = mapped_column(LargeBinary)  # report.html
    word: Mapped[bytes | None] = mapped_column(LargeBinary)  # report.docx
    tables: Mapped[bytes | None] = mapped_column(LargeBinary)  # tables.json
