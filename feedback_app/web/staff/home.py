"""The first page: what needs the person who is signed in, and only that; else what to do first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from feedback_app.core.roles import ADMINISTRATOR, ANALYST, CODER, LEAD, ORGANISER, TRANSLATOR
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import drills, jobs, readiness, rota
from feedback_app.services import home as needs
from feedback_app.services.readiness import Unready
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import may, signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring


@dataclass(frozen=True, slots=True)
class Need:
    """One kind of thing that waits: for whom, how it is said of one and of many, and where it is dealt with."""

    roles: frozenset[str]
    one: str
    many: str
    go: str
    endpoint: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One need as it is shown."""

    number: int
    words: str
    go: str
    address: str
    urgent: bool
    places: tuple[tuple[str, str], ...] = ()  # instead of one way there, several: titles and addresses


TEAM = frozenset({ADMINISTRATOR, ANALYST, ORGANISER})
ADMIN, WORDS = frozenset({ADMINISTRATOR}), frozenset({CODER, LEAD})
#: In the order of the page: what may be about a child comes first.
NEEDS: dict[str, Need] = {
    "triage": Need(
        frozenset({LEAD}),
        "text waits for you to read it. Nobody else can read it before you.",
        "texts wait for you to read them. Nobody else can read them before you.",
        "Read them first",
        "staff.triage",
        urgent=True,
    ),
    "drill": Need(
        frozenset({LEAD}),
        "drill waits for you to say that you have seen it.",
        "",
        "Go to the drill",
        "staff.triage",
        urgent=True,
    ),
    "unready": Need(
        frozenset({ADMINISTRATOR, LEAD}),
        "survey in which children write is open, or opens soon, and something that it needs is missing.",
        "surveys in which children write are open, or open soon, and something that they need is missing.",
        "See what is missing",
        "staff.collections",
        urgent=True,
    ),
    "comments": Need(
        WORDS,
        "comment waits for a person to read it. Possible harm comes first in each list.",
        "comments wait for a person to read them. Possible harm comes first in each list.",
        "Go to the comments",
        "staff.collections",
        urgent=True,
    ),
    "not_opened": Need(
        ADMIN,
        "answer from a tablet could not be opened. It is kept, and nobody has read it.",
        "answers from tablets could not be opened. They are kept, and nobody has read them.",
        "See why",
        "staff.classes",
        urgent=True,
    ),
    "letters": Need(
        ADMIN,
        "letter has not gone out. It is tried again by itself.",
        "letters have not gone out. They are tried again by themselves.",
        "See what is wrong",
        "staff.jobs",
        urgent=True,
    ),
    "failed": Need(
        ADMIN,
        "piece of work that runs by itself has failed.",
        "pieces of work that run by themselves have failed.",
        "See what is wrong",
        "staff.jobs",
        urgent=True,
    ),
    "paper": Need(
        frozenset({CODER}),
        "paper form was typed twice and the typings differ. Somebody has to look at the paper.",
        "paper forms were typed twice and the typings differ. Somebody has to look at the paper.",
        "Choose the survey",
        "staff.collections",
    ),
    "bundles": Need(
        ADMIN,
        "sealed answer from a tablet waits to be taken in.",
        "sealed answers from tablets wait to be taken in.",
        "Go to the classes",
        "staff.classes",
    ),
    "waiting": Need(
        ADMIN,
        "survey for children is not open yet. Its page says what it needs first.",
        "surveys for children are not open yet. Their pages say what they need first.",
        "See which",
        "staff.collections",
    ),
    "opening": Need(
        TEAM,
        "collection opens today.",
        "collections open today.",
        "Go to the collections",
        "staff.collections",
    ),
    "closing": Need(
        TEAM,
        "collection closes within seven days.",
        "collections close within seven days.",
        "Go to the collections",
        "staff.collections",
    ),
    "follow_ups": Need(
        frozenset({ORGANISER}),
        "course session has its follow-up within seven days. Letters to who asked for them go out by themselves.",
        "course sessions have their follow-up within seven days. Letters to who asked for them go out by themselves.",
        "Go to the courses",
        "staff.courses",
    ),
    "rota": Need(
        frozenset({ADMINISTRATOR, LEAD}),
        "thing is missing before a survey for children can open: a rota with two leads and their hours.",
        "",
        "Set the rota",
        "staff.rota",
    ),
    "signposts": Need(
        ADMIN,
        "signpost is too old, or will be within thirty days. Surveys for children stop without it: check it.",
        "signposts are too old, or will be within thirty days. Surveys for children stop without them: check them all.",
        "Go to the settings",
        "staff.area_settings",
    ),
    "translations": Need(
        frozenset({ADMINISTRATOR, TRANSLATOR}),
        "language is not finished: words are missing, or nobody has checked them.",
        "languages are not finished: words are missing, or nobody has checked them.",
        "See which",
        "staff.collections",
    ),
    "own_factor": Need(
        frozenset({*TEAM, *WORDS, TRANSLATOR}),
        "thing to do for your own account: set up a second step for signing in.",
        "",
        "Set it up",
        "staff.own_account",
    ),
    "unsafe": Need(
        ADMIN,
        "account signs in with a password alone.",
        "accounts sign in with a password alone.",
        "See whose",
        "staff.members",
    ),
}

