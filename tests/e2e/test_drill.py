"""The whole way of a text that may be about a child in danger: a phone, an e-mail, two people, and a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from feedback_app.core.clock import SystemClock
from feedback_app.core.settings import Settings
from feedback_app.storage.db import make_engine
from tests.e2e.conftest import Served, serve
from tests.e2e.looking import Looker
from tests.e2e.walking import FULL, go_on, walk
from tests.leads import HARM, PASSWORD, add_leads
from tests.mail_server import Kept, free_port, serving

PROMISED = 60  # seconds until the alert is there


@pytest.fixture
def post() -> Iterator[tuple[Kept, int]]:
    """A mail server of this machine."""
    kept, port = Kept(), free_port()
    with serving(kept, port):
        yield kept, port


@pytest.fixture
def watched(tmp_path: Path, post: tuple[Kept, int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A copy with two leads whose letters go to that mail server."""
    given = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(post[1]),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "us@area.example",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with serve(tmp_path / "instance") as served:
        engine = make_engine(Settings(instance=served.instance, database_url="").database)
        with Session(engine) as session, session.begin():
            add_leads(session, "Lea", "Sam")
        engine.dispose()
        yield served


def arrived(kept: Kept) -> EmailMessage:
    """The next letter, which has to come in the time that is promised."""
    assert kept.begun.wait(PROMISED), "no alert came"
    kept.begun.clear()
    return kept.letters[-1]


def phone(browser: Browser, served: Served, *, scripts: bool = False) -> Page:
    """A small phone; with scripts only for axe, which is one."""
    context = browser.new_context(
        base_url=served.address, viewport={"width": 360, "height": 740}, java_script_enabled=scripts
    )
    return context.new_page()


def sign_in(page: Page, name: str, address: str) -> None:
    """Follow a letter's link, and sign in on the way."""
    page.goto(address)
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.locator("main button.main").click()
    assert page.url == address


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def test_a_child_writes_and_two_people_act(
    watched: Served, browser: Browser, post: tuple[Kept, int], tmp_path: Path
) -> None:
    kept, looker = post[0], Looker()
    child = phone(browser, watched)
    child.goto("/en/young-person")
    go_on(child)
    walk(child, FULL | {"YP91": HARM})
    go_on(child)
    assert len(child.locator(".receipt").inner_text().split()) == 5

    letter = arrived(kept)
    body = letter.get_content()
    assert letter["To"] == "lea@area.example"
    assert "kill" not in body + letter["Subject"]
    (link,) = re.findall(r"http\S+/triage/\w+", body)

    lea = phone(browser, watched, scripts=True)
    sign_in(lea, "Lea", link)
    looker.look(lea, "before it is opened")
    assert HARM not in lea.content()
    press(lea, "Open and read")
    assert HARM in lea.locator("blockquote.typed").first.inner_text()
    looker.look(lea, "open")
    lea.fill("#known-told", "The front door of children's services")
    lea.fill("#known-told_at", "today at noon")
    lea.fill("#known-reference", "A reference")
    press(lea, "Keep: somebody was told")
    lea.goto("/staff/triage")
    looker.look(lea, "the list")
    lea.goto("/staff/triage/rota")
    looker.look(lea, "the rota")

    asked = arrived(kept)
    assert asked["To"] == "sam@area.example"
    sam = phone(browser, watched, scripts=True)
    sign_in(sam, "Sam", link)
    press(sam, "Open and read")
    looker.look(sam, "open for the second person")
    press(sam, "Agree and close")
    assert looker.found == {}
    sam.goto(link)
    assert "by Lea and Sam" in sam.locator("main").inner_text()

    today = SystemClock().today()
    watched.feedback(
        "report", "--from", str(date(today.year, 1, 1)), "--to", str(today), "--out", str(tmp_path / "out")
    )
    report = (tmp_path / "out" / "report.html").read_text()
    assert "were taken up as a concern: fewer than 10." in report
    assert HARM not in report


def test_a_drill_is_passed_when_the_lead_has_seen_it(watched: Served, browser: Browser, post: tuple[Kept, int]) -> None:
    assert "No drill was passed yet." in watched.feedback("drill", "--last")
    said = watched.feedback("drill")
    letter = arrived(post[0])
    assert letter["Subject"].startswith("Drill: ")
    (link,) = re.findall(r"http\S+/triage/\w+", letter.get_content())
    assert link.rpartition("/")[2] in said

    lea = phone(browser, watched)
    sign_in(lea, "Lea", link)
    press(lea, "I have seen this")
    assert "Lea saw it" in watched.feedback("drill", "--last")
    press(lea, "Open and read")
    assert "Nobody wrote this." in lea.locator("main").inner_text()
    press(lea, "End the drill")
    lea.goto("/staff/triage/rota")
    assert "The last drill was passed" in lea.locator("main").inner_text()
