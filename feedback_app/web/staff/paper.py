"""A collection's paper forms: print blank ones, see how the typing stands, and settle where two typings differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import LOCALES
from feedback_app.services import editions
from feedback_app.services.collections import Held
from feedback_app.services.editions import Edition
from feedback_app.services.paper import comparing, typing
from feedback_app.services.paper.comparing import FIRST, SECOND, Difference
from feedback_app.services.paper.printing import Printer, Wanted
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.arriving import collection_here
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import STATIC
from feedback_app.web.support.wiring import wiring

SIZES = {"standard": "Standard, 12 point", "large": "Large print, 18 point"}
STANDS = {FIRST: "The first typing", SECOND: "The second typing"}


@dataclass(frozen=True, slots=True)
class Printed:
    """One language in which a form can be printed."""

    code: str
    name: str
    easy: bool


@dataclass(frozen=True, slots=True)
class Number:
    """What stands in the box for a form's number, and what is wrong with it. `again`: it is typed in already."""

    typed: str = ""
    trouble: str = ""
    again: bool = False


@cache
def _printer(surveys: str) -> Printer:
    return Printer({"static": STATIC, "drawings": wiring().settings.surveys / "symbols"})


@staff.get("/collections/<collection>/paper")
def paper(collection: str) -> str:
    """Say what can be printed, typed in and compared."""
    return overview(paper_here(collection), Number())


@staff.get("/collections/<collection>/paper/<language:language>-<any('standard', 'large'):size>.pdf")
def blank_form(collection: str, language: str, size: str) -> Response:
    """Give a blank form as a PDF. It holds nothing of anybody, so nothing is written down."""
    edition = wiring().editions.asked(db.session(), paper_here(collection))
    wanted = Wanted(language, size == "large", "easy" in request.args)
    if language not in _offered(edition) or (wanted.easy and not edition.easy_in(language)):
        abort(404)
    words = words_for(language)
    draft = "draft" in (edition.review(language), words.interface.review)
    made = _printer(str(wiring().settings.surveys)).form(edition, wanted, words, draft)
    file = f"{collection}-{language}{'-easy' if wanted.easy else ''}-{size}.pdf"
    return Response(made, headers={"Content-Disposition": f'inline; filename="{file}"'}, content_type="application/pdf")


@staff.post("/collections/<collection>/paper/differences")
def differences(collection: str) -> str:
    """Open the two typings of a form where they differ. Who looked stays in the audit log."""
    return _differing(paper_here(collection), request.form.get("number", ""))


@staff.post("/collections/<collection>/paper/settle")
def settle(collection: str) -> str | AnyResponse:
    """Keep which typing stands. With a choice missing the form is shown again: the door keeps that somebody looked."""
    here, number, form = paper_here(collection), request.form.get("number", ""), request.form
    chosen = {name.removeprefix("stands-"): form[name] for name in form if name.startswith("stands-")}
    try:
        _settle(here, number, chosen)
    except FeedbackError as error:
        return _differing(here, number, chosen, str(error))
    flash(f"Form {number} is settled.")
    return redirect(url_for("staff.paper", collection=here.id), 303)


def paper_here(collection: str) -> Held:
    """The collection of an address, if it is a survey: answers that were brought in have no paper.

    Raises:
        NotFound: there is none.
    """
    here = collection_here(collection)
    if here.source != "survey":
        abort(404)
    return here


def overview(here: Held, number: Number) -> str:
    """The page of a collection's paper."""
    session, wired = db.session(), wiring()
    edition = wired.editions.asked(session, here)
    return show(
        "paper/overview.html",
        here=here,
        printed=list(_printed(edition)),
        sizes=SIZES,
        versions=typing.versions(session, here),
        standing=comparing.standing(session, wired.keys.server, here.id, signed_in().name),
        number=number,
        asked=request.form,
    )


def _settle(here: Held, number: str, chosen: Mapping[str, str]) -> None:
    wired, by, now, today = wiring(), signed_in().name, wiring().clock.now(), wiring().clock.today()
    session = db.session()
    given = (wired.keys, wired.screens, wired.editions, here, number, chosen)
    comparing.settle(session, *given, by=by, now=now, today=today)


def _differing(here: Held, number: str, chosen: Mapping[str, str] | None = None, trouble: str = "") -> str:
    wired, now = wiring(), wiring().clock.now()
    found: list[Difference] = comparing.differences(
        db.session(), wired.keys, wired.editions, here, number, by=signed_in().name, now=now
    )
    context = {"chosen": chosen or {}, "trouble": trouble, "stands": STANDS}
    return show("paper/differences.html", here=here, number=number, found=found, **context)


def _offered(edition: Edition) -> list[str]:
    return editions.offered(edition, wiring().area, wiring().interfaces)


def _printed(edition: Edition) -> Iterator[Printed]:
    for code in _offered(edition):
        draft = "draft" in (edition.review(code), wiring().interfaces[code].review)
        name = f"{LOCALES[code].english_name}{' (not checked yet)' if draft else ''}"
        yield Printed(code, name, edition.easy_in(code))
