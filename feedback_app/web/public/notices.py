"""The notices that every site owes its readers: privacy, for adults and for children, and accessibility.

They say what this software does today, and no more; who is in charge comes from the area's file.
"""

from __future__ import annotations

from datetime import date

from feedback_app.web.public import public
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.wiring import wiring

WRITTEN_ON = date(2026, 11, 22)  # the law asks for the day on which the accessibility statement was prepared


@public.get("/<language:language>/privacy")
def privacy(language: str) -> str:
    """Say what is kept, who sees it, and for how long."""
    return _notice("privacy", language)


@public.get("/<language:language>/privacy/children")
def privacy_for_children(language: str) -> str:
    """The same in a few words, for a child of seven to nine."""
    return _notice("privacy/children", language)


@public.get("/<language:language>/accessibility")
def accessibility(language: str) -> str:
    """Say who can use these pages, how that was tried out, and where to complain."""
    return _notice("accessibility", language)


def _notice(name: str, language: str) -> str:
    words = words_for(language)
    return render(
        f"public/{name.replace('/', '_')}.html",
        words,
        hours=wiring().settings.session_hours,
        written_on=WRITTEN_ON,
        for_children=name == "privacy/children",
        languages=wiring().spoken,
        here_in=lambda code: f"/{code}/{name}",
        draft=words.interface.review == "draft",
    )
