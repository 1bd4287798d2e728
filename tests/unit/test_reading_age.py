"""How hard the English of a survey is to read: syllables, sentences, and the grade of each and of the whole."""

from __future__ import annotations

import pytest

from feedback_app.definitions.load import Source, shape
from feedback_app.definitions.reading_age import LIMITS, read, sentences, syllables
from feedback_app.definitions.survey import Survey

HARD = "Considering everything, which organisational arrangements were beneficial?"


def survey(audience: str, *labels: str, **more: str) -> Survey:
    questions = "".join(f'\n      - {{id: Q{n}, type: text, label: "{label}"}}' for n, label in enumerate(labels))
    keys = "".join(f'\n{key}: "{value}"' for key, value in more.items())
    text = f"""schema: "1"
survey: reading
version: "1"
languages: [en]
title: "Reading"
audience: {audience}
mode: anonymous{keys}
pages:
  - id: one
    intro: "Think about home."
    questions:{questions}
"""
    found, problems = shape(Source("x", text), Survey)
    assert found
    assert problems == []
    return found


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("cat", 1),
        ("safe", 1),
        ("people", 2),
        ("listen", 2),
        ("little", 2),
        ("worried", 2),
        ("asked", 1),
        ("wanted", 2),
        ("places", 2),
        ("names", 1),
        ("family", 3),
        ("computer", 3),
        ("information", 4),
        ("safeguarding", 4),
        ("organisation", 5),
        ("day-to-day", 3),
        ("don't", 1),
        ("Brilliant", 2),
        ("999", 1),
        ("{nickname}", 2),
    ],
)
def test_syllables(word: str, number: int) -> None:
    assert syllables(word) == number


def test_the_formula() -> None:
    """Ten words, eleven syllables: 0.39 x 10 + 11.8 x 1.1 - 15.59 = 1.29."""
    (sentence,) = sentences((), "The cat sat on the mat and ate a rabbit.")

    assert (sentence.words, sentence.syllables) == (10, 11)
    assert sentence.grade == pytest.approx(1.29)


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("No end", ["No end"]),
        ('She said "Come in." We did.', ['She said "Come in.', "We did."]),
        ("Ring 0800 1111.\nIt is free.", ["Ring 0800 1111.", "It is free."]),
        ("Do you feel safe… at home", ["Do you feel safe at home"]),
        ("It costs 1.50 or so.", ["It costs 1.50 or so."]),
        ("{nickname}, why?", ["{nickname}, why?"]),
        ("…", []),
        ("", []),
    ],
)
def test_sentences(text: str, parted: list[str]) -> None:
    assert [sentence.text for sentence in sentences((), text)] == parted


def test_the_whole_is_one_passage_with_the_words_about_what_happens() -> None:
    reading = read(survey("child", "Are they kind to you?", notice="Nobody can see who you are."))

    assert [(s.place[-1], s.text) for s in reading.sentences] == [
        ("notice", "Nobody can see who you are."),
        ("intro", "Think about home."),
        ("label", "Are they kind to you?"),
    ]
    assert reading.grade == pytest.approx(0.39 * 14 / 3 + 11.8 * 17 / 14 - 15.59)
    assert not reading.too_hard


@pytest.mark.parametrize("audience", LIMITS)
def test_one_hard_sentence_is_told_and_a_hard_survey_is_too_hard(audience: str) -> None:
    mostly_easy = read(survey(audience, HARD, *["Do you feel safe at home?"] * 12))
    assert [sentence.text for sentence in mostly_easy.over] == [HARD]
    assert not mostly_easy.too_hard

    assert read(survey(audience, HARD, HARD)).too_hard


def test_a_practitioner_reads_what_a_child_cannot() -> None:
    label = "Which resources would improve collaboration with other agencies in your area this year, do you think?"

    assert read(survey("child", label, label)).too_hard
    assert read(survey("young-person", label, label)).too_hard
    assert not read(survey("practitioner", *["What would help you?", label] * 3)).too_hard


def test_a_row_is_read_after_its_question() -> None:
    text = """{"schema": "1", "survey": "x", "version": "1", "languages": ["en"], "title": "X", "audience": "child",
        "mode": "anonymous", "pages": [{"id": "p", "questions": [{"id": "G", "type": "grid",
        "label": "Do you feel safe…",
        "rows": [{"id": "a", "label": "at home"}, {"id": "b", "label": "at school"}]}]}]}"""
    found, _ = shape(Source("x.json", text), Survey)
    assert found

    assert [s.text for s in read(found).sentences] == ["Do you feel safe at home", "Do you feel safe at school"]
