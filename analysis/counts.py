"""Describe a table of raw counts and where its numbers add up. Knows no rule for showing them: see `disclosure`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple


class Place(NamedTuple):
    """Where a number stands in a table: the id of its row and of its column."""

    row: str
    column: str


BASE = Place("", "base")
"""The place of the table's own base, which stands outside the grid."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days a report speaks of, first and last included. Any length: nothing assumes April to March (R65)."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"The period ends ({self.last}) before it begins ({self.first}).")


@dataclass(frozen=True, slots=True)
class Run:
    """One making of a report: the days it speaks of, and the day the figures were counted."""

    period: Period
    on: date


@dataclass(frozen=True, slots=True)
class Trace:
    """What anyone needs to count the same figures again (R69).

    `collections` are the waves, in words; `only` says who or what was left out or kept in.
    """

    id: str
    title: str
    question: str
    survey: str
    collections: tuple[str, ...]
    only: str
    run: Run


@dataclass(frozen=True, slots=True)
class Count:
    """A raw number of people. Never shown: only `disclosure.release` reads it.

    n: None when nobody knows it. of: the number that a percentage of it is taken from, if one is wanted.
    yields: which numbers go first when a small one can be worked out from its neighbours. "never" is for a number
    that readers can find in another table, where hiding it here would protect nobody.
    """

    n: int | None
    of: Place | None = None
    yields: Literal["first", "last", "never"] = "first"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers. Columns of one `group` may be drawn together."""

    id: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its numbers by column, and words by name that need no protection (a source, a date).

    base: the column whose smallness makes the whole row too small. part: which part of the table it belongs to.
    """

    id: str
    label: str
    counts: Mapping[str, Count]
    words: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and the numbers it is made of. With `overlap`, one person may stand in several of the parts."""

    total: Place
    parts: tuple[Place, ...]
    overlap: bool = False

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.total, *self.parts)


@dataclass(frozen=True, slots=True)
class Table:
    """A raw table. Every sum that a reader could work out must be listed, or it cannot be protected.

    base: how many people the table speaks of; None when each row has a base of its own.
    base_of: what those people did, for example "answered" or "wrote a comment".
    largest_first: order the rows by what may be *shown*, so that the order tells nothing about hidden numbers.
    Raises ValueError if an id is used twice, a place does not exist, or a sum does not add up.
    """

    trace: Trace
    base: int | None
    base_of: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...] = ()
    largest_first: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for what, ids in (("column", [c.id for c in self.columns]), ("row", [r.id for r in self.rows])):
            if twice := {i for i in ids if ids.count(i) > 1}:
                raise ValueError(f"{self.trace.id}: two {what}s are called {sorted(twice)}.")
        known = {column.id for column in self.columns}
        for row in self.rows:
            if stray := set(row.counts) - known:
                raise ValueError(f"{self.trace.id}, row {row.id}: no column is called {sorted(stray)}.")
            if row.base and row.base not in row.counts:
                raise ValueError(f"{self.trace.id}, row {row.id}: its base {row.base} is not in the row.")
        self._check_numbers()

    def _check_numbers(self) -> None:
        numbers = self.numbers()
        for place, n in numbers.items():
            if n < 0:
                raise ValueError(f"{self.trace.id}: {place} counts {n} people.")
        for place, count in self.counts():
            if count.n is None or count.of is None:
                continue
            if count.n > self._number(numbers, count.of):
                raise ValueError(f"{self.trace.id}: {place} counts more people than its base {count.of}.")
        for one in self.sums:
            total = self._number(numbers, one.total)
            parts = [self._number(numbers, part) for part in one.parts]
            fits = max(parts, default=0) <= total <= sum(parts) if one.overlap else total == sum(parts)
            if not fits:
                raise ValueError(f"{self.trace.id}: {one.total} is {total} but its parts are {parts}.")

    def _number(self, numbers: Mapping[Place, int], place: Place) -> int:
        if place not in numbers:
            raise ValueError(f"{self.trace.id}: there is no number at {place}.")
        return numbers[place]

    def counts(self) -> Iterator[tuple[Place, Count]]:
        """Every count of the grid with its place, row by row; the base is not among them."""
        for row in self.rows:
            for column, count in row.counts.items():
                yield Place(row.id, column), count

    def numbers(self) -> dict[Place, int]:
        """Every number that is known, the base among them."""
        found = {place: count.n for place, count in self.counts() if count.n is not None}
        if self.base is not None:
            found[BASE] = self.base
        return found
