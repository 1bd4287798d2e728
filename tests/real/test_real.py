"""Real feedback that strangers wrote, on the same road as our own: brought in, counted again from the file, reported.

The sets are not in the repository. FEEDBACK_BENCH_DATA names their folder; without them these tests are skipped. The
counts that are compared come from the CSV files by the csv module and a few lines here, never through our own reader.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.findings import Findings
from feedback_app.core.keys import KeyRing, load_keys, make_keys
from feedback_app.definitions.area import load_area
from feedback_app.services import importing, reporting
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.editions import Editions
from feedback_app.services.importing import BadRows, Batch, Import
from feedback_app.services.reading import open_text
from feedback_app.storage import schema
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import AnswerText, Decision, Response
from tests.releasing import screens

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DATA = Path(os.environ.get("FEEDBACK_BENCH_DATA", ROOT.parent / "shared" / "data"))
WHERE = f"""The real sets are not in {DATA}. Set FEEDBACK_BENCH_DATA to a folder that holds:
  training/training_day.csv, training/follow_up.csv: The Carpentries, github.com/carpentries/assessment (CC BY 4.0)
  comments/multi_label.csv, comments/single_label.csv: github.com/The-Strategy-Unit/pxtextmining (MIT)"""
NOW = datetime.now(UTC)

TRAINING_DAY = ("carpentries-training-day", "training/training_day.csv")
FOLLOW_UP = ("carpentries-follow-up", "training/follow_up.csv")
COMMENTS = ("nhs-comments", "comments/multi_label.csv")
EARLIER = ("nhs-comments-earlier", "comments/single_label.csv")

if not all((DATA / file).exists() for _, file in (TRAINING_DAY, FOLLOW_UP, COMMENTS, EARLIER)):
    pytest.skip(WHERE, allow_module_level=True)

Table = list[dict[str, str]]


@dataclass(frozen=True)
class Copy:
    """A fresh copy of the software, with whatever has been brought into it."""

    session: Session
    keys: KeyRing
    batches: dict[str, Batch] = field(default_factory=dict)

    def prepare(self, name: str, file: str) -> Import:
        return importing.prepare(
            DATA / file,
            HERE / f"{name}.mapping.yaml",
            surveys=ROOT / "surveys",
            translations=HERE / "no-translations",
            area=load_area(ROOT / "surveys", "example"),
            today=NOW.date(),
        )

    def bring_in(self, name: str, file: str, *, skip_bad: bool = False) -> None:
        one = self.prepare(name, file)
        batch = importing.read(self.session, self.keys, screens(), one, skip_bad=skip_bad)
        importing.keep(self.session, one, batch, by="a test", now=NOW)
        self.session.commit()
        self.batches[name] = batch
        texts, codes = len(batch.texts), len(batch.codes)
        print(f"{file}: {batch.rows} rows, {batch.refused} left out, {texts} free texts, {codes} codes")

    def answers(self, name: str) -> list[dict[str, Any]]:
        return list(self.session.scalars(select(Response.answers).where(Response.collection_id == name)))

    def texts(self, name: str) -> dict[str, Counter[str]]:
        query = select(AnswerText).join(Response).where(Response.collection_id == name)
        found: dict[str, Counter[str]] = {}
        for row in self.session.scalars(query):
            found.setdefault(row.field, Counter())[open_text(self.keys, row)] += 1
        return found

    def codes(self, name: str) -> Counter[tuple[str, str]]:
        query = select(Decision).join(Response, Response.id == Decision.response_id)
        held = self.session.scalars(query.where(Response.collection_id == name))
        return Counter((decision.code, decision.direction) for decision in held)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    instance = tmp_path_factory.mktemp("instance")
    make_keys(instance / "keys")
    engine = make_engine(f"sqlite:///{instance / 'feedback.db'}")
    schema.upgrade(engine)
    with Session(engine) as session:
        made = Copy(session, load_keys(instance / "keys", private=True))
        for one in (TRAINING_DAY, FOLLOW_UP, COMMENTS):
            made.bring_in(*one)
        made.bring_in(*EARLIER, skip_bad=True)
        yield made
    engine.dispose()


def rows_of(file: str) -> Table:
    with (DATA / file).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def plain(cell: str) -> str:
    return " ".join(cell.split())


def tidy(cell: str) -> str:
    return cell.replace("\r\n", "\n").strip()


def written(name: str) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """The answers of a mapping, and for each closed question of its survey the words of each value."""
    mapping = yaml.load((HERE / f"{name}.mapping.yaml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506
    survey = yaml.load((HERE / f"{name}.yaml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506
    words = {}
    for page in survey["pages"]:
        for question in page["questions"]:
            choices = question.get("choices", [])
            choices = survey["choices"][choices] if isinstance(choices, str) else choices
            words[question["id"]] = {choice["value"]: plain(choice["label"]) for choice in choices}
    return mapping["answers"], words


def compare_every_answer(copy: Copy, name: str, rows: Table) -> None:
    """Each option of each question was picked as often as the file says, and each text is there, word for word."""
    answers, words = written(name)
    held, texts = copy.answers(name), copy.texts(name)
    assert len(held) == len(rows)
    for question, taken in answers.items():
        kept = [one[question] for one in held if question in one]
        if question in texts:
            assert texts[question] == Counter(tidy(row[taken["column"]]) for row in rows if tidy(row[taken["column"]]))
        elif "columns" in taken:
            ticked = Counter(value for one in kept for value in one)
            assert ticked == {
                value: sum(bool(plain(row[column])) for row in rows) for column, value in taken["columns"].items()
            }
        else:
            label = words[question.partition(".")[0]]
            assert Counter(label[one] for one in kept if one) == Counter(
                plain(row[taken["column"]]) for row in rows if plain(row[taken["column"]])
            ), question


def test_training_day(copy: Copy) -> None:
    rows = rows_of(TRAINING_DAY[1])
    batch = copy.batches[TRAINING_DAY[0]]
    assert (batch.rows, batch.refused) == (len(rows), 0) == (967, 0)
    compare_every_answer(copy, TRAINING_DAY[0], rows)
    dates = Counter(datetime.strptime(row["Date"], "%m/%d/%y %H:%M").date() for row in rows)
    held = copy.session.scalars(select(Response.received_on).where(Response.collection_id == TRAINING_DAY[0]))
    assert Counter(held) == dates


def test_what_the_older_form_did_not_ask_is_not_left_blank(copy: Copy) -> None:
    rows = rows_of(TRAINING_DAY[1])
    saw = sum(any(cell for name, cell in row.items() if name.endswith(("Post", "Ability"))) for row in rows)
    newer = sum(any(cell for name, cell in row.items() if name.endswith(("Post", "Ability", "ID"))) for row in rows)
    held = copy.answers(TRAINING_DAY[0])
    assert sum("TD08.load" in one for one in held) == saw
    assert sum("TD01.recommend" in one for one in held) in range(len(rows) - newer, len(rows) - newer + 30)
    assert sum("TD01.worth" in one for one in held) == len(rows)


def test_follow_up(copy: Copy) -> None:
    rows = rows_of(FOLLOW_UP[1])
    batch = copy.batches[FOLLOW_UP[0]]
    assert (batch.rows, batch.refused) == (len(rows), 0) == (476, 0)
    compare_every_answer(copy, FOLLOW_UP[0], rows)


def test_comments_with_the_codes_that_people_gave_them(copy: Copy) -> None:
    rows = rows_of(COMMENTS[1])
    batch = copy.batches[COMMENTS[0]]
    assert (batch.rows, batch.refused) == (len(rows), 0) == (4387, 0)
    compare_every_answer(copy, COMMENTS[0], rows)
    leans = {"1.0": "+", "2.0": "+", "3.0": "0", "4.0": "-", "5.0": "-"}
    staff = ("Staffing levels & responsiveness", "Funding & use of financial resources")
    expected = {
        "C3": [row for row in rows if row["Staff manner & personal attributes"] == "1.0"],
        "G2": [row for row in rows if row["Timeliness of care"] == "1.0"],
        "M9": [row for row in rows if "1.0" in (row[staff[0]], row[staff[1]])],
    }
    held = copy.codes(COMMENTS[0])
    for code, coded in expected.items():
        counted = Counter((code, leans[row["Comment sentiment"]]) for row in coded)
        assert {key: number for key, number in held.items() if key[0] == code} == counted


def test_rows_that_cannot_be_read_are_left_out_and_named(copy: Copy) -> None:
    rows = rows_of(EARLIER[1])
    scale = {str(number) for number in range(-5, 6)}
    unreadable = {row["row_index"] for row in rows if row["criticality"] and row["criticality"] not in scale}
    batch = copy.batches[EARLIER[0]]
    # One comment more has a theme that is taken, and a blank where its criticality should be.
    assert batch.refused == len(unreadable) + 1 == 27
    assert (batch.rows, len(batch.taken)) == (len(rows), len(rows) - 27) == (6902, 6875)
    lines = {problem.line for problem in batch.problems}
    assert lines_of(EARLIER[1], unreadable) < lines
    assert len(lines) == 27


def test_without_leave_to_skip_they_stop_the_whole_file(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    engine = make_engine(f"sqlite:///{tmp_path / 'feedback.db'}")
    schema.upgrade(engine)
    with Session(engine) as session:
        made = Copy(session, load_keys(tmp_path / "keys", private=True))
        with pytest.raises(BadRows) as caught:
            made.bring_in(*EARLIER)
        assert caught.value.refused == 27
        assert session.scalar(select(func.count()).select_from(Response)) == 0
    engine.dispose()


def lines_of(file: str, wanted: set[str]) -> set[int]:
    """The line of the file on which each of these rows begins, found by looking for its number at a line's start."""
    raw = (DATA / file).read_text(encoding="utf-8")
    return {number for number, line in enumerate(raw.split("\n"), 1) if line.split(",")[0].strip('"') in wanted}


