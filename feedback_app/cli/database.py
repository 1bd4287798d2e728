"""Bring the database to the newest migration."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import Settings, read_settings
from feedback_app.services import audit
from feedback_app.storage import schema
from feedback_app.storage.db import make_engine

WITHOUT_HEAD = ("0001", "0002")  # migrations of releases that kept no head


@click.group(name="db")
def database() -> None:
    """Look after the database."""


@database.command()
def upgrade() -> None:
    """Run the migrations that are missing."""
    settings = read_settings()
    if not settings.keys.exists():
        raise FeedbackError(f"There is no copy in {settings.instance} yet. Make one with: feedback init")
    click.echo(f"The database is at {bring_up(settings)}.")


def bring_up(settings: Settings) -> str:
    """Bring a copy's database to the newest migration; return its name.

    An audit log that is older than its head outside the database gets one, where it ends now.
    """
    engine = make_engine(settings.database)
    older = schema.current(engine)
    newest = schema.upgrade(engine)
    if older in WITHOUT_HEAD:
        with Session(engine) as session, session.begin():
            audit.begin_head(session, settings.audit_head)
    engine.dispose()
    return newest
