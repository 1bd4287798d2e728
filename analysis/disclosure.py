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
argument; `releases` puts one in its place that goes over the earlier releases of the table too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import InitVar, asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from analysis.attack import KEPT_WIDTH, Rule, bounds, exposed
from analysis.counts import BASE, Column, Count, Period, Place, Row, Run, Sum, Table, Trace

__all__ = [
    "KEPT_WIDTH",
    "Attack",
    "Figure",
    "ReleasedRow",
    "ReleasedTable",
    "Rule",
    "Slice",
    "State",
    "TimedOut",
    "again",
    "banded",
    "bounds",
    "exposed",
    "freeze",
    "release",
    "share",
    "thaw",
    "withhold",
]

COARSE: Final = "The base is rounded to the nearest {to}, to protect a small number."

_SEAL: Final = object()

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

    withheld: too few to report (or too few to protect); then there are no rows and the base is hidden. A note says why
    where it is for another reason. sums: what adds up to what. small: the hidden numbers that are small. Neither is
    ever drawn: a later release of the same table is attacked by a reader who is taken to know both.
    """

    trace: Trace
    rule: Rule
    base: Figure
    base_of: str
    withheld: bool
    columns: tuple[Column, ...]
    rows: tuple[ReleasedRow, ...]
    notes: tuple[str, ...]
    sums: tuple[Sum, ...] = ()
    small: tuple[Place, ...] = ()
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        _check_seal(seal)

    @property
    def why(self) -> str:
        """Why the table is withheld, where it is not for too few people: "" otherwise."""
        return self.notes[0] if self.withheld and self.notes else ""

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


class TimedOut(Exception):
    """An attack took longer than it may, so nobody knows whether the table is safe."""


def release(table: Table, rule: Rule, attack: Attack | None = None) -> ReleasedTable:
    """Make the table that may be shown: hide, attack, hide a neighbour and attack again, then round.

    The same table and rule always give the same result. Source of the rule: promises.md, "Nobody is found in a table".
    Raises what the attack raises, such as TimedOut.
    """
    hidden = None
    for rule in _coarser(rule, table.base or 0):  # noqa: B020 - the rule that protects is the one the table is made under
        hidden = _hide(table, rule, attack or exposed)
        if hidden is not None:
            break
    if hidden is None:
        return withhold(table, rule)
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
        sums=table.sums,
        small=tuple(place for place, n in numbers.items() if rule.small(n)),
        seal=_SEAL,
    )


def withhold(table: Table, rule: Rule, why: str = "") -> ReleasedTable:
    """The table with nothing in it: too few to report, or a reason in words. A small base is all that it remembers."""
    return ReleasedTable(
        trace=table.trace,
        rule=rule,
        base=_figure("hidden"),
        base_of=table.base_of,
        withheld=True,
        columns=table.columns,
        rows=(),
        notes=(why,) if why else (),
        small=(BASE,) if table.base is not None and rule.small(table.base) else (),
        seal=_SEAL,
    )


def again(table: ReleasedTable, note: str) -> ReleasedTable:
    """A table that was released before, as it was then, with a note that says so."""
    return replace(table, notes=(*table.notes, note), seal=_SEAL)


def freeze(table: ReleasedTable) -> dict[str, Any]:
    """The whole table as plain values, to be kept: numbers, strings and lists, as JSON has them."""
    kept = {one.name: getattr(table, one.name) for one in fields(table)}
    run = table.trace.run
    days = [run.period.first.isoformat(), run.period.last.isoformat(), run.on.isoformat()]
    kept["trace"] = {one.name: getattr(table.trace, one.name) for one in fields(Trace)} | {"run": days}
    kept |= {name: asdict(kept[name]) for name in ("rule", "base")}
    return kept | {name: [asdict(one) for one in kept[name]] for name in ("columns", "rows", "sums")}


def thaw(kept: Mapping[str, Any]) -> ReleasedTable:
    """The table that `freeze` made these values of. Raises KeyError or TypeError if they are of anything else."""
    first, last, on = (date.fromisoformat(day) for day in kept["trace"]["run"])
    trace = kept["trace"] | {"collections": tuple(kept["trace"]["collections"]), "run": Run(Period(first, last), on)}
    rows = [
        one
        | {
            "words": tuple((name, words) for name, words in one["words"]),
            "figures": tuple(Figure(**figure, seal=_SEAL) for figure in one["figures"]),
        }
        for one in kept["rows"]
    ]
    whole = {
        "trace": Trace(**trace),
        "rule": Rule(**kept["rule"]),
        "base": Figure(**kept["base"], seal=_SEAL),
        "columns": tuple(Column(**one) for one in kept["columns"]),
        "rows": tuple(ReleasedRow(**one, seal=_SEAL) for one in rows),
        "notes": tuple(kept["notes"]),
        "sums": tuple(
            Sum(Place(*one["total"]), tuple(Place(*part) for part in one["parts"]), one["overlap"])
            for one in kept["sums"]
        ),
        "small": tuple(Place(*place) for place in kept["small"]),
    }
    return ReleasedTable(**{**kept, **whole}, seal=_SEAL)


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
