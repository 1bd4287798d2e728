"""The languages that come with the project: all there, each letter in our fonts, and light enough for a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from feedback_app.core.settings import PROJECT
from feedback_app.i18n.catalogues import progress
from feedback_app.i18n.checking import other_plurals, suspicions
from feedback_app.i18n.locales import LOCALES, SOURCE

WORDS = PROJECT / "translations"
STATIC = PROJECT / "feedback_app" / "web" / "static"
DRAFTED = ("ur", "pl", "sk", "cs", "ro", "ar", "ckb")  # with English, the eight that come with the project
LETTERS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "ur": "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےآئؤۂ",
    "pl": "ąćęłńóśźż",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "cs": "áčďéěíňóřšťúůýž",
    "ro": "ăâîșț",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةى",
    "ckb": "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەیێ\u200c",
    "rmc": "áčďéíĺľňóŕřšťúýž",
    "rmy": "ăćčďěłňřśšťžź",
}
MARKS = {"latin": "„”“’–…", "nastaliq": "،؛؟۔", "arabic": "،؛؟"}
HEAVIEST = {
    "latin": 45,
    "nastaliq": 165,
    "arabic": 50,
}  # KB, of all the fonts of a script; see tests/benchmarks/weight.py


@pytest.mark.parametrize("code", DRAFTED)
def test_every_text_is_translated(code: str) -> None:
    held = progress(WORDS, code)

    assert (held.translated, held.fuzzy) == (held.messages, 0)


def test_nothing_in_a_catalogue_looks_untranslated() -> None:
    assert list(suspicions(WORDS)) == []
    assert list(other_plurals(WORDS)) == []


def faces(script: str) -> list[tuple[str, Path, frozenset[int]]]:
    """The faces of a script's stylesheet: weight, file, and the letters that a browser fetches it for."""
    rules = re.findall(
        r'font-weight: (\d+);.*?url\("([^"]+)"\).*?unicode-range: ([^;]+);', (STATIC / f"font-{script}.css").read_text()
    )
    return [(weight, STATIC / file, _letters(given)) for weight, file, given in rules]


def _letters(given: str) -> frozenset[int]:
    found: set[int] = set()
    for part in given.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


@pytest.mark.parametrize("script", sorted({locale.script for locale in LOCALES.values()}))
def test_every_language_has_a_stylesheet_of_fonts_that_is_light(script: str) -> None:
    found = faces(script)

    assert found
    if not all(file.exists() for _, file, _ in found):
        pytest.skip("the fonts were not fetched: npm is not here")
    assert sum(file.stat().st_size for _, file, _ in found) < HEAVIEST[script] * 1000


@pytest.mark.parametrize("code", LOCALES)
def test_every_letter_of_a_language_is_in_its_font_and_is_fetched(code: str) -> None:
    found = faces(LOCALES[code].script)
    if not all(file.exists() for _, file, _ in found):
        pytest.skip("the fonts were not fetched: npm is not here")
    for weight in {weight for weight, _, _ in found}:
        drawn = {
            letter for of, file, asked in found if of == weight for letter in asked & set(TTFont(file).getBestCmap())
        }
        wanted = LETTERS[code] + MARKS[LOCALES[code].script]
        assert [letter for letter in wanted + wanted.upper() if ord(letter) not in drawn] == []


def test_every_language_names_its_letters() -> None:
    assert LETTERS.keys() == LOCALES.keys()
    assert set(DRAFTED) | {SOURCE, "rmc", "rmy"} == LOCALES.keys()
