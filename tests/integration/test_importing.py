"""Bringing answers in: what is taken, what is refused and in which words, and that a refusal leaves nothing."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.cli.importing import import_
from feedback_app.core.errors import BadFile, FeedbackError
from feedback_app.core.keys import KeyRing, load_keys, make_keys
from feedback_app.core.sealing import open_sealed
from feedback_app.definitions.area import load_area
from feedback_app.services import audit, importing
from feedback_app.services.collecting import place
from feedback_app.services.importing import BadRows, Batch
from feedback_app.storage import schema
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import AnswerText, AuditEvent, Collection, Decision, Response, SurveyVersion

SURVEYS = Path(__file__).parents[2] / "surveys"
MEND = "Mend the file or the mapping, or leave them out: --skip-bad"
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
            surveys=SURVEYS,
            translations=self.folder / "no-translations",
            area=load_area(SURVEYS, "example"),
            today=NOW.date(),
        )

    def bring_in(self, *given: str | bytes, skip_bad: bool = False) -> Batch:
        one = self.prepare(*given)  # type: ignore[arg-type]
        batch = importing.read(self.session, self.keys, one, skip_bad=skip_bad)
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


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with keys and empty tables, made once."""
    instance = tmp_path_factory.mktemp("empty")
    make_keys(instance / "keys")
    engine = make_engine(f"sqlite:///{instance / 'feedback.db'}")
    schema.upgrade(engine)
    engine.dispose()
    return instance


@pytest.fixture
def copy(empty: Path, tmp_path: Path) -> Iterator[Copy]:
    instance = shutil.copytree(empty, tmp_path / "instance")
    engine = make_engine(f"sqlite:///{instance / 'feedback.db'}")
    with Session(engine) as session:
        yield Copy(tmp_path, load_keys(instance / "keys", private=True), session)
    engine.dispose()


