"""The parts of a report: released tables, figures taken from them, and words. There is no raw number here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analysis.counts import Column, Run
from analysis.disclosure import Figure, ReleasedRow, ReleasedTable, Rule
from analysis.findings import sentences as say
from analysis.tables import ANSWER, NOTES, Item

TOP: Final = 3
"""Lines in each of the three boxes of the first page (report.md, section 4, 0)."""


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """What was answered to one question. headline: the share of positive answers, if the question has any."""

    item: Item
    people: str
    table: ReleasedTable
    headline: Figure | None
    sentence: str

    @property
    def answers(self) -> tuple[ReleasedRow, ...]:
        return self.table.part(ANSWER)


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme with how many raised it, in words."""

    theme: str
    raised_by: str


@dataclass(frozen=True, slots=True)
class FrameFinding:
    """What was heard about one need, priority, statement or level. words: why there is nothing, if there is not.

    themes: what people wrote about it, under the heading of its column.
    """

    code: str
    name: str
    items: tuple[ItemFinding, ...]
    themes: tuple[tuple[Column, tuple[ThemeLine, ...]], ...]
    words: str


@dataclass(frozen=True, slots=True)
class CommentFinding:
    """What people wrote about: themes in three columns, and how far the coding has come."""

    section: str
    themes: ReleasedTable
    coding: ReleasedTable
    frames: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]
    noted: bool = False  # notes by staff: nothing of them is a share of people

    def top(self, column: str, frame: str = "") -> tuple[ThemeLine, ...]:
        """The themes that most people raised in a column, as lines; only those with a number that may be shown."""
        rows = [row for row in self.themes.rows if not frame or frame in self.frames.get(row.id, ())]
        found = [(row.label, self.themes.figure(row.id, column)) for row in rows]
        ranked = sorted((pair for pair in found if pair[1].shown), key=lambda pair: (-(pair[1].count or 0), pair[0]))
        raised_by = say.in_notes if self.noted else say.raised_by
        return tuple(ThemeLine(theme, raised_by(figure)) for theme, figure in ranked[:TOP])


@dataclass(frozen=True, slots=True)
class Rates:
    """One collection's finished answers as a share of each denominator. Its row is that of the participation table.

    attendance: how many attended. attended: the finished answers as a share of them; so too eligible, invited, started.
    """

    row: ReleasedRow
    people: str
    finished: Figure
    attendance: Figure
    eligible: Figure
    invited: Figure
    attended: Figure
    started: Figure


@dataclass(frozen=True, slots=True)
class CourseFinding:
    """What became of one course: how many replied in each collection, and each level of what training leads to."""

    title: str
    replies: tuple[Rates, ...]
    words: tuple[str, ...]
    levels: tuple[FrameFinding, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number for the first page, with what it counts."""

    label: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Box:
    """One of the three boxes of the first page (R57). words: why it is empty, if it is."""

    column: Column
    lines: tuple[ThemeLine, ...]
    words: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """A part of the report that cannot be filled, and why."""

    id: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Findings:
    """A whole report. Only `assemble` has a reason to make one; a document takes nothing else."""

    area: str
    is_example: bool
    run: Run
    rule: Rule
    notices: tuple[str, ...]
    summary: tuple[str, ...]
    key_figures: tuple[KeyFigure, ...]
    boxes: tuple[Box, ...]
    participation: ReleasedTable | None
    rates: tuple[Rates, ...]
    conditions: tuple[ItemFinding, ...]
    about_people: tuple[ItemFinding, ...]
    priorities: tuple[FrameFinding, ...]
    needs: tuple[FrameFinding, ...]
    statements: tuple[FrameFinding, ...]
    others: tuple[ItemFinding, ...]
    comments: tuple[CommentFinding, ...]
    courses: tuple[CourseFinding, ...]
    not_heard: tuple[str, ...]
    little_progress: tuple[str, ...]
    not_yet: tuple[NotYet, ...]
    limits: tuple[str, ...]
    items: tuple[ItemFinding, ...]
    register: ReleasedTable | None = None
    paired: tuple[ReleasedTable, ...] = ()

    @property
    def notes(self) -> tuple[ReleasedRow, ...]:
        """The collections of notes by staff, which stand apart from those who took part."""
        return self.participation.part(NOTES) if self.participation else ()

    @property
    def tables(self) -> tuple[ReleasedTable, ...]:
        """Every released table, in the order of the report. Their traces are the query list (R69)."""
        first = (self.participation,) if self.participation else ()
        written = tuple(table for one in self.comments for table in (one.themes, one.coding))
        training = (self.register,) if self.register else ()
        return (*first, *written, *training, *self.paired, *(one.table for one in self.items))

    @property
    def anew(self) -> tuple[ReleasedTable, ...]:
        """The tables that are released with this report: not those of an earlier one, and not those of codes alone."""
        codes = {one.coding.trace.id for one in self.comments}
        return tuple(
            one for one in self.tables if one.trace.run == self.run and not one.why and one.trace.id not in codes
        )
