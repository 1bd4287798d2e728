"""Read comments and decide which codes they carry: software suggests, a person decides.

A GET never writes, and reading a child's words has to be written down. So the address of a collection's comments shows
no word of them: it says how many wait and what to know, and its button, a POST, opens them. Deciding answers with the
comments that are still open, the next one first, so that a person reads on without another step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from flask import request
from werkzeug.datastructures import MultiDict

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import coding
from feedback_app.services.coding import AT_A_TIME, DIRECTIONS, URGENT, OpenComment, SuggestedCode
from feedback_app.services.collections import Held
from feedback_app.services.reading import UNSURE, Reader
from feedback_app.storage.db import db
from feedback_app.storage.queries import coding as reads
from feedback_app.storage.queries import triage as queue
from feedback_app.web.staff import staff
from feedback_app.web.staff.arriving import codebooks, collection_here
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring

NO, YES = "no", "yes"
OTHERS = 2  # how many codes a person can add to what software suggested
FITS = "fits-"
FLAG = "X-"
TONES = {"positive": "pleased", "negative": "not pleased", "neutral": "neither pleased nor displeased"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person chose about one comment, as the form sent it."""

    comment: tuple[str, str] = ("", "")
    picked: Mapping[str, str] = field(default_factory=dict)  # each suggested code: "no", "yes" (a flag), or a direction
    others: tuple[tuple[str, str], ...] = (("", ""),) * OTHERS  # code and direction

    def choices(self) -> dict[str, str]:
        """The accepted codes, each with its direction.

        Raises:
            FeedbackError: nothing was chosen, one code twice, or a direction without a code.
        """
        chosen = {code: "" if way == YES else way for code, way in self.picked.items() if way != NO}
        for code, way in self.others:
            if way and not code:
                raise FeedbackError("You chose a direction without a code. Choose the code too.")
            if code in chosen:
                raise FeedbackError(f"You chose {code} twice. Choose it once.")
            if code:
                chosen[code] = "" if code.startswith(FLAG) else way
        if not chosen:
            raise FeedbackError("Choose at least one code. If no code fits, choose X-NONE or X-NEW under Other codes.")
        return chosen

    @property
    def refused(self) -> tuple[str, ...]:
        """The suggested codes that were looked at and not taken."""
        return tuple(code for code, way in self.picked.items() if way == NO)


@dataclass(frozen=True, slots=True)
class Card:
    """One open comment as it is shown."""

    of: OpenComment
    language: str
    tone: str
    suggestions: tuple[SuggestedCode, ...]
    typed: Typed
    trouble: str


@staff.get("/collections/<collection>/comments")
def comments(collection: str) -> str:
    """Say how many comments wait, and what to know before reading them."""
    here = collection_here(collection)
    number = reads.count_waiting(db.session(), here.id)
    given = {"number": number, "page": _page(number), "pages": _pages(number)}
    return show("coding/before.html", here=here, **given, **_unread(here))


@staff.post("/collections/<collection>/comments")
def open_comments(collection: str) -> str:
    """Open a page of comments. Who read how many, of which collection, stays in the audit log."""
    return _opened(collection_here(collection))


@staff.post("/collections/<collection>/comments/decisions")
def decide(collection: str) -> str:
    """Keep a decision and open what comes next; or say what is missing, with everything that was chosen.

    What is missing is said with status 200: the comments are shown again, and the door keeps the line that says so.
    """
    here, typed = collection_here(collection), _typed(request.form)
    try:
        _keep(typed)
    except FeedbackError as error:
        return _opened(here, typed, str(error))
    return _opened(here, kept=typed)


def _unread(here: Held) -> dict[str, int]:
    """How many texts of a collection coders do not see yet, because the safeguarding lead has to read them first."""
    return {"to_release": queue.count_open(db.session(), here.id)}


def _keep(typed: Typed) -> None:
    by, now = signed_in().name, wiring().clock.now()
    books, book = codebooks(wiring().settings.surveys), _codebook_of(typed.comment)
    coding.decide(db.session(), books, book, typed.comment, typed.choices(), by=by, now=now, refused=typed.refused)


def _codebook_of(comment: tuple[str, str]) -> str:
    found = reads.with_version(db.session(), [comment])
    if not found:
        raise FeedbackError("This comment is not here any more. Nothing was kept.")
    return wiring().editions.get(db.session(), found[0][1]).plan(SOURCE).survey.codebook


def _opened(here: Held, typed: Typed | None = None, trouble: str = "", kept: Typed | None = None) -> str:
    wired, session = wiring(), db.session()
    page = _page(reads.count_waiting(session, here.id))
    reader = Reader(session, wired.keys, wired.editions, codebooks(wired.settings.surveys))
    by, now = signed_in().name, wired.clock.now()
    found = coding.waiting(reader, here, page, by=by, now=now)
    book = found.codebook
    flags = [flag for flag in book.flags if kept and flag.code in kept.choices()] if book else []
    harm = kept is not None and any(flag.code in URGENT for flag in flags)
    return show(
        "coding/opened.html",
        here=here,
        found=found,
        pages=_pages(found.total),
        cards=[_card(one, typed, trouble) for one in found.comments],
        trouble=trouble,
        kept=kept,
        harmed=coding.again(reader, kept.comment, by=by, now=now) if kept and harm else "",
        flags=flags,
        urgent=URGENT,
        directions=DIRECTIONS,
        **_unread(here),
    )


def _card(one: OpenComment, typed: Typed | None, trouble: str) -> Card:
    mine = typed is not None and typed.comment == (one.response_id, one.field)
    return Card(
        of=one,
        language=_language(one.language),
        tone=TONES.get(one.sentiment, ""),
        # What may be harm stands first, whatever else was found.
        suggestions=tuple(sorted(one.suggestions, key=lambda code: code.code not in URGENT)),
        typed=typed if typed is not None and mine else Typed(),
        trouble=trouble if mine else "",
    )


def _language(code: str) -> str:
    if code == UNSURE:
        return ""
    return LOCALES[code].english_name if code in LOCALES else code


def _typed(form: MultiDict[str, str]) -> Typed:
    picked = {name.removeprefix(FITS): form[name] for name in form if name.startswith(FITS)}
    others = tuple((form.get(f"code-{n}", ""), form.get(f"way-{n}", "")) for n in range(1, OTHERS + 1))
    return Typed((form.get("response", ""), form.get("field", "")), picked, others)


def _pages(number: int) -> int:
    return max(1, ceil(number / AT_A_TIME))


def _page(number: int) -> int:
    """The page that was asked for, or the nearest there is."""
    return max(1, min(request.args.get("page", 1, type=int), _pages(number)))
