"""No page has an accessibility violation that axe can find (WCAG 2.0 to 2.2, A and AA, and best practice)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Served
from tests.e2e.walking import FULL, answer, go_on, pick, screen, walk

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations', 'incomplete']})"


def faults(page: Page) -> list[str]:
    """What axe finds wrong, or cannot decide, on a page."""
    page.evaluate(AXE)
    found = page.evaluate(RUN, RULES)
    return [
        f"{kind}: {one['id']} {[node['html'][:120] for node in one['nodes'][:2]]}"
        for kind in ("violations", "incomplete")
        for one in found[kind]
    ]


@pytest.fixture
def page(browser: Browser, served: Served, width: int) -> Iterator[Page]:
    context = browser.new_context(base_url=served.address, viewport={"width": width, "height": 740})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("ur", 360), ("pl", 1280), ("sk", 360), ("ur", 1280)])
def test_every_page_of_the_survey(page: Page, language: str, width: int) -> None:
    found: dict[str, list[str]] = {}

    def look(at_page: Page, name: str) -> None:
        if wrong := faults(at_page):
            found[name] = wrong

    for address in (f"/{language}", f"/{language}/help", f"/{language}/left", f"/{language}/young-person"):
        page.goto(address)
        look(page, address)
    go_on(page)
    go_on(page)
    look(page, "nothing picked where it must be")
    walk(page, FULL, look)
    for at, wrong in (("YP32", ["class", "change"]), ("YP92", ["home", "home"]), ("YP91", "x" * 1001)):
        page.goto(f"/{language}/young-person/{at}")
        answer(page, wrong)
        go_on(page)
        assert page.locator(".problem").count() == 1, at
        look(page, f"{at} with a problem")
    page.goto(f"/{language}/young-person/check")
    look(page, "check")
    go_on(page)
    assert screen(page) == "thank-you"
    look(page, "thank you")
    page.goto(f"/{language}/young-person/YP10")
    look(page, "sent already")
    page.goto(f"/{language}/nothing-here")
    look(page, "no such page")
    page.goto(f"/{language}/young-person")
    go_on(page)
    pick(page, "no")
    go_on(page)
    look(page, "goodbye")
    assert found == {}
