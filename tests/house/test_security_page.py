"""docs/security.md tells the truth: each test that it names is there, and nothing that it maps is left out."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from feedback_app.core.settings import PROJECT

PAGE = (PROJECT / "docs" / "security.md").read_text()
TESTS = PROJECT / "tests"
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))
HOSTILE = re.compile(r"^\| (\d{1,2}) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
NUMBERS = r"\d+\.\d+\.\d+"
ROW = re.compile(rf"^\| ({NUMBERS}(?:, {NUMBERS})*) \| (.+) \|$", re.MULTILINE)
#: How many requirements of levels 1 and 2 each chapter of ASVS 5.0 has.
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9}
CHAPTERS |= {15: 13, 16: 16, 17: 7}


@cache
def found_in(file: Path) -> frozenset[str]:
    """The tests that a file has."""
    found = ast.walk(ast.parse(file.read_text()))
    return frozenset(one.name for one in found if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_the_page_names_is_there(file: str, name: str) -> None:
    assert (TESTS / file).is_file()
    assert name in found_in(TESTS / file)


def test_every_requirement_of_the_standard_is_on_the_page_once() -> None:
    rows = ROW.findall(PAGE)
    numbers = [number for row, _ in rows for number in row.split(", ")]

    assert [number for number, times in Counter(numbers).items() if times > 1] == []
    assert Counter(int(number.split(".")[0]) for number in numbers) == CHAPTERS


def test_what_applies_names_a_test_or_says_who_looks() -> None:
    applies = PAGE.split("### What applies")[1].split("\n### ")[0]

    for numbers, rest in ROW.findall(applies):
        shown = rest.split(" | ")[1]
        assert "::test_" in shown or "by hand" in shown or "above" in shown or "](" in shown, numbers


def test_all_thirty_hostile_cases_have_a_test_or_a_reason() -> None:
    told = {int(number): where for number, where in HOSTILE.findall(PAGE.split("## Hostile cases")[1])}
    assert sorted(told) == list(range(1, 31))

    everywhere = {name for file in TESTS.rglob("test_*.py") for name in found_in(file)}
    for number, where in told.items():
        if where.startswith("cannot apply: "):
            continue
        begins = f"test_hostile_{number:02}_"
        assert [name for name in everywhere if name.startswith(begins)], number
        files = re.findall(r"`([\w/]+\.py)`", where)
        assert all(any(name.startswith(begins) for name in found_in(TESTS / file)) for file in files), (number, where)
        assert files or begins in where, number


@pytest.mark.parametrize("notice", sorted((PROJECT / "docs" / "privacy").glob("*.md")), ids=lambda file: file.name)
def test_every_link_of_the_notices_leads_somewhere(notice: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", notice.read_text()):
        assert "://" in link or (notice.parent / link).exists(), link
