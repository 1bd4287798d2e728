"""A response: closed answers in one document, and each free text sealed in a row of its own."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import DOCUMENT, UNORDERED, Base, Document


class Response(Base):
    """What one person sent. A date and no time; no address, no browser, no name.

    `answers` holds a value, or a list of values, by question (`YP10`, `YP20.food`). Left blank is "" or an empty list;
    a question the person never came to is not there; not sure and prefer not to say are values of their own. A free
    text that was given is not there: it is an `AnswerText`.
    """

    __tablename__ = "response"
    # Staff pages count by collection and language what was not taken back, and the comments of a collection: the index
    # alone tells them.
    __table_args__ = (
        Index(
            "ix_response_collection_id_withdrawn_on_language",
            "collection_id",
            "withdrawn_on",
            "language",
            postgresql_include=["id"],
        ),
        UNORDERED,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"))
    version_hash: Mapped[str] = mapped_column(ForeignKey("survey_version.hash"))
    language: Mapped[str] = mapped_column(String(20))
    received_on: Mapped[date] = mapped_column(index=True)
    answers: Mapped[Document] = mapped_column(DOCUMENT)
    languages: Mapped[Document] = mapped_column(DOCUMENT)  # by question, where it differs from the response's language
    order_seed: Mapped[str] = mapped_column(String(16), default="")  # tells the random order of options again
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    pair_hash: Mapped[str | None] = mapped_column(String(64), index=True)  # of the code that pairs two waves
    way: Mapped[str] = mapped_column(String(20), server_default="own")  # own device, tablet, outreach, paper, imported
    easy: Mapped[bool] = mapped_column(server_default=false())  # answered with easy words and pictures
    # Taken back while somebody still reads a text of it for safety: nothing else is left, and nothing counts it.
    withdrawn_on: Mapped[date | None]


class AnswerText(Base):
    """One free text, sealed to a public key: the process that took it cannot read it back.

    `sealed` is emptied twelve months after the report; the row stays, because codes that people gave it do.
    """

    __tablename__ = "answer_text"
    __table_args__ = UNORDERED

    response_id: Mapped[str] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(100), primary_key=True)
    language: Mapped[str] = mapped_column(String(20))
    key_id: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    scrubbed: Mapped[bytes | None] = mapped_column(LargeBinary)  # what analysts read instead, where names were masked
    scrubbed_key_id: Mapped[str] = mapped_column(String(20), server_default=text("''"))
