"""Check what a schema cannot say of a survey: ids, rules, routes, names in braces. Tells every problem at once.

Knows question types only by the `Kind` it is given, so that a new type needs no change here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from feedback_app.core.errors import BadFile, did_you_mean
from feedback_app.definitions import content, reading_age
from feedback_app.definitions.load import Place, Source, shape
from feedback_app.definitions.rules import Rule
from feedback_app.definitions.survey import AREA_LIST, END, Choice, Easy, Page, Question, Survey
from feedback_app.i18n import placeholders
from feedback_app.i18n.locales import LOCALES
from feedback_app.i18n.survey_texts import texts

EVERY_TYPE = frozenset(
    {"id", "type", "label", "hint", "show_when", "only_mode", "easy", "report", "sensitive", "trend", "store"}
)
NOT_HERE = {
    "email": "addresses are never among answers. They belong on the contact page of a training collection, "
    "which this version does not have yet."
}
HARDEST = 5  # sentences that a survey is told of when it is too hard to read
RESERVED = frozenset({"check", "thank-you", "goodbye", "what-you-said", "letters", "certificate"})
RESERVED_SURVEYS = frozenset({"class", "help", "leave", "left", "return", "health", "static", "staff", *LOCALES})
RESERVED_SURVEYS |= {"receipt", "accessibility", "privacy", "you-said-we-did", "no-more-letters"}


class Kind(Protocol):
    """What the linter asks of a question type."""

    @property
    def keys(self) -> frozenset[str]:
        """Keys that this type allows beside those that every question has."""

    @property
    def needs(self) -> frozenset[str]:
        """Keys that it cannot do without."""

    @property
    def asks(self) -> bool:
        """Whether there is anything to answer."""

    @property
    def seen(self) -> bool:
        """Whether anybody sees it; not what the link tells."""

    @property
    def text(self) -> bool:
        """Whether the answer is in the person's own words."""

    @property
    def written(self) -> bool:
        """Whether the answer is a number or a date, so that it need not be one of the choices."""

    def misfits(self, question: Question, choices: tuple[Choice, ...]) -> Iterator[tuple[str, str]]:
        """What is wrong with a question of this type: the key, and what to do."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a survey may refer to: question types, local words and lists, codebooks with their frames, drawings."""

    kinds: Mapping[str, Kind]
    area_words: frozenset[str] = frozenset()
    area_lists: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    codebooks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    drawings: frozenset[str] = frozenset()


def check_survey(source: Source, around: Surroundings) -> Survey:
    """Give a survey file its shape and check it.

    Raises:
        BadFile: every problem, each with its line and, where a name is nearly right, a did-you-mean.
    """
    survey, problems = shape(source, Survey)
    if survey is None:
        raise BadFile(problems)
    found = _Findings(source, survey, around)
    problems += [source.problem(place, what) for place, what in found.all()]
    problems += [source.problem(("audience",), what) for what in _too_hard(source, survey)]
    if problems:
        raise BadFile(problems)
    return survey


def _too_hard(source: Source, survey: Survey) -> Iterator[str]:
    reading = reading_age.read(survey)
    if reading.too_hard:
        hardest = ", ".join(f"line {source.line(sentence.place)}" for sentence in reading.over[:HARDEST])
        yield (
            f"this survey reads at grade {reading.grade:.1f}, and for {survey.audience} the most is {reading.limit}. "
            f"Use shorter sentences and everyday words. The hardest: {hardest}."
        )


Found = Iterator[tuple[Place, str]]


