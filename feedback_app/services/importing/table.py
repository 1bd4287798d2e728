"""Open a CSV file and read its rows, each with the line it begins on. Knows nothing of what the columns mean."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from feedback_app.core.errors import BadFile, Problem, did_you_mean
from feedback_app.definitions.mapping import matched

SAVE_AS = 'In Excel, choose Save As and "CSV UTF-8".'
NUL = "a cell holds a NUL character, which is no text."


class Torn(Exception):
    """The rows cannot be told apart from here on, so nothing after this can be trusted."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `number` counts from 1 and passes over empty rows; `trouble` says why its cells cannot be used."""

    number: int
    line: int
    cells: list[str]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file that is known to be UTF-8.

    `hash` is the SHA-256 of the file's bytes; `lines` counts all of them, and `head` is the line of the headings, which
    are as they are compared, in the file's order.
    """

    file: Path
    hash: str
    lines: int
    head: int
    headings: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the file is called in messages."""
        return self.file.name

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty.

        Raises:
            Torn: a quotation mark is out of place, or a cell has no end.
        """
        number = 0
        for line, cells in _records(self.file):
            if line <= self.head or not any(cell.strip() for cell in cells):
                continue
            number += 1
            yield Row(number, line, cells, self._trouble(cells))

    def _trouble(self, cells: list[str]) -> str:
        if any("\0" in cell for cell in cells):
            return NUL
        width = len(self.headings)
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            return f"this row has {len(cells)} cells, and there are {width} headings."
        return ""


def open_table(file: Path) -> Table:
    """Open a CSV file: check that it is UTF-8, and read its headings.

    Raises:
        BadFile: it is not there, not a CSV file, or not UTF-8; with the line.
    """
    try:
        digest, lines = _survey_bytes(file)
    except FileNotFoundError:
        near = did_you_mean(file.name, [other.name for other in file.parent.glob("*.csv")])
        raise BadFile([Problem(file.name, 0, f"there is no such file.{near}")]) from None
    except OSError as error:
        raise BadFile([Problem(file.name, 0, f"the file cannot be read: {error.strerror}.")]) from None
    try:
        line, headings = next(((line, cells) for line, cells in _records(file) if any(cells)), (1, []))
    except Torn as torn:
        raise BadFile([Problem(file.name, torn.line, torn.what)]) from None
    shown = tuple(matched(heading) for heading in headings)
    while shown and not shown[-1]:
        shown = shown[:-1]
    if not shown:
        raise BadFile([Problem(file.name, 1, "the file is empty. The first row should hold the headings.")])
    if any("\0" in heading for heading in shown):
        raise BadFile([Problem(file.name, line, NUL)])
    if len(shown) == 1 and (";" in shown[0] or "\t" in headings[0]):
        what = f"the headings are not parted by commas. {SAVE_AS}"
        raise BadFile([Problem(file.name, line, what)])
    return Table(file, digest, lines, line, shown)


def _survey_bytes(file: Path) -> tuple[str, int]:
    """The SHA-256 of the file and its number of lines. No UTF-8 sign spans a line, so lines can be read one by one."""
    digest = hashlib.sha256()
    number = first_bad = bad = 0
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            digest.update(line)
            if number == 1:
                _refuse_other_kinds(file.name, line)
            try:
                line.decode()
            except UnicodeDecodeError:
                bad += 1
                first_bad = first_bad or number
    if bad:
        what = "this is not UTF-8" if bad == 1 else f"this is not UTF-8, and neither are {bad - 1:,} lines after it"
        raise BadFile([Problem(file.name, first_bad, f"{what}. {SAVE_AS}")])
    return digest.hexdigest(), number


def _refuse_other_kinds(name: str, start: bytes) -> None:
    kind = ""
    if start.startswith(b"PK\x03\x04"):
        kind = "a workbook, not a CSV file"
    elif start.startswith((b"\xff\xfe", b"\xfe\xff")):
        kind = "UTF-16, not UTF-8"
    if kind:
        raise BadFile([Problem(name, 1, f"this is {kind}. {SAVE_AS}")])


def _records(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; a quoted cell may go over several lines."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        # Strict: otherwise a forgotten quotation mark quietly swallows every row up to the next one.
        reader = csv.reader(text, strict=True)
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Torn(begins, _why_torn(str(error))) from None
            yield begins, cells


def _why_torn(error: str) -> str:
    if "limit" in error:
        why = f"a cell in the row that begins here has over {csv.field_size_limit():,} letters"
    elif "end of data" in error:
        why = "a cell in the row that begins here has an opening quotation mark and no closing one"
    else:
        why = "a quotation mark stands inside a cell of the row that begins here without being doubled"
    return f"{why}, so the rows after it cannot be told apart. Mend this row first."
