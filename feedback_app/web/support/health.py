"""Tell a monitor that this process serves and reaches its database."""

from __future__ import annotations

from importlib.metadata import version

from flask import Blueprint
from sqlalchemy import text

from feedback_app.storage.db import db

VERSION = version("feedback-app")

health = Blueprint("health", __name__)


@health.get("/health")
def status() -> tuple[dict[str, str], int]:
    """Answer `{"status": "ok", "version": ...}`; the database's absence is an error of its own (503)."""
    db.session.execute(text("SELECT version_num FROM alembic_version"))  # SQLite makes a missing file anew, and empty
    return {"status": "ok", "version": VERSION}, 200
