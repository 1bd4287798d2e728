"""A survey's routes and checks as plain data, for a tablet that follows them with no network (static/outreach.js).

What the tablet seals is walked and checked again by `path.walk` and the forms when it is taken in: they decide.
"""

from __future__ import annotations

from typing import Any

from feedback_app.definitions.rules import Rule
from feedback_app.definitions.survey import END
from feedback_app.journey.plan import Part, Plan, Screen
from feedback_app.questions import number, paragraph, rank
from feedback_app.questions.asked import OTHER
from feedback_app.questions.boxes import LONGEST_OTHER
from feedback_app.questions.pair_grid import PAIR
from feedback_app.questions.year_month import LIMITS

# The types whose checks outreach.js knows. A survey with any other cannot be carried.
TYPES = frozenset(
    {"info", "consent", "single", "scale", "symbols", "grid", "pair-grid", "place", "multi", "rank"}
    | {"number", "date", "year-month", "text", "paragraph", "auto"}
)


def can_carry(plan: Plan) -> bool:
    """Whether a tablet can follow the survey with no network."""
    return all(question.type in TYPES for question in plan.survey.questions.values())


def carried(plan: Plan) -> dict[str, Any]:
    """The parts and the screens, in order."""
    return {
        "consent": plan.survey.consent,
        "parts": [_part(plan, part) for part in plan.parts],
        "screens": [_screen(screen) for part in plan.parts for screen in part.screens],
    }


def limits(plan: Plan) -> set[int]:
    """Every number that a message about a limit can name."""
    checks = [_check(screen) for screen in plan.screens.values() if screen.answers]
    return {number for check in checks for number in (check.get("most", 0), *check.get("longest", {}).values())}


def _part(plan: Plan, part: Part) -> dict[str, Any]:
    page = part.page
    ways = [
        {"when": _rule(jump.when), "goto": len(plan.parts) if jump.goto == END else plan.part_numbers[jump.goto]}
        for jump in page.next
    ]
    return {"id": page.id, "when": _rule(page.show_when), "next": ways, "shown": bool(part.screens)}


def _screen(screen: Screen) -> dict[str, Any]:
    question = screen.question
    choices = screen.asked.choices
    return {
        "id": screen.id,
        "kind": screen.kind,
        "part": screen.part,
        "question": question.id,
        "asked": screen.asked.id,
        "when": _rule(question.show_when) if screen.kind != "help" else None,
        "opens": screen.opens_part,
        "required": question.required and screen.answers,
        "items": {item.id: names for item, names in zip(screen.items, _fields(screen), strict=True)},
        "mixed": [choice.value for choice in choices] if question.random_order else [],
        "apart": [c.value for c in choices if c.exclusive or c.missing or c.other or c.value == OTHER],
        "check": _check(screen) if screen.answers else {},
    }


def _fields(screen: Screen) -> list[list[str]]:
    """The names of the fields that each answer of a screen is made of."""
    if not screen.items:
        return []
    if screen.type.name == "pair-grid":
        return [[name] for name in PAIR]
    return [[name for name in screen.type.fields(screen.asked) if name != OTHER]]


def _check(screen: Screen) -> dict[str, Any]:
    question, choices = screen.question, screen.asked.choices
    boxes = sorted(screen.asked.opens_box)
    longest: dict[str, int] = {OTHER: LONGEST_OTHER} if boxes else {}
    match screen.type.name:
        case "multi":
            alone = [choice.value for choice in choices if choice.exclusive or choice.missing]
            return {"most": question.max_select or 0, "alone": alone, "longest": longest, "boxes": boxes}
        case "rank":
            return {"places": list(rank.PLACES)}
        case "text" | "paragraph":
            return {"longest": {"answer": question.max or paragraph.LONGEST}}
        case "number":
            least = number.LEAST if question.min is None else question.min
            return {"number": [least, number.MOST if question.max is None else question.max]}
        case "date" | "year-month":
            parts = [part for part in LIMITS if part in screen.type.fields(screen.asked)]
            return {"date": {part: list(LIMITS[part][:2]) for part in parts}}
    return {"longest": longest, "boxes": boxes}


def _rule(rule: Rule | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    return {
        "is": rule.operator,
        "of": rule.question,
        "counted": rule.counted,
        "values": list(rule.values),
        "rules": [_rule(inside) for inside in rule.rules],
    }
