"""Answers that an outreach tablet sealed while it had no network: receive them unread, and store them as responses.

The public face receives and cannot open. The staff side opens each, and checks it with the forms and the routes that a
person meets online: what would have been refused there is not stored here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from feedback_app.core.errors import FeedbackError, Refused
from feedback_app.core.keys import KeyRing
from feedback_app.core.sealing import open_sealed
from feedback_app.journey.path import walk
from feedback_app.journey.plan import Plan
from feedback_app.journey.sorting import sorted_out
from feedback_app.questions.asked import Answer, Foreign
from feedback_app.questions.consent import declined
from feedback_app.services import audit, collecting, screening
from feedback_app.services.class_sessions import Held
from feedback_app.services.collecting import sealed_row
from feedback_app.services.editions import Editions, Shape
from feedback_app.services.screening import Screens, Source
from feedback_app.storage.db import Store, dialect_of, hold_writes
from feedback_app.storage.models import ClassSession, Collection, SealedBundle, SurveyVersion, table_of

BUNDLE, VERSION, COLLECTION = table_of(SealedBundle), table_of(SurveyVersion), table_of(Collection)
ID, KEY_ID = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f-]{1,20}")
SEED = re.compile(r"[0-9a-f]{8}")
MOST = 1_000  # for one class session
LARGEST = 48 * 1024


class Different(Refused):
    """The same id came before with other content. The first stays."""


class CannotTake(FeedbackError):
    """A bundle cannot become a response. The message says why, and holds no word of it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One bundle as a tablet sends it."""

    id: str
    version_hash: str
    language: str
    key_id: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the bundles that waited."""

    stored: int = 0
    said_no: int = 0
    troubled: int = 0


def place(ident: str, key_id: str) -> str:
    """Where a bundle belongs; under another id or key it does not open."""
    return f"bundle/{ident}/{key_id}"


def receive(store: Store, held: Held, given: Sealed, today: date) -> None:
    """Keep a sealed bundle, unread. Sent twice, it is kept once.

    Raises:
        Different: its id came before with other content.
        Refused: it is not as our own page sends it, or the class session holds too many.
    """
    fits = ID.fullmatch(given.id) and KEY_ID.fullmatch(given.key_id) and 0 < len(given.sealed) <= LARGEST
    if not fits or not held.outreach or not _asks(store, held, given.version_hash):
        raise Refused("This is not what an outreach tablet sends.")
    many = select(func.count()).select_from(BUNDLE).where(BUNDLE.c.class_session_id == held.id)
    content_hash = hashlib.sha256(repr((given, held.id)).encode()).hexdigest()
    before = select(BUNDLE.c.content_hash).where(BUNDLE.c.id == given.id)
    if store.execute(before).first() is None and (store.execute(many).scalar() or 0) >= MOST:
        raise Refused("This class session holds as many answers as it may.")
    row = {
        "id": given.id,
        "class_session_id": held.id,
        "version_hash": given.version_hash,
        "language": given.language,
        "key_id": given.key_id,
        "sealed": given.sealed,
        "content_hash": content_hash,
        "received_on": today,
    }
    dialect = sqlite if dialect_of(store) == "sqlite" else postgresql
    fresh = dialect.insert(BUNDLE).values(row).on_conflict_do_nothing(index_elements=["id"])
    store.execute(fresh)
    if store.execute(before).scalar() != content_hash:
        raise Different("This id came before with other content.")


