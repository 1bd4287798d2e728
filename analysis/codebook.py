"""Load a codebook, check all of it, and find its hints in a text. Knows nothing of who coded what, or of any comment.

A hint is a word or a few words in a row. Each word of a hint matches that whole word and its English endings: "bully"
finds "bully's", "bullies", "bullied" and "bullying", "list" finds "lists" and "listed" but neither "listen" nor
"realist". A star at the end of a word opens it: "translat*" finds every word that begins so. Capitals, accents written
in pieces, curly quotes, hyphens and apostrophes make no difference ("what's the point", "whats the point").
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import yaml

from analysis.clean import tokens

#: What a frame can be. The report puts themes and survey questions together by frame.
FRAME_KINDS = ("need", "priority", "statement", "principle", "training level", "transfer", "report")

_CODE = re.compile(r"[A-Z]{1,2}[0-9]{1,2}[a-z]?")
_FLAG = re.compile(r"X-[A-Z]{2,6}")
_LARGEST_FILE = 1_000_000
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Frame:
    """Something that a report is arranged by, such as a need or a priority."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of codes: its letter, its name, and the frames that its heading names."""

    code: str
    name: str
    frames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what it means, what belongs in it and what does not, and the frames it counts towards.

    `examples` are invented, never quotations. `hints` are for suggestions and never for counts. A code that is no
    longer used keeps its place with `retired_on`, so that old waves can be read; `replaced_by` says what to use now.
    """

    code: str
    name: str
    theme: str
    definition: str
    include: str
    exclude: str
    examples: tuple[str, ...]
    hints: tuple[str, ...]
    frames: tuple[str, ...]
    retired_on: date | None = None
    replaced_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark that every comment is checked for and that is not a theme, such as possible harm.

    With `whole_answer`, its hints count only when nothing else is in the comment: "fine" is thin, "fine weather" is not.
    """

    code: str
    name: str
    use: str
    what_happens: str
    hints: tuple[str, ...]
    whole_answer: bool


class PhraseMatch(NamedTuple):
    """A hint found in a text: the code or flag it belongs to, and the hint as the codebook writes it."""

    code: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a codebook file: which file, which line (from 1), and what to do about it."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}"


class CodebookError(Exception):
    """A codebook that cannot be used, with every problem in it, so that one reading of the file puts all right."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a hint, in every form that it matches."""

    forms: frozenset[str]
    beginning: str = ""

    def matches(self, token: str) -> bool:
        return token in self.forms or bool(self.beginning and token.startswith(self.beginning))


@dataclass(frozen=True, slots=True)
class _Hint:
    match: PhraseMatch
    words: tuple[_Word, ...]


@dataclass(frozen=True, slots=True)
class Codebook:
    """A codebook as its file gives it, in the file's order.

    `language` is the language of its words (BCP-47). `rows` says which codes are read together for a frame in the
    report's tables, and `routing` which codes go to which group; both go by the codebook's cross-walk, which is not
    always the same as the frames of each code.
    """

    id: str
    version: str
    title: str
    language: str
    frames: Mapping[str, Frame]
    themes: tuple[Theme, ...]
    codes: tuple[Code, ...]
    flags: tuple[Flag, ...]
    rows: Mapping[str, tuple[str, ...]]
    routing: Mapping[str, tuple[str, ...]]
    _by_first: Mapping[str, tuple[_Hint, ...]] = field(init=False, repr=False, compare=False)
    _by_beginning: Mapping[str, tuple[_Hint, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_first: dict[str, list[_Hint]] = {}
        by_beginning: dict[str, list[_Hint]] = {}
        for entry in (*(code for code in self.codes if code.retired_on is None), *self.flags):
            for phrase in entry.hints:
                hint = _Hint(PhraseMatch(entry.code, phrase), _words(phrase))
                for form in hint.words[0].forms:
                    by_first.setdefault(form, []).append(hint)
                if hint.words[0].beginning:
                    by_beginning.setdefault(hint.words[0].beginning, []).append(hint)
        object.__setattr__(self, "_by_first", {form: tuple(hints) for form, hints in by_first.items()})
        object.__setattr__(self, "_by_beginning", {start: tuple(hints) for start, hints in by_beginning.items()})

    def lookup(self, code: str) -> Code | Flag:
        """Give the code or flag of this name. Raises KeyError, with the nearest name that exists."""
        for entry in (*self.codes, *self.flags):
            if entry.code == code:
                return entry
        known = [entry.code for entry in (*self.codes, *self.flags)]
        raise KeyError(f"codebook {self.id}: no code {code!r}.{_did_you_mean(code, known)}")

    def matches(self, text: str) -> tuple[PhraseMatch, ...]:
        """Find the hints that stand in a text, each once, in the order of the codebook.

        Retired codes are passed over. Takes time in proportion to the text, since at each word only the hints that
        begin with it are tried.
        """
        words = [token.replace("'", "") for token in tokens(text)]
        lengths = sorted({len(start) for start in self._by_beginning})
        found: dict[PhraseMatch, None] = {}
        covered: dict[str, set[int]] = {}
        whole = {flag.code for flag in self.flags if flag.whole_answer}
        for at, word in enumerate(words):
            candidates = list(self._by_first.get(word, ()))
            for length in lengths:
                candidates.extend(self._by_beginning.get(word[:length], ()) if len(word) >= length else ())
            for hint in candidates:
                size = len(hint.words)
                # A slice may stop short at the end of the text, so lengths are compared first.
                if at + size > len(words) or not all(map(_Word.matches, hint.words, words[at : at + size])):
                    continue
                found.setdefault(hint.match)
                if hint.match.code in whole:
                    covered.setdefault(hint.match.code, set()).update(range(at, at + size))
        partial = {code for code, places in covered.items() if len(places) < len(words)}
        order = {entry.code: place for place, entry in enumerate((*self.codes, *self.flags))}
        return tuple(sorted((m for m in found if m.code not in partial), key=lambda m: (order[m.code], m.phrase)))


def load(path: Path | str) -> Codebook:
    """Read and check a codebook file (YAML; the head of surveys/codebooks/voice.yaml explains its form).

    Raises CodebookError, holding every problem found with its line, and nothing else: a file that is missing, not
    text or not YAML is a problem on line 1 or where the reading stopped.
    """
    path = Path(path)
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise CodebookError([Problem(path.name, 1, "the file is too large to be a codebook (over 1 MB).")])
        # Everything is read as text: plain YAML would turn a hint "no" into False and version 0.10 into 0.1.
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise CodebookError([Problem(path.name, 1, f"the file cannot be read ({error.strerror}).")]) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise CodebookError([Problem(path.name, 1, "the file is not readable text.")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, what = (mark.line + 1 if mark else 1), getattr(error, "problem", None) or "it is not YAML"
        raise CodebookError([Problem(path.name, line, f"the file stops making sense here: {what}.")]) from error
    reader = _Reader(path.name)
    codebook = reader.codebook(root)
    if reader.problems or codebook is None:
        raise CodebookError(reader.problems)
    return codebook
