"""Write findings as a Word document with real headings, real tables and links. Takes the same blocks as the HTML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from itertools import count
from pathlib import Path
from typing import Final

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.font import Font
from docx.text.paragraph import Paragraph as DocxParagraph

from analysis.findings import Findings
from feedback_app.documents.blocks import (
    Block,
    Bullets,
    Grid,
    GridRow,
    Head,
    Heading,
    Notice,
    Numbers,
    Panels,
    Paragraph,
    Report,
    Results,
    Section,
    Terms,
)
from feedback_app.documents.outline import outline

_INK: Final = RGBColor(0x1B, 0x2A, 0x33)
_SOFT: Final = RGBColor(0x4A, 0x5B, 0x66)
_ACCENT: Final = RGBColor(0x0B, 0x5C, 0x6B)
_LINE: Final = "D4DCE0"
_LANGUAGE: Final = "en-GB"
_FONT: Final = "Calibri"


def write(findings: Findings, path: Path) -> None:
    """Write the report to the path, over any file of that name. The folder must exist."""
    report = outline(findings)
    document = Document()
    _prepare(document, report, findings)
    pen = _Pen(document)
    document.add_heading(report.title, level=0)
    for notice in report.notices:
        pen.draw(notice)
    for term, words in report.facts:
        pen.pair(term, words)
    pen.contents(report)
    for section in report.sections:
        pen.section(section)
    # Word needs a paragraph after the last table; these words stand in it.
    document.add_paragraph("End of the report.")
    document.save(str(path))


def _prepare(document: Doc, report: Report, findings: Findings) -> None:
    """Page, fonts, language and properties; python-docx's own author and remark are taken out."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    _number_pages(page.footer.paragraphs[0], report.title)
    if findings.is_example:
        _small(page.header.paragraphs[0].add_run("Example area: this is not evidence about a real place.").font)
    sizes = {"Normal": 11, "Title": 28, "Heading 1": 20, "Heading 2": 14.5, "Heading 3": 11.5, "Caption": 10.5}
    for name, size in sizes.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 - tells the type checker what these names are
        _dress(style, size)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if defaults is not None:
        defaults.set(qn("w:val"), _LANGUAGE)
    made = datetime.combine(findings.run.on, time(), tzinfo=UTC)
    properties = document.core_properties
    properties.title, properties.author, properties.language = report.title, findings.area, _LANGUAGE
    properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = made


def _number_pages(foot: DocxParagraph, title: str) -> None:
    """The title and the page's number, which Word and LibreOffice fill in."""
    _small(foot.add_run(f"{title} · page ").font)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = foot.add_run("1")
    _small(number.font)
    field.append(number._r)
    foot._p.append(field)


def _dress(style: ParagraphStyle, size: float) -> None:
    heading = style.name != "Normal"
    style.font.name, style.font.size = _FONT, Pt(size)
    style.font.color.rgb = _ACCENT if style.name == "Heading 3" else _INK
    style.font.bold = heading
    style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    language = OxmlElement("w:lang")
    for script in ("val", "eastAsia", "bidi"):
        language.set(qn(f"w:{script}"), _LANGUAGE)
    style.element.get_or_add_rPr().append(language)
    space = style.paragraph_format
    space.space_before, space.space_after = Pt(size if heading else 0), Pt(6)
    space.keep_with_next = heading
    space.line_spacing = 1.15


