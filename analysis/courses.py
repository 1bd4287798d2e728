"""The register of courses as a table: how many sessions, and how many attended. Sees numbers, never people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.counts import Column, Count, Place, Row, Run, Sum, Table, Trace

SESSIONS_DO_NOT_APPLY: Final = "not applicable"
TOTAL: Final = "(all courses)"
PEOPLE: Final = "Attendances are not people: who came twice is counted twice."
EXAMPLE: Final = "Courses marked (example) are of the example year. They count in the total."
COLUMNS: Final = (Column("booked", "Booked"), Column("attended", "Attended"))


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What is known of one course in the period. booked, attended: None when not every session was counted.

    sessions: how many were held; None for e-learning, which has none to count. day, later: the ids of the collections
    that its replies stand in, where it has any. why: what prompted it, in words. example: it is of an example year.
    """

    id: str
    title: str
    priority: str
    why: str
    sessions: int | None
    booked: int | None
    attended: int | None
    day: str = ""
    later: str = ""
    example: bool = False


def register(courses: Sequence[CourseFacts], run: Run) -> Table:
    """A row a course, with what all of them add up to. A course that few attended is hidden whole."""
    rows = [
        Row(
            one.id,
            f"{one.title} (example)" if one.example else one.title,
            {"booked": Count(one.booked), "attended": Count(one.attended)},
            words={
                "priority": one.priority,
                "why": one.why,
                "sessions": SESSIONS_DO_NOT_APPLY if one.sessions is None else str(one.sessions),
                "day": one.day,
                "later": one.later,
            },
            base="attended" if one.attended is not None else "",
        )
        for one in courses
    ]
    known = [one for one in courses if one.attended is not None]
    sums = []
    if len(known) > 1:
        whole = sum(one.attended or 0 for one in known)
        held = str(sum(one.sessions or 0 for one in courses))
        without = len(courses) - len(known)
        note = f"without {without} not counted" if without else ""
        words = {"sessions": held, "note": note}
        rows.append(Row(TOTAL, "All courses", {"attended": Count(whole)}, words=words, part="total"))
        sums.append(Sum(Place(TOTAL, "attended"), tuple(Place(one.id, "attended") for one in known)))
    return Table(
        trace=Trace(
            id="courses",
            title="Courses and attendance",
            question="How many sessions were held, and how many attended",
            survey="The register of courses",
            collections=("Attendance of each session, from lists or typed in",),
            only="Sessions held in the period",
            run=run,
        ),
        base=None,
        base_of="attended",
        columns=COLUMNS,
        rows=tuple(rows),
        sums=tuple(sums),
        notes=(PEOPLE, EXAMPLE) if any(one.example for one in courses) else (PEOPLE,),
    )
