"""The errors that a person can put right. Each says where the trouble is and what to do; knows nothing of screens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class FeedbackError(Exception):
    """Something went wrong that the reader of the message can mend. The message is a whole, plain sentence."""


class Refused(FeedbackError):
    """The request is understood and must not be done, now or by this person."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a file that a person wrote: where it is, what it is, what to do."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


class BadFile(FeedbackError):
    """A file has problems. All of them are told at once, so that it is mended in one sitting."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` for the nearest known word, or nothing when none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""
