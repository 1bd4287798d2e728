"""A young person answers the whole survey in Urdu on a small phone without JavaScript, and is heard in the report."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from feedback_app.core.clock import SystemClock
from tests.e2e.conftest import Served
from tests.e2e.seeding import seed
from tests.e2e.walking import FULL, go_on, pick, screen, walk

URDU = {
    **FULL,
    "YP45": "بس اسٹیشن کے پاس اور روشنیاں لگائیں",
    "YP90": "باکسنگ جم",
    "YP91": "ہم سے پوچھتے ہیں پھر کچھ نہیں ہوتا",
}


def _answered(served: Served, folder: Path, item: str, value: str) -> tuple[object, object]:
    """What the report's table shows: the number who gave an answer, and the base."""
    today = SystemClock().today()
    served.feedback("report", "--from", str(date(today.year, 1, 1)), "--to", str(today), "--out", str(folder))
    tables = json.loads((folder / "tables.json").read_text())["tables"]
    table = next(one for one in tables if one["id"] == f"young-person/{item}")
    row = next(one for one in table["rows"] if one["id"] == value)
    return row["cells"]["people"].get("count"), table["base"].get("count")


def test_a_whole_survey_in_urdu_without_javascript_is_heard_in_the_report(
    served_alone: Served, browser: Browser, tmp_path: Path
) -> None:
    served = served_alone
    seed(served, 27, {"YP02": "yes", "YP10": "2", "DM00": "skip"})
    # These alone would be shown as 25; a report that said so would stand until ten more had answered.

    requests: list[str] = []
    phone = browser.new_context(
        base_url=served.address, viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    page = phone.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.goto("/ur/young-person")
    assert page.locator("html").get_attribute("dir") == "rtl"
    go_on(page)
    passed = walk(page, URDU, _is_whole)
    assert {"YP36", "YP44", "YP81", "YP93a", "DM05w", "YP60.after", "home.help"} <= set(passed)
    assert URDU["YP91"] in page.locator("main").inner_text()
    go_on(page)
    assert len(page.locator(".receipt").inner_text().split()) == 5
    assert {url.split("/")[2] for url in requests} == {served.address.split("/")[2]}

    assert _answered(served, tmp_path, "YP10", "2") == (30, 30)


def _is_whole(page: Page, at: str) -> None:
    """Each page fits the phone, has its way to help and its way out, and no English answer buttons."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, at
    assert page.locator(".help").inner_text() == "مدد لیں", at
    assert page.locator(".leave button").is_visible(), at


@pytest.mark.parametrize("language", ["en", "ur", "pl", "sk"])
def test_it_fits_a_screen_of_320_by_256(served: Served, phone: BrowserContext, language: str) -> None:
    """WCAG 1.4.10: no scrolling sideways at 400% zoom, nothing cut off."""
    page = phone.new_page()
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(f"/{language}/young-person")
    go_on(page)
    pick(page, "yes")
    go_on(page)
    for at in ("YP03", "YP20.food", "YP32", "YP45", "YP92", "home.help", "DM00", "check"):
        page.goto(f"/{language}/young-person/{at}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, at


def test_it_can_be_answered_by_keyboard_alone(served: Served, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/en/young-person")
    page.locator("main button.main").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _tab_to(page, "a-yes")
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # Enter in a field means Continue, not Help or another language
    assert screen(page) == "YP03"
    _tab_to(page, "a-school")
    page.keyboard.press("ArrowDown")
    assert page.locator("#a-home").is_checked()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert screen(page) == "YP04"


def _tab_to(page: Page, ident: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.id")
        if focused == ident:
            return
    raise AssertionError(f"Tab never reaches {ident}")
