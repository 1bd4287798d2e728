"""The pages after the last answer: thank you with the receipt, goodbye, and leaving at once."""

from __future__ import annotations

from flask import abort, request
from werkzeug.wrappers import Response

from feedback_app.core.tokens import Respondent
from feedback_app.services import collecting, collections, editions
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.after_training import training_here
from feedback_app.web.public.arriving import collection_here, is_draft
from feedback_app.web.public.class_sessions import wipe
from feedback_app.web.support.commit import store
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.tablet import tablet_here
from feedback_app.web.support.visitor import cookie_name, forget, respondent_of
from feedback_app.web.support.wiring import wiring


@public.get("/<language:language>/<collection>/thank-you")
def thanks(language: str, collection: str) -> str:
    """Say thank you, show the receipt of five words, and when and where people will hear back."""
    return thank(language, collection, collecting.sender(store(), respondent_of(collection)))


@public.get("/<language:language>/<collection>/goodbye")
def goodbye(language: str, collection: str) -> str:
    """The same thanks and the same help for someone who said no."""
    return thank(language, collection, None)


def thank(language: str, collection: str, sender: Respondent | None, trouble: str = "") -> str:
    """The last page. Who sent answers sees their receipt, and after training what comes next."""
    receipt = sender.receipt if sender else ()
    if receipt:  # whoever sent answers sees the receipt, though the survey has closed or changed since
        held = collections.find(store(), collection) or abort(404)
        edition = wiring().editions.asked(store(), held)
    else:
        _, edition = collection_here(language, collection)
    words, address = words_for(language), addresses.thanks if receipt else addresses.goodbye
    return render(
        "public/thanks.html",
        words,
        receipt=receipt,
        training=training_here(language, collection, edition, sender, trouble),
        signposts=edition.signposts,
        for_children=edition.for_children,
        languages=editions.offered(edition, wiring().area, wiring().interfaces),
        here_in=lambda code: address(code, collection),
        draft=is_draft(edition, words),
    )


@public.post("/<language:language>/leave")
def leave(language: str) -> Response:
    """Leave at once: forget the session on both sides, and show an empty page; a shared tablet is wiped and locked."""
    if tablet_here():
        return wipe(language)
    session = request.cookies.get(cookie_name(wiring().settings))
    if session:
        collecting.leave_all(store(), wiring().keys, session)
    response = go_to(f"/{language}/left")
    # Not "cache": Chrome can take many seconds over it before it shows the empty page, and no page of ours is kept.
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    return forget(response)


@public.get("/<language:language>/left")
def left(language: str) -> str:
    """An empty page with nothing on it that tells where the person was."""
    return render("public/left.html", words_for(language))
