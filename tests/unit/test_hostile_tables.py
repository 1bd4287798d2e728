"""Hostile case 30: two released tables that differ by one respondent, and a row where all answers fall in one cell."""

from __future__ import annotations

from itertools import product

import pytest

from analysis.counts import Place
from analysis.disclosure import KEPT_WIDTH, ReleasedTable, bounds, release
from analysis.releases import release_after
from tests.unit.test_disclosure import RULE, simple

SMALL = Place("r0", "people")
Interval = tuple[int, int]
Told = tuple[list[int], ReleasedTable]


def learnt(numbers: list[int]) -> Interval:
    """What a reader who knows the rule can work out about the first number, from the released table alone."""
    table = simple(numbers)
    released = release(table, RULE)
    assert not released.withheld
    hidden = {Place(one.row, one.column) for one in released.slices() if not one.figure.shown}
    return bounds(table, released.rule, hidden)[SMALL]


def learnt_from_both(before: list[int], after: list[int]) -> Interval:
    """The same for a reader who has both tables and knows that one person came between them."""
    (low, high), (later_low, later_high) = learnt(before), learnt(after)
    return max(low, later_low - 1), min(high, later_high)


PAIRS = [
    ([4, 20, 30], [5, 20, 30]),
    ([4, 20, 30], [4, 21, 30]),
    ([0, 40, 20], [1, 40, 20]),
    ([8, 17, 31], [9, 17, 31]),
    ([9, 10, 24], [9, 11, 24]),
]


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=str)
def test_hostile_30_one_respondent_more_does_not_give_a_small_number_away(before: list[int], after: list[int]) -> None:
    for low, high in (learnt(before), learnt(after), learnt_from_both(before, after)):
        assert high - low >= KEPT_WIDTH


def told(numbers: list[int], released: ReleasedTable) -> list[tuple[int, ...]]:
    """Every table that a reader must think possible: tried one by one, by another hand than the attack's."""
    shown = [figure.count for _, _, figure in released.slices()]
    spans = [
        range(10) if n < 10 else range(max(10, count - 2), count + 3) if count else range(10, 61)
        for n, count in zip(numbers, shown, strict=True)
    ]
    base = released.base.count
    assert base is not None
    return [one for one in product(*spans) if base - 2 <= sum(one) <= base + 2]


def width_of_first(before: Told, after: Told, came: int) -> int:
    """How closely both tables tell the first number of the first, to a reader who knows how many came between."""
    possible = {
        one[0]
        for one in told(*before)
        for two in told(*after)
        if sum(two) - sum(one) == came and all(less <= more for less, more in zip(one, two, strict=True))
    }
    return max(possible) - min(possible)


CAME_TO_BE_SHOWN = [([9, 10, 24], [10, 10, 24]), ([8, 24, 31], [10, 24, 31]), ([9, 40, 17], [11, 40, 17])]


@pytest.mark.parametrize(("before", "after"), CAME_TO_BE_SHOWN, ids=str)
def test_hostile_30_a_number_that_comes_to_be_shown_does_not_tell_what_it_was(
    before: list[int], after: list[int]
) -> None:
    came = sum(after) - sum(before)
    first = release(simple(before), RULE)
    alone = release(simple(after), RULE)
    assert width_of_first((before, first), (after, alone), came) < KEPT_WIDTH, "two looks would give it away"

    later = release_after(simple(after), RULE, [first])

    assert later.slices() == first.slices(), "so the first table is given again, and says so"
    assert "made on 14 April 2026" in later.notes[-1]
    assert width_of_first((before, first), (before, later), 0) >= KEPT_WIDTH


def test_hostile_30_any_one_respondent_more_leaves_the_table_as_it_was() -> None:
    """Whatever the one person answered: no number of the second table differs from the first."""
    for before in product((0, 4, 9, 10, 12, 17, 22), (12, 18, 27), (24, 37)):
        first = release(simple(list(before)), RULE)
        for spot in range(3):
            after = [n + (spot == place) for place, n in enumerate(before)]
            later = release_after(simple(after), RULE, [first])
            assert (later.slices(), later.base) == (first.slices(), first.base), (before, after)


@pytest.mark.parametrize("numbers", [[0, 60], [0, 0, 60], [0, 31], [3, 0, 200]])
def test_hostile_30_that_all_gave_one_answer_is_not_told_apart_from_nearly_all(numbers: list[int]) -> None:
    """The share may round to all of them; that nobody chose otherwise, and how few did, stays unknown."""
    low, high = learnt(numbers)

    assert low == 0
    assert high - low >= KEPT_WIDTH
