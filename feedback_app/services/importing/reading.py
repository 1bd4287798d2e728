"""Read every row of a file through a fitted mapping, and tell each row that cannot be taken. Writes nothing.

Sealing is done here, before the one transaction: on SQLite, writing keeps every respondent's page waiting.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import BadFile, FeedbackError, Problem
from feedback_app.core.keys import KeyRing
from feedback_app.services.collecting import sealed_row
from feedback_app.services.importing.fitting import Coded, Fit
from feedback_app.services.importing.preparing import Import
from feedback_app.services.importing.table import Row, Table, Torn
from feedback_app.services.importing.takers import Answers, Cells, Day, Known, Unfit, take_answers
from feedback_app.services.screening import Screens, Source, old_text
from feedback_app.storage.models import Collection
from feedback_app.storage.queries.triage import OPEN

Progress = Callable[[str, int, int], None]  # what is done, how far, of how many
FLAG = "X-"


class BadRows(BadFile):
    """Rows that cannot be taken: all of them, with their lines and reasons. Nothing was imported."""

    def __init__(self, problems: list[Problem], refused: int, rows: int, torn: bool) -> None:
        super().__init__(problems)
        self.refused = refused
        said = f"Nothing was imported: {refused:,} of {rows:,} rows cannot be taken."
        mend = "The file must be mended." if torn else "Mend the file or the mapping, or leave them out: --skip-bad"
        self.args = (f"{self}\n{said} {mend}",)


@dataclass(frozen=True, slots=True)
class TakenRow:
    """What is kept of one row. `answers` is JSON: a row of forty answers is a fifth of the size that way."""

    response: str
    language: str
    received_on: date
    answers: str


@dataclass(slots=True)
class Batch:
    """Everything that was read, ready to be kept.

    `rows`: how many rows there are, empty ones apart; `refused`: of those, how many are left out, and `problems` says
    why; `silent`: how many answer nothing. `codes_without_words`: codes on rows whose text is blank, which have
    nothing to stand on.
    """

    rows: int = 0
    refused: int = 0
    silent: int = 0
    codes_without_words: int = 0
    problems: list[Problem] = field(default_factory=list)
    taken: list[TakenRow] = field(default_factory=list)
    texts: list[dict[str, str | bytes]] = field(default_factory=list)
    queue: list[dict[str, Any]] = field(default_factory=list)  # each text's row there: most count as released
    codes: list[tuple[str, str, str]] = field(default_factory=list)  # response, code, direction

    @property
    def to_read(self) -> int:
        """How many of the texts somebody has to read first."""
        return sum(row["state"] == OPEN for row in self.queue)

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day of what was taken."""
        held = [row.received_on for row in self.taken]
        return min(held), max(held)


def refuse_again(session: Session, one: Import) -> None:
    """Make sure that neither this file nor this collection is here already.

    Raises:
        FeedbackError: one of them is; the message says which and what to do.
    """
    held = session.scalars(select(Collection).where(Collection.file_hash == one.table.hash)).first()
    if held:
        raise FeedbackError(f'{one.table.name} was brought in already, as the collection "{held.id}". Nothing is done.')
    wanted = one.mapping.collection.id
    if session.get(Collection, wanted):
        raise FeedbackError(f'There is a collection "{wanted}" already. Give this one another id in the mapping.')


def read(
    session: Session,
    keys: KeyRing,
    screens: Screens,
    one: Import,
    *,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> Batch:
    """Read every row; screen and seal every free text.

    Args:
        skip_bad: leave out the rows that do not fit, instead of refusing the file.

    Raises:
        FeedbackError: this file, or a collection of this id, is here already.
        BadRows: rows do not fit (or, whatever `skip_bad` says, the rows cannot be told apart), each with its line.
        BadFile: there is no row to take.
    """
    refuse_again(session, one)
    table, fit, collection = one.table, one.fit, one.mapping.collection.id
    batch = Batch()
    torn = False
    try:
        for row in table.rows():
            batch.rows += 1
            _read(row, table, fit, _Intake(keys, screens, collection), batch)
            if progress:
                progress("Read to line", row.line, table.lines)
    except Torn as why:
        torn = True
        batch.problems.append(Problem(table.name, why.line, why.what))
    if torn or (batch.problems and not skip_bad):
        raise BadRows(batch.problems, batch.refused + torn, batch.rows + torn, torn)
    if not batch.taken:
        what = "every row was left out." if batch.rows else "there is no row under the headings."
        raise BadFile([*batch.problems, Problem(table.name, 0, what)])
    return batch


@dataclass(frozen=True, slots=True)
class _Intake:
    """What takes in the words of a collection."""

    keys: KeyRing
    screens: Screens
    collection: str


def _read(row: Row, table: Table, fit: Fit, to: _Intake, batch: Batch) -> None:
    wrong = [row.trouble] if row.trouble else []
    response = to.keys.server.derive("import", to.collection, str(row.number)).hex()[:32]
    if not wrong:
        cells = row.cells
        language = _language(fit.language, cells, wrong)
        day = _day(fit.day, cells, wrong)
        answers = take_answers(fit.asking, cells, wrong.append)
        codes = list(_codes(fit.coded, cells, wrong)) if fit.coded else []
    if wrong:
        batch.refused += 1
        batch.problems += [Problem(table.name, row.line, what) for what in wrong]
        return
    batch.silent += answers.empty
    if fit.coded and fit.coded.text not in answers.texts:
        batch.codes_without_words += len(codes)
        codes = []
    batch.codes += [(response, code, direction) for code, direction in codes]
    batch.taken.append(TakenRow(response, language, day, _json(answers)))
    of = Source(response, to.collection, day)
    for name, words in answers.texts.items():
        batch.texts.append(sealed_row(to.keys, response, name, words, language))
        batch.queue.append(old_text(to.keys, to.screens, of, name, words, language))


def _json(answers: Answers) -> str:
    return json.dumps(answers.closed, ensure_ascii=False, separators=(",", ":"))


def _language(taker: Known | str, cells: Cells, wrong: list[str]) -> str:
    if isinstance(taker, str):
        return taker
    try:
        found = taker(cells)
    except Unfit as unfit:
        wrong.append(str(unfit))
        return ""
    if not found:
        wrong.append(f'"{taker.heading}" is blank, so there is no language.')
    return found


def _day(taker: Day | date, cells: Cells, wrong: list[str]) -> date:
    if isinstance(taker, date):
        return taker
    try:
        return taker(cells)
    except Unfit as unfit:
        wrong.append(str(unfit))
        return date.min


def _codes(coded: Coded, cells: Cells, wrong: list[str]) -> Iterator[tuple[str, str]]:
    """Each code of the row's comment, with its direction; a flag has none."""
    try:
        found: Any = coded.codes(cells)
        codes = [found] if isinstance(found, str) else found
        direction = coded.direction if isinstance(coded.direction, str) else coded.direction(cells)
    except Unfit as unfit:
        wrong.append(str(unfit))
        return
    for code in filter(None, codes):
        if code.startswith(FLAG):
            yield code, ""
        elif direction:
            yield code, direction
        else:
            wrong.append(f"nothing says which way the comment leans, and it has the code {code}.")
            return
