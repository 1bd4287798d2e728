"""What a respondent sees when there is no survey to go on with: over, not open yet, or never started."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from feedback_app.core.errors import Refused
from feedback_app.services import collections
from feedback_app.services.collecting import Sent
from feedback_app.web.public import addresses, public
from feedback_app.web.public.arriving import NotOpen, NoVisit
from feedback_app.web.public.class_sessions import wiped
from feedback_app.web.support.language import words_for
from feedback_app.web.support.problems import say_problem
from feedback_app.web.support.tablet import tablet_here


@public.errorhandler(NotOpen)
def not_open(error: NotOpen) -> tuple[str, int]:
    """The survey is over (410), not open yet (403), or not a survey that people answer here (404)."""
    words = words_for(error.language)
    match error.why:
        case "late":
            closed = words.say("It closed on {day}. Thank you for wanting to take part.", day=_day(error))
            return say_problem(words, words("This survey is over"), closed), 410
        case "early":
            opens = words.say("It opens on {day}. Please come back then.", day=words.day(error.collection.opens_on))
            return say_problem(words, words("This survey is not open yet"), opens), 403
        case "signposts" | "unready":
            later = words("It cannot open until we have checked who can help you. Please come back later.")
            return say_problem(words, words("This survey is not open yet"), later), 403
    missing = words("The address may be wrong, or the survey may be over.")
    return say_problem(words, words("We cannot find that page"), missing), 404


def _day(error: NotOpen) -> str:
    closes = collections.closed_on(error.collection)
    return words_for(error.language).day(closes) if closes else ""


@public.errorhandler(NoVisit)
def no_visit(error: NoVisit) -> Response | tuple[str, int]:
    """The answers were sent already (409), or there is nothing to go on with (403). A shared tablet is locked."""
    if tablet_here():
        return wiped(error.language, delete=request.method == "POST")
    words = words_for(error.language)
    start = addresses.start(error.language, error.collection)
    if error.sent:
        advice = words("We have your answers from before, and they stay as they are.")
        thanks = addresses.thanks(error.language, error.collection)
        return say_problem(words, words("You have sent your answers"), advice, thanks, words("Go on")), 409
    advice = words(
        "We forget unfinished answers after a day, or when you leave. You can start again. "
        "If your browser blocks cookies, please allow them for this site."
    )
    heading, words_here = words("There are no answers here to go on with"), addresses.come_back(error.language)
    return say_problem(words, heading, advice, start, words("Start"), come_back=words_here), 403


@public.errorhandler(Refused)
def refused(error: Refused) -> Response | tuple[str, int]:
    """Another window was quicker: it sent the answers while this one kept one, or there are too many windows (409)."""
    here = request.view_args or {}
    if isinstance(error, Sent):
        return no_visit(NoVisit(here["language"], here["collection"], sent=True))
    words = words_for(here["language"])
    advice = words("Please wait a minute, go back and try again.")
    return say_problem(words, words("We could not keep that just now"), advice), 409
