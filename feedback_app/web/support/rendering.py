"""Render a template in a language. The one place that knows what every page needs."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from markupsafe import Markup

from feedback_app.i18n.fallen import show_marks
from feedback_app.i18n.locales import LOCALES
from feedback_app.web.support.language import Words
from feedback_app.web.support.tablet import tablet_here
from feedback_app.web.support.wiring import wiring

STATIC = Path(__file__).parents[1] / "static"
FONTS = {"latin": "fonts/latin-400.woff2", "arabic": "fonts/arabic-400.woff2", "nastaliq": "fonts/nastaliq-400.woff2"}


def render(template: str, words: Words, **context: Any) -> str:
    """Render a template with the words, the area, and where to find the style and the fonts.

    Not Flask's own `render_template`: its context processors cost as much as the page.
    """
    found = current_app.jinja_env.get_template(template)
    html = found.render(
        _=words,
        pgettext=words.help,
        say=words.say,
        plural=words.plural,
        day=words.day,
        local=words.local,
        locale=words.locale,
        locales=LOCALES,
        area=wiring().area,
        static=static_url,
        font=font_url(words.locale.script),
        tablet=tablet_here(),
        **context,
    )
    return show_marks(html, words.locale) if words.interface.fallen else html


@cache
def static_url(name: str) -> str:
    """The address of a static file, with its content's hash, so that a browser may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"{current_app.static_url_path}/{name}?v={digest}"


@cache
def font_url(script: str) -> str:
    """The stylesheet of a script's font, or nothing when the font was not installed: then it is the device's own."""
    has_font = script in FONTS and (STATIC / FONTS[script]).exists()
    return static_url(f"font-{script}.css") if has_font else ""


@cache
def drawing(name: str) -> Markup:
    """A drawing of surveys/symbols, to stand in the page itself, where it follows the page's colours."""
    return Markup((wiring().settings.surveys / "symbols" / name).read_text(encoding="utf-8"))  # noqa: S704 - our file
