"""Lay a survey out for paper and make an accessible PDF of it. Knows surveys and words; knows nothing of answers.

What the software does on a screen is said in words here (directions.py): who answers a question, and where to go next.
What is asked, in which order and with which ids, is the same on both, so that answers on paper can be typed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path
from typing import Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import Area, Signpost
from feedback_app.definitions.survey import Choice, Page, Question, Survey
from feedback_app.documents import pdf
from feedback_app.documents.directions import Direction, Directions, Words, plain
from feedback_app.i18n.fallen import show_marks
from feedback_app.questions.boxes import LONGEST_OTHER
from feedback_app.questions.consent import AGREES
from feedback_app.questions.paragraph import LONGEST
from feedback_app.questions.registry import TYPES

_HERE: Final = Path(__file__).parent
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
STANDARD, LARGE = 12, 18  # points; nothing on the paper is smaller
PAGE_WIDTH = 510  # points between the margins of A4
LETTER = 0.5  # of the size of the type, on average
BOX = 2.45  # of the size of the type: a box and the room around it
LETTERS_A_LINE = 100  # of handwriting on two lines; people write larger than they type
MOST_LINES = 10
TABLE_MOST = 5
OTHER_FONTS = ('"Noto Naskh Arabic"', '"DejaVu Sans"', "sans-serif")  # of the machine, where ours were not fetched
FACE = re.compile(r"@font-face \{.*?\}")
PARTS_OF_A_FACE = re.compile(r'font-family: "(?P<family>[^"]+)".*?url\("(?P<file>[^"]+)"\)')

Spread = Literal["in-a-row", "columns", "list", "table"]
Shape = Literal["info", "choices", "grid", "pair-grid", "rank", "lines", "boxes"]
#: How each question type is drawn. A type that is not here stops the print: nothing may be left out without a word.
SHAPES: Final[Mapping[str, Shape]] = {
    "info": "info",
    "consent": "choices",
    "single": "choices",
    "scale": "choices",
    "symbols": "choices",
    "place": "choices",
    "multi": "choices",
    "grid": "grid",
    "pair-grid": "pair-grid",
    "rank": "rank",
    "text": "lines",
    "paragraph": "lines",
    "number": "boxes",
    "date": "boxes",
    "year-month": "boxes",
}


@dataclass(frozen=True, slots=True)
class Blank:
    """What a blank form is made from."""

    survey: Survey  # as paper can ask it (on_paper.py), in the language and the words of the form
    area: Area
    signposts: tuple[Signpost, ...]
    words: Words
    draft: bool  # nobody has checked these words yet
    large: bool = False
    easy: bool = False

    @property
    def size(self) -> int:
        """The size of the type, in points."""
        return LARGE if self.large else STANDARD

    @property
    def pictures(self) -> bool:
        """Whether questions show their pictures: beside easy words, and always in a survey for children."""
        return self.easy or self.survey.audience == "child"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice to tick."""

    label: str
    hint: str
    drawing: str
    alt: str
    opens_box: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One question as it is drawn."""

    id: str
    shape: Shape
    label: str
    hint: str
    options: tuple[Option, ...]
    spread: Spread
    several: bool
    most: int
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    lines: int
    boxes: tuple[tuple[str, int], ...]  # what each box is for, and how many digits it takes
    after: Direction | None
    picture: str
    alt: str


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that follow one another and are for the same people."""

    only_if: Direction | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the survey."""

    title: str
    intro: str
    only_if: Direction | None
    skippable: bool
    groups: tuple[Group, ...]
    onward: tuple[Direction, ...]
    sensitive: bool


def write(blank: Blank, folders: Mapping[str, Path]) -> bytes:
    """Make the PDF.

    Args:
        folders: "static" holds the style sheets of our fonts and, where they were fetched, the fonts; "drawings" holds
            the symbols.

    Raises:
        FeedbackError: the survey has a question type that paper does not know, or Pango is not on this machine.
    """
    return pdf.from_html(page(blank), styles(blank, folders["static"]), folders)


def page(blank: Blank) -> str:
    """The form as an HTML document."""
    survey, words = blank.survey, blank.words
    opening = tuple(takewhile(lambda question: question.type == "info", survey.pages[0].questions))
    html = _TEMPLATES.get_template("paper.html.jinja").render(
        _=words,
        say=words.say,
        plural=words.plural,
        pgettext=words.help,
        locale=words.locale,
        blank=blank,
        survey=survey,
        opening=[plain(question.label) for question in opening],
        notice=plain(survey.notice),
        sections=tuple(sections(survey, words, blank.size, opening)),
        feedback=[(one.id, plain(one.feedback)) for one in survey.questions.values() if one.feedback],
    )
    return show_marks(html, words.locale)


def styles(blank: Blank, static: Path) -> str:
    """The style sheet: our fonts, the sizes, the layout."""
    sheet = (_HERE / "paper.css").read_text(encoding="utf-8")
    return f"{fonts(blank.words.locale.script, blank.size, static)}\n{sheet}"


def fonts(script: str, size: int, static: Path) -> str:
    """Our fonts, that of a script first, and the size of the type in points."""
    scripts = dict.fromkeys((script, "latin", *sorted(_scripts(static))))
    faces = [face for one in scripts for face in _faces(static / f"font-{one}.css")]
    families = list(dict.fromkeys(family for family, _ in faces))
    stack = ", ".join([*(f'"{family}"' for family in families), *OTHER_FONTS])
    fixed = f"font-size: {size}pt; font-family: {stack}"
    return "\n".join([*(rule for _, rule in faces), f":root {{ {fixed} }} @page {{ {fixed} }}"])


def _scripts(static: Path) -> Iterator[str]:
    for file in static.glob("font-*.css"):
        yield file.stem.removeprefix("font-")


def _faces(sheet: Path) -> Iterator[tuple[str, str]]:
    """The faces of one of our style sheets, each with its family, if its file was fetched.

    A family that is kept in several files (Latin letters, and those with marks) is named by file: WeasyPrint takes two
    files of one name for one font, and would draw the letters of one with the shapes of the other.
    """
    for rule in FACE.findall(sheet.read_text(encoding="utf-8") if sheet.exists() else ""):
        found = PARTS_OF_A_FACE.search(rule)
        if found and (sheet.parent / found["file"]).exists():
            family = f"{found['family']} {Path(found['file']).stem.rpartition('-')[0]}"
            yield family, rule.replace(found["family"], family).replace(found["file"], f"ours:/static/{found['file']}")


def sections(survey: Survey, words: Words, size: int, opening: tuple[Question, ...] = ()) -> Iterator[Section]:
    """The parts of the survey, each with what it needs on paper."""
    directions = Directions(survey, words)
    for one in survey.pages:
        groups = tuple(_groups(survey, words, size, [q for q in one.questions if q not in opening]))
        if groups:
            yield _section(one, directions, groups)


def _section(one: Page, directions: Directions, groups: tuple[Group, ...]) -> Section:
    return Section(
        title=plain(one.title),
        intro=plain(one.intro),
        only_if=directions.part_only_if(one.show_when) if one.show_when else None,
        skippable=one.skippable,
        groups=groups,
        onward=tuple(directions.onward(one)),
        sensitive=one.sensitive,
    )


def _groups(survey: Survey, words: Words, size: int, asked: list[Question]) -> Iterator[Group]:
    directions = Directions(survey, words)
    for rule, together in groupby(asked, key=lambda question: question.show_when):
        questions = list(together)
        items = tuple(_items(survey, words, size, questions))
        yield Group(directions.only_if(rule, [question.id for question in questions]) if rule else None, items)


def _items(survey: Survey, words: Words, size: int, questions: list[Question]) -> Iterator[Item]:
    for question in questions:
        if question.type not in SHAPES:
            raise FeedbackError(f'Question {question.id} cannot be printed: paper knows no type "{question.type}".')
        yield _item(survey, words, size, question)


def _item(survey: Survey, words: Words, size: int, question: Question) -> Item:
    shape, choices = SHAPES[question.type], survey.choices_of(question)
    return Item(
        id=question.id,
        shape=shape,
        label=plain(question.label),
        hint=plain(question.hint),
        options=tuple(map(_option, choices)),
        spread=_spread(choices, size, shape),
        several=TYPES[question.type].several,
        most=question.max_select or 0,
        rows=tuple(plain(row.label) for row in question.rows),
        columns=tuple(plain(column.label) for column in question.columns),
        lines=_lines(question) if shape == "lines" else 0,
        boxes=_boxes(question, words) if shape == "boxes" else (),
        after=Directions(survey, words).stop(question, AGREES) if question.id == survey.consent else None,
        picture=question.easy.image if question.easy else "",
        alt=question.easy.alt if question.easy else "",
    )


def _option(choice: Choice) -> Option:
    return Option(plain(choice.label), plain(choice.hint), choice.symbol, choice.alt, choice.other)


def _spread(choices: tuple[Choice, ...], size: int, shape: Shape) -> Spread:
    """How the options lie: in a table, on one line, in two columns, or one below the other."""
    widths = [(len(choice.label) * LETTER + BOX) * size for choice in choices]
    if not widths:
        return "list"
    roomy = not any(choice.hint or choice.other for choice in choices)
    if shape == "grid" and len(choices) <= TABLE_MOST and sum(widths) < PAGE_WIDTH * 0.62 and roomy:
        return "table"
    if roomy and sum(widths) < PAGE_WIDTH:
        return "in-a-row"
    return "columns" if len(choices) > 5 and max(widths) < PAGE_WIDTH * 0.46 else "list"


def _lines(question: Question) -> int:
    """How many lines to write on, by how many letters may be typed."""
    longest = question.max or (LONGEST if question.type == "paragraph" else LONGEST_OTHER)
    return max(1 if question.type == "text" else 3, min(MOST_LINES, -(-longest // LETTERS_A_LINE)))


def _boxes(question: Question, words: Words) -> tuple[tuple[str, int], ...]:
    day, month, year = (words("Day"), 2), (words("Month"), 2), (words("Year"), 4)
    match question.type:
        case "date":
            return day, month, year
        case "year-month":
            return month, year
    return (("", len(str(question.max or 999))),)
