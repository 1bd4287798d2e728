"""The queue in a real browser: nothing that axe can find, at 360 and 1280 px, and hundreds by the Enter key alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import update

from feedback_app.storage.db import db
from feedback_app.storage.models import AnswerText, Triage
from tests.web.staff_copy import Copy, sign_in
from tests.web.test_staff_browser import enter, faults, in_a_browser
from tests.web.test_staff_triage import HARM, PHONE, PLAIN, lead, press, state, write

pytest_plugins = ["tests.web.staff_fixtures"]
LONG = "They moved me to another school and nobody asked. " * 12


def fill(staffed: Copy) -> tuple[str, str, str, str]:
    """A queue on a bad day: words of harm, what waits for a second person, what is late, and one that does not open."""
    lead(staffed, "Sam Example")
    first = staffed.stranger()
    sign_in(first, "Sam Example")
    agreed = write(staffed, 1, f"{HARM} {LONG}")
    page = press(first, first.get(f"/triage/{agreed}").text, "Open and read").text
    press(
        first, page, "Keep: somebody was told", told="The front door", told_at="noon", reference="R1", note="Was kind"
    )
    harm, masks, broken = (write(staffed, number, words) for number, words in enumerate((HARM, PHONE, PLAIN), 2))
    with staffed.app.app_context():
        held = db.session.get_one(Triage, broken)
        db.session.get_one(AnswerText, (held.response_id, held.field)).sealed = b"changed"
        db.session.commit()
    staffed.clock.pass_by(days=3)
    return harm, agreed, masks, broken


def walk_queue(page: Page, idents: tuple[str, str, str, str], look: Callable[[str], None]) -> None:
    """Every page of the queue, with its mistakes."""
    harm, agreed, masks, broken = idents
    page.goto("/triage")
    enter(page)
    look("list")
    page.goto(f"/triage/{harm}")
    look("before it is opened")
    page.click("button:has-text('I have seen this')")
    page.click("button:has-text('Open and read')")
    look("open")
    page.fill("#known-told", "The front door")
    page.click("button:has-text('Keep: somebody was told')")
    while (closed := page.locator("details:not([open]) > summary")).count():
        closed.first.click()
    look("open, something missing, all open")
    page.goto(f"/triage/{agreed}")
    page.click("button:has-text('Open and read')")
    look("open for the second person")
    page.fill("#agree-note", "I think so too")
    page.click("button:has-text('Agree and close')")
    page.goto(f"/triage/{masks}")
    page.click("button:has-text('Open and read')")
    look("an ordinary text")
    page.click("button:has-text('See what analysts will read')")
    look("what analysts will read")
    page.goto(f"/triage/{broken}")
    page.click("button:has-text('Open and read')")
    look("one that does not open")
    page.goto("/triage?state=done")
    look("closed ones")
    page.goto(f"/triage/{agreed}")
    page.click("button:has-text('Open and read')")
    look("a closed one")
    page.goto("/triage?band=P3")
    look("a band without texts")
    page.goto("/triage/rota")
    look("the rota")


@pytest.mark.parametrize(("width", "forced"), [(360, "none"), (1280, "active")])
def test_every_page_of_the_queue(staffed: Copy, width: int, forced: str) -> None:
    idents, found = fill(staffed), {}

    def walk(context: BrowserContext) -> None:
        page = context.new_page()

        def look(name: str) -> None:
            if wrong := faults(page, forced):
                found[name] = wrong

        walk_queue(page, idents, look)

    in_a_browser(staffed, walk, viewport={"width": width, "height": 740}, forced_colors=forced)
    assert found == {}


@pytest.mark.parametrize("scripts", [False, True])
def test_one_text_after_another_by_enter_alone(staffed: Copy, scripts: bool) -> None:
    idents = [write(staffed, number, f"{PLAIN} {number}") for number in range(1, 8)]
    with staffed.app.app_context():  # a reviewed list has read them, and found nothing
        db.session.execute(update(Triage).where(Triage.id.in_(idents)).values(band="P3", screened=True))
        db.session.commit()
    lead(staffed)

    def walk(context: BrowserContext) -> None:
        page = context.new_page()
        page.goto("/triage?band=P3")
        enter(page)
        page.focus("main button.main")
        for _ in range(len(idents) + 1):
            staffed.clock.pass_by(seconds=5)
            page.locator("main button.main:focus").wait_for()
            with page.expect_navigation():
                page.keyboard.press("Enter")
        assert "Nothing else waits for you to read here." in page.locator("main").inner_text()

    in_a_browser(staffed, walk, viewport={"width": 360, "height": 740}, java_script_enabled=scripts)
    assert {state(staffed, ident) for ident in idents} == {"released"}