def row(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


# What is taken


def test_a_good_file_becomes_responses_like_our_own(copy: Copy) -> None:
    copy.bring_in(GOOD)
    (response,) = copy.session.scalars(select(Response))
    assert response.answers == {"Q1": "2", "Q2.pace": "1", "Q3": ["team"]}
    assert (response.received_on, response.language, response.languages) == (date(2026, 2, 1), "en", {})
    (collection,) = copy.session.scalars(select(Collection))
    assert (collection.id, collection.source, collection.note) == ("elsewhere", "imported", "A test.")
    assert (collection.opens_on, collection.closes_on) == (date(2026, 2, 1), date(2026, 2, 1))
    assert copy.session.scalars(select(SurveyVersion)).one().hash == response.version_hash


def test_words_are_sealed_as_typed_and_never_seen_elsewhere(copy: Copy) -> None:
    words = "=cmd|' /C calc'!A0\r\nand a second line, with émojis 🙂"
    copy.bring_in(HEAD + row("01/02/2026 09:30", "", "", "", "", "", "", words, "Ann", ""))
    assert copy.texts() == {"Q4": [words.replace("\r\n", "\n")]}
    for event in copy.session.scalars(select(AuditEvent)):
        assert "calc" not in json.dumps(event.detail)
    assert audit.verify(copy.session) == 2
    assert b"calc" not in (copy.folder / "instance" / "feedback.db-wal").read_bytes()


def test_the_audit_event_holds_counts(copy: Copy) -> None:
    copy.bring_in(GOOD)
    event = copy.session.scalars(select(AuditEvent).where(AuditEvent.action == "collection.import")).one()
    counted = {key: event.detail[key] for key in ("rows", "taken", "left_out", "comments", "codes")}
    assert (event.subject, counted) == ("elsewhere", {"rows": 1, "taken": 1, "left_out": 0, "comments": 1, "codes": 0})


def test_blank_is_kept_as_blank_and_not_asked_is_not_there(copy: Copy) -> None:
    blank = row("01/02/2026 09:30", " ", "", "", "", "", "", "", "Ann", "")
    asked = row("01/02/2026 09:30", "n/a", "Agree", "", "x", "", "", "", "Bo", "")
    batch = copy.bring_in(HEAD + blank + asked)
    assert copy.answers() == [
        {"Q1": "", "Q2.pace": "", "Q4": ""},
        {"Q1": "", "Q2.pace": "2", "Q3": ["tool"], "Q4": ""},
    ]
    assert batch.silent == 1


def test_own_words_tick_the_option_they_stand_beside(copy: Copy) -> None:
    cells = ["01/02/2026 09:30", "", "", "x", "", "", "a podcast", "", "Ann", ""]
    copy.bring_in(HEAD + row(*cells))
    assert copy.answers()[0]["Q3"] == ["team", "other"]
    assert copy.texts() == {"Q3.other": ["a podcast"]}


def test_several_answers_in_one_cell(copy: Copy) -> None:
    mapping = MAPPING.replace('columns: {Team: team, Tool: tool, None: none}, ticked: "x"', 'column: Team, split: ";"')
    copy.bring_in(HEAD + row("01/02/2026 09:30", "", "", "A tool;My team;", "", "", "", "", "Ann", ""), mapping)
    assert copy.answers()[0]["Q3"] == ["team", "tool"]


def test_spaces_that_do_not_show_make_no_difference(copy: Copy) -> None:
    text = HEAD.replace("Relevant", "\ufeffRelevant\u00a0") + "01/02/2026\u00a009:30,Yes,\u00a0very\n".replace(
        "Yes,\u00a0very", '"Yes,\u00a0\u200bvery",,,,,,,,'
    )
    copy.bring_in(text)
    assert copy.answers()[0]["Q1"] == "2"


def test_a_byte_order_mark_and_windows_line_ends(copy: Copy) -> None:
    copy.bring_in(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert copy.counts()[0] == 1


def test_empty_rows_are_passed_over(copy: Copy) -> None:
    batch = copy.bring_in("\n" + HEAD + "\n,,,,,,,,,\n" + GOOD.removeprefix(HEAD) + " ,,,,,,,,,\n\n")
    assert (batch.rows, len(batch.taken)) == (1, 1)


def test_more_rows_than_are_written_at_once_all_arrive(copy: Copy) -> None:
    line = row("01/02/2026 09:30", "Agree", "", "", "", "", "", "number {}", "Ann", "")
    copy.bring_in(HEAD + "".join(line.format(number) for number in range(2_500)))
    assert copy.counts() == (2_500, 2_500, 1)
    assert sorted(copy.texts()["Q4"]) == sorted(f"number {number}" for number in range(2_500))


def test_a_cell_of_64_kib_is_an_answer(copy: Copy) -> None:
    words = "w" * 65_536
    copy.bring_in(HEAD + row("01/02/2026 09:30", "", "", "", "", "", "", words, "Ann", ""))
    assert copy.texts() == {"Q4": [words]}


def test_every_column_that_is_not_taken_is_named(copy: Copy) -> None:
    fit = copy.prepare().fit
    assert fit.not_taken == {"Name": "who it was", "Extra": "the mapping does not say why"}
    assert fit.unanswered == ("Q2.room", "Q5")


def test_the_same_file_is_not_brought_in_twice(copy: Copy) -> None:
    copy.bring_in(GOOD)
    again = MAPPING.replace("id: elsewhere", "id: again")
    with pytest.raises(FeedbackError, match='brought in already, as the collection "elsewhere"'):
        copy.bring_in(GOOD, again)
    with pytest.raises(FeedbackError, match='There is a collection "elsewhere" already'):
        copy.bring_in(GOOD + GOOD.removeprefix(HEAD))
    assert copy.counts()[0] == 1


def test_two_at_once_bring_a_file_in_once(copy: Copy) -> None:
    one = copy.prepare()
    first, second = (importing.read(copy.session, copy.keys, one) for _ in range(2))
    importing.keep(copy.session, one, first, by="a test", now=NOW)
    copy.session.commit()
    with pytest.raises(FeedbackError, match="brought in already"):
        importing.keep(copy.session, one, second, by="a test", now=NOW)


# What is refused


def test_every_bad_row_is_told_with_its_line_and_nothing_is_imported(copy: Copy) -> None:
    good = GOOD.removeprefix(HEAD)
    said = copy.refused(
        HEAD
        + row("01/02/2026 09:30", "", "", "", "", "", "", "two\nlines", "Ann", "")
        + row("31/02/2026 09:30", "Agre", "", "", "", "", "", "", "Ann", "")
        + good
        + row("", "", "", "yes", "", "", "", "", "Ann", "")
        + row("01/02/2027 09:30", "", "", "x", "", "x", "", "", "Ann", "")
        + "too,few\n"
        + "01/02/2026 09:30,,,,,,,nul \0 here,Ann,\n"
    )
    assert said == [
        'answers.csv, line 4: "Relevant" says "Agre", which the mapping does not know. Did you mean "Agree"?',
        'answers.csv, line 4: "When" says "31/02/2026 09:30", which is not a date like DD/MM/YYYY hh:mm.',
        'answers.csv, line 6: "Team" says "yes", which is neither "ticked" nor "unticked".',
        'answers.csv, line 6: "When" is blank, so there is no date.',
        'answers.csv, line 7: "When" says "01/02/2027 09:30", which is after today. Is the format right?',
        'answers.csv, line 7: Q3: "Nothing" is ticked with other answers, and goes with none.',
        "answers.csv, line 8: this row has 2 cells, and there are 10 headings.",
        "answers.csv, line 9: a cell holds a NUL character, which is no text.",
        f"Nothing was imported: 5 of 7 rows cannot be taken. {MEND}",
    ]


def test_a_plain_no_does_not_tick_a_box(copy: Copy) -> None:
    said = copy.refused(
        HEAD + row("01/02/2026 09:30", "", "", "No", "", "", "", "", "Ann", ""), MAPPING.replace(', ticked: "x"', "")
    )
    assert said[0] == ('answers.csv, line 2: "Team" says "No". Say in the mapping what is "ticked" and "unticked".')


def test_skipped_rows_are_left_out_and_the_rest_comes_in(copy: Copy) -> None:
    text = HEAD + "bad,,,,,,,,,\n" + GOOD.removeprefix(HEAD)
    batch = copy.bring_in(text, skip_bad=True)
    assert (batch.rows, batch.refused, len(batch.taken)) == (2, 1, 1)
    assert copy.counts() == (1, 1, 1)


def test_a_file_of_bad_rows_only_is_refused_even_so(copy: Copy) -> None:
    with pytest.raises(BadFile, match="every row was left out"):
        copy.bring_in(HEAD + "bad,,,,,,,,,\n", skip_bad=True)


@pytest.mark.parametrize(
    ("torn", "said"),
    [
        ('01/02/2026 09:30,,,,,,,"no end,Ann,\n', "an opening quotation mark and no closing one"),
        ('01/02/2026 09:30,,,,,,,"a "word" too",Ann,\n', "without being doubled"),
        (f"01/02/2026 09:30,,,,,,,{'w' * 140_000},Ann,\n", "has over 131,072 letters"),
    ],
)
def test_a_row_that_has_no_end_stops_everything(copy: Copy, torn: str, said: str) -> None:
    one = copy.prepare(HEAD + "bad,,,,,,,,,\n" + torn)
    with pytest.raises(BadRows) as caught:
        importing.read(copy.session, copy.keys, one, skip_bad=True)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith('answers.csv, line 2: "When" says "bad"')
    assert lines[1].startswith("answers.csv, line 3: ")
    assert said in lines[1]
    assert lines[2] == "Nothing was imported: 2 of 2 rows cannot be taken. The file must be mended."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.replace("Ann", "Zoë").encode("latin-1"), "answers.csv, line 2: this is not UTF-8."),
        (GOOD.encode("utf-16"), "answers.csv, line 1: this is UTF-16, not UTF-8."),
        (b"PK\x03\x04rest", "answers.csv, line 1: this is a workbook, not a CSV file."),
        (GOOD.replace(",", ";").encode(), "answers.csv, line 1: the headings are not parted by commas."),
        (b"", "answers.csv, line 1: the file is empty."),
        (HEAD.encode(), "answers.csv: there is no row under the headings."),
        (HEAD.replace("Do", "D\0o").encode(), "answers.csv, line 1: a cell holds a NUL character"),
    ],
)
def test_a_file_of_another_kind(copy: Copy, content: bytes, said: str) -> None:
    assert copy.refused(content)[0].startswith(said)


