"""The few kinds of block that a report is made of, in plain text. Knows no findings and no file format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

Tone = Literal["", "strong", "quiet"]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to another place of the same document."""

    text: str
    to: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section: level 3 or 4."""

    kind: ClassVar[str] = "heading"
    text: str
    level: Literal[3, 4] = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. style: plain; lead (the first words of a section); note (small print, beside a table)."""

    kind: ClassVar[str] = "paragraph"
    text: str
    style: Literal["plain", "lead", "note"] = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list. label: a short line above it, if any."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader must know before the figures."""

    kind: ClassVar[str] = "notice"
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs of a name and what there is to say of it."""

    kind: ClassVar[str] = "terms"
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Large figures of the first page, each with what it counts."""

    kind: ClassVar[str] = "numbers"
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the three boxes: a heading, then what stands out with a few words about each."""

    id: str
    title: str
    lines: tuple[tuple[str, str], ...]
    words: str


@dataclass(frozen=True, slots=True)
class Panels:
    """Boxes that stand side by side where there is room."""

    kind: ClassVar[str] = "panels"
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One question with what was answered, in a sentence. percent: for the bar; share: the same in words."""

    question: str
    sentence: str
    share: str
    percent: int | None
    table: Link


@dataclass(frozen=True, slots=True)
class Results:
    """The questions under one heading."""

    kind: ClassVar[str] = "results"
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its lines, and a bar beside them if percent is given. tone: quiet for what is hidden or unknown."""

    lines: tuple[str, ...]
    tone: Tone = ""
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column. numeric: its figures stand to the right."""

    text: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its head, then its cells. The last cell of a short row reaches to the end of the row."""

    head: str
    cells: tuple[Cell, ...]
    tone: Tone = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. heads: of all columns, the first being that of the row heads. wide: may be wider than a phone.

    notes: what stands beneath it: base, source, what is left out.
    """

    kind: ClassVar[str] = "grid"
    id: str
    label: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[GridRow, ...]
    notes: tuple[str, ...] = ()
    wide: bool = False


Block = Heading | Paragraph | Bullets | Notice | Terms | Numbers | Panels | Results | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report, which the list of contents names."""

    id: str
    number: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole document before it has a format. facts: period, area, day of counting."""

    title: str
    facts: tuple[tuple[str, str], ...]
    notices: tuple[Notice, ...]
    sections: tuple[Section, ...] = field(default=())
