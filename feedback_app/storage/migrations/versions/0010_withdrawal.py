"""Taking answers back, what must stay erased after a restore, and the days from which reports are frozen."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ON_SQLITE = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.add_column("response", sa.Column("withdrawn_on", sa.Date(), nullable=True))
    # Staff pages count by collection and language what was not taken back: the index alone tells all three.
    op.drop_index(op.f("ix_response_collection_id_language"), "response")
    op.create_index(
        op.f("ix_response_collection_id_withdrawn_on_language"),
        "response",
        ["collection_id", "withdrawn_on", "language"],
        postgresql_include=["id"],
    )
    op.create_table(
        "tombstone",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_tombstone")),
        **ON_SQLITE,
    )
    op.create_table(
        "report_freeze",
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("first_on", "last_on", name=op.f("pk_report_freeze")),
    )
