"""The commands for translators: from a survey's English to a catalogue, to lines of work, and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedback_app.cli.words import translations
from feedback_app.core.errors import BadFile
from tests.unit.test_extractor import SURVEY

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a folder with one survey of four texts, and no translations yet."""
    (tmp_path / "surveys").mkdir()
    (tmp_path / "surveys" / "s.yaml").write_text(SURVEY)
    monkeypatch.setenv("SURVEYS", str(tmp_path / "surveys"))
    monkeypatch.setenv("TRANSLATIONS", str(tmp_path / "words"))

    def command(*given: str) -> Result:
        return CliRunner().invoke(translations, given)

    return command


def status(run: Run) -> dict[str, dict[str, object]]:
    return {line["language"]: line for line in json.loads(run("status", "--json").output)}


def test_from_english_to_a_language_that_is_complete(run: Run, tmp_path: Path) -> None:
    run("extract")
    assert run("update", "cs").exit_code == 0
    waiting, done = tmp_path / "waiting.jsonl", tmp_path / "done.jsonl"
    run("missing", "cs", "--out", str(waiting))
    lines = [json.loads(line) for line in waiting.read_text().splitlines()]
    with done.open("w") as out:
        for line in lines:
            forms = [f"č {line['plural']}"] * 3 if line["plural"] else f"č {line['english']}"
            out.write(json.dumps(line | {"translations" if line["plural"] else "translation": forms}) + "\n")

    assert run("fill", "cs", str(done)).exit_code == 0
    assert status(run)["cs"] == {
        "language": "cs",
        "messages": len(lines),
        "translated": len(lines),
        "fuzzy": 0,
        "state": "draft",
    }
    assert run("missing", "cs").stdout == ""
    assert run("compile").output == "Compiled the words of 1 languages.\n"


def test_every_language_has_its_status_whether_anybody_has_begun_it_or_not(run: Run) -> None:
    run("extract")
    run("update", "rmc")
    found = status(run)

    assert list(found) == ["ur", "pl", "sk", "cs", "ro", "ar", "ckb", "rmc", "rmy"]
    assert {tuple(one) for one in found.values()} == {("language", "messages", "translated", "fuzzy", "state")}
    assert {one["translated"] for one in found.values()} == {0}
    table = run("status").output.splitlines()
    assert table[0].split() == ["language", "messages", "translated", "fuzzy", "missing", "state"]
    assert len(table) == 1 + len(found)


def test_one_that_is_left_alone_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    run("extract")
    run("update", "cs", "rmc")
    before = {file: file.read_bytes() for file in tmp_path.glob("words/**/*.po")}
    run("extract")
    run("update")

    assert len(before) == 4
    assert {file: file.read_bytes() for file in tmp_path.glob("words/**/*.po")} == before


def test_what_is_out_of_date_or_not_done_is_told(run: Run, tmp_path: Path) -> None:
    run("extract")
    run("update", "cs")
    assert run("check").output.endswith("The translations are sound.\n")
    with pytest.raises(BadFile, match=r"cs: \d+ missing and 0 fuzzy."):
        raise run("check", "--complete").exception or AssertionError

    survey = tmp_path / "surveys" / "s.yaml"
    survey.write_text(survey.read_text().replace("Where do you live?", "Where is home?"))
    with pytest.raises(BadFile, match=r"surveys.pot: out of date. Run: feedback translations extract"):
        raise run("check").exception or AssertionError
    run("extract")
    with pytest.raises(BadFile, match=r"cs/surveys.po: out of date. Run: feedback translations update"):
        raise run("check").exception or AssertionError
    run("update")
    assert run("check").exit_code == 0


def test_a_line_that_is_refused_is_told_and_the_command_fails(run: Run, tmp_path: Path) -> None:
    run("extract")
    run("update", "cs")
    file = tmp_path / "work.jsonl"
    good = {"catalogue": "surveys", "context": "s.title", "english": "Title", "translation": "Název"}
    file.write_text(json.dumps(good) + "\n" + json.dumps(good | {"translation": "{x}"}) + "\n")

    result = run("fill", "cs", str(file))
    assert "1 messages written, 1 refused." in result.output
    assert str(result.exception) == 'work.jsonl, line 2: the translation of "s.title" adds {x}.'


def test_english_and_languages_that_nobody_speaks_here_are_no_languages_to_translate(run: Run) -> None:
    for code in ("en", "xx"):
        assert run("update", code).exit_code == 2
        assert run("missing", code).exit_code == 2
