"""Fill `{name}` in a text with a value that is shown as typed. Nothing else in braces, and no format code, is touched."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup, escape

PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_.-]*)\}")


def names(text: str) -> frozenset[str]:
    """The names in braces in a text."""
    return frozenset(PLACEHOLDER.findall(text))


def fill(text: str, value_of: Callable[[str], str | None]) -> Markup:
    """Return the text as HTML with each known `{name}` replaced; text and values are both escaped.

    Each value is wrapped in `<bdi>`, so that a name or a phone number of another direction keeps its order.

    Args:
        value_of: gives the value of a name, or None to leave the braces as they are.
    """
    if "{" not in text:
        return escape(text)

    def put(found: re.Match[str]) -> str:
        value = value_of(found[1])
        return found[0] if value is None else f"<bdi>{escape(value)}</bdi>"

    return Markup(PLACEHOLDER.sub(put, str(escape(text))))  # noqa: S704 - text and values are escaped above
