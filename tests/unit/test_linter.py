"""A survey file with mistakes is refused whole: every mistake with its line, what it is and what was meant.

Each file in tests/surveys/wrong holds its mistakes and, at the end of the very line where one must be reported,
`# wrong: <the message>`; twice if the line has two.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.core.errors import BadFile, Problem
from feedback_app.definitions.area import Area, load_area
from feedback_app.definitions.freeze import freeze
from feedback_app.definitions.linter import check_survey
from feedback_app.definitions.load import Source, read_source, shape
from feedback_app.definitions.survey import json_schema
from feedback_app.journey.path import walk
from feedback_app.journey.plan import lay_out
from tests.factories import TEST_SURVEYS
from tests.tiny import AROUND, tiny, tiny_source

WRONG = sorted((TEST_SURVEYS / "wrong").glob("*.yaml"))
RIGHT = sorted(file.stem for file in TEST_SURVEYS.glob("*.yaml"))
MARK = "# wrong: "


def expected(file: Path) -> list[tuple[int, str]]:
    lines = file.read_bytes().decode("latin-1").splitlines()
    return sorted((n, what.strip()) for n, line in enumerate(lines, 1) for what in line.split(MARK)[1:])


def problems_of(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(BadFile) as refused:
        check_survey(read_source(file), AROUND)
    return refused.value.problems


def test_there_are_wrong_files() -> None:
    assert len(WRONG) >= 35


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_each_mistake_is_told_with_its_line(file: Path) -> None:
    wanted = expected(file)

    assert wanted, "the file says what is wrong with it"
    assert sorted((problem.line, problem.what) for problem in problems_of(file)) == wanted


@pytest.mark.parametrize("name", RIGHT)
def test_the_tiny_surveys_have_no_mistake(name: str) -> None:
    assert tiny(name).survey == name.replace("_", "-")


def test_a_problem_names_its_file_and_line() -> None:
    (problem,) = problems_of(TEST_SURVEYS / "wrong" / "duplicate_page_id.yaml")

    assert str(problem) == (
        "wrong/duplicate_page_id.yaml, line 13: this page id is used before. Each page needs its own."
    )


def test_a_file_that_is_not_there_is_told_with_the_nearest_name() -> None:
    with pytest.raises(BadFile, match=r'there is no such file\. Did you mean "scale\.yaml"\?'):
        read_source(TEST_SURVEYS / "scael.yaml")


def test_a_file_of_brackets_alone_is_refused() -> None:
    with pytest.raises(BadFile, match="too many brackets inside each other"):
        Source("x.yaml", "[" * 100_000)


@pytest.mark.parametrize("text", ["", "# nothing\n", "just words", '["a", "list"]', "12"])
def test_a_file_without_keys_is_refused(text: str) -> None:
    with pytest.raises(BadFile, match="this should be a list of keys and values, and is not"):
        Source("x.yaml", text)


def test_yaml_words_and_numbers_stay_as_they_are_written() -> None:
    content = Source("x.yaml", "a: no\nb: 12:30\nc: 1.10\nd: 0x1F\ne: null\nf: 2024-02-30\n").content

    assert content == {"a": "no", "b": "12:30", "c": "1.10", "d": "0x1F", "e": "null", "f": "2024-02-30"}


def test_json_with_the_same_keys_is_accepted() -> None:
    text = """{"schema": "1", "survey": "x", "version": "2", "languages": ["en"], "title": "X", "audience": "parent",
        "mode": "anonymous", "pages": [{"id": "p", "questions": [{"id": "Q", "type": "text", "label": "L"}]}]}"""

    assert check_survey(Source("x.json", text), AROUND).version == 2


def test_a_list_of_choices_may_be_called_name() -> None:
    text = (TEST_SURVEYS / "scale.yaml").read_text().replace("often:", "name:").replace('{value: "2",', "{")
    with pytest.raises(BadFile) as refused:
        check_survey(Source("x.yaml", text), AROUND)

    assert (12, '"value" is missing.') in [(problem.line, problem.what) for problem in refused.value.problems]


def test_an_area_without_a_name_is_told_so() -> None:
    text = (TEST_SURVEYS / "areas" / "riverside.yaml").read_text().replace("\nname:", "\nnaem:", 1)
    _, problems = shape(Source("x.yaml", text), Area)

    assert sorted((problem.line, problem.what) for problem in problems) == [
        (1, '"name" is missing.'),
        (3, 'there is no key "naem". Did you mean "name"?'),
    ]


def test_an_area_with_a_bad_date_is_told_so() -> None:
    text = (TEST_SURVEYS / "areas" / "riverside.yaml").read_text().replace("2026-11-04", "2026-02-30", 1)
    _, problems = shape(Source("x.yaml", text), Area)

    assert [problem.line for problem in problems] == [14]
    assert '"checked_on"' in problems[0].what


def test_the_example_area_loads() -> None:
    assert load_area(TEST_SURVEYS.parents[1] / "surveys", "example").example


def test_the_json_schema_knows_the_keys_of_the_file() -> None:
    schema = json_schema()

    assert {"schema", "survey", "pages", "choices"} <= schema["properties"].keys()
    assert not schema["additionalProperties"]
    assert {"goto", "when"} == schema["$defs"]["Jump"]["properties"].keys()


Node = tuple[Any, str | int]
JUNK = st.recursive(
    st.sampled_from(["", "x", "true", "-1", "{Q1}", "END", "area:x", "Q1", "G1.park", "\ud800", "\x00", "ü"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["==", "answer", "id", "x"]), inner),
    max_leaves=4,
)


def nodes(holder: Any) -> Iterator[Node]:
    """Every place of a document, by what holds it and where."""
    for key in list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ():
        yield holder, key
        yield from nodes(holder[key])


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(RIGHT), places=st.lists(st.integers(0, 10_000), min_size=1, max_size=3), junk=JUNK)
def test_whatever_stands_in_a_file_it_is_taken_or_its_problems_are_told(
    name: str, places: list[int], junk: Any
) -> None:
    document = deepcopy(tiny_source(name).content)
    for place in places:
        there = list(nodes(document))
        holder, key = there[place % len(there)]
        holder[key] = deepcopy(junk)

    try:
        survey = check_survey(Source("x.json", json.dumps(document)), AROUND)
    except BadFile as error:
        told = error.problems
    else:  # what is taken can be published and answered
        freeze(document, {})
        told = ()
        assert walk(lay_out(survey), {}).parts
    assert all(problem.line > 0 and problem.what for problem in told)
