"""The software says how a comment sounds only where it is likely to be right, and otherwise says why it cannot."""

from __future__ import annotations

import subprocess
import sys

import pytest

from analysis.corpus import Unsure
from analysis.sentiment import Score, read


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("She is kind and funny", "positive"),
        ("the staff were really friendly", "positive"),
        ("It was a brilliant day", "positive"),
        ("its boring", "negative"),
        ("I hate it, horrible place", "negative"),
    ],
)
def test_plain_feeling_in_english_is_told(text: str, label: str) -> None:
    score = read(text, "en")
    assert isinstance(score, Score)
    assert score.label == label
    assert -1.0 <= score.polarity <= 1.0
    assert (score.polarity > 0) == (label == "positive")


@pytest.mark.parametrize(
    "text",
    [
        "I do not feel safe",
        "I dont feel safe",
        "I don\u2019t feel safe",
        "I DIDN'T feel safe",
        "never happy there",
        "nothing good happens here",
        "not bad",
        "there is no nice place to go",
        "without my kind nan",
    ],
)
def test_a_word_that_turns_the_meaning_is_never_scored(text: str) -> None:
    unsure = read(text, "en")
    assert isinstance(unsure, Unsure)
    assert "can turn the meaning" in unsure.reason


@pytest.mark.parametrize("text", ["better food", "they should be kinder and more friendly", "nice lights please"])
def test_a_wish_for_something_good_does_not_count_as_pleased(text: str) -> None:
    unsure = read(text, "en")
    assert isinstance(unsure, Unsure)
    assert "wished for" in unsure.reason


@pytest.mark.parametrize("text", ["my good mate got bullied", "he is nice and he hits me", "safe and scared"])
def test_trouble_that_the_word_list_does_not_know_is_not_called_pleased(text: str) -> None:
    assert isinstance(read(text, "en"), Unsure)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("kind staff, horrible building", "both kinds"),
        ("they listen to me on Tuesdays", "None of its words"),
        ("the mental health team", "None of its words"),
        ("ok", "None of its words"),
        (":)", "no words"),
        ("\U0001f622", "no words"),
        ("", "no words"),
        ("good " * 13_000, "too long"),
        ("!" * 65_536, "no words"),
        ("a" * 65_536, "too long"),
    ],
    ids=lambda value: value[:20],
)
def test_where_there_is_nothing_to_go_on_it_says_so(text: str, reason: str) -> None:
    unsure = read(text, "en")
    assert isinstance(unsure, Unsure)
    assert reason in unsure.reason


@pytest.mark.parametrize("language", ["ur", "pl", "sk", "rmc"])
def test_only_english_is_scored(language: str) -> None:
    unsure = read("brilliant", language)
    assert isinstance(unsure, Unsure)
    assert language in unsure.reason


def test_a_language_that_is_not_known_is_not_taken_for_english() -> None:
    assert isinstance(read("brilliant", None), Unsure)
    assert isinstance(read("brilliant", "en-GB"), Score)


def test_hidden_letters_do_not_hide_a_turning_word() -> None:
    assert isinstance(read("n\u200bot safe", "en"), Unsure)
    assert isinstance(read("\u202enot\u202c safe", "en"), Unsure)


def test_the_module_loads_without_textblob() -> None:
    check = "import sys, analysis.sentiment; sys.exit('textblob' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
