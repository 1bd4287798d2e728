"""A preview pack for a head teacher: every question of a survey, and which parts can be left out. In English."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feedback_app.definitions.area import Area, Signpost
from feedback_app.definitions.survey import Question, Survey
from feedback_app.documents import paper, pdf
from feedback_app.documents.directions import plain
from feedback_app.questions.registry import TYPES

_HERE: Final = Path(__file__).parent
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
SIZE = 12


@dataclass(frozen=True, slots=True)
class Preview:
    """What the pack is made of."""

    survey: Survey
    area: Area
    signposts: tuple[Signpost, ...]
    title: str  # the collection's: the survey, and to whom it is open
    can_go: frozenset[str]
    left_out: Collection[str]
    on: date


@dataclass(frozen=True, slots=True)
class Line:
    """One question as the pack shows it."""

    id: str
    label: str
    hint: str
    rows: tuple[str, ...]
    choices: tuple[str, ...]
    words: bool  # it is answered in one's own words
    some: bool  # only some people are asked


def write(one: Preview, folders: Mapping[str, Path]) -> bytes:
    """The PDF.

    Args:
        folders: "static" holds our fonts.

    Raises:
        FeedbackError: Pango is not on this machine.
    """
    style = (_HERE / "preview.css").read_text(encoding="utf-8")
    return pdf.from_html(page(one), f"{paper.fonts('latin', SIZE, folders['static'])}\n{style}", folders)


def page(one: Preview) -> str:
    """The pack as an HTML document."""
    parts = [(part, tuple(_lines(one.survey, part.questions))) for part in one.survey.pages]
    shown = [(part, lines) for part, lines in parts if lines]
    return _TEMPLATES.get_template("preview.html.jinja").render(one=one, parts=shown, plain=plain)


def _lines(survey: Survey, questions: tuple[Question, ...]) -> Iterator[Line]:
    for question in questions:
        kind = TYPES.get(question.type)
        if kind is None or not kind.seen or question.only_mode not in ("", survey.mode):
            continue
        yield Line(
            question.id,
            plain(question.label),
            plain(question.hint),
            tuple(plain(row.label) for row in question.rows),
            tuple(plain(choice.label) for choice in survey.choices_of(question)),
            kind.text,
            question.show_when is not None,
        )
