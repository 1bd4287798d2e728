"""Type a paper form in: begin with its number, keep each part, and store it as a response like any other.

Between the pages what is typed is encrypted under a secret that only the typist's own session holds, as a respondent's
draft is under theirs. A form is typed once, and some a second time by somebody else, to compare (comparing.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError, Refused
from feedback_app.core.keys import KeyRing
from feedback_app.core.sealing import CannotOpen, lock, unlock
from feedback_app.core.tokens import Respondent
from feedback_app.documents.on_paper import on_paper
from feedback_app.i18n.locales import SOURCE
from feedback_app.journey.path import Path, walk
from feedback_app.journey.plan import Part, Plan, lay_out
from feedback_app.journey.sorting import sorted_out
from feedback_app.questions.asked import Answer
from feedback_app.questions.consent import declined
from feedback_app.services import audit, collecting, screening
from feedback_app.services.collections import Held
from feedback_app.services.editions import Edition, Editions, Shape
from feedback_app.services.paper import keyed
from feedback_app.services.paper.keyed import Keyed
from feedback_app.services.screening import Screens, Source
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import AnswerText, Draft, PaperForm, Response, SurveyVersion

WAY = "paper"
NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
ALREADY = "This form is typed in already. Do you want to type it a second time, to compare?"


class Already(Refused):
    """A form with this number is typed in already."""


@dataclass(slots=True)
class Typing:
    """One form that is being typed in. `typed` holds what stands in each box, by part, as it was typed."""

    number: str
    version_hash: str
    language: str
    easy: bool
    second: bool
    typed: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Typist:
    """Who types, with the secret of their session that what they type is encrypted under."""

    keys: KeyRing
    screens: Screens
    name: str
    secret: str

    def draft(self, collection: str, number: str) -> Respondent:
        """The draft of one form."""
        return Respondent(self.keys.server, f"paper/{self.secret}/{number}", collection)


@dataclass(frozen=True, slots=True)
class Result:
    """What a whole form comes to, before it is kept."""

    keyed: Keyed
    path: Path
    left_out: tuple[str, ...]  # answers on the paper that are not on the way, so they do not count
    declined: bool

    @property
    def unclear(self) -> list[str]:
        """The answers that count as unclear."""
        return sorted(name for name in self.keyed.unclear if name in self.path.live)


def tidy_number(typed: str) -> str:
    """The number of a form, written in one way: `a-12` is `A-12`, and `007` is `7`.

    Raises:
        FeedbackError: it cannot be the number of a form.
    """
    number = typed.strip().upper()
    if not NUMBER.fullmatch(number):
        raise FeedbackError("Type the number of the form: up to 20 letters, digits and hyphens.")
    return number.lstrip("0") or "0" if number.isdecimal() else number


def versions(session: Session, collection: Held) -> list[tuple[int, str]]:
    """The versions of a collection's survey, with their hashes: its own first, then older ones still on paper."""
    own = session.get_one(SurveyVersion, collection.version_hash)
    found = {own.version: own.hash}
    older = select(SurveyVersion).where(SurveyVersion.survey == own.survey).order_by(SurveyVersion.version.desc())
    for one in session.scalars(older):
        found.setdefault(one.version, one.hash)
    return list(found.items())


def begin(session: Session, typist: Typist, collection: Held, typing: Typing, now: datetime) -> None:
    """Begin to type a form, or take it up where this person left it.

    Raises:
        Already: it was typed in, and a second typing was not asked for.
        FeedbackError: the version is not one of the survey's; or there is no first typing to compare with, or it is by
            the same person, or it was compared before.
    """
    if typing.version_hash not in [known for _, known in versions(session, collection)]:
        raise FeedbackError("This survey has no such version.")
    form = session.get(PaperForm, (collection.id, typing.number))
    if form is not None and not typing.second:
        raise Already(ALREADY)
    if typing.second:
        typing.version_hash, typing.language, typing.easy = _first(session, form, typist.name)
    if find(session, typist, collection.id, typing.number) is not None:
        return
    mine = typist.draft(collection.id, typing.number)
    session.execute(delete(Draft).where(Draft.started_on < now.date() - timedelta(days=1)))
    session.execute(delete(Draft).where(Draft.id == mine.draft_id))
    session.add(
        Draft(
            id=mine.draft_id,
            collection_id=collection.id,
            version_hash=typing.version_hash,
            started_on=now.date(),
            revision=1,
            locked=_lock(mine, typing),
        )
    )


def _first(session: Session, form: PaperForm | None, name: str) -> tuple[str, str, bool]:
    """The version, language and words of the first typing, which the second one follows."""
    if form is None:
        raise FeedbackError("This form is not typed in yet, so there is nothing to compare with.")
    if form.second_by:
        raise FeedbackError("This form is typed in twice already.")
    if form.first_by == name:
        raise FeedbackError("You typed this form the first time. Ask somebody else to type it again.")
    response = session.get_one(Response, form.response_id)
    return response.version_hash, response.language, response.easy


