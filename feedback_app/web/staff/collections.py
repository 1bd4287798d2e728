"""The collections: a page of them with their counts, and everything about one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import LOCALES
from feedback_app.services import asking, cards, openings, participation, registers, reminders
from feedback_app.services import collections as held
from feedback_app.services.asking import TooOften
from feedback_app.services.collections import Held, Wanted
from feedback_app.services.participation import Taking
from feedback_app.storage.db import db
from feedback_app.storage.queries import coding as comments
from feedback_app.storage.queries import triage as queue
from feedback_app.web.staff import staff
from feedback_app.web.staff.arriving import codebooks, collection_here
from feedback_app.web.staff.pages import show
from feedback_app.web.staff.readiness import before
from feedback_app.web.staff.standing import SURVEY, Stands, day_of, shut, spoken, stands
from feedback_app.web.staff.terms import Typed
from feedback_app.web.support.wiring import wiring

STATES = {
    "open": "Open",
    "waiting": "Not open yet",
    "closed": "Closed",
    "archived": "Archived",
    "imported": "Not a survey",
}
NUMBERS = {"eligible": "Could answer", "invited": "Were invited", "present": "Were there"}
DID = {
    "opened": "Opened",
    "closed": "Closed",
    "reopened": "Reopened",
    "archived": "Archived",
    "left-out": "Left a part out",
    "put-back": "Put a part back",
    "reminded": "Sent a reminder",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One collection as the list shows it."""

    of: Held
    stands: Stands
    taking: Taking


@dataclass(frozen=True, slots=True)
class Base:
    """One number of people, and what share of them answered."""

    words: str
    number: int
    source: str
    on: str
    rate: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done with the collection."""

    what: str
    about: str
    why: str
    by: str
    on: str


@staff.get("/collections")
def collections() -> str:
    """List a page of the collections with their counts."""
    session, asked, rule = db.session(), _wanted(), participation.rule_of(wiring().area)
    page = held.page(session, asked, wiring().clock.today())
    taking = participation.taking_part(session, [one.id for one in page.collections], rule)
    return show(
        "collections/list.html",
        page=page,
        lines=[Line(one, stands(one), taking[one.id]) for one in page.collections],
        rule=rule,
        asked=asked,
        states=STATES,
        setting=registers.find(session, asked.setting) if asked.setting else None,
        here=lambda number: _here(asked, number),
    )


@staff.get("/collections/<collection>")
def collection(collection: str) -> str:
    """Show one collection: how it stands, how to pass it on, who takes part, what can be done with it."""
    return one_page(collection_here(collection))


def one_page(one: Held, trouble: FeedbackError | None = None, at: str = "stands", typed: Typed | None = None) -> str:
    """The page of a collection.

    Args:
        trouble: why something that was just asked for cannot be done.
        at: the id of the part of the page that it was asked for in.
        typed: the form as it was typed; else what is kept stands in it.
    """
    session, wired = db.session(), wiring()
    edition, rule = wired.editions.asked(session, one), participation.rule_of(wired.area)
    taking = participation.taking_part(session, [one.id], rule)[one.id]
    spread = participation.by_language(session, one.id, rule, wired.clock.today())
    setting, made = held.settings_of(session, [one]).get(one.setting_id or 0), cards.made(session, one.id)
    return show(
        "collections/one.html",
        one=one,
        stands=stands(one),
        before=before(edition, one.id) if one.source == SURVEY and edition.hears_children else None,
        setting=setting,
        often=_often(one),
        taking=taking,
        spread=[(_language(code), figure.count) for code, figure in spread.items()],
        bases=_bases(taking),
        rule=rule,
        waiting=comments.count_waiting(session, one.id),
        unread=_unread(one),
        to_release=queue.count_open(session, one.id),
        spoken=list(spoken(edition)),
        offered=list(spoken(wired.editions.get(session, one.version_hash))),
        shut=list(shut(edition)) if one.source == SURVEY else [],
        cards=made.made,
        cards_used=participation.shown(made.used, rule),
        most_cards=cards.MOST_AT_ONCE,
        reminded=reminders.sent(session, one.id),
        most_reminders=reminders.MOST,
        left_out=_left_out(one),
        typed=typed or Typed.of(one, taking.numbers),
        numbers=NUMBERS,
        events=[_event(one, happened) for happened in openings.happened(session, one.id)],
        trouble=str(trouble or ""),
        at=at,
        today=wired.clock.today(),
    )


def _wanted() -> Wanted:
    asked = request.args
    return Wanted(
        asked.get("search", "").strip()[:100],
        asked.get("state", ""),
        asked.get("setting", type=int),
        asked.get("page", 1, type=int),
    )


def _here(asked: Wanted, number: int) -> str:
    given: dict[str, Any] = {"search": asked.text or None, "state": asked.state or None, "setting": asked.setting}
    return url_for("staff.collections", page=number if number > 1 else None, **given)


def _bases(taking: Taking) -> list[Base]:
    return [
        Base(NUMBERS[kind], one.number, one.source, day_of(one.on), _rate(taking, kind))
        for kind, one in taking.numbers.items()
    ]


def _rate(taking: Taking, kind: str) -> str:
    if kind in taking.wrong:
        return "More answers than people: please check the number"
    return f"About {taking.rates[kind]}%" if kind in taking.rates else "Too few to say"


def _often(one: Held) -> TooOften | None:
    return asking.of_settings(db.session(), [one.setting_id]).get(one.setting_id) if one.setting_id else None


def _unread(one: Held) -> int:
    """Comments that no current codebook has read stand in no list yet, and a person should know of them."""
    books = codebooks(wiring().settings.surveys)
    return comments.count_unread(db.session(), [(book.id, book.version) for book in books.values()], one.id)


def _left_out(one: Held) -> list[str]:
    if not one.left_out:
        return []
    edition, gone = wiring().editions.get(db.session(), one.version_hash), one.left_out.split()
    return [page.title or page.id for page in openings.may_go(edition) if page.id in gone]


def _event(one: Held, happened: openings.Happened) -> Event:
    about = happened.about and _part(one, happened.about)
    return Event(DID.get(happened.what, happened.what), about, happened.why, happened.done_by, day_of(happened.done_on))


def _part(one: Held, ident: str) -> str:
    edition = wiring().editions.get(db.session(), one.version_hash)
    return next((page.title or page.id for page in openings.may_go(edition) if page.id == ident), ident)


def _language(code: str) -> str:
    return LOCALES[code].english_name if code in LOCALES else code
