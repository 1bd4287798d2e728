"""What administrators set for the area: only ever added to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "area_setting",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("before", DOCUMENT, nullable=False),
        sa.Column("after", DOCUMENT, nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_area_setting")),
    )
    op.create_index(op.f("ix_area_setting_name"), "area_setting", ["name"])
    # Nothing here is ever changed or taken out, whoever holds the database: the history is what staff go by.
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER area_setting_keeps_from_{what.lower()} BEFORE {what} ON area_setting "
                "BEGIN SELECT RAISE(ABORT, 'area_setting is only ever added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION area_setting_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'area_setting is only ever added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER area_setting_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON area_setting "
        "FOR EACH STATEMENT EXECUTE FUNCTION area_setting_keeps()"
    )
