"""Read the small language in which phrases of concern are written. Knows nothing of lists, texts or bands.

A phrase is words in a row. Besides plain words it may hold:

    hit~            the word with its English endings: hit, hits, hitting
    kopn*           every word that begins so
    (hit~ | punch~) one of these; each may be several words, or hold any of the rest
    [really]        this or nothing
    ..3             at most three other words, in the same sentence
    <kin>           one of the words of the group "kin", from the head of the list

There are no regular expressions and nothing that repeats, so the longest text that a phrase can take is known before
any text is read, and no phrase can be slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from analysis.clean import english_forms

#: The most words that a gap may pass over, and the most words that a phrase may take.
WIDEST_GAP = 6
LONGEST = 40

_PARTS = re.compile(r"\.\.(\d+)|<([a-z-]+)>|([()\[\]|])|([^\s()\[\]|<>]+)|(\S)")


class PhraseError(ValueError):
    """A phrase that cannot be read. The message says what is wrong with it and what to write instead."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: any of these, or any that begins with one of those."""

    forms: frozenset[str]
    starts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gap:
    """At most so many words of any kind, none of them beyond the end of the sentence."""

    most: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several rows; an empty row means that it may be left out."""

    rows: tuple[Row, ...]


Node = Word | Gap | Choice
Row = tuple[Node, ...]


def parse(text: str, groups: Mapping[str, Choice], fold: Callable[[str], list[str]]) -> Row:
    """Read a phrase. `fold` gives the words of a piece of text in the form used for matching.

    Raises PhraseError.
    """
    parser = _Parser(text, groups, fold)
    row = parser.row("")
    if not parser.words:
        raise PhraseError(f'"{text}" has no words in it.')
    first = row[0]
    if isinstance(first, Gap) or isinstance(row[-1], Gap):
        raise PhraseError(f'"{text}" begins or ends with a gap, which changes nothing: leave the gap out.')
    if longest(row) > LONGEST:
        raise PhraseError(f'"{text}" may take {longest(row)} words; the most is {LONGEST}.')
    if shortest(row) == 0:
        raise PhraseError(f'"{text}" can be nothing at all: something in it must not be in square brackets.')
    return row


def group(phrases: Iterable[Row]) -> Choice:
    """Make one choice of several phrases."""
    return _choice(list(phrases))


def longest(row: Row) -> int:
    """The most words that a row can take, gaps among them."""
    return sum(
        1 if isinstance(node, Word) else node.most if isinstance(node, Gap) else max(map(longest, node.rows))
        for node in row
    )


def shortest(row: Row) -> int:
    """The fewest words that a row can take."""
    return sum(
        1 if isinstance(node, Word) else 0 if isinstance(node, Gap) else min(map(shortest, node.rows)) for node in row
    )


def spellings(row: Row, most: int) -> list[tuple[str, ...]]:
    """Every row of plain words that a phrase stands for with its gaps closed, or none when there are more than `most`.

    Open words ("kopn*") stand for no plain word, so a phrase that needs one has none.
    """
    parts: list[list[tuple[str, ...]]] = []
    count = 1
    for node in row:
        if isinstance(node, Gap):
            continue
        if isinstance(node, Word):
            ways: list[tuple[str, ...]] = [(form,) for form in sorted(node.forms)]
        else:
            ways = [way for inner in node.rows for way in spellings(inner, most) or ([()] if not inner else [])]
        count *= len(ways)
        if not 0 < count <= most:
            return []
        parts.append(ways)
    return [sum(way, ()) for way in product(*parts)]


class _Parser:
    """Goes through the parts of one phrase from left to right."""

    def __init__(self, text: str, groups: Mapping[str, Choice], fold: Callable[[str], list[str]]) -> None:
        self.text, self.groups, self.fold = text, groups, fold
        self.parts = list(_PARTS.finditer(text))
        self.at = 0
        self.words = 0

    def row(self, closing: str) -> Row:
        """Read up to the closing sign, which is left for the caller, or to the end of the phrase."""
        nodes: list[Node] = []
        while self.at < len(self.parts):
            gap, name, sign, word, stray = self.parts[self.at].groups()
            if sign in ("|", closing) and closing:
                return tuple(nodes)
            self.at += 1
            if stray or (sign and sign in ")]|"):
                raise PhraseError(f'"{self.text}": the sign "{stray or sign}" is not expected here.')
            if gap:
                if not 1 <= int(gap) <= WIDEST_GAP:
                    raise PhraseError(f'"{self.text}": a gap is 1 to {WIDEST_GAP} words, not {gap}.')
                nodes.append(Gap(int(gap)))
            elif name:
                if name not in self.groups:
                    raise PhraseError(f'"{self.text}": there is no group "{name}" at the head of the list.')
                self.words += 1
                nodes.append(self.groups[name])
            elif sign:
                nodes.append(self.choice(sign))
            else:
                nodes.append(self.word(word))
        if closing:
            raise PhraseError(f'"{self.text}": a bracket is opened and not closed.')
        return tuple(nodes)

    def choice(self, opening: str) -> Choice:
        closing = ")" if opening == "(" else "]"
        rows: list[Row] = []
        while True:
            rows.append(self.row(closing))
            if not rows[-1]:
                raise PhraseError(f'"{self.text}": one of the choices is empty.')
            self.at += 1
            if self.parts[self.at - 1][0] == closing:
                return _choice([*rows, *([()] if opening == "[" else [])])

    def word(self, written: str) -> Word:
        mark = written[-1] if written[-1] in "~*" else ""
        folded = self.fold(written[: len(written) - len(mark)])
        if len(folded) != 1 or (written.isascii() and not any(map(str.isalnum, folded[0]))):
            raise PhraseError(f'"{self.text}": "{written}" is not one word. Put spaces between words; leave signs out.')
        self.words += 1
        if mark == "*":
            if len(folded[0]) < 2:
                raise PhraseError(f'"{self.text}": a beginning needs two letters or more before its star.')
            return Word(frozenset(), frozenset(folded))
        return Word(english_forms(folded[0]) if mark else frozenset(folded))


def _choice(rows: list[Row]) -> Choice:
    """Put all choices that are one word into one, which is quicker to look for."""
    single = [row[0] for row in rows if len(row) == 1 and isinstance(row[0], Word)]
    others: list[Row] = []
    for row in rows:
        inner = row[0] if len(row) == 1 else None
        if isinstance(inner, Choice):
            single += [way[0] for way in inner.rows if len(way) == 1 and isinstance(way[0], Word)]
            others += [way for way in inner.rows if not (len(way) == 1 and isinstance(way[0], Word))]
        elif not isinstance(inner, Word):
            others.append(row)
    forms = frozenset(form for word in single for form in word.forms)
    starts = frozenset(start for word in single for start in word.starts)
    return Choice((*([(Word(forms, starts),)] if single else []), *others))
