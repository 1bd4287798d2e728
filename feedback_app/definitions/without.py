"""A survey without some of its questions: every rule that asks about one is worked out as if nobody answered it.

What can then never be shown is taken out, and what is always shown needs no rule. A way on to a part that is gone leads
to the next part that is not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import chain

from feedback_app.definitions.rules import Rule
from feedback_app.definitions.survey import END, Jump, Page, Survey

Worked = Rule | bool | None


def without(survey: Survey, unasked: Collection[str], hidden: Collection[str] = ()) -> Survey:
    """The survey with the same questions, ids and options, but for some questions.

    Args:
        unasked: ids of questions that nobody can answer; rules about them are worked out.
        hidden: ids of questions that go too, and whose rules stay as they are.
    """
    pages = [_page(page, unasked, hidden) for page in survey.pages if worked(page.show_when, unasked) is not False]
    kept = [page for page in pages if page.questions]
    order = [page.id for page in survey.pages]
    kept = [page.model_copy(update={"next": _onward(page, order, {one.id for one in kept})}) for page in kept]
    # Made anew, not copied: a copy would carry the lookup of the survey's questions along.
    return Survey.model_construct(
        **{**{name: getattr(survey, name) for name in Survey.model_fields}, "pages": tuple(kept)}
    )


def without_parts(survey: Survey, parts: Collection[str]) -> Survey:
    """The survey without whole parts."""
    gone = [page for page in survey.pages if page.id in parts]
    return without(survey, {question.id for page in gone for question in page.questions}) if gone else survey


def worked(rule: Rule | None, unasked: Collection[str]) -> Worked:
    """A rule as far as it can be worked out: true, false, or what is left of it."""
    if rule is None:
        return None
    if not rule.rules:
        return rule.holds({}) if rule.question.partition(".")[0] in unasked else rule
    inside = [worked(one, unasked) for one in rule.rules]
    if rule.operator == "not":
        return not inside[0] if isinstance(inside[0], bool) else replace(rule, rules=_left(inside))
    ends = rule.operator == "or"  # one true ends an "or", one false ends an "and"
    if ends in inside:
        return ends
    left = _left(inside)
    return (left[0] if len(left) == 1 else replace(rule, rules=left)) if left else not ends


def _page(page: Page, unasked: Collection[str], hidden: Collection[str]) -> Page:
    questions = [question for question in page.questions if question.id not in unasked and question.id not in hidden]
    asked = tuple(
        question.model_copy(update={"show_when": _rule(question.show_when, unasked)})
        for question in questions
        if worked(question.show_when, unasked) is not False
    )
    jumps = tuple(
        jump.model_copy(update={"when": _rule(jump.when, unasked)})
        for jump in page.next
        if worked(jump.when, unasked) is not False
    )
    return page.model_copy(update={"questions": asked, "next": jumps, "show_when": _rule(page.show_when, unasked)})


def _onward(page: Page, order: list[str], kept: Collection[str]) -> tuple[Jump, ...]:
    """The ways on: one that leads to a part that is not there leads to the next part that is."""

    def target(goto: str) -> str:
        after = order[order.index(goto) :] if goto != END else []
        return next(chain((part for part in after if part in kept), (END,)))

    return tuple(jump.model_copy(update={"goto": target(jump.goto)}) for jump in page.next)


def _rule(rule: Rule | None, unasked: Collection[str]) -> Rule | None:
    found = worked(rule, unasked)
    return found if isinstance(found, Rule) else None


def _left(found: list[Worked]) -> tuple[Rule, ...]:
    return tuple(one for one in found if isinstance(one, Rule))
