"""The help page. It needs no session and no database, so that it is there when they are not."""

from __future__ import annotations

from feedback_app.web.public import addresses, public
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.wiring import wiring


@public.get("/<language:language>/help")
@public.get("/<language:language>/help/<collection>/<ident>")
def get_help(language: str, collection: str = "", ident: str = "") -> str:
    """Say who can be talked to now, and lead back to where the person was."""
    words = words_for(language)
    return render(
        "public/help.html",
        words,
        back=addresses.screen(language, collection, ident) + addresses.to_check() if collection else "",
        languages=wiring().spoken,
        here_in=lambda code: addresses.help_page(code, collection, ident) + addresses.to_check(),
        draft=words.interface.review == "draft",
    )
