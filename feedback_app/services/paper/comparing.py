"""Compare two typings of one paper form, settle where they differ, and say how far typing can be trusted.

The second typing is sealed like every text of a person, so comparing needs the private key, which only the staff side
holds. What is kept of a difference is the name of the question and which typing stands; no answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing, ServerKey
from feedback_app.core.sealing import open_sealed, seal
from feedback_app.journey.path import walk
from feedback_app.journey.plan import Plan
from feedback_app.journey.sorting import sorted_out
from feedback_app.questions.asked import OTHER, Answer, Asked, label_of
from feedback_app.questions.consent import declined
from feedback_app.questions.registry import type_of
from feedback_app.services import audit, collecting, screening
from feedback_app.services.collections import Held
from feedback_app.services.editions import Editions, Shape
from feedback_app.services.paper import typing as first_typing
from feedback_app.services.paper.typing import Typing, Typist
from feedback_app.services.reading import open_text
from feedback_app.services.screening import Screens, Source
from feedback_app.storage.db import hold_writes
from feedback_app.storage.models import AnswerText, PaperForm, Reading, Response, Suggestion
from feedback_app.storage.queries.triage import is_readable

FIRST, SECOND = "first", "second"
AT_LEAST, ONE_IN = 5, 10
UNCLEAR, LEFT_BLANK = "unclear", "left blank"


@dataclass(frozen=True, slots=True)
class Said:
    """What one typing says: the answers on its way, free texts among them, and those that were unclear."""

    answers: Mapping[str, Answer]
    unclear: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that the two typings do not agree on, in words."""

    name: str
    question: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two typings agree: the forms typed twice, the questions compared, and how many differ."""

    forms: int = 0
    compared: int = 0
    differ: int = 0

    @property
    def rate(self) -> float:
        """The share of the compared questions on which both agree, in percent."""
        return 100 * (self.compared - self.differ) / self.compared if self.compared else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How the typing of a collection's forms stands."""

    typed: int
    twice: Sequence[str]  # to be typed a second time, by this person
    by_others: int  # to be typed a second time, by anybody but this person
    open: Sequence[tuple[str, int]]  # forms on which two typings differ, and on how many questions
    agreement: Agreement


def standing(session: Session, keys: ServerKey, collection: str, name: str) -> Standing:
    """How the typing stands, for the person who looks."""
    held = select(PaperForm).where(PaperForm.collection_id == collection).order_by(PaperForm.number)
    forms = list(session.scalars(held))
    wanted = [form for form in sample(keys, forms) if not form.second_by]
    twice = [form for form in forms if form.second_by]
    return Standing(
        typed=len(forms),
        twice=sorted(form.number for form in wanted if form.first_by != name),
        by_others=sum(form.first_by == name for form in wanted),
        open=[(form.number, len(form.differences)) for form in twice if form.settled_on is None],
        agreement=Agreement(
            len(twice), sum(form.compared for form in twice), sum(len(form.differences) for form in twice)
        ),
    )


def sample(keys: ServerKey, forms: Sequence[PaperForm]) -> list[PaperForm]:
    """The forms to be typed twice: one in ten, and at least five.

    They are those whose numbers come first under a keyed hash, so that nobody can tell while typing which will be asked
    for, and the same ones are asked for each time.
    """

    def order(form: PaperForm) -> bytes:
        return keys.derive("second typing", form.collection_id, form.number)

    return sorted(forms, key=order)[: max(AT_LEAST, ceil(len(forms) / ONE_IN))]


def store_second(
    session: Session, typist: Typist, collection: Held, editions: Editions, typing: Typing, now: datetime, today: date
) -> int:
    """Seal a second typing and compare it with the first; return on how many questions they differ.

    Raises:
        FeedbackError: something is mistyped, or somebody else typed it a second time meanwhile.
    """
    hold_writes(session)
    form = session.get(PaperForm, (collection.id, typing.number))
    if form is None or form.second_by:
        raise FeedbackError("This form cannot be typed a second time any more. Nothing was stored.")
    plan = first_typing.plan_of(editions.asked(session, Shape(typing.version_hash, collection.left_out)))
    found = first_typing.whole(plan, typing)
    first_typing.forget(session, typist, collection.id, typing.number)
    keys = typist.keys
    second = Said(found.path.live, frozenset(found.keyed.unclear))
    compared, differ = compare(plan, _first(session, keys, form), second)
    form.second_by, form.second_on, form.compared = typist.name, today, compared
    form.differences = dict.fromkeys(differ, "")
    if differ:
        content = json.dumps({"answers": second.answers, "unclear": sorted(second.unclear)}, ensure_ascii=False)
        form.second_sealed = seal(keys.public, content, _place(form, keys.key_id))
        form.second_key_id = keys.key_id
    else:
        form.settled_by, form.settled_on = typist.name, today
    session.flush()
    counted = {"number": form.number, "compared": compared, "differ": len(differ)}
    audit.record(session, typist.name, "paper.type_again", collection.id, now, **counted)
    return len(differ)


