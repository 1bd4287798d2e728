"""The forms an export can take: CSV, JSON lines, an Excel workbook, SPSS, and the codebook that explains them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TextIO

from sqlalchemy.orm import Session

from feedback_app.core.keys import KeyRing
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import audit
from feedback_app.services.editions import Editions
from feedback_app.services.exports import codebook
from feedback_app.services.exports.columns import safe
from feedback_app.services.exports.sav import write_sav
from feedback_app.services.exports.sheet import Row, Sheet, prepare, rows
from feedback_app.services.exports.xlsx import write_xlsx

BYTE_ORDER_MARK = "\ufeff"  # tells a spreadsheet that the letters are UTF-8
LINES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Form:
    """One form of file: its ending, what it is in words, its media type, and whether it can be sent line by line."""

    ending: str
    title: str
    media_type: str
    by_lines: bool


FORMS: dict[str, Form] = {
    form.ending: form
    for form in (
        Form("csv", "Table (CSV), for any spreadsheet or program", "text/csv; charset=utf-8", True),
        Form(
            "xlsx",
            "Excel workbook, with the codebook on a second sheet",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            False,
        ),
        Form("sav", "SPSS, with labels and missing values", "application/x-spss-sav", False),
        Form("jsonl", "JSON, one response a line, for programs", "application/jsonl; charset=utf-8", True),
        Form("codebook.csv", "Only the codebook: what each column means", "text/csv; charset=utf-8", True),
    )
}


def export(
    session: Session,
    editions: Editions,
    collection: str,
    out: TextIO,
    *,
    by: str,
    now: datetime,
    language: str = SOURCE,
) -> int:
    """Write a collection's answers as CSV, with the words people saw; return how many responses.

    "Left blank" is written out; an empty cell is a question the person did not come to. Own words are a mark.

    Raises:
        FeedbackError: there is no such collection, or it is not whole in the language.
    """
    sheet = prepare(session, editions, collection, language)
    record(session, sheet, "csv", by=by, now=now)
    out.writelines(_csv_lines(sheet, rows(session, sheet)))
    return sheet.number


def record(session: Session, sheet: Sheet, form: str, *, by: str, now: datetime) -> None:
    """Write into the audit log who takes how many rows of which collection, and whether with people's own words."""
    given = {"responses": sheet.number, "form": form, "language": sheet.language, "text": sheet.words}
    if form == "codebook.csv":
        given |= {"responses": 0, "text": False}
    elif sheet.words:
        given |= {"texts": sheet.texts}
    audit.record(session, by, "collection.export", sheet.held.id, now, **given)


def lines(session: Session, sheet: Sheet, form: str, keys: KeyRing | None = None) -> Iterator[str]:
    """The file as pieces of text, for a form that can be sent line by line; made as they are taken."""
    match form:
        case "csv":
            yield BYTE_ORDER_MARK
            yield from _csv_lines(sheet, rows(session, sheet, keys))
        case "jsonl":
            yield from _json_lines(sheet, rows(session, sheet, keys))
        case _:
            yield BYTE_ORDER_MARK
            yield from _as_csv(codebook.table(sheet))


def write(session: Session, sheet: Sheet, form: str, file: Path, keys: KeyRing | None = None) -> None:
    """Write the file, whichever its form.

    Raises:
        FeedbackError: there are more rows or columns than the form can hold, or the key to a text is not here.
    """
    match form:
        case "xlsx":
            write_xlsx(sheet, rows(session, sheet, keys), file)
        case "sav":
            write_sav(session, sheet, rows(session, sheet, keys), file)
        case _:
            with file.open("w", encoding="utf-8", newline="") as out:
                out.writelines(lines(session, sheet, form, keys))


def _csv_lines(sheet: Sheet, found: Iterable[Row]) -> Iterator[str]:
    yield from _as_csv([sheet.headings])
    yield from _as_csv(row.cells(sheet.columns) for row in found)


class _Lines(list[str]):
    """What csv writes into: a list of lines."""

    write = list.append


def _as_csv(table: Iterable[Iterable[str]]) -> Iterator[str]:
    """Some rows at a time: to send each by itself would cost more than to make it."""
    left = iter(table)
    while some := list(islice(left, LINES_AT_ONCE)):
        held = _Lines()
        csv.writer(held).writerows([safe(cell) for cell in row] for row in some)
        yield "".join(held)


def _json_lines(sheet: Sheet, found: Iterable[Row]) -> Iterator[str]:
    """One object a response: each answer as it is stored and, where it has words, in words."""
    names = [name.replace(" ", "_") for name, _ in sheet.fixed]
    whole = [column for column in sheet.columns if column.kind not in ("option", "place")]
    for row in found:
        answers = {one.name: row.answers[one.question] for one in whole if one.question in row.answers}
        labels = {
            one.name: one.cell(row.answers, row.texts) for one in whole if one.kind != "text" and one.name in answers
        }
        held = dict(zip(names, row.about, strict=True)) | {"answers": answers, "in_words": labels, "texts": row.texts}
        yield json.dumps(held, ensure_ascii=False, separators=(",", ":")) + "\n"
