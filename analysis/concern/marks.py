"""Find the phrases of the lists in one text, and what lowers them. Knows nothing of bands that are shown to people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from analysis.concern.lists import Lowered
from analysis.concern.matching import Places, Walk, Way, WordPlaces, bits, spread
from analysis.concern.ready import INSIDE, LOWERING, SQUASHED, OwnList, ReadyLists, ReadyPhrase
from analysis.concern.repair import STOPS, runs_of_letters

#: So many flags are shown, the most urgent, and so many of one category.
MOST_FLAGS = 12
_MOST_OF_A_KIND = 3

# So many different words are mended in one text, and so many letters of long ones looked through. An ordinary answer
# has some tens of such words. A text with more is not an answer as people type one, and counts as not screened. A word
# with signs for letters may be several words, so it counts for as many.
_MOST_MENDED = 200
_MOST_LETTERS = 5_000
_MOST_LOOKS = 1_000
_SIGNS = 3

# A negation counts for so many words behind it, training talk for so many on either side.
_NEAR, _FAR, _TALK = 3, 5, 12


class Found(NamedTuple):
    """A phrase in a text: its first and last word, and why it is lowered there, if it is."""

    ready: ReadyPhrase
    first: int
    last: int
    lowered: Lowered


class _Around(NamedTuple):
    """Places in one text: starts behind a negation, words that negate, idioms, training talk, people on themselves."""

    negated: int
    negating: int
    idioms: int
    training: int
    about_me: int


class Marks:
    """Where each class of words stands in one text.

    `own` are the lists whose repairs are made; the phrases of the others are found only as they are written. `complete`
    says whether all of the text could be repaired.
    """

    def __init__(self, ready: ReadyLists, own: Sequence[OwnList], words: Sequence[str]) -> None:
        self.ready, self.own, self.size = ready, own, len(words)
        self.complete = True
        self.squashed: dict[int, int] = {}
        self._mended = self._letters = self._looks = 0
        self._known: frozenset[str] = frozenset().union(*(one.known for one in own))
        self._around: dict[str, _Around] = {}
        self._prefixes = tuple((prefix, one.numbers) for one in own for prefix in one.prefixes)
        self._joined = tuple(word for one in own for word in one.joined)
        at: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(words):
            at[word].append(place)
        self.everything = (1 << self.size) - 1
        stops = bits((place for stop in STOPS for place in at.pop(stop, ())), self.size)
        self.passable = self.everything & ~stops
        self._bits = WordPlaces(at, self.size)
        plain: dict[int, list[str]] = defaultdict(list)
        negated: dict[int, list[str]] = defaultdict(list)
        affixes = (*(prefix for prefix, _ in self._prefixes), *self._joined)
        for word in at:
            if self.complete or ready.may_know(word) or word.startswith(affixes):
                self._word(word, plain, negated)
        self.clean = self.places = Places(plain, self._bits)
        if negated:
            both = {number: [*plain.get(number, ()), *negated.get(number, ())] for number in {*plain, *negated}}
            self.places = Places(both, self._bits)
        self.present = frozenset(plain) | frozenset(negated)
        self.walk = Walk(self.places, self.everything, self.passable)

    def found(self) -> list[Found]:
        """The phrases that are to be shown, each once, in its least lowered place: the most urgent, few of a kind."""
        kinds: Counter[tuple[str, bool]] = Counter()
        plain: list[Found] = []
        lowered: list[Found] = []
        for place, ready in enumerate(self.ready.phrases):
            category = ready.phrase.category
            squashed = self.squashed.get(place, 0)
            if kinds[category, True] >= _MOST_OF_A_KIND or not (squashed or not self.present.isdisjoint(ready.first)):
                continue
            ends = self.walk.forward(ready.way, self.everything) | squashed << 1
            if not ends:
                continue
            found = self._least_lowered(ready, ends, squashed, kinds[category, False] < _MOST_OF_A_KIND)
            if found:
                kinds[category, not found.lowered] += 1
                (lowered if found.lowered else plain).append(found)
            if len(plain) >= MOST_FLAGS:
                break
        return [*plain, *lowered]

    def _least_lowered(self, ready: ReadyPhrase, ends: int, squashed: int, wanted: bool) -> Found | None:
        """Where a phrase is lowered least; none if it is lowered everywhere and such a one is not wanted."""
        around = self._surroundings(ready.language)
        lowered: Lowered = ""
        shown = self._left(ready, squashed, around, around.training)
        if not shown and around.training:
            # Training talk lowers only what nobody says of themselves.
            shown = self._left(ready, squashed, around, 0)
            first, last = self._span(ready, shown, squashed)
            if shown and not around.about_me >> first & ((2 << (last - first)) - 1):
                lowered = "training"
        if not shown:
            shown = ends
            idioms = wanted and self._left(ready, squashed, around._replace(negated=0, negating=0), 0, denial=False)
            lowered = "negated" if idioms else "idiom"
        if lowered and not wanted:
            return None
        first, last = self._span(ready, shown, squashed)
        return Found(ready, first, last, lowered)

    def _span(self, ready: ReadyPhrase, ends: int, squashed: int) -> tuple[int, int]:
        """The first and last word of a phrase at the first of its ends."""
        if not ends:
            return 0, 0
        end = (ends & -ends).bit_length() - 1
        if squashed >> (end - 1) & 1:
            return end - 1, end - 1
        starts, _ = self.walk.back(ready.way, 1 << end)
        return starts.bit_length() - 1, end - 1

    def _left(self, ready: ReadyPhrase, squashed: int, around: _Around, training: int, denial: bool = True) -> int:
        """The ends of a phrase where nothing lowers it."""
        shut = around.idioms | training
        walk = Walk(self.clean if denial else self.places, self.everything & ~shut, self.passable & ~around.negating)
        ends = walk.forward(ready.way, self.everything & ~around.negated)
        return ends | (squashed & ~around.negated & ~shut) << 1

    def _surroundings(self, language: str) -> _Around:
        """What lowers a phrase of one language here: what that language has, and what the reader's own have."""
        if language not in self._around:
            ways = [self.ready.around[one] for one in {language, *(one.language for one in self.own)}]
            near, far, breaks, idioms, training, about_me = (
                [way for each in ways for way in each[name]] for name in LOWERING
            )
            within = self.passable & ~self._covered(breaks)
            talk = self._covered(training)
            for _ in range(_TALK):
                talk |= (talk << 1 | talk >> 1) & self.passable
            self._around[language] = _Around(
                spread(self._ends(near), _NEAR, within) | spread(self._ends(far), _FAR, within),
                self._covered([*near, *far]),
                self._covered(idioms),
                talk,
                self._covered(about_me),
            )
        return self._around[language]

    def _ends(self, ways: Iterable[Way]) -> int:
        found = 0
        for way in ways:
            found |= self.walk.forward(way, self.everything)
        return found

    def _covered(self, ways: Iterable[Way]) -> int:
        """All words of every place of these phrases."""
        found = 0
        for way in ways:
            ends = self.walk.forward(way, self.everything)
            if ends:
                found |= self.walk.back(way, ends)[1]
        return found

    def _word(self, word: str, plain: dict[int, list[str]], negated: dict[int, list[str]]) -> None:
        numbers = self.ready.numbers(word)
        if word not in self._known:
            for joined in self._joined:
                if word.startswith(joined) and (rest := word[len(joined) :]) in self._known:
                    numbers += self.ready.numbers(rest)
            if self.complete and len(word) > 1:
                numbers += self._repaired(word)
        denied = self._denied(word) if self._prefixes else ()
        for number in numbers:
            plain[number].append(word)
        for number in denied:
            negated[number].append(word)

    def _denied(self, word: str) -> list[int]:
        """The classes of what a word denies, where a negation is written as its beginning."""
        return [
            number
            for prefix, numbers in self._prefixes
            if word.startswith(prefix) and len(word) > len(prefix) + 2
            for number in self.ready.numbers(word[len(prefix) :])
            if number in numbers
        ]

    def _repaired(self, word: str) -> list[int]:
        """The classes of the words of our own lists that a word may stand for."""
        self._mended += 1 if word.isalpha() else _SIGNS
        if self._mended > _MOST_MENDED or self._letters > _MOST_LETTERS:
            self.complete = False
            return []
        if len(word) >= SQUASHED:
            runs = runs_of_letters(word[:_MOST_LETTERS])
            self._letters += len(runs) * len(word) if len(word) >= INSIDE else 0
            for one in self.own:
                for phrase in (phrase for run in runs for phrase in self._inside(run, one)):
                    self.squashed[phrase] = self.squashed.get(phrase, 0) | self._bits[word]
        by_word = self.ready.classes.by_word
        return [
            number
            for one in self.own
            for mended in one.spelling.mend(word)
            for number in by_word[mended]
            if number in one.numbers
        ]

    def _inside(self, word: str, one: OwnList) -> Iterator[int]:
        """The phrases of a list that are written in a word without their spaces."""
        yield from one.squashed.get(word, ())
        for start in range(len(word) - INSIDE + 1):
            if word[start : start + 4] not in one.squashed_starts:
                continue
            self._looks += 1
            if self._looks > _MOST_LOOKS:
                self.complete = False
                return
            for length in one.squashed_lengths:
                if length >= INSIDE:
                    yield from one.squashed.get(word[start : start + length], ())
