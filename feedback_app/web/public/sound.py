"""What a listen button may say of a page, and the recordings it plays. Never a word that a person typed."""

from __future__ import annotations

from flask import abort, send_file
from markupsafe import Markup
from werkzeug.wrappers import Response

from feedback_app.i18n.placeholders import names
from feedback_app.services.recordings import KINDS, Sound, plain
from feedback_app.web.public import public
from feedback_app.web.support.wiring import wiring

YEAR = 31_536_000
NOTHING = Markup()


@public.get("/sound/<source>/<language:language>/<name>")
def sound(source: str, language: str, name: str) -> Response:
    """Send a recording. Only a file that was found at the start has an address, so no other can be reached."""
    found = wiring().recordings.served.get(f"/sound/{source}/{language}/{name}") or abort(404)
    return send_file(found.file.resolve(), KINDS[found.file.suffix], conditional=True, max_age=YEAR)


def sounds_of(language: str, *texts: str) -> list[Sound]:
    """The recordings of some texts, to be played one after the other; none unless there is one of each."""
    recordings = wiring().recordings
    if not recordings.sounds:
        return []
    found = [recordings.of(language, text) for text in _spoken(texts)]
    return [one for one in found if one] if all(found) else []


def listen(language: str, *texts: str) -> Markup:
    """The attributes that let static/listen.js put a button beside some texts: their words, and their recordings.

    Nothing if the first text names an earlier answer; others that do are left out.
    """
    if not texts or not texts[0] or names(texts[0]):
        return NOTHING
    words = Markup(' data-listen="{}"').format(plain(" ".join(_spoken(texts))))
    sounds = sounds_of(language, *texts)
    if not sounds:
        return words
    played = " ".join(one.address for one in sounds)
    return words + Markup(' data-sound="{}"').format(played)


def _spoken(texts: tuple[str, ...]) -> list[str]:
    return [text for text in texts if text and not names(text)]
