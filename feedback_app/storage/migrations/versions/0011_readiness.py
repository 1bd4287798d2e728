"""What a survey for people under 18 needs before it opens: approved words of consent, and collections that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("collection", sa.Column("waits", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "consent_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=False),
        sa.Column("survey", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("checked_by", sa.String(length=120), server_default=sa.text("''"), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_approval")),
    )
    op.create_index(op.f("ix_consent_approval_wording_hash"), "consent_approval", ["wording_hash"])
