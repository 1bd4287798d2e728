"""Letters about a follow-up: give an address, and take it back.

Nobody's cookie is read here, so an address never meets an answer.
"""

from __future__ import annotations

from flask import abort, request

from feedback_app.core.errors import Refused
from feedback_app.services import follow_ups
from feedback_app.web.public import addresses, public
from feedback_app.web.public.after_training import session_of
from feedback_app.web.support.commit import store
from feedback_app.web.support.form_body import read_form
from feedback_app.web.support.language import Words, words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.tries import Tries, client
from feedback_app.web.support.wiring import wiring

OURS = frozenset({"same-origin", "none"})
# A whole room shares one address. What is guarded against is a stranger who has letters sent to many.
SIGNED_UP = Tries("letters", "100 per hour")


@public.get("/<language:language>/<collection>/letters")
def letters(language: str, collection: str) -> str:
    """Ask for an address."""
    return _letters(words_for(language), collection)


@public.post("/<language:language>/<collection>/letters")
def sign_up(language: str, collection: str) -> str | tuple[str, int]:
    """Keep an address for the letters about a session."""
    words, held, typed = words_for(language), session_of(collection), read_form().get("email", "")[:254]
    if request.headers.get("Sec-Fetch-Site", "none") not in OURS:
        abort(400)
    if not SIGNED_UP.left(client()):
        return _letters(
            words, collection, typed, words("That was too many tries. Please wait an hour and try again.")
        ), 429
    SIGNED_UP.failed(client())
    try:
        follow_ups.sign_up(store(), wiring().keys.server, held.id, typed, wiring().clock.today())
    except Refused:
        return _letters(words, collection, typed, words("This is not an e-mail address. Look at it again.")), 422
    return _letters(words, collection, kept=True)


def _letters(words: Words, collection: str, typed: str = "", trouble: str = "", *, kept: bool = False) -> str:
    held = session_of(collection)
    if not follow_ups.accepts(store(), held.id, wiring().clock.today()):
        abort(404)
    days, delete_on = follow_ups.days_for(store(), held.id)
    return render(
        "public/letters.html",
        words,
        kept=kept,
        typed=typed,
        trouble=trouble,
        days=[one for one in days if one > wiring().clock.today()],
        delete_on=delete_on,
        action=addresses.letters(words.locale.code, collection),
        languages=wiring().spoken,
        here_in=lambda code: addresses.letters(code, collection),
        draft=words.interface.review == "draft",
    )


@public.get("/<language:language>/no-more-letters/<ident>")
def no_more_letters(language: str, ident: str) -> str:
    """Ask whether to delete an address. A link in a letter is opened by machines too, so it deletes nothing itself."""
    return _no_more(language, ident, there=follow_ups.is_there(store(), ident))


@public.post("/<language:language>/no-more-letters/<ident>")
def stop_letters(language: str, ident: str) -> str:
    """Delete an address."""
    follow_ups.stop(store(), ident)
    return _no_more(language, ident, there=False)


def _no_more(language: str, ident: str, *, there: bool) -> str:
    words = words_for(language)
    return render(
        "public/no_more_letters.html",
        words,
        there=there,
        action=addresses.no_more_letters(language, ident),
        languages=wiring().spoken,
        here_in=lambda code: addresses.no_more_letters(code, ident),
        draft=words.interface.review == "draft",
    )
