"""Find what could tell who somebody is in a text, and mask it in a copy. Never alters the text that is stored.

Numbers, addresses and accounts are found by their form, in any spacing and any script's digits. Names are pointed out
for a person to decide. It cannot know what a text tells by itself ("the only girl in Year 9 with a guide dog"), nor
the first half of a postcode, house names without a number, or a number hidden in a riddle: a person reads every text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from analysis.redact.dates import birth_dates
from analysis.redact.names import names
from analysis.redact.numbers import long_numbers, pupil_numbers
from analysis.redact.online import emails, handles, urls
from analysis.redact.places import addresses, postcodes
from analysis.redact.reading import Reading, read
from analysis.redact.span import KINDS, Kind, Span

__all__ = ["KINDS", "Kind", "Span", "find", "scrub"]


def find(text: str, language: str = "en", *, today: date | None = None) -> tuple[Span, ...]:
    """Find what may identify somebody: in order, not overlapping, in characters of `text`.

    `language` (a short code, such as "pl") tells which country's phone numbers to know beside Britain's; `today` is for
    telling which years somebody alive may be born in. Takes time in proportion to the text, at most 50 ms for 64 KiB.
    """
    reading = read(text)
    found = sorted(_all(reading, language, today or date.today()), key=lambda span: (span.start, span.end))
    return tuple(_joined(_in_text(reading, span) for span in found))


def scrub(text: str, spans: Iterable[Span]) -> str:
    """Give a copy of the text with a word in place of each span: "ring me on [phone]".

    Raises ValueError for spans that overlap or lie outside the text, because then something would be left standing.
    """
    pieces, at = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        if not at <= span.start < span.end <= len(text):
            raise ValueError(f"a span from {span.start} to {span.end} overlaps another or is outside the text")
        pieces += [text[at : span.start], f"[{span.kind}]"]
        at = span.end
    return "".join([*pieces, text[at:]])


def _all(reading: Reading, language: str, today: date) -> Iterator[Span]:
    yield from emails(reading)
    yield from urls(reading)
    yield from pupil_numbers(reading)
    yield from birth_dates(reading, today)
    yield from postcodes(reading)
    yield from long_numbers(reading, language)
    yield from handles(reading)
    yield from addresses(reading)
    yield from names(reading)
    yield from reading.rest


def _in_text(reading: Reading, span: Span) -> Span:
    start, end = reading.place(span.start, span.end)
    return Span(start, end, span.kind, span.certain)


def _joined(found: Iterable[Span]) -> Iterator[Span]:
    """Make one of spans that overlap, so that nothing of either is left standing."""
    last: Span | None = None
    for span in found:
        if last is None or span.start >= last.end:
            if last is not None:
                yield last
            last = span
            continue
        # A certain find names the whole; among equals the kind that is told most exactly.
        first = min(last, span, key=lambda one: (not one.certain, KINDS.index(one.kind)))
        last = Span(last.start, max(last.end, span.end), first.kind, last.certain or span.certain)
    if last is not None:
        yield last
