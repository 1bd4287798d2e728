"""No page has an accessibility violation that axe can find (WCAG 2.0 to 2.2, A and AA, and best practice).

Each survey is walked once, in a language, at a width, in ordinary or easy words, so that every script, direction and
width is walked by some; `python -m tests.benchmarks access` walks every one in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.conftest import Served
from tests.e2e.looking import Looker
from tests.e2e.passing import pass_through
from tests.e2e.walking import go_on, pick, screen

WALKS = [
    ("child", "ar", 360, True),
    ("young-person", "ur", 1280, False),
    ("exit", "pl", 1280, False),
    ("parent", "sk", 360, True),
    ("training-day", "cs", 1280, False),
    ("training-follow-up", "ro", 360, False),
    ("manager-confirmation", "ckb", 360, False),
]
BESIDE = (
    "",
    "/help",
    "/left",
    "/privacy",
    "/privacy/children",
    "/accessibility",
    "/you-said-we-did",
    "/return",
    "/class",
)


@pytest.fixture(scope="module")
def looker() -> Looker:
    """What was looked at, so that the same structure is not looked at again."""
    return Looker()


@pytest.fixture
def opened(browser: Browser, served: Served, width: int) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=served.address, viewport={"width": width, "height": 740})
    yield context
    context.close()


@pytest.mark.parametrize(("survey", "language", "width", "easy"), WALKS)
def test_every_page_of_each_survey(
    opened: BrowserContext, looker: Looker, survey: str, language: str, width: int, easy: bool
) -> None:
    page = opened.new_page()
    page.goto(f"/{language}/{survey}")
    looker.look(page, "start")
    if easy:
        page.locator("#words").check(force=True)
    go_on(page)
    passed = pass_through(page, Random(survey), looker)
    assert len(passed) >= 4
    looker.look(page, "check")
    go_on(page)
    assert screen(page) == "thank-you"
    looker.look(page, "thank you")
    assert looker.found == {}


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("ur", 1280), ("ckb", 360)])
def test_every_page_beside_the_surveys(opened: BrowserContext, looker: Looker, language: str, width: int) -> None:
    page = opened.new_page()
    for address in BESIDE:
        page.goto(f"/{language}{address}")
        looker.look(page, address)
    _said_no(page, looker, language)
    page.goto(f"/{language}/nothing-here")
    looker.look(page, "no such page")
    assert looker.found == {}


def _said_no(page: Page, looker: Looker, language: str) -> None:
    page.goto(f"/{language}/young-person")
    go_on(page)
    go_on(page)
    looker.look(page, "nothing picked where it must be")
    pick(page, "no")
    go_on(page)
    looker.look(page, "goodbye")