def test_a_file_that_is_not_there(copy: Copy) -> None:
    one = copy.prepare()
    with pytest.raises(BadFile, match=r'answer\.csv: there is no such file\. Did you mean "answers\.csv"\?'):
        importing.prepare(
            copy.folder / "answer.csv",
            copy.folder / "map.yaml",
            surveys=SURVEYS,
            translations=one.translations,
            area=one.area,
            today=NOW.date(),
        )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("column: Relevant", "column: Relevent", '8: answers.csv has no column "Relevent". Did you mean "Relevant"?'),
        ("Q1: {", "Q9: {", '8: the survey "small" has no question "Q9".'),
        ("Q2.pace: {", "Q2: {", '9: "Q2" has rows: write "Q2.pace" for the one that is meant.'),
        ("Q1: {", "Q0: {", '8: "Q0" is not a question that has an answer.'),
        ("Q1: {", "Q5: {", '8: the answer to "Q5" is never stored'),
        ('"Yes, very": "2"', '"Yes, very": "3"', '8: "Q1" has no option "3". It has: 2, 1.'),
        (
            "Team: team",
            "Team: teem",
            '10: "Q3" has no option "teem". It has: team, tool, none, other. Did you mean "team"?',
        ),
        ("column: Pace", "column: Relevant", '9: "Relevant" is taken for "Q1" already.'),
        ("column: Pace", "columns: {Pace: '2'}", '9: "Q2.pace" takes "column", not "columns".'),
        ("column: Do", "column: Do, split: ';'", '12: this is free text, so it takes "column" and no values.'),
        ("asked_on: new", "asked_on: now", '10: there is no form "now". Did you mean "new"?'),
        ("who it was: Name", "who it was: Do", '13: "Do" is said to be left out, and is taken.'),
        ("fixed: en}", "fixed: ne}", '5: there is no language "ne".'),
        ("fixed: en}", "fixed: ur}", '5: "ur" is not among the languages of the survey: en.'),
        ("hh:mm", "hh:nn", '4: "format" has "n", which is no part of a date'),
        ("DD/MM/YYYY", "MM/YYYY", '4: "format" needs a year (YYYY or YY), a month (MM) and a day (DD)'),
        (
            "column: When, format",
            'fixed: "2026-02-30", format',
            '4: "2026-02-30" is not a date; write it as 2018-12-31.',
        ),
        ("column: When", 'fixed: "2026-02-03"', '4: "date": a fixed day needs "because"'),
        ("left_out", "left_aut", '13: there is no key "left_aut". Did you mean "left_out"?'),
        ("{column: Do}", "{colum: Do}", '12: there is no key "colum". Did you mean "column"?'),
    ],
)
def test_a_mapping_that_does_not_fit_is_told_with_its_line(copy: Copy, before: str, after: str, said: str) -> None:
    mapping = MAPPING.replace(before, after)
    assert mapping != MAPPING
    assert any(f"map.yaml, line {said}" in line for line in copy.refused(GOOD, mapping))


