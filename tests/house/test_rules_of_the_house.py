"""The rules that every change keeps: which way imports point, where things are, what is written down."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from feedback_app import questions
from feedback_app.cli import COMMANDS, feedback
from feedback_app.core.settings import PROJECT, Settings
from feedback_app.i18n import checking, extractor
from feedback_app.questions.asked import QuestionType
from feedback_app.questions.registry import TYPES
from tests.factories import TEST_SURVEYS
from tests.tiny import tiny

LONGEST = 400
CODE = {".py", ".html", ".css", ".js", ".sh", ".jinja"}
WEB = PROJECT / "feedback_app" / "web"


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project: what git has, and what it would take."""
    names = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(names, cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    return tuple(file for name in listed.split("\0") if name and (file := PROJECT / name).is_file())


def name(file: Path) -> str:
    return file.relative_to(PROJECT).as_posix()


@cache
def written() -> tuple[tuple[str, str], ...]:
    """The name and the text of every file that is text."""
    found = []
    for file in tracked():
        try:
            found.append((name(file), file.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return tuple(found)


def test_imports_point_down() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def types_written() -> set[type[QuestionType]]:
    """Every question type there is in questions/, whether the registry has it or not."""
    for module in pkgutil.iter_modules(questions.__path__):
        importlib.import_module(f"feedback_app.questions.{module.name}")

    def below(kind: type[QuestionType]) -> Iterator[type[QuestionType]]:
        for inner in kind.__subclasses__():
            yield inner
            yield from below(inner)

    return {kind for kind in below(QuestionType) if kind.__module__.startswith("feedback_app.")}


@pytest.mark.parametrize("kind", sorted(types_written(), key=lambda kind: kind.name), ids=lambda kind: kind.name)
def test_each_question_type_is_registered_and_has_its_template_and_its_survey(kind: type[QuestionType]) -> None:
    assert type(TYPES.get(kind.name)) is kind
    assert kind.__module__ == f"feedback_app.questions.{kind.name.replace('-', '_')}"
    assert (WEB / "templates" / "questions" / f"{kind.name}.html").exists()
    assert (TEST_SURVEYS / f"{kind.name}.yaml").exists()
    assert kind.name in {question.type for question in tiny(kind.name).questions.values()}


def documented() -> dict[str, tuple[str, str]]:
    """The table of docs/settings.md: what each setting means, and its default."""
    text = (PROJECT / "docs" / "settings.md").read_text()
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+) \| (`[^`]+`|empty) \|$", text, re.MULTILINE)
    return {setting: (means, default.strip("`").replace("empty", "")) for setting, means, default in rows}


def test_every_setting_is_documented_with_its_default() -> None:
    defaults = {
        field.upper(): str(info.default).removeprefix(f"{PROJECT}/") for field, info in Settings.model_fields.items()
    }

    assert {setting: default for setting, (_, default) in documented().items()} == defaults
    assert all(means for means, _ in documented().values())


def test_the_templates_of_the_translations_are_current() -> None:
    folder = PROJECT / "translations"

    assert list(extractor.stale(PROJECT / "feedback_app", PROJECT / "surveys", folder)) == []
    assert list(checking.misfits(folder)) == []


def test_the_readmes_commands_are_the_ones_that_ci_runs() -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", (PROJECT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    told = {line.strip() for block in blocks for line in block.splitlines()}
    script = (PROJECT / ".ci" / "run").read_text().splitlines()
    run = {line for line in script if line and not line.startswith(("#", "set ", "cd "))}

    assert run == {"make test"}
    assert run | {"make run"} <= told


def test_no_file_is_too_long() -> None:
    lines = {name(file): len(file.read_bytes().splitlines()) for file in tracked() if file.suffix in CODE}

    assert [file for file, count in lines.items() if count > LONGEST] == []


def test_each_module_says_what_it_is_for() -> None:
    modules = [file for file in tracked() if file.suffix == ".py" and "versions" not in file.parts]
    silent = [name(file) for file in modules if file.read_bytes().strip() and not ast.get_docstring(parsed(file))]

    assert silent == []


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def test_nothing_has_a_name_that_says_nothing() -> None:
    empty = re.compile(r"(^|/)(utils?|helpers?|common|misc|managers?|handlers?)(\.\w+)?(/|$)")

    assert [name(file) for file in tracked() if empty.search(name(file))] == []


def test_nothing_names_a_machine() -> None:
    """No path of a machine, and no address that packages are fetched from: any index may serve the pins."""
    paths = re.compile("(^|[^A-Za-z0-9_.])/" + "(work|farm|root|Users|home/[a-z]+)/")
    hosts = re.compile("pypi\\." + "org|python" + "hosted|npm" + "js\\.|yarn" + "pkg|index" + "-url")

    assert [where for where, text in written() if paths.search(text) or hosts.search(text)] == []


@pytest.mark.parametrize("pins", ["requirements/run.txt", "requirements/test.txt"])
def test_every_package_is_pinned_by_hash(pins: str) -> None:
    text = (PROJECT / pins).read_text()
    pinned = re.findall(r"^[A-Za-z0-9_.\[\]-]+==", text, re.MULTILINE)

    assert len(pinned) > 20
    assert not re.search(r"https?://|^--", text, re.MULTILINE)
    for package in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in package


def test_no_page_style_or_drawing_names_another_origin() -> None:
    shown = [file for file in tracked() if file.suffix in {".html", ".css", ".svg"} and file.is_relative_to(WEB)]
    shown += (PROJECT / "surveys" / "symbols").glob("*.svg")
    elsewhere = re.compile(r"(https?:)?//(?!www\.w3\.org/2000/svg)[a-z]")

    assert len(shown) > 30
    assert [name(file) for file in shown if elsewhere.search(file.read_text())] == []


@pytest.mark.parametrize("drawing", sorted((PROJECT / "surveys" / "symbols").glob("*.svg")), ids=lambda file: file.stem)
def test_a_drawing_follows_the_colours_of_its_page(drawing: Path) -> None:
    """In forced colours a shape without one of the three classes of app.css would vanish."""
    text = drawing.read_text()
    shapes = re.findall(r"<(?:path|circle|rect|ellipse|line|polygon)\b[^>]*>", text)

    assert 'viewBox="0 0 64 64"' in text
    assert not re.search(r"<svg[^>]* (width|height)=|style=|<style|<script|\bon\w+=", text)
    assert shapes
    assert [shape for shape in shapes if not re.search(r'class="(fill|ink|dot)"', shape)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_found_by_its_own_name(name: str) -> None:
    found = feedback.get_command(click.Context(feedback), name)
    assert found is not None
    assert found.name == name
