"""Notes: what was heard elsewhere than in a survey and typed in by staff."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("response_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("heard_by", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_note_response_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_note")),
    )
