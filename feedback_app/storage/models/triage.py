"""The queue in which a person reads every free text: how each one stands, who was told, and what people decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import DOCUMENT, UNORDERED, Base


class Triage(Base):
    """One free text that somebody has to read. No row can be deleted while its state is "open".

    It has the day of the response and no time, as the response has. Only the alert for a text that may be about a child
    in danger has a time, because people's clocks run from it. `flags` holds the phrases that were found, which are a
    child's words: it is sealed, with place "triage/<id>/flags/<key>". A drill has neither response nor collection.
    """

    __tablename__ = "triage"
    __table_args__ = (
        ForeignKeyConstraint(
            ["response_id", "field"], ["answer_text.response_id", "answer_text.field"], ondelete="CASCADE"
        ),
        UniqueConstraint("response_id", "field"),
        Index("ix_triage_state_band_received_on", "state", "band", "received_on"),
        Index("ix_triage_collection_id_state", "collection_id", "state"),
        Index("ix_triage_first_at_id_state_band", "first_at", "id", "state", "band"),
        UNORDERED,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    response_id: Mapped[str | None] = mapped_column(String(32))
    field: Mapped[str | None] = mapped_column(String(100))
    collection_id: Mapped[str | None] = mapped_column(ForeignKey("collection.id"))
    language: Mapped[str] = mapped_column(String(20))
    received_on: Mapped[date]
    band: Mapped[str] = mapped_column(String(2))  # P1, P2, P3
    failed: Mapped[bool] = mapped_column(server_default=false())  # software could not screen it
    flagged: Mapped[bool] = mapped_column(server_default=false())  # software found words that may mean harm
    screened: Mapped[bool] = mapped_column(server_default=false())  # by a list that a person has reviewed
    screener: Mapped[str] = mapped_column(String(64), server_default=sql("''"))  # the version of the lists
    drill: Mapped[bool] = mapped_column(server_default=false())
    flags: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(20), server_default=sql("''"))
    state: Mapped[str] = mapped_column(String(20))  # open, released, redacted, concern, complaint, closed
    outcome: Mapped[str] = mapped_column(String(20), server_default=sql("''"))  # while open: what the first one chose
    first_by: Mapped[str] = mapped_column(String(120), server_default=sql("''"))
    first_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    second_by: Mapped[str] = mapped_column(String(120), server_default=sql("''"))
    second_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    claimed_by: Mapped[str] = mapped_column(String(120), server_default=sql("''"))  # who has it open
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    alerted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    acknowledged_by: Mapped[str] = mapped_column(String(120), server_default=sql("''"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revision: Mapped[int] = mapped_column(server_default="1")  # who decides on what they have not seen is told


class TriageAlert(Base):
    """Who is to be told of one text: 1 the lead, 2 the deputy, 3 all leads, 4 whoever can be the second to close it.

    The first row is made with the response; what has no time yet waits to be told.
    """

    __tablename__ = "triage_alert"
    __table_args__ = UNORDERED

    triage_id: Mapped[str] = mapped_column(ForeignKey("triage.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TriageStep(Base):
    """What one person did with a text. Rows are only ever added. `sealed` holds note, who was told, and reference."""

    __tablename__ = "triage_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    triage_id: Mapped[str] = mapped_column(ForeignKey("triage.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(20))  # an outcome, agreed, note, put-back
    done_by: Mapped[str] = mapped_column(String(120))
    done_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    key_id: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class TriageRota(Base):
    """When somebody reads and who, in the order in which they are told. Rows are only ever added: the newest counts."""

    __tablename__ = "triage_rota"

    number: Mapped[int] = mapped_column(primary_key=True)
    hours: Mapped[Any] = mapped_column(DOCUMENT)  # by weekday, 0 is Monday: ["09:00", "17:00"]
    closed_days: Mapped[Any] = mapped_column(DOCUMENT)  # a list of days on which nobody reads
    people: Mapped[Any] = mapped_column(DOCUMENT)  # a list of numbers of accounts
    set_by: Mapped[str] = mapped_column(String(120))
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
