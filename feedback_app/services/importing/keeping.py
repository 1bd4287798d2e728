"""Keep what was read: publish the survey, open the collection, store the responses, in the caller's one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback_app.services import audit, publishing
from feedback_app.services.importing.fitting import Fit
from feedback_app.services.importing.preparing import Import
from feedback_app.services.importing.reading import Batch, Progress, refuse_again
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import AnswerText, Collection, Decision, Response, Triage
from feedback_app.storage.queries.coding import ACCEPTED
from feedback_app.storage.queries.triage import OPEN

SOURCE = "imported"
AT_ONCE = 1_000


def keep(
    session: Session, one: Import, batch: Batch, *, by: str, now: datetime, progress: Progress | None = None
) -> None:
    """Publish the survey, open the collection and store what was read. The caller commits, or rolls all of it back.

    Raises:
        FeedbackError: the file or the collection came in meanwhile, or another text is published as this version.
    """
    hold_writes(session)
    refuse_again(session, one)
    published = publishing.publish(session, one.survey, one.area, one.translations, by=by, now=now)
    first, last = batch.days
    about = one.mapping.collection
    session.add(
        Collection(
            id=about.id,
            version_hash=published.hash,
            title=about.title,
            source=SOURCE,
            note=about.note,
            file_hash=one.table.hash,
            opens_on=first,
            closes_on=last,
        )
    )
    session.flush()
    _store(session, Response.__table__, _responses(batch, about.id, published.hash), len(batch.taken), progress)
    _store(session, AnswerText.__table__, iter(batch.texts), len(batch.texts), progress)
    _store(session, Triage.__table__, _queue(batch, by, now), len(batch.queue), progress)
    _store(session, Decision.__table__, _decisions(batch, one.fit, now), len(batch.codes), progress)
    audit.record(
        session,
        by,
        "collection.import",
        about.id,
        now,
        rows=batch.rows,
        taken=len(batch.taken),
        left_out=batch.refused,
        comments=len(batch.texts),
        to_read=batch.to_read,
        codes=len(batch.codes),
        file=one.table.hash,
        version=published.hash,
    )


def _responses(batch: Batch, collection: str, version: str) -> Iterator[dict[str, Any]]:
    for row in batch.taken:
        yield {
            "id": row.response,
            "collection_id": collection,
            "version_hash": version,
            "language": row.language,
            "received_on": row.received_on,
            "answers": json.loads(row.answers),
            "languages": {},
            "order_seed": "",
            "receipt_hash": None,
        }


def _queue(batch: Batch, by: str, now: datetime) -> Iterator[dict[str, Any]]:
    """What software flags waits to be read. All else the partnership held before: whoever brings it in releases it."""
    for row in batch.queue:
        waits = row["state"] == OPEN
        yield row | {"first_by": "" if waits else by, "first_at": None if waits else now}


def _decisions(batch: Batch, fit: Fit, now: datetime) -> Iterator[dict[str, Any]]:
    """Decisions of the coder whom the mapping names. When they were taken is not known: it is when they came here."""
    if fit.coded is None:
        return
    for response, code, direction in batch.codes:
        yield {
            "response_id": response,
            "field": fit.coded.text,
            "code": code,
            "direction": direction,
            "verdict": ACCEPTED,
            "decided_by": fit.coded.coder,
            "decided_at": now,
            "codebook": fit.coded.codebook,
            "codebook_version": fit.coded.codebook_version,
        }


def _store(session: Session, into: Any, rows: Iterator[dict[str, Any]], number: int, progress: Progress | None) -> None:
    for done in range(0, number, AT_ONCE):
        some = list(islice(rows, AT_ONCE))
        session.execute(insert(into), some)
        if progress:
            progress("Kept", done + len(some), number)
