"""Hold what was gathered for a report, raw, as `services.reporting` read it. Says nothing and shows nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from analysis.counts import Run
from analysis.courses import CourseFacts
from analysis.paired import Paired
from analysis.tables import CollectionFacts, Tally
from analysis.themes import Coded, Commenting

Kind = Literal["need", "priority", "statement", "principle", "training"]

NEEDS: Final = ("ND-V", "ND-U", "ND-S", "ND-R", "ND-I", "ND-E", "ND-P", "ND-A")
"""The eight needs, in the order of codebook.md, section 1. A report speaks of all eight, heard or not."""

LEVELS: Final = ("TR-1", "TR-2", "TR-3", "TR-4")
"""What training led to: reaction, learning, practice, outcome (question_sets.md, 1.3)."""

SECTIONS: Final = ("voice", "training", "equality", "method")
"""Where in the report a question belongs: what was heard, training, who took part, how it was done."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A need, priority, statement or level of training that questions and themes speak to."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Comments:
    """The coded comments of one codebook. names, frames: of every theme, by code.

    waiting: suggested codes that nobody has decided on; said, never counted.
    """

    of: Commenting
    section: Literal["voice", "training"]
    names: Mapping[str, str]
    frames: Mapping[str, tuple[str, ...]]
    coded: tuple[Coded, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was gathered for a report. notices: what a reader must know first, such as draft translations.

    frames: by code, in the order the report should take them; the eight needs and four levels must be among them.
    Raises ValueError if something is missing, unknown, or tallied twice.
    """

    area: str
    is_example: bool
    run: Run
    collections: tuple[CollectionFacts, ...]
    tallies: tuple[Tally, ...]
    comments: tuple[Comments, ...]
    frames: Mapping[str, Frame]
    notices: tuple[str, ...] = ()
    courses: tuple[CourseFacts, ...] = ()
    paired: tuple[Paired, ...] = ()

    def __post_init__(self) -> None:
        if missing := [code for code in (*NEEDS, *LEVELS) if code not in self.frames]:
            raise ValueError(f"A report needs a name for each of {missing}.")
        ids = [tally.id for tally in self.tallies]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"Tallied twice: {twice}. Two tables of one question could be taken from each other.")
        for tally in self.tallies:
            if tally.item.section not in SECTIONS:
                raise ValueError(f"{tally.id}: no section is called {tally.item.section!r}. There are: {SECTIONS}.")

    def of_kind(self, kind: Kind) -> tuple[str, ...]:
        """The codes of the frames of one kind, in their order."""
        return tuple(code for code, frame in self.frames.items() if frame.kind == kind)
