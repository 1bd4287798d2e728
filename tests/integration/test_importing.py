"""Bringing answers in: what is taken and how it is kept, and what the command says."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from feedback_app.cli.importing import import_
from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.load import Source, shape
from feedback_app.definitions.mapping import Mapping
from feedback_app.services import audit, importing
from feedback_app.services.importing import BadRows
from feedback_app.storage.models import AuditEvent, Collection, Decision, Response, SurveyVersion
from tests.releasing import screens
from tests.small_import import CODED, CODES, GOOD, HEAD, MAPPING, NOW, Copy, make_copy, make_empty, row  # noqa: F401

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
    first, second = (importing.read(copy.session, copy.keys, screens(), one) for _ in range(2))
    importing.keep(copy.session, one, first, by="a test", now=NOW)
    copy.session.commit()
    with pytest.raises(FeedbackError, match="brought in already"):
        importing.keep(copy.session, one, second, by="a test", now=NOW)


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


# Codes that people gave before


def test_codes_come_in_as_the_decisions_of_who_gave_them(copy: Copy) -> None:
    batch = copy.bring_in(CODED, MAPPING + CODES)
    held = copy.session.scalars(select(Decision).order_by(Decision.code)).all()
    assert [(d.code, d.direction) for d in held] == [("T1c", "+"), ("T6", "-"), ("X-SURV", "")]
    assert {(d.field, d.decided_by, d.verdict, d.codebook, d.codebook_version) for d in held} == {
        ("Q4", "Two trainers", "accepted", "training", "0.1")
    }
    assert batch.codes_without_words == 1


# The command


def run(copy: Copy, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    monkeypatch.setenv("INSTANCE", str(copy.folder / "instance"))
    monkeypatch.setenv("SURVEYS", str(copy.surveys))
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
        "  Questions: 5. Free texts, sealed: 1. Rows that answer nothing: 0.",
        "  Texts that wait for the safeguarding lead, who reads them first: 1.",
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


# The page that explains it


def test_the_examples_of_the_page_are_mappings() -> None:
    page = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
    whole, codes = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    mapping, problems = shape(Source("importing.md", whole + codes), Mapping)
    assert problems == []
    assert mapping is not None
    assert mapping.codes is not None
