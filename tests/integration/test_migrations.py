"""The migrations make the tables that the models describe, from nothing, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, MetaData, String, inspect, text

from feedback_app.core.settings import Settings
from feedback_app.storage import schema
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import Base


@pytest.fixture
def engine(database: str, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    made = make_engine(Settings(instance=tmp_path, database_url=database).database)
    yield made
    made.dispose()


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_from_nothing_to_what_the_models_describe(engine: Engine) -> None:
    assert schema.current(engine) == ""

    assert schema.upgrade(engine) == schema.newest()

    assert schema.current(engine) == schema.newest()
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    assert differences(engine, Base.metadata) == []


def test_again_changes_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO survey_version VALUES ('h', 's', 1, 't', :j, :j, '2026-11-25')"), {"j": "{}"}
        )

    schema.upgrade(engine)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT hash FROM survey_version")).scalars().all() == ["h"]


def test_a_model_that_is_ahead_of_the_migrations_would_be_found(engine: Engine) -> None:
    schema.upgrade(engine)
    ahead = MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(ahead)
    ahead.tables["response"].append_column(Column("new", String))

    assert differences(engine, ahead) != []


def test_the_migrations_are_numbered_in_one_line() -> None:
    scripts = list(ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions())

    assert [script.revision for script in reversed(scripts)] == [f"{n:04}" for n in range(1, len(scripts) + 1)]
    assert all(Path(script.path).name.startswith(f"{script.revision}_") for script in scripts)


def test_texts_from_before_the_queue_wait_in_it_but_those_that_people_read(engine: Engine) -> None:
    schema.upgrade(engine, "0008")
    with engine.begin() as connection:
        for table, columns, values in BEFORE:
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), {"j": "{}", "b": b"x"})  # noqa: S608

    schema.upgrade(engine)

    with engine.connect() as connection:
        wanted = "SELECT field, state, band, failed, first_by, length(id) FROM triage ORDER BY field"
        assert [tuple(row) for row in connection.execute(text(wanted))] == [
            ("Q1", "open", "P2", True, "", 32),
            ("Q2", "released", "P2", True, "Bea", 32),
        ]


#: Two texts of a copy from before, one of which somebody has coded.
BEFORE = (
    (
        "survey_version",
        "hash, survey, version, title, document, words, published_on",
        "'h', 's', 1, 't', :j, :j, '2026-11-25'",
    ),
    ("collection", "id, version_hash, title, source, note, opens_on", "'c', 'h', 't', 'survey', '', '2026-11-25'"),
    (
        "response",
        "id, collection_id, version_hash, language, received_on, answers, languages, order_seed",
        "'r', 'c', 'h', 'en', '2026-11-25', :j, :j, ''",
    ),
    ("answer_text", "response_id, field, language, key_id, sealed", "'r', 'Q1', 'en', 'k', :b"),
    ("answer_text", "response_id, field, language, key_id, sealed", "'r', 'Q2', 'en', 'k', :b"),
    (
        "decision",
        "response_id, field, code, direction, verdict, decided_by, decided_at, codebook, codebook_version",
        "'r', 'Q2', 'G2', '-', 'accepted', 'Bea', '2026-11-25 12:00:00+00:00', 'voice', '1'",
    ),
)
