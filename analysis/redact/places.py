"""Find where somebody lives: postcodes, house and street, flats. Cannot tell a home from a place that all know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.redact.reading import Reading
from analysis.redact.span import Span

# The first letters of every British postcode (Royal Mail's postcode areas, and those of the islands).
_AREAS = (
    "ab", "al", "b", "ba", "bb", "bd", "bh", "bl", "bn", "br", "bs", "bt", "ca", "cb", "cf", "ch", "cm", "co", "cr",
    "ct", "cv", "cw", "da", "dd", "de", "dg", "dh", "dl", "dn", "dt", "dy", "e", "ec", "eh", "en", "ex", "fk", "fy",
    "g", "gl", "gu", "gy", "ha", "hd", "hg", "hp", "hr", "hs", "hu", "hx", "ig", "im", "ip", "iv", "ka", "kt", "kw",
    "ky", "l", "la", "ld", "le", "ll", "ln", "ls", "lu", "m", "me", "mk", "ml", "n", "ne", "ng", "nn", "np", "nr", "nw",
    "ol", "ox", "pa", "pe", "ph", "pl", "po", "pr", "rg", "rh", "rm", "s", "sa", "se", "sg", "sk", "sl", "sm", "sn",
    "so", "sp", "sr", "ss", "st", "sw", "sy", "ta", "td", "tf", "tn", "tq", "tr", "ts", "tw", "ub", "w", "wa", "wc",
    "wd", "wf", "wn", "wr", "ws", "wv", "yo", "ze",
)  # fmt: skip
# The letter O is often typed for nought in the second half.
_POSTCODE = re.compile(r"\b([a-z]{1,2})\d[a-z\d]?[ ._\-]{0,3}+[\do][abd-hjlnp-uw-z]{2}\b")
_KNOWN_AREAS = frozenset(_AREAS)

_SURE = (
    "street", "road", "rd", "avenue", "ave", "lane", "crescent", "cres", "gardens", "gdns", "terrace", "terr", "mews",
    "boulevard", "blvd", "cul-de-sac", "straße", "ulica",
)  # fmt: skip
_UNSURE = (
    "st", "close", "drive", "dr", "way", "court", "ct", "place", "pl", "grove", "park", "square", "sq", "hill", "walk",
    "row", "rise", "view", "green", "parade", "fold", "brow", "bank", "meadow", "meadows", "villas", "croft", "vale",
    "heights", "wharf", "yard", "gate", "house", "lodge",
)  # fmt: skip
_KIND = re.compile(rf"(?<=[ ])(?:{'|'.join(sorted(_SURE + _UNSURE, key=len, reverse=True))})\b")
# House number, then one to four words, read backwards from the word for a street.
_NUMBER_AND_WORDS = re.compile(
    r"(?<![\w.,£$€:/])(\d{1,4}[a-z]?(?:[ ]?[\-/][ ]?\d{1,4}[a-z]?)?),?[ ]((?:[^\W\d_][\w'’\-]*\.?[ ]){1,4})$"
)
_REACH = 64
# After a number these are no name of a street: "5 minutes walk", "2 of us on the way".
_NO_STREET = frozenset({
    "minute", "minutes", "min", "mins", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year",
    "years", "time", "times", "people", "children", "kids", "staff", "nurses", "of", "or", "and", "to", "in", "on",
    "from", "at", "the", "a", "an", "my", "is", "was", "were", "for", "with", "out", "more", "different", "other",
    "miles", "mile", "metres", "o'clock", "am", "pm", "points", "stars", "pounds", "per", "we", "i", "they",
})  # fmt: skip

_FLAT = re.compile(
    r"\b(?:flat|apartment|apt\.?|bedsit|mieszkanie|byt č\.|apartament(?:ul)?)[ ](?:no\.?[ ]|number[ ]|č\.[ ])?"
    r"\d{1,4}[a-z]?\b"
)
_NAME_OF_STREET = r"[^\W\d_][\w'’\-]{0,30}"
_ABROAD = re.compile(
    rf"\b(?:ul\.|ulic[aeiy]|str\.|strad[aă]|al\.|aleja|os\.)[ ]{_NAME_OF_STREET}(?:[ ]{_NAME_OF_STREET}){{0,2}},?[ ]"
    r"(?:nr\.?[ ]|č\.[ ])?\d{1,4}[a-z]?(?:/\d{1,4})?\b"
)


def postcodes(reading: Reading) -> Iterator[Span]:
    """Whole postcodes, with or without their space. The first half alone is a district of thousands, and stays."""
    for seen in reading.search(_POSTCODE, "postcode"):
        if seen[1] in _KNOWN_AREAS:
            yield Span(seen.start(), seen.end(), "postcode", True)


def addresses(reading: Reading) -> Iterator[Span]:
    """A number and a street, and flats by number. Certain where the word can only be a street, or has a capital."""
    plain, low = reading.plain, reading.low
    for seen in reading.search(_KIND, "address"):
        before = _NUMBER_AND_WORDS.search(low, max(0, seen.start() - _REACH), seen.start())
        if before is None or not _NO_STREET.isdisjoint(before[2].split()):
            continue
        certain = seen[0] in _SURE or plain[seen.start()].isupper()
        yield Span(before.start(), seen.end(), "address", certain)
    for pattern in (_FLAT, _ABROAD):
        for found in reading.search(pattern, "address"):
            yield Span(found.start(), found.end(), "address", True)
