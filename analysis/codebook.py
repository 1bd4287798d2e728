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

from analysis.clean import english_forms, tokens
from analysis.marked import Problem, Problems, read

#: What a frame can be. The report puts themes and survey questions together by frame.
FRAME_KINDS = (
    "need",
    "priority",
    "statement",
    "principle",
    "neglect type",
    "core item",
    "training level",
    "transfer",
    "report",
    "method",
)

_THEME = re.compile(r"[A-Z]{1,2}")
_CODE = re.compile(r"[A-Z]{1,2}[0-9]{1,2}[a-z]?")
_FLAG = re.compile(r"X-[A-Z]{2,6}")
_FRAME = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Za-z0-9]+)?")
_LIKE = {_THEME: "B", _CODE: "B1 or T1a", _FLAG: "X-SAFE", _FRAME: "ND-V"}


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

    With `whole_answer`, its hints count only when they are the whole comment: "fine" is thin, "fine weather" is not.
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


class CodebookError(Problems):
    """A codebook that cannot be used, with every problem in it."""


class _Word(NamedTuple):
    """One word of a hint: every form that it matches, and, where it is open, how a matching word begins."""

    forms: frozenset[str]
    beginning: str = ""

    def matches(self, token: str) -> bool:
        return token in self.forms or bool(self.beginning and token.startswith(self.beginning))


_Hint = tuple[PhraseMatch, tuple[_Word, ...]]


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
    # Hints by how they begin: a form of the first word, or its beginning with a star.
    _hints: Mapping[str, tuple[_Hint, ...]] = field(init=False, repr=False, compare=False)
    _lengths: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        hints: dict[str, tuple[_Hint, ...]] = {}
        for entry in self.entries:
            for phrase in () if isinstance(entry, Code) and entry.retired_on else entry.hints:
                first, *_ = words = _words(phrase)
                for start in (*first.forms, *([f"{first.beginning}*"] if first.beginning else [])):
                    hints[start] = (*hints.get(start, ()), (PhraseMatch(entry.code, phrase), words))
        object.__setattr__(self, "_hints", hints)
        object.__setattr__(self, "_lengths", tuple(sorted({len(start) - 1 for start in hints if start.endswith("*")})))
        object.__setattr__(self, "_places", {entry.code: place for place, entry in enumerate(self.entries)})

    @property
    def entries(self) -> tuple[Code | Flag, ...]:
        """Every code, then every flag, in the file's order."""
        return (*self.codes, *self.flags)

    def lookup(self, code: str) -> Code | Flag:
        """Give the code or flag of this name. Raises KeyError, with the nearest name that exists."""
        for entry in self.entries:
            if entry.code == code:
                return entry
        raise KeyError(f'{self.id}: no code "{code}".{_did_you_mean(code, (entry.code for entry in self.entries))}')

    def matches(self, text: str) -> tuple[PhraseMatch, ...]:
        """Find the hints that stand in a text, each once, in the order of the codebook.

        Retired codes are passed over. Takes time in proportion to the text, since at each word only the hints that
        begin with it are tried.
        """
        words = [token.replace("'", "") for token in tokens(text)]
        covered: dict[str, set[int]] = {flag.code: set() for flag in self.flags if flag.whole_answer}
        found: set[PhraseMatch] = set()
        for at, word in enumerate(words):
            starts = [word, *(f"{word[:length]}*" for length in self._lengths if length <= len(word))]
            for match, sought in (hint for start in starts for hint in self._hints.get(start, ())):
                here = words[at : at + len(sought)]
                # The text may end before the hint does, so lengths are compared too.
                if len(here) == len(sought) and all(map(_Word.matches, sought, here)):
                    found.add(match)
                    if match.code in covered:
                        covered[match.code].update(range(at, at + len(sought)))
        partial = {code for code, places in covered.items() if len(places) < len(words)}
        kept = (match for match in found if match.code not in partial)
        return tuple(sorted(kept, key=lambda match: (self._places[match.code], match.phrase)))


