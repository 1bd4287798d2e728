"""Finish later: put the answers aside under five words, and find them again by those words alone."""

from __future__ import annotations

from datetime import timedelta

from flask import Response as Page
from flask import abort, request
from werkzeug.wrappers import Response

from feedback_app.core.tokens import RECEIPT_WORDS, read_words, unknown_words
from feedback_app.services import collecting, returning
from feedback_app.services.collecting import Visit
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.arriving import Here, carry_on, is_draft
from feedback_app.web.support.commit import store
from feedback_app.web.support.form_body import read_form
from feedback_app.web.support.language import Words, words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.tablet import tablet_here
from feedback_app.web.support.tries import Tries, client
from feedback_app.web.support.visitor import forget, remember
from feedback_app.web.support.wiring import wiring

A_DAY, HOUR = 24, 3600
OURS = frozenset({"same-origin", "none"})
# Five words that are all in the list and open nothing. Right ones never count, so a whole school can come back at once.
FROM_ONE, FROM_ALL = Tries("five words", "10 per hour"), Tries("five words, everyone", "1000 per hour")


def finish_later(at: Here, ident: str) -> Response:
    """Put the answers aside, show the five words that lead back, and take the session away from this browser.

    Not on a shared tablet, where the next person would see the words.
    """
    if tablet_here():
        return go_to(addresses.screen(at.language, at.collection, ident))
    wired, words = wiring(), at.words
    ends = (wired.clock.now() + timedelta(hours=wired.settings.session_hours)).date()
    page = render(
        "public/later.html",
        words,
        receipt=collecting.put_aside(store(), at.visit, ident, wired.clock.now()),
        hours=wired.settings.session_hours,
        until=words.day(ends) if wired.settings.session_hours == A_DAY else "",
        address=f"{wired.settings.address}{addresses.come_back(at.language)}",
        for_children=at.edition.for_children,
        draft=is_draft(at.edition, words),
    )
    return forget(Page(page))


@public.get("/<language:language>/return")
def come_back(language: str) -> str | Response:
    """Ask for the five words."""
    return go_to(addresses.in_class(language, "next")) if tablet_here() else _ask(words_for(language))


@public.post("/<language:language>/return")
def open_again(language: str) -> Response | tuple[str, int]:
    """Give the browser the session that the five words lead to, and go on where the person was."""
    not_from_elsewhere()
    typed, words = read_form().get("words", ""), words_for(language)
    given = read_words(typed)
    if tablet_here():
        return go_to(addresses.in_class(language, "next"))
    if trouble := slip(words, given):
        return _ask(words, typed, trouble), 422
    if not (FROM_ONE.left(client()) and FROM_ALL.left()):
        return _ask(words, typed, words("That was too many tries. Please wait an hour and try again.")), 429
    visit = _find(given)
    if visit is None:
        return _ask(words, typed, _nothing(words)), 422
    return remember(go_to(carry_on(language, visit)), visit.respondent)


def _find(given: tuple[str, ...]) -> Visit | None:
    wired = wiring()
    hours = wired.settings.session_hours
    visit = returning.find(store(), wired.keys.server, given, wired.clock.now(), hours)
    if visit is None:
        FROM_ONE.failed(client())
        FROM_ALL.failed()
    return visit


def not_from_elsewhere() -> None:
    """Another site must not lead somebody to words that it knows, and read there what they write afterwards."""
    if request.headers.get("Sec-Fetch-Site", "none") not in OURS:
        abort(400)


def slip(words: Words, given: tuple[str, ...]) -> str:
    """What is wrong with the words as words. It tells nothing of what is kept: the list of words is public."""
    unknown = unknown_words(given)
    if unknown:
        return words.say("This is not one of our words: {word}. Please look at it again.", word=unknown[0][:30])
    return "" if len(given) == RECEIPT_WORDS else words("Please type all five words.")


def _nothing(words: Words) -> str:
    return words.plural(
        "These words do not open anything. They may be wrong, or more than {number} hour old.",
        "These words do not open anything. They may be wrong, or more than {number} hours old.",
        wiring().settings.session_hours,
    )


def _ask(words: Words, typed: str = "", trouble: str = "") -> str:
    return render(
        "public/return.html",
        words,
        words_typed=typed,
        trouble=trouble,
        action=addresses.come_back(words.locale.code),
        languages=wiring().spoken,
        here_in=addresses.come_back,
        draft=words.interface.review == "draft",
    )