def test_the_training_section_of_the_report_comes_out_of_them(copy: Copy) -> None:
    found = report(copy, date(2016, 1, 1), date(2018, 12, 31))
    titles = {course.title: course for course in found.courses}
    day = titles["Instructor training (The Carpentries): end of the training"]
    later = titles["Data and programming workshops (The Carpentries): long-term follow-up"]
    assert [bool(level.items) for level in day.levels] == [True, True, False, False]
    assert [bool(level.items) for level in later.levels] == [True, True, True, False]
    shown = {one.item.id: one.headline for one in found.items if one.headline and one.headline.shown}
    # Raw: 817 of 904 agreed that it was worth it; 200 of 433 used such tools daily or weekly before, 284 since.
    assert (shown["TD01.worth"].count, shown["TD01.worth"].of) == (815, 905)
    assert [shown[name].percent for name in ("FU11", "FU12")] == [46, 66]
    for course in (day, later):
        print(f"\n{course.title}")
        for level in course.levels:
            print(f"  {level.name}: {len(level.items)} questions. {level.words}")
            for one in level.items:
                print(f"    {one.item.text}: {one.sentence}")


def report(copy: Copy, first: date, last: date) -> Findings:
    """The findings of a period, as `feedback report` makes them."""
    area = load_area(ROOT / "surveys", "example")
    books = load_codebooks(ROOT / "surveys")
    return reporting.find(copy.session, area, Editions(area), books, first, last, NOW.date())
