"""Tables that are released one after the other: when one is made again, and what all of them together give away."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, timedelta
from time import monotonic

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.counts import BASE, Period, Place, Run, Table
from analysis.disclosure import KEPT_WIDTH, ReleasedTable, Rule, freeze, release, thaw
from analysis.findings import Findings, assemble
from analysis.releases import UNSURE, release_after, same_figures
from analysis.tables import Tally
from tests.evidence import RUN, full_evidence
from tests.unit.test_disclosure import RULE, item_tables, shown, simple

DAY = timedelta(days=1)
YEAR = RUN.period


def of(numbers: list[int], first: date = YEAR.first, last: date = YEAR.last, on: date = RUN.on) -> Table:
    """A table of these days."""
    table = simple(numbers)
    return dataclasses.replace(table, trace=dataclasses.replace(table.trace, run=Run(Period(first, last), on)))


def after(numbers: list[int], *before: list[int]) -> ReleasedTable:
    """The table of these numbers, after those of others, which were released one after the other."""
    earlier: list[ReleasedTable] = []
    for one in before:
        earlier.append(release_after(of(one), RULE, earlier))
    return release_after(of(numbers, on=RUN.on + DAY), RULE, earlier)


# When a table is made again


def test_the_first_is_made_as_if_it_were_alone() -> None:
    assert release_after(of([3, 20, 40]), RULE, []) == release(of([3, 20, 40]), RULE)


@pytest.mark.parametrize(
    ("before", "now", "seen"),
    [
        ([20, 40], [32, 52], [30, 50]),  # both gained ten from the most that 20 and 40 can stand for
        ([20, 40], [20, 52], [20, 50]),
        ([20, 40], [20, 40], [20, 40]),
        ([20, 40], [31, 52], [20, 40]),  # 20 may have been 22, and that is nine
        ([20, 40], [23, 52], [20, 40]),
        ([20, 40], [19, 54], [20, 55]),  # one fewer is not seen
        ([20, 40], [15, 52], [20, 40]),
        ([20, 40], [20, 20], [20, 40]),
    ],
    ids=str,
)
def test_it_is_made_again_when_every_number_that_changed_has_surely_gained_ten(
    before: list[int], now: list[int], seen: list[int]
) -> None:
    assert shown(after(now, before)) == seen


def test_a_number_that_was_hidden_is_shown_when_it_gained_ten_even_from_nine() -> None:
    assert shown(after([18, 20, 40], [4, 20, 40])) == [None, 20, 40]
    assert shown(after([19, 20, 40], [4, 20, 40])) == [20, 20, 40]


def test_a_neighbour_that_was_hidden_does_not_come_to_be_shown_by_one_more() -> None:
    assert shown(release(of([9, 12, 37]), RULE)) == [None, None, 35]
    assert shown(release(of([9, 13, 37]), RULE)) == [None, 15, 35]
    assert shown(after([9, 13, 37], [9, 12, 37])) == [None, None, 35]


def test_what_is_given_again_says_of_which_day_it_is() -> None:
    given = after([21, 43], [20, 40])
    assert given.trace.run.on == RUN.on
    assert given.notes == (
        "This table was made on 14 April 2026 and speaks of 1 April 2025 to 31 March 2026. It stands as it was then: "
        "it is made again when each number that changed has gained 10 or more.",
    )


def test_it_is_held_against_each_release_not_the_last_alone() -> None:
    """The second stands as the first, because too few came; twelve more than the first is enough again."""
    assert shown(after([32, 52], [20, 40], [25, 46])) == [30, 50]
    assert shown(after([34, 54], [20, 40], [32, 52])) == [30, 50]


def test_a_table_that_was_too_small_comes_when_ten_were_gained() -> None:
    assert after([8, 8], [4, 4]).withheld
    assert after([9, 9], [4, 4]).withheld
    assert not after([10, 10], [4, 4]).withheld


def test_other_questions_and_other_years_are_passed_over() -> None:
    other = dataclasses.replace(of([20, 40]), trace=dataclasses.replace(of([20, 40]).trace, id="another"))
    long_ago = of([20, 40], date(2024, 4, 1), date(2025, 3, 31))
    earlier = [release(other, RULE), release(long_ago, RULE)]
    assert release_after(of([23, 40]), RULE, earlier) == release(of([23, 40]), RULE)


# Other days of the same answers


def test_days_one_more_do_not_tell_who_came_on_that_day() -> None:
    shorter = release(of([20, 40], last=YEAR.last - DAY), RULE)
    given = release_after(of([23, 40]), RULE, [shorter])
    assert shown(given) == [20, 40]
    assert given.trace.run.period.last == YEAR.last - DAY
    assert "speaks of 1 April 2025 to 30 March 2026" in given.notes[-1]


def test_days_fewer_are_not_shown_when_few_people_stand_between() -> None:
    """The longer table cannot stand for the shorter: it is of other days."""
    given = release_after(of([17, 40], last=YEAR.last - DAY), RULE, [release(of([20, 40]), RULE)])
    assert given.withheld
    assert given.why.startswith("Not shown: too few people stand between this table and the one of 1 April 2025 to 31")
    assert shown(release_after(of([8, 28], last=YEAR.last - DAY), RULE, [release(of([20, 42]), RULE)])) == [None, 30]


def test_days_that_are_moved_by_one_are_held_against_each_other_too() -> None:
    moved = of([23, 40], YEAR.first + DAY, YEAR.last + DAY)
    assert release_after(moved, RULE, [release(of([20, 40]), RULE)]).withheld
    far = of([5, 80], YEAR.first + DAY, YEAR.last + DAY)
    assert shown(release_after(far, RULE, [release(of([20, 40]), RULE)])) == shown(release(far, RULE))


def test_under_stricter_thresholds_an_earlier_table_is_not_given_again() -> None:
    given = release_after(of([23, 40]), Rule(hide_below=20), [release(of([20, 40]), RULE)])
    assert given.withheld
    assert given.why


# What all releases together give away


def together(tables: list[Table], released: list[ReleasedTable]) -> dict[tuple[int, Place], int]:
    """How wide an interval each small number of each release keeps, by another hand: groups only grow in between."""
    names = [(spot, place) for spot, table in enumerate(tables) for place in table.numbers()]
    low, high = [], []
    for spot, place in names:
        n, rule, one = tables[spot].numbers()[place], released[spot].rule, released[spot]
        count = one.base.count if place == BASE else one.figure(*place).count
        if count is None:
            span = (0, 9) if n < 10 else (10, 5000)
        else:
            fits = [m for m in range(max(10, count - 60), count + 61) if rule.rounded(m, place) == count]
            span = (fits[0], fits[-1])
        low.append(span[0])
        high.append(span[1])
    lines, most = [], []
    for spot, table in enumerate(tables):
        for one_sum in table.sums:
            line = np.zeros(len(names))
            line[names.index((spot, one_sum.total))] = -1
            for part in one_sum.parts:
                line[names.index((spot, part))] = 1
            lines.append(line)
            most.append(0.0)
        for place in table.numbers() if spot else ():
            line = np.zeros(len(names))
            line[names.index((spot, place))], line[names.index((spot - 1, place))] = 1, -1
            lines.append(line)
            most.append(np.inf)
    found = {}
    for number, (spot, place) in enumerate(names):
        if tables[spot].numbers()[place] >= 10:
            continue
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(names))
            aim[number] = sign
            limits = LinearConstraint(np.array(lines), np.zeros(len(lines)), most)
            integral, options = np.ones(len(names)), {"presolve": False}
            solved = milp(aim, constraints=limits, integrality=integral, bounds=Bounds(low, high), options=options)
            assert solved.success
            ends.append(round(sign * solved.fun))
        found[spot, place] = ends[1] - ends[0]
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=2, max_size=5),
    st.lists(st.lists(st.one_of(st.just(0), st.integers(0, 40)), min_size=5, max_size=5), min_size=1, max_size=3),
)
def test_no_small_number_of_any_release_can_be_worked_out_from_all_together(
    first: list[int], gains: list[list[int]]
) -> None:
    numbers, tables, released = first, [of(first)], [release(of(first), RULE)]
    for gain in gains:
        numbers = [n + more for n, more in zip(numbers, gain, strict=False)]
        made = release_after(of(numbers), RULE, released)
        if "made on" not in "".join(made.notes):  # else it is an earlier one once more
            tables.append(of(numbers))
            released.append(made)
    seen = [spot for spot, one in enumerate(released) if not one.withheld]
    widths = together([tables[spot] for spot in seen], [released[spot] for spot in seen]) if seen else {}
    assert all(width >= KEPT_WIDTH for width in widths.values()), widths


def test_two_releases_that_are_safe_alone_are_attacked_together() -> None:
    """Each table leaves the 9 wide enough, but who has both can work it out."""
    before, now = of([32, 5, 25, 9, 2]), of([32, 5, 25, 23, 2])
    first, alone = release(before, RULE), release(now, RULE)
    made = release_after(now, RULE, [first])
    for table, released in ((before, first), (now, alone)):
        assert min(together([table], [released]).values()) >= KEPT_WIDTH
    assert together([before, now], [first, alone])[0, Place("r3", "people")] == 0, "it was 9, and no other number"
    assert shown(made) == [30, None, 25, None, None], "a neighbour goes"
    assert min(together([before, now], [first, made]).values()) >= KEPT_WIDTH


def test_nothing_is_published_when_the_attack_takes_too_long() -> None:
    late = release_after(of([40, 4, 30]), RULE, [release(of([20, 4, 30]), RULE)], end=monotonic())
    assert late.withheld
    assert late.why == UNSURE
    assert late.rows == ()


def test_a_report_says_what_was_not_published_and_what_stands_as_it_was() -> None:
    evidence = full_evidence()
    first = assemble(evidence, RULE)
    later = dataclasses.replace(evidence, run=Run(YEAR, RUN.on + DAY))
    assert same(assemble(later, RULE, first.anew)) == same(first)

    more = dataclasses.replace(later, tallies=tuple(map(two_more, evidence.tallies)))
    held = assemble(more, RULE, first.anew)
    assert held.items[0].table.rows == first.items[0].table.rows
    assert held.items[0].sentence == first.items[0].sentence
    assert any("stand as they were published on 14 April 2026" in words for words in held.notices)
    assert held.items[0].table not in held.anew

    many = dataclasses.replace(later, tallies=tuple(map(many_more, evidence.tallies)))
    made = assemble(many, RULE, first.anew)
    assert made.items[0].table.base.count == (first.items[0].table.base.count or 0) + 5 * 40
    assert made.items[0].table in made.anew

    late = assemble(many, RULE, first.anew, seconds=0)
    assert late.items[0].table.why == UNSURE == late.items[0].sentence
    assert any("not published: checking what can be worked out took too long" in words for words in late.notices)
    assert not {one.trace.id for one in late.anew} & {one.trace.id for one in late.tables if one.why}


def same(found: Findings) -> list[tuple[object, ...]]:
    return [(one.trace.id, one.base, one.rows) for one in found.tables]


def two_more(one: Tally) -> Tally:
    return more(one, 2)


def many_more(one: Tally) -> Tally:
    return more(one, 40)


def more(one: Tally, people: int) -> Tally:
    """That many more gave each answer, and skipped the question."""
    counts = {option.value: one.of(option) + people for option in one.item.options}
    answered = None if one.answered is None else one.answered + people
    added = people if one.item.several else people * len(counts)
    return dataclasses.replace(
        one, asked=one.asked + added + people, blank=one.blank + people, counts=counts, answered=answered
    )


# What is kept of a table


@given(item_tables())
def test_a_table_comes_back_from_storage_as_it_was(table: Table) -> None:
    released = release(table, RULE)
    assert thaw(json.loads(json.dumps(freeze(released)))) == released


def test_what_is_kept_holds_no_raw_number() -> None:
    numbers = [13, 1237, 3, 44, 311]
    kept = json.dumps(freeze(release(of(numbers), RULE)) | {"trace": None})
    assert not any(f" {n}," in kept or f" {n}}}" in kept for n in (*numbers[:2], *numbers[3:], sum(numbers)))
    assert " 1235," in kept


def test_the_same_figures_are_nothing_new() -> None:
    one, other = release(of([20, 40]), RULE), release(of([21, 41], on=RUN.on + DAY), RULE)
    assert same_figures(one, other)
    assert not same_figures(one, release(of([20, 43]), RULE))
