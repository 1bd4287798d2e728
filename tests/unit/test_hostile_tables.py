"""Hostile case 30: two released tables that differ by one respondent, and a row where all answers fall in one cell."""

from __future__ import annotations

import pytest

from analysis.counts import Place
from analysis.disclosure import KEPT_WIDTH, bounds, release
from tests.unit.test_disclosure import RULE, simple

SMALL = Place("r0", "people")
Interval = tuple[int, int]


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


@pytest.mark.xfail(strict=True, reason="Each release is looked at by itself.")
def test_hostile_30_a_number_that_comes_to_be_shown_does_not_tell_what_it_was() -> None:
    """What is promised and not there yet: an attack over all releases together, and ten new replies between two."""
    low, high = learnt_from_both([9, 10, 24], [10, 10, 24])

    assert high - low >= KEPT_WIDTH


@pytest.mark.parametrize("numbers", [[0, 60], [0, 0, 60], [0, 31], [3, 0, 200]])
def test_hostile_30_that_all_gave_one_answer_is_not_told_apart_from_nearly_all(numbers: list[int]) -> None:
    """The share may round to all of them; that nobody chose otherwise, and how few did, stays unknown."""
    low, high = learnt(numbers)

    assert low == 0
    assert high - low >= KEPT_WIDTH
