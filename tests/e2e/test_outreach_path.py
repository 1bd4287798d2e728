"""A tablet without a network follows a survey as the server does: the same screens, parts and refusals, by chance."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from werkzeug.datastructures import MultiDict

from feedback_app.core.settings import PROJECT
from feedback_app.journey.carried import TYPES, carried
from feedback_app.journey.path import walk
from feedback_app.journey.plan import Plan, Screen
from feedback_app.questions import registry
from feedback_app.questions.asked import Answer
from tests.factories import TEST_SURVEYS
from tests.tiny import tiny_plan

SCRIPT = (PROJECT / "feedback_app" / "web" / "static" / "outreach-path.js").read_text()
PEOPLE = 60
NUMBERS = ("3", "31", "0", "12", "2024", "1899", "29", "٣", "-1", "1.5", "9999999")
WRITTEN = ("", " ", "four", *NUMBERS, "x" * 101, "x" * 1001)
ASK = """([survey, people]) => people.map(person => {
  const wrong = survey.screens.filter(one => one.id in person.typed)
    .filter(one => outreach.wrong(one, person.typed[one.id])).map(one => one.id);
  const { screens, parts } = outreach.walk(survey, { screens: person.kept, skipped: person.skipped });
  return { wrong, screens: screens.map(one => one.id), parts };
})"""


def typed(screen: Screen, chance: random.Random) -> list[list[str]]:
    """What somebody may do on a screen, right or wrong."""
    pairs: list[list[str]] = []
    values = [choice.value for choice in screen.asked.choices]
    for name, field in screen.form()._fields.items():
        if name in screen.type.many:
            pairs += [[name, value] for value in values if chance.random() < 0.3]
        elif values and field.type in {"RadioField", "SelectField"}:
            pairs += [[name, value] for value in chance.sample(values, 1) if chance.random() < 0.8]
        else:
            pairs.append([name, chance.choice(WRITTEN)])
    return pairs


def person(plan: Plan, chance: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """Somebody, and what the server makes of them."""
    all_typed = {one.id: typed(one, chance) for one in plan.screens.values() if one.answers and chance.random() < 0.9}
    wrong, kept = [], {}
    answers: dict[str, Answer] = {}
    for ident, pairs in all_typed.items():
        screen = plan.screens[ident]
        form = screen.form(MultiDict([(name, value) for name, value in pairs]))
        if form.validate():
            kept[ident] = pairs
            answers |= screen.type.read(form, screen.asked)
        else:
            wrong.append(ident)
    skippable = [part.page.id for part in plan.parts if part.page.skippable]
    skipped = [part for part in skippable if chance.random() < 0.3]
    path = walk(plan, answers, skipped)
    said = {"wrong": wrong, "screens": [one.id for one in path.screens], "parts": list(path.parts)}
    return {"typed": all_typed, "kept": kept, "skipped": skipped}, said


@pytest.mark.parametrize("seed", [1])
def test_it_follows_every_survey_as_the_server_does(browser: Browser, seed: int) -> None:
    chance, page = random.Random(seed), browser.new_page()
    page.evaluate(SCRIPT)
    differ: dict[str, Any] = {}
    for name in sorted(file.stem for file in Path(TEST_SURVEYS).glob("*.yaml")):
        plan = tiny_plan(name)
        people = [person(plan, chance) for _ in range(PEOPLE)]
        survey = carried(plan)
        survey["screens"].sort(key=lambda one: list(plan.screens).index(one["id"]))
        for told, (given, said) in zip(page.evaluate(ASK, [survey, [one for one, _ in people]]), people, strict=True):
            told["wrong"].sort(), said["wrong"].sort()
            if told != said:
                differ.setdefault(name, (given, told, said))
    page.close()
    assert differ == {}


def test_every_type_of_question_can_be_carried() -> None:
    """A new type needs its checks in outreach-path.js, or has to be left out on purpose: then outreach refuses it."""
    assert registry.TYPES.keys() - TYPES == set()
