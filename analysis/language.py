"""Tell which language a comment is written in, or say that it cannot be told. Knows only what it was taught from."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.clean import normalise
from analysis.corpus import Unsure

# Five letters at a time: four lost 0.1 to 0.2 points on held-out texts of one to five words, six took half as long
# again for 0.1. See tests/benchmarks/accuracy.py for how this was measured.
_ORDER = 5

# A text that needs more than this many nats a letter, even in the language it fits best, is in none of them. Taught
# from this project's own few hundred sentences, newspaper English needs 2.7 (95 in 100 under 3.2), Urdu, Polish and
# Slovak about 3.0 (under 3.6), comments in English 2.3; of languages not taught, Czech 3.8, Romanian 4.3, Arabic and
# Sorani over 5. So a text in the page's own language is believed further than one in any other.
_STRANGE = 3.3
_STRANGE_FOR_PAGE = 3.8

# The same cut, where the person was answering in a language that the model has not been taught: here a text must look
# quite ordinary in a taught language before it is taken from the one that the person chose.
_STRANGE_IF_OTHER = 2.8

# Nine people in ten are taken to write in the language of the page: the logarithm of nine to one.
_DECLARED = math.log(9.0)

# The least lead, in nats, of the first language over the second. With eight languages and three words, 96 texts in 100
# got an answer and 99 of those were right; a lead of 4 gains three in a thousand and silences twenty.
_LEAD = 2.0

# Short words are shared between languages ("no", "a", "to"), so fewer letters than this say nothing by themselves.
_FEW = 6

# The beginning of a text is enough, and keeps a very long answer from costing more than a long one.
_ENOUGH = 300

_NOT_LETTERS = re.compile(r"[\W\d_]+")

# Translation catalogues hold places for values and marks of emphasis; neither is language.
_NOT_PROSE = re.compile(r"\{[^{}]*\}|%\([^()]*\)[a-z]|<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Reading:
    """The language of a text (BCP-47 short code), and how it was told.

    `margin` is how far the language leads the next one, in nats (natural logarithm of the odds), the page's language
    taken into account, or 0 when the page's language decided. `source` is "text" when the writing itself told, and
    "declared" when it could not (a word or two, or a language that the model was not taught) and nothing in the text
    speaks against the language of the page.
    """

    language: str
    margin: float
    source: Literal["text", "declared"]


@dataclass(frozen=True, slots=True)
class _Letters:
    """What follows what in one language: log probability of runs of letters, and log weight of falling back."""

    runs: Mapping[str, float]
    fall_back: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A model of which letters follow which, one for each language, after Witten and Bell (1991).

    Each letter is predicted from up to four before it; runs that were not seen fall back to shorter ones, by as much
    as the shorter context was followed by new letters in training.
    """

    letters: Mapping[str, _Letters]
    alphabet: frozenset[str]

    @classmethod
    def train(cls, samples: Mapping[str, Iterable[str]]) -> LanguageModel:
        """Learn from sentences by language code. A few hundred sentences a language are enough.

        Raises ValueError when there are fewer than two languages, or a language has no letters to learn from.
        """
        prepared = {code: [_prepare(_NOT_PROSE.sub(" ", text)) for text in texts] for code, texts in samples.items()}
        bare = [code for code, texts in prepared.items() if not any(text.strip() for text in texts)]
        if bare:
            raise ValueError(f"no sentences to learn from for: {', '.join(sorted(bare))}")
        if len(prepared) < 2:
            raise ValueError("a language can only be told from another: give sentences in two languages or more")
        alphabet = frozenset(letter for texts in prepared.values() for text in texts for letter in text)
        # One chance is kept for a letter that no language showed.
        chance = 1.0 / (len(alphabet) + 1)
        return cls({code: _learn(texts, chance) for code, texts in prepared.items()}, alphabet)

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages it was taught, in alphabetical order."""
        return tuple(sorted(self.letters))

    def rank(self, text: str) -> tuple[tuple[str, float], ...]:
        """Give every language with the log probability of the text in it, in nats, the likeliest first.

        This never abstains, and is for measuring: use `read` for deciding.
        """
        return self._rank(_prepare(text))

    def _rank(self, prepared: str) -> tuple[tuple[str, float], ...]:
        scores = [(code, _log_probability(letters, prepared)) for code, letters in self.letters.items()]
        return tuple(sorted(scores, key=lambda pair: (-pair[1], pair[0])))

    def read(self, text: str, declared: str | None = None) -> Reading | Unsure:
        """Tell the language of a text, given the language of the page it was written on (`declared`), if known.

        The page's language is a strong hint and no more: on the English pages people write Urdu or Slovak too. Region
        is passed over ("en-GB" is "en"). Gives Unsure when there are no letters, too few, letters or spellings of a
        language it was not taught, or two languages that fit about as well.
        """
        prepared = _prepare(text)
        count = len(prepared.replace(" ", ""))
        if not count:
            return Unsure("There are no letters to read.")
        page = declared.split("-")[0].casefold() if declared else None
        if count < _FEW and page is None:
            return Unsure("There are too few letters to tell the language.")
        bare = dict(self._rank(prepared))
        # What the page says is added to what the letters say; Bayes's rule, in logarithms.
        scores = {code: score + (_DECLARED if code == page else 0.0) for code, score in bare.items()}
        first, second = sorted(scores, key=lambda code: (-scores[code], code))[:2]
        lead = scores[first] - scores[second]
        if page is not None and page not in scores and -bare[first] > _STRANGE_IF_OTHER * len(prepared) - _DECLARED:
            return Reading(page, 0.0, "declared")
        if self._is_strange(prepared, -bare[first], _STRANGE_FOR_PAGE if first == page else _STRANGE):
            taught = ", ".join(self.languages)
            return Unsure(f"It does not look like a language that can be told here ({taught}).")
        if count < _FEW and page in scores and scores[first] - scores[page] < 2 * _LEAD:
            return Reading(page, 0.0, "declared")
        if lead < _LEAD:
            return Unsure(f"It could be {first} or {second}.")
        return Reading(first, round(lead, 2), "text")

    def _is_strange(self, prepared: str, cost: float, most: float) -> bool:
        letters = prepared.replace(" ", "")
        foreign = sum(letter not in self.alphabet for letter in letters)
        # A short text varies too much to be judged by its cost, but letters of another script speak for themselves.
        return foreign * 3 > len(letters) or (len(letters) >= 2 * _FEW and cost > most * len(prepared))


def _prepare(text: str) -> str:
    """Letters only, words parted by one space, with a space at either end so that beginnings and endings count."""
    words = _NOT_LETTERS.sub(" ", normalise(text)).strip()[:_ENOUGH].strip()
    return f" {words} " if words else ""


def _learn(texts: Iterable[str], chance: float) -> _Letters:
    counts = [Counter[str]() for _ in range(_ORDER + 1)]
    for text in texts:
        for size in range(1, _ORDER + 1):
            counts[size].update(text[at : at + size] for at in range(len(text) - size + 1))
    runs: dict[str, float] = {}
    fall_back: dict[str, float] = {}
    for size in range(1, _ORDER + 1):
        seen, kinds = Counter[str](), Counter[str]()
        for run, count in counts[size].items():
            seen[run[:-1]] += count
            kinds[run[:-1]] += 1
        for context, total in seen.items():
            fall_back[context] = math.log(kinds[context] / (total + kinds[context]))
        for run, count in counts[size].items():
            context = run[:-1]
            # A run that was seen has every shorter ending of it seen too, so the lower probability is in the table.
            lower = math.exp(runs[run[1:]]) if size > 1 else chance
            runs[run] = math.log((count + kinds[context] * lower) / (seen[context] + kinds[context]))
    runs[""] = math.log(chance)
    return _Letters(runs, fall_back)


def _log_probability(letters: _Letters, prepared: str) -> float:
    runs, fall_back, total = letters.runs, letters.fall_back, 0.0
    for end in range(2, len(prepared) + 1):
        start = max(0, end - _ORDER)
        while start < end and (run := prepared[start:end]) not in runs:
            total += fall_back.get(run[:-1], 0.0)
            start += 1
        total += runs[prepared[start:end]]
    return total
