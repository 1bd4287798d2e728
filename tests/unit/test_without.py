"""A survey without some of its parts: rules about them are worked out, and ways to them lead on to what is there."""

from __future__ import annotations

from feedback_app.definitions.without import without_parts
from feedback_app.journey.path import walk
from feedback_app.journey.plan import lay_out
from tests.tiny import tiny


def asked(*parts: str, **answers: str) -> list[str]:
    """The screens that somebody passes when these parts are left out."""
    path = walk(lay_out(without_parts(tiny("routing"), parts)), answers)
    assert path.complete
    return [screen.id for screen in path.screens]


def test_nothing_left_out_is_the_survey_itself() -> None:
    survey = tiny("routing")
    assert without_parts(survey, ()) is survey
    assert without_parts(survey, {"no such part"}) is survey


def test_a_way_to_a_part_that_is_gone_leads_to_the_next_that_is_not() -> None:
    assert asked("before", Q1="yes") == ["Q1", "Q6", "Q7"]
    assert asked("before", "extra", Q1="yes") == ["Q1", "Q7"]
    assert asked("last", Q1="pns") == ["Q1", "Q2"]


def test_rules_about_it_are_worked_out_as_if_nobody_answered() -> None:
    # Q5 is asked only of who said yes to Q4; the part of Q8 only of who answered Q3: both are gone with their part.
    assert asked("before", Q1="yes", Q3="x", Q4="yes") == ["Q1", "Q6", "Q7"]
    assert asked("fork", Q1="no") == ["Q2", "Q7"]
