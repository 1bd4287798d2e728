"""The area's registers: list, add, change and end entries. An entry that is ended stays, for what is old names it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError, Refused
from feedback_app.definitions.area import Area
from feedback_app.services import audit
from feedback_app.storage.db import changed
from feedback_app.storage.models import RegisterEntry, table_of

TABLE = table_of(RegisterEntry)
A_PAGE = 50
KINDS = {
    "place": "Places and schools",
    "service": "Services",
    "group": "Groups",
    "ward": "Wards",
    "agency": "Agencies",
    "priority": "Priorities",
}
LISTS = {"wards": "ward", "agencies": "agency", "places": "place", "schools": "place"}  # of the area's file
CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")
GREATEST = 2**31 - 1  # of an id; no database looks for more
LONGEST_NAME, LONGEST_CODE, LONGEST_CONTACT = 160, 40, 254


class Changed(FeedbackError):
    """Somebody else changed the entry since it was opened. Nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as staff write it. Without a code, one is made of the name."""

    name: str
    code: str = ""
    contact: str = ""
    ward: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is stored."""

    id: int
    kind: str
    code: str
    name: str
    contact: str
    ward: str
    from_on: date | None
    to_on: date | None
    changed_by: str
    revision: int

    def holds(self, today: date) -> bool:
        """Whether it is true on a day."""
        return (self.from_on is None or self.from_on <= today) and (self.to_on is None or self.to_on >= today)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries a page is asked for."""

    kinds: tuple[str, ...]
    text: str = ""
    ended: bool = False  # also those that are not true any more
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a register."""

    entries: list[Entry]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // A_PAGE))


