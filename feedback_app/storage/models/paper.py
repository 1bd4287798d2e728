"""A survey that was answered on paper and typed in by staff, once or, for a sample, twice."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import DOCUMENT, Base, Document


class PaperForm(Base):
    """One paper form, by the number written on it. The answers themselves are a response like any other.

    The second typing is sealed like every text of a person; it is for comparing, and is emptied when settled.
    """

    __tablename__ = "paper_form"

    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"), unique=True)
    unclear: Mapped[Document] = mapped_column(DOCUMENT)  # the answers, by name, that nobody could read for certain
    first_by: Mapped[str] = mapped_column(String(120))
    first_on: Mapped[date]
    second_by: Mapped[str] = mapped_column(String(120), default="")
    second_on: Mapped[date | None]
    second_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    second_key_id: Mapped[str] = mapped_column(String(20), default="")
    compared: Mapped[int] = mapped_column(default=0)  # how many questions the two typings were compared on
    differences: Mapped[Document] = mapped_column(DOCUMENT, default=dict)  # by name: which stands, first or second
    settled_by: Mapped[str] = mapped_column(String(120), default="")
    settled_on: Mapped[date | None]
