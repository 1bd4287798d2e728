"""The language a browser asks for is found among those that are offered."""

from __future__ import annotations

from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date

from feedback_app.i18n.catalogues import Catalogue
from feedback_app.i18n.checking import plural_counts
from feedback_app.i18n.locales import LOCALES, best_match, chain, nearest

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


@pytest.mark.parametrize(
    ("header", "offered", "code"),
    [
        ("rmc", ["en", "cs", "sk"], "sk"),
        ("rmc,en;q=0.9", ["en", "cs", "sk"], "sk"),
        ("rmc-SK", ["en", "cs"], "cs"),
        ("rmc", ["en", "cs", "sk", "rmc"], "rmc"),
        ("rmc", ["en", "pl"], "en"),
        ("rmc,pl;q=0.5", ["en", "pl"], "pl"),
        ("rmc;q=0,pl;q=0.5", ["en", "pl", "sk"], "pl"),
        ("rmy", ["en", "sk", "ro"], "ro"),
        ("ckb,pl;q=0.5", ["en", "pl"], "pl"),  # English is not what they asked for, and Polish is
    ],
)
def test_who_asks_for_a_language_that_is_not_offered_is_led_along_its_chain(
    header: str, offered: list[str], code: str
) -> None:
    assert best_match(header, offered) == code


def test_an_area_may_set_another_chain() -> None:
    own = {"rmc": ("pl",), "ckb": ("ar", "en", "ckb")}

    assert chain("rmc", own) == ("pl", "en")
    assert chain("ckb", own) == ("ar", "en")
    assert chain("rmy", own) == ("ro", "en")
    assert best_match("rmc", ["en", "sk", "pl"], own) == "pl"
    assert nearest("ckb", {"en", "ar"}, own) == "ar"


@pytest.mark.parametrize("code", LOCALES)
def test_every_chain_ends_in_english_and_does_not_turn_back(code: str) -> None:
    others = chain(code)

    assert others[-1] == "en"
    assert code == "en" or code not in others
    assert set(others) <= LOCALES.keys()
    assert nearest(code, {"en"}) == "en"


@pytest.mark.parametrize("code", LOCALES)
def test_each_language_has_dates(code: str) -> None:
    months = {format_date(date(2026, month, 25), "long", locale=LOCALES[code].dates) for month in range(1, 13)}

    assert len(months) == 12
    assert all("2026" in month and "25" in month for month in months)  # and in the digits that phones have


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("en", [(1,), (0, 2)]),
        ("ur", [(1,), (0, 2)]),
        ("pl", [(1,), (2, 3, 4, 22), (0, 5, 12, 25)]),
        ("sk", [(1,), (2, 3, 4), (0, 5, 22)]),
        ("cs", [(1,), (2, 3, 4), (0, 5, 22)]),
        ("ro", [(1,), (0, 2, 19, 101), (20, 100)]),
        ("ar", [(0,), (1,), (2,), (3, 10, 103), (11, 99, 111), (100, 101, 102)]),
        ("ckb", [(1,), (0, 2)]),
        ("rmc", [(1,), (2, 3, 4), (0, 5, 22)]),
        ("rmy", [(1,), (0, 2, 19, 101), (20, 100)]),
    ],
)
def test_each_language_has_its_plurals_in_the_order_that_translators_know(
    code: str, counts: list[tuple[int, ...]]
) -> None:
    found = plural_counts(code)

    assert len(found) == len(counts)
    assert [set(some) <= set(all_) for some, all_ in zip(counts, found, strict=True)] == [True] * len(counts)
    assert dict(Catalogue(code).mime_headers)["Language"] == code


def test_right_to_left_languages_say_so() -> None:
    assert {code for code in LOCALES if LOCALES[code].direction == "rtl"} == {
        code for code in LOCALES if Locale.parse(LOCALES[code].dates).text_direction == "rtl"
    }
