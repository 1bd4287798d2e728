"""Count how many different people raised each theme, by direction. Takes only codes that a person accepted.

Method: codebook.md, section 1. Suggestions never come here: they are not counted until somebody accepts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from analysis.counts import BASE, Column, Count, Row, Run, Table, Trace
from analysis.disclosure import Figure

Direction = Literal["+", "-", "~", ">", "0"]

WELL: Final = "well"
WORRIED: Final = "worried"
CHANGE: Final = "change"

COLUMNS: Final = (
    Column(WELL, "Working well"),
    Column(WORRIED, "Worried about"),
    Column(CHANGE, "Needs to change"),
)
"""The three columns of the report (R57)."""

_COLUMNS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "+": (WELL,),
    "-": (WORRIED,),
    "~": (WELL, WORRIED),  # mixed: the person said both
    ">": (CHANGE,),
    "0": (),  # neutral: raised, with no direction to count
}

NAMED_FROM: Final = 5
"""A theme is named only if at least this many different people raised it (promises.md; codebook.md, section 1)."""

COUNTS_BELOW: Final = 20
"""Under this many commenters no amount word is used, only counts (codebook.md, section 1)."""

BY_STAFF: Final = "noted by staff"
"""What the base of a table of notes did: it is made of notes, and of no people."""

_FLAG: Final = "X-"


@dataclass(frozen=True, slots=True)
class Coded:
    """One accepted code on one comment. person: any mark that is the same for all comments of one person."""

    person: str
    code: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Commenting:
    """Whose comments were counted. commenters: different people who wrote one, the contentless ones among them.

    noted: they are notes by staff, each a "person" of its own here; nothing of them is a share of people.
    """

    id: str
    title: str
    question: str
    survey: str
    collections: tuple[str, ...]
    codebook: str
    commenters: int
    noted: bool = False


def themes_by_direction(coded: Iterable[Coded], names: Mapping[str, str], of: Commenting, run: Run) -> Table:
    """Theme by working well, worried about, needs to change: different people, so five comments of one count once.

    names: the name of every theme by code. Flags (X-...) are not themes and are passed over (codebook.md, section 6).
    Themes that fewer than NAMED_FROM people raised are not named: a note says how many there are. No column adds up
    to another, since one person may raise a theme in several directions.
    Raises ValueError for a code without a name, a direction that is not one of the five, or more people than commented.
    """
    raised: dict[str, set[str]] = {}
    people: dict[tuple[str, str], set[str]] = {}
    for one in coded:
        if one.code.startswith(_FLAG):
            continue
        if one.code not in names:
            raise ValueError(f"{of.id}: no theme has the code {one.code}.")
        if one.direction not in _COLUMNS_OF:
            raise ValueError(f"{of.id}: {one.direction!r} is not a direction.")
        raised.setdefault(one.code, set()).add(one.person)
        for column in _COLUMNS_OF[one.direction]:
            people.setdefault((one.code, column), set()).add(one.person)
    if any(len(who) > of.commenters for who in raised.values()):
        raise ValueError(f"{of.id}: a theme was raised by more people than the {of.commenters} who commented.")
    named = sorted(code for code, who in raised.items() if len(who) >= NAMED_FROM)
    unit = "note" if of.noted else "person"
    rows = tuple(
        Row(
            code,
            names[code],
            {
                column.id: Count(len(people.get((code, column.id), ())), of=None if of.noted else BASE)
                for column in COLUMNS
            },
        )
        for code in named
    )
    return Table(
        trace=Trace(
            id=of.id,
            title=of.title,
            question=of.question,
            survey=of.survey,
            collections=of.collections,
            only=f"Codes that a person accepted ({of.codebook}); one {unit} counts once in each column",
            run=run,
        ),
        base=of.commenters,
        base_of=BY_STAFF if of.noted else "wrote a comment",
        columns=COLUMNS,
        rows=rows,
        largest_first=True,
        notes=_few(len(raised) - len(named), "notes" if of.noted else "people"),
    )


def _few(themes: int, units: str) -> tuple[str, ...]:
    """The line for the themes that are not named: how many themes, never which or by whom."""
    if not themes:
        return ()
    subject = "one other theme was" if themes == 1 else f"{themes} other themes were each"
    return (f"Also raised by a few: {subject} raised by fewer than {NAMED_FROM} {units}, so we do not name it here.",)


def coding_progress(of: Commenting, accepted: int, waiting: int, run: Run) -> Table:
    """How far the coding has come: codes that people accepted, and suggestions that wait for a person."""
    return Table(
        trace=Trace(
            id=f"{of.id}/coding",
            title="How far the coding has come",
            question=of.question,
            survey=of.survey,
            collections=of.collections,
            only=f"Codes ({of.codebook})",
            run=run,
        ),
        base=None,
        base_of="",
        columns=(Column("codes", "Codes"),),
        rows=(
            Row("accepted", "Accepted by a person, and counted", {"codes": Count(accepted)}),
            Row("waiting", "Suggested by the software, not counted", {"codes": Count(waiting)}),
        ),
    )


def amount(figure: Figure) -> str:
    """The fixed word for how many of those who commented said something, from released numbers only.

    A few: under 10%; some: 10 to 24%; many: 25 to 49%; most: 50 to 89%; nearly all: 90% or more. Under 20 commenters,
    or where the number or its base is hidden, there is no word: "". Source: codebook.md, section 1.
    """
    if figure.count is None or figure.of is None or figure.of < COUNTS_BELOW:
        return ""
    hundredths = 100 * figure.count
    for word, under in (("a few", 10), ("some", 25), ("many", 50), ("most", 90)):
        if hundredths < under * figure.of:
            return word
    return "nearly all"
