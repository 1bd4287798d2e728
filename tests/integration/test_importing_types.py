"""Answers to the types beside those that pick from a list, brought in from elsewhere."""

from __future__ import annotations

import pytest

from feedback_app.core.errors import BadFile
from feedback_app.services.importing import BadRows
from tests.small_import import Copy, make_copy, make_empty  # noqa: F401

SURVEY = """
schema: "1"
survey: small
version: "1"
languages: [en]
title: "A small survey"
audience: practitioner
mode: confidential
choices:
  sure: [{value: "1", label: "Not sure"}, {value: "2", label: "Very sure"}]
pages:
  - id: all
    questions:
      - id: N
        type: number
        label: "How many?"
        max: "20"
        choices: [{value: ns, label: "No idea", missing: not-sure}]
      - {id: D, type: date, label: "Which day?"}
      - {id: M, type: year-month, label: "Which month?"}
      - id: G
        type: pair-grid
        label: "How sure are you"
        choices: sure
        rows: [{id: spot, label: "to spot it"}]
        columns: [{id: before, label: "Before"}, {id: now, label: "Now"}]
      - id: W
        type: place
        label: "Where?"
        choices: "area:wards"
        also: [{value: else, label: "Elsewhere"}, {value: pns, label: "Rather not", missing: prefer-not-to-say}]
      - {id: A, type: auto, label: "Group", choices: [{value: red, label: "Red"}]}
"""
MAPPING = """
survey: small.yaml
collection: {id: elsewhere, title: "From elsewhere", note: "A test."}
date: {column: When, format: "DD/MM/YYYY"}
language: {fixed: en}
answers:
  N: {column: Many, values: {"n/k": ns, "-": ""}}
  D: {column: Day}
  M: {column: Month}
  G.spot.before: {column: Then}
  G.spot.now: {column: Now}
  W: {column: Where, values: {"Other": else}}
  A: {column: Group}
"""
HEAD = "When,Many,Day,Month,Then,Now,Where,Group\n"


def test_answers_of_every_type_are_brought_in(copy: Copy) -> None:
    rows = "01/02/2026,012,2026-01-31,2026-01,Not sure,Very sure,North Exampleborough,Red\n"
    rows += "01/02/2026,n/k,,,,,Other,\n"
    rows += "01/02/2026,-,,2025-12,Very sure,,Rather not,Red\n"
    copy.bring_in(HEAD + rows, MAPPING, SURVEY)

    full, second, third = copy.answers()
    assert full == {
        "N": "12",
        "D": "2026-01-31",
        "M": "2026-01",
        "G.spot.before": "1",
        "G.spot.now": "2",
        "W": "north",
        "A": "red",
    }
    assert (second["N"], second["D"], second["W"]) == ("ns", "", "else")
    assert (third["N"], third["M"], third["W"]) == ("", "2025-12", "pns")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("21,,,,,,", '"Many" says "21", which the mapping does not know.'),
        ("a few,,,,,,", '"Many" says "a few", which the mapping does not know.'),
        (",30/02/2026,,,,,", '"Day" says "30/02/2026", which the mapping does not know.'),
        (",2026-02-30,,,,,", '"Day" says "2026-02-30", which the mapping does not know.'),
        (",,2026-13,,,,", '"Month" says "2026-13", which the mapping does not know.'),
        (",,,Perhaps,,,", '"Then" says "Perhaps", which the mapping does not know.'),
        (",,,,,12 Mill Lane,", '"Where" says "12 Mill Lane", which the mapping does not know.'),
    ],
)
def test_what_a_form_would_not_have_taken_is_refused(copy: Copy, cells: str, told: str) -> None:
    with pytest.raises(BadRows) as refused:
        copy.bring_in(f"{HEAD}01/02/2026,{cells}\n", MAPPING, SURVEY)

    assert told in str(refused.value)


def test_a_pair_grid_is_taken_by_its_columns(copy: Copy) -> None:
    with pytest.raises(BadFile, match=r'"G" has rows: write "G\.spot\.before" for the one that is meant'):
        copy.prepare(HEAD, MAPPING.replace("G.spot.before:", "G:"), SURVEY)
