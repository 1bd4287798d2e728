"""Fit a mapping to its survey and its file: every heading, question, option, code and form it names must be there.

What fits becomes takers, worked out once; what does not is told with its line in the mapping, all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from analysis.codebook import Code, Codebook
from feedback_app.core.errors import BadFile, Problem, did_you_mean
from feedback_app.definitions.load import Place, Source
from feedback_app.definitions.mapping import Codes, Spoken, Taken, matched
from feedback_app.definitions.mapping import Mapping as Described
from feedback_app.i18n.locales import LOCALES
from feedback_app.journey.plan import Plan
from feedback_app.questions.asked import Asked
from feedback_app.questions.registry import type_of
from feedback_app.services.importing.table import Table
from feedback_app.services.importing.takers import (
    Asking,
    Box,
    Boxes,
    Day,
    Form,
    Known,
    Split,
    Taker,
    Typed,
    Written,
)

NO_REASON = "the mapping does not say why"
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Coded:
    """How a row's codes are taken: which codes, which way they lean, and on which text."""

    text: str
    codes: Taker
    direction: Known | str
    codebook: str
    codebook_version: str
    coder: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A mapping that fits: how each thing is taken out of a row.

    `not_taken`: the columns that are left, each with the mapping's reason. `unanswered`: questions of the survey that
    this file says nothing of.
    """

    day: Day | date
    language: Known | str
    asking: tuple[Asking, ...]
    coded: Coded | None
    not_taken: Mapping[str, str]
    unanswered: tuple[str, ...]


def fit(
    described: Described, source: Source, plan: Plan, table: Table, books: Mapping[str, Codebook], today: date
) -> Fit:
    """Fit a mapping.

    Raises:
        BadFile: everything in the mapping that does not fit, with its line.
    """
    fitting = _Fitting(described, source, plan, table, books, today)
    found = fitting.all()
    if fitting.problems:
        raise BadFile(fitting.problems)
    return found


class _Fitting:
    def __init__(
        self,
        described: Described,
        source: Source,
        plan: Plan,
        table: Table,
        books: Mapping[str, Codebook],
        today: date,
    ) -> None:
        self.described = described
        self.source = source
        self.plan = plan
        self.table = table
        self.books = books
        self.today = today
        self.problems: list[Problem] = []
        self.used: set[int] = set()
        self.answered_by: dict[int, str] = {}
        self.others = {asked.other_id: asked for asked in plan.asked.values() if asked.opens_box}
        self.forms: dict[str, Form] = {}

    def all(self) -> Fit:
        described = self.described
        day = self.day()
        language = self.language(described.language)
        for name, columns in described.forms.items():
            places = [self.at(("forms", name, n), column, kept=False) for n, column in enumerate(columns)]
            self.forms[name] = Form(tuple(places))
        taken = {name: self.asking(name, one) for name, one in described.answers.items()}
        order = [name for asked in self.plan.asked.values() for name in (asked.id, asked.other_id)]
        asking = tuple(found for name in order if (found := taken.get(name)))
        self.own_words_have_their_question(asking)
        coded = self.coded(described.codes) if described.codes else None
        unanswered = tuple(name for name in self.plan.asked if name not in taken)
        return Fit(day, language, asking, coded, self.left(), unanswered)

    def wrong(self, place: Place, what: str) -> None:
        self.problems.append(self.source.problem(place, what))

    def at(self, place: Place, heading: str, *, kept: bool = True) -> int:
        """Where a heading stands in the file; NOWHERE is never read from, since a problem is told."""
        plain = matched(heading)
        places = [at for at, known in enumerate(self.table.headings) if known == plain]
        if not places:
            near = did_you_mean(plain, filter(None, self.table.headings))
            self.wrong(place, f'{self.table.name} has no column "{heading}".{near}')
            return NOWHERE
        if len(places) > 1:
            self.wrong(place, f'{self.table.name} has {len(places)} columns called "{heading}". Rename all but one.')
        if kept:
            self.used.add(places[0])
        return places[0]

    def day(self) -> Day | date:
        dated = self.described.date
        if dated.fixed:
            if dated.fixed > self.today:
                self.wrong(("date", "fixed"), f"{dated.fixed} is after today.")
            return dated.fixed
        at = self.at(("date", "column"), dated.column)
        return Day(dated.column, at, dated.format, dated.pattern, self.today)

    def language(self, spoken: Spoken) -> Known | str:
        held = self.plan.survey.languages
        codes = [(("language", "values", words), code) for words, code in spoken.values.items()]
        for place, code in [*codes, *([(("language", "fixed"), spoken.fixed)] if spoken.fixed else [])]:
            if code not in LOCALES:
                self.wrong(place, f'there is no language "{code}".{did_you_mean(code, LOCALES)}')
            elif code not in held:
                self.wrong(place, f'"{code}" is not among the languages of the survey: {", ".join(held)}.')
        if spoken.fixed:
            return spoken.fixed
        at = self.at(("language", "column"), spoken.column)
        return Known(spoken.column, at, self.meanings(("language", "values"), spoken.values, {}))

    def asking(self, name: str, taken: Taken) -> Asking | None:
        place: Place = ("answers", name)
        asked = self.plan.asked.get(name) or self.others.get(name)
        if asked is None:
            self.wrong(place, self._no_question(name))
            return None
        if not asked.question.store:
            self.wrong(place, f'the answer to "{name}" is never stored, so it cannot be brought in.')
        text = type_of(asked).text or name == asked.other_id
        take = self.typed(place, taken) if text else self.closed(place, asked, taken)
        found = Asking(asked, name, take, text)
        for key, on_form in (("asked_on", True), ("not_asked_on", False)):
            if form := getattr(taken, key):
                if form not in self.forms:
                    self.wrong((*place, key), f'there is no form "{form}".{did_you_mean(form, self.forms)}')
                found = replace(found, form=self.forms.get(form), on_form=on_form)
        return found

    def _no_question(self, name: str) -> str:
        survey = self.plan.survey
        question = survey.questions.get(name)
        if question and question.rows:
            first = next(one for one in self.plan.asked if one.startswith(f"{name}."))
            return f'"{name}" has rows: write "{first}" for the one that is meant.'
        if question:
            return f'"{name}" is not a question that has an answer.'
        near = did_you_mean(name, [*self.plan.asked, *self.others])
        return f'the survey "{survey.survey}" has no question "{name}".{near}'

    def typed(self, place: Place, taken: Taken) -> Typed:
        if not taken.column or taken.values or taken.split:
            self.wrong(place, 'this is free text, so it takes "column" and no values.')
            return Typed(NOWHERE)
        return Typed(self.once((*place, "column"), taken.column))

    def closed(self, place: Place, asked: Asked, taken: Taken) -> Taker:
        labels = [matched(choice.label) for choice in asked.choices]
        # Two options with the same words cannot be told apart by them, so the mapping must.
        known = {matched(c.label): c.value for c in asked.choices if labels.count(matched(c.label)) == 1}
        several = type_of(asked).several
        if taken.columns:
            if not several or asked.question.type == "rank":
                self.wrong((*place, "columns"), f'"{asked.id}" takes "column", not "columns".')
            boxes = []
            for heading, value in taken.columns.items():
                here = (*place, "columns", heading)
                self.option(here, asked, value)
                boxes.append(Box(heading, self.once(here, heading), value))
            return _boxes(boxes, taken)
        for words, value in taken.values.items():
            if value:
                self.option((*place, "values", words), asked, value)
        at = self.once((*place, "column"), taken.column)
        each = Known(taken.column, at, self.meanings((*place, "values"), taken.values, known))
        if several and not taken.split:
            self.wrong(
                place, 'people could pick several here: write "columns", or "split" for what parts them in a cell.'
            )
        if taken.split and not several:
            self.wrong((*place, "split"), f'people could pick only one answer to "{asked.id}", so nothing is to split.')
        if type_of(asked).written:
            return Written(asked, each)
        return Split(each, taken.split) if taken.split else each

    def once(self, place: Place, heading: str) -> int:
        """Where a heading stands; a column answers one question only."""
        at, name = self.at(place, heading), str(place[1])
        if at != NOWHERE and self.answered_by.setdefault(at, name) != name:
            self.wrong(place, f'"{heading}" is taken for "{self.answered_by[at]}" already.')
        return at

    def option(self, place: Place, asked: Asked, value: str) -> None:
        if value not in asked.values:
            near = did_you_mean(value, asked.values)
            known = ", ".join(choice.value for choice in asked.choices)
            self.wrong(place, f'"{asked.id}" has no option "{value}". It has: {known}.{near}')

    def meanings(self, place: Place, values: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
        """What each cell means, as cells are compared: the mapping's lines before the survey's own words."""
        found: dict[str, str] = {}
        for words, value in values.items():
            plain = matched(words)
            if found.setdefault(plain, value) != value:
                self.wrong((*place, words), f'"{words}" is here twice, with two meanings.')
        return {**known, **found}

    def own_words_have_their_question(self, asking: Iterable[Asking]) -> None:
        names = {one.name for one in asking}
        for one in asking:
            if one.beside and one.asked.id not in names:
                self.wrong(("answers", one.name), f'these words stand beside "{one.asked.id}", which is not here.')

    def coded(self, codes: Codes) -> Coded | None:
        book = self.books.get(codes.codebook)
        if book is None:
            near = did_you_mean(codes.codebook, self.books)
            self.wrong(("codes", "codebook"), f'there is no codebook "{codes.codebook}".{near}')
            return None
        if self.plan.survey.codebook != codes.codebook:
            self.wrong(("codes", "codebook"), f'the codebook of the survey is "{self.plan.survey.codebook}".')
        asked = self.plan.asked.get(codes.text)
        if codes.text not in self.described.answers or asked is None or not type_of(asked).text:
            self.wrong(("codes", "text"), f'"{codes.text}" is not a free text of this mapping.')
        for key, given in (("columns", codes.columns), ("values", codes.values)):
            for words, code in given.items():
                self.code(("codes", key, words), book, code)
        direction: Known | str = codes.direction.fixed or ""
        if codes.direction.column:
            place: Place = ("codes", "direction")
            at = self.at((*place, "column"), codes.direction.column)
            meanings = self.meanings((*place, "values"), dict(codes.direction.values), {})
            direction = Known(codes.direction.column, at, meanings)
        return Coded(codes.text, self.codes_of(codes), direction, book.id, book.version, codes.coder)

    def codes_of(self, codes: Codes) -> Taker:
        if codes.column:
            at = self.at(("codes", "column"), codes.column)
            left = {matched(words): "" for themes in codes.left_out.values() for words in themes}
            for why, themes in codes.left_out.items():
                for number, words in enumerate(themes):
                    if words in codes.values:
                        self.wrong(("codes", "left_out", why, number), f'"{words}" is among the values too.')
            return Known(codes.column, at, self.meanings(("codes", "values"), codes.values, left))
        boxes = [Box(h, self.at(("codes", "columns", h), h), code) for h, code in codes.columns.items()]
        return _boxes(boxes, codes)

    def code(self, place: Place, book: Codebook, code: str) -> None:
        entry = next((entry for entry in book.entries if entry.code == code), None)
        if entry is None:
            near = did_you_mean(code, [entry.code for entry in book.entries])
            self.wrong(place, f'the codebook "{book.id}" has no code "{code}".{near}')
        elif isinstance(entry, Code) and entry.retired_on:
            use = f" Use {' or '.join(entry.replaced_by)}." if entry.replaced_by else ""
            self.wrong(place, f'"{code}" was retired on {entry.retired_on}.{use}')

    def left(self) -> dict[str, str]:
        """The columns that are not taken, each with its reason."""
        asking = {at for form in self.forms.values() for at in form.columns}
        reasons = dict.fromkeys(asking, "only tells which form a row is of")
        codes = self.described.codes
        given: list[tuple[Place, dict[str, tuple[str, ...]]]] = [(("left_out",), self.described.left_out)]
        if codes and codes.columns:
            given.append((("codes", "left_out"), codes.left_out))
        for place, left_out in given:
            for why, headings in left_out.items():
                for number, heading in enumerate(headings):
                    at = self.at((*place, why, number), heading, kept=False)
                    if at in self.used:
                        self.wrong((*place, why, number), f'"{heading}" is said to be left out, and is taken.')
                    reasons[at] = why
        return {
            heading or f"column {at + 1}, which has no heading": reasons.get(at, NO_REASON)
            for at, heading in enumerate(self.table.headings)
            if at not in self.used
        }


def _boxes(boxes: Sequence[Box], ticks: Taken | Codes) -> Boxes:
    ticked, unticked = (frozenset(map(matched, given)) for given in (ticks.ticked, ticks.unticked))
    return Boxes(tuple(boxes), ticked, unticked)
