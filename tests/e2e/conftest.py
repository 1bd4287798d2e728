"""A real browser against a real server: Chromium, and a copy started with the commands of the README."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).parents[2]
FEEDBACK = Path(sys.executable).with_name("feedback")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Served:
    """A running copy: where it answers, where it keeps its data, and the staff password it printed."""

    address: str
    instance: Path
    password: str

    def feedback(self, *words: str) -> str:
        """Run the `feedback` command on this copy."""
        environment = os.environ | {"INSTANCE": str(self.instance), "DATABASE_URL": ""}
        done = subprocess.run([FEEDBACK, *words], env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
        return done.stdout


def _chromium() -> str:
    # The shell is Chromium without its windows: the same pages for a third of the processor's time.
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.geteuid() != 0 and not shutil.which("sudo"):
        pytest.skip("Chromium is not here, and there is neither root nor sudo to install it.")
    pytest.fail("Chromium is not here. `make test` installs it.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    path = _chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy that tests share."""
    with serve(tmp_path_factory.mktemp("served")) as copy:
        yield copy


@pytest.fixture
def served_alone(tmp_path: Path) -> Iterator[Served]:
    """A copy of a test's own, for a test that counts."""
    with serve(tmp_path / "instance") as copy:
        yield copy


@contextmanager
def serve(instance: Path) -> Iterator[Served]:
    """A copy as `make run` makes it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"INSTANCE": str(instance), "PORT": str(port), "DATABASE_URL": ""}
    made = subprocess.run([FEEDBACK, "init"], env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    password = made.stdout.split("password")[-1].split()[0]
    server = subprocess.Popen([FEEDBACK, "run"], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    _wait_for(port)
    yield Served(f"http://127.0.0.1:{port}", instance, password)
    server.terminate()
    server.wait(20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The server did not start.")


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """A small phone without JavaScript."""
    context = browser.new_context(
        base_url=served.address, viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    yield context
    context.close()
