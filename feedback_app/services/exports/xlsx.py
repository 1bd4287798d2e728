"""Write an export as an Excel workbook: the answers on one sheet, the codebook on another. A row at a time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import LOCALES
from feedback_app.services.exports import codebook
from feedback_app.services.exports.columns import safe
from feedback_app.services.exports.sheet import Row, Sheet

MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 1_048_575, 16_384, 32_767  # what Excel itself can hold
CUT = " [cut: Excel holds no more. The CSV file has all of it.]"
NUMBERS = ("option", "place", "written")


def write_xlsx(sheet: Sheet, found: Iterable[Row], file: Path) -> None:
    """Write the workbook.

    Raises:
        FeedbackError: there are more rows or columns than a workbook can hold.
    """
    if sheet.number > MOST_ROWS or len(sheet.headings) > MOST_COLUMNS:
        raise FeedbackError("This is more than an Excel workbook can hold. Take it as CSV.")
    book = Workbook(write_only=True)
    answers, explained = book.create_sheet("Answers"), book.create_sheet("Codebook")
    for one in (answers, explained):
        one.freeze_panes = "A2"
        one.sheet_view.rightToLeft = LOCALES[sheet.language].direction == "rtl"
    answers.append([_cell(answers, words) for words in sheet.headings])
    numbers = [False] * len(sheet.fixed) + [column.kind in NUMBERS for column in sheet.columns]
    for row in found:
        cells = row.cells(sheet.columns)
        answers.append(
            [
                _number(words) if is_number else _cell(answers, words)
                for words, is_number in zip(cells, numbers, strict=True)
            ]
        )
    for line in codebook.table(sheet):
        explained.append([_cell(explained, words) for words in line])
    book.save(file)


def _number(words: str) -> int | str | None:
    """Digits as a number, to count with; what stands in its place stays words."""
    return int(words) if words.isdecimal() and len(words) < 10 else safe(words) or None


def _cell(of: Any, words: str) -> Any:
    """A cell that holds these words as words: no formula, no error value, no letter that Excel refuses."""
    if not words:
        return None
    plain = safe(ILLEGAL_CHARACTERS_RE.sub("", words))
    if len(plain) > MOST_LETTERS:
        plain = plain[: MOST_LETTERS - len(CUT)] + CUT
    if plain not in ERROR_CODES:
        return plain
    cell = WriteOnlyCell(of, plain)
    cell.data_type = "s"
    return cell
