"""The command that tries the lists: on their own sentences, and on a file of cases."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedback_app.cli.concern import concern
from feedback_app.core.errors import BadFile

LISTS = Path(__file__).parents[2] / "surveys" / "concern"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on a folder with the English and the Polish list."""
    (tmp_path / "surveys" / "concern").mkdir(parents=True)
    for code in ("en", "pl"):
        shutil.copy(LISTS / f"{code}.yaml", tmp_path / "surveys" / "concern")
    monkeypatch.setenv("SURVEYS", str(tmp_path / "surveys"))
    return lambda *given: CliRunner().invoke(concern, ["check", *map(str, given)])


def test_every_list_is_tried_and_says_who_reviewed_it(run: Run) -> None:
    done = run()
    assert done.exit_code == 0
    assert [line.split(":")[0] for line in done.output.splitlines()] == ["English", "Polish"]
    assert done.output.count("Reviewed by: nobody yet.") == 2
    rows = [json.loads(line) for line in run("--json").output.splitlines()]
    assert [(row["language"], row["failed"], row["reviewers"]) for row in rows] == [("en", 0, []), ("pl", 0, [])]


def test_a_sentence_that_fails_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "surveys" / "concern" / "pl.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "reviewers: []", 'reviewers: [{who: youth worker, on: "2027-03-01"}]'
    )
    path.write_text(f"{text}  - tata mnie bije\n", encoding="utf-8")
    done = run()
    line = len(text.splitlines()) + 1
    assert isinstance(done.exception, BadFile)
    assert str(done.exception).startswith(f'pl.yaml, line {line}: "tata mnie bije" should give no flag, and gives P1')
    assert "Reviewed by: youth worker, 2027-03-01." in done.output


def test_a_list_that_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "surveys" / "concern" / "pl.yaml").write_text("language: pl\n")
    done = run()
    assert isinstance(done.exception, BadFile)
    assert 'pl.yaml, line 1: the key "concerns" is missing.' in str(done.exception)


def test_a_file_of_cases_gives_a_line_a_row(run: Run, tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text(
        'id,lang,note,text\n1,en,,"my dad hits me\n"\n2,en,,the club is fun\n'
        "3,pl,,nikt mnie nie bije\n4,de,,Hilfe\n5,en\n",
        encoding="utf-8-sig",
    )
    rows = [json.loads(line) for line in run("--file", cases, "--json").output.splitlines()]
    keys = ("id", "band", "category", "phrase", "lowered", "screened")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("1", "P1", "physical-harm", "dad hits me", "", False),
        ("2", "none", "", "", "", False),
        ("3", "P2", "physical-harm", "mnie nie bije", "negated", False),
        ("4", "P2", "not-screened", "", "", False),
        ("5", "none", "", "", "", False),
    ]
    assert run("--file", cases).output.splitlines()[0] == "1  P1  physical-harm  dad hits me"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id,language,text\n", 'cases.csv, line 1: there is no column "lang". Did you mean "language"?'),
        (b"", 'cases.csv, line 1: there is no column "id".'),
        (b"id,lang,text\n1,en,\xff", "cases.csv: the file cannot be read (it is not a CSV file in UTF-8)."),
        (None, "cases.csv: the file cannot be read (No such file or directory)."),
    ],
)
def test_a_file_that_is_no_list_of_cases_is_told(run: Run, tmp_path: Path, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / "cases.csv").write_bytes(content)
    done = run("--file", tmp_path / "cases.csv")
    assert isinstance(done.exception, BadFile)
    assert str(done.exception).splitlines()[0] == told
