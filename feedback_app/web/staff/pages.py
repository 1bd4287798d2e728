"""Render a staff page, and the page for everything that cannot be done. Knows nothing of who may see what."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from flask import g, url_for

from feedback_app.i18n.locales import SOURCE
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import STATIC, render

FONTS = {"latin": "fonts/latin-400.woff2", "nastaliq": "fonts/nastaliq-400.woff2"}  # nastaliq is for Urdu comments
PROBLEMS = {
    400: ("We could not read that", "This page may have been open too long. Open it again and try again."),
    401: ("Please sign in first", "You are not signed in. Nothing was kept."),
    403: ("You may not see this page", "Your account is not allowed to. Ask the person who looks after accounts."),
    404: ("We cannot find that page", "The address may be wrong, or the thing it showed may be gone."),
    405: ("That cannot be done here", "Please go back and try again."),
    413: ("That is too long to send", "Please go back and make it shorter. Nothing was kept."),
    429: ("Too many tries", "Please wait a while and try again."),
    500: ("Something went wrong", "It is our mistake. Please try again in a minute."),
    503: ("We could not keep that just now", "Please wait a minute and try again. Nothing was kept."),
}


def show(template: str, **context: Any) -> str:
    """Render a template of templates/staff, with who is signed in and where to find the style."""
    return render(
        f"staff/{template}",
        words_for(SOURCE),
        asset=asset,
        fonts=[asset(f"font-{script}.css") for script, file in FONTS.items() if _is_there(file)],
        account=g.get("account"),
        **context,
    )


def problem_page(code: int) -> str:
    """Render the page for a status code."""
    return say_problem(*PROBLEMS.get(code, PROBLEMS[500]))


def say_problem(heading: str, advice: str) -> str:
    """Render a page that says what is wrong and what to do."""
    return show("problem.html", heading=heading, advice=advice)


def asset(name: str) -> str:
    """The address of a static file on this face, which may be mounted under a path, with its content's hash."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


@cache
def _is_there(file: str) -> bool:
    return (STATIC / file).exists()