def test_all_that_is_wrong_with_a_mapping_is_told_at_once(copy: Copy) -> None:
    mapping = MAPPING.replace("Relevant", "Relevent").replace("Q4", "Q44").replace("fixed: en", "fixed: xx")
    assert len(copy.refused(GOOD, mapping)) == 3


def test_a_survey_file_that_is_wrong_is_told_with_its_line(copy: Copy) -> None:
    assert "small.yaml, line 16" in copy.refused(GOOD, MAPPING, SURVEY.replace("type: scale", "type: scal"))[0]


# Codes that people gave before

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


def test_codes_come_in_as_the_decisions_of_who_gave_them(copy: Copy) -> None:
    batch = copy.bring_in(CODED, MAPPING + CODES)
    held = copy.session.scalars(select(Decision).order_by(Decision.code)).all()
    assert [(d.code, d.direction) for d in held] == [("T1c", "+"), ("T6", "-"), ("X-SURV", "")]
    assert {(d.field, d.decided_by, d.verdict, d.codebook, d.codebook_version) for d in held} == {
        ("Q4", "Two trainers", "accepted", "training", "0.1")
    }
    assert batch.codes_without_words == 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Barriers: T6", "Barriers: T66", 'the codebook "training" has no code "T66". Did you mean "T6"?'),
        ("text: Q4", "text: Q1", '"Q1" is not a free text of this mapping.'),
        ("codebook: training", "codebook: voice", 'the codebook of the survey is "training".'),
        ("codebook: training", "codebook: traning", 'there is no codebook "traning". Did you mean "training"?'),
        (", Form: X-SURV", "", '"Theme" says "Form", which the mapping does not know.'),
        ('bad: "-"', 'bad: "minus"', '"bad" is "minus", which is not one of: +, -, ~, >, 0.'),
        ("Form: X-SURV", "Form: T1a", "nothing says which way the comment leans, and it has the code T1a."),
    ],
)
def test_codes_that_do_not_fit(copy: Copy, before: str, after: str, said: str) -> None:
    codes = CODES.replace(before, after)
    assert codes != CODES
    assert any(said in line for line in copy.refused(CODED, MAPPING + codes))


