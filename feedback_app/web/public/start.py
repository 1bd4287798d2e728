"""The list of open surveys, and the start page of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from feedback_app.definitions.survey import Audience
from feedback_app.i18n.locales import SOURCE, best_match, nearest
from feedback_app.journey.path import walk
from feedback_app.questions.asked import Answer, Foreign
from feedback_app.questions.auto import told_by_itself, told_by_link
from feedback_app.services import collecting, collections, editions
from feedback_app.services.collecting import Visit
from feedback_app.services.editions import Edition
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.arriving import carry_on, collection_here, is_draft
from feedback_app.web.public.cards import take_card
from feedback_app.web.public.class_sessions import may_begin, on_tablet
from feedback_app.web.public.pair_code import Asking, asking, first_page, typed_code
from feedback_app.web.public.sound import listen
from feedback_app.web.support.commit import store
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import drawing, render
from feedback_app.web.support.tablet import lock, tablet_here
from feedback_app.web.support.visitor import remember, respondent_of
from feedback_app.web.support.wiring import wiring

AUDIENCES = get_args(Audience)  # the youngest first


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """One line of the list: in the page's language where the survey speaks it, else in the nearest that it does."""

    audience: str
    title: str
    minutes: str
    language: str
    address: str


@public.get("/")
def home() -> AnyResponse:
    """Lead to the list in the language that the browser asks for."""
    response = redirect(f"/{_wished(wiring().spoken)}", 302)
    response.vary.add("Accept-Language")
    return response


def _wished(spoken: list[str]) -> str:
    return best_match(request.headers.get("Accept-Language", ""), spoken, wiring().area.fallbacks)


@public.get("/<language:language>")
def surveys(language: str) -> str:
    """List the surveys that are open now."""
    words = words_for(language)
    return render(
        "public/surveys.html",
        words,
        open=sorted(_open_surveys(language), key=lambda one: AUDIENCES.index(one.audience)),
        languages=wiring().spoken,
        here_in=lambda code: f"/{code}",
        draft=words.interface.review == "draft",
    )


def _open_surveys(language: str) -> Iterator[OpenSurvey]:
    wired = wiring()
    for collection in collections.standing(store()):  # what is for one school is found by its own link
        edition = wired.editions.asked(store(), collection)
        if editions.why_closed(collection, edition, wired.area, wired.clock.today()):
            continue
        spoken = nearest(language, editions.offered(edition, wired.area, wired.interfaces), wired.area.fallbacks)
        survey = edition.plan(spoken).survey
        yield OpenSurvey(survey.audience, survey.title, survey.minutes, spoken, addresses.start(spoken, collection.id))


@public.get("/<collection>")
def short_address(collection: str) -> AnyResponse:
    """Lead from the address on a poster to the start page, in the language that the browser asks for."""
    _, edition = collection_here(SOURCE, collection)
    spoken = editions.offered(edition, wiring().area, wiring().interfaces)
    response = redirect(addresses.start(_wished(spoken), collection) + addresses.told(_told(edition)), 302)
    response.vary.add("Accept-Language")
    return response


@public.get("/<language:language>/<collection>")
def start(language: str, collection: str) -> str:
    """Say what the survey is, how long it takes and what happens to the answers."""
    return _page(language, collection)


def _page(language: str, collection: str, wrong_code: str = "", pairs: Asking | None = None) -> str:
    held, edition = collection_here(language, collection)
    resume = _resume(language, collection)
    words, plan = words_for(language), edition.plan(language)
    return render(
        "public/start.html",
        words,
        title=plan.survey.title,
        minutes=plan.survey.minutes,
        parts_total=len(walk(plan, {}).parts),
        opening=[question.label for question in plan.opening],
        mode=edition.mode,
        notice=plan.survey.notice,
        listen=lambda text: listen(language, text),
        easy_offered=edition.easy_in(language),
        short_offered=edition.has_short,
        drawing=drawing,
        hours=wiring().settings.session_hours,
        told=_told(edition),
        for_children=edition.for_children,
        privacy=addresses.privacy(language, for_children=edition.for_children),
        action=addresses.start(language, collection),
        resume=resume,
        asks_code=held.cards_only and not resume and not tablet_here(),
        wrong_code=wrong_code,
        pairs=pairs or asking(edition),
        languages=editions.offered(edition, wiring().area, wiring().interfaces),
        here_in=lambda code: addresses.start(code, collection) + addresses.told(_told(edition)),
        draft=is_draft(edition, words),
    )


def _told(edition: Edition) -> list[str]:
    """What the link tells, such as a class or a course: only what the survey knows goes on to the form."""
    asked = edition.plan(SOURCE).asked.values()
    found = told_by_itself(asked) | told_by_link(asked, request.args.getlist("in"))
    return [f"{name}.{value}" for name, value in found.items()]


def _carried(edition: Edition) -> dict[str, Answer]:
    """What the form carries on of the link. Our own holds only what the survey knows."""
    asked, said = edition.plan(SOURCE).asked.values(), request.form.getlist("in")
    told = told_by_link(asked, said)
    if len(told) < len(said):
        raise Foreign
    return told_by_itself(asked) | told


def _unfinished(collection: str) -> Visit | None:
    respondent = respondent_of(collection)
    if respondent is None:
        return None
    return collecting.find(store(), respondent, wiring().clock.now(), wiring().settings.session_hours)


def _resume(language: str, collection: str) -> str:
    visit = _unfinished(collection)
    return carry_on(language, visit) if visit else ""


@public.post("/<language:language>/<collection>")
def begin(language: str, collection: str) -> AnyResponse | tuple[str, int]:
    """Begin a new visit; what this browser had not finished here is forgotten."""
    opened, edition = collection_here(language, collection)
    before, tablet = respondent_of(collection), tablet_here()
    if tablet and not may_begin(tablet, collection, began=_unfinished(collection) is not None):
        return go_to(addresses.in_class(language, "next"))
    if opened.cards_only and not tablet and _unfinished(collection) is None and not take_card(opened):
        return _page(language, collection, wrong_code=request.form.get("card", "")[:30] or " "), 422
    told, known = _carried(edition), typed_code(edition, words_for(language))
    if isinstance(known, Asking):
        return _page(language, collection, pairs=known), 422
    if before:
        collecting.leave(store(), before)
    easy = request.form.get("words") == "easy" and edition.easy_in(language)
    short = request.form.get("questions") == "main" and edition.has_short
    now = wiring().clock.now()
    visit = collecting.begin(
        store(), wiring().keys, opened, now, *on_tablet(tablet), easy=easy, short=short, told=told, known=known
    )
    first = addresses.screen(language, collection, edition.plan(language, short=short).first.id)
    response = remember(go_to(first_page(language, collection, first, known)), visit.respondent)
    return lock(response, tablet) if tablet else response
