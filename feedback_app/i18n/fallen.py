"""Mark words that fell back to another language, so that the page can say which language they are in.

A word is marked where it is said, by signs that no page shows, since it may land in a heading, a title or an attribute.
When the page is whole the signs become `<span lang>` in text, and vanish where there can be no element.
"""

from __future__ import annotations

import re
import secrets

from feedback_app.i18n.locales import LOCALES, Locale

# Nobody can type these: the key is new for each process, and the letters are for private use.
KEY = secrets.token_hex(8)
OPEN, SHUT = f"\ue000{KEY}", f"\ue001{KEY}"
# The letters as they are, or as JSON writes them.
MARK = re.compile(rf"(?:{OPEN[0]}|\\ue000){KEY}([a-z]+);|(?:{SHUT[0]}|\\ue001){KEY}")
NO_ELEMENTS = re.compile(r"(<(?:title|textarea|option)\b[^>]*>.*?</(?:title|textarea|option)>|<[^>]*>)", re.DOTALL)


def mark(words: str, code: str) -> str:
    """Words in the language of `code`, marked."""
    return f"{OPEN}{code};{words}{SHUT}"


def show_marks(html: str, page: Locale) -> str:
    """Return a page with each mark as a `<span>` that says the language, and the direction where it is another."""
    if KEY not in html:
        return html

    def tag(found: re.Match[str]) -> str:
        if not found[1]:
            return "</span>"
        locale = LOCALES[found[1]]
        turned = "" if locale.direction == page.direction else f' dir="{locale.direction}"'
        return f'<span lang="{locale.code}"{turned}>'

    pieces = NO_ELEMENTS.split(html)  # text, what holds no elements, text, ...
    return "".join(MARK.sub("" if at % 2 else tag, piece) for at, piece in enumerate(pieces))
