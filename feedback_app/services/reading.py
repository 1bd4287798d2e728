"""Let software read comments: their language, their tone, and the codes that may fit. It suggests; people decide.

Needs the private key, so only the staff side can do it. What was opened stays in memory; what is stored of a comment is
a language, a tone, codes, and words of the codebook.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import Session

from analysis import sentiment
from analysis.codebook import Codebook
from analysis.coding import suggest
from analysis.corpus import Comment, Unsure
from analysis.language import LanguageModel
from feedback_app.core.clock import Clock
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing
from feedback_app.core.sealing import open_sealed
from feedback_app.core.settings import Settings
from feedback_app.definitions.survey import Question
from feedback_app.i18n.catalogues import DOMAINS, read_messages, translated_locales
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import audit
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.collecting import place
from feedback_app.services.editions import Editions
from feedback_app.services.screening import scrubbed_place
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import AnswerText, Reading, Suggestion, SurveyVersion, table_of
from feedback_app.storage.queries import coding as reads

VERSION = table_of(SurveyVersion)
UNSURE = "unsure"
CANNOT = "It does not open: its sealed words were changed, or moved from another answer."
BATCH = 500

Decided = list[tuple[Comment, str]]


class Gone(FeedbackError):
    """The words were deleted, twelve months after the report. What people decided about them stays."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading has come, and how often software could not tell."""

    total: int
    done: int = 0
    suggested: int = 0
    unsure_of_language: int = 0
    unsure_of_tone: int = 0


@dataclass(slots=True)
class Reader:
    """Software that reads comments, with what it needs. To open a comment for a person, no language model is needed."""

    session: Session
    keys: KeyRing
    editions: Editions
    books: Mapping[str, Codebook]
    model: LanguageModel | None = None

    def read_all(self, today: date) -> Iterator[Progress]:
        """Read the comments that the current codebooks have not read yet, a batch at a time.

        The caller commits after each step, so that the work can be stopped and run again: nothing is read twice.

        Raises:
            FeedbackError: there is no language model, so no language can be told.
        """
        by_book: dict[str, list[tuple[AnswerText, Question]]] = {name: [] for name in self.books}
        current = [(book.id, book.version) for book in self.books.values()]
        for row, version in reads.unread(self.session, current, self.keys.private):
            survey = self.editions.get(self.session, version).plan(SOURCE).survey
            question = survey.questions.get(question_id(row.field))
            if question is not None and survey.codebook in by_book:
                by_book[survey.codebook].append((row, question))
        progress = Progress(sum(map(len, by_book.values())))
        yield progress
        for name, waiting in by_book.items():
            decided = self._decided(self.books[name]) if waiting else []
            for start in range(0, len(waiting), BATCH):
                progress = self._read(progress, self.books[name], waiting[start : start + BATCH], decided, today)
                yield progress

    def comment(self, row: AnswerText, question: Question) -> Comment:
        """Open a comment. All comments of one response are one person's."""
        return Comment(
            id=f"{row.response_id}/{row.field}",
            person=row.response_id,
            text=released_text(self.keys, row),
            language=row.language,
            question=question.id,
            direction=question.report.direction if question.report else "",
        )

    @property
    def _taught(self) -> LanguageModel:
        if self.model is None:
            raise FeedbackError("Comments cannot be read without a language model.")
        return self.model

    def _read(
        self,
        progress: Progress,
        book: Codebook,
        batch: list[tuple[AnswerText, Question]],
        decided: Decided,
        today: date,
    ) -> Progress:
        opened: list[tuple[AnswerText, Comment]] = []
        rows: list[dict[str, Any]] = []
        for row, question in batch:
            try:
                opened.append((row, self.comment(row, question)))
            except FeedbackError:  # one that was changed or moved holds up no other; whoever codes is told
                rows.append(_reading(row, None, None, CANNOT))
        told = []
        for row, comment in opened:
            language = self._taught.read(comment.text, comment.language)
            spoken = None if isinstance(language, Unsure) else language.language
            tone = sentiment.read(comment.text, spoken)
            why = [found.reason for found in (language, tone) if isinstance(found, Unsure)]
            rows.append(_reading(row, spoken, None if isinstance(tone, Unsure) else tone.label, " ".join(why)))
            told.append(replace(comment, language=spoken))
        suggested = suggest(told, book, decided=decided)
        by_id = {comment.id: row for row, comment in opened}
        kept = [
            {
                "response_id": by_id[one.comment].response_id,
                "field": by_id[one.comment].field,
                "code": one.code,
                "direction": one.direction,
                "method": one.method,
                "score": one.score,
                "because": one.because,
            }
            for one in suggested
        ]
        version = {"codebook": book.id, "codebook_version": book.version, "read_on": today}
        hold_writes(self.session)  # a person may decide about one of them at this moment
        self._forget(read := [(row.response_id, row.field) for row, _ in batch])
        self.session.execute(insert(Reading), [row | version for row in rows])
        reads.mark_decided(self.session, read)
        if kept:
            self.session.execute(insert(Suggestion), kept)
        return Progress(
            progress.total,
            progress.done + len(batch),
            progress.suggested + len(kept),
            progress.unsure_of_language + sum(row["language"] == UNSURE for row in rows),
            progress.unsure_of_tone + sum(row["sentiment"] == UNSURE for row in rows),
        )

    def _forget(self, comments: list[reads.CommentId]) -> None:
        """Take away what an older version of a codebook made of these comments. Decisions stay."""
        for table in (Reading, Suggestion):
            held = tuple_(table.response_id, table.field).in_(comments)
            self.session.execute(delete(table).where(held).execution_options(synchronize_session=False))

    def _decided(self, book: Codebook) -> Decided:
        """Comments that people coded, with each code they gave: what suggestions can learn from."""
        codes: dict[reads.CommentId, list[str]] = {}
        known = {entry.code for entry in book.entries}
        for verdict in reads.newest_verdicts(self.session):
            if verdict.verdict == reads.ACCEPTED and verdict.codebook == book.id and verdict.code in known:
                codes.setdefault((verdict.response_id, verdict.field), []).append(verdict.code)
        decided: Decided = []
        comments = list(codes)
        for start in range(0, len(comments), BATCH):
            for row, version in reads.with_version(self.session, comments[start : start + BATCH]):
                survey = self.editions.get(self.session, version).plan(SOURCE).survey
                try:
                    comment = self.comment(row, survey.questions[question_id(row.field)])
                except FeedbackError:  # its words were deleted since, or do not open: there is nothing to learn from
                    continue
                decided += [(comment, code) for code in codes[row.response_id, row.field]]
        return decided


