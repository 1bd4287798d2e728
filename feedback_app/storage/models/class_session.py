"""A class, a group or an event that answers on shared tablets, and what came from tablets without a network."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import UNORDERED, Base


class ClassSession(Base):
    """One class on shared tablets. Its code opens the survey; its PIN opens the "next person" screen.

    Both are kept as keyed hashes. The counts are of the whole session: nothing tells who or when.
    """

    __tablename__ = "class_session"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"), index=True)
    label: Mapped[str] = mapped_column(String(120))  # staff's own name for it, such as "Year 5, Oak School"
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    pin_hash: Mapped[str] = mapped_column(String(64))
    idle_minutes: Mapped[int]
    outreach: Mapped[bool]  # may these tablets keep sealed answers while they have no network?
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    made_by: Mapped[str] = mapped_column(String(120))
    started: Mapped[int] = mapped_column(default=0)
    finished: Mapped[int] = mapped_column(default=0)


class SealedBundle(Base):
    """Answers that a tablet sealed while it had no network. The public face cannot open them.

    `id` is chosen by the tablet, so that sending twice makes one response. Once they are stored as a response,
    `sealed` is emptied and the row stays, to tell a second sending from a first.
    """

    __tablename__ = "sealed_bundle"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    class_session_id: Mapped[str] = mapped_column(ForeignKey("class_session.id"), index=True)
    version_hash: Mapped[str] = mapped_column(ForeignKey("survey_version.hash"))
    language: Mapped[str] = mapped_column(String(20))
    key_id: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    content_hash: Mapped[str] = mapped_column(String(64))  # the same id with other content is refused
    received_on: Mapped[date]
    trouble: Mapped[str] = mapped_column(String(200), default="")  # why it could not be stored as a response
