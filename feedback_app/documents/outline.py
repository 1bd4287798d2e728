"""Put findings in the order of the report, as blocks. Every writer takes its words and numbers from here.

Order and headings: report.md, section 4; parts that cannot be filled yet keep their number and say why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.disclosure import Figure
from analysis.findings import CommentFinding, Findings, FrameFinding, ItemFinding
from analysis.findings import sentences as say
from analysis.themes import NAMED_FROM
from feedback_app.documents.blocks import (
    Block,
    Bullets,
    Heading,
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
)
from feedback_app.documents.grids import Shelf, figures, participation, queries, register, replies, ways


def outline(findings: Findings) -> Report:
    """The whole report in blocks. The same findings always give the same report."""
    shelf = Shelf(findings)
    return Report(
        title=f"What we heard in {findings.area}",
        facts=(
            ("Area", findings.area),
            ("Period", say.days(findings.run.period)),
            ("Counted on", say.day(findings.run.on)),
        ),
        notices=tuple(_notices(findings)),
        sections=(
            Section("report-glance", "", "At a glance", tuple(_glance(findings))),
            Section("report-listened", "1", "How we listened", tuple(_listened(findings, shelf))),
            Section("report-method", "2", "How it was done", tuple(_method(findings, shelf))),
            Section("report-took-part", "3", "Who took part", tuple(_took_part(findings, shelf))),
            Section("report-heard", "4", "What we heard", tuple(_heard(findings, shelf))),
            Section("report-changed", "5", "What changed: you said, we did", tuple(_changed(findings))),
            Section("report-training", "6", "Training and what came of it", tuple(_training(findings, shelf))),
            Section(
                "report-little-progress",
                "7",
                "Where we saw little or no progress",
                (Bullets(findings.little_progress),),
            ),
            Section(
                "report-limits", "8", "Limits and protection", tuple(Paragraph(words) for words in findings.limits)
            ),
            Section("report-not-yet", "9", "Not in this report yet", tuple(_not_yet(findings))),
            Section("report-answers", "Annex A", "The answers to every question", tuple(_answers(findings, shelf))),
            Section("report-queries", "Annex B", "Where each figure comes from", tuple(_queries(findings, shelf))),
        ),
    )


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


def _listened(findings: Findings, shelf: Shelf) -> Iterable[Block]:
    if not findings.rates and not findings.notes:
        yield Paragraph(_nobody(findings))
        return
    yield ways(findings.rates, findings.notes, shelf)
    listed = [*(one.row for one in findings.rates), *findings.notes]
    yield from (Paragraph(f"{row.label}: {note}", "note") for row in listed if (note := row.word("note")))


def _method(findings: Findings, shelf: Shelf) -> Iterable[Block]:
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


def _took_part(findings: Findings, shelf: Shelf) -> Iterable[Block]:
    if findings.participation is None or not (findings.rates or findings.notes):
        yield Paragraph(_nobody(findings))
    else:
        yield participation(findings.participation, findings.rates, shelf)
    yield Heading("About the people who took part")
    yield from _results(findings.about_people, shelf, "No question about who people are was asked.")
    yield Heading("Who we did not hear from")
    yield Bullets(findings.not_heard)


def _heard(findings: Findings, shelf: Shelf) -> Iterable[Block]:
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


def _frame(frame: FrameFinding, shelf: Shelf) -> Iterable[Block]:
    yield Heading(frame.name, 4)
    yield from _results(frame.items, shelf, frame.words)
    for column, lines in frame.themes:
        yield Bullets(tuple(f"{one.theme}: {one.raised_by}" for one in lines), f"What people wrote · {column.label}")


def _results(items: Sequence[ItemFinding], shelf: Shelf, otherwise: str) -> Iterable[Block]:
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


def _comments(comments: Sequence[CommentFinding], shelf: Shelf) -> Iterable[Block]:
    if not comments:
        yield Paragraph("No comments were collected in this period.")
    for one in comments:
        yield from (Paragraph(words) for words in one.words)
        if one.themes.rows:
            yield figures(one.themes, shelf, "Theme")
        yield figures(one.coding, shelf, "State")


def _changed(findings: Findings) -> Iterable[Block]:
    yield from (Paragraph(f"Not in this report yet. {one.why}") for one in findings.not_yet if one.id == "changed")


def _training(findings: Findings, shelf: Shelf) -> Iterable[Block]:
    if findings.register:
        yield register(findings.register, findings.rates, shelf)
    if not findings.courses:
        yield Paragraph("No feedback on training was counted in this period, so nothing can be said of its effect.")
    else:
        yield Paragraph("Ratings are the learners' own view. Attendances are not people.", "lead")
        yield replies(findings.courses, shelf)
    for course in findings.courses:
        yield Heading(course.title)
        yield from (Paragraph(words) for words in course.words)
        for level in course.levels:
            yield from _frame(level, shelf)
    if findings.paired:
        yield Heading("Before, now and later")
    for table in findings.paired:
        yield figures(table, shelf, "How confident to…")
    comments = [one for one in findings.comments if one.section == "training"]
    if comments:
        yield Heading("What people wrote about training")
        yield from _comments(comments, shelf)


def _not_yet(findings: Findings) -> Iterable[Block]:
    yield Paragraph("A full yearly report has these parts too. This one cannot fill them, and says why.", "lead")
    yield Terms(tuple((one.title, one.why) for one in findings.not_yet))


def _answers(findings: Findings, shelf: Shelf) -> Iterable[Block]:
    if not findings.items:
        yield Paragraph("No answers to any question were counted in this period.")
    survey = ""
    for one in findings.items:
        title = " · ".join(filter(None, (one.item.survey_title, one.item.course)))
        if title != survey:
            survey = title
            yield Heading(title)
        yield figures(one.table, shelf, "Answer")


def _queries(findings: Findings, shelf: Shelf) -> Iterable[Block]:
    yield Paragraph(
        f"Each table can be counted again from what stands here. {_counted(findings)}",
    )
    if findings.tables:
        yield queries(findings.tables, shelf)
    else:
        yield Paragraph("There are no tables in this report.")


def _counted(findings: Findings) -> str:
    run, runs = findings.run, {one.trace.run for one in findings.tables}
    if runs <= {run}:
        return f"The period of all is {say.days(run.period)}; all were counted on {say.day(run.on)}."
    return f"The period is {say.days(run.period)}, but for tables of an earlier report: each of them names its own."


def _plain(figure: Figure) -> str:
    return say.number(figure) if figure.shown else "too few to report"


def _nobody(findings: Findings) -> str:
    if findings.participation is None:
        return "No survey was open in this period."
    if findings.participation.why:
        return findings.participation.why
    return "Too few people took part to report how many, without a risk of giving somebody away."
