"""You said, we did: what came of people's answers, as staff published it."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from feedback_app.i18n.locales import best_match
from feedback_app.services import actions
from feedback_app.web.public import public
from feedback_app.web.support.commit import read_with
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.wiring import wiring


@public.get("/you-said-we-did")
def short_address_of_actions() -> Response:
    """Lead from the address on a poster to the page in the language that the browser asks for."""
    best = best_match(request.headers.get("Accept-Language", ""), wiring().spoken, wiring().area.fallbacks)
    response = redirect(f"/{best}/you-said-we-did", 302)
    response.vary.add("Accept-Language")
    return response


@public.get("/<language:language>/you-said-we-did")
def you_said_we_did(language: str) -> str:
    """Show the published actions by how far they have come, newest first."""
    words = words_for(language)
    return render(
        "public/actions.html",
        words,
        groups=actions.by_state(read_with(actions.published), language),
        languages=wiring().spoken,
        here_in=lambda code: f"/{code}/you-said-we-did",
        draft=words.interface.review == "draft",
    )