def find(session: Session, typist: Typist, collection: str, number: str) -> Typing | None:
    """The form that this person is typing, or None."""
    mine = typist.draft(collection, number)
    row = session.get(Draft, mine.draft_id)
    if row is None:
        return None
    try:
        return Typing(**json.loads(unlock(mine.draft_secret, row.locked, mine.draft_id.encode())))
    except CannotOpen:
        return None


def keep(session: Session, typist: Typist, collection: str, number: str, part: str, typed: Mapping[str, str]) -> None:
    """Keep what stands in the boxes of one part, right or wrong.

    Raises:
        Refused: the form is not being typed by this person.
    """
    hold_writes(session)
    session.expire_all()
    typing = find(session, typist, collection, number)
    if typing is None:
        raise Refused("This form is not being typed in. Begin again with its number.")
    typing.typed[part] = dict(typed)
    mine = typist.draft(collection, number)
    row = session.get_one(Draft, mine.draft_id)
    row.revision, row.locked = row.revision + 1, _lock(mine, typing)
    session.flush()


def forget(session: Session, typist: Typist, collection: str, number: str) -> None:
    """Forget what was typed of a form."""
    session.execute(delete(Draft).where(Draft.id == typist.draft(collection, number).draft_id))


def plan_of(edition: Edition) -> Plan:
    """The survey as paper asks it, laid out. In English, whatever language a form is in: options stand in one order."""
    return lay_out(on_paper(edition.plan(SOURCE).survey))


def parts_of(plan: Plan) -> list[Part]:
    """The parts of a survey in which something is typed."""
    return [part for part in plan.parts if keyed.asked_in(part)]


def result(plan: Plan, typing: Typing) -> Result:
    """Read the whole form, and follow its routes as a screen would."""
    found = Keyed()
    for part in parts_of(plan):
        one = keyed.read(part, typing.typed.get(part.page.id, {}))
        found.answers |= one.answers
        found.unclear |= one.unclear
        found.troubles |= one.troubles
    path = walk(plan, found.answers)
    said = [name for name, answer in found.answers.items() if answer]
    left_out = tuple(name for name in said if name not in path.live)
    return Result(found, path, left_out, declined(found.answers, plan.survey.consent))


def store(
    session: Session, typist: Typist, collection: Held, editions: Editions, typing: Typing, now: datetime, today: date
) -> Result:
    """Store a form that was typed the first time, and forget the draft. A "no" to taking part is a count and no more.

    Raises:
        Already: somebody else stored this number meanwhile.
        FeedbackError: something is mistyped, or a question that must be answered is empty.
    """
    hold_writes(session)
    if session.get(PaperForm, (collection.id, typing.number)) is not None:
        raise Already(ALREADY)
    plan = plan_of(editions.asked(session, Shape(typing.version_hash, collection.left_out)))
    found = whole(plan, typing)
    forget(session, typist, collection.id, typing.number)
    collecting.count(session, collection.id, collecting.STARTED)
    if found.declined:
        collecting.count(session, collection.id, collecting.DECLINED)
        audit.record(session, typist.name, "paper.decline", collection.id, now, number=typing.number)
        return found
    closed, texts = sorted_out(plan, found.path)
    ident = typist.draft(collection.id, typing.number).response_id
    session.add(_response(ident, collection.id, typing, closed, today))
    session.flush()
    for name, words in texts.items():
        session.add(AnswerText(**collecting.sealed_row(typist.keys, ident, name, words, typing.language)))
    session.flush()
    of, spoken = Source(ident, collection.id, today), dict.fromkeys(texts, typing.language)
    screening.put(session, typist.keys, typist.screens, of, texts, spoken)
    session.add(
        PaperForm(
            collection_id=collection.id,
            number=typing.number,
            response_id=ident,
            unclear=dict.fromkeys(found.unclear, True),
            first_by=typist.name,
            first_on=today,
        )
    )
    session.flush()
    unclear = len(found.unclear)
    audit.record(session, typist.name, "paper.type", collection.id, now, number=typing.number, unclear=unclear)
    return found


def whole(plan: Plan, typing: Typing) -> Result:
    """The whole form, if it can be stored.

    Raises:
        FeedbackError: something is mistyped, or a question that must be answered is empty.
    """
    found = result(plan, typing)
    if found.keyed.troubles:
        raise FeedbackError("Some boxes need another look before this form can be stored.")
    if not found.path.complete:
        raise FeedbackError(
            f"{plan.survey.consent} has no clear answer. Without a yes to taking part a form may not be stored."
        )
    return found


def _response(ident: str, collection: str, typing: Typing, closed: dict[str, Answer], today: date) -> Response:
    return Response(
        id=ident,
        collection_id=collection,
        version_hash=typing.version_hash,
        language=typing.language,
        received_on=today,
        answers=closed,
        languages={},
        way=WAY,
        easy=typing.easy,
    )


def _lock(mine: Respondent, typing: Typing) -> bytes:
    return lock(mine.draft_secret, json.dumps(asdict(typing), ensure_ascii=False).encode(), mine.draft_id.encode())
