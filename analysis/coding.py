"""Suggest codes for comments, for a person to accept, change or refuse. Counts nothing and decides nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from analysis import sentiment
from analysis.clean import normalise, tokens
from analysis.codebook import Code, Codebook, PhraseMatch
from analysis.corpus import Comment, Unsure

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Scores = NDArray[numpy.float64]

#: The flag of possible harm. Its suggestions come first, so that a page can put those comments first.
SAFE = "X-SAFE"
#: The flag of a comment with nothing in it. Such a comment gets no other suggestion.
THIN = "X-THIN"

# A comment this like a code's own words (cosine) is suggested for it. The codebook's words are few, so likeness to them
# misleads easily: in the tuning half of the benchmark's comments, of what it added to the hints 1 in 6 was right at
# 0.15 (of 434), 1 in 3 at 0.25 (of 21) and 4 of 6 at 0.3.
_LIKE_CODEBOOK = 0.3

# The share that a code needs of the weight of the most alike comments that people have coded. At 0.45, 7 in 10 of what
# this added to the hints were right in the tuning half; at 0.35, 6 in 10; at 0.55, 8 in 10 of half as many.
_LIKE_DECIDED = 0.45
_NEIGHBOURS = 20
# Stands for a neighbour that bears no code, so that a comment like nothing before it gets no suggestion.
_NO_NEIGHBOUR = 0.3

# Fewer coded comments than this teach nothing worth showing: two people agree at a kappa of .85, a machine taught on
# fewer than 100 answers agreed with them at .20.
_ENOUGH_DECIDED = 100

# Nothing in the rest of a very long answer changes what it is like.
_LONGEST = 2000

# Comments compared at once, so that memory stays small however many there are.
_BATCH = 500

# Words that ask for something. "Better", "could" and "want" also tell what is or was, so they count in fewer places.
_WISHES = frozenset(
    ["should", "shouldnt", "must", "mustnt", "please", "pls", "plz", "wish", "need", "needs", "more", "less", "fewer"]
)
_WISHES_OF_TWO = frozenset(
    ["would like", "would be", "would help", "could be", "could do", "could have", "want to", "want them", "let us"]
)
_WISHES_FIRST = frozenset(
    ["better", "stop", "make", "give", "have", "put", "get", "let", "dont", "allow", "bring", "change", "improve"]
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One code or flag that may fit one comment.

    `comment` is the comment's id. `direction` is one of corpus.DIRECTIONS, or "" where software cannot tell and a
    person chooses; a flag has none. `method` says how it was found. `score` runs from 0.0 to 1.0 and puts suggestions
    in order; it is not a probability. `because` is the codebook's phrase or example, or says that people coded others
    so; it never holds anybody's own words.
    """

    comment: str
    code: str
    direction: str
    method: Literal["phrase", "similarity"]
    score: float
    because: str


