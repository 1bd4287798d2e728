"""Bringing answers in: what is refused, in which words, and that a refusal leaves nothing behind."""

from __future__ import annotations

import pytest

from feedback_app.core.errors import BadFile
from feedback_app.services import importing
from feedback_app.services.importing import BadRows
from tests.releasing import screens
from tests.small_import import CODED, CODES, GOOD, HEAD, MAPPING, NOW, SURVEY, Copy, make_copy, make_empty, row  # noqa: F401

MEND = "Mend the file or the mapping, or leave them out: --skip-bad"

# Rows and files


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
        importing.read(copy.session, copy.keys, screens(), one, skip_bad=True)
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
            surveys=copy.surveys,
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


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Barriers: T6", "Barriers: T9", '"T9" was retired on 2026-01-01. Use T6.'),
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
