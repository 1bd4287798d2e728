"""Look for the phrases of all lists in a text, in time that depends on its length and on nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.concern.lists import BANDS, Band, ConcernError, ConcernList, Lowered, load_list
from analysis.concern.marks import MOST_FLAGS, Found, Marks
from analysis.concern.ready import OwnList, ReadyLists, script
from analysis.concern.repair import Reading, read
from analysis.marked import Problem

#: A text is read up to so many bytes (in UTF-8); of a longer one, people read the rest first.
LONGEST_TEXT = 65_536

# English is read beside every language: children here mix it in.
_ALWAYS = "en"

# So many letters of a script in which no list of the reader is written, and the text cannot be read by it.
_FEW_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Flag:
    """One phrase that was found: its band, what it may be a sign of, how it was written, and why it was lowered."""

    band: Band
    category: str
    phrase: str
    lowered: Lowered


@dataclass(frozen=True, slots=True)
class Screening:
    """What the lists make of a text.

    Without `screened`, no list that a person has reviewed could read all of it; the band is then P2 at least. The flags
    are the most urgent ones, and are there in any case.
    """

    band: Band
    flags: tuple[Flag, ...]
    screened: bool


class Screener:
    """All lists, made ready. It keeps nothing of what it reads.

    The text's own list and the English one are read with all repairs; the others too, but only as they are written,
    since people write in their own language on any page.
    """

    def __init__(self, lists: Iterable[ConcernList], version: str) -> None:
        self.lists = {one.language: one for one in lists}
        self.version = version
        self._ready = ReadyLists(self.lists.values())
        self._own = {one.language: OwnList(one, self._ready) for one in self.lists.values()}

    def screen(self, text: str, language: str) -> Screening:
        """Look for signs that a child may be at risk. `language` is the text's, or its page's (BCP-47)."""
        code = _code(language)
        own = [self._own[one] for one in dict.fromkeys((code, _ALWAYS)) if one in self._own]
        whole = text.encode("utf-8", "replace")
        if len(whole) > LONGEST_TEXT:
            text = whole[:LONGEST_TEXT].decode("utf-8", "ignore")
        reading = read(text, [one.known for one in own])
        marks = Marks(self._ready, own, reading.words)
        flags = tuple(_shown(marks.found(), reading))
        complete = marks.complete and len(whole) <= LONGEST_TEXT and _can_read(own, text)
        screened = complete and code in self.lists and self.lists[code].reviewed
        bands: list[Band] = [*(flag.band for flag in flags), "P3" if screened else "P2"]
        return Screening(min(bands, key=BANDS.index), flags, screened)

    def knows(self, language: str) -> bool:
        """Whether there is a list for a language, reviewed or not."""
        return _code(language) in self.lists


def load_screener(folder: Path) -> Screener:
    """Load every list of a folder.

    Raises ConcernError, holding every problem of every list, or saying that there is none.
    """
    lists: list[ConcernList] = []
    problems: list[Problem] = []
    version = hashlib.sha256()
    for path in sorted(Path(folder).glob("*.yaml")):
        try:
            lists.append(load_list(path))
            version.update(path.name.encode() + b"\0" + path.read_bytes())
        except ConcernError as error:
            problems += error.problems
    if not lists and not problems:
        problems = [Problem(Path(folder).name, 1, "there is no list of phrases in this folder.")]
    if problems:
        raise ConcernError(problems)
    return Screener(lists, version.hexdigest())


def _code(language: str) -> str:
    return language.split("-")[0].casefold()


def _can_read(own: Iterable[OwnList], text: str) -> bool:
    """Whether a text is written in a script of these lists, but for a few letters."""
    scripts = frozenset[str]().union(*(one.scripts for one in own))
    left = _FEW_LETTERS
    for letter in filter(str.isalpha, set(text)):
        if script(letter) not in scripts:
            left -= text.count(letter)
            if left <= 0:
                return False
    return True


def _shown(found: Iterable[Found], reading: Reading) -> Iterator[Flag]:
    """The flags that a person sees, in the order of their bands: no part of one again in its category."""
    banded = [(_lowered(one.ready.phrase.band, one.lowered), one) for one in found]
    banded.sort(key=lambda pair: (pair[0], pair[1].first, -pair[1].last))
    shown: list[Found] = []
    for band, one in banded:
        if len(shown) < MOST_FLAGS and not any(_within(one, other) for other in shown):
            shown.append(one)
            yield Flag(band, one.ready.phrase.category, reading.place(one.first, one.last), one.lowered)


def _within(one: Found, other: Found) -> bool:
    same = one.ready.phrase.category == other.ready.phrase.category
    return same and other.first <= one.first and one.last <= other.last


def _lowered(band: Band, why: Lowered) -> Band:
    return BANDS[min(BANDS.index(band) + bool(why), len(BANDS) - 1)]
