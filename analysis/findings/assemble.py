"""Release every table of the evidence and put what they show into words. The only maker of a report's findings.

Structure and rules: report.md, sections 4, 7 and 11. Nothing is compared, averaged or weighted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from time import monotonic

from analysis.counts import Column, Run, Table
from analysis.courses import register
from analysis.disclosure import Figure, ReleasedTable, Rule, release, share
from analysis.findings import sentences as say
from analysis.findings.evidence import LEVELS, NEEDS, Comments, Evidence
from analysis.findings.gaps import NOT_YET, little_progress, not_heard
from analysis.findings.parts import (
    Box,
    CommentFinding,
    CourseFinding,
    Findings,
    FrameFinding,
    ItemFinding,
    KeyFigure,
    Rates,
    ThemeLine,
)
from analysis.paired import before_now_later
from analysis.releases import SECONDS, release_after
from analysis.tables import (
    ANSWER,
    COLLECTION,
    HEADLINE,
    PEOPLE,
    TOTAL,
    CollectionFacts,
    Tally,
    distribution,
    participation,
    positive_words,
)
from analysis.themes import COLUMNS, coding_progress, themes_by_direction

Releasing = Callable[[Table], ReleasedTable]


def assemble(
    evidence: Evidence, rule: Rule, earlier: Sequence[ReleasedTable] = (), seconds: float = SECONDS
) -> Findings:
    """Turn raw evidence into findings that may be published under the rule, after all that was released before.

    earlier: the tables of earlier releases, the oldest first. seconds: how long the attack on all of them may take.
    Raises ValueError if a collection, audience or theme is unknown, or if counts do not fit together.
    """
    end = monotonic() + seconds

    def made(table: Table) -> ReleasedTable:
        return release_after(table, rule, earlier, end)

    items = tuple(_item(tally, evidence, made) for tally in evidence.tallies)
    taken = _participation(evidence, rule, made)
    rates = _rates(evidence.collections, taken, rule)
    comments = tuple(_comments(one, evidence.run, rule, made) for one in evidence.comments)
    voice = tuple(one for one in items if one.item.section == "voice")
    heard = tuple(one for one in comments if one.section == "voice")

    def frames(codes: Iterable[str]) -> tuple[FrameFinding, ...]:
        return tuple(_frame(code, evidence.frames[code].name, voice, heard) for code in codes)

    priorities, statements = frames(evidence.of_kind("priority")), frames(evidence.of_kind("statement"))
    needs = frames(NEEDS)
    framed = (*priorities, *needs, *statements)
    placed = {one.table.trace.id for frame in framed for one in frame.items}
    courses = _courses(evidence, items, rates, comments)
    paired = tuple(made(before_now_later(one, evidence.run)) for one in evidence.paired)
    found = Findings(
        area=evidence.area,
        is_example=evidence.is_example,
        run=evidence.run,
        rule=rule,
        notices=evidence.notices,
        summary=_summary(needs, rule),
        key_figures=_key_figures(taken, rates, comments),
        boxes=tuple(_box(column, heard) for column in COLUMNS),
        participation=taken,
        rates=rates,
        conditions=tuple(one for one in items if one.item.section == "method"),
        about_people=tuple(one for one in items if one.item.section == "equality"),
        priorities=priorities,
        needs=needs,
        statements=statements,
        others=tuple(one for one in voice if one.table.trace.id not in placed),
        comments=comments,
        courses=courses,
        not_heard=not_heard(taken, rates, items),
        little_progress=little_progress(framed, courses, comments, items),
        not_yet=tuple(one for one in NOT_YET if one.id != "paired" or not paired),
        limits=say.limits(evidence.area, rule, paired=bool(paired)),
        items=items,
        register=made(register(evidence.courses, evidence.run)) if evidence.courses else None,
        paired=paired,
    )
    return replace(found, notices=(*found.notices, *say.stand(found.tables, found.run)))


def _item(tally: Tally, evidence: Evidence, made: Releasing) -> ItemFinding:
    titles = {one.id: one.title for one in evidence.collections}
    table = made(distribution(tally, titles, evidence.run))
    people = say.people_of(one.audience for one in evidence.collections if one.id in tally.collections)
    item = tally.item
    if table.withheld:
        return ItemFinding(item, people, table, None, table.why or say.too_few(people))
    positive = {option.value for option in item.positive}
    rows = [row for row in table.part(ANSWER) if row.id in positive] if len(positive) == 1 else table.part(HEADLINE)
    if not item.positive or not rows:  # a table of an earlier release may be of other answers
        return ItemFinding(item, people, table, None, say.most_given(people, table.base, table.part(ANSWER)))
    headline = table.figure(rows[0].id, PEOPLE)
    return ItemFinding(item, people, table, headline, say.headline(people, positive_words(item), headline))


def _participation(evidence: Evidence, rule: Rule, made: Releasing) -> ReleasedTable | None:
    if not evidence.collections:
        return None
    totals = {one.audience: f"All {say.people_of([one.audience])}" for one in evidence.collections}
    return made(participation(evidence.collections, totals, rule.hide_below, evidence.run))


def _rates(facts: Sequence[CollectionFacts], table: ReleasedTable | None, rule: Rule) -> tuple[Rates, ...]:
    if table is None:
        return ()
    audiences = {one.id: one.audience for one in facts}
    found = []
    for row in table.part(COLLECTION):
        if row.id not in audiences:  # a table of an earlier release may be of a collection that is gone
            continue
        finished = table.figure(row.id, "completed")
        eligible, invited, attended, started = (
            share(finished, table.figure(row.id, name), rule) for name in ("eligible", "invited", "attended", "started")
        )
        people = say.people_of([audiences[row.id]])
        attendance = table.figure(row.id, "attended")
        found.append(Rates(row, people, finished, attendance, eligible, invited, attended, started))
    return tuple(found)


def _comments(one: Comments, run: Run, rule: Rule, made: Releasing) -> CommentFinding:
    themes = made(themes_by_direction(one.coded, one.names, one.of, run))
    # How far the coding has come counts codes, and no people: it is always made anew.
    coding = release(coding_progress(one.of, len(one.coded), one.waiting, run), rule)
    if themes.withheld:
        few = "Too few people wrote a comment to report what they wrote about."
        few = "Too few notes were typed in to report what they are about." if one.of.noted else few
        words = [themes.why or few]
    else:
        words = [f"{say.sentence(say.base_words(themes))}."]
        if not themes.rows:
            enough = "in enough notes" if one.of.noted else "by enough people"
            words.append(f"No theme was raised {enough} yet, in codes that a person accepted.")
    words.append(say.coding(coding.figure("accepted", "codes"), coding.figure("waiting", "codes"), rule))
    return CommentFinding(one.section, themes, coding, one.frames, tuple(words), one.of.noted)


def _frame(code: str, name: str, items: Sequence[ItemFinding], comments: Sequence[CommentFinding]) -> FrameFinding:
    asked = tuple(one for one in items if code in one.item.frames)
    themes = tuple((column, _lines(column, code, comments)) for column in COLUMNS)
    words = "" if asked else "No question about this was asked in the period."
    return FrameFinding(code, name, asked, tuple((column, lines) for column, lines in themes if lines), words)


def _lines(column: Column, frame: str, comments: Sequence[CommentFinding]) -> tuple[ThemeLine, ...]:
    return tuple(line for one in comments for line in one.top(column.id, frame))


def _box(column: Column, comments: Sequence[CommentFinding]) -> Box:
    lines = _lines(column, "", comments)
    if lines:
        return Box(column, lines, "")
    if not comments:
        return Box(column, (), "No comments were collected in this period.")
    return Box(column, (), "No theme has enough people to show a number, in codes that a person accepted.")


def _courses(
    evidence: Evidence,
    items: Sequence[ItemFinding],
    rates: Sequence[Rates],
    comments: Sequence[CommentFinding],
) -> tuple[CourseFinding, ...]:
    """One finding for each course, in the order the tallies name them; a survey without a course stands for itself."""
    courses: dict[str, list[ItemFinding]] = {}
    waves: dict[str, dict[str, None]] = {}
    for tally, one in zip(evidence.tallies, items, strict=True):
        if one.item.section == "training":
            title = one.item.course or one.item.survey_title
            courses.setdefault(title, []).append(one)
            waves.setdefault(title, {}).update(dict.fromkeys(tally.collections))
    by_id = {rate.row.id: rate for rate in rates}
    replies = {title: tuple(by_id[wave] for wave in waves[title] if wave in by_id) for title in courses}
    return tuple(
        CourseFinding(
            title=title,
            replies=replies[title],
            words=tuple(_replies(one) for one in replies[title]),
            levels=tuple(_frame(level, evidence.frames[level].name, found, ()) for level in LEVELS),
        )
        for title, found in courses.items()
    )


def _replies(rate: Rates) -> str:
    return say.replies(rate.row.label, rate.finished, rate.attended, say.source_of(rate.row, "attended"))


def _key_figures(
    table: ReleasedTable | None, rates: Sequence[Rates], comments: Sequence[CommentFinding]
) -> tuple[KeyFigure, ...]:
    """Finished answers of each audience (answers, since one person may give two), and people who wrote a comment."""
    if table is None or table.withheld:
        return ()
    totals = {row.label.removeprefix("All "): table.figure(row.id, "completed") for row in table.part(TOTAL)}
    found = [
        KeyFigure(f"answers from {people}", totals[people] if people in totals else _only(people, rates))
        for people in dict.fromkeys(rate.people for rate in rates)
    ]
    by_people = [one for one in comments if not one.noted]
    written = [KeyFigure(f"people wrote a comment ({one.themes.trace.survey})", one.themes.base) for one in by_people]
    return (*found, *written)


def _only(people: str, rates: Sequence[Rates]) -> Figure:
    return next(rate.finished for rate in rates if rate.people == people)


def _summary(needs: Sequence[FrameFinding], rule: Rule) -> tuple[str, ...]:
    """How much of what was to be found out has an answer that may be shown."""
    answered = [need for need in needs if any(not one.table.withheld for one in need.items)]
    words = [f"{len(answered)} of the {len(needs)} needs have answers from at least {rule.hide_below} people."]
    if missing := [need.name for need in needs if need not in answered]:
        words.append(f"There are too few answers, or none, about: {'; '.join(missing)}.")
    return tuple(words)