def compare(plan: Plan, first: Said, second: Said) -> tuple[int, list[str]]:
    """How many questions two typings can be compared on, and those that differ, in the order of the survey.

    The base is every question on the way of either typing, blank or not, and own words where either has any. A question
    that one typing left blank, and the other does not have on its way, is the same: nothing was said.
    """
    compared = [name for name in _names(plan) if _is_there(plan, first, name) or _is_there(plan, second, name)]
    return len(compared), [name for name in compared if _value(first, name) != _value(second, name)]


def differences(
    session: Session, keys: KeyRing, editions: Editions, collection: Held, number: str, *, by: str, now: datetime
) -> list[Difference]:
    """Open the two typings of a form where they differ. That somebody looked is an event of the audit log.

    Raises:
        FeedbackError: there is nothing to settle, or this process does not hold the private key; or somebody who did
            not type the form would read words that the safeguarding lead has not released.
    """
    form = _open(session, collection.id, number)
    plan = _plan(session, editions, form)
    if by not in (form.first_by, form.second_by) and not _may_be_read(session, plan, form):
        raise FeedbackError(
            "The safeguarding lead has not released the words on this form. "
            f"{form.first_by} or {form.second_by} can settle it: they have read the paper."
        )
    first, second = _first(session, keys, form), _second(keys, form)
    audit.record(session, by, "paper.compare", collection.id, now, number=number, differ=len(form.differences))
    return [
        Difference(name, _asked(plan, name).words, _shown(plan, first, name), _shown(plan, second, name))
        for name in _names(plan)
        if name in form.differences
    ]


def settle(
    session: Session,
    keys: KeyRing,
    screens: Screens,
    editions: Editions,
    collection: Held,
    number: str,
    chosen: Mapping[str, str],
    *,
    by: str,
    now: datetime,
    today: date,
) -> None:
    """Keep which typing stands for each question, and bring the response up to it.

    Raises:
        FeedbackError: a question has no choice, or there is nothing to settle; or words would go that nobody has read.
    """
    hold_writes(session)
    form = _open(session, collection.id, number)
    if any(chosen.get(name) not in (FIRST, SECOND) for name in form.differences):
        raise FeedbackError("Choose for each question which one stands.")
    plan = _plan(session, editions, form)
    first, second = _first(session, keys, form), _second(keys, form)
    taken = {name for name in form.differences if chosen[name] == SECOND}
    merged = {name: answer for name, answer in first.answers.items() if name not in taken}
    merged |= {name: second.answers[name] for name in taken if name in second.answers}
    if declined(merged, plan.survey.consent):
        _take_out(session, collection.id, form, by=by, now=now)
        return
    unclear = (first.unclear - taken) | (second.unclear & taken)
    _bring_up(session, keys, screens, plan, session.get_one(Response, form.response_id), merged)
    form.unclear = dict.fromkeys(sorted(unclear), True)
    form.differences = {name: chosen[name] for name in form.differences}
    form.second_sealed, form.second_key_id = None, ""
    form.settled_by, form.settled_on = by, today
    session.flush()
    audit.record(session, by, "paper.settle", collection.id, now, number=number, changed=len(taken))


def _take_out(session: Session, collection: str, form: PaperForm, *, by: str, now: datetime) -> None:
    """The paper says no to taking part: nothing of it stays but a count."""
    number, response = form.number, form.response_id
    screening.must_be_read(session, response)
    session.expunge(form)
    session.execute(delete(Response).where(Response.id == response))
    collecting.count(session, collection, collecting.DECLINED)
    audit.record(session, by, "paper.decline", collection, now, number=number)


