"""The language a browser asks for is found among those that are offered."""

from __future__ import annotations

from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date

from feedback_app.i18n.locales import LOCALES, best_match

OFFERED = ["en", "ur", "pl"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("ur", "ur"),
        ("UR", "ur"),
        ("ur-PK,ur;q=0.9,en;q=0.5", "ur"),
        ("en;q=0.5,pl;q=0.9", "pl"),
        ("de,fr;q=0.9,pl;q=0.1", "pl"),
        ("ur,pl", "ur"),
        ("pl;q=0.8, ur;q=0.8", "pl"),
        ("pl; q=0.2, ur; q=0.9", "ur"),
        ("ur;q=0, pl;q=0.1", "pl"),
        ("ur;q=0", "en"),
        ("", "en"),
        ("de", "en"),
        ("*", "en"),
        ("sk", "en"),
        ("ur;q=high, pl", "pl"),
        (",;,=", "en"),
        ("x" * 10_000 + ",ur", "en"),
        ("\0\n<script>", "en"),
    ],
)
def test_best_match(header: str, code: str) -> None:
    assert best_match(header, OFFERED) == code


def test_only_what_is_offered_is_given() -> None:
    assert best_match("ur", ["pl", "en"]) == "pl"


@pytest.mark.parametrize("code", LOCALES)
def test_each_language_has_dates(code: str) -> None:
    assert "2026" in format_date(date(2026, 11, 25), "long", locale=LOCALES[code].dates)


def test_right_to_left_languages_say_so() -> None:
    assert {code for code in LOCALES if LOCALES[code].direction == "rtl"} == {
        code for code in LOCALES if Locale.parse(LOCALES[code].dates).text_direction == "rtl"
    }
