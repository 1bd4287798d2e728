"""What people do with comments: read them, and decide which codes they carry. Decisions are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from feedback_app.core.errors import FeedbackError
from feedback_app.core.sealing import CannotOpen
from feedback_app.definitions.survey import Question
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import audit, notes
from feedback_app.services.collections import Held
from feedback_app.services.reading import CANNOT, Reader, question_id
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import AnswerText, Decision
from feedback_app.storage.queries import coding as reads
from feedback_app.storage.queries.coding import ACCEPTED, HARM, REJECTED

DIRECTIONS = {"+": "Working well", "-": "Worried about", "~": "Mixed", ">": "Needs to change", "0": "Neutral"}
AT_A_TIME = 10
URGENT = (HARM, "X-STAFF")  # the codebook treats a concern about a person in a position of trust as possible harm


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
    note: str = ""  # what kind of note by staff it is; empty for what somebody wrote themselves
    trouble: str = ""  # why its words are not here, if they are not


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of comments that wait for a person, and how many there are."""

    collection: str
    title: str
    total: int
    page: int
    comments: tuple[OpenComment, ...]
    codebook: Codebook | None


def waiting(reader: Reader, collection: Held, page: int, *, by: str, now: datetime) -> Waiting:
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


def again(reader: Reader, comment: tuple[str, str], *, by: str, now: datetime) -> str:
    """Open one comment once more, for a person who marked it as possible harm; that is an event too."""
    found = reads.with_version(reader.session, [comment])
    if not found:
        raise FeedbackError("This comment is not here any more.")
    row, version = found[0]
    survey = reader.editions.get(reader.session, version).plan(SOURCE).survey
    audit.record(reader.session, by, "comments.read", survey.survey, now, number=1)
    return reader.comment(row, survey.questions[question_id(row.field)]).text


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
        FeedbackError: there is no such comment, codebook, code or direction; somebody decided before; or a sign of harm
            was passed over without a word.
    """
    hold_writes(session)  # so that two people cannot decide on one comment at the same moment
    if any(reads.newest_verdicts(session, [comment])):
        raise FeedbackError("A decision on this comment was kept before. Nothing was added.")
    for one in reads.suggestions_of(session, [comment]):
        # The other codes are "no" until a person says yes; what may be harm needs an answer.
        if one.code in URGENT and one.code not in choices and one.code not in refused:
            raise FeedbackError(f"Say yes or no to {one.code}: may these words mean harm?")
    if not reads.with_version(session, [comment]) or book not in books:
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
    reads.mark_decided(session, [comment])
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
    kinds = notes.kinds_of(session, [response for response, _ in ids])
    for row, version in reads.with_version(session, ids):
        survey = reader.editions.get(session, version).plan(SOURCE).survey
        question = survey.questions[question_id(row.field)]
        reading = readings[row.response_id, row.field]
        codes = tuple(suggested.get((row.response_id, row.field), ()))
        text, trouble = _words(reader, row, question)
        comments.append(
            OpenComment(
                row.response_id,
                row.field,
                question.label,
                text,
                reading.language,
                reading.sentiment,
                reading.unsure_why,
                any(code.code == HARM for code in codes),
                codes,
                notes.KINDS.get(kinds.get(row.response_id, ""), ""),
                trouble,
            )
        )
    return comments


def _words(reader: Reader, row: AnswerText, question: Question) -> tuple[str, str]:
    """The words of a comment, or why they are not here: one that does not open holds up no other of its page."""
    try:
        return reader.comment(row, question).text, ""
    except CannotOpen:
        return "", CANNOT
    except FeedbackError as error:
        if not reader.keys.private:
            raise
        return "", str(error)


def _in_words(book: Codebook | None, code: str) -> tuple[str, str]:
    try:
        entry = book.lookup(code) if book else None
    except KeyError:  # the codebook was changed after the reading
        entry = None
    return (entry.name, getattr(entry, "definition", "") or getattr(entry, "use", "")) if entry else (code, "")
