"""Bring the database to the newest migration."""

from __future__ import annotations

import click

from feedback_app.core.settings import read_settings
from feedback_app.storage import schema
from feedback_app.storage.db import make_engine


@click.group(name="db")
def database() -> None:
    """Look after the database."""


@database.command()
def upgrade() -> None:
    """Run the migrations that are missing."""
    click.echo(f"The database is at {schema.upgrade(make_engine(read_settings().database))}.")
