"""The work that runs by itself: when each kind ran last, how it went, and when a worker was last seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


class JobRun(Base):
    """One kind of work, by name: its last run and its next. What it says of itself holds no word of anybody's.

    `state` is waiting, running, done or failed. A run that was killed still says running: its lock is free then.
    """

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # somebody pressed "Run now"
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(String(200), default="")  # what the last run that went well did
    tries: Mapped[int] = mapped_column(default=0)  # how often in a row it failed
    failed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    trouble: Mapped[str] = mapped_column(String(200), default="")


class Worker(Base):
    """A process that does this work. Its row is written every half minute, so that its silence is noticed."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
