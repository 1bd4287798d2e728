"""The queue in which people read every free text."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ON_SQLITE = {"sqlite_with_rowid": False}
NOTHING = sa.text("''")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_tables()
    _put_in_what_is_there()
    _keep_what_is_open()
    _keep_what_was_done()


def _make_tables() -> None:
    op.add_column("answer_text", sa.Column("scrubbed", sa.LargeBinary(), nullable=True))
    op.add_column(
        "answer_text", sa.Column("scrubbed_key_id", sa.String(length=20), server_default=NOTHING, nullable=False)
    )
    op.create_table(
        "triage",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=True),
        sa.Column("field", sa.String(length=100), nullable=True),
        sa.Column("collection_id", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("band", sa.String(length=2), nullable=False),
        sa.Column("failed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("flagged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("screened", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("screener", sa.String(length=64), server_default=NOTHING, nullable=False),
        sa.Column("drill", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("flags", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.String(length=20), server_default=NOTHING, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), server_default=NOTHING, nullable=False),
        sa.Column("first_by", sa.String(length=120), server_default=NOTHING, nullable=False),
        sa.Column("first_at", WHEN, nullable=True),
        sa.Column("second_by", sa.String(length=120), server_default=NOTHING, nullable=False),
        sa.Column("second_at", WHEN, nullable=True),
        sa.Column("claimed_by", sa.String(length=120), server_default=NOTHING, nullable=False),
        sa.Column("claimed_at", WHEN, nullable=True),
        sa.Column("alerted_at", WHEN, nullable=True),
        sa.Column("acknowledged_by", sa.String(length=120), server_default=NOTHING, nullable=False),
        sa.Column("acknowledged_at", WHEN, nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id", "field"],
            ["answer_text.response_id", "answer_text.field"],
            name=op.f("fk_triage_response_id_field"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_triage_collection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage")),
        sa.UniqueConstraint("response_id", "field", name=op.f("uq_triage_response_id_field")),
        **ON_SQLITE,
    )
    op.create_index("ix_triage_state_band_received_on", "triage", ["state", "band", "received_on"])
    op.create_index("ix_triage_collection_id_state", "triage", ["collection_id", "state"])
    op.create_index("ix_triage_first_at_id_state_band", "triage", ["first_at", "id", "state", "band"])
    op.create_table(
        "triage_alert",
        sa.Column("triage_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("told_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["triage_id"], ["triage.id"], name=op.f("fk_triage_alert_triage_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("triage_id", "step", name=op.f("pk_triage_alert")),
        **ON_SQLITE,
    )
    op.create_table(
        "triage_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("triage_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("done_by", sa.String(length=120), nullable=False),
        sa.Column("done_at", WHEN, nullable=False),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["triage_id"], ["triage.id"], name=op.f("fk_triage_step_triage_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage_step")),
    )
    op.create_index(op.f("ix_triage_step_triage_id"), "triage_step", ["triage_id"])
    op.create_table(
        "triage_rota",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hours", DOCUMENT, nullable=False),
        sa.Column("closed_days", DOCUMENT, nullable=False),
        sa.Column("people", DOCUMENT, nullable=False),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.Column("set_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_triage_rota")),
    )


def _put_in_what_is_there() -> None:
    """Texts from before the queue: what a person coded, they have read; all others wait, as nobody has screened them.

    A migration holds no key, so it cannot screen them itself.
    """
    new_id = "lower(hex(randomblob(16)))"
    if op.get_bind().dialect.name != "sqlite":
        new_id = "replace(gen_random_uuid()::text, '-', '')"
    read = (
        "EXISTS (SELECT 1 FROM decision WHERE decision.response_id = answer_text.response_id "
        "AND decision.field = answer_text.field)"
    )
    who = (
        "(SELECT decided_by FROM decision WHERE decision.response_id = answer_text.response_id "
        "AND decision.field = answer_text.field ORDER BY decision.id LIMIT 1)"
    )
    op.execute(
        "INSERT INTO triage (id, response_id, field, collection_id, language, "  # noqa: S608 - all of it stands here
        "received_on, band, failed, state, "
        "outcome, first_by) "
        f"SELECT {new_id}, answer_text.response_id, answer_text.field, response.collection_id, answer_text.language, "
        "response.received_on, 'P2', true, "
        f"CASE WHEN {read} THEN 'released' ELSE 'open' END, CASE WHEN {read} THEN 'release' ELSE '' END, "
        f"COALESCE({who}, '') "
        "FROM answer_text JOIN response ON response.id = answer_text.response_id"
    )


def _keep_what_is_open() -> None:
    """Nothing leaves the queue unread, whoever holds the database and whatever is deleted around it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER triage_keeps BEFORE DELETE ON triage WHEN OLD.state = 'open' "
            "BEGIN SELECT RAISE(ABORT, 'a text that nobody has read is never deleted'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION triage_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF OLD.state = 'open' THEN RAISE EXCEPTION 'a text that nobody has read is never deleted'; END IF; "
        "RETURN OLD; END $$"
    )
    op.execute("CREATE TRIGGER triage_keeps BEFORE DELETE ON triage FOR EACH ROW EXECUTE FUNCTION triage_keeps()")
    op.execute(  # TRUNCATE asks no row
        "CREATE FUNCTION triage_keeps_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM triage WHERE state = 'open') THEN "
        "RAISE EXCEPTION 'a text that nobody has read is never deleted'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER triage_keeps_all BEFORE TRUNCATE ON triage FOR EACH STATEMENT "
        "EXECUTE FUNCTION triage_keeps_all()"
    )


def _keep_what_was_done() -> None:
    """What people did with a text is only ever added to. It goes with its text, and its words may be emptied."""
    other = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in ("triage_id", "what", "done_by", "done_at"))
    reworded = f"NEW.sealed IS NOT NULL OR {other}"
    alone = "EXISTS (SELECT 1 FROM triage WHERE triage.id = OLD.triage_id)"
    said = "what was done with a text is only ever added to"
    if op.get_bind().dialect.name == "sqlite":
        for what, when in (("update", reworded), ("delete", alone)):
            op.execute(
                f"CREATE TRIGGER triage_step_keeps_from_{what} BEFORE {what} ON triage_step WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        return
    for what, when, back in (("update", reworded, "NEW"), ("delete", alone, "OLD")):
        op.execute(
            f"CREATE FUNCTION triage_step_keeps_from_{what}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '{said}'; END IF; RETURN {back}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER triage_step_keeps_from_{what} BEFORE {what} ON triage_step "
            f"FOR EACH ROW EXECUTE FUNCTION triage_step_keeps_from_{what}()"
        )
