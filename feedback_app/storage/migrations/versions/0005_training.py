"""Training: courses, sessions, what pairs a follow-up with its first form, and who wants a letter."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("objectives", DOCUMENT, nullable=False),
        sa.Column("priority", sa.String(length=80), nullable=False),
        sa.Column("prompted", sa.String(length=20), nullable=False),
        sa.Column("finding", sa.String(length=300), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_index(op.f("ix_course_title"), "course", ["title"])
    op.create_table(
        "course_session",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.String(length=60), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("booked", sa.Integer(), nullable=True),
        sa.Column("attended", sa.Integer(), nullable=True),
        sa.Column("no_shows", sa.Integer(), nullable=True),
        sa.Column("agencies", DOCUMENT, nullable=False),
        sa.Column("counted_from", sa.String(length=20), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("day_id", sa.String(length=80), nullable=True),
        sa.Column("follow_up_id", sa.String(length=80), nullable=True),
        sa.Column("manager_id", sa.String(length=80), nullable=True),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_session_course_id")),
        sa.ForeignKeyConstraint(["day_id"], ["collection.id"], name=op.f("fk_course_session_day_id")),
        sa.ForeignKeyConstraint(["follow_up_id"], ["collection.id"], name=op.f("fk_course_session_follow_up_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["collection.id"], name=op.f("fk_course_session_manager_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_session")),
        sa.UniqueConstraint("day_id", name=op.f("uq_course_session_day_id")),
        sa.UniqueConstraint("follow_up_id", name=op.f("uq_course_session_follow_up_id")),
        sa.UniqueConstraint("manager_id", name=op.f("uq_course_session_manager_id")),
    )
    op.create_index(op.f("ix_course_session_course_id"), "course_session", ["course_id"])
    op.create_index(op.f("ix_course_session_held_on"), "course_session", ["held_on"])

    op.add_column("response", sa.Column("pair_hash", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_response_pair_hash"), "response", ["pair_hash"])
    op.create_table(
        "commitment",
        sa.Column("pair_hash", sa.String(length=64), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("pair_hash", name=op.f("pk_commitment")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_commitment_delete_on"), "commitment", ["delete_on"])

    op.create_table(
        "follow_up_contact",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("due", DOCUMENT, nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["course_session.id"], name=op.f("fk_follow_up_contact_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_contact")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_follow_up_contact_session_id"), "follow_up_contact", ["session_id"])
    op.create_index(op.f("ix_follow_up_contact_next_on"), "follow_up_contact", ["next_on"])
    op.create_index(op.f("ix_follow_up_contact_delete_on"), "follow_up_contact", ["delete_on"])
