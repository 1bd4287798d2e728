"""A collection: one survey opened to somebody for a time, or answers that were brought in from elsewhere."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


class Collection(Base):
    """One collection. Its id is the address people type, such as `young-person`."""

    __tablename__ = "collection"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    version_hash: Mapped[str] = mapped_column(ForeignKey("survey_version.hash"))
    title: Mapped[str]
    source: Mapped[str] = mapped_column(String(20))  # survey, imported
    note: Mapped[str] = mapped_column(default="")  # for imported answers: where they come from
    file_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # the same file is not brought in twice
    opens_on: Mapped[date]
    closes_on: Mapped[date | None]


class CollectionCount(Base):
    """How many people started, and how many said no: counts, and nothing about the people."""

    __tablename__ = "collection_count"

    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # started, declined
    number: Mapped[int]
