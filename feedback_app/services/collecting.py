"""Collect what a person answers: begin, keep each answer, send, or leave with nothing kept.

A page costs one read and one write. What is kept of an unfinished survey is encrypted under the respondent's own
session (core/tokens.py); when it is sent, each free text is sealed to the public key and the draft is gone, in one
transaction. These functions run more often than all others, so they take a bare connection as well as a session.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from feedback_app.core.errors import Refused
from feedback_app.core.keys import KeyRing
from feedback_app.core.sealing import CannotOpen, lock, seal, unlock
from feedback_app.core.tokens import Respondent, new_session, receipt_hash
from feedback_app.journey.path import Path, walk
from feedback_app.journey.plan import Plan
from feedback_app.journey.sorting import sorted_out
from feedback_app.questions.asked import Answer
from feedback_app.services import pairing, screening
from feedback_app.services.collections import Held
from feedback_app.services.pairing import Known
from feedback_app.services.screening import Screens, Source
from feedback_app.storage.db import Store, changed, dialect_of
from feedback_app.storage.models import AnswerText, ClassSession, Collection, CollectionCount, Draft, Response, table_of

STARTED, DECLINED = "started", "declined"
TRIES = 10  # each one that fails is another window's that went well

DRAFT, RESPONSE, TEXTS = table_of(Draft), table_of(Response), table_of(AnswerText)
COLLECTION, COUNT, CLASS = table_of(Collection), table_of(CollectionCount), table_of(ClassSession)
READ = (
    select(DRAFT.c.version_hash, DRAFT.c.revision, DRAFT.c.locked)
    .add_columns(COLLECTION.c.opens_on, COLLECTION.c.closes_on, COLLECTION.c.closed_at)
    .add_columns(COLLECTION.c.left_out, COLLECTION.c.languages)
    .where(DRAFT.c.id == bindparam("draft"), COLLECTION.c.id == DRAFT.c.collection_id)
)
HALF_WAY = select(DRAFT.c.collection_id).distinct()  # where anybody is half-way: few of ten thousand collections
WRITE = (
    update(DRAFT)
    .where(DRAFT.c.id == bindparam("draft"), DRAFT.c.revision == bindparam("seen"))
    .values(revision=DRAFT.c.revision + 1, locked=bindparam("content"))
    .execution_options(alone=True)
)
PUT_ASIDE = WRITE.values(id=bindparam("under"), started_on=bindparam("today"))


@dataclass(slots=True)
class Content:
    """What an unfinished survey holds, encrypted at rest. `typed` keeps words that could not be accepted yet."""

    started: str  # to the minute; only the respondent's own key opens it
    seed: str
    answers: dict[str, Answer] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    typed: dict[str, dict[str, Answer]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)  # after "Finish later": the five that lead back
    left_at: str = ""  # and the screen it was pressed on
    easy: bool = False  # in easy words and pictures
    short: bool = False  # only the main questions
    tablet: str = ""  # on a shared tablet: the class session that it serves
    idle: int = 0  # there: after how many minutes with nothing pressed it is over
    seen: str = ""  # there: when something was last pressed, to the minute
    pair: str = ""  # in a follow-up: the hash of the code that pairs it with the first form
    promise: str = ""  # and what the person wrote there that they would do

    def plain(self) -> dict[str, object]:
        """The content as it is written, by field."""
        return {name: getattr(self, name) for name in CONTENT}


CONTENT = tuple(held.name for held in fields(Content))
MINUTE = "%Y-%m-%dT%H:%M"


@dataclass(slots=True)
class Visit:
    """One respondent in one collection, as far as they have come."""

    respondent: Respondent
    version_hash: str
    revision: int
    content: Content
    opens_on: date
    closes_on: date | None
    now: str = ""  # the minute of this request
    closed_at: datetime | None = None  # when staff closed it by hand
    left_out: str = ""  # the parts that this collection does not ask, and the languages it asks in
    languages: str = ""

    def path(self, plan: Plan) -> Path:
        """The screens this person passes."""
        return walk(plan, self.content.answers, self.content.skipped)


class Sent(Refused):
    """This session's answers were sent already; the first ones stand."""


