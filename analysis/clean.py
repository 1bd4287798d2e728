"""Make a second form of texts and words for matching. Never alters what is stored, and knows no meanings."""

from __future__ import annotations

import re
import unicodedata

# Python puts stacked marks in order by insertion, which takes the square of their number: 64 KB of them hold a
# processor for a second. So text is normalised in pieces no longer than this, and the whole stays linear. A person's
# word is never this long, so a piece that ends between a letter and its accent is not a loss to anyone.
_PIECE = 256

# Characters that show nothing: joiners, direction marks, soft hyphens, tags, variation selectors, byte order marks.
# They come from phones and word processors, and from people who hide one word inside another.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Control characters, lone surrogates, private use and noncharacters: nothing to read, but a break between words.
_UNREADABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffc-\uffff\U000f0000-\U0010ffff]"
)

# Marks left over once letters have taken up their accents. In Latin, Greek and Cyrillic writing these are decoration
# (struck-through or "zalgo" letters); in Arabic writing they are the short vowels and the stretching stroke that most
# people leave out. A word with and without them should match.
_STRAY_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]"
)

_VOWELS = frozenset("aeiou")

_PLAIN_MARKS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u02bb\u2032\u0060\u00b4\uff07", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    # Two honorific signs stand for whole Arabic phrases and would grow to eighteen letters each.
    | dict.fromkeys("\ufdfa\ufdfb", " ")
)

# A word is letters and digits, with an apostrophe only inside it. The second range is the signs of the scripts of
# South Asia, which Python does not call letters although a word cannot be written without them. There is one way
# only to read each character, so the search cannot go back over what it has read.
_LETTERS = r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff])+"
_WORD = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*")


def normalise(text: str) -> str:
    """Give the form of a text that is used for matching, never for showing or storing.

    Compatibility letters become plain ones (NFKC), capitals small (case folding), curly quotes and long dashes
    straight; invisible characters go, decoration goes, and every run of white space is one space. Accents that
    belong to a letter stay, because "sąd" and "sad" are two words. Takes time in proportion to the text.

    Source: Unicode Standard, section 3.13 (caseless matching) and UAX #15 (normalisation forms).
    """
    if text.isascii():
        return " ".join(_UNREADABLE.sub(" ", text.translate(_PLAIN_MARKS).casefold()).split())
    text = _UNREADABLE.sub(" ", _INVISIBLE.sub("", text.translate(_PLAIN_MARKS)))
    text = _composed(_composed(text).casefold())
    # Composing may bring the same characters back (a wide hyphen becomes a hyphen), so they are put right once more.
    text = _INVISIBLE.sub("", _STRAY_MARKS.sub("", text.translate(_PLAIN_MARKS)))
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    """Give the words of a text in order, in the form used for matching: "Don't STOP!" gives ["don't", "stop"]."""
    return _WORD.findall(normalise(text))


def english_forms(word: str) -> frozenset[str]:
    """Give a word (as `tokens` gives it) with its English endings: plural or "he does", past, and -ing.

    The endings follow English spelling (bully, bullied; hit, hitting; die, dying; make, making). Some of the forms are
    ones that nobody writes; that does no harm, because they are only looked up. A word of one or two letters, with
    digits, or in other letters is given alone.
    """
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return frozenset({word})
    stem, last = word[:-1], word[-1]
    if last == "y" and word[-2] not in _VOWELS:
        endings = {f"{stem}ies", f"{stem}ied", f"{word}ing", f"{word}s"}
    elif last == "e":
        endings = {f"{word}s", f"{word}d", f"{stem}ing"} | ({f"{word[:-2]}ying"} if word.endswith("ie") else set())
    else:
        endings = {f"{word}s", f"{word}es"} if word.endswith(("s", "x", "z", "ch", "sh")) else {f"{word}s"}
        # A short vowel before one consonant doubles it; in a word of one syllable there is no other way ("stared" is
        # not from "star").
        doubles = last not in _VOWELS | set("wxy") and word[-2] in _VOWELS and word[-3] not in _VOWELS
        one_syllable = sum(letter in _VOWELS for letter in word) == 1
        endings |= {f"{word}{last}ed", f"{word}{last}ing"} if doubles else set()
        endings |= set() if doubles and one_syllable else {f"{word}ed", f"{word}ing"}
    return frozenset({word, *endings})


def _composed(text: str) -> str:
    pieces, start = [], 0
    while start < len(text):
        end = start + _PIECE
        if end < len(text):
            # A piece ends after a space where there is one, so that ordinary words are never cut.
            space = text.rfind(" ", start, end)
            end = end if space < 0 else space + 1
        pieces.append(unicodedata.normalize("NFKC", text[start:end]))
        start = end
    return "".join(pieces)
