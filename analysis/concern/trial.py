"""Try lists on their own test sentences. Knows nothing of files or screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.concern.lists import ConcernList, Sentence
from analysis.concern.screen import Flag, Screener


@dataclass(frozen=True, slots=True)
class Fault:
    """A test sentence that is not read as its list says: where it stands, and what was found instead."""

    file: str
    sentence: Sentence
    flags: tuple[Flag, ...]

    @property
    def what(self) -> str:
        """What was wanted and what was found."""
        wanted = f"{self.sentence.band} {self.sentence.category or self.sentence.lowered}" if self.sentence.band else ""
        got = ", ".join(f"{one.band} {one.category} {one.lowered}".strip() + f" ({one.phrase})" for one in self.flags)
        return f'"{self.sentence.text}" should give {wanted or "no flag"}, and gives {got or "no flag"}.'

    def __str__(self) -> str:
        return f"{self.file}, line {self.sentence.line}: {self.what}"


def try_sentences(screener: Screener, one: ConcernList) -> Iterator[Fault]:
    """Give every test sentence of a list that is not read as the list says.

    A sentence of a category must get a flag of that category and band that is not lowered. A lowered sentence must get
    its band, no more urgent one, and the reason. The others must get no flag at all.
    """
    for sentence in one.sentences:
        flags = screener.screen(sentence.text, one.language).flags
        if sentence.band is None:
            right = not flags
        elif sentence.lowered:
            most_urgent = flags[0] if flags else None
            right = most_urgent is not None and most_urgent.band == sentence.band
            right = right and any(flag.lowered == sentence.lowered for flag in flags)
        else:
            right = any(flag.band == sentence.band and flag.category == sentence.category for flag in flags)
        if not right:
            yield Fault(one.file, sentence, flags)
