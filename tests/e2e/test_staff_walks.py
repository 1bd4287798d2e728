"""What a trainer and a scrutineer come for, by the pages alone and without JavaScript, as somebody with that one role.

The business unit's walk is in test_first_survey.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from feedback_app.core.clock import SystemClock
from feedback_app.core.settings import Settings
from feedback_app.services.openings import Doer, Number
from tests.e2e.conftest import Served
from tests.e2e.seeding import seed
from tests.e2e.walking import walk
from tests.factories import Copy
from tests.openings import Office

PUPILS, INVITED, ANSWERED = 240, 60, 30


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A member of staff's screen."""
    context = browser.new_context(
        base_url=served.address, viewport={"width": 1280, "height": 800}, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def enter(page: Page, served: Served, name: str, role: str) -> None:
    """Sign in as somebody new who has one role."""
    password = served.feedback("staff", "add", name, "--role", role).split()[-1]
    page.goto("/staff/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    assert "What needs me today" in heading(page)


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def says(page: Page) -> str:
    """What the page says, in one line."""
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def way(page: Page, name: str) -> None:
    """Take one of the ways at the top."""
    page.get_by_role("navigation", name="Staff pages").get_by_role("link", name=name, exact=True).click()


def test_a_trainer_makes_a_session_and_sees_who_replied(browser: Browser, served: Served, page: Page) -> None:
    enter(page, served, "Tara Trainer", "course-organiser")
    way(page, "Courses")
    page.get_by_role("link", name="Write a new course").click()
    page.get_by_label("Title").fill("Safer Sleep for Babies")
    page.get_by_role("button", name="Keep it").click()

    assert "Safer Sleep for Babies" in heading(page)
    page.get_by_role("link", name="Add a session").first.click()
    page.get_by_label("Places").fill("20")
    page.get_by_role("button", name="Keep it").click()

    assert "its forms are ready" in says(page)
    session = page.url
    page.get_by_label("Booked", exact=True).fill("16")
    page.get_by_label("Attended", exact=True).fill("14")
    page.get_by_label("Booked and did not come").fill("2")
    page.get_by_role("button", name="Keep the numbers").click()
    assert "0 of 14 who attended" in says(page)
    form = page.locator("li.card").filter(has_text="At the end of the day")
    address = form.get_by_role("link").first.inner_text()

    phone = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    person = phone.new_page()
    person.goto(address)
    person.get_by_role("button", name="Start").click()
    assert "Safer Sleep for Babies" in says(person)
    walk(person, {})
    person.locator("main button.main").click()
    person.wait_for_url("**/thank-you*")
    phone.close()

    page.goto(session)
    assert "Replies at the end of the day 1 of 14 who attended (7%)" in says(page)
    page.get_by_role("link", name="Back to the course").click()
    assert "1 of 14 who attended (7%)" in says(page)


def test_a_scrutineer_reads_what_was_found_and_is_shown_no_words(served: Served, page: Page) -> None:
    opened = open_to_a_school(served)
    seed(served, ANSWERED, {"YP02": "yes", "YP10": "4", "YP91": "Nobody is to read this"}, collection=opened)
    enter(page, served, "Sam Scrutineer", "scrutineer")

    way(page, "Collections")
    page.get_by_label("Name or address").fill("elm")
    page.get_by_role("button", name="Search").click()
    page.locator("main .card h2 a").click()
    rates = page.get_by_role("table", name="Answers as a share of people").inner_text()
    assert re.search(rf"Could answer.*School office.*{PUPILS}.*1[23]%", rates, re.DOTALL), rates
    assert re.search(rf"Were invited.*Class lists.*{INVITED}.*50%", rates, re.DOTALL), rates
    assert not page.get_by_role("link", name="Read comments").count()
    assert not page.locator("main form").count(), "there is nothing to change here"

    way(page, "Report")
    page.get_by_role("link", name="This year so far").click()
    assert "At a glance" in says(page)
    assert "Nobody is to read this" not in page.content()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Word document").click()
    assert taken.value.suggested_filename.endswith(".docx")

    way(page, "Audit log")
    assert "Report" in says(page)
    assert "Sam Scrutineer" in says(page)
    page.get_by_role("button", name="Check the log").click()
    assert "whole" in says(page)

    for refused in (f"collections/{opened}/comments", "settings", "exports", "people", "notes"):
        answer = page.goto(f"/staff/{refused}")
        assert answer
        assert (answer.status, heading(page)) == (403, "You may not see this page"), refused


def open_to_a_school(served: Served) -> str:
    """Open the young person's survey to a school that has said how many pupils it has and how many it invited."""
    copy, clock = Copy(Settings(instance=served.instance, database_url="")), SystemClock()
    office, today = Office(copy), clock.today()
    numbers = {
        "eligible": Number(PUPILS, "School office", today),
        "invited": Number(INVITED, "Class lists", today),
    }
    doer, until = Doer("Ann", clock.now(), today), today + timedelta(days=14)
    made = office.open(
        "young-person", office.place("Elm School"), doer=doer, opens_on=today, closes_on=until, numbers=numbers
    )
    copy.close()
    return made.id
