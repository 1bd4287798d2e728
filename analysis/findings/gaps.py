"""Say what a report cannot: who was not heard, where nothing is known, which sections are still empty (R64)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from analysis.disclosure import ReleasedTable
from analysis.findings import sentences as say
from analysis.findings.parts import CommentFinding, CourseFinding, FrameFinding, ItemFinding, NotYet, Rates
from analysis.tables import LANGUAGES

_LISTED: Final = 8
"""Longer lists of questions are counted, not listed: each table in the annex says it for itself."""

NOT_YET: Final = (
    NotYet("compared", "Change since last time", "No earlier wave with the same words and settings is held."),
    NotYet(
        "reach",
        "Who took part beside who lives here",
        "This needs counts of each group in the area. They are not held yet, so we cannot say how fair the mix is.",
    ),
    NotYet(
        "equality",
        "Differences between groups",
        "No answers are split by group until all tables can be checked together for what they give away. "
        "This does not mean that there is no difference.",
    ),
    NotYet("changed", "You said, we did", "Actions, owners and dates are not recorded in this system yet."),
    NotYet(
        "paired", "Before, now and later", "Answers before and after training are not paired yet: no change is claimed."
    ),
    NotYet("strength", "How strong the evidence is", "This system cannot yet ask anyone to confirm an example."),
    NotYet("quotes", "Quotations and examples", "Each needs two approvals, which this system cannot record yet."),
    NotYet("agreement", "How far two coders agree", "This system cannot yet set two people's codes side by side."),
    NotYet("silent", "Themes that nobody raised", "A nought is hidden like any other number under the smallest shown."),
    NotYet("partners", "What partners' own figures show", "Partners' figures are not held in this system yet."),
    NotYet("codesign", "What young people changed in the questions", "The record of co-design is not here yet."),
    NotYet("next", "What we will do next", "People write this part, and there is no place for it yet."),
    NotYet("comments", "The scrutineer's comment and young people's comment", "There is no place for them yet."),
    NotYet("sign-off", "Who checked and signed this report", "Names and dates of sign-off are not recorded yet."),
)
"""What report.md asks for that this version cannot fill, and why. A line goes when its section comes."""


def not_heard(table: ReleasedTable | None, rates: Sequence[Rates], items: Sequence[ItemFinding]) -> tuple[str, ...]:
    """Who we did not hear from: collections and questions with too few answers, languages, unknown denominators."""
    if table is None:
        return ("No survey was open in this period, so nobody was asked.",)
    if table.withheld:
        return (table.why or "Too few people took part to report anything without a risk of giving somebody away.",)
    found = []
    for rate in rates:
        title = rate.row.label
        if rate.row.withheld:
            found.append(f"{title}: too few {rate.people} took part to report.")
            continue
        if quiet := _quiet_languages(table, rate):
            found.append(
                f"{title}: we cannot show how many answered in {say.listed(quiet, 'or')}. It was fewer than "
                f"{table.rule.hide_below}, perhaps nobody, or the number would give away another small one."
            )
        if all(table.figure(rate.row.id, name).state == "not known" for name in ("eligible", "invited", "attended")):
            found.append(f"{title}: how many could have answered is not known, so neither is who is missing.")
    few = [one for one in items if _few(one)]
    if 0 < len(few) <= _LISTED:
        found.append(f"Too few people answered to report: {say.listed([f'“{one.item.text}”' for one in few])}.")
    elif few:
        found.append(f"For {len(few)} questions too few people answered to report. The annex marks each of them.")
    return tuple(found)


def _quiet_languages(table: ReleasedTable, rate: Rates) -> list[str]:
    figures = zip(table.columns, rate.row.figures, strict=True)
    return [column.label for column, figure in figures if column.group == LANGUAGES and figure.state == "hidden"]


def _few(one: ItemFinding) -> bool:
    return one.table.withheld and not one.table.why


def little_progress(
    frames: Sequence[FrameFinding],
    courses: Sequence[CourseFinding],
    comments: Sequence[CommentFinding],
    items: Sequence[ItemFinding],
) -> tuple[str, ...]:
    """Where this report has little or nothing to show, in its own words (report.md, section 7)."""
    found = [
        "Whether things got better or worse cannot be said yet: there is no earlier wave to set beside this one, and "
        "no record of what was done."
    ]
    if unasked := [frame.name for frame in frames if not frame.items]:
        found.append(f"Nothing was asked about: {'; '.join(unasked)}.")
    if unheard := [f.name for f in frames if f.items and all(_few(one) for one in f.items)]:
        found.append(f"Too few people answered to report on: {'; '.join(unheard)}.")
    unasked_levels: dict[str, list[str]] = {}
    for course in courses:
        for level in course.levels:
            if not level.items:
                unasked_levels.setdefault(level.name, []).append(course.title)
    found += [f"{name}: nothing was asked after {say.listed(after)}." for name, after in unasked_levels.items()]
    if not courses:
        found.append("No answers about training came in, so nothing can be said of its effect.")
    for one in comments:
        waiting = one.coding.figure("waiting", "codes")
        if waiting.shown:
            found.append(
                f"{one.themes.trace.title}: about {say.number(waiting)} suggested codes wait for a person to decide."
            )
    if not items:
        found.append("No answers to any question were counted in this period.")
    return tuple(found)
