"""The types beside those that pick from a list, in a real browser: by axe, right to left, and by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.e2e.looking import Looker
from tests.e2e.passing import pass_through
from tests.e2e.walking import go_on, screen
from tests.factories import Copy, make_copy
from tests.translating import translate

LOOKED_AT = ("pair-grid", "number", "date", "place")  # a month and a year are the boxes of a date


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running copy with a tiny survey of each of these types, in English and Urdu."""
    folder = tmp_path_factory.mktemp("types")
    copy: Copy = make_copy(folder, "", *LOOKED_AT, translations=translate(folder, "ur"))
    server = make_server("127.0.0.1", 0, copy.app(), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    copy.close()


@pytest.fixture
def opened(browser: Browser, address: str, width: int) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 740})
    yield context
    context.close()


@pytest.mark.parametrize(("language", "width"), [("ur", 320)])
def test_no_page_of_them_has_a_fault_with_and_without_mistakes(
    opened: BrowserContext, language: str, width: int
) -> None:
    looker, page = Looker(contrast=False), opened.new_page()  # the colours are those of every page
    for survey in LOOKED_AT:
        page.goto(f"/{language}/{survey}")
        go_on(page)
        pass_through(page, Random(survey), looker, f"{survey} ")

    assert looker.looked_at >= len(LOOKED_AT)
    assert looker.found == {}


@pytest.mark.parametrize("width", [320])
def test_by_the_keyboard_alone(opened: BrowserContext, width: int) -> None:
    page = opened.new_page()
    page.goto("/en/pair-grid")
    go_on(page)
    tab_to(page, "first-1")
    page.keyboard.press("ArrowDown")
    tab_to(page, "second-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert [page.locator(f"[name={name}]:checked").input_value() for name in ("first", "second")] == ["2", "3"]

    page.goto("/en/date")
    go_on(page)
    for box, digits in (("day", "7"), ("month", "3"), ("year", "2026")):
        tab_to(page, box)
        page.keyboard.type(digits)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert screen(page) == "check"
    assert "7/3/2026" in page.locator("main").inner_text()


def tab_to(page: Page, ident: str) -> None:
    """Press Tab until the focus is there, as a person would; twenty times at most."""
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == ident:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{ident} cannot be reached with Tab")


@pytest.mark.parametrize(("width", "side_by_side"), [(320, False), (1000, True)])
def test_a_pair_stands_side_by_side_where_there_is_room(
    opened: BrowserContext, width: int, *, side_by_side: bool
) -> None:
    page = opened.new_page()
    page.goto("/en/pair-grid")
    go_on(page)
    one, two = (page.locator("main fieldset").nth(number).bounding_box() for number in (0, 1))
    assert one
    assert two

    assert (abs(one["y"] - two["y"]) < 2) is side_by_side
