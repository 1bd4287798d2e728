"""Gather everything a report may say, and nothing it may not: released tables, and words made from them.

Takes what `services.reporting` read from the database (`Evidence`); gives what `feedback_app.documents` may print
(`Findings`). Structure and rules: report.md, sections 4, 7 and 11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from analysis import sentences as say
from analysis.counts import Column, Run
from analysis.disclosure import Figure, ReleasedRow, ReleasedTable, Rule, release, share
from analysis.tables import (
    ANSWER,
    COLLECTION,
    HEADLINE,
    LANGUAGES,
    PEOPLE,
    CollectionFacts,
    Item,
    Tally,
    distribution,
    participation,
    positive_words,
)
from analysis.themes import COLUMNS, Coded, Commenting, coding_progress, themes_by_direction

Kind = Literal["need", "priority", "statement", "principle", "training"]

NEEDS: Final = ("ND-V", "ND-U", "ND-S", "ND-R", "ND-I", "ND-E", "ND-P", "ND-A")
"""The eight needs, in the order of codebook.md, section 1. A report speaks of all eight, heard or not."""

LEVELS: Final = ("TR-1", "TR-2", "TR-3", "TR-4")
"""What training led to: reaction, learning, practice, outcome (question_sets.md, 1.3)."""

TOP: Final = 3
"""Lines in each of the three boxes on the first page (report.md, section 4, 0)."""


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
    """All that was gathered for a report, raw. notices: what a reader must know first, such as draft translations."""

    area: str
    is_example: bool
    run: Run
    collections: tuple[CollectionFacts, ...]
    tallies: tuple[Tally, ...]
    comments: tuple[Comments, ...]
    frames: Mapping[str, Frame]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """What was answered to one question. headline: the share of positive answers, if the question has any."""

    item: Item
    people: str
    table: ReleasedTable
    headline: Figure | None
    sentence: str

    @property
    def answers(self) -> tuple[ReleasedRow, ...]:
        return self.table.part(ANSWER)


@dataclass(frozen=True, slots=True)
class FrameFinding:
    """What was heard about one need, priority, statement or level: questions, then what people wrote."""

    code: str
    name: str
    items: tuple[ItemFinding, ...]
    words: tuple[str, ...]
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommentFinding:
    """What people wrote about: themes in three columns, and how far the coding has come."""

    section: str
    themes: ReleasedTable
    coding: ReleasedTable
    frames: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]

    def top(self, column: str, frame: str = "") -> tuple[str, ...]:
        """The themes that most people raised in a column, as lines; only those with a number that may be shown."""
        rows = [row for row in self.themes.rows if not frame or frame in self.frames.get(row.id, ())]
        found = [(row.label, self.themes.figure(row.id, column)) for row in rows]
        ranked = sorted((pair for pair in found if pair[1].shown), key=lambda pair: (-(pair[1].count or 0), pair[0]))
        return tuple(say.theme_line(theme, figure) for theme, figure in ranked[:TOP])


@dataclass(frozen=True, slots=True)
class CourseFinding:
    """What became of one course: how many replied, and each level of what training leads to."""

    title: str
    words: tuple[str, ...]
    levels: tuple[FrameFinding, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number for the first page, with what it counts."""

    label: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Box:
    """One of the three boxes of the first page (R57). words: why it is empty, if it is."""

    column: Column
    lines: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Rates:
    """One collection's finished answers as a share of each denominator that is known."""

    row: ReleasedRow
    people: str
    eligible: Figure
    invited: Figure
    attended: Figure
    started: Figure


@dataclass(frozen=True, slots=True)
class Findings:
    """A whole report: released tables, figures taken from them, and words. There is no raw number in it."""

    area: str
    is_example: bool
    run: Run
    rule: Rule
    notices: tuple[str, ...]
    summary: tuple[str, ...]
    key_figures: tuple[KeyFigure, ...]
    boxes: tuple[Box, ...]
    participation: ReleasedTable | None
    rates: tuple[Rates, ...]
    took_part: tuple[str, ...]
    conditions: tuple[ItemFinding, ...]
    about_people: tuple[ItemFinding, ...]
    priorities: tuple[FrameFinding, ...]
    needs: tuple[FrameFinding, ...]
    statements: tuple[FrameFinding, ...]
    others: tuple[ItemFinding, ...]
    comments: tuple[CommentFinding, ...]
    courses: tuple[CourseFinding, ...]
    not_heard: tuple[str, ...]
    little_progress: tuple[str, ...]
    not_yet: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    items: tuple[ItemFinding, ...]

    @property
    def tables(self) -> tuple[ReleasedTable, ...]:
        """Every released table, in the order of the report. Their traces are the query list (R69)."""
        first = (self.participation,) if self.participation else ()
        written = tuple(table for one in self.comments for table in (one.themes, one.coding))
        return (*first, *written, *(one.table for one in self.items))


NOT_YET: Final = (
    ("Change since last time", "No earlier wave with the same words and settings is held, so nothing is compared."),
    (
        "Who took part beside who lives here",
        "This needs counts of each group in the area. They are not held yet, so we cannot say how fair the mix is.",
    ),
    (
        "Differences between groups",
        "No answers are split by group until all tables can be checked together for what they give away. "
        "This does not mean that there is no difference.",
    ),
    ("You said, we did", "Actions, owners and dates are not recorded in this system yet."),
    ("Before, now and later", "Answers before and after training are not yet paired, so no change is claimed."),
    ("How strong the evidence is", "Nobody has yet confirmed the examples that training attendees gave."),
    ("Quotations and examples", "Each would need two approvals. None has been asked for yet."),
    ("How far two coders agree", "No comments have yet been coded by two people apart."),
    ("What partners' own figures show", "Partners' figures are not held in this system yet."),
    ("What young people changed in the questions", "The record of co-design is not part of this report yet."),
    ("What we will do next; the scrutineer's and young people's comments; sign-off", "People write these. None is in."),
)
"""Sections of report.md that this version cannot fill, and why (R64)."""


