"""Show all answers before they are sent, and send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import abort
from markupsafe import Markup
from werkzeug.wrappers import Response

from feedback_app.core.errors import Refused
from feedback_app.i18n import placeholders
from feedback_app.journey import piping
from feedback_app.journey.plan import Screen
from feedback_app.services import collecting
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.arriving import CHECK, Elsewhere, Here, NoVisit, here, is_draft
from feedback_app.web.public.class_sessions import for_a_while
from feedback_app.web.public.returning import finish_later
from feedback_app.web.support.commit import if_not_kept, store
from feedback_app.web.support.form_body import read_form
from feedback_app.web.support.rendering import render
from feedback_app.web.support.wiring import wiring

OURS = frozenset({"token", "go"})


@dataclass(frozen=True, slots=True)
class Row:
    """One question and its answer, with the way to change it."""

    label: Markup
    shown: list[str]
    change: str


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """The answers of one part."""

    title: Markup
    rows: list[Row]


@public.get("/<language:language>/<collection>/check")
def check(language: str, collection: str) -> str:
    """Show every answer that will be sent."""
    return _page(_finished(language, collection))


@public.post("/<language:language>/<collection>/check")
def send(language: str, collection: str) -> Response | tuple[str, int]:
    """Send the answers. Pressed twice, or five times at once, it is sent once; with anything added it is refused."""
    posted = read_form()
    ours = OURS.issuperset(posted)
    try:
        at = _finished(language, collection)
    except NoVisit as none:
        if none.sent and ours:
            return go_to(addresses.thanks(language, collection))
        raise
    if not ours:
        abort(400)
    if not at.visit.respondent.owns_form(posted.get("token", "")):
        return _page(at, "stale"), 400
    if_not_kept(lambda: _page(at, "not sent"))
    if posted.get("go") == "later":
        return finish_later(at, CHECK)
    try:
        wired = wiring()
        collecting.send(store(), wired.keys, wired.screens, at.visit, at.plan, language, wired.clock.today())
    except Refused:
        return _page(_finished(language, collection), "changed"), 409
    return for_a_while(go_to(addresses.thanks(language, collection)), at.visit.respondent)


def _finished(language: str, collection: str) -> Here:
    at = here(language, collection)
    if not at.path.complete:
        raise Elsewhere(at.onward(at.path.resume()))
    return at


def _page(at: Here, notice: str = "") -> str:
    words = at.words
    notices = {
        "stale": words("This page was open for a long time. Nothing is lost. Please press Send again."),
        "changed": words("Your answers changed in another window. Please look at them and press Send again."),
        "not sent": words("We could not send your answers just now. They are still here. Please press Send again."),
    }
    return render(
        "public/check.html",
        words,
        parts=list(_parts(at)),
        notice=notices.get(notice, ""),
        token=at.visit.respondent.form_token,
        action=addresses.check(at.language, at.collection),
        languages=at.languages,
        for_children=at.edition.for_children,
        here_in=lambda code: addresses.check(code, at.collection),
        draft=is_draft(at.edition, words),
    )


def _parts(at: Here) -> Iterator[CheckedPart]:
    for number in at.path.parts:
        screens = [screen for screen in at.path.screens if screen.part == number and screen.answers]
        if screens:
            title = placeholders.fill(at.plan.parts[number].page.title, piping.values(at.plan, at.path.live))
            yield CheckedPart(title, [_row(at, screen) for screen in screens])


def _row(at: Here, screen: Screen) -> Row:
    value_of = piping.values(at.plan, at.path.live)
    label = placeholders.fill(screen.question.label, value_of)
    if screen.asked.row:
        label = Markup("{} {}").format(label, placeholders.fill(screen.asked.row.label, value_of))
    change = addresses.screen(at.language, at.collection, screen.id) + "?to=check"
    return Row(label, screen.type.shown(screen.asked, at.path.live), change)
