"""Look this copy over and say what to do."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from sqlalchemy.orm import Session

from feedback_app.core.clock import SystemClock
from feedback_app.core.keys import load_keys
from feedback_app.core.settings import read_settings
from feedback_app.definitions.area import load_area
from feedback_app.services import area_settings
from feedback_app.services.doctor import Patient, look
from feedback_app.storage import schema
from feedback_app.storage.db import make_engine

MARKS = {"ok": "well", "look": "LOOK", "bad": "BAD "}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def doctor(as_json: bool) -> None:
    """Look over keys, words, audit log, clocks, signposts, settings, jobs, disk; say what to do.

    Changes nothing. Ends with 0 when all is well, 1 when something is bad, 2 when something should be looked at.
    """
    settings = read_settings()
    engine, area = make_engine(settings.database), load_area(settings.surveys, settings.area)
    keys = load_keys(settings.keys, private=settings.face != "public")
    with Session(engine) as session:
        if schema.current(engine) == schema.newest():
            area = area_settings.over(session, area)
        found = look(Patient(settings, keys, area, SystemClock(), engine, session))
    engine.dispose()
    for one in found:
        if as_json:
            click.echo(json.dumps(asdict(one), ensure_ascii=False))
        else:
            click.echo(f"{MARKS[one.state]}  {one.about}: {one.says}" + (f"  What to do: {one.do}" if one.do else ""))
    states = {one.state for one in found}
    sys.exit(1 if "bad" in states else 2 if "look" in states else 0)