# The command


def run(copy: Copy, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    monkeypatch.setenv("INSTANCE", str(copy.folder / "instance"))
    monkeypatch.setenv("TRANSLATIONS", str(copy.folder / "no-translations"))
    files = [str(copy.folder / "answers.csv"), "--mapping", str(copy.folder / "map.yaml")]
    return CliRunner().invoke(import_, [*files, *options])


def test_the_command_says_what_it_left_out_and_what_it_took(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    copy.prepare(HEAD + "bad,,,,,,,,,\n" + GOOD.removeprefix(HEAD))
    refused = run(copy, monkeypatch)
    assert isinstance(refused.exception, BadRows)
    assert copy.counts() == (0, 0, 0)
    done = run(copy, monkeypatch, "--skip-bad")
    assert done.output.splitlines() == [
        "Left out 1 of 2 rows:",
        '  answers.csv, line 2: "When" says "bad", which is not a date like DD/MM/YYYY hh:mm.',
        'elsewhere: took 1 of 2 rows, dated 2026-02-01 to 2026-02-01, as "From elsewhere".',
        "  5 questions; 1 free texts, sealed; 0 rows answer none of them.",
        "  Nothing in the file answers: Q2.room, Q5.",
        "  Columns not taken:",
        "    Name: who it was.",
        "    Extra: the mapping does not say why.",
    ]
    assert copy.counts() == (1, 1, 1)


def test_a_dry_run_keeps_nothing(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    copy.prepare()
    done = run(copy, monkeypatch, "--dry-run")
    assert done.exception is None
    assert done.output.splitlines()[-1] == "This was a dry run: nothing was kept."
    assert copy.counts() == (0, 0, 0)
    assert copy.session.scalars(select(SurveyVersion)).all() == []


# Dates as people write them


@pytest.mark.parametrize(
    ("format_", "cell"),
    [
        ("DD/MM/YYYY", "03/02/2026"),
        ("D/M/YY", "3/2/26"),
        ("M/D/YY hh:mm", "2/3/26 9:05"),
        ("DD MMM YYYY", "03 Feb 2026"),
        ("D MMMM YYYY", "3 February 2026"),
        ("YYYY-MM-DDThh:mm:ssZ", "2026-02-03T23:59:59Z"),
        ("DD/MM/YYYY hh:mm AM", "03/02/2026 11:30 PM"),
    ],
)
def test_dates_as_people_write_them(copy: Copy, format_: str, cell: str) -> None:
    mapping = MAPPING.replace("DD/MM/YYYY hh:mm", format_)
    copy.bring_in(GOOD.replace("01/02/2026 09:30", cell), mapping)
    assert copy.session.scalars(select(Response.received_on)).all() == [date(2026, 2, 3)]
