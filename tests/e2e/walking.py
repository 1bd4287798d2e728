"""Walk through a survey in a browser as a person would: read the page, pick something, press Continue."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

Seen = Callable[[Page, str], None]


def screen(page: Page) -> str:
    """The screen that a page shows: the last part of its address."""
    return page.url.split("?")[0].rstrip("/").rsplit("/", 1)[1]


def go_on(page: Page) -> None:
    """Press the main button and wait for the next page."""
    with page.expect_navigation():
        page.locator("main button.main").click()


def pick(page: Page, value: str) -> None:
    """Pick an answer by pressing its card."""
    page.locator(f'label[for="a-{value}"]').click()


def answer(page: Page, value: str | list[str] | None) -> None:
    """Answer whatever kind of question stands on the page; nothing leaves it blank."""
    if page.locator("select#first").count():
        for place, chosen in zip(("first", "second", "third"), value or [], strict=False):
            page.select_option(f"#{place}", chosen)
    elif page.locator("#a").count():
        page.fill("#a", str(value or ""))
    elif value is not None and page.locator('input[name="answer"]').count():
        for one in [value] if isinstance(value, str) else value:
            pick(page, one)


def walk(page: Page, answers: Mapping[str, str | list[str]], seen: Seen | None = None) -> list[str]:
    """Answer from where the page is to the check page; return the screens that were passed."""
    passed = []
    while (at := screen(page)) != "check":
        passed.append(at)
        if seen:
            seen(page, at)
        answer(page, answers.get(at))
        go_on(page)
        assert screen(page) != at, f"stuck at {at}: {page.locator('main').inner_text()}"
    return passed


# Answers that open every conditional question of the young person's survey.
FULL: dict[str, str | list[str]] = {
    "YP02": "yes",
    "YP03": "home",
    "YP04": "no",
    "YP10": "2",
    **{f"YP20.{row}": "5" for row in ("food", "clothes", "bed", "where", "learn", "ill", "care")},
    "YP30": "main",
    "YP32": ["toilet", "corr"],
    "YP35": "few",
    "YP36": "nottold",
    "YP43": "once",
    "YP44": "no",
    "YP45": "More lights near the bus station",
    "YP60": "used",
    "YP61": "harm",
    "YP80": ["sw", "ce"],
    "YP81": "5",
    "YP90": "The boxing gym",
    "YP91": "stop asking us every year if nothing happens",
    "YP92": ["home", "area", "listen"],
    "YP93": "yes",
    "YP93a": "New lights in the park",
    "DM00": "yes",
    "DM01": "13-15",
    "DM02y": "girl",
    "DM04": "white",
    "DM05w": "roma",
    "DM06": "yes",
    "DM09": "sk",
}
