"""Know where a text speaks of a thing, so that a number can be judged by the words beside it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


def occurrences(low: str, word: str) -> Iterator[tuple[int, int]]:
    """Where a word begins and ends. Longer words that begin with it count too, unless it has a space after it ("dob ").

    Looking for a plain word is far quicker than any pattern, and the cues of eight languages are many words.
    """
    whole, word = word.endswith(" "), word.rstrip(" ")
    at = low.find(word)
    while at >= 0:
        end = at + len(word)
        if (at == 0 or not low[at - 1].isalpha()) and not (whole and end < len(low) and low[end].isalpha()):
            yield at, end
        at = low.find(word, end)


@dataclass(frozen=True, slots=True)
class Cues:
    """The places at which any of some words begins, looked up once for a text: asking anew each time is slow."""

    places: tuple[int, ...]

    @classmethod
    def of(cls, low: str, words: Iterable[str]) -> Cues:
        """Look the words up, each as `occurrences` does."""
        return cls(tuple(sorted(start for word in words for start, _ in occurrences(low, word))))

    def near(self, start: int, end: int, before: int = 40, after: int = 0) -> bool:
        """Does one stand at most `before` characters before this place, or `after` behind it?"""
        at = bisect_left(self.places, start - before)
        return at < len(self.places) and self.places[at] <= (end + after if after else start)
