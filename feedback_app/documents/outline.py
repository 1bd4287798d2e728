"""Put findings in the order of the report, as blocks. Every writer takes its words and numbers from here.

Order and headings: report.md, section 4; parts that cannot be filled yet keep their number and say why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from analysis.disclosure import Figure, ReleasedRow, ReleasedTable
from analysis.findings import Findings, FrameFinding, ItemFinding
from analysis.findings import sentences as say
from analysis.findings.parts import CommentFinding, Rates
from analysis.tables import ASKED, HEADLINE, LANGUAGES, LEFT_OUT, PEOPLE, TOTAL
from analysis.themes import NAMED_FROM
from feedback_app.documents.blocks import (
    Block,
    Bullets,
    Cell,
    Grid,
    GridRow,
    Head,
    Heading,
    Link,
    Notice,
    Numbers,
    Panel,
    Panels,
    Paragraph,
    Report,
    Result,
    Results,
    Section,
    Terms,
    Tone,
)

_DENOMINATORS: Final = ("eligible", "invited", "attended")
_TONES: Final[Mapping[str, Tone]] = {HEADLINE: "strong", LEFT_OUT: "quiet", ASKED: "quiet"}
_TOO_FEW: Final = Cell(("too few to report",), "quiet")
_EMPTY: Final = Cell(("",))


def outline(findings: Findings) -> Report:
    """The whole report in blocks. The same findings always give the same report."""
    shelf = _Shelf(findings)
    return Report(
        title=f"What we heard in {findings.area}",
        facts=(
            ("Area", findings.area),
            ("Period", say.days(findings.run.period)),
            ("Counted on", say.day(findings.run.on)),
        ),
        notices=tuple(_notices(findings)),
        sections=(
            Section("glance", "", "At a glance", tuple(_glance(findings))),
            Section("listened", "1", "How we listened", tuple(_listened(findings, shelf))),
            Section("method", "2", "How it was done", tuple(_method(findings, shelf))),
            Section("took-part", "3", "Who took part", tuple(_took_part(findings, shelf))),
            Section("heard", "4", "What we heard", tuple(_heard(findings, shelf))),
            Section("changed", "5", "What changed: you said, we did", tuple(_changed(findings))),
            Section("training", "6", "Training and what came of it", tuple(_training(findings, shelf))),
            Section("little-progress", "7", "Where we saw little or no progress", (Bullets(findings.little_progress),)),
            Section("limits", "8", "Limits and protection", tuple(Paragraph(words) for words in findings.limits)),
            Section("not-yet", "9", "Not in this report yet", tuple(_not_yet(findings))),
            Section("answers", "Annex A", "The answers to every question", tuple(_answers(findings, shelf))),
            Section("queries", "Annex B", "Where each figure comes from", tuple(_queries(findings, shelf))),
        ),
    )


class _Shelf:
    """The numbers that tables are called by. Fixed before anything is written, so that words can lead forward."""

    def __init__(self, findings: Findings) -> None:
        self._labels: dict[str, Link] = {}
        first = (findings.participation,) if findings.participation else ()
        main = [*first, *(table for one in findings.comments for table in (one.themes, one.coding))]
        # Table 1 is the list of ways we listened, which holds words and no figures.
        for n, table in enumerate(main, start=2):
            self._labels[table.trace.id] = Link(f"Table {n}", f"table-{n}")
        for n, item in enumerate(findings.items, start=1):
            self._labels[item.table.trace.id] = Link(f"Table A{n}", f"table-a{n}")

    def of(self, table: ReleasedTable) -> Link:
        return self._labels[table.trace.id]


def _notices(findings: Findings) -> Iterable[Notice]:
    if findings.is_example:
        yield Notice(
            "This is an example",
            (f"{findings.area} is an example area. Nothing here is evidence about a real place.",),
        )
    if findings.notices:
        yield Notice("Before you read the figures", findings.notices)


def _glance(findings: Findings) -> Iterable[Block]:
    if findings.key_figures:
        yield Numbers(tuple((_plain(one.figure), one.label) for one in findings.key_figures))
    else:
        yield Paragraph("Too few people took part in this period to report a number.", "lead")
    yield Panels(
        tuple(
            Panel(box.column.id, box.column.label, tuple((one.theme, one.raised_by) for one in box.lines), box.words)
            for box in findings.boxes
        )
    )
    yield from (Paragraph(words) for words in findings.summary)
    yield Paragraph(
        f"Every number is rounded to the nearest {findings.rule.round_to}. “Hidden” means 0 to "
        f"{findings.rule.hide_below - 1} people, or a number that would give away a small one.",
        "note",
    )


def _listened(findings: Findings, shelf: _Shelf) -> Iterable[Block]:
    if not findings.rates:
        yield Paragraph(_nobody(findings))
        return
    heads = ("Survey", "For whom", "Open", "How answers were given", "How they came")
    rows = tuple(GridRow(one.row.label, tuple(Cell((words,)) for words in _way(one))) for one in findings.rates)
    yield Grid("table-1", "Table 1", "Ways we listened", tuple(Head(text) for text in heads), rows, wide=True)
    yield from (
        Paragraph(f"{one.row.label}: {note}", "note") for one in findings.rates if (note := one.row.word("note"))
    )


def _way(one: Rates) -> tuple[str, ...]:
    opened, closed = one.row.word("opened"), one.row.word("closed")
    when = f"{say.iso(opened)} to {say.iso(closed)}" if closed else f"from {say.iso(opened)}"
    mode, source = one.row.word("mode"), one.row.word("source")
    return say.sentence(one.people), when, say.privacy(mode, source), say.source_words(source)


def _method(findings: Findings, shelf: _Shelf) -> Iterable[Block]:
    yield Paragraph(
        "Surveys were open to people who chose to answer. The results describe those who answered and cannot be "
        f"assumed to represent everyone in {findings.area}.",
    )
    yield Paragraph(
        "Comments are coded by people. Software only suggests, and a suggestion counts for nothing until a person "
        "accepts it. A theme counts people, and has a name here only if at least "
        f"{NAMED_FROM} different people raised it.",
    )
    yield Heading("Where and how people answered")
    yield from _results(findings.conditions, shelf, "No question about where or how people answered was asked.")


def _took_part(findings: Findings, shelf: _Shelf) -> Iterable[Block]:
    if findings.participation is None or not findings.rates:
        yield Paragraph(_nobody(findings))
    else:
        yield _participation(findings.participation, findings.rates, shelf)
    yield Heading("About the people who took part")
    yield from _results(findings.about_people, shelf, "No question about who people are was asked.")
    yield Heading("Who we did not hear from")
    yield Bullets(findings.not_heard)


def _participation(table: ReleasedTable, rates: Sequence[Rates], shelf: _Shelf) -> Grid:
    """Report.md's Table 2. A column of which nothing is known for any collection is named beneath, not drawn empty."""
    link = shelf.of(table)
    names = [c for c in table.columns if not c.group and c.id != "completed"]
    unknown = [c for c in names if all(table.figure(one.row.id, c.id).state == "not known" for one in rates)]
    drawn = [c for c in names if c not in unknown]
    heads = (
        Head("Survey"),
        *(Head(c.label, True) for c in drawn),
        Head("Finished", True),
        Head("Rate"),
        Head("Languages"),
    )
    rows = []
    for one in rates:
        figures = [_sourced(table, one, column.id) for column in drawn]
        rows.append(
            GridRow(one.row.label, (*figures, _cell(one.finished), Cell(_rate_lines(one)), Cell(_tongues(table, one))))
            if not one.row.withheld
            else GridRow(one.row.label, (_TOO_FEW,))
        )
    for total in table.part(TOTAL):
        label = " ".join(filter(None, (total.label, f"({total.word('note')})" if total.word("note") else "")))
        done = _cell(table.figure(total.id, "completed"))
        rows.append(GridRow(label, (*(_EMPTY for _ in drawn), done, _EMPTY, _EMPTY), "strong"))
    notes = [f"Not known for any survey: {say.listed([c.label.lower() for c in unknown])}."] if unknown else []
    return Grid(link.to, link.text, table.trace.title, heads, tuple(rows), (*notes, *_trace_notes(table)), wide=True)


