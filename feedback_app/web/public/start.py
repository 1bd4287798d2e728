"""The list of open surveys, and the start page of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from feedback_app.i18n.locales import SOURCE, best_match
from feedback_app.services import collecting, collections, editions
from feedback_app.services.collecting import Visit
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.arriving import collection_here, is_draft
from feedback_app.web.support.commit import store
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.visitor import remember, respondent_of
from feedback_app.web.support.wiring import wiring


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """One line of the list: in the page's language where the survey speaks it, else in English."""

    title: str
    minutes: str
    language: str
    address: str


@public.get("/")
def home() -> AnyResponse:
    """Lead to the list in the language that the browser asks for."""
    response = redirect(f"/{best_match(request.headers.get('Accept-Language', ''), wiring().spoken)}", 302)
    response.vary.add("Accept-Language")
    return response


@public.get("/<language:language>")
def surveys(language: str) -> str:
    """List the surveys that are open now."""
    words = words_for(language)
    return render(
        "public/surveys.html",
        words,
        open=list(_open_surveys(language)),
        languages=wiring().spoken,
        here_in=lambda code: f"/{code}",
        draft=words.interface.review == "draft",
    )


def _open_surveys(language: str) -> Iterator[OpenSurvey]:
    wired = wiring()
    for collection in collections.listed(store()):
        edition = wired.editions.get(store(), collection.version_hash)
        if editions.why_closed(collection, edition, wired.area, wired.clock.today()):
            continue
        spoken = language if language in editions.offered(edition, wired.area, wired.interfaces) else SOURCE
        survey = edition.plan(spoken).survey
        yield OpenSurvey(survey.title, survey.minutes, spoken, addresses.start(spoken, collection.id))


@public.get("/<collection>")
def short_address(collection: str) -> AnyResponse:
    """Lead from the address on a poster to the start page, in the language that the browser asks for."""
    _, edition = collection_here(SOURCE, collection)
    spoken = editions.offered(edition, wiring().area, wiring().interfaces)
    best = best_match(request.headers.get("Accept-Language", ""), spoken)
    response = redirect(addresses.start(best, collection), 302)
    response.vary.add("Accept-Language")
    return response


@public.get("/<language:language>/<collection>")
def start(language: str, collection: str) -> str:
    """Say what the survey is, how long it takes and what happens to the answers."""
    _, edition = collection_here(language, collection)
    words, plan = words_for(language), edition.plan(language)
    return render(
        "public/start.html",
        words,
        title=plan.survey.title,
        minutes=plan.survey.minutes,
        opening=[question.label for question in plan.opening],
        notice=plan.survey.notice,
        action=addresses.start(language, collection),
        resume=_resume(language, collection),
        languages=editions.offered(edition, wiring().area, wiring().interfaces),
        here_in=lambda code: addresses.start(code, collection),
        draft=is_draft(edition, words),
    )


def _unfinished(collection: str) -> Visit | None:
    respondent = respondent_of(collection)
    if respondent is None:
        return None
    return collecting.find(store(), respondent, wiring().clock.now(), wiring().settings.session_hours)


def _resume(language: str, collection: str) -> str:
    visit = _unfinished(collection)
    if visit is None:
        return ""
    wired = wiring()
    begun = wired.editions.get(store(), visit.version_hash)
    # The version they began may not speak every language that the newest one does.
    spoken = language if language in editions.offered(begun, wired.area, wired.interfaces) else SOURCE
    screen = visit.path(begun.plan(spoken)).resume()
    return addresses.screen(spoken, collection, screen.id) if screen else addresses.check(spoken, collection)


@public.post("/<language:language>/<collection>")
def begin(language: str, collection: str) -> AnyResponse:
    """Begin a new visit; what this browser had not finished here is forgotten."""
    opened, edition = collection_here(language, collection)
    before = respondent_of(collection)
    if before:
        collecting.leave(store(), before)
    visit = collecting.begin(store(), wiring().keys, opened, wiring().clock.now())
    first = addresses.screen(language, collection, edition.plan(language).first.id)
    return remember(go_to(first), visit.respondent)