def load(path: Path | str) -> Codebook:
    """Read and check a codebook file (YAML; the head of surveys/codebooks/voice.yaml explains its form).

    Raises CodebookError, holding every problem found with its line, and nothing else: a file that is missing, not
    text or not YAML is a problem on line 1 or where the reading stopped.
    """
    path = Path(path)
    reader = _Reader(path.name)
    codebook = reader.codebook(read(path, "a codebook", CodebookError))
    if reader.problems:
        raise CodebookError(reader.problems)
    return codebook


class _Reader:
    """Turn the nodes of one file into a Codebook, noting every problem on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.first_lines: dict[str, int] = {}
        self.named_codes: list[yaml.Node] = []  # named before all codes are known, so looked up at the end

    def wrong(self, node: yaml.Node, what: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, what))

    def codebook(self, root: yaml.Node) -> Codebook:
        top = self.keys(root, "codebook version title language frames themes", "flags report_rows routing")
        frames = {frame.code: frame for frame in map(self.frame, self.nodes(top, "frames"))}
        themes: list[Theme] = []
        codes: list[Code] = []
        for node in self.nodes(top, "themes"):
            keys = self.keys(node, "theme name codes", "frames")
            themes.append(
                Theme(self.new(keys, "theme", _THEME), self.text(keys, "name"), self.texts(keys, "frames", frames))
            )
            codes += [self.code(code, themes[-1].code, frames) for code in self.nodes(keys, "codes")]
        flags = tuple(map(self.flag, self.nodes(top, "flags")))
        rows = self.table(top, "report_rows", "frame", frames)
        routing = self.table(top, "routing", "group")
        for node in self.named_codes:
            self.known(node, {code.code for code in codes}, "code")
        head = [self.text(top, name) for name in ("codebook", "version", "title", "language")]
        return Codebook(head[0], head[1], head[2], head[3], frames, tuple(themes), tuple(codes), flags, rows, routing)

    def table(
        self, top: Mapping[str, yaml.Node], name: str, key: str, known: Iterable[str] = ()
    ) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for keys in (self.keys(node, f"{key} codes") for node in self.nodes(top, name)):
            if known:
                self.known(keys.get(key), known, key)
            found[self.text(keys, key)] = self.codes(keys, "codes")
        return found

    def frame(self, node: yaml.Node) -> Frame:
        keys = self.keys(node, "code name kind")
        self.known(keys.get("kind"), FRAME_KINDS, "kind of frame")
        return Frame(self.new(keys, "code", _FRAME), self.text(keys, "name"), self.text(keys, "kind"))

    def code(self, node: yaml.Node, theme: str, frames: Mapping[str, Frame]) -> Code:
        optional = "include exclude invented_examples hints retired_on replaced_by"
        keys = self.keys(node, "code name definition frames", optional)
        code = self.new(keys, "code", _CODE)
        if code and theme and not code.startswith(theme):
            self.wrong(keys["code"], f'code "{code}" stands in theme {theme}, so it must begin with {theme}.')
        retired = None
        if "retired_on" in keys:
            try:
                retired = date.fromisoformat(self.text(keys, "retired_on"))
            except ValueError:
                self.wrong(keys["retired_on"], '"retired_on" must be a date such as "2027-04-01".')
        elif "replaced_by" in keys:
            self.wrong(keys["replaced_by"], '"replaced_by" is for a retired code: give "retired_on" too.')
        return Code(
            code,
            self.text(keys, "name"),
            theme,
            self.text(keys, "definition"),
            self.text(keys, "include"),
            self.text(keys, "exclude"),
            self.texts(keys, "invented_examples"),
            self.hints(keys),
            self.texts(keys, "frames", frames),
            retired,
            self.codes(keys, "replaced_by"),
        )

    def flag(self, node: yaml.Node) -> Flag:
        keys = self.keys(node, "flag name what_happens", "use hints whole_answer")
        self.known(keys.get("whole_answer"), ("true", "false"), 'answer to "whole_answer"')
        whole = self.text(keys, "whole_answer") == "true"
        name, use, what = (self.text(keys, key) for key in ("name", "use", "what_happens"))
        return Flag(self.new(keys, "flag", _FLAG), name, use, what, self.hints(keys), whole)

    def keys(self, node: yaml.Node, required: str, optional: str = "") -> dict[str, yaml.Node]:
        """The values of a mapping by key; what is missing, unknown or given twice is a problem."""
        found: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"here should stand keys and values: {required.replace(' ', ', ')}.")
            return found
        allowed = f"{required} {optional}".split()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in found:
                self.wrong(key, f'"{name}" is given twice.')
            elif name not in allowed:
                self.wrong(key, f'no key "{name}" here.{_did_you_mean(name, allowed)}')
            found.setdefault(name, value)
        for name in required.split():
            if name not in found:
                self.wrong(node, f'"{name}" is missing.')
        return found

    def text(self, keys: Mapping[str, yaml.Node], name: str) -> str:
        return self.words(keys[name], f'"{name}"') if name in keys else ""

    def words(self, node: yaml.Node, what: str) -> str:
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value).strip()
        self.wrong(node, f"{what} must be words, and not empty.")
        return ""

    def nodes(self, keys: Mapping[str, yaml.Node], name: str) -> list[yaml.Node]:
        node = keys.get(name)
        if node is not None and not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f'"{name}" must be a list.')
        return list(node.value) if isinstance(node, yaml.SequenceNode) else []

    def texts(self, keys: Mapping[str, yaml.Node], name: str, frames: Iterable[str] | None = None) -> tuple[str, ...]:
        found: list[str] = []
        for node in self.nodes(keys, name):
            text = self.words(node, f'each of "{name}"')
            if text in found:
                self.wrong(node, f'"{text}" is in this list twice.')
            if frames is not None:
                self.known(node, frames, "frame")
            found.append(text)
        return tuple(found)

    def hints(self, keys: Mapping[str, yaml.Node]) -> tuple[str, ...]:
        for node in self.nodes(keys, "hints"):
            if isinstance(node, yaml.ScalarNode) and node.value.strip() and not _words(node.value):
                self.wrong(node, f'the hint "{node.value}" has no letters or digits to look for.')
        return tuple(filter(_words, self.texts(keys, "hints")))

    def codes(self, keys: Mapping[str, yaml.Node], name: str) -> tuple[str, ...]:
        self.named_codes += self.nodes(keys, name)
        return self.texts(keys, name)

    def known(self, node: yaml.Node | None, known: Iterable[str], kind: str) -> None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip() and node.value not in (names := tuple(known)):
            self.wrong(node, f'no {kind} "{node.value}".{_did_you_mean(node.value, names)}')

    def new(self, keys: Mapping[str, yaml.Node], name: str, form: re.Pattern[str]) -> str:
        """The name that something is given here for the first time; a name can be given once in a file."""
        if not (code := self.text(keys, name)):
            return ""
        if not form.fullmatch(code):
            self.wrong(keys[name], f'"{code}" cannot be a {name}: write it like {_LIKE[form]}.')
        elif code in self.first_lines:
            self.wrong(keys[name], f'"{code}" is already used on line {self.first_lines[code]}: name this one anew.')
        self.first_lines.setdefault(code, keys[name].start_mark.line + 1)
        return code


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    nearest = difflib.get_close_matches(word[:100], list(known), n=1, cutoff=0.5)
    return f' Did you mean "{nearest[0]}"?' if nearest else ""


def _words(phrase: str) -> tuple[_Word, ...]:
    """The words of a hint with their forms; a star opens the word before it."""
    words: list[_Word] = []
    for part in phrase.replace("*", "* ").split():
        plain = [token.replace("'", "") for token in tokens(part)]
        words += [_Word(english_forms(word)) for word in plain]
        if part.endswith("*") and plain:
            words[-1] = _Word(words[-1].forms, plain[-1])
    return tuple(words)
