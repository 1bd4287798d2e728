"""The page for everything that cannot be done: what is wrong, what to do, and the words that were typed."""

from __future__ import annotations

from collections.abc import Callable
from traceback import format_tb
from typing import Any

from flask import Flask, Response, g, make_response, request
from werkzeug.exceptions import HTTPException

from feedback_app.i18n.locales import LOCALES, best_match
from feedback_app.questions.asked import N_
from feedback_app.web.support.language import Words, words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.wiring import wiring

WORDS = {
    400: (N_("We could not read that"), N_("Please go back, look at your answer, and try again. Nothing was kept.")),
    404: (N_("We cannot find that page"), N_("The address may be wrong, or the survey may be over.")),
    405: (N_("That cannot be done here"), N_("Please go back and try again.")),
    413: (N_("That is too long to send"), N_("Please go back and make your words shorter. Nothing was kept.")),
    415: (N_("We could not read that"), N_("Please go back, look at your answer, and try again. Nothing was kept.")),
    429: (N_("Too many tries"), N_("Please wait a quarter of an hour and try again.")),
    500: (N_("Something went wrong"), N_("It is our mistake. Please go back and try again in a minute.")),
    503: (N_("We could not keep that just now"), N_("Please wait a minute, go back and try again.")),
}


def page_language() -> Words:
    """The language of a page that went wrong: from its address, else from the browser."""
    first, wished = request.path.split("/")[1], request.headers.get("Accept-Language", "")
    asked = f"{first},{wished}" if first in LOCALES else wished
    return words_for(best_match(asked, wiring().spoken, wiring().area.fallbacks))


def problem_page(code: int) -> str:
    """Render the page for a status code."""
    words = page_language()
    heading, advice = WORDS.get(code, WORDS[500])
    return say_problem(words, words(heading), words(advice))


def say_problem(
    words: Words, heading: str, advice: str, onward: str = "", onward_words: str = "", come_back: str = ""
) -> str:
    """Render a page that says what is wrong and what to do, with the words that were typed, so they are not lost.

    Args:
        come_back: where five words can be typed, if that may help.
    """
    return render(
        "public/problem.html",
        words,
        heading=heading,
        advice=advice,
        typed=g.get("typed", ""),
        onward=onward or f"/{words.locale.code}",
        onward_words=onward_words or words("Go to the list of surveys"),
        come_back=come_back,
    )


def show_problems(app: Flask, page: Callable[[int], str] = problem_page) -> None:
    """Answer every error with a page of ours: by its status code, the face's own if it has one."""

    def problem(error: HTTPException) -> Response:
        if error.response is not None:
            return error.response  # type: ignore[return-value]
        code = error.code or 500
        response = make_response(page(code), code)
        if code == 405:
            response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ["GET"]))
        return response

    def log(raised: Any) -> None:
        """Flask would log the message of an error, which may hold what a person typed; where it rose is enough."""
        kind, _, where = raised
        app.logger.error("Unexpected %s:\n%s", kind.__name__, "".join(format_tb(where)))

    app.register_error_handler(HTTPException, problem)
    app.log_exception = log  # type: ignore[method-assign, assignment]
