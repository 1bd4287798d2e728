"""Collections for a place, a service, a group or an event; their numbers and cards; the area's registers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_register_entry_kind_code")),
    )
    op.create_index("ix_register_entry_kind_name", "register_entry", ["kind", "name"])

    with op.batch_alter_table("collection") as collection:
        collection.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        collection.add_column(sa.Column("archived_on", sa.Date(), nullable=True))
        collection.add_column(sa.Column("setting_id", sa.Integer(), nullable=True))
        collection.add_column(sa.Column("event", sa.String(length=120), nullable=False, server_default=sa.text("''")))
        collection.add_column(
            sa.Column("languages", sa.String(length=200), nullable=False, server_default=sa.text("''"))
        )
        collection.add_column(
            sa.Column("left_out", sa.String(length=1000), nullable=False, server_default=sa.text("''"))
        )
        collection.add_column(sa.Column("cards_only", sa.Boolean(), nullable=False, server_default=sa.false()))
        collection.add_column(
            sa.Column("changed_by", sa.String(length=120), nullable=False, server_default=sa.text("''"))
        )
        collection.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        collection.create_foreign_key(op.f("fk_collection_setting_id"), "register_entry", ["setting_id"], ["id"])
    op.create_index(op.f("ix_collection_setting_id"), "collection", ["setting_id"])
    op.create_index(op.f("ix_collection_version_hash"), "collection", ["version_hash"])
    op.create_index(op.f("ix_collection_opens_on"), "collection", ["opens_on"])
    op.create_index("ix_collection_title_id", "collection", ["title", "id"])

    op.create_table(
        "collection_number",
        sa.Column("collection_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_collection_number_collection_id")),
        sa.PrimaryKeyConstraint("collection_id", "kind", name=op.f("pk_collection_number")),
    )
    op.create_table(
        "collection_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("done_by", sa.String(length=120), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_collection_event_collection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_event")),
    )
    op.create_index(op.f("ix_collection_event_collection_id"), "collection_event", ["collection_id"])
    op.create_table(
        "one_time_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("collection_id", sa.String(length=80), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_one_time_code_collection_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_one_time_code")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_one_time_code_collection_id"), "one_time_code", ["collection_id"])

    op.create_index(
        "ix_response_collection_id_language", "response", ["collection_id", "language"], postgresql_include=["id"]
    )
    op.drop_index(op.f("ix_response_collection_id"), "response")
