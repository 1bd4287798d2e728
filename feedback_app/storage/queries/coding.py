"""Reads about comments, suggestions and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Exists, and_, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from feedback_app.storage.models import AnswerText, Decision, Reading, Response, Suggestion
from feedback_app.storage.queries.triage import RELEASED_TEXT

ACCEPTED, REJECTED = "accepted", "rejected"
HARM = "X-SAFE"  # the codebooks' flag for possible harm: such comments are read first

CommentId = tuple[str, str]
HELD = AnswerText.sealed != b""  # twelve months after the report the words are deleted, and their codes stay


@dataclass(frozen=True, slots=True)
class Verdict:
    """The newest decision on one code of one comment."""

    response_id: str
    field: str
    code: str
    direction: str
    verdict: str
    decided_by: str
    codebook: str


def newest_verdicts(session: Session, comments: Iterable[CommentId] | None = None) -> Iterator[Verdict]:
    """The newest decision on each code of each comment; of all comments, or of these."""
    newest = select(func.max(Decision.id)).group_by(Decision.response_id, Decision.field, Decision.code)
    query = select(
        Decision.response_id,
        Decision.field,
        Decision.code,
        Decision.direction,
        Decision.verdict,
        Decision.decided_by,
        Decision.codebook,
    ).where(Decision.id.in_(newest))
    if comments is not None:
        query = query.where(tuple_(Decision.response_id, Decision.field).in_(list(comments)))
    for row in session.execute(query.order_by(Decision.id)):
        yield Verdict(*row)


def _read_with(books: Iterable[tuple[str, str]]) -> Exists:
    current = or_(*(and_(Reading.codebook == book, Reading.codebook_version == version) for book, version in books))
    return exists().where(Reading.response_id == AnswerText.response_id, Reading.field == AnswerText.field, current)


def unread(session: Session, books: Iterable[tuple[str, str]], keys: Iterable[str]) -> list[tuple[AnswerText, str]]:
    """Comments that no current codebook (id and version) has read, with the hash of the survey version they answer.

    Only those that are sealed to one of these keys: the others cannot be read here.
    """
    query = (
        select(AnswerText, Response.version_hash)
        .join(Response, Response.id == AnswerText.response_id)
        .where(
            ~_read_with(books), RELEASED_TEXT, HELD, Response.withdrawn_on.is_(None), AnswerText.key_id.in_(list(keys))
        )
        .order_by(AnswerText.response_id, AnswerText.field)
    )
    return [(row, version) for row, version in session.execute(query)]


def keys_of_unread(session: Session, books: Iterable[tuple[str, str]], versions: Iterable[str]) -> set[str]:
    """The keys to the comments on these survey versions that no current codebook has read; none if all are read."""
    query = (
        select(AnswerText.key_id)
        .join(Response, Response.id == AnswerText.response_id)
        .where(Response.version_hash.in_(list(versions)), ~_read_with(books), RELEASED_TEXT, HELD)
        .where(Response.withdrawn_on.is_(None))
        .distinct()
    )
    return set(session.scalars(query))


def count_unread(session: Session, books: Iterable[tuple[str, str]], collection: str = "") -> int:
    """How many comments no current codebook (id and version) has read; of all collections, or of one."""
    query = select(func.count()).select_from(AnswerText).where(~_read_with(books), RELEASED_TEXT, HELD)
    if collection:
        query = query.join(Response, Response.id == AnswerText.response_id).where(Response.collection_id == collection)
    return session.scalar(query) or 0


def with_version(session: Session, comments: list[CommentId]) -> list[tuple[AnswerText, str]]:
    """Those of these comments that are released, with the hash of the version they answer, in the order asked for."""
    query = (
        select(AnswerText, Response.version_hash)
        .join(Response, Response.id == AnswerText.response_id)
        .where(tuple_(AnswerText.response_id, AnswerText.field).in_(comments), RELEASED_TEXT)
    )
    found = {(row.response_id, row.field): (row, version) for row, version in session.execute(query)}
    return [found[comment] for comment in comments if comment in found]


def waiting(session: Session, collection: str, *, offset: int, limit: int) -> list[CommentId]:
    """Comments of a collection that were read and that nobody decided about, possible harm first."""
    harm = exists().where(
        Suggestion.response_id == Reading.response_id, Suggestion.field == Reading.field, Suggestion.code == HARM
    )
    decided = exists().where(Decision.response_id == Reading.response_id, Decision.field == Reading.field)
    query = (
        select(Reading.response_id, Reading.field)
        .join(Response, Response.id == Reading.response_id)
        .where(Response.collection_id == collection, ~decided)
        .order_by(harm.desc(), Reading.response_id, Reading.field)
        .offset(offset)
        .limit(limit)
    )
    return [(row.response_id, row.field) for row in session.execute(query)]


def count_waiting(session: Session, collection: str) -> int:
    """How many comments of a collection wait for a person, by their marks."""
    mine = select(func.count()).select_from(Reading).join(Response, Response.id == Reading.response_id)
    return session.scalar(mine.where(Response.collection_id == collection, ~Reading.decided)) or 0


def count_all_waiting(session: Session) -> int:
    """How many comments wait for a person, of all collections: quick, whatever there is."""
    return session.scalar(select(func.count()).select_from(Reading).where(~Reading.decided)) or 0


def where_waiting(session: Session, looked_at: int, most: int) -> list[tuple[str, int]]:
    """The collections in which most comments wait, among so many of those that wait; their ids lie in no order."""
    some = select(Reading.response_id).where(~Reading.decided).limit(looked_at).subquery()
    query = (
        select(Response.collection_id, func.count())
        .join(some, some.c.response_id == Response.id)
        .group_by(Response.collection_id)
        .order_by(func.count().desc(), Response.collection_id)
        .limit(most)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def mark_decided(session: Session, comments: list[CommentId]) -> None:
    """Mark which of these comments somebody has decided about. The mark is for counting; decisions are what holds."""
    decided = exists().where(Decision.response_id == Reading.response_id, Decision.field == Reading.field)
    these = tuple_(Reading.response_id, Reading.field).in_(comments)
    marked = update(Reading).where(these, decided).values(decided=True)
    session.execute(marked.execution_options(synchronize_session=False))


def suggestions_of(session: Session, comments: list[CommentId]) -> Iterator[Suggestion]:
    """What software suggested for these comments, the likeliest first."""
    query = select(Suggestion).where(tuple_(Suggestion.response_id, Suggestion.field).in_(comments))
    yield from session.scalars(query.order_by(Suggestion.score.desc(), Suggestion.code))


def readings_of(session: Session, comments: list[CommentId]) -> dict[CommentId, Reading]:
    """What software made of these comments."""
    query = select(Reading).where(tuple_(Reading.response_id, Reading.field).in_(comments))
    return {(row.response_id, row.field): row for row in session.scalars(query)}


def undecided_suggestions(session: Session, first: date, last: date) -> Iterator[tuple[str, str, int]]:
    """Suggested codes that nobody decided about, counted by collection and field, for responses of a period."""
    decided = exists().where(
        Decision.response_id == Suggestion.response_id,
        Decision.field == Suggestion.field,
        Decision.code == Suggestion.code,
    )
    query = (
        select(Response.collection_id, Suggestion.field, func.count())
        .join(Response, Response.id == Suggestion.response_id)
        .where(Response.received_on.between(first, last), ~decided, ~Suggestion.code.startswith("X-"))
        .group_by(Response.collection_id, Suggestion.field)
    )
    for row in session.execute(query):
        yield row[0], row[1], row[2]
