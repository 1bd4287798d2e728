"""Fill `{name}` in a text with a value that is shown as typed. Nothing else in braces is touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

APART, TOGETHER = "\u2068", "\u2069"  # Unicode: first strong isolate, pop directional isolate
PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_.-]*)\}")


# In a right-to-left sentence "0800 1111" is shown as "1111 0800", unless it is isolated or a mark stands before it.
GROUPS = re.compile(r"(?<![\d+\u200e\u2066\u2068])(?:\+\d+(?: \d+)*|\d+(?: \d+)+)")


def numbers_apart(text: str) -> str:
    """Return right-to-left words with each phone number in them set apart, so that it keeps its order."""
    return GROUPS.sub(f"{APART}\\g<0>{TOGETHER}", text)


def names(text: str) -> frozenset[str]:
    """The names in braces in a text."""
    return frozenset(PLACEHOLDER.findall(text))


def put(text: str, values: Mapping[str, str]) -> str:
    """Return the text with our own words (names, numbers of the area) in place of their `{names}`, not escaped.

    Each is set apart by invisible signs, so that a phone number keeps its order in a right-to-left sentence.
    """
    return PLACEHOLDER.sub(
        lambda found: f"{APART}{values[found[1]]}{TOGETHER}" if found[1] in values else found[0], text
    )


def fill(text: str, value_of: Callable[[str], str | None]) -> Markup:
    """Return the text as HTML with each known `{name}` replaced; text and values are both escaped.

    Each value is wrapped in `<bdi>`, so that a name or a phone number of another direction keeps its order.

    Args:
        value_of: gives the value of a name, or None to leave the braces as they are.
    """
    if "{" not in text:
        return escape(text)

    def value(found: re.Match[str]) -> str:
        said = value_of(found[1])
        return found[0] if said is None else f"<bdi>{escape(said)}</bdi>"

    return Markup(PLACEHOLDER.sub(value, str(escape(text))))  # noqa: S704 - text and values are escaped above
