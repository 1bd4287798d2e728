"""What administrators set for the area on the settings page. Rows are only ever added: the newest of a name counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import DOCUMENT, Base


class AreaSetting(Base):
    """One change of one setting, with what was there before: text, number, words by language, or a whole signpost.

    An `after` of null takes it away again: the area's file counts, or a signpost is gone.
    """

    __tablename__ = "area_setting"

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)  # contact, hear_back, signpost:child_line
    before: Mapped[Any] = mapped_column(DOCUMENT)
    after: Mapped[Any] = mapped_column(DOCUMENT)
    changed_by: Mapped[str] = mapped_column(String(120))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
