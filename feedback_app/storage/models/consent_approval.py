"""Who approved the words of consent of a survey, in one language."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


class ConsentApproval(Base):
    """One approval. Rows are only ever added.

    It is of the words and not of a version: the same words in a new version of the survey stay approved, and other
    words are not. `checked_by` is somebody who reads the language, where nobody had reviewed the translation.
    """

    __tablename__ = "consent_approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    wording_hash: Mapped[str] = mapped_column(String(64), index=True)  # of the words in English and in the language
    survey: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(20))
    checked_by: Mapped[str] = mapped_column(String(120), server_default=text("''"))
    approved_by: Mapped[str] = mapped_column(String(120))
    approved_on: Mapped[date]
