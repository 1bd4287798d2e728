"""The pages about collections and registers in a real browser: nothing that axe can find, nothing cut off."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

from tests.web.staff_copy import Copy
from tests.web.test_staff_browser import enter, faults, in_a_browser

pytest_plugins = ["tests.web.staff_fixtures"]


def test_every_page_about_collections(staffed: Copy) -> None:
    found: dict[str, list[str]] = {}

    def walk(context: BrowserContext) -> None:
        page = context.new_page()

        def look(name: str) -> None:
            while (closed := page.locator("main details:not([open]) > summary")).count():
                closed.first.click()
            if wrong := faults(page, "none"):
                found[name] = wrong

        page.goto("/collections")
        enter(page)
        look("list")
        page.get_by_role("link", name="Open a survey to somebody").click()
        page.get_by_role("button", name="Go on").click()
        look("to whom")
        page.fill("#name", "Oak School of the Exampleborough Safeguarding Children Partnership")
        page.fill("#contact", "office@oak.example")
        page.get_by_role("button", name="Add it and go on").click()
        page.locator("summary", has_text="How many people?").click()
        page.fill("#eligible", "240")
        page.get_by_role("button", name="Go on").click()
        look("when, with a problem")
        page.fill("#eligible-source", "School office")
        page.fill("#eligible-on", "2026-11-20")
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Open it").click()
        page.get_by_role("status").get_by_text("It is kept.").wait_for()
        assert page.locator(".qr").evaluate("e => e.complete && e.naturalWidth > 0")
        look("one")
        for name, address in (
            ("calendar", "/collections/calendar"),
            ("registers", "/registers"),
            ("an entry", "/registers/1"),
            ("parts", "/collections/young-person-oak-school-of-the/parts"),
        ):
            page.goto(address)
            look(name)

    in_a_browser(staffed, walk, viewport={"width": 360, "height": 740})
    assert found == {}
    assert staffed.rows()["register_entry"] == 1
