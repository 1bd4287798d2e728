"""Walk through a survey in a browser as a person would: read the page, pick something, press Continue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from playwright.sync_api import APIResponse, Page

Seen = Callable[[Page, str], None]


def screen(page: Page | APIResponse) -> str:
    """The screen that a page shows: the last part of its address."""
    return page.url.split("?")[0].rstrip("/").rsplit("/", 1)[1]


def go_on(page: Page) -> None:
    """Press the main button and wait for the page that follows: the next one, or this one again with what is wrong.

    Our script puts a page that came again in the place of the old one, and no browser calls that a navigation.
    """
    page.evaluate("document.documentElement.dataset.passed = 1")
    page.locator("main button.main").click()
    page.locator("html:not([data-passed])").wait_for(state="attached")
    page.wait_for_load_state()


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


FIELDS = """() => {
  const all = [...document.querySelectorAll('main :is(input, select, textarea)')]
    .filter(e => e.type !== 'hidden' && e.checkVisibility());
  const groups = new Map();
  for (const e of all) {
    const kind = ['radio', 'checkbox'].includes(e.type) ? e.type : e.tagName === 'SELECT' ? 'select' : 'words';
    if (!groups.has(e.name)) groups.set(e.name, {name: e.name, kind, numeric: e.inputMode === 'numeric', values: []});
    const values = kind === 'select' ? [...e.options].map(o => o.value).filter(Boolean) : [e.value];
    groups.get(e.name).values.push(...values);
  }
  return [...groups.values()];
}"""
NUMBERS = {"day": "12", "month": "5", "year": "2024"}


def fields(page: Page) -> list[dict[str, Any]]:
    """The fields that stand on a page, each with its kind and its values."""
    found: list[dict[str, Any]] = page.evaluate(FIELDS)
    return found


def answer_anything(page: Page, chance: Random) -> None:
    """Answer a page with whatever it offers; "yes" where there is one to pick, for that leads further."""
    taken: set[str] = set()
    for field in fields(page):
        name, values = field["name"], [value for value in field["values"] if value not in taken]
        if name == "instead":
            continue  # it stands in place of what is written
        if field["kind"] in ("radio", "checkbox"):
            value = "yes" if "yes" in values else chance.choice(values)
            tick(page, name, value)
        elif field["kind"] == "select":
            taken.add(value := chance.choice(values))
            page.select_option(f'main select[name="{name}"]', value)
        else:
            page.locator(f'main [name="{name}"]').fill(NUMBERS.get(name, "7") if field["numeric"] else "A word of mine")


def answer_wrongly(page: Page) -> bool:
    """Answer so that the page has to be shown again; tell whether this page can be answered wrongly at all."""
    offered = fields(page)
    if not offered:
        return False
    first = offered[0]
    if first["kind"] == "checkbox":
        for value in first["values"]:
            tick(page, first["name"], value)
    elif first["kind"] == "select" and len(offered) > 1:
        page.select_option(f'main select[name="{offered[-1]["name"]}"]', first["values"][0])
    elif first["kind"] == "words":
        page.locator(f'main [name="{first["name"]}"]').fill("9" * 5_000)
    else:
        return False
    return True


def tick(page: Page, name: str, value: str) -> None:
    """Tick a box or a circle, wherever on the page it stands."""
    page.locator(f'main input[name="{name}"][value="{value}"]').evaluate("e => e.checked || e.click()")


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
