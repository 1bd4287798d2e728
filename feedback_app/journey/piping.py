"""What a name in braces says: an earlier answer in the words the person saw. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from feedback_app.journey.plan import Plan
from feedback_app.questions.asked import Answer
from feedback_app.questions.registry import type_of

NOT_SAID = "…"


def values(plan: Plan, live: Mapping[str, Answer]) -> Callable[[str], str | None]:
    """Return what tells the value of a name. A question that was left blank says `…`."""

    def value_of(name: str) -> str | None:
        asked = plan.asked.get(name)
        return (", ".join(type_of(asked).shown(asked, live)) or NOT_SAID) if asked else None

    return value_of
