"""Jobs: when each ran last and how it went, when a worker was last seen, what waits for a person, kept reports."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "kept_report",
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settings", sa.Integer(), nullable=False),
        sa.Column("part", sa.LargeBinary(), nullable=True),
        sa.Column("page", sa.LargeBinary(), nullable=True),
        sa.Column("word", sa.LargeBinary(), nullable=True),
        sa.Column("tables", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("first_on", "last_on", name=op.f("pk_kept_report")),
    )
    # A report counts the answers of some days.
    op.create_index(op.f("ix_response_received_on"), "response", ["received_on"])

    # What waits for a person is counted on the first page, which has no time to look at each decision.
    op.add_column("reading", sa.Column("decided", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE reading SET decided = true WHERE EXISTS (SELECT 1 FROM decision "
        "WHERE decision.response_id = reading.response_id AND decision.field = reading.field)"
    )
    op.create_index(
        "ix_reading_waits",
        "reading",
        ["response_id"],
        sqlite_where=sa.text("decided = 0"),
        postgresql_where=sa.text("NOT decided"),
    )