def read_new(
    session: Session, keys: KeyRing, editions: Editions, settings: Settings, *, by: str, clock: Clock
) -> Iterator[Progress]:
    """Read what is new, and note it in the audit log. The caller commits after each step and at the end.

    Raises:
        BadFile: a codebook has problems.
        FeedbackError: a private key is not here. What the other keys open was read before.
    """
    books = load_codebooks(settings.surveys)
    asked = session.execute(select(VERSION.c.hash, VERSION.c.document["codebook"].as_string()))
    versions = [row[0] for row in asked if row[1] in books]
    current = [(book.id, book.version) for book in books.values()]
    wanted = reads.keys_of_unread(session, current, versions) if versions else set()
    if wanted & keys.private.keys():
        reader, last = Reader(session, keys, editions, books, language_model(settings.translations)), Progress(0)
        for last in reader.read_all(clock.today()):
            yield last
        if last.total:
            audit.record(session, by, "comments.analyse", "", clock.now(), number=last.total)
            yield last
    for missing in sorted(wanted - keys.private.keys()):
        raise _no_key(missing)


def question_id(field: str) -> str:
    """The question that a field belongs to: `DM05w.other` is a part of `DM05w`."""
    return field.partition(".")[0]


def open_text(keys: KeyRing, row: AnswerText) -> str:
    """Open one sealed comment.

    Raises:
        Gone: its words were deleted.
        FeedbackError: this process does not hold the key it was sealed to.
        CannotOpen: the sealed text was changed or moved.
    """
    if not row.sealed:
        raise Gone("These words were deleted, twelve months after the report.")
    private = keys.private.get(row.key_id)
    if private is None:
        raise _no_key(row.key_id)
    return open_sealed(private, row.sealed, place(row.response_id, row.field, row.key_id))


def released_text(keys: KeyRing, row: AnswerText) -> str:
    """Open what analysts and coders read of a released text: the copy in which names are masked, where there is one.

    Raises:
        As `open_text`.
    """
    if row.scrubbed is None or not row.sealed:
        return open_text(keys, row)
    private = keys.private.get(row.scrubbed_key_id)
    if private is None:
        raise _no_key(row.scrubbed_key_id)
    return open_sealed(private, row.scrubbed, scrubbed_place(row.response_id, row.field, row.scrubbed_key_id))


def _no_key(key_id: str) -> FeedbackError:
    return FeedbackError(f"The private key {key_id} is not here, so its comments cannot be read.")


def _reading(row: AnswerText, language: str | None, tone: str | None, why: str) -> dict[str, Any]:
    return {
        "response_id": row.response_id,
        "field": row.field,
        "language": language or UNSURE,
        "sentiment": tone or UNSURE,
        "unsure_why": why,
    }


def language_model(translations: Path) -> LanguageModel:
    """Teach a language model from our own translations, the only texts that come with the software.

    It is taught once in a process, and again when a translation was written.
    """
    files = sorted(translations.glob("*/LC_MESSAGES/*.po"))
    return _taught(translations, tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=1)
def _taught(translations: Path, _: tuple[tuple[Path, int], ...]) -> LanguageModel:
    samples: dict[str, dict[str, None]] = {SOURCE: {}}
    for code in translated_locales(translations):
        for message in (one for domain in DOMAINS for one in read_messages(translations, code, domain)):
            samples.setdefault(code, {})[message.words] = None
            samples[SOURCE][message.english] = None
    return LanguageModel.train(samples)
