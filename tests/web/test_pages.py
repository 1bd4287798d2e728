"""Every page in every language: whole, with one heading, help and the way out, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from feedback_app.core.settings import PROJECT
from feedback_app.i18n.catalogues import load_interface
from feedback_app.i18n.locales import LOCALES
from tests.factories import TEST_SURVEYS, Copy, Respondent, make_copy
from tests.tiny import tiny
from tests.web.page import Page
from tests.web.someone import Someone

TINY = sorted(file.stem for file in TEST_SURVEYS.glob("*.yaml"))
LANGUAGES = [(name, language) for name in TINY for language in tiny(name).languages]
OTHERS = ("child", "exit", "parent", "training-day", "training-follow-up", "manager-confirmation")
SPOKEN = [code for code in LOCALES if code not in ("rmc", "rmy")]  # nobody has translated the Romani codes yet
OUTSIDE = ("/{}", "/{}/help", "/{}/help/text/Q1", "/{}/nothing", "/{}/text/Q1", "/{}/text/goodbye")


def sound(page: Page, language: str) -> None:
    """What is true of every page."""
    assert page.html == {"lang": language, "dir": LOCALES[language].direction}
    assert page.title
    assert len(page.headings) == 1
    assert page.headings[0]
    assert page.unclosed == []
    assert len(page.ids) == len(set(page.ids))
    assert page.inline == []
    assert [place for place in page.loads if not place.startswith("/") or place.startswith("//")] == []


def helpful(page: Page, language: str) -> None:
    """Help is one press away, and so is the way out."""
    assert f"/{language}/help" in page.links.values() or "help" in page.buttons.values()
    assert f"/{language}/leave" in page.loads


def answer(page: Page) -> dict[str, str]:
    """The first choice of a question, or some words or a number; a date is left blank."""
    choices = [ident.removeprefix("a-") for ident in page.ids if ident.startswith("a-")]
    if choices:
        return {"answer": choices[0]}
    words = "7" if 'inputmode="numeric"' in page.text else "Some words"
    return {"answer": words} if "answer" in page.typed else {}


def journey(app: Flask, survey: str, language: str) -> Iterator[tuple[str, Page]]:
    """Every page from the start to the thank-you, with the last part of its address."""
    person = Respondent(app, survey, language).open(f"/{language}/{survey}")
    yield "start", Page(person.page)
    person.start()
    while person.at != "check":
        page = Page(person.page)
        yield person.at, page
        person.press(**answer(page))
        assert person.status == 200
    yield person.at, Page(person.page)
    person.send()
    yield person.at, Page(person.page)


@pytest.mark.parametrize(("survey", "language"), LANGUAGES)
def test_every_page_of_a_journey(open_app: Flask, survey: str, language: str) -> None:
    pages = dict(journey(open_app, tiny(survey).survey, language))

    assert {"start", "check", "thank-you"} < pages.keys()
    for at, page in pages.items():
        sound(page, language)
        helpful(page, language)
        if language == "ur" and at not in {"check", "thank-you"} and not at.endswith(".help"):
            assert page.headings[0].startswith("[ur] ")


@pytest.fixture(scope="module")
def young(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    copy = make_copy(tmp_path_factory.mktemp("young"), "", "young-person", *OTHERS)
    yield copy.app()
    copy.close()


@pytest.fixture(scope="module", params=SPOKEN)
def visit(young: Flask, request: pytest.FixtureRequest) -> tuple[str, dict[str, Page]]:
    """A language, and every page of the young person's survey in it."""
    return request.param, dict(journey(young, "young-person", request.param))


def test_the_young_persons_survey_in_every_language(visit: tuple[str, dict[str, Page]]) -> None:
    language, pages = visit

    assert len(pages) > 60
    for page in pages.values():
        sound(page, language)
        helpful(page, language)


@pytest.mark.parametrize("survey", OTHERS)
def test_each_other_survey_in_english(young: Flask, survey: str) -> None:
    pages = dict(journey(young, survey, "en"))

    assert {"start", "check", "thank-you"} < pages.keys()
    for page in pages.values():
        sound(page, "en")
        helpful(page, "en")


def test_words_that_nobody_has_checked_say_so_on_every_page(visit: tuple[str, dict[str, Page]]) -> None:
    language, pages = visit
    draft = load_interface(PROJECT / "translations", language).words.gettext("Draft translation.")

    assert {draft in page.words for page in pages.values()} == {language != "en"}


def test_every_page_says_that_the_example_area_is_an_example(visit: tuple[str, dict[str, Page]]) -> None:
    language, pages = visit
    example = load_interface(PROJECT / "translations", language).words.gettext("This is an example.")

    assert [at for at, page in pages.items() if example not in page.words] == []


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("address", OUTSIDE)
def test_every_page_outside_a_journey(young: Flask, address: str, language: str) -> None:
    page = Page(Respondent(young, "young-person").open(address.format(language).replace("text", "young-person")).page)

    sound(page, language)
    assert f"/{language}/leave" in page.loads
    assert "/help" in address or f"/{language}/help" in page.links.values()


@pytest.mark.parametrize("language", SPOKEN)
def test_the_page_after_leaving_tells_nothing(young: Flask, language: str) -> None:
    page = Page(Respondent(young, "young-person").open(f"/{language}/left").page)

    sound(page, language)
    assert (page.links, page.buttons) == ({}, {})
    assert "Exampleborough" not in page.text


@pytest.mark.parametrize(
    ("survey", "mistake"),
    [
        ("consent", {}),
        ("single", {"answer": "oth", "other": "x" * 101}),
        ("multi", {"answer": ["food", "none"]}),
        ("rank", {"second": "tea"}),
        ("text", {"answer": "x" * 21}),
        ("paragraph", {"answer": "x" * 1001}),
    ],
)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_page_with_a_mistake(someone: Someone, survey: str, mistake: dict[str, str], language: str) -> None:
    person = someone(survey, language).press(**mistake)
    page = Page(person.page)

    assert person.status == 422
    sound(page, language)
    helpful(page, language)
    targets = [place.removeprefix("#") for place in page.links.values() if place.startswith("#") and place != "#main"]
    assert targets
    assert set(targets) <= set(page.ids)
    described = person.page.split('aria-describedby="')[1:]
    assert {ident for part in described for ident in part.split('"')[0].split()} <= set(page.ids)


def test_the_five_faces_and_their_words_are_on_the_page(someone: Someone) -> None:
    person = someone("symbols")

    assert person.page.count("<svg") == 5
    for shown in ("A slight smile", "A smile", "A wide smile", "An open smile", "A big laughing smile"):
        assert f'role="img" aria-label="{shown}"' in person.page


def test_an_area_of_its_own_shows_its_own_signposts(copy: Callable[..., Copy]) -> None:
    person = Respondent(copy("text", area="riverside").app(), "text").open("/en/help")
    page = Page(person.page)

    assert "Exampleborough" not in page.text
    assert page.links["01632 960002"] == "tel:01632960002"
    assert page.links["https://help.example/talk?a=1&b=2"] == "https://help.example/talk?a=1&b=2"
    assert 'rel="noreferrer"' in person.page  # the signpost does not learn where the person came from
    sound(page, "en")
