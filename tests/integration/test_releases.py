"""What is remembered of reports that were given out, and how a later one is held against them, on both databases."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from analysis.disclosure import ReleasedTable, thaw
from analysis.findings import Findings
from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import PROJECT
from feedback_app.definitions.area import load_area
from feedback_app.services import releases, reporting
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.editions import Editions
from feedback_app.storage.models import Collection, Release, Response, table_of
from tests.factories import NOON, Copy
from tests.integration.real_command import run

TODAY, DAY = NOON.date(), timedelta(days=1)
Copies = Callable[..., Copy]


def answered(copy: Copy, on: date = TODAY, **people: int) -> None:
    """That many people gave each answer to the question."""
    with copy.session() as session, session.begin():
        held = session.execute(select(table_of(Collection))).one()
        stored = len(session.execute(select(table_of(Response).c.id)).all())
        given = [answer for answer, number in people.items() for _ in range(number)]
        of = {"collection_id": held.id, "version_hash": held.version_hash, "language": "en", "received_on": on}
        same = of | {"languages": {}, "order_seed": "", "way": "own", "easy": False}
        rows = [
            same | {"id": f"{number:032x}", "answers": {"Q1": answer, "Q2": "yes"}}
            for number, answer in enumerate(given, stored)
        ]
        if rows:
            session.execute(insert(table_of(Response)), rows)


def report(copy: Copy, on: date = TODAY, first: date = TODAY - DAY, last: date = TODAY, by: str = "") -> Findings:
    area = load_area(copy.settings.surveys, copy.settings.area)
    books = load_codebooks(PROJECT / "surveys")
    with copy.session() as session, session.begin():
        return reporting.find(session, area, Editions(area), books, first, last, on, by)


def q1(found: Findings) -> ReleasedTable:
    return next(one for one in found.tables if one.trace.id == "single/Q1")


def numbers(found: Findings) -> list[int | None]:
    return [one.figure.count for one in q1(found).slices()][:2]


def kept(copy: Copy) -> list[ReleasedTable]:
    with copy.session() as session:
        return [thaw(one) for one in session.scalars(select(table_of(Release).c.frozen).order_by(Release.number))]


def test_hostile_30_a_report_that_one_more_person_answered_shows_the_tables_of_the_last(on_both: Copies) -> None:
    copy = on_both("single")
    answered(copy, bus=20, foot=22)
    assert numbers(report(copy, by="Ann")) == [20, 20]
    answered(copy, foot=1)  # 23, which alone would be shown as 25

    later = report(copy, TODAY + DAY, by="Ann")

    assert numbers(later) == [20, 20]
    assert q1(later).trace.run.on == TODAY
    assert any("stand as they were published on" in words for words in later.notices)
    answered(copy, bus=12, foot=10)
    assert numbers(report(copy, TODAY + 2 * DAY, by="Ann")) == [30, 35]
    assert [one.trace.run.on for one in kept(copy) if one.trace.id == "single/Q1"] == [TODAY, TODAY + 2 * DAY]


def test_hostile_30_what_a_report_of_other_days_showed_counts_too(on_both: Copies) -> None:
    """A day more or less is one question to the report page, and the person of that day its answer."""
    copy = on_both("single")
    answered(copy, bus=20, foot=22)
    report(copy, by="Ann")
    answered(copy, TODAY + DAY, foot=1)

    longer = report(copy, TODAY + DAY, last=TODAY + DAY)
    shorter = report(copy, TODAY + DAY, first=TODAY)

    assert numbers(longer) == [20, 20]
    assert q1(longer).trace.run.period.last == TODAY
    assert numbers(shorter) == [20, 20], "nobody answered on the day that was left out: it is the same table"
    answered(copy, TODAY - DAY, bus=3)
    assert q1(report(copy, TODAY + DAY, first=TODAY - DAY)).why == ""
    assert numbers(report(copy, TODAY + DAY, first=TODAY - DAY)) == [20, 20]


def test_looking_at_a_report_releases_nothing(copy: Copies) -> None:
    made = copy("single")
    answered(made, bus=20, foot=22)
    report(made)
    assert kept(made) == []
    answered(made, foot=1)
    assert numbers(report(made)) == [20, 25]


def test_the_same_report_again_adds_nothing_and_raw_numbers_are_never_kept(on_both: Copies) -> None:
    copy = on_both("single")
    answered(copy, bus=23, foot=44, ns=4)
    first = report(copy, by="Ann")
    report(copy, by="Sam")

    assert kept(copy) == list(first.anew)
    with copy.session() as session:
        rows = session.execute(select(table_of(Release))).all()
    assert {(row.released_by, row.released_on, row.first_on, row.last_on) for row in rows} == {
        ("Ann", TODAY, TODAY - DAY, TODAY)
    }
    stored = json.dumps([row.frozen["rows"] for row in rows])
    assert '"count": 45' in stored
    assert not any(f": {raw}," in stored for raw in (23, 44, 4, 67, 71))


def test_a_report_that_another_overtook_is_not_given_out(copy: Copies) -> None:
    made = copy("single")
    answered(made, bus=20, foot=22)
    found = report(made)
    report(made, by="Ann")
    with made.session() as session, session.begin(), pytest.raises(FeedbackError, match="make this one again"):
        releases.remember(session, found, since=0, by="Sam")
    assert {one.trace.id for one in kept(made)} == {one.trace.id for one in found.anew}


def test_the_command_that_writes_a_report_releases_its_tables(copy: Copies) -> None:
    made = copy("single")
    answered(made, bus=20, foot=22)
    days = ("--from", str(TODAY - DAY), "--to", str(TODAY))
    shutil.copytree(PROJECT / "surveys" / "codebooks", made.settings.surveys / "codebooks", dirs_exist_ok=True)
    out = made.settings.instance / "out"
    shown = []
    for more in (0, 1):
        answered(made, foot=more)
        done = run(made, "report", *days, "--out", str(out))
        assert done.returncode == 0, done.stderr
        tables = {one["id"]: one for one in json.loads((out / "tables.json").read_text())["tables"]}
        shown.append([row["cells"] for row in tables["single/Q1"]["rows"]])
        assert "small" not in tables["single/Q1"], "what a reader is taken to know is not told"
    assert shown[0] == shown[1]
    assert kept(made)
