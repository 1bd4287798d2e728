"""Show one screen and keep what is answered on it."""

from __future__ import annotations

from typing import Any

from flask import abort
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from feedback_app.journey.plan import Screen
from feedback_app.questions.asked import OTHER, Answer, Foreign
from feedback_app.questions.consent import declined
from feedback_app.services import collecting
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.arriving import Here, here
from feedback_app.web.public.returning import finish_later
from feedback_app.web.public.screens import show
from feedback_app.web.support.commit import if_not_kept, remember_typed, store
from feedback_app.web.support.form_body import read_form, without_nul
from feedback_app.web.support.problems import problem_page
from feedback_app.web.support.visitor import forget

OURS = frozenset({"token", "go"})
WORDS = {"easy": True, "standard": False}  # the buttons that change the words, and whether to easy ones


@public.get("/<language:language>/<collection>/<ident>")
def question(language: str, collection: str, ident: str) -> str:
    """Show a screen, with the answer that was given before."""
    at = here(language, collection)
    return show(at, at.step(ident))


@public.post("/<language:language>/<collection>/<ident>")
def answer(language: str, collection: str, ident: str) -> Response | tuple[str, int]:
    """Keep the answer and go where the person pressed: on, back, past this part, to help, or to another language."""
    posted = read_form()
    remember_typed(posted.get(OTHER, posted.get("answer", "")))
    at = here(language, collection)
    screen = at.step(ident)
    if not screen.type.text:
        remember_typed(posted.get(OTHER, ""))  # the value of a choice is no word of theirs
    posted, had_nul = without_nul(posted)
    if not at.visit.respondent.owns_form(posted.get("token", "")):
        return show(at, screen, typed=posted, notice="stale"), 400
    if had_nul:
        return show(at, screen, typed=posted, notice="letters"), 400
    if_not_kept(lambda: show(at, screen, typed=posted, notice="not kept"))
    return _take(at, screen, posted)


def _take(at: Here, screen: Screen, posted: MultiDict[str, str]) -> Response | tuple[str, int]:
    go = posted.get("go", "next")
    if go == "skip" and screen.opens_part and _page(at, screen).skippable:
        collecting.skip(store(), at.visit, _page(at, screen).id)
        return _go_on(at, screen, "next")
    if not screen.answers:
        return _go_on(at, screen, go)
    form = _form(screen, posted)
    if not form.validate():
        return _not_accepted(at, screen, form, posted, go)
    answers = screen.type.read(form, screen.asked)
    if screen.type.name == "consent" and declined(answers, screen.asked.id):
        collecting.decline(store(), at.visit)
        return forget(go_to(addresses.goodbye(at.language, at.collection)))
    collecting.keep(store(), at.visit, _page(at, screen).id, screen.id, answers, at.language)
    return _go_on(at, screen, go)


def _form(screen: Screen, posted: MultiDict[str, str]) -> Any:
    """The form of a screen, filled; a field we did not offer, or one sent twice, is refused."""
    form = screen.form(posted)
    for name in posted:
        if name not in form and name not in OURS:
            abort(400)
        if len(posted.getlist(name)) > 1 and name not in screen.type.many:
            abort(400)
    return form


def _not_accepted(
    at: Here, screen: Screen, form: Any, posted: MultiDict[str, str], go: str
) -> Response | tuple[str, int]:
    """Show the screen again with what is wrong; on any way but onward, put the words aside and go."""
    if go == "next":
        return show(at, screen, typed=posted, form=form), 422
    typed: dict[str, Answer] = {
        name: posted.getlist(name) if name in screen.type.many else posted[name] for name in posted if name in form
    }
    collecting.set_aside(store(), at.visit, screen.id, typed)
    return _go_on(at, screen, go)


def _go_on(at: Here, screen: Screen, go: str) -> Response:
    if go == "help":
        return go_to(addresses.help_page(at.language, at.collection, screen.id) + addresses.to_check())
    if go == "later":
        return finish_later(at, screen.id)
    if go.startswith("in-"):
        language = _language(at, go.removeprefix("in-"))
        return go_to(addresses.screen(language, at.collection, screen.id) + addresses.to_check())
    if go in WORDS and at.easy_offered:
        collecting.choose_words(store(), at.visit, easy=WORDS[go])
        return go_to(addresses.screen(at.language, at.collection, screen.id) + addresses.to_check())
    path = at.visit.path(at.plan)
    if go == "back":
        before = path.before(screen)
        return go_to(at.onward(before) if before else addresses.start(at.language, at.collection))
    if addresses.to_check() and path.complete:
        return go_to(at.onward(None))
    return go_to(at.onward(path.after(screen)))


def _language(at: Here, code: str) -> str:
    return code if code in at.languages else at.language


def _page(at: Here, screen: Screen) -> Any:
    return at.plan.parts[screen.part].page


@public.errorhandler(Foreign)
def foreign(_: Foreign) -> tuple[str, int]:
    """An answer that the page did not offer is refused as a whole."""
    return problem_page(400), 400
