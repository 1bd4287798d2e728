"""You said, we did: what people said, and what was done about it. Staff write it; what is published is for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import LOCALES, SOURCE, nearest
from feedback_app.services import audit
from feedback_app.storage.db import Store, changed
from feedback_app.storage.models import Action, Collection, table_of

TABLE = table_of(Action)
COLUMNS = select(*TABLE.c)
NOT_POSSIBLE = "not-possible"
STATES = ("done", "doing", "planned", NOT_POSSIBLE)  # in the order of the page
A_PAGE = 20  # cards, which are tall
LONGEST = 600  # letters: a line or two that a child reads
Spoken = Mapping[str, str]


class Changed(FeedbackError):
    """Somebody else changed the action since it was opened. Nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An action as staff write it. Words are by language; English is always there."""

    said: Spoken
    did: Spoken
    why_not: Spoken
    state: str
    collection_id: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An action as it is stored."""

    id: int
    collection_id: str | None
    said: Spoken
    did: Spoken
    why_not: Spoken
    state: str
    written_by: str
    changed_on: date
    revision: int
    published_on: date | None

    @property
    def needed(self) -> tuple[str, ...]:
        """The texts that the page shows of it. Of what cannot be done, the reason; of all else, what was done."""
        return ("said", "why_not") if self.state == NOT_POSSIBLE else ("said", "did")

    @property
    def languages(self) -> list[str]:
        """The languages that it is whole in."""
        return [code for code in LOCALES if all(getattr(self, text).get(code) for text in self.needed)]

    @property
    def begun(self) -> list[str]:
        """The languages that have some of its words, and not all."""
        texts = [getattr(self, text) for text in self.needed]
        return [code for code in LOCALES if code not in self.languages and any(text.get(code) for text in texts)]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    actions: list[Kept]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // A_PAGE))


@dataclass(frozen=True, slots=True)
class Shown:
    """A published action in one language: the reader's, or the nearest that it is whole in; English is the last."""

    said: str
    answer: str  # what was, is or will be done; or why it cannot be
    state: str
    language: str
    published_on: date


@dataclass(frozen=True, slots=True)
class Group:
    """The published actions of one state."""

    state: str
    actions: list[Shown] = field(default_factory=list)


def page(store: Store, text: str = "", number: int = 1) -> Page:
    """One page of the actions that say these words in English, the last changed first."""
    said, did = (func.lower(column["en"].as_string()) for column in (TABLE.c.said, TABLE.c.did))
    which = [or_(*(words.contains(word, autoescape=True) for words in (said, did))) for word in text.lower().split()]
    total = store.execute(select(func.count()).select_from(TABLE).where(*which)).scalar() or 0
    number = min(max(1, number), max(1, -(-total // A_PAGE)))
    newest = COLUMNS.where(*which).order_by(TABLE.c.changed_on.desc(), TABLE.c.id.desc())
    rows = store.execute(newest.limit(A_PAGE).offset((number - 1) * A_PAGE))
    return Page([Kept(**row._mapping) for row in rows], total, number)


def find(store: Store, ident: int) -> Kept | None:
    """One action, or None."""
    row = store.execute(COLUMNS.where(TABLE.c.id == ident)).first()
    return Kept(**row._mapping) if row else None


def published(store: Store) -> list[Kept]:
    """The actions that everyone may read, newest first."""
    newest = (TABLE.c.published_on.desc(), TABLE.c.id.desc())
    rows = store.execute(COLUMNS.where(TABLE.c.published_on.is_not(None)).order_by(*newest))
    return [Kept(**row._mapping) for row in rows]


def by_state(held: list[Kept], language: str) -> list[Group]:
    """Published actions in a reader's language, by how far they have come; a state with none is left out."""
    groups = {state: Group(state) for state in STATES}
    for action in held:
        if action.published_on:
            code = nearest(language, action.languages)
            said, answer = (getattr(action, text).get(code, "") for text in action.needed)
            groups[action.state].actions.append(Shown(said, answer, action.state, code, action.published_on))
    return [group for group in groups.values() if group.actions]


def write(session: Session, draft: Draft, *, by: str, now: datetime, today: date) -> Kept:
    """Write a new action. Nobody but staff sees it until it is published.

    Raises:
        FeedbackError: words are missing or too long, or there is no such state, language or collection.
    """
    row = Action(**_sound(session, draft), written_by=by, changed_on=today, revision=1, published_on=None)
    session.add(row)
    session.flush()
    audit.record(session, by, "action.write", str(row.id), now, state=draft.state, languages=sorted(draft.said))
    return _found(session, row.id)


def change(session: Session, ident: int, seen: int, draft: Draft, *, by: str, now: datetime, today: date) -> Kept:
    """Change an action. One that is published shows its new words at once.

    Args:
        seen: the revision that the person had before them.

    Raises:
        Changed: somebody else changed it since.
        FeedbackError: as for `write`.
    """
    return _change(session, ident, seen, "action.change", _sound(session, draft), by=by, now=now, today=today)


def publish(session: Session, ident: int, seen: int, *, by: str, now: datetime, today: date) -> Kept:
    """Let everyone read an action. One that is published already keeps its day.

    Raises:
        Changed: somebody else changed it since; what they wrote is not published unread.
    """
    held = _found(session, ident)
    day = held.published_on or today
    return _change(session, ident, seen, "action.publish", {"published_on": day}, by=by, now=now, today=today)


def withdraw(session: Session, ident: int, seen: int, *, by: str, now: datetime, today: date) -> Kept:
    """Take an action off the public page; staff keep it.

    Raises:
        Changed: somebody else changed it since.
    """
    return _change(session, ident, seen, "action.withdraw", {"published_on": None}, by=by, now=now, today=today)


def _change(
    session: Session,
    ident: int,
    seen: int,
    what: str,
    values: Mapping[str, object],
    *,
    by: str,
    now: datetime,
    today: date,
) -> Kept:
    mine = update(TABLE).where(TABLE.c.id == ident, TABLE.c.revision == seen)
    if not changed(session, mine.values(**values, written_by=by, changed_on=today, revision=seen + 1)):
        held = _found(session, ident)
        raise Changed(f"{held.written_by} changed this while you had it open. Nothing was overwritten.")
    audit.record(session, by, what, str(ident), now, revision=seen + 1)
    return _found(session, ident)


def _found(session: Session, ident: int) -> Kept:
    held = find(session, ident)
    if held is None:
        raise FeedbackError("This is not here any more. Nothing was kept.")
    return held


def _sound(session: Session, draft: Draft) -> dict[str, object]:
    """The draft as it is stored.

    Raises:
        FeedbackError: see `write`.
    """
    values = asdict(draft) | {"collection_id": draft.collection_id or None}
    if draft.state not in STATES:
        raise FeedbackError("Choose how far it has come.")
    for text, missing in (
        ("said", "Write what people said, in English."),
        ("why_not", "Write why it is not possible, in English.")
        if draft.state == NOT_POSSIBLE
        else ("did", "Write what was done or will be done, in English."),
    ):
        if not values[text].get(SOURCE):
            raise FeedbackError(missing)
    for text in ("said", "did", "why_not"):
        for code, words in values[text].items():
            if code not in LOCALES:
                raise FeedbackError(f'There is no language "{code}".')
            if len(words) > LONGEST:
                over = len(words) - LONGEST
                raise FeedbackError(f"One text in {LOCALES[code].english_name} is {over} letters too long.")
    if draft.collection_id and session.get(Collection, draft.collection_id) is None:
        raise FeedbackError("There is no such survey. Choose one of the list.")
    return values
