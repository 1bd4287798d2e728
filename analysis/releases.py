"""Release a table after others of it were released: make it again, give the last one again, or say why neither.

Two tables of the same question that differ by one person tell what that person answered. So a table is made again only
when every group whose number changed has surely gained ten replies; until then the table of that day is given again.
And a table that is made again is attacked together with the earlier ones, by whole-number programming (SciPy's HiGHS).
Its reader knows the rule: what is shown of each number on each day, what adds up to what, which hidden numbers are
small, that nobody is taken away between two days, and that a group which changed has gained ten. If a number that was
small on any of these days is left an interval narrower than `KEPT_WIDTH`, a neighbour is hidden, as in one table alone.

What it goes by is what was shown, because no raw number of an earlier day is kept. So a group that gained a few, and
whose number stands as it stood, counts as one that did not change. The reader of the attack does not know how many
people came between two days, but for what the tables themselves say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, Literal

import numpy as np

from analysis.attack import KEPT_WIDTH, Rule, exposed, narrowed
from analysis.counts import BASE, Period, Place, Sum, Table, Trace
from analysis.disclosure import ReleasedTable, State, TimedOut, again, release, withhold

GAINED: Final = 10
"""How many replies every changed group must have gained before a table is made again (promises.md)."""

SECONDS: Final = 60.0
"""How long the attack on all tables of a report may take. What was not attacked to the end is not published."""

AGAIN: Final = (
    "This table was made on {on} and speaks of {first} to {last}. It stands as it was then: it is made again when each "
    "number that changed has gained {gained} or more."
)
CLOSE: Final = (
    "Not shown: too few people stand between this table and the one of {first} to {last} that was made on {on}. Side "
    "by side they could give somebody away."
)
UNSURE: Final = "Not published: checking what this table gives away took too long, so nobody knows if it is safe."

_LARGEST: Final = 10**6  # whole-number programming wants an end; no table counts as many people
_INFEASIBLE, _OPTIMAL = 2, 0

Way = Literal["grows", "shrinks", "apart"]
_Name = tuple[int, Place]  # a number of one of several releases


def release_after(
    table: Table, rule: Rule, earlier: Sequence[ReleasedTable], end: float | None = None
) -> ReleasedTable:
    """The table that may be shown after the earlier ones, which may be of any tables: others are passed over.

    earlier: the oldest first. end: when the attack must be over, as `monotonic` counts. After that the table is
    withheld, and says so.
    """
    before = [one for one in earlier if one.trace.id == table.trace.id and _meet(one.trace, table.trace)]
    alone = release(table, rule)
    if not before or alone.withheld:
        return _instead(before, alone)
    if near := [one for one in before if not follows(table, alone, one)]:
        return _instead(before, withhold(table, rule, _words(CLOSE, near[-1])))
    same_days = [one for one in before if one.trace.run.period == table.trace.run.period]
    if same_days and same_figures(alone, same_days[-1]):
        return alone
    ends = monotonic() + SECONDS if end is None else end

    def attack(tried: Table, under: Rule, hidden: Collection[Place]) -> Collection[Place]:
        return exposed(tried, under, hidden) or _exposed_together(tried, under, hidden, before, ends)

    try:
        made = release(table, rule, attack)
    except TimedOut:
        return withhold(table, rule, UNSURE)
    if made.withheld or not all(follows(table, made, one) for one in before):
        return _instead(before, withhold(table, rule, _words(CLOSE, before[-1])))
    return made


def follows(table: Table, made: ReleasedTable, before: ReleasedTable) -> bool:
    """Whether every number that is shown otherwise than before, or changed, has surely gained ten people.

    Where the new table is of fewer days, it may have lost ten instead; and either, where neither holds the other.
    """
    way, shown, then = _way(before.trace, table.trace), _shown(made), _shown(before)
    spans, states = _spans(before), _states(before)
    for place, n in table.numbers().items():
        span = spans.get(place)
        if not before.withheld and states.get(place, "does not apply") == "does not apply":
            span = 0, before.rule.hide_below - 1  # there was no such row: of nobody, or of too few to be named
        if span is None:
            continue
        gained, lost = n - span[1], span[0] - n
        if (gained >= GAINED and way != "shrinks") or (lost >= GAINED and way != "grows"):
            continue
        if gained > 0 or lost > 0 or shown.get(place) != then.get(place):
            return False
    return True


def same_figures(one: ReleasedTable, other: ReleasedTable) -> bool:
    """Whether two releases show the same: then the second tells nothing new."""
    first, second = ([(row.id, row.figures) for row in table.rows] for table in (one, other))
    return first == second and (one.base, one.rule, one.withheld) == (other.base, other.rule, other.withheld)


def _spans(before: ReleasedTable) -> dict[Place, tuple[int, int]]:
    """Within which numbers each place stood on an earlier day, as far as something was said of it."""
    small = dict.fromkeys(before.small, (0, before.rule.hide_below - 1))
    if before.withheld:
        return small
    known = narrowed(before.sums, _seen_before(before).known)
    none = {Place(row.id, column.id) for row in before.rows if row.withheld for column in before.columns} - small.keys()
    return {place: span for place, span in known.items() if place not in none} | small


def _states(table: ReleasedTable) -> dict[Place, State]:
    states: dict[Place, State] = {Place(one.row, one.column): one.figure.state for one in table.slices()}
    return states | {BASE: table.base.state}


def _shown(table: ReleasedTable) -> dict[Place, int]:
    numbers = {Place(one.row, one.column): one.figure.count for one in table.slices()} | {BASE: table.base.count}
    return {place: n for place, n in numbers.items() if n is not None}


def _instead(before: Sequence[ReleasedTable], otherwise: ReleasedTable) -> ReleasedTable:
    """The newest release that speaks of these days alone, under the same thresholds; else the other, of no numbers."""
    days, rule = otherwise.trace.run.period, replace(otherwise.rule, base_to=0)
    for one in reversed(before):
        if _within(one.trace.run.period, days) and not one.withheld and replace(one.rule, base_to=0) == rule:
            return again(one, _words(AGAIN, one))
    return otherwise


def _words(words: str, of: ReleasedTable) -> str:
    run = of.trace.run
    days = {"on": run.on, "first": run.period.first, "last": run.period.last}
    return words.format(gained=GAINED, **{name: f"{day.day} {day:%B %Y}" for name, day in days.items()})


def _meet(one: Trace, other: Trace) -> bool:
    return one.run.period.first <= other.run.period.last and other.run.period.first <= one.run.period.last


def _within(inner: Period, outer: Period) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last


def _way(before: Trace, after: Trace) -> Way:
    """Whether the people of the second are all those of the first and more, or some of them, or neither."""
    if _within(before.run.period, after.run.period):
        return "grows"
    return "shrinks" if _within(after.run.period, before.run.period) else "apart"


# The attack over all releases of a table


@dataclass(frozen=True, slots=True)
class _Seen:
    """One release as the reader has it: the interval of every number, what adds up, and which hidden ones are small."""

    trace: Trace
    known: dict[Place, tuple[int, int]]
    sums: tuple[Sum, ...]
    small: frozenset[Place]


def _exposed_together(
    table: Table, rule: Rule, hidden: Collection[Place], before: Sequence[ReleasedTable], end: float
) -> tuple[Place, ...]:
    """The numbers, small on any of these days, that all releases together leave too narrow an interval.

    If they contradict each other, the reader learns that a rule was not kept: then every small number is named.
    """
    seen = [*(_seen_before(one) for one in before if not one.withheld), _seen_now(table, rule, hidden)]
    small = [(number, place) for number, one in enumerate(seen) for place in sorted(one.small)]
    if not small:
        return ()
    return tuple(dict.fromkeys(place for _, place in _Together(seen, end).narrow(small)))


def _seen_now(table: Table, rule: Rule, hidden: Collection[Place]) -> _Seen:
    known = {}
    for place, n in table.numbers().items():
        if rule.small(n):
            known[place] = (0, rule.hide_below - 1)
        elif place in hidden:
            known[place] = (rule.hide_below, _LARGEST)
        else:
            known[place] = rule.behind(rule.rounded(n, place), place)
    small = frozenset(place for place, n in table.numbers().items() if rule.small(n))
    return _Seen(table.trace, known, table.sums, small)


def _seen_before(table: ReleasedTable) -> _Seen:
    rule, shown = table.rule, _shown(table)
    known = {
        place: rule.behind(shown[place], place) if place in shown else (rule.hide_below, _LARGEST)
        for place, state in _states(table).items()
        if state in ("shown", "hidden")
    }
    known |= dict.fromkeys(table.small, (0, rule.hide_below - 1))
    return _Seen(table.trace, known, table.sums, frozenset(table.small))


class _Together:
    """Several releases as one set of whole-number constraints."""

    def __init__(self, seen: Sequence[_Seen], end: float) -> None:
        from scipy.optimize import Bounds, LinearConstraint  # here: to load it takes a second, and few need it

        self._end = end
        names = [(number, place) for number, one in enumerate(seen) for place in one.known]
        self._spot = {name: spot for spot, name in enumerate(names)}
        spans = [span for one in seen for span in one.known.values()]
        self._bounds = Bounds([span[0] for span in spans], [min(span[1], _LARGEST) for span in spans])
        self._lines: list[dict[int, int]] = []
        self._least: list[float] = []
        self._most: list[float] = []
        for number, one in enumerate(seen):
            for of in one.sums:
                self._add_up(number, of)
            for later, other in enumerate(seen[number + 1 :], number + 1):
                self._link(number, one, later, other)
        matrix = np.zeros((len(self._lines), len(spans)))
        for row, line in enumerate(self._lines):
            for spot, times in line.items():
                matrix[row, spot] = times
        self._constraints = [LinearConstraint(matrix, self._least, self._most)] if self._lines else []

    def narrow(self, small: Sequence[_Name]) -> list[_Name]:
        """Which of these numbers cannot be two numbers `KEPT_WIDTH` apart; all if the releases contradict each other.

        Each solution is kept, since it often shows of several numbers at once that they are safe. Raises TimedOut.
        """
        found: list[list[int]] = []

        def spread(name: _Name) -> int:
            values = [one[self._spot[name]] for one in found]
            return max(values) - min(values)

        for names in (small, *([name] for name in small)):
            for sign in (1, -1):
                if found and all(spread(name) >= KEPT_WIDTH for name in names):
                    break
                solved = self._solve(names, sign)
                if solved is None:
                    return list(small)
                found.append(solved)
        return [name for name in small if spread(name) < KEPT_WIDTH]

    def _solve(self, names: Sequence[_Name], sign: int) -> list[int] | None:
        """The numbers when those of these names are least together (or, with -1, greatest); None if there are none."""
        aim = np.zeros(len(self._spot))
        aim[[self._spot[name] for name in names]] = sign
        left = self._end - monotonic()
        if left <= 0:
            raise TimedOut
        whole = np.ones(len(aim))
        options = {"time_limit": left, "presolve": False}  # so small a problem needs none, and HiGHS prints less
        from scipy.optimize import milp

        solved = milp(aim, constraints=self._constraints, integrality=whole, bounds=self._bounds, options=options)
        if solved.status == _INFEASIBLE:
            return None
        if solved.status != _OPTIMAL:
            raise TimedOut
        return [round(n) for n in solved.x]

    def _line(self, least: float, most: float, *terms: tuple[int, int]) -> None:
        self._lines.append(dict(terms))
        self._least.append(least)
        self._most.append(most)

    def _add_up(self, number: int, of: Sum) -> None:
        total, parts = self._spot[number, of.total], [self._spot[number, part] for part in of.parts]
        self._line(0, np.inf if of.overlap else 0, (total, -1), *((part, 1) for part in parts))
        if of.overlap:
            for part in parts:
                self._line(0, np.inf, (total, 1), (part, -1))

    def _link(self, number: int, one: _Seen, later: int, other: _Seen) -> None:
        """What the reader knows of each number on two days, if the people of one are among those of the other."""
        way = _way(one.trace, other.trace)
        if way == "apart":
            return
        few, many = (one, other) if way == "grows" else (other, one)
        first, second = (number, later) if way == "grows" else (later, number)
        for place in few.known.keys() & many.known.keys():
            least, most = _gain(few.known[place], many.known[place])
            self._line(least, most, (self._spot[second, place], 1), (self._spot[first, place], -1))


def _gain(before: tuple[int, int], after: tuple[int, int]) -> tuple[float, float]:
    """How many more a number can be: none, or ten and more. What is neither for certain is left open."""
    if after[1] - before[0] < GAINED:
        return 0, 0
    return (GAINED, np.inf) if after[0] > before[1] else (0, np.inf)