def assemble(evidence: Evidence, rule: Rule) -> Findings:
    """Release every table of the evidence under the rule and put what they show into words.

    Raises ValueError if a question was tallied twice, a frame or audience is unknown, or counts do not fit together.
    """
    _check(evidence)
    titles = {one.id: one.title for one in evidence.collections}
    audiences = {one.id: one.audience for one in evidence.collections}
    items = tuple(_item(tally, titles, audiences, evidence.run, rule) for tally in evidence.tallies)
    taken = _participation(evidence, rule)
    rates = _rates(evidence.collections, taken, rule)
    comments = tuple(_comments(one, evidence.run, rule) for one in evidence.comments)
    voice = tuple(one for one in items if one.item.section == "voice")
    heard = tuple(one for one in comments if one.section == "voice")

    def frames(codes: Iterable[str]) -> tuple[FrameFinding, ...]:
        return tuple(_frame(code, evidence.frames[code].name, voice, heard) for code in codes)

    priorities, statements = (
        frames(code for code, frame in evidence.frames.items() if frame.kind == kind)
        for kind in ("priority", "statement")
    )
    needs = frames(NEEDS)
    placed = {one.table.trace.id for frame in (*priorities, *needs, *statements) for one in frame.items}
    courses = _courses(evidence, items, rates, comments)
    return Findings(
        area=evidence.area,
        is_example=evidence.is_example,
        run=evidence.run,
        rule=rule,
        notices=evidence.notices,
        summary=_summary(needs, voice),
        key_figures=_key_figures(taken, rates, comments),
        boxes=tuple(_box(column, heard) for column in COLUMNS),
        participation=taken,
        rates=rates,
        took_part=_took_part(evidence.collections),
        conditions=tuple(one for one in items if one.item.section == "method"),
        about_people=tuple(one for one in items if one.item.section == "equality"),
        priorities=priorities,
        needs=needs,
        statements=statements,
        others=tuple(one for one in voice if one.table.trace.id not in placed),
        comments=comments,
        courses=courses,
        not_heard=_not_heard(taken, rates, items),
        little_progress=_little_progress((*priorities, *needs, *statements), courses, comments),
        not_yet=NOT_YET,
        limits=say.limits(evidence.area, rule),
        items=items,
    )


def _check(evidence: Evidence) -> None:
    """Fail closed on evidence that does not fit together."""
    if missing := [code for code in (*NEEDS, *LEVELS) if code not in evidence.frames]:
        raise ValueError(f"A report needs a name for each of {missing}.")
    ids = [tally.id for tally in evidence.tallies]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise ValueError(f"Tallied twice: {twice}. Two tables of one question could be taken from each other.")


def _item(
    tally: Tally, titles: Mapping[str, str], audiences: Mapping[str, str], run: Run, rule: Rule
) -> ItemFinding:
    table = release(distribution(tally, titles, run), rule)
    people = say.people_of(audiences[one] for one in tally.collections)
    item = tally.item
    if table.withheld:
        return ItemFinding(item, people, table, None, say.too_few(people))
    if not item.positive:
        return ItemFinding(item, people, table, None, say.most_given(people, table.base, table.part(ANSWER)))
    row = table.part(HEADLINE)[0] if len(item.positive) > 1 else table.row(item.positive[0].value)
    headline = table.figure(row.id, PEOPLE)
    return ItemFinding(item, people, table, headline, say.headline(people, positive_words(item), headline))


def _participation(evidence: Evidence, rule: Rule) -> ReleasedTable | None:
    if not evidence.collections:
        return None
    totals = {one.audience: f"All {say.people_of([one.audience])}" for one in evidence.collections}
    return release(participation(evidence.collections, totals, evidence.run), rule)


def _rates(facts: Sequence[CollectionFacts], table: ReleasedTable | None, rule: Rule) -> tuple[Rates, ...]:
    if table is None or table.withheld:
        return ()
    audiences = {one.id: one.audience for one in facts}
    found = []
    for row in table.part(COLLECTION):
        done = table.figure(row.id, "completed")
        shares = {
            name: share(done, table.figure(row.id, name), rule) for name in ("eligible", "invited", "attended", "started")
        }
        found.append(Rates(row=row, people=say.people_of([audiences[row.id]]), **shares))
    return tuple(found)


def _comments(one: Comments, run: Run, rule: Rule) -> CommentFinding:
    themes = release(themes_by_direction(one.coded, one.names, one.of, run), rule)
    coding = release(coding_progress(one.of, len(one.coded), one.waiting, run), rule)
    accepted, waiting = coding.figure("accepted", "codes"), coding.figure("waiting", "codes")
    words = []
    if themes.withheld:
        words.append("Too few people wrote a comment to report what they wrote about.")
    else:
        words.append(f"About {say.number(themes.base)} people wrote a comment.")
        if not themes.rows:
            words.append("No theme has yet been raised by enough people, in codes that a person accepted.")
    words.append(_coding_words(accepted, waiting))
    return CommentFinding(one.section, themes, coding, one.frames, tuple(words))


def _coding_words(accepted: Figure, waiting: Figure) -> str:
    few = "Fewer than 10 (it may be none)"
    done = f"About {say.number(accepted)}" if accepted.shown else few
    left = f"About {say.number(waiting)}" if waiting.shown else few
    return (
        f"{done} codes were accepted by a person and are counted here. {left} suggested by the software wait for a "
        "person to decide. Suggestions are never counted."
    )
