"""What people said, and what was done about it: one line of "you said, we did"."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import DOCUMENT, Base, Document


class Action(Base):
    """One action. `said`, `did` and `why_not` hold the words by language; English is always there.

    `state` is planned, doing, done or not-possible. Nobody but staff sees it before `published_on`.
    """

    __tablename__ = "action"

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[str | None] = mapped_column(ForeignKey("collection.id"))
    said: Mapped[Document] = mapped_column(DOCUMENT)
    did: Mapped[Document] = mapped_column(DOCUMENT)
    why_not: Mapped[Document] = mapped_column(DOCUMENT)
    state: Mapped[str] = mapped_column(String(20))
    written_by: Mapped[str] = mapped_column(String(120))
    changed_on: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)  # who saves over a change they have not seen is told
    published_on: Mapped[date | None] = mapped_column(index=True)
