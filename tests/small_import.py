"""A small survey, a mapping and a file for tests of importing, and a copy of the software to bring them into."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing, load_keys, make_keys
from feedback_app.core.sealing import open_sealed
from feedback_app.definitions.area import load_area
from feedback_app.services import importing
from feedback_app.services.collecting import place
from feedback_app.services.importing import Batch
from feedback_app.storage import schema
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import AnswerText, Collection, Response
from tests.releasing import screens

EXAMPLE = Path(__file__).parents[1] / "surveys" / "areas" / "example.yaml"
CODEBOOK = """
codebook: NAME
version: "0.1"
title: A small codebook
language: en
frames: [{code: TR-1, name: reaction, kind: training level}]
themes:
  - theme: T
    name: Training
    codes:
      - {code: T1a, name: Relevance, definition: Fit to role, frames: [TR-1]}
      - {code: T1c, name: Delivery, definition: "Trainer, pace", frames: [TR-1]}
      - {code: T6, name: Barriers, definition: "Time, caseload", frames: [TR-1]}
      - {code: T9, name: Old, definition: Not used, frames: [TR-1], retired_on: "2026-01-01", replaced_by: [T6]}
flags: [{flag: X-SURV, name: About the survey, what_happens: To its owner}]
"""
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

SURVEY = """
schema: "1"
survey: small
version: "1"
languages: [en]
title: "A small survey"
audience: practitioner
mode: confidential
codebook: training
choices:
  agree: [{value: "2", label: "Agree"}, {value: "1", label: "Disagree"}]
pages:
  - id: all
    questions:
      - {id: Q0, type: info, label: "Welcome."}
      - {id: Q1, type: scale, label: "Relevant?", choices: agree}
      - id: Q2
        type: grid
        label: "Rate"
        choices: agree
        rows: [{id: pace, label: "pace"}, {id: room, label: "room"}]
      - id: Q3
        type: multi
        label: "What helped?"
        choices:
          - {value: team, label: "My team"}
          - {value: tool, label: "A tool"}
          - {value: none, label: "Nothing", exclusive: "true"}
          - {value: other, label: "Something else", other: "true"}
      - {id: Q4, type: paragraph, label: "What will you do?", max: "100", analyse: themes}
      - {id: Q5, type: text, label: "Your nickname?", store: "false"}
"""
MAPPING = """
survey: small.yaml
collection: {id: elsewhere, title: "From elsewhere", note: "A test."}
date: {column: When, format: "DD/MM/YYYY hh:mm"}
language: {fixed: en}
forms: {new: [Team, Tool, None]}
answers:
  Q1: {column: Relevant, values: {"Yes, very": "2", "n/a": ""}}
  Q2.pace: {column: Pace}
  Q3: {columns: {Team: team, Tool: tool, None: none}, ticked: "x", asked_on: new}
  Q3.other: {column: Other}
  Q4: {column: Do}
left_out: {who it was: Name}
"""
HEAD = "When,Relevant,Pace,Team,Tool,None,Other,Do,Name,Extra\n"
GOOD = HEAD + '01/02/2026 09:30,Agree,Disagree,x,,,,"=1+1",Ann,\n'


@dataclass(frozen=True)
class Copy:
    """One copy of the software with nothing in it, and how to bring something in."""

    folder: Path
    surveys: Path
    keys: KeyRing
    session: Session

    def prepare(self, text: str | bytes = GOOD, mapping: str = MAPPING, survey: str = SURVEY) -> importing.Import:
        file = self.folder / "answers.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        (self.folder / "small.yaml").write_text(survey, encoding="utf-8")
        (self.folder / "map.yaml").write_text(mapping, encoding="utf-8")
        return importing.prepare(
            file,
            self.folder / "map.yaml",
            surveys=self.surveys,
            translations=self.folder / "no-translations",
            area=load_area(self.surveys, "example"),
            today=NOW.date(),
        )

    def bring_in(self, *given: str | bytes, skip_bad: bool = False) -> Batch:
        one = self.prepare(*given)  # type: ignore[arg-type]
        batch = importing.read(self.session, self.keys, screens(), one, skip_bad=skip_bad)
        importing.keep(self.session, one, batch, by="a test", now=NOW)
        self.session.commit()
        return batch

    def refused(self, *given: str | bytes) -> list[str]:
        with pytest.raises(FeedbackError) as caught:
            self.bring_in(*given)
        self.session.rollback()
        assert self.counts() == (0, 0, 0)
        return str(caught.value).splitlines()

    def counts(self) -> tuple[int, int, int]:
        counted = (self.session.scalar(select(func.count()).select_from(t)) for t in (Response, AnswerText, Collection))
        return tuple(counted)  # type: ignore[return-value]

    def answers(self) -> list[dict[str, object]]:
        """The closed answers of every response, in the order of the file."""
        rows = {row.id: row.answers for row in self.session.scalars(select(Response))}
        ids = [self.keys.server.derive("import", "elsewhere", str(n + 1)).hex()[:32] for n in range(len(rows))]
        return [rows[one] for one in ids]

    def texts(self) -> dict[str, list[str]]:
        opened: dict[str, list[str]] = {}
        for row in self.session.scalars(select(AnswerText)):
            where = place(row.response_id, row.field, row.key_id)
            opened.setdefault(row.field, []).append(open_sealed(self.keys.private[row.key_id], row.sealed, where))
        return opened


@pytest.fixture(scope="module", name="empty")
def make_empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with keys and empty tables, and small codebooks beside it; made once."""
    folder = tmp_path_factory.mktemp("empty")
    make_keys(folder / "instance" / "keys")
    engine = make_engine(f"sqlite:///{folder / 'instance' / 'feedback.db'}")
    schema.upgrade(engine)
    engine.dispose()
    for kind in ("codebooks", "areas"):
        (folder / "surveys" / kind).mkdir(parents=True)
    for name in ("training", "voice"):
        (folder / "surveys" / "codebooks" / f"{name}.yaml").write_text(CODEBOOK.replace("NAME", name))
    shutil.copy(EXAMPLE, folder / "surveys" / "areas")
    return folder


@pytest.fixture(name="copy")
def make_copy(empty: Path, tmp_path: Path) -> Iterator[Copy]:
    instance = shutil.copytree(empty / "instance", tmp_path / "instance")
    engine = make_engine(f"sqlite:///{instance / 'feedback.db'}")
    with Session(engine) as session:
        yield Copy(tmp_path, empty / "surveys", load_keys(instance / "keys", private=True), session)
    engine.dispose()


def row(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


CODED = HEAD.replace("Extra", "Theme,Tone") + "".join(
    row("01/02/2026 09:30", "", "", "", "", "", "", *cells)
    for cells in [
        ("more time", "", "Barriers", "bad"),
        ("the trainer", "", "Delivery", "good"),
        ("about this form", "", "Form", ""),
        ("lunch", "", "Food", "good"),
        ("", "", "Delivery", "good"),
    ]
)
CODES = """
codes:
  text: Q4
  codebook: training
  coder: "Two trainers"
  direction: {column: Tone, values: {good: "+", bad: "-"}}
  column: Theme
  values: {Barriers: T6, Delivery: T1c, Form: X-SURV}
  left_out: {no code of ours: Food}
"""
