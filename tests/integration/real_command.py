"""Run the real `feedback` command on a copy, as a process of its own."""

from __future__ import annotations

import subprocess

from feedback_app.core.settings import PROJECT
from tests.factories import Copy
from tests.integration.test_worker import FEEDBACK, environment


def run(copy: Copy, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [*FEEDBACK, *words]
    given = environment(copy) | more
    return subprocess.run(command, env=given, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=200)
