"""The paper pages in a real browser: a whole form by keyboard alone, and nothing that axe can find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import BrowserContext, Page

from tests.factories import Copy
from tests.web.staff_copy import PASSWORD
from tests.web.test_staff_browser import faults, in_a_browser
from tests.web.typist import office

PAPER = "/collections/on-paper/paper"


@dataclass
class Running:
    """What the browser's server needs of a copy."""

    app: Flask


def keys(page: Page, typed: str) -> None:
    """Press keys: a space between boxes is Enter, an underscore is a space within one."""
    for word in typed.split(" "):
        page.keyboard.type(word.replace("_", " "))
        page.keyboard.press("Enter")


def test_a_form_is_typed_by_keyboard_and_every_page_is_sound(copy: Callable[..., Copy]) -> None:
    ann, bob = office(copy("on_paper"), "Ann", "Bob")
    bob.store("1")
    found: dict[str, list[str]] = {}

    def walk(context: BrowserContext) -> None:
        page = context.new_page()

        def look(name: str) -> None:
            if wrong := faults(page, "none"):
                found[name] = wrong

        def go(typed: str) -> None:
            """Type a part; the last Enter is on its button."""
            page.locator(".paper-part .text").first.focus()
            with page.expect_navigation():
                keys(page, typed)

        page.goto(PAPER)
        page.fill("#name", "Ann")
        page.fill("#password", PASSWORD)
        page.click("main button")
        look("overview")
        page.fill("#number", "1")
        page.keyboard.press("Enter")
        page.wait_for_selector(".problem")
        look("a number that is typed in already")
        page.locator(".problem button").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        look("a part")
        go("1 ")
        # Three ticks where two are allowed, and no ninth answer. In several lines Enter is a new line, so Tab goes on.
        page.keyboard.type("")
        page.locator(".paper-part .text").first.focus()
        page.keyboard.type("9")
        page.keyboard.press("Tab")
        page.keyboard.type("Lamps")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            keys(page, "1 1_2_3  1 ? . . ")
        assert page.locator(".field-problem").count() == 2
        look("a part with problems")
        page.fill("[id='S1']", "2")
        page.fill("[id='M1']", "1 3")
        with page.expect_navigation():
            page.locator("button.main").press("Enter")
        go("3_1 12 27_3_2026 . Tea ")
        look("check")
        with page.expect_navigation():
            page.locator("button.main").press("Enter")
        assert "the two typings differ on 3 questions" in page.get_by_role("status").inner_text()
        look("two typings differ")
        with page.expect_navigation():
            page.locator(".paper-forms button").first.press("Enter")
        look("settle")
        with page.expect_navigation():
            page.locator("button.main").press("Enter")
        assert page.locator(".field-problem").count() == 3
        look("settle with a problem")

    in_a_browser(Running(ann.app), walk, viewport={"width": 360, "height": 740})  # type: ignore[arg-type]
    assert found == {}
