"""Measure how hard the English of a survey is to read: the grade of each sentence, and of the whole. Pure.

The Flesch-Kincaid grade (Kincaid, Fishburne, Rogers and Chissom 1975, Derivation of new readability formulas, Research
Branch Report 8-75) is 0.39 x words a sentence + 11.8 x syllables a word - 15.59; five more is about the age in years.
It was made for whole passages: of one short sentence it says little, so a single one over the limit is a warning, and
only the whole survey can be too hard. It knows nothing of sense: words are tried with readers all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pyphen import Pyphen

from feedback_app.definitions.survey import Audience, Question, Survey
from feedback_app.i18n.placeholders import PLACEHOLDER

LIMITS: dict[Audience, float] = {"child": 4, "young-person": 6, "parent": 9, "practitioner": 9, "manager": 9}
_WORD = re.compile(PLACEHOLDER.pattern + r"|[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+")
_END = re.compile(r"(?<=[.!?])[\"'’”)]*\s+|\n+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"([^l]|[aeiouy]l|^l)e$|[^tdaeiouy]ed$|[^aeiouyszxgch]es$")

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, where it stands in the file, and its size. The words of a row are read after their question."""

    place: Place
    text: str
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        """The grade of this sentence by itself."""
        return _grade(self.words, 1, self.syllables)


@dataclass(frozen=True, slots=True)
class Reading:
    """How hard a survey is to read. `limit` is the highest grade for its audience."""

    limit: float
    sentences: tuple[Sentence, ...]

    @property
    def grade(self) -> float:
        """The grade of the whole survey, all its sentences taken as one passage."""
        words, syllables = sum(s.words for s in self.sentences), sum(s.syllables for s in self.sentences)
        return _grade(words, len(self.sentences), syllables)

    @property
    def too_hard(self) -> bool:
        """Whether the whole survey is over the limit."""
        return round(self.grade, 1) > self.limit

    @property
    def over(self) -> tuple[Sentence, ...]:
        """The sentences over the limit, hardest first."""
        found = [sentence for sentence in self.sentences if round(sentence.grade, 1) > self.limit]
        return tuple(sorted(found, key=lambda sentence: -sentence.grade))


def read(survey: Survey) -> Reading:
    """Read every label, hint, intro, row and feedback of a survey in English, and what happens to people's words."""
    found = [sentence for place, text in _texts(survey) for sentence in sentences(place, text)]
    return Reading(LIMITS[survey.audience], tuple(found))


def sentences(place: Place, text: str) -> Iterator[Sentence]:
    """Part a text into sentences. A question that its row goes on with ("Do you feel safe… at home") is one."""
    for part in _END.split(text.replace("…", " ")):
        words = [found[0] for found in _WORD.finditer(part)]
        if words:
            yield Sentence(place, " ".join(part.split()), len(words), sum(syllables(word) for word in words))


@cache
def syllables(word: str) -> int:
    """How many syllables an English word has, as nearly as can be told without a dictionary of sounds.

    The larger of two counts, for each finds too few: where the word may be hyphenated (pyphen, which never parts off a
    letter or two), and its groups of vowels without a silent e. Of 97 everyday words of our surveys pyphen alone counts
    81 in 100 syllables, and both together 99.
    """
    if word.startswith("{"):
        return 2  # an earlier answer or a local name
    if word.isdigit():
        return 1
    plain = word.lower().replace("’", "'")
    if "-" in plain:
        return sum(syllables(part) for part in plain.split("-"))
    vowels = len(_VOWELS.findall(plain)) - bool(_SILENT.search(plain))
    return max(len(_hyphens().positions(plain)) + 1, vowels, 1)


@cache
def _hyphens() -> Pyphen:
    return Pyphen(lang="en_GB")


def _grade(words: int, sentence_count: int, syllable_count: int) -> float:
    if not words:
        return 0
    return 0.39 * words / sentence_count + 11.8 * syllable_count / words - 15.59


def _texts(survey: Survey) -> Iterator[tuple[Place, str]]:
    yield ("notice",), survey.notice
    for at, page in enumerate(survey.pages):
        yield ("pages", at, "intro"), page.intro
        for number, question in enumerate(page.questions):
            yield from _of_question(("pages", at, "questions", number), question)


def _of_question(place: Place, question: Question) -> Iterable[tuple[Place, str]]:
    for number, row in enumerate(question.rows):
        yield (*place, "rows", number), f"{question.label} {row.label}"
    if not question.rows:
        yield (*place, "label"), question.label
    yield (*place, "hint"), question.hint
    yield (*place, "feedback"), question.feedback
