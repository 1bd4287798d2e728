"""The pages around training in a real browser: nothing that axe can find, nothing cut off, and no JavaScript needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from playwright.sync_api import BrowserContext

from tests.factories import NOON, Copy, Respondent
from tests.training import PROMISE, codes, finish, trained
from tests.web.test_staff_browser import faults, in_a_browser


def test_the_code_the_letters_and_the_certificate(copy: Callable[..., Copy]) -> None:
    there = trained(copy)
    app = there.copy.app()
    person = finish(Respondent(app, there.session.day_id or "").start(), TF23=PROMISE)
    _, code = codes(person)
    cookie = person.client.get_cookie("visit")
    assert cookie
    found: dict[str, list[str]] = {}

    def first(context: BrowserContext) -> None:
        context.add_cookies([{"name": "visit", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])
        page = context.new_page()
        page.goto(f"/en/{person.survey}/thank-you")
        assert code in page.content()
        found["thank you"] = faults(page, "none")
        page.click("text=Make the certificate (PDF)")
        assert page.locator(".problem a").inner_text() == "Write your name, in 80 letters or fewer."
        found["no name"] = faults(page, "none")
        page.click("text=Give an address for these letters")
        page.fill("#email", "nobody")
        page.click("text=Send me these letters")
        found["no address"] = faults(page, "none")
        page.fill("#email", "ann@school.example")
        page.click("text=Send me these letters")
        page.locator("text=We will write to you when it is time.").wait_for()
        found["kept"] = faults(page, "none")
        page.goto("/en/no-more-letters/nothing")
        found["no more letters"] = faults(page, "none")

    def second(context: BrowserContext) -> None:
        page = context.new_page()
        page.goto(f"/en/{there.session.follow_up_id}")
        page.fill("#code", "abacus abdomen ability ablaze able")
        page.click("main form button.main")
        found["wrong code"] = faults(page, "none")
        page.fill("#code", code.upper())
        page.click("main form button.main")
        assert page.locator("h1").inner_text() == "What you said you would do"
        assert page.locator("blockquote").inner_text() == PROMISE
        found["the promise"] = faults(page, "none")
        page.click("text=Continue")
        assert page.url.endswith("/TI01")

    for look, served in ((first, app), (second, there.on(NOON + timedelta(days=56)).copy.app())):
        wide = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": True}
        in_a_browser(SimpleNamespace(app=served), look, **wide)  # type: ignore[arg-type]
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
