"""Each form of an export, opened again by what opens it: csv, json, openpyxl, pyreadstat. Nothing lost, nothing run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import load_area
from feedback_app.i18n.locales import LOCALES
from feedback_app.services import exports
from feedback_app.services.collecting import sealed_row
from feedback_app.services.editions import Editions
from feedback_app.services.exports import FORMS
from feedback_app.services.exports.sheet import wanted
from feedback_app.storage.models import AnswerText, AuditEvent, Collection, Response
from tests.factories import NOON, Copy
from tests.releasing import put, release_all

SURVEY = """
schema: "1"
survey: all-sorts
version: "1"
languages: [en]
title: "All sorts"
audience: practitioner
mode: anonymous
choices:
  often:
    - {value: "5", label: "Always"}
    - {value: "1", label: "Never"}
    - {value: ns, label: "Not sure", missing: not-sure}
    - {value: pns, label: "Prefer not to say", missing: prefer-not-to-say}
    - {value: na, label: "Does not apply", missing: not-applicable}
pages:
  - id: first
    questions:
      - {id: Q1, type: scale, label: "=HOW(often)?", choices: often}
      - id: Q-2
        type: single
        label: "How did you come?"
        choices: [{value: bus, label: "@By bus"}, {value: oth, label: "Another way", other: "true"}]
      - id: Q3
        type: multi
        label: "What do you like?"
        choices:
          - {value: food, label: "Food"}
          - {value: other, label: "Else", other: "true"}
          - {value: none, label: "Nothing"}
      - id: Q4
        type: rank
        label: "In order"
        choices: [{value: a, label: "Tea"}, {value: b, label: "Truth"}, {value: c, label: "Time"}]
      - {id: Q5, type: number, label: "How many?", choices: [{value: ns, label: "Not sure", missing: not-sure}]}
      - {id: Q6, type: date, label: "Which day?"}
      - {id: Q7, type: paragraph, label: "Anything else?"}
      - {id: WITH, type: text, label: "One word"}
"""
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "#N/A", "a\x00b".replace("\x00", "\x0b"), 'x"y,z\nnew line')
RTL = "مجھے نہیں معلوم\u202eكلمات"
LONG = "ن" * 9_000  # 18,000 bytes: many segments in SPSS, and more letters than one sheet of paper
FULL: dict[str, Any] = {
    "Q1": "5",
    "Q-2": "oth",
    "Q3": ["other", "food"],
    "Q4": ["b", "a"],
    "Q5": "12",
    "Q6": "2026-03-07",
}
BLANK: dict[str, Any] = {"Q1": "", "Q-2": "", "Q3": [], "Q4": [], "Q5": "", "Q6": "", "Q7": "", "WITH": ""}


@pytest.fixture
def copy(on_both: Callable[..., Copy]) -> Copy:
    made = on_both()
    (made.settings.surveys / "all-sorts.yaml").write_text(SURVEY)
    made.publish()
    return made


def editions(copy: Copy) -> Editions:
    return Editions(load_area(copy.settings.surveys, copy.settings.area))


def add(copy: Copy, number: int, answers: dict[str, Any], collection: str = "all-sorts", **texts: str) -> None:
    """Put in a response; `Q3__other` stands for `Q3.other`."""
    with copy.session() as session, session.begin():
        held = session.get(Collection, collection)
        assert held
        ident = f"{number:032}"
        session.add(
            Response(
                id=ident,
                collection_id=collection,
                version_hash=held.version_hash,
                language="en",
                received_on=date(2026, 11, 25),
                answers=answers,
                languages={},
            )
        )
        session.flush()
        for name, words in texts.items():
            session.add(AnswerText(**sealed_row(copy.keys, ident, name.replace("__", "."), words, "en")))
        session.flush()
        put(session, copy.keys, ident, {name.replace("__", "."): words for name, words in texts.items()})
        release_all(session)


def taken(
    copy: Copy, form: str, folder: Path, *, words: bool = False, language: str = "en", collection: str = "all-sorts"
) -> Path:
    """Take an export as a file."""
    file = folder / f"export.{form}"
    with copy.session() as session:
        sheet = exports.prepare(session, editions(copy), collection, language, words=words)
        exports.write(session, sheet, form, file, copy.keys)
    return file


def read_csv(file: Path) -> list[dict[str, str]]:
    text = file.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_xlsx(file: Path, sheet: str = "Answers") -> list[dict[str, Any]]:
    rows = list(openpyxl.load_workbook(file)[sheet].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def read_sav(file: Path) -> tuple[list[dict[str, Any]], Any]:
    """The rows, with nothing for SPSS's own missing value, and what the file says of its variables."""
    found, meta = pyreadstat.read_sav(file, output_format="dict", user_missing=True)
    columns = {name: [None if one != one else one for one in values] for name, values in found.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)], meta


