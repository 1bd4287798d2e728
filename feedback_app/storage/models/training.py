"""Training: courses, their sessions with who came as numbers, what a participant's code opens, and who wants a letter.

Nobody's name is in any of these tables. `FollowUpContact` shares no key with `Response` and `Commitment`: an address
leads to a session, as an attendance list on the door would, and to no answer.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.storage.models.base import DOCUMENT, UNORDERED, Base, Document


class Course(Base):
    """One course. `objectives` holds its lines under "lines"; `priority` is one of the area's, or other words.

    `prompted` is "" or review, audit or other; `finding` says which. `example` marks what `feedback example` brought.
    """

    __tablename__ = "course"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(String(200), index=True)
    objectives: Mapped[Document] = mapped_column(DOCUMENT)
    priority: Mapped[str] = mapped_column(String(80))
    prompted: Mapped[str] = mapped_column(String(20))
    finding: Mapped[str] = mapped_column(String(300))
    changed_by: Mapped[str] = mapped_column(String(120))
    changed_on: Mapped[date]
    revision: Mapped[int]  # who saves over a change they have not seen is told
    example: Mapped[bool] = mapped_column(server_default=false())


class CourseSession(Base):
    """One session, with numbers of people. A number that nobody counted is empty, never nought.

    `mode` is room, online, forum or e-learning; e-learning goes on and has no sessions to count. `agencies` is a number
    of people by agency. The three collections are of this session alone.
    """

    __tablename__ = "course_session"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    mode: Mapped[str] = mapped_column(String(20))
    held_on: Mapped[date] = mapped_column(index=True)
    capacity: Mapped[int | None]
    booked: Mapped[int | None]
    attended: Mapped[int | None]
    no_shows: Mapped[int | None]
    agencies: Mapped[Document] = mapped_column(DOCUMENT)
    counted_from: Mapped[str] = mapped_column(String(20))  # "", typed, file
    counted_on: Mapped[date | None]
    day_id: Mapped[str | None] = mapped_column(ForeignKey("collection.id"), unique=True)
    follow_up_id: Mapped[str | None] = mapped_column(ForeignKey("collection.id"), unique=True)
    manager_id: Mapped[str | None] = mapped_column(ForeignKey("collection.id"), unique=True)
    changed_by: Mapped[str] = mapped_column(String(120))
    changed_on: Mapped[date]
    revision: Mapped[int]
    example: Mapped[bool] = mapped_column(server_default=false())


class Commitment(Base):
    """What a participant said they would do, for them alone: it opens with their own code, and goes on a set day."""

    __tablename__ = "commitment"
    __table_args__ = UNORDERED

    pair_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    locked: Mapped[bytes] = mapped_column(LargeBinary)
    delete_on: Mapped[date] = mapped_column(index=True)


class FollowUpContact(Base):
    """An address for letters about a follow-up: locked, with its session and its days, which `due` has under "days"."""

    __tablename__ = "follow_up_contact"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("course_session.id"), index=True)
    locked: Mapped[bytes] = mapped_column(LargeBinary)
    due: Mapped[Document] = mapped_column(DOCUMENT)
    next_on: Mapped[date | None] = mapped_column(index=True)
    delete_on: Mapped[date] = mapped_column(index=True)
