"""Before, now and later: counts of the same people, and nobody can be worked out from them."""

from __future__ import annotations

import dataclasses

import pytest

from analysis.courses import CourseFacts, register
from analysis.disclosure import ReleasedTable, Rule, exposed, release
from analysis.findings import assemble
from analysis.paired import TIMES, Objective, Paired, before_now_later
from feedback_app.documents import html
from tests.evidence import RUN, full_evidence

RULE = Rule()


def ratings(people: int, before: int, now: int, later: int) -> list[tuple[bool, bool, bool]]:
    return [(n < before, n < now, n < later) for n in range(people)]


def of(*rated: list[tuple[bool, bool, bool]]) -> Paired:
    objectives = tuple(Objective(f"o{n}", f"objective {n}", one) for n, one in enumerate(rated))
    return Paired("1", "Safer Sleep", "How confident…", "“Confident”", ("Safer Sleep: both forms",), objectives)


def shown(table: ReleasedTable, row: str) -> dict[str, int | None]:
    return {column.id: table.figure(row, column.id).count for column in table.columns}


def test_the_same_people_are_counted_at_three_times() -> None:
    table = release(before_now_later(of(ratings(60, 20, 45, 35)), RUN), RULE)

    assert shown(table, "o0") == {
        "paired": 60,
        "before": 20,
        "before-rest": 40,
        "now": 45,
        "now-rest": 15,
        "later": 35,
        "later-rest": 25,
    }
    assert [table.figure("o0", time).percent for time, _ in TIMES] == [33, 75, 58]


def test_too_few_pairs_are_not_shown_at_all() -> None:
    table = release(before_now_later(of(ratings(9, 1, 9, 5), ratings(40, 15, 30, 25)), RUN), RULE)

    assert set(shown(table, "o0").values()) == {None}
    assert table.row("o0").withheld
    assert shown(table, "o1")["paired"] == 40


@pytest.mark.parametrize("people", [10, 11, 12, 13, 14, 30, 47, 60])
def test_no_small_number_can_be_worked_out(people: int) -> None:
    for small in range(10):
        raw = before_now_later(of(ratings(people, small, people - small, people // 2)), RUN)
        table = release(raw, RULE)
        hidden = {
            place for place, _ in raw.counts() if table.withheld or table.figure(place.row, place.column).count is None
        }
        assert table.withheld or exposed(raw, table.rule, hidden) == ()
        for name in ("before", "now-rest"):
            assert table.withheld or not table.figure("o0", name).shown


def course(ident: str, attended: int | None, sessions: int | None = 1) -> CourseFacts:
    return CourseFacts(ident, f"Course {ident}", "Neglect", "", sessions, None, attended, f"{ident}/day_id")


def test_the_register_adds_up_and_hides_a_small_course() -> None:
    table = release(register([course("a", 44), course("b", 6), course("c", 214, None)], RUN), RULE)

    assert table.figure("(all courses)", "attended").count == 265
    assert table.row("b").withheld
    assert [table.row(one).word("sessions") for one in ("a", "c", "(all courses)")] == ["1", "not applicable", "2"]
    assert table.figure("a", "booked").state == "not known"


def test_what_nobody_counted_is_in_no_total() -> None:
    table = release(register([course("a", 44), course("b", 50), course("c", None)], RUN), RULE)

    assert table.figure("(all courses)", "attended").count == 95
    assert table.row("(all courses)").word("note") == "without 1 not counted"
    assert table.figure("c", "attended").state == "not known"


def test_a_report_shows_both_and_says_what_they_are_not() -> None:
    evidence = dataclasses.replace(
        full_evidence(), courses=(course("a", 44), course("b", 6)), paired=(of(ratings(60, 20, 45, 35)),)
    )
    findings = assemble(evidence, RULE)
    page = html.page(findings)

    assert "Courses and attendance" in page
    assert "Before, now and later: Safer Sleep" in page
    assert "it does not show that the course is the cause" in page
    assert "paired" not in {one.id for one in findings.not_yet}
    assert "paired" in {one.id for one in assemble(full_evidence(), RULE).not_yet}
