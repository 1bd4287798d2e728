"""Name the thresholds, and work out what a reader who knows them could learn of a hidden number.

The reader knows the rule, every shown number, what adds up to what, and which hidden numbers are small. A small number
is safe while the interval that this leaves it is at least `KEPT_WIDTH` wide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from analysis.counts import BASE, Place, Sum, Table

KEPT_WIDTH: Final = 4
"""The narrowest interval, in people, that a hidden small number may be left with."""

UNBOUNDED: Final = 10**12


@dataclass(frozen=True, slots=True)
class Rule:
    """The thresholds, in people. Raises ValueError if looser than the promise, or if rounding could show a small count.

    `hide_below` must be a multiple of `round_to`, so that rounding never takes a shown number below it.
    """

    hide_below: int = 10
    round_to: int = 5
    percent_base: int = 30
    base_to: int = 0  # what a table's base is rounded to, where that is more than round_to

    def __post_init__(self) -> None:
        for name, least in (("hide_below", 10), ("round_to", 5), ("percent_base", 30)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} may be made stricter than {least}, never looser: {getattr(self, name)}.")
        if self.round_to % 5:
            raise ValueError(f"round_to must be a multiple of 5: {self.round_to}.")
        if self.base_to % self.round_to:
            raise ValueError(f"base_to ({self.base_to}) must be a multiple of round_to ({self.round_to}).")
        if self.hide_below % self.round_to:
            raise ValueError(f"hide_below ({self.hide_below}) must be a multiple of round_to ({self.round_to}).")

    def small(self, n: int) -> bool:
        """Is this raw count too small to show?"""
        return n < self.hide_below

    def rounded(self, n: int, place: Place | None = None) -> int:
        """The nearest multiple of what a place is rounded to; a number half-way goes up."""
        to = self._to(place)
        return (2 * n + to) // (2 * to) * to

    def behind(self, shown: int, place: Place | None = None) -> tuple[int, int]:
        """The least and the greatest raw count that would be shown as this number."""
        to = self._to(place)
        return max(self.hide_below, shown - to // 2), shown + (to - 1) // 2

    def _to(self, place: Place | None) -> int:
        return self.base_to if place == BASE and self.base_to else self.round_to


def exposed(table: Table, rule: Rule, hidden: Collection[Place]) -> tuple[Place, ...]:
    """The small numbers whose interval is narrower than KEPT_WIDTH, by `bounds` within this table."""
    intervals = bounds(table, rule, hidden)
    small = (place for place, n in table.numbers().items() if rule.small(n))
    return tuple(place for place in small if intervals[place][1] - intervals[place][0] < KEPT_WIDTH)


def bounds(table: Table, rule: Rule, hidden: Collection[Place]) -> dict[Place, tuple[int, int]]:
    """What a reader can work out about every number: its least and greatest possible value, both included.

    The reader knows the rule, the shown numbers, every sum, and of each hidden number whether it is small. The
    intervals are narrowed sum by sum until none changes, which is exact where the sums form a tree, as ours do.
    """
    known: dict[Place, tuple[int, int]] = {}
    for place, n in table.numbers().items():
        if rule.small(n):
            known[place] = (0, rule.hide_below - 1)
        elif place in hidden:
            known[place] = (rule.hide_below, UNBOUNDED)
        else:
            known[place] = rule.behind(rule.rounded(n, place), place)
    return narrowed(table.sums, known)


def narrowed(sums: Iterable[Sum], known: Mapping[Place, tuple[int, int]]) -> dict[Place, tuple[int, int]]:
    """The intervals when each was narrowed by all the others of its sums, until none changes."""
    known, changed = dict(known), True
    while changed:
        changed = False
        for one in sums:
            for place, narrow in _narrowed(one, known).items():
                changed = changed or narrow != known[place]
                known[place] = narrow
    return known


def _narrowed(one: Sum, known: Mapping[Place, tuple[int, int]]) -> dict[Place, tuple[int, int]]:
    """The intervals of a sum's numbers, each narrowed by all the others."""
    least, most = known[one.total]
    low, high = sum(known[part][0] for part in one.parts), sum(known[part][1] for part in one.parts)
    narrow = {}
    for part in one.parts:
        below, above = known[part]
        room = most if one.overlap else most - (low - below)
        narrow[part] = (max(below, least - (high - above)), min(above, room))
    floor = max((known[part][0] for part in one.parts), default=0) if one.overlap else low
    narrow[one.total] = (max(least, floor), min(most, high))
    return narrow
