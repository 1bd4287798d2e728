"""What people do with comments: read them, and decide which codes they carry. Decisions are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import audit
from feedback_app.services.reading import Reader, question_id
from feedback_app.storage.models import AnswerText, Collection, Decision
from feedback_app.storage.queries import coding as reads
from feedback_app.storage.queries.coding import ACCEPTED, HARM, REJECTED

DIRECTIONS = {"+": "Working well", "-": "Worried about", "~": "Mixed", ">": "Needs to change", "0": "Neutral"}
AT_A_TIME = 10


@dataclass(frozen=True, slots=True)
class SuggestedCode:
    """A code that software suggests, in words: greyed, and not counted."""

    code: str
    name: str
    definition: str
    direction: str
    because: str
    method: str


@dataclass(frozen=True, slots=True)
class OpenComment:
    """One comment, opened for a person to read."""

    response_id: str
    field: str
    question: str
    text: str
    language: str
    sentiment: str
    unsure_why: str
    harm: bool
    suggestions: tuple[SuggestedCode, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of comments that wait for a person, and how many there are."""

    collection: str
    title: str
    total: int
    page: int
    comments: tuple[OpenComment, ...]
    codebook: Codebook | None


def waiting(reader: Reader, collection: Collection, page: int, *, by: str, now: datetime) -> Waiting:
    """Open a page of the comments that nobody has decided about, those that may tell of harm first.

    Reading a child's words is an event of the audit log: who, how many, of which collection, and no word of them.
    """
    session = reader.session
    ids = reads.waiting(session, collection.id, offset=(page - 1) * AT_A_TIME, limit=AT_A_TIME)
    survey = reader.editions.get(session, collection.version_hash).plan(SOURCE).survey
    book = reader.books.get(survey.codebook)
    comments = _opened(reader, ids, book)
    if comments:
        audit.record(session, by, "comments.read", collection.id, now, number=len(comments))
    total = reads.count_waiting(session, collection.id)
    return Waiting(collection.id, collection.title, total, page, tuple(comments), book)


def decide(
    session: Session,
    books: Mapping[str, Codebook],
    book: str,
    comment: tuple[str, str],
    choices: Mapping[str, str],
    *,
    by: str,
    now: datetime,
    refused: tuple[str, ...] = (),
) -> None:
    """Keep what a person decided about one comment.

    Args:
        choices: accepted codes, each with its direction ("" for a flag).
        refused: suggested codes that the person looked at and did not take.

    Raises:
        FeedbackError: there is no such comment, codebook, code or direction.
    """
    if session.get(AnswerText, comment) is None or book not in books:
        raise FeedbackError("This comment is not here any more.")
    known = {entry.code: entry for entry in books[book].entries}
    for code, direction in choices.items():
        if code not in known:
            raise FeedbackError(f'The codebook has no code "{code}".')
        if direction not in DIRECTIONS and not code.startswith("X-"):
            raise FeedbackError(f"Choose a direction for {code}.")
    if not choices and not refused:
        raise FeedbackError("Choose a code. If none fits, choose X-NONE or X-NEW.")
    verdicts = [(code, direction, ACCEPTED) for code, direction in choices.items()]
    verdicts += [(code, "", REJECTED) for code in refused if code in known and code not in choices]
    for code, direction, verdict in verdicts:
        session.add(
            Decision(
                response_id=comment[0],
                field=comment[1],
                code=code,
                direction=direction,
                verdict=verdict,
                decided_by=by,
                decided_at=now,
                codebook=book,
                codebook_version=books[book].version,
            )
        )
    session.flush()
    taken = sum(1 for *_, verdict in verdicts if verdict == ACCEPTED)
    audit.record(session, by, "comment.code", book, now, accepted=taken, rejected=len(verdicts) - taken)


def _opened(reader: Reader, ids: list[reads.CommentId], book: Codebook | None) -> list[OpenComment]:
    session = reader.session
    readings = reads.readings_of(session, ids)
    suggested: dict[reads.CommentId, list[SuggestedCode]] = {}
    for one in reads.suggestions_of(session, ids):
        words = _in_words(book, one.code)
        suggested.setdefault((one.response_id, one.field), []).append(
            SuggestedCode(one.code, words[0], words[1], one.direction, one.because, one.method)
        )
    comments = []
    for row, version in reads.with_version(session, ids):
        survey = reader.editions.get(session, version).plan(SOURCE).survey
        question = survey.questions[question_id(row.field)]
        reading = readings[row.response_id, row.field]
        codes = tuple(suggested.get((row.response_id, row.field), ()))
        comments.append(
            OpenComment(
                row.response_id,
                row.field,
                question.label,
                reader.comment(row, question).text,
                reading.language,
                reading.sentiment,
                reading.unsure_why,
                any(code.code == HARM for code in codes),
                codes,
            )
        )
    return comments


def _in_words(book: Codebook | None, code: str) -> tuple[str, str]:
    try:
        entry = book.lookup(code) if book else None
    except KeyError:  # the codebook was changed after the reading
        entry = None
    return (entry.name, getattr(entry, "definition", "") or getattr(entry, "use", "")) if entry else (code, "")
