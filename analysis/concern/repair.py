"""Bring a text as children type it into plain words, and mend single words. Takes time in proportion to the text.

Nothing here alters what is stored or shown: it makes the form in which phrases are looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.clean import normalise

#: The ends of sentences, as they stand in the list of words.
STOPS = (".", "!", "?", "؟", "۔")

_PIECE = 600
_EMOJI = "\u2600-\u27bf\U0001f18e-\U0001f19a\U0001f300-\U0001f3fa\U0001f400-\U0001faff"
_LETTER = r"[^\W_]"
_WORDS = re.compile(
    # A word, with the signs that stand for letters inside it ("r*pe", "$uicide"); an emoji; the end of a sentence.
    rf"(?:[@$](?={_LETTER}))?{_LETTER}+(?:[@$!*|€+]+{_LETTER}+)*|[{_EMOJI}]|(?<!\.)[.!?؟۔](?=\s|$)"
)
_COUNTED = re.compile(rf"[{_EMOJI}]|{_LETTER}")
# Three letters or more, each by itself: "k i l l", "k.i.l.l", "k-i-l-l". Letters and signs share no character.
_SPACED = re.compile(r"(?<![^\W_])(?:[a-z][\s.,\-_*/|]{1,3}){2,}[a-z](?![^\W_])")
_BETWEEN = re.compile(r"[^a-z]+")
# With signs between the letters, a space alone is between two words: "h.i.t.s m.e".
_SIGN_BETWEEN = re.compile(r"[a-z][.,\-_*/|]+[a-z]")
_SPACE_ALONE = re.compile(r"(?<=[a-z])\s+(?=[a-z])")

_LOOK_ALIKE = {
    # Cyrillic and Greek
    **dict(zip("авеёзікмнорстухѕјһԁԛԝүґӏ", "abeezikmhopctyxsjhdqwyrl", strict=True)),
    **dict(zip("αβεηικνορτυχωγ", "abenikvoptuxwy", strict=True)),
    # Small capitals and other letters that do not come apart
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡıłøđħŧƒð", "abcdefghijklmnoprstuvwyzagilodhtfd", strict=True)),
    "æ": "ae",
    "œ": "oe",
    # Arabic writing: letters that are written differently in Arabic, Urdu and Sorani, or that people leave undecorated
    **dict(zip("يىئېےێ", "ی" * 6, strict=True)),
    **dict(zip("أإآٱ", "ا" * 4, strict=True)),
    **dict(zip("ةھہۂۃەۀ", "ه" * 7, strict=True)),
    **dict(zip("كڪؤۆۇںڕڵ", "ککووونرل", strict=True)),
    "'": "",
}


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(range(0x1F3FB, 0x1F400))  # colours of skin
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = unicodedata.normalize("NFD", chr(code))[0]
        if plain.isascii() and plain.isalpha():
            table[code] = plain.lower()
    for first in (0x1F150, 0x1F170, 0x1F1E6):  # letters in dark circles, in dark squares, and those that make flags
        table |= {first + place: chr(ord("a") + place) for place in range(26)}
    return table | {ord(sign): plain for sign, plain in _LOOK_ALIKE.items()}


_FOLD = _table()

# Signs for letters. "1" is an i or an l, and each is tried.
_LEET = tuple(str.maketrans("013457@$!€|+", f"o{one}east" + f"as{one}e{one}t") for one in "il")
_HIDDEN = "aeiou"
_NO_LETTER = re.compile(r"[\W\d_]+")
_RUN = re.compile(r"(.)\1{2,}")
_TWICE = re.compile(r"([bcdfghjklmnprstvz])\1")


def fold(text: str) -> str:
    """Give a text in the form used for matching: as `normalise` does, without accents, apostrophes or look-alikes."""
    plain = normalise(text)
    return plain.replace("'", "") if plain.isascii() else plain.translate(_FOLD)


def words(text: str) -> list[str]:
    """Give the words, emoji and ends of sentences of a text that is folded already."""
    return _WORDS.findall(text)


@dataclass(slots=True)
class Reading:
    """The words of a text, from which the place of each in the text as it was written can be found again."""

    words: list[str] = field(default_factory=list)
    pieces: list[tuple[str, int]] = field(default_factory=list)  # with how many words stand before each

    def place(self, first: int, last: int) -> str:
        """Give the text as it was written, from one word to another, both included."""
        found: list[str] = []
        ends = [before for _, before in self.pieces[1:]] + [len(self.words)]
        for (piece, before), end in zip(self.pieces, ends, strict=True):
            if before <= last and first < end:
                # Letters are counted, not words: spaced-out letters were several words when they were written.
                sizes = [len(_COUNTED.findall(word)) for word in self.words[before : min(last + 1, end)]]
                skipped = max(0, first - before)
                found += _chunks(piece, sum(sizes[:skipped]), sum(sizes))
        return " ".join(found).strip(" .,;:!?\"'()[]“”‘’«»")[:200]


def _chunks(piece: str, begin: int, end: int) -> Iterator[str]:
    at = 0
    for chunk in piece.split():
        size = len(_COUNTED.findall(fold(chunk)))
        if size and at < end and at + size > begin:
            yield chunk
        at += size


def read(text: str, known: Sequence[frozenset[str]] = ()) -> Reading:
    """Read a text into words, with spaced-out letters drawn together. `known` are words that such letters may make."""

    def together(found: re.Match[str]) -> str:
        if _SIGN_BETWEEN.search(found[0]):
            return " ".join(_BETWEEN.sub("", part) for part in _SPACE_ALONE.split(found[0]))
        joined = _BETWEEN.sub("", found[0])
        # "i k i l l": the first letter is a word by itself.
        split = not any(joined in one for one in known) and any(joined[1:] in one for one in known)
        return f"{joined[0]} {joined[1:]}" if split else joined

    reading = Reading()
    for piece in _pieces(text):
        reading.pieces.append((piece, len(reading.words)))
        reading.words += words(_SPACED.sub(together, fold(piece)))
    return reading


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + _PIECE
        if end < len(text):
            space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
            end = end if space < 0 else space + 1
        yield text[start:end]
        start = end


class Spelling:
    """Mends single words towards the words of some lists: one letter wrong, signs for letters, letters repeated.

    A word that is in the lists, or that the lists name as a real word, is left alone. One letter may be wrong, missing,
    too many or changed with its neighbour where the word has five letters or more, but not the first: few people get
    the first letter wrong, and other words are near there ("taped"). In a word of four letters two inside it may have
    changed places ("slef"). `written` gives the word that is meant by one that is further off ("unkle").

    Source for finding near words by leaving letters out: Garbe, SymSpell (2012); Mor and Fraenkel (1982).
    """

    def __init__(self, known: Iterable[str], real: Iterable[str], written: Mapping[str, str] | None = None) -> None:
        self.known = frozenset(known)
        self.real = frozenset(real)
        self._written = {wrong: meant for wrong, meant in (written or {}).items() if meant in self.known}
        self._shorter: dict[str, list[str]] = defaultdict(list)
        self._single: dict[str, list[str]] = defaultdict(list)
        self._squeezed: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.known):
            if len(word) >= 5 and word.isalpha():
                for shorter in {word[:place] + word[place + 1 :] for place in range(1, len(word))}:
                    self._shorter[shorter].append(word)
            self._squeezed[_squeeze(word)].append(word)
            if _TWICE.search(word):
                self._single[_TWICE.sub(r"\1", word)].append(word)

    def mend(self, word: str) -> tuple[str, ...]:
        """Give the words of the lists that this may be, the word itself excepted; most often none."""
        if word in self.known or word in self.real or not 2 <= len(word) <= 40:
            return ()
        if not word.isalpha():
            return self._signs(word)
        if word in self._written:
            return (self._written[word],)
        if _RUN.search(word):
            found = self._squeezed.get(_squeeze(word))
            if found:
                return tuple(found)
            word = _RUN.sub(r"\1", word)
            if word in self.known:
                return (word,)
        return (*self._single.get(word, ()), *self._near(word))

    def _signs(self, word: str) -> tuple[str, ...]:
        ways = {word.translate(table) for table in _LEET} if any(map(str.isalpha, word)) else set()
        if "*" in word:
            # A star hides one vowel, or each of two stars the same one: "r*pe", "su*c*de".
            ways = {way.replace("*", vowel) for way in ways for vowel in _HIDDEN} if word.count("*") <= 2 else set()
        ways -= {word} | self.real
        known = ways & self.known | {self._written[way] for way in ways & self._written.keys()}
        near = set() if known or "*" in word else {near for way in ways for near in self._near(way)}
        return tuple(sorted(known | near))

    def _near(self, word: str) -> tuple[str, ...]:
        size = len(word)
        if not 4 <= size <= 24:
            return ()
        found = set(self._shorter.get(word, ()))  # a letter is missing
        if size == 4:
            found |= {word[0] + word[2] + word[1] + word[3], word[:2] + word[3] + word[2]} & self.known
        if size >= 5:
            for place in range(1, size):
                shorter = word[:place] + word[place + 1 :]
                if len(shorter) >= 4 and shorter in self.known:
                    found.add(shorter)  # a letter too many
                for near in self._shorter.get(shorter, ()):
                    if near[0] == word[0] and _one_apart(word, near):
                        found.add(near)
        return tuple(sorted(near for near in found if near[0] == word[0]))


def runs_of_letters(word: str) -> tuple[str, ...]:
    """Give what a word with signs may be when it is several words in one: "myd4dh1tsme", "i*want*to*die"."""
    if word.isalpha():
        return (word,)
    return tuple(dict.fromkeys((word, _NO_LETTER.sub("", word), *(word.translate(table) for table in _LEET))))


def _squeeze(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


def _one_apart(one: str, other: str) -> bool:
    """Whether two words of the same length differ in one letter, or in two neighbours that changed places."""
    apart = [place for place in range(len(one)) if one[place] != other[place]]
    if len(apart) == 1:
        return True
    return (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and one[apart[0]] == other[apart[1]]
        and one[apart[1]] == other[apart[0]]
    )