READ: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "sav": lambda file: read_sav(file)[0],
    "jsonl": lambda file: [json.loads(line)["texts"] for line in file.read_text().splitlines()],
}


def cells_of(rows: list[dict[str, Any]]) -> list[Any]:
    return [cell for row in rows for cell in row.values()]


def test_csv_has_a_column_for_each_option_and_a_mark_for_each_text(copy: Copy, tmp_path: Path) -> None:
    add(copy, 1, FULL, Q7="my words", Q3__other="cats", **{"Q-2__other": "by boat"})
    add(copy, 2, BLANK)
    add(copy, 3, {})
    full, blank, none = read_csv(taken(copy, "csv", tmp_path))
    assert (full["received on"], full["language"], full["came by"]) == ("2026-11-25", "en", "own")
    assert full["Q1: =HOW(often)?"] == "Always"
    assert full["Q3: What do you like?"] == "Else; Food"
    assert [full[f"Q3/{one}: What do you like? {label}"] for one, label in (("food", "Food"), ("none", "Nothing"))] == [
        "1",
        "0",
    ]
    assert [full[f"Q4/{one}: In order {label}"] for one, label in (("a", "Tea"), ("b", "Truth"), ("c", "Time"))] == [
        "2",
        "1",
        "0",
    ]
    assert (full["Q5: How many?"], full["Q6: Which day?"]) == ("12", "2026-03-07")
    marks = {name: cell for name, cell in full.items() if cell == "[text given]"}
    assert {name.partition(":")[0] for name in marks} == {"Q7", "Q3.other", "Q-2.other"}
    assert "my words" not in str(full)
    asked = {name: cell for name, cell in blank.items() if name.startswith(("Q", "WITH")) and ".other" not in name}
    assert set(asked.values()) == {"(left blank)"}
    assert {cell for name, cell in none.items() if name.startswith(("Q", "WITH"))} == {""}


def test_only_whoever_may_read_them_gets_the_words(copy: Copy, tmp_path: Path) -> None:
    add(copy, 1, FULL, Q7=RTL)
    for form, read in READ.items():
        assert RTL not in cells_of(read(taken(copy, form, tmp_path))), form
        assert RTL in cells_of(read(taken(copy, form, tmp_path, words=True))), form


def test_words_without_a_key_are_refused(copy: Copy) -> None:
    add(copy, 1, FULL, Q7="my words")
    with copy.session() as session:
        sheet = exports.prepare(session, editions(copy), "all-sorts", words=True)
        with pytest.raises(FeedbackError, match="private key"):
            "".join(exports.lines(session, sheet, "csv"))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_run_nothing_and_arrive(copy_on: Callable[..., Copy], tmp_path: Path, words: str) -> None:
    made = copy_on("")
    (made.settings.surveys / "all-sorts.yaml").write_text(SURVEY)
    made.publish()
    add(made, 1, FULL, Q7=words)
    (row,) = read_csv(taken(made, "csv", tmp_path, words=True))
    assert row["Q7: Anything else?"].removeprefix("'") == words
    assert not row["Q7: Anything else?"].startswith(("=", "+", "-", "@", "\t", "\r"))
    book = openpyxl.load_workbook(taken(made, "xlsx", tmp_path, words=True))
    cells = [cell for one in book for line in one.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}  # no formula, no error value
    assert not [cell.value for cell in cells if str(cell.value).startswith(("=", "+", "-", "@", "\t", "\r"))]
    (line,) = taken(made, "jsonl", tmp_path, words=True).read_text().splitlines()
    assert json.loads(line)["texts"] == {"Q7": words}
    rows, _ = read_sav(taken(made, "sav", tmp_path, words=True))
    assert rows[0]["Q7"] == words


def test_headings_and_labels_run_nothing_either(copy: Copy, tmp_path: Path) -> None:
    add(copy, 1, FULL | {"Q-2": "bus"})
    for rows in (read_csv(taken(copy, "csv", tmp_path)), read_xlsx(taken(copy, "xlsx", tmp_path))):
        (row,) = rows
        assert row["Q-2: How did you come?"] == "'@By bus"
        assert not [name for name in row if name.startswith("=")]


