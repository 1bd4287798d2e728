"""Tables that were released with a report, as they were shown: what is released after them is held against them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import DOCUMENT, Base, Document


class Release(Base):
    """One table of one report, frozen: rounded numbers and hidden ones, nothing raw and nothing of anybody.

    It is only ever added to. A backup takes it along: without it, a table could be told from its predecessor again.
    """

    __tablename__ = "release"

    number: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date]
    last_on: Mapped[date]
    released_on: Mapped[date]
    released_by: Mapped[str] = mapped_column(String(120))
    frozen: Mapped[Document] = mapped_column(DOCUMENT)