class _Pen:
    """Draws blocks at the end of one document, and numbers the places that links lead to."""

    def __init__(self, document: Doc) -> None:
        self._document = document
        self._marks = count(1)

    def section(self, section: Section) -> None:
        heading = self._document.add_heading(level=1)
        heading.paragraph_format.space_before = Pt(30)
        self._mark(heading, section.id)
        heading.add_run(" ".join(filter(None, (section.number, section.title))))
        for block in section.blocks:
            self.draw(block)

    def contents(self, report: Report) -> None:
        title = self._document.add_paragraph()
        title.paragraph_format.space_before = Pt(18)
        self._bold(title, "Contents")
        for section in report.sections:
            line = self._document.add_paragraph()
            line.paragraph_format.space_after = Pt(2)
            _link(line, " ".join(filter(None, (section.number, section.title))), section.id)

    def draw(self, block: Block) -> None:
        drawings: dict[type, Callable[..., None]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Bullets: self._bullets,
            Notice: self._notice,
            Terms: self._terms,
            Numbers: self._numbers,
            Panels: self._panels,
            Results: self._results,
            Grid: self._grid,
        }
        drawings[type(block)](block)

    def pair(self, term: str, words: str) -> None:
        line = self._document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        self._bold(line, f"{term}: ")
        line.add_run(words)

    def _heading(self, block: Heading) -> None:
        self._document.add_heading(block.text, level=block.level - 1)

    def _paragraph(self, block: Paragraph) -> None:
        run = self._document.add_paragraph().add_run(block.text)
        if block.style == "note":
            _small(run.font)

    def _bullets(self, block: Bullets) -> None:
        if block.label:
            label = self._document.add_paragraph()
            label.paragraph_format.space_before = Pt(8)
            label.paragraph_format.keep_with_next = True
            self._bold(label, block.label)
        for item in block.items:
            self._document.add_paragraph(item, style="List Bullet")

    def _notice(self, block: Notice) -> None:
        title = self._document.add_paragraph()
        self._bold(title, block.title)
        for paragraph in (title, *(self._document.add_paragraph(line) for line in block.lines)):
            _shade(paragraph)

    def _terms(self, block: Terms) -> None:
        for name, words in block.pairs:
            self.pair(name, words)

    def _numbers(self, block: Numbers) -> None:
        for number, label in block.pairs:
            line = self._document.add_paragraph()
            run = line.add_run(number)
            run.font.size, run.font.bold, run.font.color.rgb = Pt(20), True, _ACCENT
            line.add_run(f"  {label}")

    def _panels(self, block: Panels) -> None:
        for panel in block.panels:
            self._document.add_heading(panel.title, level=2)
            if not panel.lines:
                self._document.add_paragraph(panel.words)
            for title, words in panel.lines:
                line = self._document.add_paragraph(style="List Bullet")
                self._bold(line, title)
                line.add_run(f": {words}")

    def _results(self, block: Results) -> None:
        heads = tuple(map(Head, ("Question", "What people said", "Share", "All answers")))
        table = self._table(heads, (5.5, 7, 1.7, 2.8))
        for result in block.results:
            row = _add_row(table)
            _write(row.cells[0], result.question)
            _write(row.cells[1], result.sentence)
            _write(row.cells[2], result.share)
            _link(row.cells[3].paragraphs[0], result.table.text, result.table.to).size = Pt(10)
            row.cells[3].paragraphs[0].paragraph_format.space_before = Pt(2.5)

    def _grid(self, block: Grid) -> None:
        caption = self._document.add_paragraph(style="Caption")
        self._mark(caption, block.id)
        caption.add_run(f"{block.label}. {block.caption}")
        table = self._table(block.heads, _widths(block.heads), small=block.wide)
        for row in block.rows:
            self._grid_row(table, block, row)
        for note in block.notes:
            line = self._document.add_paragraph()
            line.paragraph_format.space_before = Pt(4 if note == block.notes[0] else 0)
            line.paragraph_format.space_after = Pt(14 if note == block.notes[-1] else 0)
            _small(line.add_run(note).font)

    def _grid_row(self, table: Table, block: Grid, row: GridRow) -> None:
        drawn = _add_row(table)
        head, *cells = drawn.cells
        if row.link:
            _link(head.paragraphs[0], row.head, row.link).size = Pt(8.5 if block.wide else 10)
            head.paragraphs[0].paragraph_format.space_before = Pt(2.5)
        else:
            _write(head, row.head, bold=row.tone == "strong", small=block.wide)
        for cell, spot, one in zip(row.cells, cells, block.heads[1:], strict=False):
            right = one.numeric and len(row.cells) == len(cells)
            _write(spot, "\n".join(cell.lines), bold=row.tone == "strong", small=block.wide, right=right)
        if len(row.cells) < len(cells):
            cells[len(row.cells) - 1].merge(cells[-1])

    def _table(self, heads: tuple[Head, ...], widths: tuple[float, ...], *, small: bool = False) -> Table:
        """A table with a head that Word repeats on every page and reads out with each cell."""
        table: Table = self._document.add_table(rows=1, cols=len(heads))
        table.autofit = False
        _rule_lines(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            _write(cell, head.text, bold=True, small=small, right=head.numeric)
        first = table.rows[0]._tr.get_or_add_trPr()
        first.append(OxmlElement("w:cantSplit"))
        first.append(OxmlElement("w:tblHeader"))
        return table

    def _mark(self, paragraph: DocxParagraph, name: str) -> None:
        """A place that links can lead to."""
        number = str(next(self._marks))
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(tag)
            mark.set(qn("w:id"), number)
            if tag == "w:bookmarkStart":
                mark.set(qn("w:name"), _bookmark(name))
            paragraph._p.append(mark)

    def _bold(self, paragraph: DocxParagraph, text: str) -> None:
        paragraph.add_run(text).bold = True


def _bookmark(name: str) -> str:
    """Word allows letters, digits and underscores only."""
    return name.replace("-", "_")


def _link(paragraph: DocxParagraph, text: str, to: str) -> Font:
    """Words that lead to a bookmark of the same document; underlined, so that it is not known by colour alone."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), _bookmark(to))
    run = paragraph.add_run(text)
    run.font.color.rgb, run.font.underline = _ACCENT, True
    link.append(run._r)
    paragraph._p.append(link)
    return run.font


def _write(cell: _Cell, text: str, *, bold: bool = False, small: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2.5)
    paragraph.paragraph_format.line_spacing = 1.05
    run = paragraph.add_run(text)
    run.bold = bold
    run.font.size = Pt(8.5 if small else 10)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_row(table: Table) -> _Row:
    """A row that stays on one page."""
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return row


def _widths(heads: tuple[Head, ...]) -> tuple[float, ...]:
    """Centimetres: 17 between the margins, shared so that words have more room than numbers."""
    parts = [1.2 if head.numeric else 1.6 for head in heads]
    parts[0] = 1.6 if len(heads) > 4 else 2.6
    return tuple(17.0 * part / sum(parts) for part in parts)


def _rule_lines(table: Table) -> None:
    """Thin lines between rows and none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_border(side))
    # The order of these properties is fixed, and Word refuses a file that breaks it.
    properties = table._tbl.tblPr
    later = [
        one for one in properties if one.tag in {qn(f"w:{name}") for name in ("tblLayout", "tblCellMar", "tblLook")}
    ]
    if later:
        later[0].addprevious(borders)
    else:
        properties.append(borders)


def _border(side: str, colour: str = _LINE, eighths: str = "4") -> BaseOxmlElement:
    """One line; its weight is in eighths of a point."""
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", "0"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    return line


def _shade(paragraph: DocxParagraph) -> None:
    """A bar at the side and a wash behind, for what must be read first."""
    properties = paragraph._p.get_or_add_pPr()
    borders, bar = OxmlElement("w:pBdr"), _border("left", "9A4A12", "36")
    bar.set(qn("w:space"), "8")
    borders.append(bar)
    wash = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "FDF6F0")):
        wash.set(qn(f"w:{name}"), value)
    # Word reads these two only in this place: after the style and what keeps lines together, before the spacing.
    properties.insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")
    properties.insert_element_before(wash, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _small(font: Font) -> None:
    font.size, font.color.rgb = Pt(9), _SOFT
