"""Other ways of answering: shared tablets, tablets without a network, paper; and "you said, we did"."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("response", sa.Column("way", sa.String(length=20), server_default="own", nullable=False))
    op.add_column("response", sa.Column("easy", sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table(
        "class_session",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("collection_id", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("pin_hash", sa.String(length=64), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=False),
        sa.Column("outreach", sa.Boolean(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_class_session_collection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_session")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_class_session_code_hash")),
    )
    op.create_index(op.f("ix_class_session_collection_id"), "class_session", ["collection_id"])

    op.create_table(
        "sealed_bundle",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("class_session_id", sa.String(length=32), nullable=False),
        sa.Column("version_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("trouble", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_sealed_bundle_class_session_id")
        ),
        sa.ForeignKeyConstraint(["version_hash"], ["survey_version.hash"], name=op.f("fk_sealed_bundle_version_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_bundle")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sealed_bundle_class_session_id"), "sealed_bundle", ["class_session_id"])

    op.create_table(
        "paper_form",
        sa.Column("collection_id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=False),
        sa.Column("unclear", DOCUMENT, nullable=False),
        sa.Column("first_by", sa.String(length=120), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("second_by", sa.String(length=120), nullable=False),
        sa.Column("second_on", sa.Date(), nullable=True),
        sa.Column("second_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("second_key_id", sa.String(length=20), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("differences", DOCUMENT, nullable=False),
        sa.Column("settled_by", sa.String(length=120), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_paper_form_collection_id")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_paper_form_response_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("collection_id", "number", name=op.f("pk_paper_form")),
        sa.UniqueConstraint("response_id", name=op.f("uq_paper_form_response_id")),
    )

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.String(length=80), nullable=True),
        sa.Column("said", DOCUMENT, nullable=False),
        sa.Column("did", DOCUMENT, nullable=False),
        sa.Column("why_not", DOCUMENT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_action_collection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index(op.f("ix_action_published_on"), "action", ["published_on"])
