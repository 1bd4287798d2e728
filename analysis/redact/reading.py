"""A second form of a text for finding things in: plain digits and letters, nothing invisible, and the way back."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from analysis.redact.span import Kind, Span

# Nobody's comment holds this many numbers, or names, of one form. From there on the rest of the text is masked whole
# and unread, so that a text made to be slow is not slow, and hides nothing either.
AT_MOST = 150

# Joiners, direction marks, soft hyphens and the like: they show nothing and can stand in the middle of a number.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def _plain_letters() -> dict[int, str]:
    """Every digit of any script as 0 to 9, and wide or ornamental letters and signs as the ones on a keyboard."""
    table = {code: str(int(chr(code))) for code in range(0x80, 0x1FBFA) if chr(code).isdecimal()}
    for code in (*range(0xFF00, 0xFFF0), *range(0x2460, 0x24F0), *range(0x1D400, 0x1D800)):
        written = unicodedata.normalize("NFKC", chr(code))
        if len(written) == 1 and written.isascii():
            table[code] = written
    table |= dict.fromkeys(range(0x2010, 0x2016), "-") | {0x2212: "-", 0xFE63: "-"}
    table |= dict.fromkeys((0x2018, 0x2019, 0x02BC, 0x0060, 0x00B4), "'")
    table |= dict.fromkeys((0xA0, 0x2007, 0x2009, 0x202F, 0x3000), " ")
    # The one letter that grows when it is made small; places would not be the same after it.
    table[0x0130] = "I"
    # Arabic writing has marks of its own for these.
    table |= {0x060C: ",", 0x061B: ";", 0x066B: ".", 0x06D4: "."}
    return table


_PLAIN = _plain_letters()


@dataclass(frozen=True, slots=True)
class Reading:
    """`plain` is the text to look in and `low` the same in small letters, character for character.

    `rest` holds what was not looked at, because there was too much of one form before it.
    """

    plain: str
    low: str
    _places: array[int] | None = None
    rest: list[Span] = field(default_factory=list)

    def search(self, pattern: re.Pattern[str], kind: Kind) -> Iterator[re.Match[str]]:
        """Where a form stands in the text in small letters, up to as many as a comment can hold."""
        return self._bounded(pattern, self.low, kind)

    def search_capitals(self, pattern: re.Pattern[str], kind: Kind) -> Iterator[re.Match[str]]:
        """The same in the letters as they were written."""
        return self._bounded(pattern, self.plain, kind)

    def _bounded(self, pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[re.Match[str]]:
        for count, seen in enumerate(pattern.finditer(text)):
            if count == AT_MOST:
                self.rest.append(Span(seen.start(), len(text), kind, kind != "name"))
                return
            yield seen

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where `plain[start:end]` stands in the text that was read."""
        if self._places is None:
            return start, end
        return self._places[start], self._places[end - 1] + 1


def read(text: str) -> Reading:
    """Make the form of a text in which things are looked for. Takes time in proportion to the text."""
    if text.isascii():
        return Reading(text, text.lower())
    plain = text.translate(_PLAIN)
    hidden = frozenset(_INVISIBLE.findall(plain))
    if not hidden:
        return Reading(plain, plain.lower())
    places = array("l", [at for at, letter in enumerate(plain) if letter not in hidden])
    plain = _INVISIBLE.sub("", plain)
    return Reading(plain, plain.lower(), places)