OPEN = "staff.new_collection"


@staff.get("/")
def home() -> str:
    """Show what needs this person today."""
    session, wired = db.session(), wiring()
    runs_itself = may(signed_in(), "staff.jobs")
    return show(
        "home/today.html",
        cards=list(_cards()),
        steps=list(_steps()),
        open_at=OPEN if may(signed_in(), OPEN) else "staff.collections",
        silent=jobs.silent_minutes(session, wired.clock.now()) if runs_itself else 0,
        today=wired.clock.today(),
    )


def _cards() -> Iterator[Card]:
    account = signed_in()
    for name, need in NEEDS.items():
        if account.member.roles.isdisjoint(need.roles):
            continue
        if number := _number(name):
            # Where the page for it is not for this person, the collections are for everyone.
            endpoint = need.endpoint if may(account, need.endpoint) else "staff.collections"
            words = need.one if number == 1 else need.many
            yield Card(number, words, need.go, url_for(endpoint), need.urgent, tuple(_places(name)))


def _places(name: str) -> Iterator[tuple[str, str]]:
    """For what lies in some collections and not in others: which, and the page there."""
    match name:
        case "comments":
            found, endpoint = needs.comments_in(db.session()), "staff.comments"
        case "paper":
            found, endpoint = needs.differing_in(db.session()), "staff.paper"
        case "unready":
            found, endpoint = [named for one in _unready() for named in one.collections], "staff.collection"
        case _:
            return
    for ident, title in found:
        yield title, url_for(endpoint, collection=ident)


def _number(name: str) -> int:
    session, wired, today = db.session(), wiring(), wiring().clock.today()
    match name:
        case "drill":
            return int(bool(drills.waiting(session)))
        case "unready":
            return sum(one.number for one in _unready())
        case "rota":
            return int(not rota.is_ready(session))
        case "signposts":
            return needs.ageing(wired.area, today)
        case "translations":
            return len(_unfinished())
        case "own_factor":
            return int(not signed_in().member.second_factor and not signed_in().at_council)
    return needs.COUNTS[name](session, today)


def _unready() -> list[Unready]:
    wired = wiring()
    return readiness.unready(db.session(), wired.editions, wired.interfaces, wired.clock.today())


def _unfinished() -> set[str]:
    """The languages that some open survey wants, and that lack words or a person's check."""
    session, wired = db.session(), wiring()
    found = set()
    for version in needs.asked_now(session, wired.clock.today()):
        edition = wired.editions.get(session, version)
        for code in edition.frozen.document["languages"]:
            interface = wired.interfaces.get(code)
            held = edition.frozen.languages.get(code)
            ready = held and interface and interface.complete and "draft" not in (held.review, interface.review)
            if code != SOURCE and not ready:
                found.add(code)
    return found


def _steps() -> Iterator[str]:
    """What an administrator does first, until it is done."""
    if ADMINISTRATOR in signed_in().member.roles:
        if not needs.has_own_collection(db.session()):
            yield "collection"
        if not needs.has_colleague(db.session()):
            yield "colleague"
