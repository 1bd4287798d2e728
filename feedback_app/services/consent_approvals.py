"""The words of consent of a survey in one language, and who approved them. Knows nothing of opening a survey.

They are the texts that a person's safety hangs on: what happens to their words, and the question whether they want to
take part. What is approved is the words as they are read, with the area's own names and numbers in them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError, Refused
from feedback_app.i18n.catalogues import Review
from feedback_app.i18n.locales import SOURCE
from feedback_app.i18n.placeholders import put
from feedback_app.i18n.survey_texts import texts
from feedback_app.services import audit
from feedback_app.services.editions import Edition
from feedback_app.storage.models import ConsentApproval

LONGEST_NAME = 120


class Changed(FeedbackError):
    """The words are not those that the person had before them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One text: where it stands, in English and in the language."""

    context: str
    english: str
    words: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of consent of a survey in one language."""

    survey: str
    language: str
    lines: tuple[Line, ...]
    review: Review

    @property
    def hash(self) -> str:
        """What names exactly these words. The English is in it: who approves a translation sees both."""
        lines = [[one.context, one.english, one.words] for one in self.lines]
        plain = json.dumps([self.survey, self.language, lines], ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()

    @property
    def unreviewed(self) -> bool:
        """Whether nobody has reviewed this translation, so that somebody who reads the language has to."""
        return self.review == "draft"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved, when, and who that reads the language checked it, where somebody had to."""

    by: str
    on: date
    checked_by: str


def wording(edition: Edition, language: str) -> Wording:
    """The words of consent in a language that the version has; without lines where the survey has none.

    Raises:
        KeyError: the version does not have this language.
    """
    frozen, area = edition.frozen, edition.area
    held = frozen.languages[language] if language != SOURCE else None
    english, local = area.words_in(SOURCE), area.words_in(language)
    lines = tuple(
        Line(one.context, put(one.english, english), put(held.words[one.context] if held else one.english, local))
        for one in texts(frozen.document)
        if one.safety and (held is None or one.context in held.words)
    )
    return Wording(frozen.document["survey"], language, lines, held.safety if held else "approved")


def approvals(session: Session, wordings: Iterable[Wording]) -> dict[str, Approval]:
    """The newest approval of each of these wordings that has one, by language."""
    wanted = {one.hash: one.language for one in wordings}
    query = select(ConsentApproval).where(ConsentApproval.wording_hash.in_(list(wanted))).order_by(ConsentApproval.id)
    return {
        wanted[row.wording_hash]: Approval(row.approved_by, row.approved_on, row.checked_by)
        for row in session.scalars(query)
    }


def approve(
    session: Session, words: Wording, seen: str, *, checked_by: str, by: str, now: datetime, today: date
) -> None:
    """Keep that somebody approves these words.

    Args:
        seen: the hash of the words that the person had before them.
        checked_by: who reads the language and checked the words, where nobody had reviewed them.

    Raises:
        Changed: the words are others by now.
        Refused: there are none, or nobody who reads the language has checked them.
    """
    checked_by = " ".join(checked_by.split())
    if not words.lines:
        raise Refused("This survey has no words of consent. Write them in its file first.")
    if seen != words.hash:
        raise Changed("These words were changed while you had them open. Nothing was kept. Read them again.")
    if words.unreviewed and not 0 < len(checked_by) <= LONGEST_NAME:
        raise Refused("Nobody has reviewed this translation. Tick that it was checked, and write who checked it.")
    session.add(
        ConsentApproval(
            wording_hash=words.hash,
            survey=words.survey,
            language=words.language,
            checked_by=checked_by if words.unreviewed else "",
            approved_by=by,
            approved_on=today,
        )
    )
    session.flush()
    audit.record(session, by, "consent.approve", words.survey, now, language=words.language, wording=words.hash)
