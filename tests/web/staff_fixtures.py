"""The fixtures of the staff pages' tests: a module of its own, because pytest must be the first to import it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feedback_app.core.keys import make_keys
from feedback_app.core.settings import Settings
from feedback_app.storage import schema
from feedback_app.storage.db import db, make_engine
from tests.web.staff_copy import Copy, close, fill, open_copy


def make(folder: Path, **settings: Any) -> Copy:
    """Make a copy in a folder: the young person's survey, one account, five comments that software has read."""
    given = Settings(instance=folder, **settings)
    make_keys(given.keys)
    engine = make_engine(given.database)
    schema.upgrade(engine)
    engine.dispose()
    made = open_copy(folder, **settings)
    with made.app.app_context():
        fill()
        db.session.commit()
    return made


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a copy that tests make theirs from: made once, because it takes a while."""
    folder = tmp_path_factory.mktemp("filled")
    close(make(folder))
    return folder


@pytest.fixture
def staffed(filled: Path, tmp_path: Path) -> Iterator[Copy]:
    """A copy of a test's own."""
    folder = tmp_path / "instance"
    shutil.copytree(filled, folder)
    opened = open_copy(folder)
    yield opened
    close(opened)


@pytest.fixture
def strict(filled: Path, tmp_path: Path) -> Iterator[Copy]:
    """A copy where signing in may fail three times."""
    folder = tmp_path / "strict"
    shutil.copytree(filled, folder)
    opened = open_copy(folder, sign_in_limit="3 per 15 minutes")
    yield opened
    close(opened)
