"""Write the closed answers of a collection as a table for an analyst: one row a response, free text left out.

This is not a publication: a row is one person. What is published comes from `reporting`, small numbers suppressed.
"""

from __future__ import annotations

import csv
from datetime import datetime
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError, did_you_mean
from feedback_app.i18n.locales import SOURCE
from feedback_app.questions.asked import Answer, Asked, label_of
from feedback_app.questions.registry import type_of
from feedback_app.services import audit, collections
from feedback_app.services.editions import Editions
from feedback_app.storage.models import PaperForm, Response

RISKY = ("=", "+", "-", "@", "\t", "\r")
LEFT_BLANK, NOT_ASKED = "(left blank)", ""
UNCLEAR = "unclear on paper"
AT_ONCE = 1_000


def export(session: Session, editions: Editions, collection: str, out: TextIO, *, by: str, now: datetime) -> int:
    """Write a collection's closed answers as CSV, with the words people saw; return how many responses.

    "Left blank" is written out; an empty cell is a question the person did not come to.

    Raises:
        FeedbackError: there is no such collection.
    """
    held = collections.find(session, collection)
    if held is None:
        known = [one.id for one in collections.listed(session)]
        raise FeedbackError(f'There is no collection "{collection}".{did_you_mean(collection, known)}')
    plan = editions.get(session, held.version_hash).plan(SOURCE)
    columns = [asked for asked in plan.asked.values() if not type_of(asked).text]
    table = csv.writer(out)
    unclear = _unclear(session, collection)
    table.writerow(["response", "received on", "language", UNCLEAR, *(safe(_heading(asked)) for asked in columns)])
    number = 0
    rows = select(Response).where(Response.collection_id == collection).order_by(Response.id)
    for response in session.scalars(rows.execution_options(yield_per=AT_ONCE)):
        cells = [_cell(asked, response.answers) for asked in columns]
        about = [response.id, response.received_on.isoformat(), response.language, unclear.get(response.id, "")]
        table.writerow([*about, *map(safe, cells)])
        number += 1
    audit.record(session, by, "collection.export", collection, now, responses=number)
    return number


def _unclear(session: Session, collection: str) -> dict[str, str]:
    """By response, the answers on paper that nobody could read for certain; in their own columns they are blank."""
    held = select(PaperForm.response_id, PaperForm.unclear).where(PaperForm.collection_id == collection)
    return {row[0]: "; ".join(sorted(row[1])) for row in session.execute(held)}


def safe(cell: str) -> str:
    """A cell that runs nothing when a spreadsheet opens it."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def _heading(asked: Asked) -> str:
    return f"{asked.id}: {asked.words}"


def _cell(asked: Asked, answers: dict[str, Answer]) -> str:
    answer = answers.get(asked.id)
    if answer is None:
        return NOT_ASKED
    values = [answer] if isinstance(answer, str) else answer
    return "; ".join(label_of(asked, value) for value in values if value) or LEFT_BLANK
