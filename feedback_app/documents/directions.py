"""Say a survey's routes in plain words, for paper: who answers a question, and where to go next. Knows no layout.

On a screen the software leads a person past what is not for them. On paper the person leads themselves, so every rule
of the closed rule language (definitions/rules.py) has a sentence here. A rule of several parts is a sentence and the
list of its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Literal, Protocol

from babel import Locale as BabelLocale
from babel.lists import format_list
from markupsafe import Markup, escape

from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.rules import COMPARE, Rule
from feedback_app.definitions.survey import END, Choice, Jump, Page, Question, Survey
from feedback_app.i18n.locales import SOURCE, Locale
from feedback_app.i18n.placeholders import APART, PLACEHOLDER, TOGETHER
from feedback_app.questions.asked import QuestionType
from feedback_app.questions.registry import TYPES

NOT_SAID, NOTHING = "…", Markup()
OPPOSITE = {"==": "!=", "!=": "==", ">": "<=", "<": ">=", ">=": "<", "<=": ">"}


class Words(Protocol):
    """The application's words in one language."""

    @property
    def locale(self) -> Locale:
        """The language."""

    def __call__(self, text: str) -> str:
        """The words for an English text."""

    def help(self, context: str, text: str) -> str:
        """The words for an English text about help."""

    def say(self, text: str, **values: object) -> Markup:
        """The words for an English text with `{names}` filled."""

    def plural(self, singular: str, plural: str, number: int | str, **values: object) -> Markup:
        """The words for an English text that counts `{number}` of something."""


@dataclass(frozen=True, slots=True)
class Direction:
    """One sentence, and the parts it lists, each of which may list parts of its own."""

    words: Markup
    parts: tuple[Direction, ...] = ()