def waiting(session: Session) -> dict[str, tuple[int, int]]:
    """By class session: how many bundles wait, and how many of these could not be taken in before."""
    rows = session.execute(
        select(BUNDLE.c.class_session_id, func.count(), func.count().filter(BUNDLE.c.trouble != ""))
        .where(BUNDLE.c.sealed.is_not(None))
        .group_by(BUNDLE.c.class_session_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def fresh(session: Session) -> bool:
    """Whether a bundle waits that nobody has tried to take in."""
    waits = select(BUNDLE.c.id).where(BUNDLE.c.sealed.is_not(None), BUNDLE.c.trouble == "")
    return session.execute(waits.limit(1)).first() is not None


def take_in(session: Session, keys: KeyRing, screens: Screens, editions: Editions, *, by: str, now: datetime) -> Taken:
    """Open every bundle that waits and store it as a response. Run twice, it stores nothing twice.

    What cannot be taken in stays, sealed, with the reason; it is tried again the next time.
    """
    hold_writes(session)
    stored = said_no = troubled = 0
    waits = select(SealedBundle).where(SealedBundle.sealed.is_not(None)).order_by(SealedBundle.id)
    for bundle in session.scalars(waits).all():
        try:
            kept = _take(session, keys, screens, editions, bundle)
        except FeedbackError as error:
            bundle.trouble = str(error)[:200]
            troubled += 1
            continue
        bundle.sealed, bundle.trouble = None, ""
        stored, said_no = stored + kept, said_no + (not kept)
    if stored or said_no or troubled:
        audit.record(session, by, "bundle.take_in", "", now, stored=stored, said_no=said_no, troubled=troubled)
    return Taken(stored, said_no, troubled)


def _take(session: Session, keys: KeyRing, screens: Screens, editions: Editions, bundle: SealedBundle) -> bool:
    """Store one bundle; False when the person said no, which is only counted."""
    private = keys.private.get(bundle.key_id)
    if private is None or bundle.sealed is None:
        raise CannotTake(f"The private key {bundle.key_id} is not here.")
    content = _read(open_sealed(private, bundle.sealed, place(bundle.id, bundle.key_id)))
    edition = editions.get(session, bundle.version_hash)
    if bundle.language not in ("en", *edition.frozen.languages):
        raise CannotTake("The survey does not speak the language it was answered in.")
    answers = _answers(edition.plan(bundle.language), content)
    held = session.get_one(ClassSession, bundle.class_session_id)
    plan = _asked(session, editions, held, bundle)
    collecting.count(session, held.collection_id, collecting.STARTED)
    held.started += 1
    if plan.survey.consent and declined(answers, plan.survey.consent):
        collecting.count(session, held.collection_id, collecting.DECLINED)
        return False
    held.finished += 1
    _store(session, keys, screens, bundle, held.collection_id, content, plan, answers)
    return True


def _asked(session: Session, editions: Editions, held: ClassSession, bundle: SealedBundle) -> Plan:
    """The survey as the collection asks it by now: what a part answers that is left out since, is not stored."""
    left_out = session.get_one(Collection, held.collection_id).left_out
    return editions.asked(session, Shape(bundle.version_hash, left_out)).plan(bundle.language)


def _store(
    session: Session,
    keys: KeyRing,
    screens: Screens,
    bundle: SealedBundle,
    collection: str,
    content: Content,
    plan: Plan,
    answers: dict[str, Answer],
) -> None:
    path = walk(plan, answers, content.skipped)
    if not path.complete:
        raise CannotTake("A question that has to be answered was not.")
    response = keys.server.derive("bundle response", bundle.id).hex()[:32]
    closed, texts = sorted_out(plan, path)
    session.execute(
        insert(collecting.RESPONSE).values(
            id=response,
            collection_id=collection,
            version_hash=bundle.version_hash,
            language=bundle.language,
            received_on=bundle.received_on,
            answers=closed,
            languages={},
            order_seed=content.seed,
            way="outreach",
        )
    )
    for name, words in texts.items():
        session.execute(insert(collecting.TEXTS).values(sealed_row(keys, response, name, words, bundle.language)))
    of = Source(response, collection, bundle.received_on)
    screening.put(session, keys, screens, of, texts, dict.fromkeys(texts, bundle.language))


@dataclass(frozen=True, slots=True)
class Content:
    """What a bundle holds: what was typed and ticked on each screen, as a form would have sent it."""

    seed: str
    skipped: tuple[str, ...]
    screens: dict[str, MultiDict[str, str]]


def _read(opened: str) -> Content:
    """Read an opened bundle; anyone who has the class's code can have written it."""
    try:
        held = json.loads(opened)
        screens = {str(screen): MultiDict(list(_pairs(fields))) for screen, fields in held["screens"].items()}
        content = Content(held["seed"], tuple(held["skipped"]), screens)
        known = SEED.fullmatch(content.seed) and all(isinstance(part, str) for part in content.skipped)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CannotTake("It could not be read.") from None
    if not known:
        raise CannotTake("It could not be read.")
    return content


def _pairs(fields: Any) -> Iterator[tuple[str, str]]:
    for name, value in fields:
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError
        value.encode()  # half a letter, which no text may hold, is a ValueError
        yield name, value.replace("\0", "")


def _answers(plan: Plan, content: Content) -> dict[str, Answer]:
    """The answers of every screen, each through its own form."""
    answers: dict[str, Answer] = {}
    for ident, fields in content.screens.items():
        screen = plan.screens.get(ident)
        if screen is None or not screen.answers:
            raise CannotTake("It answers a question that the survey does not ask.")
        form = screen.form(fields)
        several = [name for name in fields if len(fields.getlist(name)) > 1 and name not in screen.type.many]
        try:
            fits = all(name in form for name in fields) and not several and form.validate()
        except Foreign:
            fits = False
        if not fits:
            raise CannotTake(f"Its answer to {ident} is not one that the survey takes.")
        answers |= screen.type.read(form, screen.asked)
    return answers


def _asks(store: Store, held: Held, version_hash: str) -> bool:
    """Whether a version is one of the survey that the class answers."""
    current = select(VERSION.c.survey).join(COLLECTION, COLLECTION.c.version_hash == VERSION.c.hash)
    asked = store.execute(current.where(COLLECTION.c.id == held.collection)).scalar()
    given = store.execute(select(VERSION.c.survey).where(VERSION.c.hash == version_hash)).scalar()
    return asked is not None and asked == given
