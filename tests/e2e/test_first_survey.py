"""As a new user would: from the first password to a survey that a school can answer, by the pages alone."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Served
from tests.web.test_staff_browser import faults

WORDS_A_MINUTE = 150  # somebody who reads every word of every page; most adults read over 200 (Brysbaert, 2019)
SECONDS_A_PAGE = 15  # to decide, type and press


class NewUser:
    """Somebody who has never seen it, and reads every page whole."""

    def __init__(self, page: Page) -> None:
        self.page, self.pages, self.words = page, 0, 0
        self.found: dict[str, list[str]] = {}

    def read(self, heading: str) -> None:
        """Find the page's heading, and read everything under it."""
        shown = self.page.locator("h1").inner_text()
        assert heading in shown, shown
        self.pages += 1
        self.words += len(self.page.locator("main").inner_text().split())
        size = self.page.viewport_size
        assert size
        if wrong := faults(self.page, "none"):
            self.found[heading] = wrong
        self.page.set_viewport_size(size)

    @property
    def minutes(self) -> float:
        """How long it takes."""
        return self.words / WORDS_A_MINUTE + self.pages * SECONDS_A_PAGE / 60


def test_the_first_survey_is_open_to_a_school_within_ten_minutes(browser: Browser, served_alone: Served) -> None:
    context = browser.new_context(base_url=served_alone.address, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    me = NewUser(page)

    page.goto("/staff/")
    me.read("Sign in")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(served_alone.password)
    page.get_by_role("button", name="Sign in").click()

    me.read("What needs me today")
    page.get_by_role("link", name="Open your first collection").click()

    me.read("Which survey?")
    page.get_by_text("Your life and safety").click()
    page.get_by_role("button", name="Go on").click()

    me.read("To whom?")
    page.get_by_label("Its name").fill("Oak School")
    page.get_by_role("button", name="Add it and go on").click()

    me.read("When, and in which languages?")
    page.get_by_role("button", name="Go on").click()

    me.read("Check it")
    assert "Oak School" in page.locator("main").inner_text()
    page.get_by_role("button", name="Open it").click()

    me.read("Your life and safety")
    found = re.search(rf"{re.escape(served_alone.address)}/[\w-]+", page.locator("main").inner_text())
    assert found, "the link stands on the page"
    address = found[0]
    assert page.get_by_role("link", name=re.compile("poster", re.IGNORECASE)).count()
    taken = f"{me.pages} pages and {me.words} words: {me.minutes:.1f} minutes"
    assert me.minutes < 10, taken
    print(taken)

    child = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    phone = child.new_page()
    assert phone.goto(address).ok  # type: ignore[union-attr]
    assert "/en/" in phone.url
    assert "Your life and safety" in phone.locator("h1").inner_text()
    phone.get_by_role("button", name="Start").click()
    assert phone.locator("h1").inner_text() == "Do you want to take part?"
    child.close()

    page.goto("/staff/")
    me.read("What needs me today")
    assert not page.get_by_text("Open your first collection").count(), "what is done is not asked for again"
    assert page.get_by_role("link", name="Invite a colleague").count()
    context.close()

    assert me.found == {}
