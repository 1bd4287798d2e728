"""The respondent's one cookie: which session this is. Nothing else is known of them."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from feedback_app.core.settings import Settings
from feedback_app.core.tokens import Respondent
from feedback_app.web.support.wiring import wiring


def cookie_name(settings: Settings) -> str:
    """`__Host-` where there is https; a browser refuses that prefix without it, on this machine too."""
    return "__Host-visit" if settings.secure else "visit"


def respondent_of(collection: str) -> Respondent | None:
    """The respondent that the cookie tells of, in one collection; None without a cookie."""
    session = session_here()
    return Respondent(wiring().keys.server, session, collection) if session else None


def session_here() -> str | None:
    """The session of this request's cookie."""
    return request.cookies.get(cookie_name(wiring().settings))


def remember(response: Response, respondent: Respondent, seconds: int | None = None) -> Response:
    """Give the browser the session. It forgets it when it is closed, or sooner."""
    settings = wiring().settings
    response.set_cookie(
        cookie_name(settings),
        respondent.session,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.secure,
        path="/",
    )
    return response


def forget(response: Response) -> Response:
    """Take the session away from the browser."""
    settings = wiring().settings
    response.delete_cookie(cookie_name(settings), httponly=True, samesite="Lax", secure=settings.secure, path="/")
    return response
