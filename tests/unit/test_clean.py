"""Two ways of writing the same thing match; no text, however hostile, stops the matching or takes for ever."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import clean
from analysis.clean import english_forms, normalise, tokens


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("  They  LISTENED\n\tto me ", "they listened to me"),
        ("what\u2019s the point", "what's the point"),
        ("what\u00b4s the point", "what's the point"),
        ("\u201ctick box\u201d \u2013 again", '"tick box" - again'),
        ("hu\u200brt \u202eme\u202c", "hurt me"),
        ("h\u0336e\u0336l\u0336p\u0336", "help"),
        ("Z\u0351\u036b\u0343a\u0343\u036al\u0334\u0335g\u0321o", "zalgo"),
        ("\U0001d4d1\U0001d4fe\U0001d4f5\U0001d4f5\U0001d4f2\U0001d4ee\U0001d4ed", "bullied"),
        ("\uff28\uff29\uff34 me", "hit me"),
        ("STRASSE stra\u00dfe", "strasse strasse"),
        ("I\u0307stanbul", "istanbul"),
        ("\ufb01ne \u00bd", "fine 1\u20442"),
        ("\ufeffbom at start", "bom at start"),
        ("red\x00 \x1b[0m", "red [0m"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("nikto ma nepoc\u030cu\u0301va", "nikto ma nepo\u010d\u00fava"),
        ("\u0645\u064f\u062d\u0640\u0640\u0641\u0648\u0638", "\u0645\u062d\u0641\u0648\u0638"),
        ("", ""),
    ],
)
def test_different_ways_of_writing_match(written: str, plain: str) -> None:
    assert normalise(written) == plain


def test_an_accent_that_makes_another_word_is_kept() -> None:
    assert normalise("s\u0105d") != normalise("sad")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Don't STOP! It\u2019s n/a, re-do.", ["don't", "stop", "it's", "n", "a", "re", "do"]),
        ("'quoted' snake_case", ["quoted", "snake", "case"]),
        (
            "\u0645\u06cc\u0631\u0627 \u0627\u0633\u06a9\u0648\u0644",
            ["\u0645\u06cc\u0631\u0627", "\u0627\u0633\u06a9\u0648\u0644"],
        ),
        ("\u0a2e\u0a48\u0a28\u0a42\u0a70 \u0a21\u0a30", ["\u0a2e\u0a48\u0a28\u0a42\u0a70", "\u0a21\u0a30"]),
        ("<script>alert(1)</script>", ["script", "alert", "1", "script"]),
        ("\U0001f600\U0001f622", []),
    ],
)
def test_words_are_found_in_any_script(written: str, words: list[str]) -> None:
    assert tokens(written) == words


@settings(deadline=None, database=None)
@given(st.text(max_size=600))
def test_the_form_for_matching_is_settled_and_shows_nothing_hidden(text: str) -> None:
    plain = normalise(text)
    assert normalise(plain) == plain
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Co") for letter in plain)
    assert "\u200b" not in plain
    assert "\u202e" not in plain
    assert plain == plain.strip()
    assert "  " not in plain


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 65_536,
        "a" + "\u0315\u0327" * 32_000,
        "\u0f73" * 21_000,
        "\uff9e\u0300" * 12_000,
        "\u00e9 " * 32_000,
        "a'" * 32_000,
        "\u200b" * 65_536,
    ],
    ids=["letters", "stacked marks", "marks of two", "marks by width", "accents", "apostrophes", "zero width"],
)
def test_long_text_reaches_the_slow_part_of_unicode_only_in_small_pieces(
    hostile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Putting stacked marks in order takes the square of their number, so the piece is what bounds the time."""
    sizes: list[int] = []
    real = unicodedata.normalize

    def watched(form: Any, text: str) -> str:
        sizes.append(len(text))
        return real(form, text)

    monkeypatch.setattr(clean.unicodedata, "normalize", watched)
    plain = normalise(hostile)
    assert max(sizes, default=0) <= 256
    assert len(plain) <= 2 * len(hostile)


def test_a_sign_that_stands_for_a_whole_phrase_does_not_make_the_text_grow() -> None:
    assert len(normalise("\ufdfa" * 20_000)) < 20_000


@pytest.mark.parametrize(
    ("word", "found", "not_found"),
    [
        ("bully", {"bully", "bullys", "bullies", "bullied", "bullying"}, {"bullet"}),
        ("list", {"list", "lists", "listed", "listing"}, {"listen", "realist"}),
        ("hit", {"hit", "hits", "hitting"}, {"hitch", "hited", "white"}),
        ("die", {"die", "dies", "died", "dying"}, {"diet"}),
        ("make", {"make", "makes", "making"}, {"maker"}),
        ("touch", {"touches", "touched", "touching"}, {"touchdown"}),
        ("star", {"stars", "starring"}, {"stared", "staring", "start"}),
        ("listen", {"listens", "listened", "listening"}, {"listener"}),
        ("ok", {"ok"}, {"oks", "oked"}),
        ("gcp2", {"gcp2"}, {"gcp2s"}),
    ],
)
def test_a_word_has_its_english_endings_and_no_other_words(word: str, found: set[str], not_found: set[str]) -> None:
    forms = english_forms(word)
    assert found <= forms
    assert not_found.isdisjoint(forms)
