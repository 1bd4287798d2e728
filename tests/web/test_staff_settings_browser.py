"""Exports, notes and settings in a real browser at 360 px: nothing that axe can find, nothing cut off."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

from tests.web.staff_copy import SURVEY, Copy
from tests.web.test_staff_browser import enter, faults, in_a_browser

pytest_plugins = ["tests.web.staff_fixtures"]


def test_a_walk_through_every_page(staffed: Copy) -> None:
    """Type in a note, correct it, add a signpost, set a threshold; look at each page on the way."""
    found: dict[str, list[str]] = {}

    def walk(context: BrowserContext) -> None:
        page = context.new_page()

        def look(name: str) -> None:
            if wrong := faults(page, "none"):
                found[name] = wrong

        page.goto("/notes")
        enter(page)
        look("notes, none yet")
        page.get_by_role("link", name="Type in a note").click()
        page.click("main button.main")
        page.locator(".problem").wait_for()
        look("a note, something missing")
        page.locator("label.way", has_text="Compliment").click()
        page.select_option("#question", "note-parent.NOTE")
        page.fill("#heard_on", "2026-11-20")
        page.fill("#heard_by", "Health visitor")
        page.fill("#words", "ہماری بات سنیں " * 30)
        page.click("main button.main")
        page.get_by_role("status").wait_for()
        look("notes")
        page.get_by_role("button", name="Open and correct").click()
        look("a note, opened")
        page.goto("/exports")
        look("exports")
        page.goto(f"/exports/{SURVEY}")
        look("an export")
        page.goto("/settings/signposts/new")
        page.fill("#id", "night_line")
        page.click("main button.main")
        look("a signpost, something missing")
        page.fill("#name-en", "Night line")
        page.fill("#phone", "01632 960 009")
        page.click("main button.main")
        page.fill("#smallest_count", "20")
        page.click("#area button.main")
        page.get_by_role("status").get_by_text("It is kept.").wait_for()
        look("settings")
        page.goto("/settings/history")
        look("history")

    in_a_browser(staffed, walk, viewport={"width": 360, "height": 740}, java_script_enabled=True)
    assert found == {}