def _sourced(table: ReleasedTable, one: Rates, column: str) -> Cell:
    cell = _cell(table.figure(one.row.id, column))
    source = say.source_of(one.row, column)
    return Cell((*cell.lines, f"({source})"), cell.tone) if source and not cell.tone else cell


def _rate_lines(one: Rates) -> tuple[str, ...]:
    """Every rate with its fraction and the name of its denominator; none where the denominator is not known."""
    named = (
        (one.eligible, "who could have answered"),
        (one.invited, "who were invited"),
        (one.attended, "who attended"),
        (one.started, "who started"),
    )
    lines = tuple(say.rate(figure, of) for figure, of in named if figure.of is not None)
    return lines or ("not known",)


def _tongues(table: ReleasedTable, one: Rates) -> tuple[str, ...]:
    figures = zip(table.columns, one.row.figures, strict=True)
    used = [(c.label, figure) for c, figure in figures if c.group == LANGUAGES and figure.state != "does not apply"]
    used.sort(key=lambda pair: -(pair[1].count or 0))
    return tuple(f"{language}: {say.number(figure)}" for language, figure in used) or ("not known",)


def _heard(findings: Findings, shelf: _Shelf) -> Iterable[Block]:
    yield Paragraph("One question can stand under several headings. Each leads to all its answers in Annex A.", "lead")
    for title, frames in (
        ("The partnership's priorities", findings.priorities),
        ("What children and families need from those who help", findings.needs),
        ("Safe at home, safe in the community, safe systems", findings.statements),
    ):
        yield Heading(title)
        if not frames:
            yield Paragraph("None is named in the settings of this area.")
        for frame in frames:
            yield from _frame(frame, shelf)
    yield Heading("Other questions")
    yield from _results(findings.others, shelf, "Every question that was asked stands under a heading above.")
    yield Heading("What people wrote about")
    yield from _comments([one for one in findings.comments if one.section == "voice"], shelf)


