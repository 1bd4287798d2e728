"""A survey as paper can ask it: without what only a link can tell, and without what only a link leads to.

Nobody is asked a question of the type `auto`, so on paper it has no answer. Every rule that asks about one is worked
out as far as that goes: what can never be shown is taken out, what is always shown needs no rule. Printing and typing
in both start from here, so that they ask the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import chain

from feedback_app.definitions.rules import Rule
from feedback_app.definitions.survey import END, Jump, Page, Question, Survey
from feedback_app.questions.registry import TYPES

Worked = Rule | bool | None


def on_paper(survey: Survey) -> Survey:
    """The survey with the same questions, ids and options, but for those that paper cannot ask."""
    untold = {question.id for question in survey.questions.values() if _is_untold(question)}
    pages = [_page(survey, page, untold) for page in survey.pages if _worked(page.show_when, untold) is not False]
    kept = [page for page in pages if page.questions]
    order = [page.id for page in survey.pages]
    kept = [page.model_copy(update={"next": _onward(page, order, {one.id for one in kept})}) for page in kept]
    # Made anew, not copied: a copy would carry the lookup of the survey's questions along.
    return Survey.model_construct(
        **{**{name: getattr(survey, name) for name in Survey.model_fields}, "pages": tuple(kept)}
    )


def _page(survey: Survey, page: Page, untold: Collection[str]) -> Page:
    questions = [q for q in page.questions if q.id not in untold and q.only_mode in ("", survey.mode)]
    asked = tuple(
        question.model_copy(update={"show_when": _rule(question.show_when, untold)})
        for question in questions
        if _worked(question.show_when, untold) is not False
    )
    jumps = tuple(
        jump.model_copy(update={"when": _rule(jump.when, untold)})
        for jump in page.next
        if _worked(jump.when, untold) is not False
    )
    return page.model_copy(update={"questions": asked, "next": jumps, "show_when": _rule(page.show_when, untold)})


def _onward(page: Page, order: list[str], kept: Collection[str]) -> tuple[Jump, ...]:
    """The ways on: one that leads to a part that is not there leads to the next part that is."""

    def target(goto: str) -> str:
        after = order[order.index(goto) :] if goto != END else []
        return next(chain((part for part in after if part in kept), (END,)))

    return tuple(jump.model_copy(update={"goto": target(jump.goto)}) for jump in page.next)


def _is_untold(question: Question) -> bool:
    kind = TYPES.get(question.type)
    return kind is not None and not kind.seen


def _rule(rule: Rule | None, untold: Collection[str]) -> Rule | None:
    worked = _worked(rule, untold)
    return worked if isinstance(worked, Rule) else None


def _worked(rule: Rule | None, untold: Collection[str]) -> Worked:
    """A rule as far as it can be worked out: true, false, or what is left of it."""
    if rule is None:
        return None
    if not rule.rules:
        return rule.holds({}) if rule.question in untold else rule
    inside = [_worked(one, untold) for one in rule.rules]
    if rule.operator == "not":
        return not inside[0] if isinstance(inside[0], bool) else replace(rule, rules=_left(inside))
    ends = rule.operator == "or"  # one true ends an "or", one false ends an "and"
    if ends in inside:
        return ends
    left = _left(inside)
    return (left[0] if len(left) == 1 else replace(rule, rules=left)) if left else not ends


def _left(worked: list[Worked]) -> tuple[Rule, ...]:
    return tuple(one for one in worked if isinstance(one, Rule))
