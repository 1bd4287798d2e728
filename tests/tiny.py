"""The tiny surveys of tests/surveys, checked and laid out, for tests that need no database."""

from __future__ import annotations

from functools import cache

from feedback_app.definitions.freeze import with_area_lists
from feedback_app.definitions.linter import Surroundings, check_survey
from feedback_app.definitions.load import Source, read_source
from feedback_app.definitions.survey import Choice, Survey
from feedback_app.journey.plan import Plan, lay_out
from feedback_app.questions.registry import TYPES
from tests.factories import TEST_SURVEYS

AROUND = Surroundings(
    kinds=TYPES,
    area_words=frozenset({"ce_service"}),
    area_lists={"wards": (Choice(value="north", label="North"), Choice(value="hill", label="Hilltop"))},
    codebooks={"voice": frozenset({"KP-H", "ND-R"}), "knowing": frozenset({"KNOW", "CORE-listen"})},
    drawings=frozenset({f"face-{n}.svg" for n in range(1, 6)} | {f"circle-{n}.svg" for n in ("full", "half", "empty")}),
)


def tiny_source(name: str) -> Source:
    """The file of a tiny survey."""
    return read_source(TEST_SURVEYS / f"{name}.yaml")


@cache
def tiny(name: str) -> Survey:
    """A tiny survey, checked."""
    return check_survey(tiny_source(name), AROUND)


@cache
def tiny_plan(name: str) -> Plan:
    """A tiny survey, laid out as it is when it is published: with the lists of its area written out."""
    document = with_area_lists(tiny_source(name).content, AROUND.area_lists)
    return lay_out(Survey.model_validate(document))