def _frame(frame: FrameFinding, shelf: _Shelf) -> Iterable[Block]:
    yield Heading(frame.name, 4)
    yield from _results(frame.items, shelf, frame.words)
    for column, lines in frame.themes:
        yield Bullets(tuple(f"{one.theme}: {one.raised_by}" for one in lines), f"What people wrote · {column.label}")


def _results(items: Sequence[ItemFinding], shelf: _Shelf, otherwise: str) -> Iterable[Block]:
    if not items:
        yield Paragraph(otherwise)
        return
    yield Results(
        tuple(
            Result(
                question=one.item.text,
                sentence=one.sentence,
                share=say.percentage(one.headline) if one.headline else "",
                percent=one.headline.percent if one.headline else None,
                table=shelf.of(one.table),
            )
            for one in items
        )
    )


def _comments(comments: Sequence[CommentFinding], shelf: _Shelf) -> Iterable[Block]:
    if not comments:
        yield Paragraph("No comments were collected in this period.")
    for one in comments:
        yield from (Paragraph(words) for words in one.words)
        if one.themes.rows:
            yield _figures(one.themes, shelf, "Theme")
        yield _figures(one.coding, shelf, "State")


def _changed(findings: Findings) -> Iterable[Block]:
    yield from (Paragraph(f"Not in this report yet. {one.why}") for one in findings.not_yet if one.id == "changed")


def _training(findings: Findings, shelf: _Shelf) -> Iterable[Block]:
    if not findings.courses:
        yield Paragraph("No feedback on training was counted in this period, so nothing can be said of its effect.")
    else:
        yield Paragraph("Ratings are the learners' own view. Attendances are not people.", "lead")
    for course in findings.courses:
        yield Heading(course.title)
        yield from (Paragraph(words) for words in course.words)
        for level in course.levels:
            yield from _frame(level, shelf)
    comments = [one for one in findings.comments if one.section == "training"]
    if comments:
        yield Heading("What people wrote about training")
        yield from _comments(comments, shelf)


