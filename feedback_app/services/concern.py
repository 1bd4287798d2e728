"""Try the lists of phrases: on their own test sentences, and on a file of cases. Stores nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.concern import ConcernError, Reviewer, Screener, load_screener, try_sentences
from feedback_app.core.errors import BadFile, Problem, did_you_mean

COLUMNS = ("id", "lang", "text")
#: The category of a case in a language that has no list: people read it, as P2.
NO_LIST = "not-screened"


@dataclass(frozen=True, slots=True)
class Tried:
    """One list, tried on its own test sentences. `faults` says which were not read as the list says."""

    file: str
    language: str
    name: str
    phrases: int
    sentences: int
    reviewers: tuple[Reviewer, ...]
    faults: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What the lists make of one case: the most urgent flag, or `band` "none".

    `screened` is whether a person has reviewed the list and all of the text could be read. Where it is not, the text
    is P2 at least when it comes in.
    """

    id: str
    band: str
    category: str
    phrase: str
    lowered: str
    screened: bool


def screener(surveys: Path) -> Screener:
    """Load the lists.

    Raises:
        BadFile: every problem of every list.
    """
    try:
        return load_screener(surveys / "concern")
    except ConcernError as error:
        raise BadFile(Problem(one.file, one.line, one.what) for one in error.problems) from error


def check(surveys: Path) -> list[Tried]:
    """Try every list on its own sentences.

    Raises:
        BadFile: a list cannot be read.
    """
    lists = screener(surveys)
    return [
        Tried(
            one.file,
            one.language,
            one.name,
            len(one.phrases),
            len(one.sentences),
            one.reviewers,
            tuple(Problem(fault.file, fault.sentence.line, fault.what) for fault in try_sentences(lists, one)),
        )
        for one in lists.lists.values()
    ]


def read_cases(surveys: Path, file: Path) -> Iterator[Case]:
    """Screen a CSV file of cases, with the columns id, lang and text, a row at a time.

    Raises:
        BadFile: a list or the file cannot be read.
    """
    lists = screener(surveys)
    for row in _rows(file):
        found = lists.screen(row["text"], row["lang"])
        if found.flags:
            flag = found.flags[0]
            yield Case(row["id"], flag.band, flag.category, flag.phrase, flag.lowered, found.screened)
        elif lists.knows(row["lang"]):
            yield Case(row["id"], "none", "", "", "", found.screened)
        else:
            yield Case(row["id"], found.band, NO_LIST, "", "", False)


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, restval="")
            for column in COLUMNS:
                if column not in (reader.fieldnames or ()):
                    near = did_you_mean(column, reader.fieldnames or ())
                    raise BadFile([Problem(file.name, 1, f'there is no column "{column}".{near}')])
            return [{column: row[column] for column in COLUMNS} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = getattr(error, "strerror", None) or "it is not a CSV file in UTF-8"
        raise BadFile([Problem(file.name, 0, f"the file cannot be read ({why}).")]) from error