def begin(
    store: Store,
    keys: KeyRing,
    collection: Held,
    now: datetime,
    tablet: str = "",
    idle: int = 0,
    *,
    easy: bool = False,
    short: bool = False,
    told: Mapping[str, Answer] | None = None,
    known: Known | None = None,
) -> Visit:
    """Begin: a new session, an empty draft, and one more started. Drafts that ended are cleared away first.

    Args:
        tablet: on a shared tablet, the class session it serves; `idle` minutes with nothing pressed end the visit.
        easy: in easy words and pictures, if the survey has them.
        short: only the main questions, if the survey names them.
        told: what the link tells, by question.
        known: what the code led to that pairs this with a first form.
    """
    today = now.date()
    clear_drafts(store, now)
    respondent = Respondent(keys.server, new_session(), collection.id)
    minute = now.astimezone(UTC).strftime(MINUTE)
    content = Content(started=minute, seed=secrets.token_hex(4), tablet=tablet, idle=idle, easy=easy, short=short)
    content.seen = minute if tablet else ""
    content.answers.update(told or {})
    if known:
        content.pair, content.promise = known.pair_hash, known.promise
    store.execute(
        insert(DRAFT).values(
            id=respondent.draft_id,
            collection_id=collection.id,
            version_hash=collection.version_hash,
            started_on=today,
            revision=1,
            locked=_lock(respondent, content),
        )
    )
    count(store, collection.id, STARTED)
    if tablet:
        store.execute(update(CLASS).where(CLASS.c.id == tablet).values(started=CLASS.c.started + 1))
    visit = Visit(respondent, collection.version_hash, 1, content, collection.opens_on, collection.closes_on, minute)
    visit.left_out, visit.languages = collection.left_out, collection.languages
    return visit


def clear_drafts(store: Store, now: datetime) -> int:
    """Delete the drafts that nobody can open any more; return how many.

    A draft ends 24 hours after it was begun. Its hour is inside what only the respondent can open, so its row goes when
    the whole next day is over.
    """
    return changed(store, delete(DRAFT).where(DRAFT.c.started_on < now.date() - timedelta(days=1)))


def find(store: Store, respondent: Respondent, now: datetime, hours: int) -> Visit | None:
    """Find a respondent's draft, or None when there is none, it has ended, or the cookie does not open it.

    After "Finish later" it lies under its five words. A browser that did not get the answer to that still has its
    cookie, and goes on there.
    """
    row = store.execute(READ, {"draft": respondent.draft_id}).first()
    if row is None and not respondent.before:
        return find(store, respondent.saved, now, hours)
    if row is None:
        return None
    try:
        held = unlock(respondent.draft_secret, row.locked, respondent.draft_id.encode())
    except CannotOpen:
        return None
    content = Content(**json.loads(held))
    started = datetime.fromisoformat(content.started).replace(tzinfo=UTC)
    if now - started > timedelta(hours=hours) or _left_alone(content, now):
        return None
    minute = now.astimezone(UTC).strftime(MINUTE)
    opens, closes, shape = row.opens_on, row.closes_on, (row.closed_at, row.left_out, row.languages)
    return Visit(respondent, row.version_hash, row.revision, content, opens, closes, minute, *shape)


def _left_alone(content: Content, now: datetime) -> bool:
    """Whether a shared tablet was left alone for too long. Minutes are counted whole, in the person's favour."""
    if not content.tablet:
        return False
    seen = datetime.fromisoformat(content.seen).replace(tzinfo=UTC)
    return now - seen >= timedelta(minutes=content.idle + 1)


def still_here(store: Store, visit: Visit) -> None:
    """On a shared tablet: somebody is there, though nothing was sent."""
    _change(store, visit, lambda content: None)


