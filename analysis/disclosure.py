"""Decide which numbers of a table may be shown, and make the only kind of table that a document accepts.

The rule is that of promises.md, "Nobody is found in a table": counts of 0 to 9 are hidden, nought too; every other
number is rounded to the nearest 5, totals too; a percentage is taken from rounded numbers, on a rounded base of 30 or
more. A base of 0 to 9 hides its whole row or table.

Does rounding already keep a hidden number safe? Not always. A shown number S stands for S-2 to S+2 (10 stands for
10 to 12 only). One hidden number beside k shown parts of a shown total T lies, by arithmetic alone, between
T-2-(sum of S+2) and T+2-(sum of S-2): a width of 4+4k, wide enough. But a hidden number is also known to be 0 to 9,
and that clips the interval. Parts 13, 13, 13, 13 and a hidden 0 are shown as 15, 15, 15, 15 and 50: the parts are
at least 52 together and the total at most 52, so the hidden number is exactly 0. Parts 17 and 17 and a hidden 9, shown
as 15, 15 and 45, give exactly 9. So every release is attacked with that arithmetic (`bounds`), by a reader who knows
the rule and which hidden numbers are small; and while a small number keeps an interval narrower than 4, one of its
neighbours is hidden too. If nothing is left to hide, the base is rounded to the nearest 10, 20 or 50 and it is tried
again; if that does not help either, nothing is published.

What this attack does not do: it follows one sum at a time through one table. `release` takes the attack as an
argument, so that the whole one (integer bounds over all tables of all releases) can stand in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import InitVar, dataclass, replace
from typing import Final, Literal, NamedTuple

from analysis.counts import BASE, Column, Count, Place, Row, Sum, Table, Trace

KEPT_WIDTH: Final = 4
"""The narrowest interval, in people, that a hidden small number may be left with."""

COARSE: Final = "The base is rounded to the nearest {to}, to protect a small number."

_SEAL: Final = object()
_UNBOUNDED: Final = 10**12


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


State = Literal["shown", "hidden", "not known", "does not apply"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as it may be shown. Only this module can make one.

    count: people, rounded; only if shown. of: the rounded base its share is taken from. percent: whole per cent.
    """

    state: State
    count: int | None = None
    of: int | None = None
    percent: int | None = None
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        _check_seal(seal)

    @property
    def shown(self) -> bool:
        return self.state == "shown"


class Slice(NamedTuple):
    """One figure of a table with the names of its row and column."""

    row: str
    column: str
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedRow:
    """One row as it may be shown: its figures stand in the order of the table's columns."""

    id: str
    label: str
    part: str
    words: tuple[tuple[str, str], ...]
    withheld: bool
    figures: tuple[Figure, ...]
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        _check_seal(seal)

    def word(self, name: str) -> str:
        return dict(self.words).get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedTable:
    """A table that may be published, with its trace and the rule it was made under. Only this module can make one.

    withheld: too few to report (or too few to protect); then there are no rows and the base is hidden.
    """

    trace: Trace
    rule: Rule
    base: Figure
    base_of: str
    withheld: bool
    columns: tuple[Column, ...]
    rows: tuple[ReleasedRow, ...]
    notes: tuple[str, ...]
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        _check_seal(seal)

    def row(self, id: str) -> ReleasedRow:  # noqa: A002 - the field is called id everywhere else
        """The row of this id. Raises KeyError if there is none."""
        for row in self.rows:
            if row.id == id:
                return row
        raise KeyError(id)

    def figure(self, row: str, column: str) -> Figure:
        """The figure at a place. Raises KeyError if the table has no such row or column."""
        for spot, one in enumerate(self.columns):
            if one.id == column:
                return self.row(row).figures[spot]
        raise KeyError(column)

    def part(self, name: str) -> tuple[ReleasedRow, ...]:
        return tuple(row for row in self.rows if row.part == name)

    def slices(self) -> tuple[Slice, ...]:
        """Every figure of the grid, row by row."""
        return tuple(
            Slice(row.id, column.id, figure)
            for row in self.rows
            for column, figure in zip(self.columns, row.figures, strict=True)
        )


def _check_seal(seal: object) -> None:
    if seal is not _SEAL:
        raise TypeError("Only analysis.disclosure makes released figures and tables: call release().")


Attack = Callable[[Table, Rule, Collection[Place]], Collection[Place]]
"""Given what is hidden, name the small numbers that a reader could still learn too closely."""


def release(table: Table, rule: Rule, attack: Attack | None = None) -> ReleasedTable:
    """Make the table that may be shown: hide, attack, hide a neighbour and attack again, then round.

    The same table and rule always give the same result. Source of the rule: promises.md, "Nobody is found in a table".
    """
    hidden = None
    for rule in _coarser(rule, table.base or 0):  # noqa: B020 - the rule that protects is the one the table is made under
        hidden = _hide(table, rule, attack or exposed)
        if hidden is not None:
            break
    if hidden is None:
        return ReleasedTable(
            trace=table.trace,
            rule=rule,
            base=_figure("hidden"),
            base_of=table.base_of,
            withheld=True,
            columns=table.columns,
            rows=(),
            notes=(),
            seal=_SEAL,
        )
    numbers = table.numbers()
    shown = {place: rule.rounded(n, place) for place, n in numbers.items() if place not in hidden}
    rows = [_row(row, table.columns, shown, rule) for row in table.rows]
    if table.largest_first:
        rows.sort(key=lambda row: (-sum(figure.count or 0 for figure in row.figures), row.label))
    return ReleasedTable(
        trace=table.trace,
        rule=rule,
        base=_figure("does not apply") if table.base is None else _figure("shown", shown[BASE]),
        base_of=table.base_of,
        withheld=False,
        columns=table.columns,
        rows=tuple(rows),
        notes=(*table.notes, *([COARSE.format(to=rule.base_to)] if rule.base_to else [])),
        seal=_SEAL,
    )


