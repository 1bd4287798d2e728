"""Point out words that may be somebody's name, for a person to decide. Never certain.

It looks at cues ("my name is", "Mrs", "called") and at capitals inside a sentence, and then at the same word anywhere
else in the text. It misses names in small letters without a cue, a name that stands only at the beginning of a
sentence, names in writing without capitals (Urdu, Arabic, Sorani) without a cue, and names that are also words or
places in its list. It takes places, schools and brands for names: whoever reads the text passes over those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from analysis.redact.cues import occurrences
from analysis.redact.reading import Reading
from analysis.redact.span import Span

_WORD = r"[^\W\d_][^\W\d_'’\-]*+(?:['’\-][^\W\d_]++)*+"
_CUES = (
    "my name is ", "my name's ", "name: ", "names: ", "i'm called ", "i am called ", "called ", "named ", "nicknamed ",
    "mam na imię ", "mam na imie ", "nazywam się ", "nazywam sie ", "na imię ", "volám sa ", "volam sa ", "menom ",
    "meno je ", "jmenuji se ", "jmenuju se ", "jménem ", "mă numesc ", "ma numesc ", "mă cheamă ", "ma cheama ",
    "numele meu este ", "pe nume ", "اسمي ", "اسمه ", "اسمها ", "میرا نام ", "کا نام ", "ناوم ", "ناوی ",
)  # fmt: skip
_TOLD = re.compile(rf"[ :]{{1,3}}+({_WORD})(?:[ ]({_WORD}))?")
_TITLE = re.compile(
    rf"\b(mrs|mr|ms|mx|miss|dr|doctor|prof|professor|sir|madam|nurse|sister|pc|sgt|auntie|aunty|aunt|uncle|pani|pan|paní"
    rf"|domnul|doamna|ciocia|wujek|teta|ujo|strýc)\.?[ ]({_WORD})"
)
# After these titles a small letter may still begin a name; the others are words as well ("miss my dad").
_ALWAYS_A_TITLE = frozenset(("mrs", "mr", "mx"))
# Latin, Greek and Cyrillic capitals; other writing has none.
_CAPITALS = "".join(letter for letter in map(chr, range(0x41, 0x530)) if letter.isupper())
_CAPITAL = re.compile(rf"[{_CAPITALS}](?<![\w'’@#/.\-].)(?:{_WORD})?")
_SENTENCE_ENDS = frozenset('.!?:;\n\r•*"“(|…-–—/؟۔')

_NOT_NAMES = frozenset({
    "i", "i'm", "i've", "i'd", "i'll", "ok", "okay", "god", "christmas", "eid", "ramadan", "easter", "diwali", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may",
    "june", "july", "august", "september", "october", "november", "december", "english", "maths", "science", "history",
    "geography", "art", "pe", "music", "french", "spanish", "urdu", "polish", "slovak", "czech", "romanian", "arabic",
    "sorani", "kurdish", "british", "england", "britain", "uk", "muslim", "christian", "hindu", "sikh", "jewish",
    "islam", "mum", "mom", "mummy", "dad", "daddy", "nan", "nana", "grandma", "grandad", "sir", "miss", "mr", "mrs",
    "ms", "dr", "school", "college", "hospital", "ward", "clinic", "police", "council", "nhs", "gp", "a&e", "camhs",
    "senco", "tv", "covid", "the", "and", "but", "so", "because", "they", "he", "she", "it", "we", "you", "my", "our",
    "your", "his", "her", "their", "there", "this", "that", "what", "when", "who", "how", "why", "no", "yes", "not",
    "never", "very", "really", "please", "thank", "thanks", "good", "great", "bad", "nothing", "everything", "all",
    "more", "some", "in", "on", "at", "to", "for", "from", "with", "by", "of", "as", "if", "or", "just", "only", "also",
    "can", "could", "would", "should", "will", "is", "are", "was", "were", "be", "been", "do", "does", "did", "have",
    "has", "had", "a", "an",
})  # fmt: skip
_NAMES_KEPT = 200


def names(reading: Reading) -> Iterator[Span]:
    """Words that may be names, each `certain=False`."""
    plain, low = reading.plain, reading.low
    found: set[str] = set()
    for seen in _told(low):
        end = seen.end(2) if seen[2] and not plain[seen.start(2)].islower() and _has_capitals(seen[2]) else seen.end(1)
        if seen[1] not in _NOT_NAMES:
            found.add(seen[1])
            yield Span(seen.start(1), end, "name", False)
    for seen in reading.search(_TITLE, "name"):
        if seen[2] not in _NOT_NAMES and (plain[seen.start(2)].isupper() or seen[1] in _ALWAYS_A_TITLE):
            found.add(seen[2])
            yield Span(seen.start(), seen.end(), "name", False)
    capitals = [seen for seen in reading.search_capitals(_CAPITAL, "name") if seen[0].casefold() not in _NOT_NAMES]
    for seen in capitals:
        if len(found) < _NAMES_KEPT and len(seen[0]) > 1 and not seen[0].isupper() and not _begins(plain, seen.start()):
            found.add(seen[0].lower())
    for seen in capitals:
        if not found.isdisjoint((seen[0].lower(), seen[0].lower().removesuffix("'s"))):
            yield Span(seen.start(), seen.end(), "name", False)


def _told(low: str) -> Iterator[re.Match[str]]:
    """What follows the words with which people say a name."""
    for cue in _CUES:
        for _, end in islice(occurrences(low, cue), _NAMES_KEPT):
            seen = _TOLD.match(low, end)
            if seen:
                yield seen


def _has_capitals(word: str) -> bool:
    """Is it in writing that knows capitals at all?"""
    return word.upper() != word


def _begins(plain: str, at: int) -> bool:
    """Does a sentence begin here, so that a capital says nothing?"""
    before = plain[max(0, at - 3) : at].rstrip(" \t")
    return not before or before[-1] in _SENTENCE_ENDS
