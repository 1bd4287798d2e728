"""The report's part on training: one line a course, rates against attendance, and forms that a code pairs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from analysis.courses import EXAMPLE
from analysis.findings import Findings
from feedback_app.documents import docx, html, tables_json
from feedback_app.services import course_sessions, courses, example_year, reporting
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.course_sessions import TYPED, Asked, Counted
from feedback_app.services.editions import Editions
from feedback_app.storage.models import Collection, Response, table_of
from tests.factories import NOON, Copy
from tests.training import HELD_ON, SURVEYS, area_of, trained

WHO = {"by": "Ann", "now": NOON, "today": NOON.date()}
LATER = HELD_ON + timedelta(days=60)


def answer(session: Session, form: str, ident: str, answers: dict[str, str], pair: str | None = None) -> None:
    held = session.get_one(Collection, form)
    session.execute(
        insert(table_of(Response)).values(
            id=ident,
            collection_id=form,
            version_hash=held.version_hash,
            language="en",
            received_on=LATER if form.startswith("up-") else HELD_ON,
            answers=answers,
            languages={},
            order_seed="",
            way="own",
            easy=False,
            pair_hash=pair,
        )
    )


def report(session: Session, copy: Copy, first: object = HELD_ON, last: object = LATER) -> Findings:
    area = area_of(copy)
    books = load_codebooks(copy.settings.surveys)
    return reporting.find(session, area, Editions(area), books, first, last, LATER)  # type: ignore[arg-type]


def fill(session: Session, session_id: str, people: int, paired: int, number: int) -> None:
    held = course_sessions.find(session, session_id)
    assert held is not None
    day = {"course_title": held.course_id, "session_date": held.held_on.isoformat(), "delivery_mode": "room"}
    for n in range(people):
        confident = {"TF20.spot.before": "2", "TF20.spot.now": "4", "TF10": "5", "TF01": "yes"}
        answer(session, held.day_id or "", f"d{number}{n}".zfill(32), day | confident, f"pair{number}{n}")
    for n in range(paired):
        later = {"TI20.spot": "4" if n % 2 else "3", "TI10": "many", "TI02": "yes"}
        answer(session, held.follow_up_id or "", f"f{number}{n}".zfill(32), later, f"pair{number}{n}")


@pytest.fixture
def counted(on_both: Callable[..., Copy]) -> Copy:
    """A copy with a course of two sessions: 40 came to each, 25 and 20 replied, 20 and 20 of them twice."""
    there = trained(on_both)
    with there.copy.session() as session, session.begin():
        second = course_sessions.add(session, there.course.id, Asked("online", HELD_ON + timedelta(days=1)), **WHO)
        for number, (one, people) in enumerate(((there.session, 25), (second, 20))):
            course_sessions.count(session, one.id, 1, Counted(attended=40), TYPED, **WHO)
            fill(session, one.id, people, 20, number)
    return there.copy


def test_all_sessions_of_a_course_are_one_line_with_both_rates(counted: Copy) -> None:
    with counted.session() as session:
        findings = report(session, counted)

    (course,) = [one for one in findings.courses if one.title == "Safer Sleep"]
    rates = {one.row.label: one for one in course.replies}
    day, later = rates["Safer Sleep: end of the day"], rates["Safer Sleep: follow-up"]
    assert (day.finished.count, day.attendance.count, day.attended.percent) == (45, 80, 56)
    assert (later.finished.count, later.attendance.count, later.attended.percent) == (40, 80, 50)
    assert [len(level.items) > 0 for level in course.levels] == [True, True, True, False]
    assert findings.register is not None
    assert findings.register.row("sleep").word("sessions") == "2"
    assert findings.register.figure("sleep", "attended").count == 80
    titles = {one.row.label for one in findings.rates}
    assert not [title for title in titles if "November" in title]


def test_paired_forms_stand_side_by_side(counted: Copy) -> None:
    with counted.session() as session:
        findings = report(session, counted)

    (table,) = findings.paired
    (row,) = [one for one in table.rows if one.label == "recognise the signs"]
    figures = {column.id: table.figure(row.id, column.id) for column in table.columns}
    assert figures["paired"].count == 40
    assert (figures["now"].count, figures["later"].count, figures["later"].percent) == (40, 20, 50)
    assert not figures["before"].shown  # nobody was confident before, and nought is hidden like any small number
    assert [one.withheld for one in table.rows].count(False) == 1


def test_a_code_that_was_used_twice_pairs_nothing(counted: Copy) -> None:
    with counted.session() as session, session.begin():
        held = course_sessions.page(session, "sleep").sessions[0]
        for n in range(20):
            answer(session, held.follow_up_id or "", f"x{n}".zfill(32), {"TI20.spot": "5"}, f"pair0{n}")
        (table,) = report(session, counted).paired
        assert table.figure("spot", "paired").count == 20
        session.rollback()


def test_what_was_not_counted_has_no_rate(on_both: Callable[..., Copy]) -> None:
    there = trained(on_both)
    with there.copy.session() as session, session.begin():
        fill(session, there.session.id, 30, 0, 0)
        findings = report(session, there.copy)
        (course,) = [one for one in findings.courses if one.title == "Safer Sleep"]
        assert course.replies[0].attended.of is None
        assert "not known" in " ".join(course.words)
        session.rollback()


def test_the_example_year_is_in_the_report_with_its_totals(on_both: Callable[..., Copy]) -> None:
    copy = on_both(*SURVEYS)
    with copy.session() as session, session.begin():
        example_year.load(session, area_of(copy), **WHO)
        findings = report(session, copy, example_year.FIRST, example_year.LAST)
        register = findings.register
        assert register is not None
        total = register.figure("(all courses)", "attended")
        assert (total.count, register.row("(all courses)").word("sessions")) == (975, "29")
        online = next(one for one in register.rows if one.label == "Safer Recruitment (example)")
        assert (online.word("sessions"), online.word("day")) == ("not applicable", "")
        few = next(one for one in register.rows if one.label.startswith("Striving"))
        assert few.withheld
        page = html.page(findings)
        assert page.count("not applicable") >= 3
        for written in (page, tables_json.dumps(findings)):
            assert "Safer Recruitment (example)" in written
            assert EXAMPLE in written


def test_the_example_year_is_in_no_report_of_a_real_area(on_both: Callable[..., Copy]) -> None:
    copy = on_both(*SURVEYS)
    with copy.session() as session, session.begin():
        example_year.load(session, area_of(copy), **WHO)
        real = area_of(copy).model_copy(update={"example": False})
        books = load_codebooks(copy.settings.surveys)
        period = (example_year.FIRST, example_year.LAST)
        assert reporting.find(session, real, Editions(real), books, *period, LATER).register is None


def test_every_format_takes_it(counted: Copy, tmp_path: object) -> None:
    from pathlib import Path

    with counted.session() as session:
        findings = report(session, counted)
        assert courses.totals(session)["sleep"].attended == 80
    file = Path(str(tmp_path)) / "report.docx"
    docx.write(findings, file)
    assert file.stat().st_size > 10_000
    page = html.page(findings)
    for words in ("Courses and attendance", "Before, now and later: Safer Sleep", "56%"):
        assert words in page