def test_an_spss_file_has_codes_labels_and_missing_values(copy: Copy, tmp_path: Path) -> None:
    add(copy, 1, FULL, Q7="my words")
    add(copy, 2, BLANK | {"Q1": "pns", "Q5": "ns"})
    add(copy, 3, {"Q1": "ns"})
    (full, blank, none), meta = read_sav(taken(copy, "sav", tmp_path))
    assert (full["response"], full["received_on"], full["came_by"]) == (f"{1:032}", "2026-11-25", "own")
    assert [row["Q1"] for row in (full, blank, none)] == [5, -8, -7]
    assert meta.variable_value_labels["Q1"] == {
        5: "Always",
        1: "Never",
        -7: "Not sure",
        -8: "Prefer not to say",
        -9: "Does not apply",
        -1: "(left blank)",
    }
    assert meta.column_names_to_labels["Q1"] == "=HOW(often)?"
    assert meta.missing_ranges["Q1"] == [{"lo": -9.0, "hi": -1.0}]
    assert (full["Q_2"], meta.variable_value_labels["Q_2"][2]) == (2, "Another way")  # a name with - is none for SPSS
    assert [row["Q3_food"] for row in (full, blank, none)] == [1, -1, None]
    assert [full[name] for name in ("Q3_other", "Q3_none", "Q4_a", "Q4_b", "Q4_c")] == [1, 0, 2, 1, 0]
    assert [row["Q5"] for row in (full, blank, none)] == [12, -7, None]
    assert (full["Q6"], blank["Q6"], none["Q6"]) == ("2026-03-07", "(left blank)", "")
    assert [row["Q7"] for row in (full, blank, none)] == [1, -1, None]
    assert "V_WITH" in full  # the word is SPSS's own


def test_long_words_go_whole_into_spss_and_are_cut_with_a_mark_where_they_cannot(copy: Copy, tmp_path: Path) -> None:
    add(copy, 1, FULL, Q7=LONG, WITH="x")
    add(copy, 2, FULL, Q7="ن" * 20_000, WITH="y" * 300)
    add(copy, 3, FULL, WITH="z")
    (whole, cut, none), _ = read_sav(taken(copy, "sav", tmp_path, words=True))
    assert whole["Q7"] == LONG
    assert cut["Q7"].endswith("ن… [cut]")
    assert len(cut["Q7"].encode()) <= 32_767
    assert [row["V_WITH"] for row in (whole, cut, none)] == ["x", "y" * 300, "z"]
    rows = read_xlsx(taken(copy, "xlsx", tmp_path, words=True))
    assert rows[0]["Q7: Anything else?"] == LONG


@pytest.mark.parametrize("number", [0, 1, 1_001])
def test_none_one_and_more_than_are_read_at_once(copy: Copy, tmp_path: Path, number: int) -> None:
    with copy.session() as session, session.begin():
        held = session.get(Collection, "all-sorts")
        assert held
        same = {"version_hash": held.version_hash, "language": "en", "received_on": date(2026, 11, 25), "languages": {}}
        session.add_all(
            Response(id=f"{n:032}", collection_id="all-sorts", answers={"Q5": str(n)}, **same) for n in range(number)
        )
    numbers = [str(n) for n in range(number)]
    assert [row["Q5: How many?"] for row in read_csv(taken(copy, "csv", tmp_path))] == numbers
    assert [str(row["Q5: How many?"]) for row in read_xlsx(taken(copy, "xlsx", tmp_path))] == numbers
    lines = taken(copy, "jsonl", tmp_path).read_text().splitlines()
    assert [json.loads(line)["answers"]["Q5"] for line in lines] == numbers
    rows, meta = read_sav(taken(copy, "sav", tmp_path))
    assert [f"{row['Q5']:.0f}" for row in rows] == numbers
    assert meta.number_rows == number


def test_sqlite_sorts_nothing_in_memory(copy_on: Callable[..., Copy]) -> None:
    made = copy_on("", "text")
    with made.session() as session:
        sheet = exports.prepare(session, editions(made), "text")
        query = str(wanted(sheet).compile(made.engine, compile_kwargs={"literal_binds": True}))
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all())
    assert "SEARCH response" in plan
    assert "TEMP B-TREE" not in plan


