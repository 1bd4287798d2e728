"""What was erased and must stay erased, and until when answers can be taken back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import UNORDERED, Base


class Tombstone(Base):
    """A response that its sender erased: a keyed hash of its id, so that a restored backup erases it again.

    No date and no order: nothing here tells when somebody took answers back, or which ones.
    """

    __tablename__ = "tombstone"
    __table_args__ = UNORDERED

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class ReportFreeze(Base):
    """The report of a period is frozen from this day on: what came in between these days cannot be taken back then.

    Twelve months later the words of these answers are deleted. A day that has come is never moved.
    """

    __tablename__ = "report_freeze"

    first_on: Mapped[date] = mapped_column(primary_key=True)
    last_on: Mapped[date] = mapped_column(primary_key=True)
    frozen_on: Mapped[date]
    set_by: Mapped[str] = mapped_column(String(120))
