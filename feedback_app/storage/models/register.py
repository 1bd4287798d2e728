"""The area's registers: its groups, services, places, wards, agencies and priorities, each true for a time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import Base


class RegisterEntry(Base):
    """One entry of one register. It is ended and never deleted: an old collection keeps the names of its time."""

    __tablename__ = "register_entry"
    __table_args__ = (UniqueConstraint("kind", "code"), Index("ix_register_entry_kind_name", "kind", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # group, service, place, ward, agency, priority
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(160))
    contact: Mapped[str] = mapped_column(String(254))  # where reminders go; empty if nowhere
    ward: Mapped[str] = mapped_column(String(40))  # the code of an entry of the wards
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]  # the last day on which it is true
    changed_by: Mapped[str] = mapped_column(String(120))
    revision: Mapped[int]