def test_the_codebook_explains_every_column(copy: Copy, tmp_path: Path) -> None:
    add(copy, 1, FULL)
    (row,) = read_csv(taken(copy, "csv", tmp_path))
    as_csv = read_csv(taken(copy, "codebook.csv", tmp_path))
    assert [line["column"] for line in as_csv] == [name.partition(":")[0].removeprefix("'") for name in row]
    explained = {line["column"]: line for line in as_csv}
    assert explained["Q1"]["values"] == "5 = Always; 1 = Never"
    assert "pns = Prefer not to say (prefer not to say)" in explained["Q1"]["missing values"]
    assert explained["Q1"]["SPSS missing values"].startswith(
        "'-7 = Not sure; -8 = Prefer not to say; -9 = Does not apply"
    )
    assert explained["Q3/food"]["SPSS name"] == "Q3_food"
    names = {line["SPSS name"] for line in as_csv} - {""}
    assert names == set(read_sav(taken(copy, "sav", tmp_path))[0][0])
    in_book = read_xlsx(taken(copy, "xlsx", tmp_path), "Codebook")
    assert [line["column"] for line in in_book] == [line["column"] for line in as_csv]


def test_a_collection_that_moved_to_a_newer_version_keeps_the_answers_to_the_older(copy: Copy, tmp_path: Path) -> None:
    add(copy, 1, FULL)
    newer = SURVEY.replace('version: "1"', 'version: "2"').replace(
        'id: Q5, type: number, label: "How many?"', 'id: Q9, type: number, label: "How much?"'
    )
    (copy.settings.surveys / "all-sorts.yaml").write_text(
        newer.replace('{value: none, label: "Nothing"}', '{value: all, label: "All"}')
    )
    copy.publish()
    add(copy, 2, FULL | {"Q3": ["all"], "Q9": "3"})
    old, new = read_csv(taken(copy, "csv", tmp_path))
    assert (old["Q5: How many?"], old["Q9: How much?"], new["Q9: How much?"]) == ("12", "", "3")
    assert (old["Q3/none: What do you like? Nothing"], new["Q3: What do you like?"]) == ("0", "All")


def test_labels_are_in_each_language_that_the_survey_is_whole_in(copy_on: Callable[..., Copy], tmp_path: Path) -> None:
    made = copy_on("", "exit")
    with made.session() as session:
        sheet = exports.prepare(session, editions(made), "exit")
    closed = next(one for one in sheet.columns if one.kind == "one" and len(one.choices) > 2)
    value = closed.choices[0].value
    add(made, 1, {closed.question: value}, "exit")
    with made.session() as session:
        held = session.get(Collection, "exit")
        assert held
        spoken = exports.sheet.languages_of(editions(made).get(session, held.version_hash))
    assert len(spoken) >= 5
    said = set()
    for language in spoken:
        (row,) = read_csv(taken(made, "csv", tmp_path, language=language, collection="exit"))
        (heading,) = [name for name in row if name.startswith(f"{closed.name}:")]
        said.add((heading, row[heading]))
        book = openpyxl.load_workbook(taken(made, "xlsx", tmp_path, language=language, collection="exit"))
        assert bool(book["Answers"].sheet_view.rightToLeft) == (LOCALES[language].direction == "rtl")
        assert row[heading] in [cell.value for cell in book["Answers"][2]]
        (line,), meta = read_sav(taken(made, "sav", tmp_path, language=language, collection="exit"))
        name = closed.name.replace("-", "_")
        assert meta.variable_value_labels[name][line[name]] == row[heading]
    assert len(said) == len(spoken)
    with pytest.raises(FeedbackError, match="not whole in"):
        taken(made, "csv", tmp_path, language="rmc", collection="exit")


def test_who_took_what_is_in_the_audit_log_and_no_word_of_it(copy: Copy) -> None:
    add(copy, 1, FULL, Q7="my words")
    with copy.session() as session, session.begin():
        for form, words in (("csv", False), ("sav", True), ("codebook.csv", True)):
            sheet = exports.prepare(session, editions(copy), "all-sorts", words=words)
            exports.record(session, sheet, form, by="Ann", now=NOON)
    with copy.session() as session:
        events = _exported(session)
        assert [event.detail for event in events] == [
            {"responses": 1, "form": "csv", "language": "en", "text": False},
            {"responses": 1, "form": "sav", "language": "en", "text": True, "texts": 1},
            {"responses": 0, "form": "codebook.csv", "language": "en", "text": False},
        ]
        assert {(event.actor, event.subject) for event in events} == {("Ann", "all-sorts")}


def _exported(session: Session) -> list[AuditEvent]:
    wanted = select(AuditEvent).where(AuditEvent.action == "collection.export").order_by(AuditEvent.number)
    return list(session.scalars(wanted))


def test_every_form_has_its_ending() -> None:
    assert list(FORMS) == ["csv", "xlsx", "sav", "jsonl", "codebook.csv"]
