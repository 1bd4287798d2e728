"""A collection: one survey opened to somebody for a time, or answers that were brought in from elsewhere."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import DateTime, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import UNORDERED, Base


class Collection(Base):
    """One collection. Its id is the address people type, such as `young-person` or `young-person-oak-school`.

    `languages` and `left_out` are lists of codes and of ids of parts, with a space between; empty means all languages,
    and no part left out. A collection is for an entry of a register, for an event, or for anyone with the link.
    """

    __tablename__ = "collection"
    __table_args__ = (Index("ix_collection_title_id", "title", "id"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    version_hash: Mapped[str] = mapped_column(ForeignKey("survey_version.hash"), index=True)
    title: Mapped[str]
    source: Mapped[str] = mapped_column(String(20))  # survey, imported
    note: Mapped[str] = mapped_column(default="")  # of imported answers, where they come from; else staff's own
    file_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # the same file is not brought in twice
    opens_on: Mapped[date] = mapped_column(index=True)
    closes_on: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # when staff closed it by hand
    archived_on: Mapped[date | None]
    setting_id: Mapped[int | None] = mapped_column(ForeignKey("register_entry.id"), index=True)
    event: Mapped[str] = mapped_column(String(120), server_default=text("''"))
    languages: Mapped[str] = mapped_column(String(200), server_default=text("''"))
    left_out: Mapped[str] = mapped_column(String(1000), server_default=text("''"))
    cards_only: Mapped[bool] = mapped_column(server_default=false())  # only a code from a card lets somebody begin
    changed_by: Mapped[str] = mapped_column(String(120), server_default=text("''"))
    waits: Mapped[bool] = mapped_column(server_default=false())  # until what a survey for children needs is there
    revision: Mapped[int] = mapped_column(server_default="1")  # who saves over a change they have not seen is told


class CollectionCount(Base):
    """How many people started, and how many said no: counts, and nothing about the people."""

    __tablename__ = "collection_count"

    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # started, declined
    number: Mapped[int]


class CollectionNumber(Base):
    """How many people could answer, were invited, or were there; who says so, and of which day it is true."""

    __tablename__ = "collection_number"

    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # eligible, invited, present
    number: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    counted_on: Mapped[date]


class CollectionEvent(Base):
    """What staff did with a collection that needs a reason or is counted: closed, reopened, left a part out, reminded.

    The reason stays here, beside the collection, and not in the audit log, which nobody can ever correct.
    """

    __tablename__ = "collection_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"), index=True)
    what: Mapped[str] = mapped_column(String(20))  # opened, closed, reopened, archived, left-out, put-back, reminded
    about: Mapped[str] = mapped_column(String(200))  # the part, where it is about one
    why: Mapped[str] = mapped_column(String(500))
    done_by: Mapped[str] = mapped_column(String(120))
    done_on: Mapped[date]


class OneTimeCode(Base):
    """One card's code, as a keyed hash. It starts one response, and nothing tells which."""

    __tablename__ = "one_time_code"
    __table_args__ = UNORDERED

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"), index=True)
    used: Mapped[bool] = mapped_column(server_default=false())