def keep(store: Store, visit: Visit, part: str, screen: str, answers: dict[str, Answer], language: str) -> None:
    """Keep the answers of one screen, each with the language it was given in."""

    def change(content: Content) -> None:
        content.answers.update(answers)
        content.languages.update(dict.fromkeys(answers, language))
        content.typed.pop(screen, None)
        if part in content.skipped:
            content.skipped.remove(part)

    _change(store, visit, change)


def set_aside(store: Store, visit: Visit, screen: str, typed: dict[str, Answer]) -> None:
    """Keep what a person typed and we could not accept, to show it again when they come back to the screen."""

    def change(content: Content) -> None:
        content.typed[screen] = typed

    _change(store, visit, change)


def skip(store: Store, visit: Visit, part: str) -> None:
    """Pass over a whole part. Its answers are kept in the draft and will not be sent."""

    def change(content: Content) -> None:
        if part not in content.skipped:
            content.skipped.append(part)

    _change(store, visit, change)


def put_aside(store: Store, visit: Visit, screen: str, now: datetime) -> tuple[str, ...]:
    """Put the answers aside for later, under five words, and start their hours anew.

    Pressed twice, or in two windows, it gives the same words; so does a later time, after the person came back.

    Returns:
        The five words. From now on only they lead to the answers, and this session through them.
    """

    def change(content: Content) -> None:
        content.words = content.words or list(visit.respondent.return_words)
        content.left_at = screen
        content.started = now.astimezone(UTC).strftime(MINUTE)
        content.tablet, content.idle, content.seen = "", 0, ""  # from now on it is on whichever device they choose

    _change(store, visit, change, put_aside_on=now.date())
    return tuple(visit.content.words)


def choose_words(store: Store, visit: Visit, *, easy: bool) -> None:
    """Change to easy words and pictures, or back. Answers stay as they are: the words change, the values do not."""

    def change(content: Content) -> None:
        content.easy = easy

    _change(store, visit, change)


def send(store: Store, keys: KeyRing, screens: Screens, visit: Visit, plan: Plan, language: str, today: date) -> None:
    """Send the answers: store the response, seal each free text and put it in the queue, clear the draft.

    Sending twice gives one response and the same receipt, however many posts arrive at once.

    Raises:
        Refused: the draft changed or went while it was being sent.
    """
    respondent = visit.respondent
    mine = delete(DRAFT).where(DRAFT.c.id == respondent.draft_id, DRAFT.c.revision == visit.revision)
    gone = changed(store, mine)
    if not gone:
        if was_sent(store, respondent):
            return
        raise Refused("The answers changed while they were being sent.")
    path = visit.path(plan)
    closed, texts = sorted_out(plan, path)
    used = visit.content.languages
    paired = visit.content.pair or pairing.give(store, keys.server, respondent, plan.survey.pair, path.live, today)
    store.execute(
        insert(RESPONSE).values(
            id=respondent.response_id,
            collection_id=respondent.collection,
            version_hash=visit.version_hash,
            language=language,
            received_on=today,
            answers=closed,
            languages={name: used[name] for name in closed if used.get(name, language) != language},
            order_seed=visit.content.seed,
            receipt_hash=receipt_hash(keys.server, respondent.receipt),
            pair_hash=paired,
            way="tablet" if visit.content.tablet else "own",
            easy=plan.easy,
        )
    )
    spoken = {name: used.get(name, language) for name in texts}
    for name, words in texts.items():
        store.execute(insert(TEXTS).values(sealed_row(keys, respondent.response_id, name, words, spoken[name])))
    of = Source(respondent.response_id, respondent.collection, today)
    screening.put(store, keys, screens, of, texts, spoken)
    if visit.content.tablet:  # last, because the whole class waits for this row
        theirs = update(CLASS).where(CLASS.c.id == visit.content.tablet)
        store.execute(theirs.values(finished=CLASS.c.finished + 1))


def sealed_row(keys: KeyRing, response: str, name: str, words: str, language: str) -> dict[str, str | bytes]:
    """The row of one free text, sealed to the public key and bound to its place."""
    sealed = seal(keys.public, words, place(response, name, keys.key_id))
    return {"response_id": response, "field": name, "language": language, "key_id": keys.key_id, "sealed": sealed}


