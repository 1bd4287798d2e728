"""Make the lists ready for matching. Knows nothing of any text that they read."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from analysis.concern.lists import ConcernList, Phrase
from analysis.concern.matching import Classes, Way, firsts
from analysis.concern.phrases import spellings
from analysis.concern.repair import Spelling

# Phrases of at least this many letters are also found without spaces; a phrase that stands for more rows of plain words
# than this is not.
SQUASHED = 6
#: A phrase of so many letters is also found inside a longer run of letters ("omgiwanttodielol").
INSIDE = 8
_MOST_SPELLINGS = 1_000

#: What a list says about when a phrase is lowered.
LOWERING = ("near", "far", "breaks", "idioms", "training", "about_me")


class ReadyPhrase(NamedTuple):
    """A phrase made ready for matching: its way, and the classes of words that it can begin with."""

    phrase: Phrase
    language: str
    way: Way
    first: frozenset[int]


class ReadyLists:
    """All lists together: their classes of words, and their phrases, the most urgent first."""

    def __init__(self, lists: Iterable[ConcernList]) -> None:
        self.classes = Classes()
        phrases: list[ReadyPhrase] = []
        self.around: dict[str, dict[str, tuple[Way, ...]]] = {}
        for one in lists:
            for phrase in one.phrases:
                way = self.classes.way(phrase.row, one.language)
                phrases.append(ReadyPhrase(phrase, one.language, way, firsts(way)))
            self.around[one.language] = {
                name: tuple(self.classes.way(row, one.language) for row in getattr(one, name)) for name in LOWERING
            }
        # The most urgent first, so that the band is settled by what is found first.
        self.phrases = tuple(sorted(phrases, key=lambda ready: ready.phrase.band))
        self._start_lengths = sorted({len(start) for start in self.classes.by_start})
        self._beginnings = frozenset(start[:3] for start in self.classes.by_start)

    def may_know(self, word: str) -> bool:
        """Whether a word as it is written may have classes; told quickly, since most words of a text have none."""
        return word in self.classes.by_word or self._may_begin(word)

    def _may_begin(self, word: str) -> bool:
        return word[:3] in self._beginnings or word[:2] in self._beginnings

    def numbers(self, word: str) -> list[int]:
        """The classes of a word as it is written, in all languages."""
        found = list(self.classes.by_word.get(word, ()))
        if self._may_begin(word):
            for length in self._start_lengths:
                if length > len(word):
                    break
                found += self.classes.by_start.get(word[:length], ())
        return found


class OwnList:
    """What one list adds where it is the reader's own: its repairs, and its phrases without spaces."""

    def __init__(self, one: ConcernList, ready: ReadyLists) -> None:
        self.language, self.prefixes, self.joined = one.language, one.prefixes, one.joined
        classes = ready.classes
        self.numbers = frozenset(n for n, language in enumerate(classes.languages) if language == one.language)
        self.known = frozenset(word for word, found in classes.by_word.items() if self.numbers.intersection(found))
        self.spelling = Spelling(self.known, one.real_words, one.spellings)
        self.squashed: dict[str, list[int]] = defaultdict(list)
        for place, phrase in enumerate(ready.phrases):
            if phrase.language == one.language:
                for way in _squashed(phrase.phrase):
                    self.squashed[way].append(place)
        self.squashed_lengths = sorted({len(way) for way in self.squashed})
        self.squashed_starts = frozenset(way[:4] for way in self.squashed)
        self.scripts = frozenset(script(letter) for text in _texts(one) for letter in set(text) if letter.isalpha())


def script(letter: str) -> str:
    """The script of a letter, such as LATIN, as the first word of its Unicode name."""
    return unicodedata.name(unicodedata.normalize("NFKC", letter)[0], "").split(" ")[0]


def _squashed(phrase: Phrase) -> Iterator[str]:
    """The spellings of a phrase without spaces; a single word only if it is long and urgent ("iamsuicidal")."""
    for way in spellings(phrase.row, _MOST_SPELLINGS):
        joined = "".join(way)
        if len(joined) >= SQUASHED and (len(way) > 1 or (phrase.band == "P1" and len(joined) >= INSIDE)):
            yield joined


def _texts(one: ConcernList) -> Iterator[str]:
    for phrase in one.phrases:
        yield phrase.written
    for sentence in one.sentences:
        yield sentence.text
