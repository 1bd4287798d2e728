"""Follow phrases through the words of a text, all places at once. Knows nothing of what the phrases mean.

The places of a word are the bits of one large number: bit 5 is set where the sixth word of the text is that word. One
step of a phrase is then one "and" and one shift, whatever the text, so that no text can make the matching slow. A
number of "borders" has bit 5 set where a phrase stands between the fifth and the sixth word.

Source: the idea of bit-parallel matching is Baeza-Yates and Gonnet (1992), here with words in place of letters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.concern.phrases import Choice, Gap, Row, Word

#: A phrase made ready: the number of a word's class, a gap as a number below nought, or a choice of ways.
Step = int | tuple["Way", ...]
Way = tuple[Step, ...]


@dataclass(slots=True)
class Classes:
    """The words that phrases look for. Each different choice of words, in one language, is a class with a number."""

    numbers: dict[tuple[str, Word], int] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_start: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def way(self, row: Row, language: str) -> Way:
        """Make a phrase ready."""
        return tuple(self._step(node, language) for node in row)

    def _step(self, node: Word | Gap | Choice, language: str) -> Step:
        if isinstance(node, Gap):
            return -node.most
        if isinstance(node, Choice):
            return tuple(self.way(row, language) for row in node.rows)
        number = self.numbers.get((language, node))
        if number is None:
            number = self.numbers[language, node] = len(self.numbers)
            self.languages.append(language)
            for form in node.forms:
                self.by_word[form].append(number)
            for start in node.starts:
                self.by_start[start].append(number)
        return number


class WordPlaces(dict[str, int]):
    """The places of each word of a text as bits, worked out when they are first asked for."""

    def __init__(self, at: Mapping[str, Sequence[int]], size: int) -> None:
        super().__init__()
        self._at, self._size = at, size

    def __missing__(self, word: str) -> int:
        self[word] = bits(self._at[word], self._size)
        return self[word]


class Places(dict[int, int]):
    """The places of each class of words by its number, worked out when they are first asked for; nought without any."""

    def __init__(self, found: Mapping[int, Sequence[str]], words: WordPlaces) -> None:
        super().__init__()
        self._found, self._words = found, words

    def __missing__(self, number: int) -> int:
        places = 0
        for word in self._found.get(number, ()):
            places |= self._words[word]
        self[number] = places
        return places


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a phrase may pass: the places of each class, places that are shut, and words that a gap may pass over."""

    places: Places
    open: int
    passable: int

    def forward(self, way: Way, borders: int) -> int:
        """Give the borders behind the phrase, for those in front of it."""
        for step in way:
            if not borders:
                return 0
            if not isinstance(step, int):
                after = 0
                for inner in step:
                    after |= self.forward(inner, borders) if inner else borders
                borders = after
            elif step >= 0:
                borders = (borders & self.places[step] & self.open) << 1
            else:
                for _ in range(-step):
                    borders |= (borders & self.passable) << 1
        return borders

    def back(self, way: Way, borders: int) -> tuple[int, int]:
        """Give the borders in front of the phrase for those behind it, and the words on the way."""
        seen = 0
        for step in reversed(way):
            if isinstance(step, int):
                if step >= 0:
                    borders = (borders >> 1) & self.places[step] & self.open
                    seen |= borders
                else:
                    for _ in range(-step):
                        passed = (borders >> 1) & self.passable
                        seen |= passed
                        borders |= passed
            else:
                before = 0
                for inner in step:
                    start, words = self.back(inner, borders)
                    before |= start
                    seen |= words
                borders = before
        return borders, seen


def firsts(way: Way) -> frozenset[int]:
    """Give the classes that a phrase can begin with."""
    found: set[int] = set()
    for step in way:
        if isinstance(step, int):
            return frozenset(found | ({step} if step >= 0 else set()))
        for inner in step:
            found |= firsts(inner)
        if () not in step:
            break
    return frozenset(found)


def bits(places: Iterable[int], size: int) -> int:
    """Give the number that has these bits set; `size` is more than the highest of them."""
    row = bytearray(size // 8 + 1)
    for place in places:
        row[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(row, "little")


def spread(borders: int, steps: int, within: int) -> int:
    """Give the places, and as many as `steps` behind each, as long as all between are `within`."""
    found = borders & within
    for _ in range(steps - 1):
        found |= (found << 1) & within
    return found
