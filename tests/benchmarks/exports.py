"""How long an export of 100,000 responses takes in each form, and how much memory. Run on demand; asserted nowhere."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback_app.core.keys import load_keys
from feedback_app.core.settings import Settings
from feedback_app.definitions.area import load_area
from feedback_app.i18n.locales import SOURCE
from feedback_app.journey.plan import Plan
from feedback_app.questions.registry import type_of
from feedback_app.services import exports
from feedback_app.services.collecting import sealed_row
from feedback_app.services.editions import Editions
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import AnswerText, Collection, Response, Triage
from feedback_app.storage.queries.triage import RELEASED

SURVEY = os.environ.get("SURVEY", "young-person")
ROWS = int(os.environ.get("ROWS", "100000"))
DAY = date(2026, 11, 25)
WRITTEN = (("csv", False), ("csv", True), ("jsonl", False), ("sav", False), ("xlsx", False))  # with words or without
METHOD = f"""Method. A copy as `feedback init` makes it, with {ROWS:,} generated responses to {SURVEY} on SQLite (or on
DATABASE_URL): nine of ten closed questions answered, by a fixed seed, and one sealed comment in every fifth response.
Each form is written in a process of its own, to a file, exactly as the staff page and `feedback export` do. Seconds are
of the wall clock. Memory is ru_maxrss, the most that the process ever held; "at first" is what it held before the first
row, so the difference is what the rows cost. The same is done with a tenth of the rows: if the memory is constant, the
two are alike."""


def _settings(folder: str) -> Settings:
    return Settings(instance=Path(folder), database_url=os.environ.get("DATABASE_URL", ""))


def _fill(folder: str, rows: int) -> None:
    settings = _settings(folder)
    keys, random = load_keys(settings.keys, private=True), Random(7)
    engine = make_engine(settings.database)
    with Session(engine) as session, session.begin():
        held = session.get(Collection, SURVEY)
        assert held
        plan = Editions(load_area(settings.surveys, settings.area)).get(session, held.version_hash).plan(SOURCE)
        text = next(asked.id for asked in plan.asked.values() if type_of(asked).text)
        numbers = iter(range(rows))
        while some := list(islice(numbers, 2_000)):
            same = {"collection_id": SURVEY, "version_hash": held.version_hash, "language": "en", "languages": {}}
            given = [same | {"id": f"{n:032x}", "received_on": DAY, "answers": _answers(plan, random)} for n in some]
            session.execute(insert(Response), given)
            words = "They should listen to us more, and tell us what came of it."
            texts = [sealed_row(keys, f"{n:032x}", text, words, "en") for n in some if n % 5 == 0]
            session.execute(insert(AnswerText), texts)
            of = {"collection_id": SURVEY, "received_on": DAY, "language": "en", "band": "P3", "state": RELEASED}
            session.execute(
                insert(Triage),
                [of | {"id": t["response_id"], "response_id": t["response_id"], "field": text} for t in texts],
            )
    engine.dispose()


def _answers(plan: Plan, random: Random) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for asked in plan.asked.values():
        if not asked.choices or type_of(asked).text or random.random() < 0.1:
            continue
        value = random.choice(asked.choices).value
        found[asked.id] = [value] if type_of(asked).several else value
    return found


def _write(folder: str, form: str, *, words: bool) -> None:
    """In a process of its own: write one export and print what it took."""
    settings = _settings(folder)
    keys, editions = load_keys(settings.keys, private=True), Editions(load_area(settings.surveys, settings.area))
    engine = make_engine(settings.database)
    with Session(engine) as session:
        sheet = exports.prepare(session, editions, SURVEY, words=words)
        first, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
        file = Path(folder) / f"export.{form}"
        exports.write(session, sheet, form, file, keys)
        took, most = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = file.stat().st_size
    file.unlink()
    print(json.dumps([sheet.number, len(sheet.headings), took, first // 1024, most // 1024, size // 1_000_000]))


def main() -> None:
    """Print the method and what was measured."""
    print(METHOD + "\n")
    _line("form", "rows", "columns", "seconds", "rows/s", "MB at first", "MB at most", "file MB")
    for rows in (ROWS // 10, ROWS):
        with tempfile.TemporaryDirectory() as folder:
            feedback = str(Path(sys.executable).with_name("feedback"))
            environment = os.environ | {"INSTANCE": folder}
            subprocess.run([feedback, "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
            _fill(folder, rows)
            for form, words in WRITTEN:
                command = [sys.executable, "-m", "tests.benchmarks.exports", folder, form, "words" if words else ""]
                done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
                number, columns, took, first, most, size = json.loads(done.stdout)
                name = f"{form}{' with words' if words else ''}"
                speed = f"{number / took:,.0f}"
                _line(name, f"{number:,}", str(columns), f"{took:.1f}", speed, str(first), str(most), str(size))


def _line(name: str, *cells: str) -> None:
    print(f"{name:<18}" + "".join(f"{cell:>12}" for cell in cells), flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        _write(sys.argv[1], sys.argv[2], words=bool(sys.argv[3]))
    else:
        main()