def page(session: Session, wanted: Wanted, today: date) -> Page:
    """One page of the entries that are asked for, by name."""
    which = and_(*_conditions(wanted, today))
    total = session.scalar(select(func.count()).select_from(TABLE).where(which)) or 0
    number = min(max(1, wanted.page), max(1, -(-total // A_PAGE)))
    found = select(TABLE).where(which).order_by(TABLE.c.name, TABLE.c.id).limit(A_PAGE).offset((number - 1) * A_PAGE)
    return Page([Entry(**row._mapping) for row in session.execute(found)], total, number)


def find(session: Session, ident: int) -> Entry | None:
    """One entry, or None."""
    if ident > GREATEST:
        return None
    row = session.execute(select(TABLE).where(TABLE.c.id == ident)).first()
    return Entry(**row._mapping) if row else None


def those(session: Session, idents: Iterable[int]) -> list[Entry]:
    """These entries, by name; an id that is none is passed over."""
    mine = TABLE.c.id.in_([one for one in idents if one <= GREATEST])
    rows = session.execute(select(TABLE).where(mine).order_by(TABLE.c.name, TABLE.c.id))
    return [Entry(**row._mapping) for row in rows]


def named(session: Session, kind: str) -> list[Entry]:
    """Every entry of a register that is short, such as the wards, by name."""
    rows = session.execute(select(TABLE).where(TABLE.c.kind == kind).order_by(TABLE.c.name, TABLE.c.id))
    return [Entry(**row._mapping) for row in rows]


def counts(session: Session, today: date) -> dict[str, int]:
    """How many entries of each register are true today."""
    rows = session.execute(select(TABLE.c.kind, func.count()).where(_holds(today)).group_by(TABLE.c.kind))
    return {row[0]: row[1] for row in rows}


def add(session: Session, kind: str, draft: Draft, *, by: str, now: datetime) -> Entry:
    """Add an entry.

    Raises:
        Refused: there is no such register, or its code is taken, or something of it cannot be.
    """
    if kind not in KINDS:
        raise Refused("Choose which register it belongs to.")
    values = _sound(session, kind, draft)
    row = RegisterEntry(**values, kind=kind, changed_by=by, revision=1)
    session.add(row)
    session.flush()
    audit.record(session, by, "register.add", str(row.id), now, kind=kind, code=values["code"])
    return _found(session, row.id)


def change(session: Session, ident: int, seen: int, draft: Draft, *, by: str, now: datetime) -> Entry:
    """Change an entry.

    Args:
        seen: the revision that the person had before them.

    Raises:
        Changed: somebody else changed it since.
        Refused: as for `add`.
    """
    held = _found(session, ident)
    return _change(session, held, seen, "register.change", _sound(session, held.kind, draft, ident), by=by, now=now)


def end(session: Session, ident: int, seen: int, last: date, *, by: str, now: datetime) -> Entry:
    """Say from when an entry is not true any more. It stays in the register, and old collections keep it.

    Raises:
        Changed: somebody else changed it since.
        Refused: it would end before it began.
    """
    held = _found(session, ident)
    if held.from_on and last < held.from_on:
        raise Refused("Its last day cannot be before its first day.")
    return _change(session, held, seen, "register.end", {"to_on": last}, by=by, now=now)


def load_once(session: Session, area: Area, *, by: str, now: datetime) -> int:
    """Put the entries of the area's file into each register that is still empty; return how many.

    From then on the registers are kept on the staff pages, and the file says nothing of them.
    """
    given: dict[str, list[tuple[str, Draft]]] = {}
    for kind, entries in (("group", area.groups), ("service", area.services), ("priority", area.priorities)):
        given[kind] = [(one.id, Draft(one.name, one.id, from_on=one.from_, to_on=one.to)) for one in entries]
    for name, kind in LISTS.items():
        given.setdefault(kind, []).extend(
            (one.value, Draft(one.label, one.value)) for one in area.lists.get(name, ()) if not one.other
        )
    loaded = 0
    for kind, found in given.items():
        held = session.scalar(select(func.count()).select_from(TABLE).where(TABLE.c.kind == kind))
        fresh = [] if held else list(dict(found).values())
        for draft in fresh:
            session.add(RegisterEntry(**asdict(draft), kind=kind, changed_by=by, revision=1))
        loaded += len(fresh)
    if loaded:
        session.flush()
        audit.record(session, by, "register.load", area.area, now, entries=loaded)
    return loaded


def code_from(name: str) -> str:
    """A short code from a name: letters and digits of plain English, with hyphens. Empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    code = ""
    for word in words:
        longer = f"{code}-{word}".strip("-")
        if len(longer) > 24:
            break
        code = longer
    return code or (words[0][:24] if words else "")


def _change(
    session: Session, held: Entry, seen: int, what: str, values: dict[str, object], *, by: str, now: datetime
) -> Entry:
    mine = update(TABLE).where(TABLE.c.id == held.id, TABLE.c.revision == seen)
    if not changed(session, mine.values(**values, changed_by=by, revision=seen + 1)):
        raise Changed(
            f"{_found(session, held.id).changed_by} changed this while you had it open. Nothing was overwritten."
        )
    audit.record(session, by, what, str(held.id), now, kind=held.kind, code=held.code, revision=seen + 1)
    session.expire_all()
    return _found(session, held.id)


def _found(session: Session, ident: int) -> Entry:
    held = find(session, ident)
    if held is None:
        raise Refused("This entry is not here. Nothing was kept.")
    return held


def _sound(session: Session, kind: str, draft: Draft, ident: int | None = None) -> dict[str, object]:
    """The draft as it is stored.

    Raises:
        Refused: see `add`.
    """
    name, contact = " ".join(draft.name.split()), draft.contact.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused(f"Write its name, in {LONGEST_NAME} letters or fewer.")
    code = draft.code.strip() or _free_code(session, kind, name)
    if not CODE.fullmatch(code):
        raise Refused(f"Write a short code for it: letters, digits and hyphens, {LONGEST_CODE} at most.")
    taken = select(TABLE.c.id).where(TABLE.c.kind == kind, func.lower(TABLE.c.code) == code.lower())
    if session.execute(taken.where(TABLE.c.id != (ident or 0))).first():
        raise Refused(f"The code {code} is taken. Choose another.")
    if contact and not _is_email(contact):
        raise Refused("Type an e-mail address, such as office@school.example, or leave it empty.")
    if draft.ward and draft.ward not in {one.code for one in named(session, "ward")}:
        raise Refused("Choose a ward of the list.")
    if draft.from_on and draft.to_on and draft.to_on < draft.from_on:
        raise Refused("Its last day cannot be before its first day.")
    return asdict(draft) | {"name": name, "code": code, "contact": contact}


def _free_code(session: Session, kind: str, name: str) -> str:
    code = code_from(name)
    held = set(session.scalars(select(func.lower(TABLE.c.code)).where(TABLE.c.kind == kind, _begins_with(code))))
    numbered = (code if number == 1 else f"{code}-{number}" for number in range(1, len(held) + 2))
    return next((one for one in numbered if one not in held), code)


def _begins_with(code: str) -> ColumnElement[bool]:
    return func.lower(TABLE.c.code).startswith(code, autoescape=True)


def _is_email(typed: str) -> bool:
    name, _, host = typed.rpartition("@")
    return bool(name) and "." in host and len(typed) <= LONGEST_CONTACT and not any(sign.isspace() for sign in typed)


def _conditions(wanted: Wanted, today: date) -> Iterable[ColumnElement[bool]]:
    yield TABLE.c.kind.in_(wanted.kinds)
    for word in wanted.text.lower().split():
        name, code = (func.lower(column).contains(word, autoescape=True) for column in (TABLE.c.name, TABLE.c.code))
        yield or_(name, code)
    if not wanted.ended:
        yield or_(TABLE.c.to_on.is_(None), TABLE.c.to_on >= today)


def _holds(today: date) -> ColumnElement[bool]:
    return or_(TABLE.c.to_on.is_(None), TABLE.c.to_on >= today)