def suggest(
    comments: Sequence[Comment],
    codebook: Codebook,
    *,
    languages: Mapping[str, str] | None = None,
    decided: Sequence[tuple[Comment, str]] = (),
    limit: int = 3,
) -> list[Suggestion]:
    """Suggest codes for comments: by the codebook's hints, by likeness to its words, and by what people decided.

    `languages` gives the language that was read from a comment, by id; where it has none, the comment's own counts.
    Codes are suggested only in the language of the codebook, since its words are in no other. `decided` holds comments
    with a code or flag that a person gave them, once for each; give them all, since comments that people left without
    a code teach too. From a hundred comments on they are learnt from. Each comment gets at most `limit` codes, and any
    flags besides.

    Suggestions come in the order of the comments; within one, flags first (possible harm before the others), then
    codes, the likeliest first. The same input always gives the same list. Raises ValueError for a negative limit.

    Sources: hints and likeness (TF-IDF of words and of runs of letters, cosine) after Salton and Buckley (1988);
    nearest neighbours after Cover and Hart (1967). Measured by tests/benchmarks/accuracy.py.
    """
    if limit < 0:
        raise ValueError("the limit of suggestions cannot be negative")
    spoken = _Spoken(languages or {}, codebook.language)
    flags = {flag.code for flag in codebook.flags}
    places = {entry.code: place for place, entry in enumerate(codebook.entries)}
    found = [codebook.matches(comment.text) for comment in comments]
    thin = [
        _thin_because(comment, matches, spoken) if THIN in flags else ""
        for comment, matches in zip(comments, found, strict=True)
    ]
    full = [comment for comment, because in zip(comments, thin, strict=True) if not because and spoken.ours(comment)]
    alike = iter(_alike(full, codebook, [pair for pair in decided if spoken.ours(pair[0])]))

    suggestions: list[Suggestion] = []
    for comment, matches, because in zip(comments, found, thin, strict=True):
        if because:
            suggestions.append(Suggestion(comment.id, THIN, "", "phrase", 1.0, because))
            continue
        proposed = _by_phrase(comment, matches)
        if spoken.ours(comment):
            # A hint outranks likeness for the same code, because a person can see at once whether it is right.
            proposed = {**next(alike), **proposed}
        else:
            # A word of harm puts a comment forward in whatever language the rest is: a wrong place in the queue costs
            # a minute, and people mix languages.
            proposed = {code: one for code, one in proposed.items() if code == SAFE}
        ordered = sorted(proposed.values(), key=lambda one: (one.code != SAFE, -one.score, places[one.code]))
        suggestions += [one for one in ordered if one.code in flags]
        if codes := [one for one in ordered if one.code not in flags][:limit]:
            towards = direction(comment, spoken.language(comment))
            suggestions += [replace(one, direction=towards) for one in codes]
    return suggestions


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Which language each comment is in, as far as anyone knows."""

    read: Mapping[str, str]
    codebook: str

    def language(self, comment: Comment) -> str | None:
        language = self.read.get(comment.id, comment.language)
        return language.split("-")[0].casefold() if language else None

    def ours(self, comment: Comment) -> bool:
        return self.language(comment) == self.codebook.split("-")[0].casefold()


def _thin_because(comment: Comment, matches: Iterable[PhraseMatch], spoken: _Spoken) -> str:
    """Why there is nothing in a comment to code, or "" when there is something."""
    if not any(letter.isalpha() for word in tokens(comment.text) for letter in word):
        return "no words"
    # One or two words are too few to tell a language by, so the language need only not be known to be another.
    if spoken.language(comment) is not None and not spoken.ours(comment):
        return ""
    return max((match.phrase for match in matches if match.code == THIN), key=len, default="")


def _by_phrase(comment: Comment, matches: Iterable[PhraseMatch]) -> dict[str, Suggestion]:
    """One suggestion for each code whose hints were found, by code. Each word of them halves what is left to doubt."""
    phrases: dict[str, list[str]] = {}
    for match in matches:
        phrases.setdefault(match.code, []).append(match.phrase)
    suggestions = {}
    for code, found in phrases.items():
        words = sum(len(tokens(phrase)) for phrase in found)
        longest = max(found, key=lambda phrase: (len(tokens(phrase)), len(phrase)))
        suggestions[code] = Suggestion(comment.id, code, "", "phrase", 1.0 - 0.5**words, longest)
    return suggestions


def direction(comment: Comment, language: str | None) -> str:
    """Suggest which way a comment points: a wish first, then what its question asked for, then how it sounds.

    Gives one of corpus.DIRECTIONS, or "" where nothing tells: an unknown direction is not the same as "0", which says
    that a person found the comment neutral. A question about what works well is taken to be answered with what works
    well, even in words such as "more" and "need". Wishes and sound are read in English only (`language`, a short code).
    """
    words = [word.replace("'", "") for word in tokens(comment.text)]
    pairs = {f"{one} {two}" for one, two in itertools.pairwise(words)}
    wish = (
        not _WISHES.isdisjoint(words) or not _WISHES_OF_TWO.isdisjoint(pairs) or not _WISHES_FIRST.isdisjoint(words[:1])
    )
    if language == "en" and wish and comment.direction != "+":
        return ">"
    if comment.direction:
        return comment.direction
    score = sentiment.read(comment.text, language)
    if isinstance(score, Unsure):
        return ""
    return "+" if score.label == "positive" else "-"


def _alike(
    comments: Sequence[Comment], codebook: Codebook, decided: Sequence[tuple[Comment, str]]
) -> Iterator[dict[str, Suggestion]]:
    """For each comment in turn, the codes whose own words it is like, or which people gave to comments it is like."""
    codes = [code for code in codebook.codes if code.retired_on is None]
    teachers: list[_Words | _People] = []
    if codes:
        teachers.append(_Words(codes, codebook.language))
    known = {code.code for code in codes}
    by_comment: dict[str, tuple[str, set[str]]] = {}
    for comment, code in decided:
        if tokens(comment.text):
            # A comment that people gave a flag only stays among the neighbours: it teaches where no code belongs.
            by_comment.setdefault(comment.id, (comment.text, set()))[1].update({code} & known)
    if len(by_comment) >= _ENOUGH_DECIDED:
        teachers.append(_People(by_comment, codebook.language))
    for start in range(0, len(comments), _BATCH):
        batch = comments[start : start + _BATCH]
        found: list[dict[str, Suggestion]] = [{} for _ in batch]
        for teacher in teachers:
            for at, code, score, because in teacher.read(batch):
                if code not in found[at] or found[at][code].score < score:
                    one = Suggestion(batch[at].id, code, "", "similarity", round(min(score, 1.0), 3), because)
                    found[at][code] = one
        yield from found


class _Likeness:
    """How alike texts are to some documents: cosine of TF-IDF weights of words, pairs of words and runs of letters.

    Weights come from the documents alone, so what is suggested for a comment does not hang on what others wrote.
    """

    def __init__(self, documents: Sequence[str], language: str) -> None:
        # scikit-learn takes a second to load, so it is loaded when there is something to compare.
        from sklearn.feature_extraction.text import TfidfVectorizer

        stop = "english" if language == "en" else None
        self._kinds = [
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, lowercase=False),
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, lowercase=False, stop_words=stop),
        ]
        plain = [_plain(document) for document in documents]
        self._kinds[0].fit(plain)
        if any(self._kinds[1].build_analyzer()(document) for document in plain):
            self._kinds[1].fit(plain)
        else:
            # Nothing but words such as "the" and "was": only the runs of letters are left to go by.
            self._kinds.pop()
        self.documents = self.weigh(documents)

    def weigh(self, texts: Sequence[str]) -> csr_matrix:
        from scipy.sparse import hstack
        from sklearn.preprocessing import normalize

        plain = [_plain(text) for text in texts]
        return normalize(hstack([kind.transform(plain) for kind in self._kinds]).tocsr())

    def to(self, weights: csr_matrix, documents: csr_matrix) -> Scores:
        """Cosines, a row for each text and a column for each document, from 0.0 (nothing shared) to 1.0 (the same)."""
        cosines: Scores = (weights @ documents.T).toarray()
        return cosines


class _Words:
    """Likeness to what the codebook says of each code."""

    def __init__(self, codes: Sequence[Code], language: str) -> None:
        self._codes = codes
        parts = [[part for part in (c.name, c.definition, c.include, *c.examples) if part] for c in codes]
        self._likeness = _Likeness([" ".join(part) for part in parts], language)
        self._parts = parts
        self._part_weights = [self._likeness.weigh(part) for part in parts]

    def read(self, comments: Sequence[Comment]) -> Iterator[tuple[int, str, float, str]]:
        weights = self._likeness.weigh([comment.text for comment in comments])
        scores = self._likeness.to(weights, self._likeness.documents)
        for at, place in zip(*(scores >= _LIKE_CODEBOOK).nonzero(), strict=True):
            # Which of the code's own words it is most like, for the person who decides.
            nearest = int(self._likeness.to(weights[at], self._part_weights[place])[0].argmax())
            yield int(at), self._codes[place].code, float(scores[at, place]), self._parts[place][nearest]


class _People:
    """Likeness to comments that people have coded: what the nearest ones were given."""

    def __init__(self, by_comment: Mapping[str, tuple[str, set[str]]], language: str) -> None:
        import numpy

        self._codes = sorted({code for _, codes in by_comment.values() for code in codes})
        self._places = {comment: place for place, comment in enumerate(by_comment)}
        self._likeness = _Likeness([text for text, _ in by_comment.values()], language)
        rows = [[code in codes for code in self._codes] for _, codes in by_comment.values()]
        self._given = numpy.array(rows, dtype=float)

    def read(self, comments: Sequence[Comment]) -> Iterator[tuple[int, str, float, str]]:
        import numpy

        scores = self._likeness.to(self._likeness.weigh([one.text for one in comments]), self._likeness.documents)
        for at, comment in enumerate(comments):
            # A comment does not teach about itself.
            if comment.id in self._places:
                scores[at, self._places[comment.id]] = 0.0
        nearest = numpy.argpartition(-scores, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
        weight = numpy.take_along_axis(scores, nearest, axis=1)
        shares = numpy.einsum("ij,ijk->ik", weight, self._given[nearest])
        shares /= weight.sum(axis=1, keepdims=True) + _NO_NEIGHBOUR
        for at, place in zip(*(shares >= _LIKE_DECIDED).nonzero(), strict=True):
            code = self._codes[place]
            yield int(at), code, float(shares[at, place]), f"like comments that people have coded {code}"


def _plain(text: str) -> str:
    return normalise(text)[:_LONGEST]