@dataclass(frozen=True, slots=True)
class _Condition:
    """A rule: one clause ("you picked No in Q1"), or several of which all or any must be true."""

    clause: Markup = NOTHING
    joined: Literal["", "all", "any"] = ""
    parts: tuple[_Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Directions:
    """The routes of one survey in one language."""

    survey: Survey
    words: Words

    def only_if(self, rule: Rule, questions: list[str]) -> Direction:
        """Who answers these questions, which follow one another."""
        if len(questions) == 1:
            return self._direction(self.words("Answer this only if {condition}."), rule)
        lead = self.words("Answer {first} to {last} only if {condition}.")
        return self._direction(lead, rule, first=apart(questions[0]), last=apart(questions[-1]))

    def part_only_if(self, rule: Rule) -> Direction:
        """Who answers a whole part."""
        return self._direction(self.words("Answer this part only if {condition}."), rule)

    def onward(self, page: Page) -> Iterator[Direction]:
        """Where to go after a part."""
        for jump in page.next:
            yield self._jump(jump)

    def stop(self, question: Question, agrees: str) -> Direction:
        """What to do after saying no to taking part."""
        others = [choice for choice in self.survey.choices_of(question) if choice.value != agrees]
        said = self.words("If you picked {values}, stop here. That is fine. You do not have to say why.")
        return Direction(_fill(said, values=self._any_of(others)))

    def _jump(self, jump: Jump) -> Direction:
        if jump.goto == END:
            if jump.when is None:
                return Direction(escape(self.words("You have finished. Go to the last page.")))
            return self._direction(self.words("If {condition}, you have finished. Go to the last page."), jump.when)
        target = apart(self._first_of(jump.goto))
        if jump.when is None:
            return Direction(_fill(self.words("Now go to {question}."), question=target))
        return self._direction(self.words("If {condition}, go to {question}."), jump.when, question=target)

    def _first_of(self, page: str) -> str:
        """The first question of a part that has something to answer; a part that only tells is known by its title."""
        found = next(one for one in self.survey.pages if one.id == page)
        asked = [question.id for question in found.questions if TYPES[question.type].asks]
        return asked[0] if asked else plain(found.title or found.questions[0].label)

    def _direction(self, lead: str, rule: Rule, **values: Markup) -> Direction:
        return self._listed(lead, self._condition(rule), **values)

    def _listed(self, lead: str, condition: _Condition, **values: Markup) -> Direction:
        if not condition.joined:
            return Direction(_fill(lead, condition=condition.clause, **values))
        clauses = [part.clause for part in condition.parts if not part.joined]
        if len(clauses) == len(condition.parts) == 2:
            both, either = self.words("{one} and {other}"), self.words("{one} or {other}")
            joined = _fill(both if condition.joined == "all" else either, one=clauses[0], other=clauses[1])
            return Direction(_fill(lead, condition=joined, **values))
        every, some = self.words("all of these are true"), self.words("one of these is true")
        inside = tuple(self._listed("{condition}", part) for part in condition.parts)
        all_or_any = escape(every if condition.joined == "all" else some)
        return Direction(_fill(lead, condition=all_or_any, **values), inside)

    def _condition(self, rule: Rule, negated: bool = False) -> _Condition:
        match rule.operator:
            case "not":
                return self._condition(rule.rules[0], not negated)
            case "and" | "or":
                if len(rule.rules) == 1:
                    return self._condition(rule.rules[0], negated)
                parts = tuple(self._condition(inside, negated) for inside in rule.rules)
                return _Condition(joined="all" if (rule.operator == "and") is not negated else "any", parts=parts)
        return _Condition(self._clause(rule, negated))

    def _clause(self, rule: Rule, negated: bool) -> Markup:
        question, name = self._asked_about(rule)
        if rule.operator == "answered":
            given, empty = self.words("you gave an answer to {question}"), self.words("you left {question} empty")
            return _fill(empty if negated else given, question=name)
        if rule.counted:
            return self._counted(OPPOSITE[rule.operator] if negated else rule.operator, rule.values[0], name)
        choices, kind = self.survey.choices_of(question), TYPES[question.type]
        written = kind.written and not {choice.value for choice in choices}.issuperset(rule.values)
        if choices and not written:
            return self._picked(rule, negated, choices, name, kind)
        return self._written(rule, negated, name)

    def _counted(self, operator: str, number: str, name: Markup) -> Markup:
        said = {
            ">": self.words("you picked more than {number} in {question}"),
            ">=": self.words("you picked {number} or more in {question}"),
            "<": self.words("you picked fewer than {number} in {question}"),
            "<=": self.words("you picked {number} or fewer in {question}"),
            "==": self.words("you picked exactly {number} in {question}"),
            "!=": self.words("you did not pick exactly {number} in {question}"),
        }
        return _fill(said[operator], number=apart(number), question=name)

    def _picked(
        self, rule: Rule, negated: bool, choices: tuple[Choice, ...], name: Markup, kind: QuestionType
    ) -> Markup:
        picked = [choice for choice in choices if choice.value in rule.values]
        if rule.operator in COMPARE:
            if kind.several:
                raise FeedbackError(f"A rule compares the several answers of {rule.question}: this cannot be said.")
            # On paper people see the words of a scale and not its numbers.
            picked = [choice for choice in choices if rule.holds({rule.question: choice.value})]
        only = kind.several and rule.operator in ("==", "!=", "all-in")
        no = negated is not (rule.operator == "!=")
        if only:
            said = (
                self.words("you did not pick only {values} in {question}")
                if no
                else self.words("you picked only {values} in {question}")
            )
        else:
            said = (
                self.words("you did not pick {values} in {question}")
                if no
                else self.words("you picked {values} in {question}")
            )
        return _fill(said, values=self._any_of(picked), question=name)

    def _written(self, rule: Rule, negated: bool, name: Markup) -> Markup:
        number = apart(rule.values[0])
        compared = {
            ">": self.words("what you wrote in {question} is more than {number}"),
            ">=": self.words("what you wrote in {question} is {number} or more"),
            "<": self.words("what you wrote in {question} is less than {number}"),
            "<=": self.words("what you wrote in {question} is {number} or less"),
        }
        if rule.operator in COMPARE:
            clause = _fill(compared[rule.operator], question=name, number=number)
            # Not the opposite comparison: who wrote nothing is meant too.
            return _fill(self.words("it is not true that {condition}"), condition=clause) if negated else clause
        values = self._or([_strong(value) for value in rule.values])
        if negated is not (rule.operator == "!="):
            return _fill(self.words("you did not write {values} in {question}"), values=values, question=name)
        return _fill(self.words("you wrote {values} in {question}"), values=values, question=name)

    def _asked_about(self, rule: Rule) -> tuple[Question, Markup]:
        """The question of a rule, and what it is called on the paper: its id, with the words of a row or column."""
        ident, *inside = rule.question.split(".")
        question = self.survey.questions[ident]
        labels = {part.id: part.label for part in question.rows} | {part.id: part.label for part in question.columns}
        named = [plain(labels[part]) for part in inside]
        return question, apart(f"{ident} ({', '.join(named)})" if named else ident)

    def _any_of(self, choices: Iterable[Choice]) -> Markup:
        return self._or([_strong(plain(choice.label)) for choice in choices])

    def _or(self, listed: list[Markup]) -> Markup:
        """A list that ends in "or". Where Babel has no pattern of a language's own, its own words for two are used."""
        code = self.words.locale.dates
        if (
            code != SOURCE
            and BabelLocale.parse(code).list_patterns["or"] == BabelLocale.parse(SOURCE).list_patterns["or"]
        ):
            either = self.words("{one} or {other}")
            return reduce(lambda one, other: _fill(either, one=one, other=other), listed)
        return Markup(format_list([str(one) for one in listed], "or", locale=code))  # noqa: S704


def plain(text: str) -> str:
    """A text of the survey in which an earlier answer would stand: on paper nobody knows it, so it says `…`."""
    return PLACEHOLDER.sub(NOT_SAID, text)


def apart(text: str) -> Markup:
    """Words of another direction, set apart so that they keep their own order within a sentence."""
    return Markup("{}{}{}").format(APART, text, TOGETHER)


def _strong(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(apart(text))


def _fill(said: str, **values: Markup) -> Markup:
    return Markup(PLACEHOLDER.sub(lambda found: str(values[found[1]]), str(escape(said))))  # noqa: S704
