"""The languages this project can speak, one line each. Says nothing of which words are translated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Locale:
    """One language: its code (BCP 47), its own name, its direction, and where dates and numbers are looked up.

    `script` picks the font. `babel` is the code that Babel has data for, which may be a neighbour's.
    """

    code: str
    name: str
    english_name: str
    direction: Literal["ltr", "rtl"] = "ltr"
    script: Literal["latin", "arabic", "nastaliq"] = "latin"
    babel: str = ""

    @property
    def dates(self) -> str:
        """The Babel locale for dates, numbers and plurals."""
        return self.babel or self.code


LOCALES: dict[str, Locale] = {
    locale.code: locale
    for locale in (
        Locale("en", "English", "English", babel="en_GB"),
        Locale("ur", "اردو", "Urdu", "rtl", "nastaliq"),
        Locale("pl", "polski", "Polish"),
        Locale("sk", "slovenčina", "Slovak"),
    )
}


def best_match(accept_language: str, offered: list[str]) -> str:
    """Return the offered code that a browser's Accept-Language header likes best, else the first offered.

    Args:
        accept_language: the header, for example `ur-PK,ur;q=0.9,en;q=0.5`.
        offered: codes, never empty.
    """
    wishes: list[tuple[float, str]] = []
    for part in accept_language[:500].split(","):
        tag, _, weight = part.replace(" ", "").partition(";q=")
        try:
            liking = float(weight or 1)
        except ValueError:
            continue
        if liking > 0:  # zero means "not this one"
            wishes.append((liking, tag.split("-")[0].lower()))
    for _, code in sorted(wishes, key=lambda wish: -wish[0]):
        if code in offered:
            return code
    return offered[0]
