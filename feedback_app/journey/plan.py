"""Lay a survey out as screens, once for each version and language. Knows nothing of answers.

A screen is one question, one row of a grid, the words shown after a knowledge question, or the help card at the end of
a sensitive part. The help card is for everyone, whatever they answered: a card that came only after "no" would tell
anyone looking on what was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from wtforms import Form

from feedback_app.definitions.easy import in_easy_words
from feedback_app.definitions.shortened import shortened
from feedback_app.definitions.survey import Page, Question, Survey
from feedback_app.i18n.placeholders import names
from feedback_app.questions.asked import Asked, QuestionType
from feedback_app.questions.registry import TYPES, form_of, type_of

Kind = Literal["question", "feedback", "help"]


@dataclass(frozen=True, eq=False, slots=True)
class Screen:
    """One screen. `id` is its address: the question's id, which says nothing of its subject in a browser's history."""

    id: str
    kind: Kind
    part: int
    question: Question
    asked: Asked
    items: tuple[Asked, ...]  # what it takes an answer to: two for a row of a pair grid, none for words to read
    form: type[Form]
    type: QuestionType
    opens_part: bool
    pipes: bool  # whether its words name an earlier answer

    @property
    def answers(self) -> bool:
        """Whether the screen takes an answer."""
        return bool(self.items)


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """One page of the survey file: a part that can have a title, an opening line, a condition and ways on."""

    page: Page
    screens: tuple[Screen, ...]
    told: tuple[Asked, ...]  # what nobody is asked, because the link tells it


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """A survey in one language, laid out. Information at the very beginning belongs to the start page."""

    survey: Survey
    opening: tuple[Question, ...]
    parts: tuple[Part, ...]
    screens: dict[str, Screen]
    asked: dict[str, Asked]
    part_numbers: dict[str, int]
    easy: bool = False

    @property
    def pictures(self) -> bool:
        """Whether questions show their pictures: beside easy words, and always in a survey for children."""
        return self.easy or self.survey.audience == "child"

    @property
    def first(self) -> Screen:
        """Where everyone begins."""
        return next(screen for part in self.parts for screen in part.screens)


def lay_out(survey: Survey, *, easy: bool = False, short: bool = False) -> Plan:
    """Lay out a survey that has been checked; in its easy words, or in its short version, if that is asked for."""
    survey = in_easy_words(survey) if easy else survey
    survey = shortened(survey, told=lambda question: not TYPES[question.type].seen) if short else survey
    shown = (question for question in survey.pages[0].questions if TYPES[question.type].seen)
    opening = tuple(takewhile(lambda question: question.type == "info", shown))
    parts = tuple(
        Part(page, tuple(_screens(survey, number, page, opening)), tuple(_told(survey, page)))
        for number, page in enumerate(survey.pages)
    )
    screens = {screen.id: screen for part in parts for screen in part.screens}
    items = {part: [item for screen in part.screens for item in screen.items] for part in parts}
    asked = {one.id: one for part in parts for one in (*part.told, *items[part])}
    numbers = {page.id: number for number, page in enumerate(survey.pages)}
    return Plan(survey, opening, parts, screens, asked, numbers, easy)


def _screens(survey: Survey, number: int, page: Page, opening: tuple[Question, ...]) -> Iterator[Screen]:
    questions = [q for q in page.questions if q not in opening and TYPES[q.type].seen and _in_mode(survey, q)]
    for question in questions:
        choices = survey.choices_of(question)
        for row in question.rows or (None,):
            asked = Asked(question, choices, row)
            opens = question is questions[0] and row in (None, question.rows[:1] and question.rows[0])
            yield _screen(asked.id, "question", page, number, asked, opens=opens)
        if question.feedback:
            yield _screen(f"{question.id}.after", "feedback", page, number, Asked(question, choices))
    if page.sensitive and page.questions:
        last = page.questions[-1]
        yield _screen(f"{page.id}.help", "help", page, number, Asked(last, survey.choices_of(last)))


def _told(survey: Survey, page: Page) -> Iterator[Asked]:
    for question in page.questions:
        if not TYPES[question.type].seen and _in_mode(survey, question):
            yield Asked(question, survey.choices_of(question))


def _in_mode(survey: Survey, question: Question) -> bool:
    return question.only_mode in ("", survey.mode)


def _screen(ident: str, kind: Kind, page: Page, number: int, asked: Asked, *, opens: bool = False) -> Screen:
    question = asked.question
    spoken = [page.title, page.intro, question.label, question.hint, question.feedback]
    spoken += [text for choice in asked.choices for text in (choice.label, choice.hint)]
    spoken += [column.label for column in question.columns]
    pipes = any(names(text) for text in [*spoken, asked.row.label if asked.row else ""])
    kindred = type_of(asked)
    items = kindred.parts(asked) if kind == "question" and kindred.asks else ()
    return Screen(ident, kind, number, question, asked, items, form_of(asked), kindred, opens, pipes)