class _Findings:
    def __init__(self, source: Source, survey: Survey, around: Surroundings) -> None:
        self.document = source.content
        self.survey = survey
        self.around = around
        self.order = {question.id: number for number, (_, question) in enumerate(self._questions())}
        self.page_order = {page.id: number for number, page in enumerate(survey.pages)}

    def all(self) -> Found:
        yield from self._survey()
        yield from self._ids()
        for name, choices in self.survey.choices.items():
            yield from self._choices(choices, ("choices", name))
        for place, question in self._questions():
            yield from self._question(place, question)
        yield from self._pair()
        yield from self._rules()
        yield from self._routes()
        yield from self._braces()
        yield from content.rules(self.survey, self.around.kinds, self._all_choices)

    def _questions(self) -> Iterator[tuple[Place, Question]]:
        for at, page in enumerate(self.survey.pages):
            for number, question in enumerate(page.questions):
                yield ("pages", at, "questions", number), question

    def _survey(self) -> Found:
        survey = self.survey
        for number, code in enumerate(survey.languages):
            if code not in LOCALES:
                yield ("languages", number), f'there is no language "{code}".{did_you_mean(code, LOCALES)}'
        if survey.source_language not in survey.languages:
            yield ("languages",), f'the source language "{survey.source_language}" is missing from the languages.'
        if survey.codebook and survey.codebook not in self.around.codebooks:
            near = did_you_mean(survey.codebook, self.around.codebooks)
            yield ("codebook",), f'there is no codebook "{survey.codebook}".{near}'
        consent = survey.questions.get(survey.consent)
        if survey.consent and (consent is None or consent.type != "consent"):
            near = did_you_mean(survey.consent, [q.id for q in survey.questions.values() if q.type == "consent"])
            yield ("consent",), f'"{survey.consent}" is not a question of the type "consent".{near}'
        if not any(self._is_shown(question) for question in survey.questions.values()):
            yield ("pages",), "there is nothing to answer in this survey."
        for number, ident in enumerate(survey.short):
            if ident not in self.order:
                yield ("short", number), f'there is no question "{ident}".{did_you_mean(ident, self.order)}'
        for at, entry in enumerate(survey.provenance):
            for number, ident in enumerate(entry.questions):
                if ident not in self.order:
                    place = ("provenance", at, "questions", number)
                    yield place, f'there is no question "{ident}".{did_you_mean(ident, self.order)}'

    def _ids(self) -> Found:
        if self.survey.survey in RESERVED_SURVEYS:
            yield ("survey",), f'"{self.survey.survey}" is the address of one of our own pages. Choose another id.'
        for place, question in self._questions():
            if question.id in RESERVED:
                yield (*place, "id"), f'"{question.id}" is the address of one of our own pages. Choose another id.'
        for place in _again((("pages", at, "id"), page.id) for at, page in enumerate(self.survey.pages)):
            yield place, "this page id is used before. Each page needs its own."
        for place in _again(((*place, "id"), question.id) for place, question in self._questions()):
            yield place, "this question id is used before. Each question needs its own."

    def _choices(self, choices: tuple[Choice, ...], place: Place) -> Found:
        for again in _again(((*place, number, "value"), choice.value) for number, choice in enumerate(choices)):
            yield again, "this value is used before in the same list."
        for number, choice in enumerate(choices):
            if choice.symbol and choice.symbol not in self.around.drawings:
                near = did_you_mean(choice.symbol, self.around.drawings)
                yield (*place, number, "symbol"), f'there is no drawing "{choice.symbol}".{near}'
            if choice.symbol and not choice.alt:
                yield (
                    (*place, number, "symbol"),
                    f'the drawing of "{choice.value}" needs "alt": what it shows, in words.',
                )

    def _question(self, place: Place, question: Question) -> Found:
        kind = self.around.kinds.get(question.type)
        if kind is None:
            near = did_you_mean(question.type, self.around.kinds)
            none = NOT_HERE.get(question.type, f'there is no question type "{question.type}".{near}')
            yield (*place, "type"), f"question {question.id}: {none}"
            return
        written = question.model_fields_set
        for key in sorted(written - EVERY_TYPE - kind.keys):
            yield (*place, key), f'question {question.id}: a question of the type "{question.type}" has no "{key}".'
        for key in sorted(kind.needs - written):
            yield place, f'question {question.id}: a question of the type "{question.type}" needs "{key}".'
        if isinstance(question.choices, str):
            yield from self._named_list((*place, "choices"), question, question.choices)
        else:
            yield from self._choices(question.choices, (*place, "choices"))
        yield from self._also(place, question)
        if question.easy and question.easy.image:
            yield from self._picture((*place, "easy"), question.easy)
        for key, what in kind.misfits(question, self._all_choices(question)) if kind.needs <= written else ():
            yield (*place, key), f"question {question.id}: {what}"
        for again in _again(((*place, "columns", at, "id"), column.id) for at, column in enumerate(question.columns)):
            yield again, f"question {question.id}: this column id is used before."
        for again in _again(((*place, "rows", number, "id"), row.id) for number, row in enumerate(question.rows)):
            yield again, f"question {question.id}: this row id is used before."
        if question.report:
            yield from self._frames((*place, "report", "frames"), question.report.frames)
        for number, row in enumerate(question.rows):
            yield from self._frames((*place, "rows", number, "frames"), row.frames)

    def _picture(self, place: Place, easy: Easy) -> Found:
        if easy.image not in self.around.drawings:
            near = did_you_mean(easy.image, self.around.drawings)
            yield (*place, "image"), f'there is no drawing "{easy.image}".{near}'
        if not easy.alt:
            yield (*place, "image"), 'the picture needs "alt": what it shows, in words.'

    def _also(self, place: Place, question: Question) -> Found:
        yield from self._choices(question.also, (*place, "also"))
        listed = {choice.value for choice in self._all_choices(question)[: -len(question.also) or None]}
        for number, choice in enumerate(question.also):
            if choice.value in listed:
                yield (*place, "also", number, "value"), f'"{choice.value}" is a value of the list too.'

    def _named_list(self, place: Place, question: Question, name: str) -> Found:
        if name.startswith(AREA_LIST):
            known, short = self.around.area_lists, name.removeprefix(AREA_LIST)
            if short not in known:
                yield place, f'question {question.id}: the area has no list "{short}".{did_you_mean(short, known)}'
        elif name not in self.survey.choices:
            near = did_you_mean(name, self.survey.choices)
            yield place, f'question {question.id}: there is no list of choices "{name}".{near}'

    def _frames(self, place: Place, frames: Iterable[str]) -> Found:
        known = self.around.codebooks.get(self.survey.codebook)
        for number, frame in enumerate(frames if known is not None else ()):
            if frame not in (known or ()):
                yield (*place, number), f'the codebook has no frame "{frame}".{did_you_mean(frame, known or ())}'

    def _pair(self) -> Found:
        pair = self.survey.pair
        if pair is None:
            return
        for key, ident in (("promise", pair.promise), ("objectives", pair.objectives)):
            if ident and ident not in self.order:
                yield ("pair", key), f'there is no question "{ident}".{did_you_mean(ident, self.order)}'
        for number, ident in enumerate(pair.only_default):
            question, _, inner = ident.partition(".")
            place: Place = ("pair", "only_default", number)
            if question not in self.order:
                yield place, f'there is no question "{question}".{did_you_mean(question, self.order)}'
                continue
            held = self.survey.questions[question]
            known = [*(row.id for row in held.rows), *(choice.value for choice in self._all_choices(held))]
            if inner and inner not in known:
                yield place, f'question {question} has no row or choice "{inner}".{did_you_mean(inner, known)}'
        if pair.promise and pair.kept_days is None:
            yield ("pair", "promise"), "say after how many days these words are deleted: kept_days."
        if pair.unless:
            yield from self._rule(("pair", "unless"), pair.unless, len(self.order))

    def _rules(self) -> Found:
        for at, page in enumerate(self.survey.pages):
            first = self.order[page.questions[0].id]
            last = self.order[page.questions[-1].id]
            if page.show_when:
                yield from self._rule(("pages", at, "show_when"), page.show_when, first)
            for number, jump in enumerate(page.next):
                if jump.when:
                    yield from self._rule(("pages", at, "next", number, "when"), jump.when, last + 1)
        for place, question in self._questions():
            if question.show_when:
                yield from self._rule((*place, "show_when"), question.show_when, self.order[question.id])
            if question.picked_from:
                yield from self._rule(
                    (*place, "picked_from"), Rule("answered", question.picked_from), self.order[question.id]
                )

    def _rule(self, place: Place, rule: Rule, before: int) -> Found:
        for part in rule.asks():
            ident, _, row = part.question.partition(".")
            question = self.survey.questions.get(ident)
            if question is None:
                yield place, f'the rule asks about "{ident}", which is no question.{did_you_mean(ident, self.order)}'
                continue
            if self.order[ident] >= before:
                yield place, f'the rule asks about "{ident}", which comes later. A rule looks backwards only.'
            rows = [f"{row.id}.{c.id}" for row in question.rows for c in question.columns]
            rows = rows or [held.id for held in question.rows]
            if row and row not in rows:
                yield place, f'the rule asks about row "{row}" of "{ident}".{did_you_mean(row, rows)}'
            elif rows and not row:
                yield place, f'"{ident}" has rows: write "{ident}.{rows[0]}" for the one that is meant.'
            kind = self.around.kinds.get(question.type)
            values = [choice.value for choice in self._all_choices(question)] if kind and not kind.written else []
            for value in part.values if values and not part.counted else ():
                if value not in values:
                    yield (
                        place,
                        f'the rule compares "{ident}" with "{value}", which it cannot be.'
                        + did_you_mean(value, values),
                    )

    def _all_choices(self, question: Question) -> tuple[Choice, ...]:
        if isinstance(question.choices, str) and question.choices.startswith(AREA_LIST):
            return (*self.around.area_lists.get(question.choices.removeprefix(AREA_LIST), ()), *question.also)
        return self.survey.choices_of(question)

    def _routes(self) -> Found:
        leads: dict[int, set[int]] = {}
        for at, page in enumerate(self.survey.pages):
            leads[at] = set(self._leads(at, page))
            for number, jump in enumerate(page.next):
                place = ("pages", at, "next", number, "goto")
                if jump.goto != END and jump.goto not in self.page_order:
                    near = did_you_mean(jump.goto, [*self.page_order, END])
                    yield place, f'"goto" leads to "{jump.goto}", and there is no such page.{near}'
                elif jump.goto != END and self.page_order[jump.goto] <= at:
                    yield place, f'"goto" leads back to "{jump.goto}", so a person could go round for ever.'
        reached, waiting = {0}, [0]
        while waiting:
            for target in leads[waiting.pop()] - reached:
                reached.add(target)
                waiting.append(target)
        for at, page in enumerate(self.survey.pages):
            if at not in reached:
                yield ("pages", at, "id"), f'no way leads to the page "{page.id}".'

    def _leads(self, at: int, page: Page) -> Iterator[int]:
        always = False
        for jump in page.next:
            target = self.page_order.get(jump.goto, -1)
            if target > at:
                yield target
            always = always or jump.when is None
        if (not always or page.show_when) and at + 1 < len(self.survey.pages):
            yield at + 1

    def _braces(self) -> Found:
        for text in texts(self.document):
            here = self._order_at(text.path)
            for name in sorted(placeholders.names(text.english)):
                if name in self.around.area_words:
                    continue
                if name not in self.order:
                    near = did_you_mean(name, [*self.order, *self.around.area_words])
                    yield text.path, f'"{{{name}}}" is no question before this and no word of the area.{near}'
                elif self.order[name] >= here:
                    yield text.path, f'"{{{name}}}" is asked later. Only an earlier answer can be named.'
                elif text.path[-1] == "alt" or not self._has_one_answer(name):
                    yield text.path, f'"{{{name}}}" cannot be named here: there is no one answer to put in its place.'

    def _has_one_answer(self, name: str) -> bool:
        question = self.survey.questions[name]
        return not question.rows and self._asks(question)

    def _is_shown(self, question: Question) -> bool:
        kind = self.around.kinds.get(question.type)
        seen = kind is None or kind.seen
        return seen and self._asks(question) and question.only_mode in ("", self.survey.mode)

    def _asks(self, question: Question) -> bool:
        kind = self.around.kinds.get(question.type)
        return kind is None or kind.asks

    def _order_at(self, path: Place) -> int:
        match path:
            case ("pages", int() as at, "questions", int() as number, *_):
                return self.order[self.survey.pages[at].questions[number].id]
            case ("pages", int() as at, *_):
                return self.order[self.survey.pages[at].questions[0].id]
        return 0 if path and path[0] != "choices" else len(self.order)


def _again(entries: Iterable[tuple[Place, str]]) -> Iterator[Place]:
    seen: Counter[str] = Counter()
    for place, name in entries:
        seen[name] += 1
        if seen[name] > 1:
            yield place
