"""Draw released tables as grids, and give each the number it is called by. Takes figures that may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from analysis.disclosure import Figure, ReleasedRow, ReleasedTable
from analysis.findings import CourseFinding, Findings, Rates
from analysis.findings import sentences as say
from analysis.tables import ASKED, HEADLINE, LANGUAGES, LEFT_OUT, NOTES, PEOPLE, TOTAL
from feedback_app.documents.blocks import Cell, Grid, GridRow, Head, Link, Tone

_TONES: Final[Mapping[str, Tone]] = {HEADLINE: "strong", LEFT_OUT: "quiet", ASKED: "quiet"}
_TOO_FEW: Final = Cell(("too few to report",), "quiet")
_NOT_SHOWN: Final = Cell(("not shown",), "quiet")
_EMPTY: Final = Cell(("",))


class Shelf:
    """The numbers that tables are called by. Fixed before anything is written, so that words can lead forward."""

    WAYS: Final = "ways"
    REPLIES: Final = "replies"
    QUERIES: Final = "queries"

    def __init__(self, findings: Findings) -> None:
        def written(section: str) -> list[str]:
            tables = ((one.themes, one.coding) for one in findings.comments if one.section == section)
            return [table.trace.id for pair in tables for table in pair]

        taken = [findings.participation.trace.id] if findings.participation else []
        training = [one.trace.id for one in ((findings.register,) if findings.register else ())]
        paired = [one.trace.id for one in findings.paired]
        main = [self.WAYS, *taken, *written("voice"), *training, self.REPLIES, *paired, *written("training")]
        answers = [one.table.trace.id for one in findings.items]
        self._labels = {
            **{name: Link(f"Table {n}", f"report-table-{n}") for n, name in enumerate(main, start=1)},
            **{name: Link(f"Table A{n}", f"report-table-a{n}") for n, name in enumerate(answers, start=1)},
            self.QUERIES: Link("Table B1", "report-table-b1"),
        }

    def of(self, table: ReleasedTable | str) -> Link:
        """What a table is called, and the place it stands. Words and no figures stand in those named above."""
        return self._labels[table if isinstance(table, str) else table.trace.id]


def ways(rates: Sequence[Rates], notes: Sequence[ReleasedRow], shelf: Shelf) -> Grid:
    """Who was asked, when and how (report.md, Table 1); then the notes by staff, whose words nobody was asked for."""
    link = shelf.of(shelf.WAYS)
    heads = ("Survey", "For whom", "Open", "How answers were given", "How they came")
    by_staff = ((row, say.people_of([row.word("audience")])) for row in notes)
    listed = [*((one.row, one.people) for one in rates), *by_staff]
    rows = tuple(GridRow(row.label, tuple(Cell((words,)) for words in _way(row, people))) for row, people in listed)
    return Grid(link.to, link.text, "Ways we listened", tuple(Head(text) for text in heads), rows, wide=True)


def _way(row: ReleasedRow, people: str) -> tuple[str, ...]:
    opened, closed = row.word("opened"), row.word("closed")
    when = f"{say.iso(opened)} to {say.iso(closed)}" if closed else f"from {say.iso(opened)}"
    mode, source = row.word("mode"), row.word("source")
    return say.sentence(people), when, say.privacy(mode, source), say.source_words(source)


def participation(table: ReleasedTable, rates: Sequence[Rates], shelf: Shelf) -> Grid:
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
    for note in table.part(NOTES):
        figure = table.figure(note.id, "completed")
        held = Cell((say.in_notes(figure).removeprefix("in "),), "" if figure.shown else "quiet")
        cells = (*(_EMPTY for _ in drawn), held, _EMPTY, _EMPTY)
        rows.append(GridRow(note.label, (_TOO_FEW,) if note.withheld else cells, "quiet"))
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


def register(table: ReleasedTable, rates: Sequence[Rates], shelf: Shelf) -> Grid:
    """The courses with their sessions, who attended, and both response rates (report.md, Table 7)."""
    link, by_id = shelf.of(table), {one.row.id: one for one in rates}
    texts = ("Course", "Priority", "Sessions", "Booked", "Attended", "End of the day", "Follow-up")
    heads = tuple(Head(text, text in ("Sessions", "Booked", "Attended")) for text in texts)
    rows = []
    for row in table.rows:
        sessions = Cell((row.word("sessions"),), "" if row.word("sessions").isdigit() else "quiet")
        if row.withheld:
            few = (Cell((row.word("priority"),)), sessions, _TOO_FEW)
            rows.append(GridRow(row.label, few))
            continue
        booked, attended = (_cell(table.figure(row.id, name)) for name in ("booked", "attended"))
        if row.part == "total":
            label = " ".join(filter(None, (row.label, f"({row.word('note')})" if row.word("note") else "")))
            rows.append(GridRow(label, (_EMPTY, sessions, _EMPTY, attended, _EMPTY, _EMPTY), "strong"))
            continue
        about = Cell(tuple(filter(None, (row.word("priority"), row.word("why")))) or ("",))
        waves = (_wave(row, by_id, name) for name in ("day", "later"))
        rows.append(GridRow(row.label, (about, sessions, booked, attended, *waves)))
    return Grid(link.to, link.text, table.trace.title, heads, tuple(rows), _trace_notes(table), wide=True)


def _wave(row: ReleasedRow, by_id: Mapping[str, Rates], name: str) -> Cell:
    """One response rate of a course, with what it is of; "not applicable" where there are no sessions to count."""
    if not row.word(name):
        return Cell((row.word("sessions"),), "quiet")
    one = by_id.get(row.word(name))
    if one is None:
        return Cell(("no form was open",), "quiet")
    if one.row.withheld:
        return _TOO_FEW
    if one.attended.of is None:
        return Cell((f"about {say.number(one.finished)}; attendance {one.attendance.state}",), "quiet")
    return Cell((say.rate(one.attended, "who attended"),))


def replies(courses: Sequence[CourseFinding], shelf: Shelf) -> Grid:
    """Each course with its attendance and who replied (report.md, Table 7, the columns that can be filled)."""
    link = shelf.of(shelf.REPLIES)
    rows = []
    for course in courses:
        for one in course.replies:
            attended = (say.number(one.attendance), say.source_of(one.row, "attended"))
            cells = (
                Cell((one.row.label,)),
                Cell(tuple(filter(None, attended)), "" if one.attendance.shown else "quiet"),
                _cell(one.finished),
                Cell((say.rate(one.attended, "who attended"),))
                if one.attended.of
                else Cell((one.attendance.state,), "quiet"),
            )
            rows.append(GridRow(course.title, (cells[0], _TOO_FEW) if one.row.withheld else cells))
    heads = (Head("Course"), Head("Feedback"), Head("Attended", True), Head("Replied", True), Head("Response rate"))
    note = "The same numbers stand in the table of who took part. Attendances are not people."
    return Grid(link.to, link.text, "Courses, attendance and feedback", heads, tuple(rows), (note,), wide=True)


def figures(table: ReleasedTable, shelf: Shelf, first: str) -> Grid:
    """A released table as it stands: a row for each of its rows, a column for each of its columns."""
    link = shelf.of(table)
    alone = len(table.columns) == 1 and table.columns[0].id == PEOPLE
    heads = (Head(first), *(Head(column.label, True) for column in table.columns), *((Head("Share"),) if alone else ()))
    if table.withheld:
        rows: tuple[GridRow, ...] = (GridRow("All answers", (_NOT_SHOWN if table.why else _TOO_FEW,)),)
    else:
        rows = tuple(_figure_row(row, alone) for row in table.rows)
    return Grid(link.to, link.text, table.trace.title, heads, rows, _trace_notes(table))


def _figure_row(row: ReleasedRow, alone: bool) -> GridRow:
    if not alone:
        return GridRow(row.label, tuple(_with_share(figure) for figure in row.figures))
    figure = row.figures[0]
    share = Cell((say.percentage(figure),), percent=figure.percent)
    return GridRow(row.label, (_cell(figure), share), _TONES.get(row.part, ""))


def queries(tables: Sequence[ReleasedTable], shelf: Shelf) -> Grid:
    """What anyone needs to count each table again (R69)."""
    link = shelf.of(shelf.QUERIES)
    heads = ("Table", "Question", "Survey", "Collections", "What is counted", "Base", "Counted on")
    rows = tuple(
        GridRow(shelf.of(one).text, tuple(Cell(lines) for lines in _trace(one)), link=shelf.of(one).to)
        for one in tables
    )
    return Grid(link.to, link.text, "Every table and its source", tuple(map(Head, heads)), rows, wide=True)


def _trace(table: ReleasedTable) -> tuple[tuple[str, ...], ...]:
    trace = table.trace
    counted = say.day(trace.run.on)
    return (
        (trace.question,),
        (trace.survey,),
        trace.collections,
        (trace.only,),
        (say.sentence(say.base_words(table)),),
        (counted,),
    )


def _trace_notes(table: ReleasedTable) -> tuple[str, ...]:
    trace = table.trace
    where = (
        f"{trace.survey}. Collections: {say.listed(trace.collections)}." if trace.collections else f"{trace.survey}."
    )
    counted = f"{say.days(trace.run.period)}. Counted on {say.day(trace.run.on)}."
    who = f"Counted: {trace.only[:1].lower()}{trace.only[1:]}."
    return (*table.notes, f"Base: {say.base_words(table)}. {who}", f"{where} {counted}")


def _cell(figure: Figure) -> Cell:
    return Cell((say.number(figure),), "" if figure.shown else "quiet")


def _with_share(figure: Figure) -> Cell:
    share = say.percentage(figure)
    return Cell((say.number(figure) + (f" ({share})" if share else ""),), "" if figure.shown else "quiet")