def _not_yet(findings: Findings) -> Iterable[Block]:
    yield Paragraph("A full yearly report has these parts too. This one cannot fill them, and says why.", "lead")
    yield Terms(tuple((one.title, one.why) for one in findings.not_yet))


def _answers(findings: Findings, shelf: _Shelf) -> Iterable[Block]:
    if not findings.items:
        yield Paragraph("No answers to any question were counted in this period.")
    survey = ""
    for one in findings.items:
        title = " · ".join(filter(None, (one.item.survey_title, one.item.course)))
        if title != survey:
            survey = title
            yield Heading(title)
        yield _figures(one.table, shelf, "Answer")


def _figures(table: ReleasedTable, shelf: _Shelf, first: str) -> Grid:
    """A released table as it stands: a row for each of its rows, a column for each of its columns."""
    link = shelf.of(table)
    alone = len(table.columns) == 1 and table.columns[0].id == PEOPLE
    heads = (Head(first), *(Head(column.label, True) for column in table.columns), *((Head("Share"),) if alone else ()))
    if table.withheld:
        rows: tuple[GridRow, ...] = (GridRow("All answers", (_TOO_FEW,)),)
    else:
        rows = tuple(_figure_row(row, alone) for row in table.rows)
    return Grid(link.to, link.text, table.trace.title, heads, rows, _trace_notes(table))


def _figure_row(row: ReleasedRow, alone: bool) -> GridRow:
    if not alone:
        return GridRow(row.label, tuple(_with_share(figure) for figure in row.figures))
    figure = row.figures[0]
    share = Cell((say.percentage(figure),), percent=figure.percent)
    return GridRow(row.label, (_cell(figure), share), _TONES.get(row.part, ""))


def _queries(findings: Findings, shelf: _Shelf) -> Iterable[Block]:
    run = findings.run
    yield Paragraph(
        f"Each table can be counted again from what stands here. The period of all is {say.days(run.period)}; all were "
        f"counted on {say.day(run.on)}.",
    )
    heads = ("Table", "Question", "Survey", "Collections", "Who is counted", "Base", "Counted on")
    rows = tuple(
        GridRow(
            shelf.of(table).text,
            tuple(
                Cell(lines)
                for lines in (
                    (table.trace.question,),
                    (table.trace.survey,),
                    table.trace.collections,
                    (table.trace.only,),
                    (say.base_words(table),),
                    (say.day(table.trace.run.on),),
                )
            ),
            link=shelf.of(table).to,
        )
        for table in findings.tables
    )
    if rows:
        yield Grid("table-b1", "Table B1", "Every table and its source", tuple(map(Head, heads)), rows, wide=True)
    else:
        yield Paragraph("There are no tables in this report.")


def _trace_notes(table: ReleasedTable) -> tuple[str, ...]:
    trace = table.trace
    where = (
        f"{trace.survey}. Collections: {say.listed(trace.collections)}." if trace.collections else f"{trace.survey}."
    )
    counted = f"{say.days(trace.run.period)}. Counted on {say.day(trace.run.on)}."
    who = f"Who is counted: {trace.only[:1].lower()}{trace.only[1:]}."
    return (*table.notes, f"Base: {say.base_words(table)} {who}", f"{where} {counted}")


def _cell(figure: Figure) -> Cell:
    return Cell((say.number(figure),), "" if figure.shown else "quiet")


def _with_share(figure: Figure) -> Cell:
    share = say.percentage(figure)
    return Cell((say.number(figure) + (f" ({share})" if share else ""),), "" if figure.shown else "quiet")


def _plain(figure: Figure) -> str:
    return say.number(figure) if figure.shown else "too few to report"


def _nobody(findings: Findings) -> str:
    if findings.participation is None:
        return "No survey was open in this period."
    return "Too few people took part to report how many, without a risk of giving somebody away."
