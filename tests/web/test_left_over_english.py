"""No English is left on any page in another language, whoever translates: every survey, mistake, page and template."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from feedback_app.core.settings import PROJECT
from feedback_app.definitions.area import load_area
from feedback_app.i18n.catalogues import compile_catalogues
from feedback_app.i18n.checking import WORD
from feedback_app.i18n.extractor import template
from feedback_app.i18n.locales import SOURCE
from feedback_app.i18n.placeholders import APART, PLACEHOLDER, TOGETHER
from tests.factories import TEST_SURVEYS, Copy, Respondent, make_copy
from tests.translating import interface, speak
from tests.web.english import English, Said
from tests.web.everything import Told, every_page, journey
from tests.web.page import Page
from tests.web.test_pages import SPOKEN

REAL = sorted(file.stem for file in (PROJECT / "surveys").glob("*.yaml"))
TINY = sorted(file.stem for file in TEST_SURVEYS.glob("*.yaml"))
LINK = re.compile(r'<a [^>]*href="(?:tel|sms):([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
TO_BE_HEARD = re.compile(r' data-[a-z]+="[^"]*"')
PHONE = re.compile(r"\d{3,} \d{3,}")


def in_no_language(english: str) -> str:
    """Words of no language, as long as the English ones; names in braces and numbers are kept."""
    kept = re.compile(rf"({PLACEHOLDER.pattern.replace('([', '(?:[')})")
    pieces = kept.split(english)
    return "".join(
        piece if at % 2 else WORD.sub(lambda word: "ž" * len(word[0]), piece) for at, piece in enumerate(pieces)
    )


def english_of(copy: Copy) -> English:
    """What our English says: the application's, and the surveys' of a copy."""
    surveys = template("surveys", PROJECT, copy.settings.surveys)
    return English([*interface(), *surveys], load_area(copy.settings.surveys, copy.settings.area))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Copy, dict[str, str], set[str]]]:
    """A copy with every survey, in Urdu that has no word of any language; its pages; and their templates.

    So it does not matter how far the translators are: what is English here is English in every language.
    """
    folder = tmp_path_factory.mktemp("whole")
    copy = make_copy(folder, "", *REAL, *TINY, translations=folder / "words")
    words = copy.settings.translations
    speak(words, copy.settings.surveys, "ur", in_no_language, application=lambda *_: True, survey=lambda *_: True)
    compile_catalogues(words)
    copy.publish()
    app = copy.app()
    pages = dict(every_page(copy, app, "ur"))
    assert app.jinja_env.cache is not None
    yield copy, pages, {str(name) for _, name in list(app.jinja_env.cache)}
    copy.close()


Whole = tuple[Copy, dict[str, str], set[str]]


def test_no_english_is_left_on_any_page(whole: Whole) -> None:
    copy, pages, _ = whole
    english = english_of(copy)

    assert len(pages) > 300
    assert {at: left for at, page in pages.items() if (left := english.left_on(page))} == {}


def test_every_page_that_was_looked_at_is_in_the_language(whole: Whole) -> None:
    assert {Page(page).html["lang"] for page in whole[1].values()} == {"ur"}


def test_no_template_was_left_out(whole: Whole) -> None:
    """A page that is new must be walked in `everything.py`."""
    folder = PROJECT / "feedback_app" / "web" / "templates"
    ours = {str(file.relative_to(folder)) for part in ("public", "questions") for file in (folder / part).glob("*")}

    assert ours - whole[2] == set()


def test_every_phone_number_keeps_its_order_from_right_to_left(whole: Whole) -> None:
    links = [(at, found) for at, page in whole[1].items() for found in LINK.findall(page)]
    receipts = [page for page in whole[1].values() if 'class="receipt"' in page]

    assert len(links) > 50
    assert [(at, shown) for at, (_, shown) in links if not re.search(r'<bdi dir="ltr">[+\d ]+</bdi>', shown)] == []
    assert len(receipts) > 10
    assert all(re.search(r'class="receipt" lang="en" dir="ltr"', page) for page in receipts)


def test_a_phone_number_in_a_sentence_is_set_apart(whole: Whole) -> None:
    """An invisible sign stands before it, or it is alone in its `<bdi>`; else its groups of digits are swapped."""
    numbers = 0
    for at, page in whole[1].items():
        for text in Said(TO_BE_HEARD.sub("", page)).texts:
            for found in PHONE.finditer(text):
                numbers += 1
                before = text[: found.start()]
                assert before.rfind(APART) > before.rfind(TOGETHER) or text.strip() == found[0], (at, text)
    assert numbers > 50


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy with every survey of the project, in the project's own translations."""
    copy = make_copy(tmp_path_factory.mktemp("real"), "", *REAL)
    copy.app()
    yield copy
    copy.close()


# Each survey in one language and each language in one survey at least; the walk above is of every page in no language's
# words, and `feedback translations check` looks at every text.
DRAFTED = [code for code in SPOKEN if code != SOURCE]


@pytest.mark.parametrize(("survey", "language"), list(zip(REAL, DRAFTED, strict=True)))
def test_no_english_is_left_in_a_survey_that_is_offered(real: Copy, survey: str, language: str) -> None:
    app = real.apps[0]
    english = english_of(real)
    told: Told = journey(Respondent(app, survey, language), 0)

    assert {at: left for at, page in told if (left := english.left_on(page))} == {}


def test_english_is_found_where_it_is(whole: Whole) -> None:
    """The test itself would see it: in a text, a title and an attribute, and not where it says that it is English."""
    english = english_of(whole[0])

    for page in (
        "<p>ž Check your answers ž</p>",
        "<title>Check your answers</title>",
        '<a aria-label="Check your answers">',
    ):
        assert english.left_on(f'<html lang="ur">{page}</html>') == ["check your answers"]
    assert english.left_on('<html lang="ur"><p lang="en">Check your answers</p></html>') == []
