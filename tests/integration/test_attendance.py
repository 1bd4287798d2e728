"""An attendance list becomes numbers: whole or not at all, every reason told, and no name kept anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from time import perf_counter

import pytest
from sqlalchemy import select

from feedback_app.services import attendance, audit, course_sessions, courses
from feedback_app.services.attendance import BadList, Known, Taken
from feedback_app.services.course_sessions import Asked
from feedback_app.services.courses import Draft
from feedback_app.storage.models import AuditEvent, Base
from tests.factories import NOON, Copy

SLEEP = Known("s1", "sleep", "Safer Sleep", date(2026, 12, 3))
SLEEP_IN_APRIL = Known("s2", "sleep", "Safer Sleep", date(2027, 4, 13))
NEGLECT = Known("n1", "neglect", "Cumulative Harm and Child Neglect", date(2026, 12, 3))
SESSIONS = (SLEEP, SLEEP_IN_APRIL, NEGLECT)
HEAD = "Course,Date,Name,Agency,Status\n"


def read(text: str | bytes, only: Known | None = None) -> Taken:
    return attendance.read("list.csv", text.encode() if isinstance(text, str) else text, SESSIONS, only)


def refused(text: str | bytes, only: Known | None = None) -> list[str]:
    with pytest.raises(BadList) as found:
        read(text, only)
    return [str(problem) for problem in found.value.problems]


def test_people_are_counted_and_their_names_are_not_kept() -> None:
    taken = read(
        HEAD
        + "Safer Sleep,03/12/2026,Ann Lee,Police,Attended\n"
        + "safer sleep,2026-12-03,Bo Kay,Police,did not attend\n"
        + "Safer Sleep,3 December 2026,Cy Ray,,yes\n"
        + "Safer Sleep,3-Dec-26,Di May,Health,Cancelled\n"
        + "neglect,03.12.2026,Ann Lee,Police,Attended\n"
    )

    numbers = taken.sessions["s1"].counted()
    assert (numbers.booked, numbers.attended, numbers.no_shows) == (3, 2, 1)
    assert numbers.agencies == {"Police": 1, "Not said": 1}
    assert taken.sessions["n1"].attended == 1
    assert "Lee" not in repr(taken)


def test_agencies_come_with_a_number() -> None:
    taken = read(
        "Organisation;Attended;Booked;Course;Session date\nPolice;12;14;Safer Sleep;03/12/2026\n"
        "Health;0;;Safer Sleep;03/12/2026\nSchools;7;7;Safer Sleep;13/04/2027\n"
    )

    numbers = taken.sessions["s1"].counted()
    assert (numbers.booked, numbers.attended, numbers.no_shows) == (14, 12, None)
    assert numbers.agencies == {"Police": 12}
    assert taken.sessions["s2"].attended == 7


def test_a_list_of_one_session_needs_no_course_and_no_date() -> None:
    assert read("Name,Agency\nAnn,Police\nBo,Police\n", SLEEP).sessions["s1"].attended == 2
    assert refused("Name,Date\nAnn,04/12/2026\n", SLEEP) == [
        "list.csv, line 2: this row is of another course or day than the session."
    ]


def test_the_same_person_twice_is_counted_once_and_told() -> None:
    twice = read("Name,Agency\nAnn,Police\nann ,POLICE\nAnn,Health\n", SLEEP)
    assert twice.sessions["s1"].attended == 2
    assert twice.notes == ["Line 3 says the same of the same person as a line before. Each person was counted once."]
    often = read("Name\nAnn\n" + "".join(f"Bo\nAnn\nCy {n}\n" for n in range(30)), SLEEP)
    assert often.notes[0].startswith("Lines 4, 6 to 7, 9 to 10, ")
    assert often.notes[0].count(",") == 19
    assert " and 20 more say the same" in often.notes[0]

    by_mail = read("Name,Email,Agency\nAnn,a@b.example,Police\nAnn Lee,A@B.example,Health\n", SLEEP)
    assert by_mail.sessions["s1"].attended == 1

    assert refused("Name,Status\nAnn,yes\nAnn,no\n", SLEEP) == [
        "list.csv, line 3: a row before says something else of the same person."
    ]
    assert refused("Agency,Attended\nPolice,3\npolice,4\n", SLEEP) == [
        "list.csv, line 3: this agency stands at this session already. Is it a second row, or a slip?"
    ]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("Course,Date,Agensy,Attended\n", ["agency", "agency"]),
        ("Name,Agency\n", ["course", "date"]),
        ("Course,Date\n", ["agency", "attended"]),
        ("a,b,c\n", ["course", "date", "agency", "attended"]),
    ],
)
def test_wrong_headings_are_told_with_what_is_wanted(head: str, told: list[str]) -> None:
    (problem,) = refused(head + "x,y,z,1\n")

    assert all(f"“{name}”" in problem for name in told)


def test_two_columns_of_one_kind_are_refused() -> None:
    assert "two columns are both for “agency”" in refused("Name,Agency,Employer\nA,B,C\n", SLEEP)[0]


def test_dates_begin_with_the_day_unless_the_list_shows_otherwise() -> None:
    england = read("Course,Date,Name\nSafer Sleep,03/12/2026,A\nSafer Sleep,13/04/2027,A\n")
    assert set(england.sessions) == {"s1", "s2"}

    america = read("Course,Date,Name\nSafer Sleep,12/03/2026,A\nSafer Sleep,04/13/2027,A\n")
    assert set(america.sessions) == {"s1", "s2"}
    assert "begin with the month" in america.notes[0]

    unclear = read("Course,Date,Name\nSafer Sleep,03/12/2026,A\n")
    assert "with the day first" in unclear.notes[0]

    mixed = refused("Course,Date,Name\nSafer Sleep,13/04/2027,A\nSafer Sleep,04/13/2027,A\nSafer Sleep,31/02/2027,A\n")
    assert mixed == [
        f"list.csv, line {line}: this is not a date that begins with the day, as dates do in this list."
        for line in (3, 4)
    ]


def test_encodings_may_be_mixed_and_it_is_told() -> None:
    rows = [HEAD.encode(), "Safer Sleep,03/12/2026,Zoë,Café Œuvre,yes\n".encode()]
    rows.append("Safer Sleep,03/12/2026,Ané,Café Œuvre,yes\n".encode("cp1252"))
    taken = read(b"".join(rows))
    assert taken.sessions["s1"].agencies == {"Café Œuvre": 2}
    assert any(note.startswith("Line 3 is not UTF-8") for note in taken.notes)

    assert read((HEAD + "Safer Sleep,03/12/2026,Zoë,Café,yes\n").encode("utf-16")).sessions["s1"].attended == 1
    assert read("\ufeff" + HEAD + "Safer Sleep,03/12/2026,A,B,yes\n").sessions["s1"].attended == 1
    assert "its letters cannot be read" in refused(HEAD.encode() + b"Safer Sleep,03/12/2026,\x81,B,yes\n")[0]
    assert "a workbook" in refused(b"PK\x03\x04rest")[0]


@pytest.mark.parametrize("formula", ["=1+1", "+44", "@SUM(A1)", "-2+3", '"\t=x"', "  =HYPERLINK(A1)"])
def test_a_formula_is_refused_with_its_line(formula: str) -> None:
    told = refused(HEAD + f"Safer Sleep,03/12/2026,Ann,{formula},yes\n")

    assert len(told) == 1
    assert told[0].startswith("list.csv, line 2: a cell begins with ")


def test_each_wrong_row_is_told_and_nothing_is_taken() -> None:
    told = refused(
        HEAD
        + "Safer Sleep,03/12/2026,Ann,Police,yes\n"
        + "Safer Sleap,03/12/2026,Bo,Police,yes\n"
        + "Safer Sleep,04/12/2026,Cy,Police,yes\n"
        + "Safer Sleep,03/12/2026,,Police,yes\n"
        + "Safer Sleep,03/12/2026,Di,Police,perhaps\n"
        + f"Safer Sleep,03/12/2026,Ed,{'x' * 121},yes\n"
    )

    assert told[0].endswith('there is no such course here. Did you mean "safer sleep"?')
    assert told[1].endswith("there is no session of “Safer Sleep” on 04/12/2026. Add it first.")
    assert [int(line.split("line ")[1].split(":")[0]) for line in told] == [3, 4, 5, 6, 7]
    assert not any(name in " ".join(told) for name in ("Ann", "Bo,", "Cy", "Di,"))


def test_a_reason_is_told_once_with_all_its_lines() -> None:
    rows = [f"Safer Sleap,03/12/2026,Person {n},Police,yes\n" for n in range(50_000)]
    rows[7] = "Safer Sleep,03/12/2026,=1+1,Police,yes\n"
    rows[9] = "Safer Sleep,03/12/2026,Ann,Police,perhaps\n"
    rows[4] = "Safer Sleep,03/12/2026,Ann,Police,yes\n"
    begun = perf_counter()
    with pytest.raises(BadList) as found:
        read(HEAD + "".join(rows))

    assert perf_counter() - begun < 20
    assert (found.value.rows, found.value.wrong) == (50_000, 49_999)
    assert found.value.reasons() == [
        'Lines 2 to 5, 7 to 8, 10 and 12 to 50,001: there is no such course here. Did you mean "safer sleep"?',
        "Line 9: a cell begins with “=”, as a formula does. Write what it comes to.",
        "Line 11: whether this person came is not said in words that are known: write attended or absent.",
    ]


def test_fifty_thousand_unknown_titles_take_seconds() -> None:
    begun = perf_counter()
    told = refused(HEAD + "".join(f"Course {n},03/12/2026,Ann,Police,yes\n" for n in range(50_000)))

    assert len(told) == 50_000
    assert perf_counter() - begun < 20


@pytest.mark.parametrize("number", ["", "-1", "many", "1.5", "9999999", "٣"])
def test_a_number_of_an_agency_is_whole(number: str) -> None:
    assert len(refused(f"Agency,Attended\nPolice,{number}\n", SLEEP)) == 1


@pytest.mark.parametrize("empty", ["", "\n\n", "Name\n", 'Name\n"never ends\n'])
def test_a_list_with_nothing_in_it_is_refused(empty: str) -> None:
    assert refused(empty, SLEEP)


def test_fifty_thousand_rows_take_seconds() -> None:
    rows = "".join(f"Safer Sleep,03/12/2026,Person {n},Agency {n % 40},attended\n" for n in range(50_000))
    begun = perf_counter()
    taken = read(HEAD + rows)

    assert taken.sessions["s1"].attended == 50_000
    assert perf_counter() - begun < 20  # about one second; the bound is for a machine that does much else


def test_what_is_kept_takes_the_place_of_what_was(on_both: Callable[..., Copy]) -> None:
    copy = on_both("training-day", "training-follow-up", "manager-confirmation")
    with copy.session() as session, session.begin():
        who = {"by": "Ann", "now": NOON, "today": NOON.date()}
        course = courses.write(session, Draft("Safer Sleep"), copy_area(copy), **who)
        held = course_sessions.add(session, course.id, Asked("room", date(2026, 12, 3), 30), **who)
        sessions = attendance.known(session)
        for many in (2, 1):
            rows = "".join(f"Safer Sleep,03/12/2026,Person-{n},Police,yes\n" for n in range(many))
            attendance.keep(session, attendance.read("a.csv", (HEAD + rows).encode(), sessions), **who)
        found = course_sessions.find(session, held.id)

        assert found is not None
        assert (found.attended, found.booked, found.no_shows, dict(found.agencies)) == (1, 1, 0, {"Police": 1})
        assert (found.counted_from, found.revision) == ("file", 3)
        for table in Base.metadata.sorted_tables:
            assert "Person-0" not in repr(session.execute(select(table)).all())
        counts = session.scalars(select(AuditEvent).where(AuditEvent.action == "course_session.count")).all()
        assert [event.detail for event in counts] == [{"source": "file", "attended": n} for n in (2, 1)]
        audit.verify(session)


def copy_area(copy: Copy) -> object:
    from feedback_app.definitions.area import load_area

    return load_area(copy.settings.surveys, copy.settings.area)
