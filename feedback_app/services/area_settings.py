"""What administrators set for the area on the settings page, lying over the area's file. Each change stays for ever.

The file is the base. The newest change of a name counts; older ones are the history. Thresholds only go up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.disclosure import Rule
from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import REQUIRED_SIGNPOSTS, Area, Signpost, day_of_a_year
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import audit
from feedback_app.storage.db import Store, hold_writes
from feedback_app.storage.models import AreaSetting, table_of

TABLE = table_of(AreaSetting)
TEXTS = {  # in the order of the page, with the most letters of each
    "name": 120,
    "short_name": 40,
    "controller": 300,
    "contact": 254,
    "privacy_url": 500,
}
MAY_BE_EMPTY = frozenset({"privacy_url"})
#: With the most of each: they never come down, so a slip must not be for ever.
THRESHOLDS = {"smallest_count": 50, "round_to": 20, "percent_base": 300}
HEAR_BACK, YEAR = "hear_back", "year_begins"
GENERAL = (*TEXTS, HEAR_BACK, YEAR, *THRESHOLDS)
SIGNPOST = "signpost:"
LONGEST_HEAR_BACK, LONGEST_NAME, LONGEST_SAYS, LONGEST_WAY = 400, 120, 300, 300
IDENT = re.compile(r"[a-z][a-z0-9_]{0,39}")
A_PAGE = 50
Values = Mapping[str, Any]


class Changed(FeedbackError):
    """Somebody else changed these settings since the page was opened. Nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change, as the history shows it."""

    number: int
    name: str
    before: Any
    after: Any
    changed_by: str
    changed_at: datetime


def newest(store: Store) -> int:
    """The number of the newest change, or 0: what tells cheaply whether anything changed."""
    return store.execute(select(func.max(TABLE.c.number))).scalar() or 0


def over(store: Store, base: Area) -> Area:
    """The area as it counts now: its file, with what was set lying over it."""
    held = _current(store)
    given: dict[str, Any] = {name: held[name] for name in GENERAL if held.get(name) is not None}
    posts = {post.id: post for post in base.signposts}
    for name, value in held.items():
        if not name.startswith(SIGNPOST):
            continue
        ident = name.removeprefix(SIGNPOST)
        if value is None:
            posts.pop(ident, None)
        else:
            posts[ident] = Signpost.model_validate(value)
    return base.model_copy(update=given | {"signposts": tuple(posts.values())})


def general(area: Area) -> dict[str, Any]:
    """What the general settings are."""
    return {name: getattr(area, name) for name in GENERAL}


def last_of(store: Store, *names: str) -> int:
    """The number of the newest change of one of these names: what a form has seen."""
    return store.execute(select(func.max(TABLE.c.number)).where(TABLE.c.name.in_(names))).scalar() or 0


def set_general(session: Session, base: Area, seen: int, values: Values, *, by: str, now: datetime) -> list[str]:
    """Keep the general settings; return the names of those that differ from before.

    Args:
        base: the area's file.
        seen: the newest change of these settings that the person had before them.
        values: every general setting.

    Raises:
        Changed: somebody else changed one since.
        FeedbackError: one is missing, too long, or a threshold would come down.
    """
    hold_writes(session)
    before = general(over(session, base))
    _not_changed(session, seen, *GENERAL)
    _sound(values, before)
    differing = {name: value for name, value in values.items() if value != before[name]}
    _add(session, {name: (before[name], value) for name, value in differing.items()}, by=by, now=now)
    if differing:
        audit.record(session, by, "settings.change", "area", now, names=sorted(differing))
    return sorted(differing)


def set_signpost(
    session: Session, base: Area, seen: int, post: Values, *, new: bool, today: date, by: str, now: datetime
) -> None:
    """Keep a signpost, new or changed. Whoever keeps it says that it is right today.

    Raises:
        Changed: somebody else changed it since.
        FeedbackError: something is missing or too long, or a new one has the short name of another.
    """
    hold_writes(session)
    held = find_signpost(over(session, base), str(post["id"]))
    if new and held is not None:
        raise FeedbackError(f'There is a signpost "{held.id}" already. Give this one another short name.')
    _not_changed(session, seen, f"{SIGNPOST}{post['id']}")
    after = _signpost({**post, "checked_on": today, "checked_by": by})
    _keep_signpost(session, held, after, "settings.signpost", by=by, now=now)


def check_signpost(session: Session, base: Area, ident: str, seen: int, *, today: date, by: str, now: datetime) -> None:
    """Write down that somebody made sure today that a signpost is right.

    Raises:
        Changed: somebody changed it since: it is not what was checked.
        FeedbackError: it is not here any more.
    """
    hold_writes(session)
    held = _signpost_here(over(session, base), ident)
    _not_changed(session, seen, f"{SIGNPOST}{ident}")
    after = held.model_copy(update={"checked_on": today, "checked_by": by})
    _keep_signpost(session, held, after, "settings.signpost_checked", by=by, now=now)


def drop_signpost(session: Session, base: Area, ident: str, seen: int, *, by: str, now: datetime) -> None:
    """Take a signpost off every page.

    Raises:
        Changed: somebody else changed it since.
        FeedbackError: no survey for children may be open without it, or it is not here any more.
    """
    if ident in REQUIRED_SIGNPOSTS:
        raise FeedbackError("No survey for children may be open without this signpost. Change it, and keep it.")
    hold_writes(session)
    held = _signpost_here(over(session, base), ident)
    _not_changed(session, seen, f"{SIGNPOST}{ident}")
    _keep_signpost(session, held, None, "settings.signpost_gone", by=by, now=now)


def find_signpost(area: Area, ident: str) -> Signpost | None:
    """One signpost of the area as it counts now, or None."""
    return next((post for post in area.signposts if post.id == ident), None)


def history(session: Session, *, before: int | None = None, size: int = A_PAGE) -> list[Change]:
    """The changes, the newest first.

    Args:
        before: only those with a smaller number.
    """
    wanted = select(TABLE).order_by(TABLE.c.number.desc()).limit(size)
    if before is not None:
        wanted = wanted.where(TABLE.c.number < before)
    return [Change(**row._mapping) for row in session.execute(wanted)]


def since(session: Session, seen: int, *names: str) -> list[Change]:
    """What was changed after somebody opened a form that has these settings, oldest first."""
    wanted = select(TABLE).where(TABLE.c.number > seen, TABLE.c.name.in_(names)).order_by(TABLE.c.number)
    return [Change(**row._mapping) for row in session.execute(wanted)]


def _current(store: Store) -> dict[str, Any]:
    """The newest value of each name, in the order in which the names first came."""
    last = select(func.max(TABLE.c.number)).group_by(TABLE.c.name)
    rows = store.execute(select(TABLE.c.name, TABLE.c.after).where(TABLE.c.number.in_(last)).order_by(TABLE.c.number))
    return {row.name: row.after for row in rows}


def _not_changed(session: Session, seen: int, *names: str) -> None:
    late = since(session, seen, *names)
    if late:
        raise Changed(f"{late[-1].changed_by} changed this while you had it open. Nothing was overwritten.")


def _add(session: Session, found: Mapping[str, tuple[Any, Any]], *, by: str, now: datetime) -> None:
    for name, (before, after) in found.items():
        session.add(AreaSetting(name=name, before=before, after=after, changed_by=by, changed_at=now))
        session.flush()


def _keep_signpost(
    session: Session, held: Signpost | None, after: Signpost | None, what: str, *, by: str, now: datetime
) -> None:
    one = after or held
    if one is None or held == after:
        return
    documents = tuple(post.model_dump(mode="json", exclude_defaults=True) if post else None for post in (held, after))
    _add(session, {f"{SIGNPOST}{one.id}": documents}, by=by, now=now)  # type: ignore[dict-item]
    audit.record(session, by, what, one.id, now)


def _signpost_here(area: Area, ident: str) -> Signpost:
    held = find_signpost(area, ident)
    if held is None:
        raise FeedbackError("This signpost is not here any more. Nothing was kept.")
    return held


def _sound(values: Values, before: Values) -> None:
    """Refuse what cannot be set.

    Raises:
        FeedbackError: see `set_general`.
    """
    for name, most in TEXTS.items():
        if not values[name] and name not in MAY_BE_EMPTY:
            raise FeedbackError(f"Write the {_in_words(name)}.")
        if len(values[name]) > most:
            raise FeedbackError(f"The {_in_words(name)} is {len(values[name]) - most} letters too long.")
    _web_address(values["privacy_url"], "privacy notice")
    said = values[HEAR_BACK]
    if said and not said.get(SOURCE):
        raise FeedbackError("Write in English when people will hear from you, too.")
    _in_languages(said, LONGEST_HEAR_BACK)
    try:
        day_of_a_year(values[YEAR])
    except ValueError:
        raise FeedbackError("Write the first day of the reporting year as month and day, such as 04-01.") from None
    for name, most in THRESHOLDS.items():
        if values[name] < before[name]:
            raise FeedbackError(f"The {_in_words(name)} is {before[name]} now. It can go up, and never down.")
        if values[name] > most:
            raise FeedbackError(f"The {_in_words(name)} can be at most {most}.")
    try:
        rule_of(values)
    except ValueError:
        raise FeedbackError(
            "Numbers are rounded to 5, 10, 15 or 20, and the smallest number shown must be a multiple of that."
        ) from None


def rule_of(values: Values) -> Rule:
    """The rule of publishing that these thresholds make.

    Raises:
        ValueError: they do not fit together, or are looser than the promise.
    """
    return Rule(hide_below=values["smallest_count"], round_to=values["round_to"], percent_base=values["percent_base"])


def _signpost(given: Values) -> Signpost:
    ident, name, says = str(given["id"]), given["name"], given["says"]
    if not IDENT.fullmatch(ident) or ident == "new":
        raise FeedbackError("Write its short name in small letters, digits and _, such as night_line.")
    if not name.get(SOURCE):
        raise FeedbackError("Write its name, in English.")
    if says and not says.get(SOURCE):
        raise FeedbackError("Write in English, too, who it is for and when it answers.")
    _in_languages(name, LONGEST_NAME)
    _in_languages(says, LONGEST_SAYS)
    if not any(given[way] for way in ("phone", "sms", "chat", "url")):
        raise FeedbackError("Write a way to reach it: a telephone, a number to text, a chat or a web address.")
    for way in ("phone", "sms", "chat", "url"):
        if len(given[way]) > LONGEST_WAY:
            raise FeedbackError("One of the ways to reach it is too long.")
    for way in ("phone", "sms"):
        if given[way] and not re.fullmatch(r"[0-9+() -]+", given[way]):
            raise FeedbackError("A number to call or text has digits, spaces, +, - and brackets only.")
    _web_address(given["chat"], "chat")
    _web_address(given["url"], "signpost's web site")
    try:
        return Signpost.model_validate(dict(given))
    except ValidationError:
        raise FeedbackError("This signpost cannot be kept as it is. Look at each box again.") from None


def _in_languages(said: Mapping[str, str], most: int) -> None:
    for code, words in said.items():
        if code not in LOCALES:
            raise FeedbackError(f'There is no language "{code}".')
        if len(words) > most:
            raise FeedbackError(f"The words in {LOCALES[code].english_name} are {len(words) - most} letters too long.")


def _web_address(address: str, of: str) -> None:
    if address and not re.fullmatch(r"https?://[^\s<>\"']+", address):
        raise FeedbackError(f"The address of the {of} must begin with https:// and have no spaces.")


def _in_words(name: str) -> str:
    return {
        "name": "name of the partnership",
        "short_name": "short name",
        "controller": "data controller",
        "contact": "contact",
        "privacy_url": "address of the privacy notice",
        "smallest_count": "smallest number shown",
        "round_to": "number that others are rounded to",
        "percent_base": "smallest base of a percentage",
    }[name]
