"""Sort the answers of a finished survey: closed ones apart from the person's own words. Knows no storage."""

from __future__ import annotations

from feedback_app.journey.path import Path
from feedback_app.journey.plan import Plan
from feedback_app.questions.asked import Answer
from feedback_app.questions.registry import type_of


def sorted_out(plan: Plan, path: Path) -> tuple[dict[str, Answer], dict[str, str]]:
    """Part the answers that count into closed ones and the person's own words."""
    closed: dict[str, Answer] = {}
    texts: dict[str, str] = {}
    for asked in plan.asked.values():
        answer = path.live.get(asked.id)
        if answer is None or not asked.question.store:
            continue  # off the way, or skipped with its whole part: never answered, and not left blank either
        if type_of(asked).text and isinstance(answer, str) and answer:
            texts[asked.id] = answer
        else:
            closed[asked.id] = answer
        own = path.live.get(asked.other_id)
        if isinstance(own, str) and own:
            texts[asked.other_id] = own
    return closed, texts
