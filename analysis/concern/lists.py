"""Load the lists of phrases, one for each language, and check all of them. Knows nothing of any text that they read.

The head of surveys/concern/en.yaml explains the form of a list.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import yaml

from analysis.concern.phrases import Choice, PhraseError, Row, group, parse
from analysis.concern.repair import fold, words
from analysis.marked import Problem, Problems, read

Band = Literal["P1", "P2", "P3"]
BANDS: tuple[Band, ...] = get_args(Band)
Lowered = Literal["", "negated", "idiom", "training"]

#: What a phrase may be a sign of, and how a person says it.
CATEGORIES = {
    "suicide": "Suicide",
    "self-harm": "Self-harm",
    "sexual-harm": "Sexual harm",
    "physical-harm": "Physical harm",
    "staff-harm": "Harm by a person in a position of trust",
    "immediate-danger": "Danger now",
    "fgm": "Female genital mutilation",
    "online-grooming": "Online grooming or images",
    "exploitation": "Exploitation",
    "forced-marriage": "Forced marriage",
    "radicalisation": "Radicalisation",
    "domestic-abuse": "Domestic abuse",
    "neglect": "Neglect",
    "emotional-harm": "Emotional harm",
    "bullying": "Bullying with threats",
    "unsafe-place": "A place that is not safe",
    "running-away": "Running away or missing",
    "fear": "Fear of a person or a place",
    "asking-for-help": "Asking for help",
    "worrying-word": "A word that may mean harm",
}
#: What every list must look for.
NEEDED = ("suicide", "self-harm", "sexual-harm", "physical-harm", "staff-harm", "immediate-danger")

_HEAD = "language name reviewers concerns lowered no_flag"
_MAY = "groups spellings about_me negations breaks joined idioms training real_words"


class ConcernError(Problems):
    """Lists that cannot be used, with every problem in them."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who read the whole list, told by their part ("youth worker, speaks Polish at home"), and the day."""

    who: str
    on: date


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: as the list writes it, read, and what it is a sign of."""

    written: str
    row: Row
    category: str
    band: Band


@dataclass(frozen=True, slots=True)
class Sentence:
    """A test sentence: the band that it must be given, or none, and for what category or why it is lowered."""

    text: str
    line: int
    band: Band | None
    category: str = ""
    lowered: Lowered = ""


@dataclass(frozen=True, slots=True)
class ConcernList:
    """The list of one language.

    `near` and `far` are negations that count for the two, or the five, words after them; `prefixes` are those written
    as the beginning of the word itself ("nebije"). `breaks` are words behind which a negation no longer counts.
    `joined` are small words written as one with the next ("و" in Arabic). A phrase with a word of `about_me` in it is
    never taken for training talk. `spellings` gives the word that is meant by one with more than one letter wrong.
    `real_words` look like a misspelt word of the list and are not.
    """

    language: str
    name: str
    file: str
    reviewers: tuple[Reviewer, ...]
    phrases: tuple[Phrase, ...]
    sentences: tuple[Sentence, ...]
    spellings: Mapping[str, str]
    about_me: tuple[Row, ...]
    near: tuple[Row, ...]
    far: tuple[Row, ...]
    prefixes: tuple[str, ...]
    breaks: tuple[Row, ...]
    joined: tuple[str, ...]
    idioms: tuple[Row, ...]
    training: tuple[Row, ...]
    real_words: frozenset[str]

    @property
    def reviewed(self) -> bool:
        """Whether a person who knows the language has read the list."""
        return bool(self.reviewers)


def load_list(path: Path) -> ConcernList:
    """Read and check one list.

    Raises ConcernError, holding every problem found with its line, and nothing else.
    """
    reader = _Reader(path.name)
    found = reader.list_(read(path, "a list of phrases", ConcernError), path.stem)
    if reader.problems:
        raise ConcernError(reader.problems)
    return found


def _folded(text: str) -> list[str]:
    return words(fold(text))


class _Reader:
    """Turn the nodes of one file into a list, noting every problem on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.groups: dict[str, Choice] = {}
        self.written: dict[tuple[str, str], yaml.Node] = {}

    def wrong(self, node: yaml.Node, what: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, what))

    def list_(self, root: yaml.Node, stem: str) -> ConcernList:
        top = self.keys(root, _HEAD, _MAY)
        language = self.text(top.get("language"))
        if language != stem and "language" in top:
            self.wrong(top["language"], f'the language is "{language}", but the file is named "{stem}".')
        for name, node in self.pairs(top.get("groups")):
            self.groups[name] = group(self.rows(node))
        negations = self.keys(top["negations"], "", "near far prefixes") if "negations" in top else {}
        phrases: list[Phrase] = []
        sentences: list[Sentence] = []
        for node in self.nodes(top.get("concerns")):
            self.concern(node, phrases, sentences)
        missing = [name for name in NEEDED if name not in {phrase.category for phrase in phrases}]
        if missing and "concerns" in top:
            self.wrong(top["concerns"], f"nothing looks for {', '.join(missing)}: every list must.")
        sentences += [self.lowered(node) for node in self.nodes(top.get("lowered"))]
        sentences += [
            Sentence(self.text(node), node.start_mark.line + 1, None) for node in self.nodes(top.get("no_flag"))
        ]
        return ConcernList(
            language=language,
            name=self.text(top.get("name")),
            file=self.file,
            reviewers=tuple(map(self.reviewer, self.nodes(top.get("reviewers")))),
            phrases=tuple(phrases),
            sentences=tuple(sentences),
            spellings={wrong: right for right, node in self.pairs(top.get("spellings")) for wrong in self.plain(node)},
            about_me=self.rows(top.get("about_me")),
            near=self.rows(negations.get("near")),
            far=self.rows(negations.get("far")),
            prefixes=self.plain(negations.get("prefixes")),
            breaks=self.rows(top.get("breaks")),
            joined=self.plain(top.get("joined")),
            idioms=self.rows(top.get("idioms")),
            training=self.rows(top.get("training")),
            real_words=frozenset(self.plain(top.get("real_words"))),
        )

    def concern(self, node: yaml.Node, phrases: list[Phrase], sentences: list[Sentence]) -> None:
        keys = self.keys(node, "category band phrases sentences")
        category = self.one_of(keys.get("category"), CATEGORIES, "category")
        band = self.band(keys.get("band"))
        for item in self.nodes(keys.get("phrases")):
            row = self.row(item, self.text(item))
            if not row:
                continue
            first = self.written.setdefault((category, self.text(item)), item)
            if first is not item:
                line = first.start_mark.line + 1
                self.wrong(item, f'"{self.text(item)}" stands on line {line} already. Keep one of them.')
            phrases.append(Phrase(self.text(item), row, category, band))
        tests = self.nodes(keys.get("sentences"))
        if not tests and "sentences" in keys:
            self.wrong(keys["sentences"], "give at least one sentence that must be found.")
        sentences += [Sentence(self.text(item), item.start_mark.line + 1, band, category) for item in tests]

    def lowered(self, node: yaml.Node) -> Sentence:
        keys = self.keys(node, "sentence band because")
        why = self.one_of(keys.get("because"), ("negated", "idiom", "training"), "reason")
        lowered: Lowered = "idiom" if why == "idiom" else "training" if why == "training" else "negated"
        return Sentence(
            self.text(keys.get("sentence")), node.start_mark.line + 1, self.band(keys.get("band")), lowered=lowered
        )

    def reviewer(self, node: yaml.Node) -> Reviewer:
        keys = self.keys(node, "who on")
        try:
            day = date.fromisoformat(self.text(keys.get("on")))
        except ValueError:
            self.wrong(node, 'say on which day, such as on: "2027-03-01".')
            day = date.min
        return Reviewer(self.text(keys.get("who")), day)

    def band(self, node: yaml.Node | None) -> Band:
        said = self.one_of(node, BANDS, "band")
        return next((band for band in BANDS if band == said), "P2")

    def rows(self, node: yaml.Node | None) -> tuple[Row, ...]:
        """Phrases in a list, or in one line with commas between them."""
        found: list[Row] = []
        for item in self.items(node):
            found += [row for part in self.text(item).split(",") if (row := self.row(item, part.strip()))]
        return tuple(found)

    def row(self, node: yaml.Node, written: str) -> Row:
        try:
            return parse(written, self.groups, _folded)
        except PhraseError as error:
            self.wrong(node, str(error))
            return ()

    def plain(self, node: yaml.Node | None) -> tuple[str, ...]:
        """Plain words in a list, or in one line with commas between them."""
        found: list[str] = []
        for item in self.items(node):
            for part in self.text(item).split(","):
                folded = _folded(part)
                if len(folded) == 1:
                    found += folded
                else:
                    self.wrong(item, f'"{part.strip()}" is not one word.')
        return tuple(found)

    def items(self, node: yaml.Node | None) -> list[yaml.Node]:
        return [node] if isinstance(node, yaml.ScalarNode) else self.nodes(node)

    def nodes(self, node: yaml.Node | None) -> list[yaml.Node]:
        if node is None or isinstance(node, yaml.SequenceNode):
            return list(node.value) if node else []
        self.wrong(node, "a list is expected here, each line beginning with a dash.")
        return []

    def pairs(self, node: yaml.Node | None) -> list[tuple[str, yaml.Node]]:
        if node is None or isinstance(node, yaml.MappingNode):
            return [(self.text(key), value) for key, value in node.value] if node else []
        self.wrong(node, "names with values are expected here, such as  kin: mum, dad")
        return []

    def text(self, node: yaml.Node | None) -> str:
        if node is None:
            return ""
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value)
        self.wrong(node, "a few words are expected here.")
        return ""

    def one_of(self, node: yaml.Node | None, known: Iterable[str], what: str) -> str:
        said = self.text(node)
        if node is not None and said and said not in known:
            self.wrong(node, f'no {what} "{said}".{_did_you_mean(said, known)}')
        return said

    def keys(self, node: yaml.Node, needed: str, optional: str = "") -> Mapping[str, yaml.Node]:
        known = [*needed.split(), *optional.split()]
        found: dict[str, yaml.Node] = {}
        for name, value in self.pairs(node):
            if name not in known:
                self.wrong(value, f'no key "{name}" here.{_did_you_mean(name, known)}')
            elif name in found:
                self.wrong(value, f'the key "{name}" stands here twice.')
            found[name] = value
        for name in needed.split():
            if name not in found:
                self.wrong(node, f'the key "{name}" is missing.')
        return found


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f' Did you mean "{near[0]}"?' if near else f" Known are: {', '.join(known)}."
