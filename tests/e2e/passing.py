"""Pass through a survey by its requests alone, and open in the browser only the pages whose structure is new to it."""

from __future__ import annotations

from random import Random
from urllib.parse import urlencode

from lxml import html
from playwright.sync_api import APIResponse, Page

from tests.e2e.looking import Looker
from tests.e2e.walking import NUMBERS, answer_wrongly, go_on, screen

POSTED = {"Content-Type": "application/x-www-form-urlencoded"}
Pairs = list[tuple[str, str]]


def pass_through(page: Page, chance: Random, looker: Looker, name: str = "") -> list[str]:
    """Answer from where the page is to the check page, with whatever each page offers; return the screens passed.

    Where the looker wants to see a page the browser goes there and, if it can be answered wrongly, does that first.
    """
    passed: list[str] = []
    asking = page.context.request
    sent = asking.get(page.url)
    while (at := screen(sent)) != "check":
        tree = html.fromstring(sent.text())
        passed.append(at)
        new = looker.is_new(tree, page)
        if new or looker.measures:
            page.goto(sent.url)
            looker.look(page, f"{name}{at}", tree)
        if new and answer_wrongly(page):
            go_on(page)
            if screen(page) == at:
                looker.look(page, f"{name}{at} with a problem")
        sent = _press(sent, tree, asking.post, chance)
        assert screen(sent) not in passed, f"stuck at {at}: {tree.find('.//main').text_content()}"
    page.goto(sent.url)
    return passed


def _press(sent: APIResponse, tree: html.HtmlElement, post: object, chance: Random) -> APIResponse:
    (form,) = tree.xpath("//form[@id='answer']")
    (token,) = form.xpath(".//input[@name='token']/@value")
    form.make_links_absolute(sent.url)
    body = urlencode([("token", token), ("go", "next"), *_anything(tree, chance)])
    return post(form.get("action"), data=body, headers=POSTED)  # type: ignore[operator]


def _anything(tree: html.HtmlElement, chance: Random) -> Pairs:
    """One answer for each group of fields; "yes" where there is one to pick, for that leads further."""
    answers: dict[str, str] = {}
    groups: dict[str, list[html.HtmlElement]] = {}
    for field in tree.xpath("//main//*[self::input[not(@type='hidden')] or self::select or self::textarea]"):
        groups.setdefault(field.get("name"), []).append(field)
    for name, fields in groups.items():
        first = fields[0]
        if name == "instead":
            continue  # it stands in place of what is written
        if first.tag == "select":
            offered = [value for value in first.xpath(".//option/@value") if value and value not in answers.values()]
            answers[name] = chance.choice(offered)
        elif first.get("type") in ("radio", "checkbox"):
            values = [field.get("value") for field in fields]
            answers[name] = "yes" if "yes" in values else chance.choice(values)
        else:
            answers[name] = NUMBERS.get(name, "7") if first.get("inputmode") == "numeric" else "A word of mine"
    return list(answers.items())
