"""Bring the database to the newest migration, and tell whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def _config_of_scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _config(engine: Engine) -> Config:
    config = _config_of_scripts()
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, to: str = "head") -> str:
    """Run the migrations that are missing, all or up to one; return the newest one's name."""
    command.upgrade(_config(engine), to)
    return newest()


def known(revision: str) -> bool:
    """Whether this software has a migration of this name."""
    scripts = ScriptDirectory.from_config(_config_of_scripts())
    return revision in {script.revision for script in scripts.walk_revisions()}


def newest() -> str:
    """The name of the newest migration."""
    return ScriptDirectory.from_config(_config_of_scripts()).get_current_head() or ""


def current(engine: Engine) -> str:
    """The migration that the database is at, or nothing for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""
