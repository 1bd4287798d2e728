"""The fixtures of the staff pages' tests: a module of its own, because pytest must be the first to import it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.staff_copy import Copy, close, make, open_copy


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
