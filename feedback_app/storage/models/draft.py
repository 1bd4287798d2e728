"""An unfinished survey, encrypted under a key that only the respondent's cookie can make."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


class Draft(Base):
    """One draft. The date is a date; the hour at which a draft ends is inside the encrypted content."""

    __tablename__ = "draft"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"))
    version_hash: Mapped[str] = mapped_column(ForeignKey("survey_version.hash"))
    started_on: Mapped[date] = mapped_column(index=True)
    revision: Mapped[int]
    locked: Mapped[bytes] = mapped_column(LargeBinary)
