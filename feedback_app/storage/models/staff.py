"""A member of staff who may sign in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


class Staff(Base):
    """One account. The password is kept as an Argon2id hash."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    role: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str]
    session_mark: Mapped[str] = mapped_column(String(32))  # changes with the password: older sessions end
    created_on: Mapped[date]
