"""Reads for the report: the responses of a period, as they are needed for counting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from feedback_app.storage.models import AnswerText, Collection, CollectionCount, Response
from feedback_app.storage.models.base import Document

AT_ONCE = 1_000
THERE = Response.withdrawn_on.is_(None)  # what somebody took back is counted nowhere


@dataclass(frozen=True, slots=True)
class Answered:
    """One response as it is counted."""

    id: str
    collection: str
    version_hash: str
    language: str
    answers: Document


def collections_in(session: Session, first: date, last: date) -> list[Collection]:
    """Collections that were open in a period, or hold a response of it, by title."""
    held = select(Response.collection_id).where(Response.received_on.between(first, last), THERE)
    asked = _asked_in(first, last) | Collection.id.in_(held)
    return list(session.scalars(select(Collection).where(asked).order_by(Collection.title)))


def more_than(session: Session, first: date, last: date, responses: int, collections: int) -> bool:
    """Whether a period has more responses or more open collections than so many: as quick as that is seen."""
    received = select(Response.id).where(Response.received_on.between(first, last), THERE).limit(responses + 1)
    asked = select(Collection.id).where(_asked_in(first, last)).limit(collections + 1)
    return len(session.scalars(received).all()) > responses or len(session.scalars(asked).all()) > collections


def responses_in(session: Session, first: date, last: date) -> Iterator[Answered]:
    """The responses of a period, streamed."""
    query = (
        select(Response.id, Response.collection_id, Response.version_hash, Response.language, Response.answers)
        .where(Response.received_on.between(first, last), THERE)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(query):
        yield Answered(*row)


def comments_in(session: Session, first: date, last: date) -> Iterator[tuple[str, str, str, str]]:
    """Response, collection, version and field of each comment of a period, streamed; no words."""
    query = (
        select(AnswerText.response_id, Response.collection_id, Response.version_hash, AnswerText.field)
        .join(Response, Response.id == AnswerText.response_id)
        .where(Response.received_on.between(first, last), THERE)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(query):
        yield row[0], row[1], row[2], row[3]


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many started and declined, by collection and kind."""
    rows = session.execute(select(CollectionCount.collection_id, CollectionCount.kind, CollectionCount.number))
    return {(row[0], row[1]): row[2] for row in rows}


def numbers_of(session: Session, collections: list[str]) -> dict[str, int]:
    """How many responses each of these collections holds."""
    mine = select(Response.collection_id, func.count()).where(Response.collection_id.in_(collections), THERE)
    return {row[0]: row[1] for row in session.execute(mine.group_by(Response.collection_id))}


def numbers(session: Session) -> dict[str, int]:
    """How many responses each collection holds."""
    rows = session.execute(select(Response.collection_id, func.count()).where(THERE).group_by(Response.collection_id))
    return {row[0]: row[1] for row in rows}


def _asked_in(first: date, last: date) -> ColumnElement[bool]:
    is_open = (Collection.opens_on <= last) & ((Collection.closes_on.is_(None)) | (Collection.closes_on >= first))
    return (Collection.source == "survey") & is_open
