"""The pages after the last answer: thank you with the receipt, goodbye, and leaving at once."""

from __future__ import annotations

from flask import abort, request
from werkzeug.wrappers import Response

from feedback_app.i18n.locales import SOURCE
from feedback_app.services import collecting, collections, editions
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.arriving import collection_here, is_draft
from feedback_app.web.support.commit import store
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.visitor import cookie_name, forget, respondent_of
from feedback_app.web.support.wiring import wiring


@public.get("/<language:language>/<collection>/thank-you")
def thanks(language: str, collection: str) -> str:
    """Say thank you, show the receipt of five words, and when and where people will hear back."""
    respondent = respondent_of(collection)
    sent = respondent is not None and collecting.was_sent(store(), respondent)
    return _thank(language, collection, respondent.receipt if respondent and sent else ())


@public.get("/<language:language>/<collection>/goodbye")
def goodbye(language: str, collection: str) -> str:
    """The same thanks and the same help for someone who said no."""
    return _thank(language, collection, ())


def _thank(language: str, collection: str, receipt: tuple[str, ...]) -> str:
    if receipt:  # whoever sent answers sees the receipt, though the survey has closed or changed since
        held = collections.find(store(), collection) or abort(404)
        edition = wiring().editions.get(store(), held.version_hash)
    else:
        _, edition = collection_here(language, collection)
    words, area = words_for(language), wiring().area
    hear_back_language = language if language in area.hear_back else SOURCE
    address = addresses.thanks if receipt else addresses.goodbye
    return render(
        "public/thanks.html",
        words,
        receipt=receipt,
        hear_back=area.hear_back.get(hear_back_language, ""),
        hear_back_language=hear_back_language,
        languages=editions.offered(edition, area, wiring().interfaces),
        here_in=lambda code: address(code, collection),
        draft=is_draft(edition, words),
    )


@public.post("/<language:language>/leave")
def leave(language: str) -> Response:
    """Leave at once: forget the session on both sides, and show an empty page."""
    session = request.cookies.get(cookie_name(wiring().settings))
    if session:
        collecting.leave_all(store(), wiring().keys, session)
    response = go_to(f"/{language}/left")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return forget(response)


@public.get("/<language:language>/left")
def left(language: str) -> str:
    """An empty page with nothing on it that tells where the person was."""
    return render("public/left.html", words_for(language))
