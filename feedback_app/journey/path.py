"""Decide which screens a person passes, from their answers so far. Knows nothing of HTTP or storage."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from feedback_app.definitions.survey import END, Page
from feedback_app.journey.plan import Plan, Screen
from feedback_app.questions.asked import Answer, Answers


@dataclass(frozen=True, slots=True)
class Path:
    """The screens that a person passes, and the answers that count: those on the way, and no others.

    An answer that was given on a page since left by changing an earlier answer is kept in the draft, but is not on the
    path: it is not submitted, not counted and not exported.
    """

    screens: tuple[Screen, ...]
    live: dict[str, Answer]
    parts: tuple[int, ...]
    complete: bool  # False while a question that must be answered bars the way

    def at(self, screen: Screen) -> int:
        """The place of a screen on the path, or -1."""
        return next((place for place, passed in enumerate(self.screens) if passed.id == screen.id), -1)

    def after(self, screen: Screen) -> Screen | None:
        """The screen that follows, or None at the end."""
        place = self.at(screen) + 1
        return self.screens[place] if 0 < place < len(self.screens) else None

    def before(self, screen: Screen) -> Screen | None:
        """The screen that came before, or None at the start."""
        place = self.at(screen)
        return self.screens[place - 1] if place > 0 else None

    def resume(self) -> Screen | None:
        """Where a person who comes back goes on: after the last screen they answered; None when none is left."""
        answered = (place for place, screen in enumerate(self.screens) if any(i.id in self.live for i in screen.items))
        last = max(answered, default=-1)
        return self.screens[last + 1] if last + 1 < len(self.screens) else None

    def progress(self, screen: Screen) -> tuple[int, int]:
        """Which part this is, and of how many: parts, not percentages."""
        return self.parts.index(screen.part) + 1, len(self.parts)


def walk(plan: Plan, answers: Answers, skipped: Collection[str] = ()) -> Path:
    """Follow the routes of a survey with these answers.

    Args:
        answers: by stable name; blank answers are there as empty text.
        skipped: ids of the parts that the person chose to pass over whole.
    """
    screens: list[Screen] = []
    live: dict[str, Answer] = {}
    parts: list[int] = []
    number = 0
    while number < len(plan.parts):
        part = plan.parts[number]
        page = part.page
        if page.show_when and not page.show_when.holds(live):
            number += 1
            continue
        live |= {one.id: answers[one.id] for one in part.told if one.id in answers}
        if part.screens:
            parts.append(number)
        for screen in part.screens:
            if page.id in skipped and not screen.opens_part and screen.kind != "help":
                continue
            if _passed(screen, answers, live):
                screens.append(screen)
                if page.id not in skipped:
                    _take(screen, answers, live)
                if screen.question.required and not live.get(screen.asked.id):
                    return Path(tuple(screens), live, (*parts, *_ahead(plan, number)), complete=False)
        number = _next(plan, page, number, live)
    return Path(tuple(screens), live, tuple(parts), complete=True)


def _passed(screen: Screen, answers: Answers, live: dict[str, Answer]) -> bool:
    question = screen.question
    if screen.kind == "help":
        return True
    if question.show_when and not question.show_when.holds(live):
        return False
    return screen.kind != "feedback" or bool(answers.get(question.id))


def _take(screen: Screen, answers: Answers, live: dict[str, Answer]) -> None:
    for asked in screen.items:
        if asked.id not in answers:
            continue
        live[asked.id] = answers[asked.id]
        if asked.opens_box and asked.other_id in answers:
            live[asked.other_id] = answers[asked.other_id]


def _ahead(plan: Plan, number: int) -> list[int]:
    """The parts still to come, as far as can be told from here."""
    later = range(number + 1, len(plan.parts))
    return [number for number in later if plan.parts[number].screens and not plan.parts[number].page.show_when]


def _next(plan: Plan, page: Page, number: int, live: dict[str, Answer]) -> int:
    for jump in page.next:
        if jump.when is None or jump.when.holds(live):
            return len(plan.parts) if jump.goto == END else plan.part_numbers[jump.goto]
    return number + 1
