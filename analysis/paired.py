"""Before, now and later: what the same people said three times, as counts. Sees pairs of forms, never people.

Only who answered all three counts, so the three columns are of the same people and one base. Each count stands beside
its rest, so that a rest that is small is protected like any other small number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.counts import Column, Count, Place, Row, Run, Sum, Table, Trace

PAIRED: Final = "paired"
TIMES: Final = (("before", "Before the day"), ("now", "At the end of the day"), ("later", "Some weeks later"))
BASE_OF: Final = "gave all three answers"


@dataclass(frozen=True, slots=True)
class Objective:
    """One thing that people rated three times. ratings: before, now and later of each person, as positive or not.

    A person who left one of the three blank, or for whom it does not apply, is not among them.
    """

    id: str
    text: str
    ratings: Sequence[tuple[bool, bool, bool]]


@dataclass(frozen=True, slots=True)
class Paired:
    """The paired forms of one course. positive: the answers that count, in words."""

    id: str
    course: str
    question: str
    positive: str
    collections: tuple[str, ...]
    objectives: tuple[Objective, ...]


def before_now_later(of: Paired, run: Run) -> Table:
    """A row an objective: how many gave all three answers, and how many were confident at each time."""
    columns = [Column(PAIRED, "Gave all three answers")]
    for time, label in TIMES:
        columns += [Column(time, f"{label}: {of.positive}"), Column(f"{time}-rest", f"{label}: less than that")]
    rows, sums = [], []
    for one in of.objectives:
        base = Place(one.id, PAIRED)
        counts = {PAIRED: Count(len(one.ratings), yields="last")}
        for number, (time, _) in enumerate(TIMES):
            positive = sum(rating[number] for rating in one.ratings)
            counts[time] = Count(positive, of=base)
            counts[f"{time}-rest"] = Count(len(one.ratings) - positive, of=base)
            sums.append(Sum(base, (Place(one.id, time), Place(one.id, f"{time}-rest"))))
        rows.append(Row(one.id, one.text, counts, base=PAIRED))
    return Table(
        trace=Trace(
            id=f"paired/{of.id}",
            title=f"Before, now and later: {of.course}",
            question=of.question,
            survey=of.course,
            collections=of.collections,
            only="People whose follow-up has the code of their first form, and who gave all three answers",
            run=run,
        ),
        base=None,
        base_of=BASE_OF,
        columns=tuple(columns),
        rows=tuple(rows),
        sums=tuple(sums),
        notes=("People's own view. The first two ratings were given together, at the end of the day.",),
    )
