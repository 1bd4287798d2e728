"""Every text that people read is found, keeps its address when a question moves, and takes its translation."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from feedback_app.core.settings import PROJECT
from feedback_app.definitions.load import read_source
from feedback_app.i18n.survey_texts import texts, translated
from tests.factories import TEST_SURVEYS

SURVEYS = sorted([*TEST_SURVEYS.glob("*.yaml"), *(PROJECT / "surveys").glob("*.yaml")])
READ_BY_PEOPLE = frozenset({"title", "notice", "intro", "label", "hint", "feedback", "alt"})
FULL: dict[str, Any] = {
    "survey": "s",
    "title": "Title",
    "notice": "Notice",
    "consent": "C",
    "choices": {"named": [{"value": "1", "label": "One", "hint": "First", "symbol": "a.svg", "alt": "A face"}]},
    "pages": [
        {
            "id": "p",
            "title": "Page",
            "intro": "Intro",
            "questions": [
                {"id": "C", "type": "consent", "label": "May we?", "choices": [{"value": "yes", "label": "Yes"}]},
                {
                    "id": "Q",
                    "type": "grid",
                    "label": "Label",
                    "hint": "Hint",
                    "feedback": "Feedback",
                    "easy": {"label": "Easy", "image": "b.svg", "alt": "A school"},
                    "rows": [{"id": "r", "label": "Row"}],
                    "columns": [{"id": "now", "label": "Now"}],
                    "choices": "named",
                    "also": [{"value": "pns", "label": "Rather not"}],
                },
            ],
        }
    ],
}


def by_context(document: dict[str, Any]) -> dict[str, str]:
    return {text.context: text.english for text in texts(document)}


def test_every_text_has_its_address() -> None:
    assert by_context(FULL) == {
        "s.title": "Title",
        "s.notice": "Notice",
        "s.choices.named.1.label": "One",
        "s.choices.named.1.hint": "First",
        "s.choices.named.1.alt": "A face",
        "s.pages.p.title": "Page",
        "s.pages.p.intro": "Intro",
        "s.C.label": "May we?",
        "s.C.choices.yes.label": "Yes",
        "s.Q.label": "Label",
        "s.Q.hint": "Hint",
        "s.Q.feedback": "Feedback",
        "s.Q.easy.label": "Easy",
        "s.Q.easy.alt": "A school",
        "s.Q.rows.r.label": "Row",
        "s.Q.columns.now.label": "Now",
        "s.Q.choices.pns.label": "Rather not",
    }


def test_safety_hangs_on_consent_and_on_the_limits_of_what_we_keep_to_ourselves() -> None:
    assert {text.context for text in texts(FULL) if text.safety} == {"s.notice", "s.C.label", "s.C.choices.yes.label"}


@pytest.mark.parametrize("file", SURVEYS, ids=lambda file: file.stem)
def test_no_text_of_a_survey_file_is_missed(file: Any) -> None:
    """Whatever stands under a key that people read is found, wherever it is."""

    def standing(node: Any) -> list[str]:
        if isinstance(node, list):
            return [text for part in node for text in standing(part)]
        if not isinstance(node, dict):
            return []
        mine = [value for key, value in node.items() if key in READ_BY_PEOPLE and isinstance(value, str) and value]
        return mine + [text for value in node.values() for text in standing(value)]

    document = read_source(file).content

    assert sorted(text.english for text in texts(document)) == sorted(standing(document))


@pytest.mark.parametrize("file", SURVEYS, ids=lambda file: file.stem)
def test_each_text_has_an_address_of_its_own(file: Any) -> None:
    found = [text.context for text in texts(read_source(file).content)]

    assert len(found) == len(set(found))


def test_a_question_that_moves_keeps_its_addresses() -> None:
    before = by_context(FULL)
    moved = deepcopy(FULL)
    moved["version"] = "7"
    moved["pages"].insert(0, {"id": "new", "questions": [moved["pages"][0]["questions"].pop()]})

    assert by_context(moved) == before


def test_each_translation_is_put_in_its_place_and_nowhere_else() -> None:
    words = {context: f"<{context}>" for context in by_context(FULL)}
    result = translated(FULL, words)

    assert by_context(result) == words
    question = result["pages"][0]["questions"][1]
    assert (question["id"], question["easy"]["image"], question["choices"]) == ("Q", "b.svg", "named")


def test_a_text_without_translation_keeps_its_english_and_the_original_is_not_changed() -> None:
    original = deepcopy(FULL)
    result = translated(FULL, {"s.title": "عنوان", "s.nothing": "x"})

    assert by_context(result) == by_context(original) | {"s.title": "عنوان"}
    assert original == FULL


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"pages": "none"},
        {"pages": ["text", {"questions": {"a": "b"}}, {"questions": [None, {"easy": [], "rows": "x"}]}]},
        {"choices": ["a"], "title": ["a"]},
    ],
)
def test_broken_parts_are_passed_over(broken: dict[str, Any]) -> None:
    assert list(texts(broken)) == []
