"""A published version of a survey: frozen, named by the hash of its content, never changed or deleted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import DOCUMENT, Base, Document


class SurveyVersion(Base):
    """The English document and the words of each language it was complete in.

    Better translations of one version make another row with the same number; another document needs another number.
    """

    __tablename__ = "survey_version"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    survey: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[int]
    title: Mapped[str]
    document: Mapped[Document] = mapped_column(DOCUMENT)
    words: Mapped[Document] = mapped_column(DOCUMENT)
    published_on: Mapped[date]
