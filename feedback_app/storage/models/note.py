"""What is known of a note: words that were heard somewhere else than in a survey, and typed in by staff."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


class Note(Base):
    """One note. Its words are the one sealed text of its response, whose day is the day they were heard."""

    __tablename__ = "note"

    response_id: Mapped[str] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # group, case-study, audit, compliment, complaint, drawing
    heard_by: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(String(200))  # the group or service, by its name of that day; or nothing
    written_by: Mapped[str] = mapped_column(String(120))
    changed_on: Mapped[date]
    revision: Mapped[int]  # who saves over a change they have not seen is told
