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
