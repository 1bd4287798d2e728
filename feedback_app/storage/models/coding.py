"""What software suggests about a comment, apart from what people decide. Decisions are only ever added."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


def _of_a_comment() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["response_id", "field"], ["answer_text.response_id", "answer_text.field"], ondelete="CASCADE"
    )


class Reading(Base):
    """What software made of a comment: its language and its tone. "unsure" is a result."""

    __tablename__ = "reading"
    __table_args__ = (
        _of_a_comment(),
        Index(
            "ix_reading_waits", "response_id", sqlite_where=text("decided = 0"), postgresql_where=text("NOT decided")
        ),
    )

    response_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    field: Mapped[str] = mapped_column(String(100), primary_key=True)
    language: Mapped[str] = mapped_column(String(20))  # a code, or "unsure"
    sentiment: Mapped[str] = mapped_column(String(20))  # positive, neutral, negative, unsure
    unsure_why: Mapped[str]
    codebook: Mapped[str] = mapped_column(String(80))
    codebook_version: Mapped[str] = mapped_column(String(20))
    read_on: Mapped[date]
    decided: Mapped[bool] = mapped_column(server_default=false())  # a mark for counting what waits


class Suggestion(Base):
    """A code that software suggests for a comment. It is never counted until a person accepts it."""

    __tablename__ = "suggestion"
    __table_args__ = (_of_a_comment(),)

    response_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    field: Mapped[str] = mapped_column(String(100), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    direction: Mapped[str] = mapped_column(String(1))
    method: Mapped[str] = mapped_column(String(20))
    score: Mapped[float]
    because: Mapped[str]  # words of the codebook, never of the comment


class Decision(Base):
    """What a person decided about a code on a comment, when, and with which version of the codebook."""

    __tablename__ = "decision"
    __table_args__ = (_of_a_comment(), Index("ix_decision_comment", "response_id", "field", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[str] = mapped_column(String(32))
    field: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(1))
    verdict: Mapped[str] = mapped_column(String(20))  # accepted, rejected
    decided_by: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    codebook: Mapped[str] = mapped_column(String(80))
    codebook_version: Mapped[str] = mapped_column(String(20))