def _coarser(rule: Rule, base: int) -> Iterator[Rule]:
    """The rule, then the same with the base rounded more coarsely, as long as it still says how many there are.

    Beside a shown number of people who were asked, an exact enough base gives away how few left the question blank.
    Rounding the base more coarsely hides that, where otherwise nothing of the table could be shown.
    """
    yield rule
    for to in (2 * rule.round_to, 4 * rule.round_to, 10 * rule.round_to):
        if base >= 2 * to:
            yield replace(rule, base_to=to)


def share(part: Figure, whole: Figure, rule: Rule) -> Figure:
    """The same figure as a share of another: its fraction, and its percentage where the base allows one.

    Both are already released, so the share tells nothing that they do not. No percentage is given where the part is
    greater than the whole, which happens when a denominator from elsewhere is out of date.
    """
    if part.count is None or whole.count is None:
        return part
    fair = whole.count >= rule.percent_base and part.count <= whole.count
    percent = (200 * part.count + whole.count) // (2 * whole.count) if fair else None
    return Figure(state="shown", count=part.count, of=whole.count, percent=percent, seal=_SEAL)


def banded(number: int, rule: Rule) -> str:
    """A count that may only be told as one of two: under the threshold, zero included, or not."""
    return f"fewer than {rule.hide_below}" if number < rule.hide_below else f"{rule.hide_below} or more"


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
            known[place] = (rule.hide_below, _UNBOUNDED)
        else:
            known[place] = rule.behind(rule.rounded(n, place), place)
    changed = True
    while changed:
        changed = False
        for one in table.sums:
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


def _hide(table: Table, rule: Rule, attack: Attack) -> frozenset[Place] | None:
    """Every place that must be hidden; None when the whole table must be."""
    numbers = table.numbers()
    hidden = _with_rows(table, {place for place, n in numbers.items() if rule.small(n)})
    if BASE in hidden:
        return None
    while learnt := attack(table, rule, hidden):
        choices = _neighbours(table, min(learnt), hidden)
        if not choices:
            return None
        hiding = [_with_rows(table, {*hidden, choice}) for choice in choices]
        # The first neighbour that ends this exposure; failing that, the first of all, and the attack is run again.
        hidden = next((tried for tried in hiding if min(learnt) not in attack(table, rule, tried)), hiding[0])
    return hidden


def _with_rows(table: Table, hidden: Collection[Place]) -> frozenset[Place]:
    """A row whose base is hidden is hidden whole: it is too few to report."""
    rows = {row.id for row in table.rows if row.base and Place(row.id, row.base) in hidden}
    return frozenset(hidden) | {place for place, _ in table.counts() if place.row in rows}


def _neighbours(table: Table, place: Place, hidden: Collection[Place]) -> list[Place]:
    """Shown numbers that could be hidden to protect this one, the cheapest for the reader first.

    Those in the same sum come before those further off, small before large; those marked "last" come last of all.
    """
    reached, near = {place}, {place}
    for one in table.sums:
        if place in one.places:
            near.update(one.places)
    while more := {p for one in table.sums if reached.intersection(one.places) for p in one.places} - reached:
        reached |= more
    counts = dict(table.counts())

    def cost(choice: Place) -> tuple[bool, bool, int, Place]:
        count = counts[choice]
        return count.yields == "last", choice not in near, count.n or 0, choice

    free = (p for p in reached if p in counts and p not in hidden and counts[p].yields != "never")
    return sorted(free, key=cost)


def _row(row: Row, columns: tuple[Column, ...], shown: Mapping[Place, int], rule: Rule) -> ReleasedRow:
    withheld = bool(row.base) and Place(row.id, row.base) not in shown
    figures = tuple(_cell(Place(row.id, column.id), row.counts.get(column.id), shown, rule) for column in columns)
    return ReleasedRow(
        id=row.id,
        label=row.label,
        part=row.part,
        words=tuple(row.words.items()),
        withheld=withheld,
        figures=figures,
        seal=_SEAL,
    )


def _cell(place: Place, count: Count | None, shown: Mapping[Place, int], rule: Rule) -> Figure:
    if count is None:
        return _figure("does not apply")
    if count.n is None:
        return _figure("not known")
    if place not in shown:
        return _figure("hidden")
    figure = _figure("shown", shown[place])
    if count.of is None or count.of not in shown:
        return figure
    return share(figure, _figure("shown", shown[count.of]), rule)


def _figure(state: State, count: int | None = None) -> Figure:
    return Figure(state=state, count=count, seal=_SEAL)