def _bring_up(
    session: Session, keys: KeyRing, screens: Screens, plan: Plan, response: Response, answers: dict[str, Answer]
) -> None:
    """Give a response these answers. A text that changed is sealed anew, and people and software read it again."""
    closed, texts = sorted_out(plan, walk(plan, answers))
    response.answers = closed
    changed: dict[str, str] = {}
    for row in session.scalars(select(AnswerText).where(AnswerText.response_id == response.id)).all():
        words = texts.pop(row.field, None)
        if words is None:
            screening.must_be_read(session, response.id)
            session.delete(row)
        elif words != open_text(keys, row):
            sealed = collecting.sealed_row(keys, response.id, row.field, words, response.language)
            row.sealed, row.key_id = bytes(sealed["sealed"]), str(sealed["key_id"])  # type: ignore[arg-type]
            changed[row.field] = words
            for table in (Reading, Suggestion):
                read = (table.response_id == response.id) & (table.field == row.field)
                session.execute(delete(table).where(read))
    for name, words in texts.items():
        session.add(AnswerText(**collecting.sealed_row(keys, response.id, name, words, response.language)))
    session.flush()
    of = Source(response.id, response.collection_id, response.received_on)
    for name, words in (changed | texts).items():
        screening.again(session, keys, screens, of, name, words, response.language)


def _open(session: Session, collection: str, number: str) -> PaperForm:
    form = session.get(PaperForm, (collection, number))
    if form is None or form.second_sealed is None:
        raise FeedbackError("There is nothing to settle on this form.")
    return form


def _plan(session: Session, editions: Editions, form: PaperForm) -> Plan:
    version = session.get_one(Response, form.response_id).version_hash
    return first_typing.plan_of(editions.get(session, version))


def _first(session: Session, keys: KeyRing, form: PaperForm) -> Said:
    answers: dict[str, Answer] = dict(session.get_one(Response, form.response_id).answers)
    for row in _texts_of(session, form):
        answers[row.field] = open_text(keys, row)
    return Said(answers, frozenset(form.unclear))


def _second(keys: KeyRing, form: PaperForm) -> Said:
    private = keys.private.get(form.second_key_id)
    if private is None or form.second_sealed is None:
        raise FeedbackError(f"The private key {form.second_key_id} is not here, so the typings cannot be compared.")
    content = json.loads(open_sealed(private, form.second_sealed, _place(form, form.second_key_id)))
    return Said(content["answers"], frozenset(content["unclear"]))


def _place(form: PaperForm, key_id: str) -> str:
    return f"{form.collection_id}/{form.number}/second typing/{key_id}"


def _names(plan: Plan) -> list[str]:
    """Every name that an answer can have, in the order of the survey. What is not stored is not compared."""
    names = []
    for asked in plan.asked.values():
        if asked.question.store:
            names += [asked.id, *([asked.other_id] if asked.opens_box else [])]
    return names


def _asked(plan: Plan, name: str) -> Asked:
    return plan.asked[name if name in plan.asked else name.removesuffix(f".{OTHER}")]


def _is_there(plan: Plan, said: Said, name: str) -> bool:
    return name in said.answers if name in plan.asked else bool(_value(said, name))


def _value(said: Said, name: str) -> str | tuple[str, ...]:
    """An answer as it is compared: capitals, and how words are spaced, make no difference."""
    if name in said.unclear:
        return UNCLEAR, ""
    answer = said.answers.get(name) or ""
    return " ".join(answer.split()).casefold() if isinstance(answer, str) else tuple(answer)


def _may_be_read(session: Session, plan: Plan, form: PaperForm) -> bool:
    """Whether the differences hold no words, or none but those that are released as they stand."""
    own = [name for name in form.differences if name not in plan.asked or type_of(plan.asked[name]).text]
    held = {row.field: row for row in _texts_of(session, form)}
    unmasked = (name in held and held[name].scrubbed is None for name in own)
    return all(unmasked) and all(is_readable(session, form.response_id, name) for name in own)


def _texts_of(session: Session, form: PaperForm) -> Sequence[AnswerText]:
    return session.scalars(select(AnswerText).where(AnswerText.response_id == form.response_id)).all()


def _shown(plan: Plan, said: Said, name: str) -> str:
    if name in said.unclear:
        return UNCLEAR
    asked, answer = _asked(plan, name), said.answers.get(name) or ""
    if name != asked.id:
        return str(answer) or LEFT_BLANK
    values = [answer] if isinstance(answer, str) else answer
    return ", ".join(label_of(asked, value) for value in values if value) or LEFT_BLANK