def place(response: str, name: str, key_id: str) -> str:
    """Where a sealed text belongs; moved to another row it does not open."""
    return f"{response}/{name}/{key_id}"


def sender(store: Store, respondent: Respondent | None) -> Respondent | None:
    """Whoever of this session sent answers: itself, or what it became by "Finish later"; None if nobody did."""
    if respondent is None:
        return None
    return next((one for one in (respondent, respondent.saved) if was_sent(store, one)), None)


def was_sent(store: Store, respondent: Respondent) -> bool:
    """Whether this session's answers were sent, and not taken back since."""
    mine = (RESPONSE.c.id == respondent.response_id, RESPONSE.c.withdrawn_on.is_(None))
    return store.execute(select(RESPONSE.c.collection_id).where(*mine)).first() is not None


def decline(store: Store, visit: Visit) -> None:
    """The person said no: forget what there is, and count one more."""
    if leave(store, visit.respondent):
        count(store, visit.respondent.collection, DECLINED)


def leave_all(store: Store, keys: KeyRing, visitor: str) -> None:
    """Forget every unfinished survey of a session, in whichever collection."""
    collections = store.execute(HALF_WAY).scalars()
    respondents = [Respondent(keys.server, visitor, collection) for collection in collections]
    drafts = [one.draft_id for mine in respondents for one in (mine, mine.saved)]
    store.execute(delete(DRAFT).where(DRAFT.c.id.in_(drafts)))


def leave(store: Store, respondent: Respondent) -> bool:
    """Forget an unfinished survey; tell whether there was one."""
    mine = delete(DRAFT).where(DRAFT.c.id == respondent.draft_id)
    return bool(changed(store, mine))


def _change(store: Store, visit: Visit, change: Callable[[Content], None], put_aside_on: date | None = None) -> None:
    """Change a draft and write it. If another tab wrote first, take up its content and change that.

    Args:
        put_aside_on: the day, when the draft is to lie under its five words from now on.
    """
    for _ in range(TRIES):
        under = visit.respondent.saved if put_aside_on and not visit.content.words else visit.respondent
        visit.content.left_at = ""
        change(visit.content)
        if visit.content.tablet:
            visit.content.seen = visit.now
        content = _lock(under, visit.content)
        given = {"draft": visit.respondent.draft_id, "seen": visit.revision, "content": content}
        aside = {"under": under.draft_id, "today": put_aside_on}
        if changed(store, PUT_ASIDE if put_aside_on else WRITE, given | (aside if put_aside_on else {})):
            visit.respondent = under
            visit.revision += 1
            return
        _take_up(store, visit)
    raise Refused("This survey is open in too many places at once.")


def _take_up(store: Store, visit: Visit) -> None:
    """Take up what another tab wrote first; by now it may have put the answers aside for later."""
    for respondent in (visit.respondent, visit.respondent.saved):
        row = store.execute(READ, {"draft": respondent.draft_id}).first()
        if row is not None:
            held = unlock(respondent.draft_secret, row.locked, respondent.draft_id.encode())
            visit.respondent, visit.content, visit.revision = respondent, Content(**json.loads(held)), row.revision
            return
    raise Sent("These answers were sent already.")


def _lock(respondent: Respondent, content: Content) -> bytes:
    plain = json.dumps(content.plain(), ensure_ascii=False, separators=(",", ":"))
    return lock(respondent.draft_secret, plain.encode(), respondent.draft_id.encode())


def count(store: Store, collection: str, kind: str) -> None:
    """Count one more who started or said no."""
    dialect = sqlite if dialect_of(store) == "sqlite" else postgresql
    row = dialect.insert(COUNT).values(collection_id=collection, kind=kind, number=1)
    store.execute(
        row.on_conflict_do_update(index_elements=["collection_id", "kind"], set_={"number": COUNT.c.number + 1})
    )
