"""Say which columns an export has: what each is called, what it means, and which values can stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from feedback_app.definitions.survey import Choice
from feedback_app.journey.plan import Plan
from feedback_app.questions.asked import Answer, Asked
from feedback_app.questions.registry import type_of

Kind = Literal["one", "several", "option", "place", "written", "text"]
Fixed = tuple[str, str]  # a column that every row has, and what it means

RISKY = ("=", "+", "-", "@", "\t", "\r")
LEFT_BLANK, NOT_ASKED = "(left blank)", ""
GIVEN = "[text given]"
NOT_PICKED, PICKED = "0", "1"

FIXED: tuple[Fixed, ...] = (
    ("response", "A random number for one response. It says nothing of who or when."),
    ("received on", "The day it came, year-month-day. A note: the day it was heard."),
    ("language", "The language it was given in."),
    ("unclear on paper", "Answers on a paper form that nobody could read for certain; in their own columns blank."),
    (
        "came by",
        "own: their own device. tablet, paper, outreach: as it says. imported: from elsewhere. noted: by staff.",
    ),
)
OF_NOTES: tuple[Fixed, ...] = (
    ("source type", "What kind of note it is. A note is not a person who answered: never count it as one."),
    ("heard by", "Who heard it, as staff wrote it down."),
    ("group or service", "Which group or service it is about."),
)


@dataclass(frozen=True)
class Column:
    """One column after the fixed ones.

    name: `YP10`; `YP32/toilets` for one option of several; `YP45` or `YP32.other` for own words.
    """

    name: str
    question: str  # the answer's stable name
    words: str
    kind: Kind
    type: str
    choices: tuple[Choice, ...] = ()
    option: str = ""
    published: bool = True

    @cached_property
    def heading(self) -> str:
        """What stands over it."""
        return f"{self.name}: {self.words}"

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The words of each value."""
        return {choice.value: choice.label for choice in self.choices}

    def cell(self, answers: Mapping[str, Answer], texts: Mapping[str, str]) -> str:
        """What stands in it: words people saw, "left blank" written out, and nothing where they were not asked."""
        if self.kind == "text" and self.name in texts:
            return texts[self.name]
        answer = answers.get(self.question)
        if answer is None:
            return NOT_ASKED
        if not answer:
            return LEFT_BLANK
        if self.kind in ("option", "place"):
            picked = [answer] if isinstance(answer, str) else answer
            if self.option not in picked:
                return NOT_PICKED
            return PICKED if self.kind == "option" else str(picked.index(self.option) + 1)
        if isinstance(answer, str):
            return self.labels.get(answer, answer)
        return "; ".join(self.labels.get(value, value) for value in answer if value) or LEFT_BLANK


def columns_of(plans: Iterable[Plan]) -> tuple[Column, ...]:
    """The columns of a collection: those of its newest version, then what only older ones asked.

    Options that a question has only in an older version follow the newest ones, so that no value is without its words.
    """
    found: dict[str, Column] = {}
    for plan in plans:
        for asked in plan.asked.values():
            for column in _columns(asked):
                known = found.get(column.name)
                found[column.name] = _joined(known, column) if known else column
    return tuple(found.values())


def _columns(asked: Asked) -> Iterator[Column]:
    kindred = type_of(asked)
    report = asked.question.report
    given = {"question": asked.id, "type": kindred.name, "published": not (report and report.suppress)}
    if kindred.text:
        yield Column(asked.id, words=asked.words, kind="text", **given)  # type: ignore[arg-type]
        return
    kind: Kind = "written" if kindred.written else "several" if kindred.several else "one"
    yield Column(asked.id, words=asked.words, kind=kind, choices=asked.choices, **given)  # type: ignore[arg-type]
    if kindred.several:
        ordered: Kind = "place" if kindred.name == "rank" else "option"
        for one in asked.choices:
            words = f"{asked.words} {one.label}"
            yield Column(f"{asked.id}/{one.value}", words=words, kind=ordered, option=one.value, **given)  # type: ignore[arg-type]
    if asked.opens_box:
        own = given | {"question": asked.other_id}
        yield Column(asked.other_id, words=f"{asked.words} (in their own words)", kind="text", **own)  # type: ignore[arg-type]


def _joined(newer: Column, older: Column) -> Column:
    more = tuple(choice for choice in older.choices if choice.value not in newer.labels)
    if not more:
        return newer
    return Column(
        newer.name,
        newer.question,
        newer.words,
        newer.kind,
        newer.type,
        newer.choices + more,
        newer.option,
        newer.published,
    )


def safe(cell: str) -> str:
    """A cell that runs nothing when a spreadsheet opens it."""
    return f"'{cell}" if cell.startswith(RISKY) else cell
