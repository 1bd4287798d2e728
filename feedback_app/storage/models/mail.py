"""Letters that wait to be sent by e-mail. Who they go to and what they say is locked under the server key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


class Letter(Base):
    """One letter. `id` is its cause, so that the same cause never makes two; it is emptied once it is sent."""

    __tablename__ = "letter"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))  # invitation, reminder, alert
    locked: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int]
    trouble: Mapped[str] = mapped_column(String(200))
