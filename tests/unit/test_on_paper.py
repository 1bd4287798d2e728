"""A survey as paper can ask it: what only a link can tell is taken out, and rules are worked out without it."""

from __future__ import annotations

from typing import Any

import pytest

from feedback_app.definitions import rules
from feedback_app.definitions.survey import Survey
from feedback_app.definitions.without import worked
from feedback_app.documents.on_paper import on_paper
from tests.tiny import tiny

LINK, SAID = {"answered": "A1"}, {"==": [{"answer": "S1"}, "yes"]}


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (SAID, SAID),
        (LINK, False),
        ({"not": LINK}, True),
        ({"!=": [{"answer": "A1"}, "judo"]}, True),
        ({"and": [SAID, LINK]}, False),
        ({"or": [SAID, LINK]}, SAID),
        ({"and": [SAID, {"not": LINK}]}, SAID),
        ({"or": [SAID, {"not": LINK}]}, True),
        ({"and": [{"not": LINK}, {"not": LINK}]}, True),
        ({"or": [LINK, LINK]}, False),
        ({"not": {"or": [SAID, LINK]}}, {"not": SAID}),
        ({"not": {"and": [SAID, LINK]}}, True),
    ],
)
def test_a_rule_is_worked_out_without_what_the_link_tells(rule: dict[str, Any], left: Any) -> None:
    found = worked(rules.parse(rule), {"A1"})

    assert found == (left if isinstance(left, bool) else rules.parse(left))
    for answer in ("yes", "no", ""):
        held = found if isinstance(found, bool) else found.holds({"S1": answer})  # type: ignore[union-attr]
        assert held == rules.parse(rule).holds({"S1": answer})


def test_what_only_a_link_leads_to_is_not_asked() -> None:
    survey = on_paper(tiny("on_paper"))

    assert not {"A1", "I2"} & survey.questions.keys()
    assert survey.questions["T1"].show_when is None
    assert [page.id for page in survey.pages] == ["begin", "club", "more"]


def test_a_way_to_a_part_that_is_not_there_leads_to_the_next_that_is() -> None:
    whole = tiny("routing")
    auto = whole.questions["Q1"].model_copy(update={"id": "A1", "type": "auto"})
    first = whole.pages[0].model_copy(update={"questions": (auto, *whole.pages[0].questions)})
    hidden = [
        page.model_copy(update={"show_when": rules.parse(LINK)}) if page.id == "last" else page
        for page in whole.pages[1:]
    ]
    fields = {name: getattr(whole, name) for name in Survey.model_fields}
    survey = on_paper(Survey.model_construct(**{**fields, "pages": (first, *hidden)}))

    assert [page.id for page in survey.pages] == ["fork", "unsaid", "before", "extra", "again"]
    assert [jump.goto for jump in survey.pages[1].next] == ["again"]
