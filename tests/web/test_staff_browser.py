"""Every staff page in a real browser: nothing that axe can find, nothing cut off, everything by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.e2e.conftest import FLAGS, _chromium
from tests.web.staff_copy import NAME, PASSWORD, SURVEY, URDU, Copy

pytest_plugins = ["tests.web.staff_fixtures"]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PERIOD = "/report?from=2026-04-01&to=2026-11-30"
COMMENTS = f"/collections/{SURVEY}/comments"


@contextmanager
def served(staffed: Copy) -> Iterator[str]:
    """The staff pages on a port of this machine."""
    server = make_server("127.0.0.1", 0, staffed.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_a_browser(staffed: Copy, walk: Callable[[BrowserContext], None], **context: object) -> None:
    """Walk with a browser and a thread of its own: Playwright allows one to a thread, and other tests share theirs."""
    path = _chromium()

    def run(address: str) -> None:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
            mine = chromium.new_context(base_url=address, **context)  # type: ignore[arg-type]
            mine.set_default_timeout(10_000)
            walk(mine)
            chromium.close()

    with served(staffed) as address, ThreadPoolExecutor(1) as alone:
        alone.submit(run, address).result()


def enter(page: Page) -> None:
    """Sign in."""
    page.fill("#name", NAME)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.click("main button")


def faults(page: Page, forced: str) -> list[str]:
    """What axe finds wrong with a page, and whether it has to be pushed sideways."""
    # With forced colours axe compares our text colour, which is not shown, with the system's ground, which is.
    rules = {"color-contrast": {"enabled": forced == "none"}}
    options = {"runOnly": {"type": "tag", "values": RULES}, "rules": rules}
    found = Axe().run(page, options=options).response["violations"]
    wrong = [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:2]]}" for one in found]
    for width in (320, size["width"]) if (size := page.viewport_size) else ():
        page.set_viewport_size({"width": width, "height": 740})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"wider than a screen of {width}")
    return wrong


@pytest.mark.parametrize(("width", "forced"), [(360, "none"), (1280, "active")])
def test_every_page(staffed: Copy, width: int, forced: str) -> None:
    found: dict[str, list[str]] = {}

    def walk(context: BrowserContext) -> None:
        page = context.new_page()

        def look(name: str) -> None:
            if wrong := faults(page, forced):
                found[name] = wrong

        page.goto(COMMENTS)
        look("sign in")
        page.click("main button")
        look("sign in, nothing typed")
        page.fill("#name", NAME)
        page.fill("#password", "wrong")
        page.click("main button")
        look("sign in, wrong")
        enter(page)
        assert page.url.endswith(COMMENTS)
        look("before reading")
        page.click("main button.main")
        while (closed := page.locator("details:not([open]) > summary")).count():
            closed.first.click()
        look("comments, all open")
        page.locator(".comment").first.locator("button.main").click()
        page.locator(".problem").wait_for()
        look("comments, something missing")
        card = page.locator(".comment").first
        card.locator("label.way", has_text="Yes").first.click()
        card.locator("button.main").click()
        page.get_by_role("status").get_by_text("You marked possible harm").wait_for()
        look("a decision is kept")
        for name, address in (
            ("today", "/"),
            ("what runs by itself", "/jobs"),
            ("collections", "/collections"),
            ("classes", "/classes"),
            ("actions", "/actions"),
            ("an action", "/actions/new"),
            ("report", PERIOD),
            ("report, backwards", "/report?from=2026-04-02&to=2026-04-01"),
            ("not there", "/nothing"),
        ):
            page.goto(address)
            look(name)
        page.get_by_role("button", name="Sign out").click()
        look("signed out")

    in_a_browser(staffed, walk, viewport={"width": width, "height": 740}, forced_colors=forced)
    assert found == {}


def test_a_decision_by_keyboard_alone_without_javascript(staffed: Copy) -> None:
    def walk(context: BrowserContext) -> None:
        page = context.new_page()
        page.goto("/")
        press(page, "Name or e-mail address")
        page.keyboard.type(NAME)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        press(page, "Go to the comments: Your life and safety", "Enter")
        press(page, "Open the next comments", "Enter")
        page.wait_for_selector(".comment")
        assert page.locator(".comment").count() == 5
        press(page, "No")  # nothing is chosen about harm, so Tab comes to the first answer
        page.keyboard.press("ArrowRight")
        press(page, "Keep my decision on comment 1", "Enter")
        page.wait_for_selector(".told .now")
        assert page.locator(".comment").count() == 4
        assert page.locator(".typed", has_text=URDU).get_attribute("lang") == "ur"

    in_a_browser(staffed, walk, viewport={"width": 1280, "height": 740}, java_script_enabled=False)


def press(page: Page, name: str, key: str = "") -> None:
    """Move with Tab to what has this name, as a person without a mouse does, and press a key there."""
    wanted = page.locator(":focus")
    for _ in range(60):
        page.keyboard.press("Tab")
        words = wanted.evaluate("e => (e.labels?.length ? e.labels[0] : e).textContent.replace(/\\s+/g, ' ').trim()")
        if words == name:
            break
    else:
        raise AssertionError(f"Tab does not come to {name}.")
    if key:
        with page.expect_navigation():
            page.keyboard.press(key)
