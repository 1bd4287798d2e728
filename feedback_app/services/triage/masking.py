"""Find what may tell who somebody is in a text, and make the copy in which it is masked. Never alters the text.

What software is sure of is chosen from the start; names are shown for a person to decide; and words can be typed in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from analysis.redact import Span, find, scrub
from feedback_app.core.errors import FeedbackError

AROUND = 25  # letters on each side of a find
MOST_TYPED, LONGEST_TYPED = 50, 200


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that was found, with what stands around it. `key` is what a form sends."""

    key: str
    kind: str
    before: str
    words: str
    after: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text: `kind` says what was found there, or is empty."""

    words: str
    kind: str = ""


def spots(text: str, language: str, today: date) -> tuple[Spot, ...]:
    """What was found in a text, in order."""
    return tuple(
        Spot(
            _key(one),
            one.kind,
            text[max(0, one.start - AROUND) : one.start],
            text[one.start : one.end],
            text[one.end : one.end + AROUND],
            one.certain,
        )
        for one in find(text, language, today=today)
    )


def pieces(text: str, language: str, today: date) -> tuple[Piece, ...]:
    """The whole text in pieces, so that what was found can be marked in it."""
    found, done = [], 0
    for one in find(text, language, today=today):
        found += [Piece(text[done : one.start]), Piece(text[one.start : one.end], one.kind)]
        done = one.end
    return tuple(one for one in (*found, Piece(text[done:])) if one.words)


def masked(text: str, language: str, today: date, chosen: Collection[str], typed: str) -> str:
    """The copy of a text with a word in place of what was chosen and of each phrase that was typed, one on a line.

    Raises:
        FeedbackError: nothing is masked, or a phrase that was typed does not stand in the text.
    """
    known = {_key(one): one for one in find(text, language, today=today)}
    spans = [known[key] for key in chosen if key in known]
    phrases = [line.strip()[:LONGEST_TYPED] for line in typed.splitlines() if line.strip()][:MOST_TYPED]
    for phrase in phrases:
        found = [one.span() for one in re.finditer(re.escape(phrase), text, re.IGNORECASE)]
        if not found:
            raise FeedbackError(f"“{phrase}” does not stand in the text. Copy it from there.")
        spans += [Span(first, last, "name", certain=True) for first, last in found]
    if not spans:
        raise FeedbackError("Choose at least one thing to mask, or release the text as it is.")
    return scrub(text, _apart(spans))


def _apart(spans: list[Span]) -> Iterator[Span]:
    """The spans with those joined that overlap, so that nothing of either is left standing."""
    joined: list[Span] = []
    for one in sorted(spans, key=lambda span: (span.start, -span.end)):
        if joined and one.start < joined[-1].end:
            last = joined.pop()
            one = Span(last.start, max(last.end, one.end), last.kind, certain=True)
        joined.append(one)
    yield from joined


def _key(span: Span) -> str:
    return f"{span.start}-{span.end}"
