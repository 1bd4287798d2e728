"""Take the pictures of the README: a copy of its own with invented answers, a real browser, no hand.

Run with `make screenshots`. The answers are made up by a fixed seed, and every page says that it is an example.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_app.core.clock import SystemClock
from feedback_app.core.keys import KeyRing, load_keys
from feedback_app.core.settings import Settings
from feedback_app.definitions.area import load_area
from feedback_app.journey.plan import Plan, Screen
from feedback_app.questions.asked import Answer
from feedback_app.services import coding, collecting, collections, triage
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.editions import Editions
from feedback_app.services.rota import Rota
from feedback_app.services.screening import load_screens
from feedback_app.services.triage import Choice
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import AnswerText
from feedback_app.storage.queries.coding import suggestions_of

ROOT = Path(__file__).parents[1]
INTO = Path(__file__).parent / "pictures"
PORT, PEOPLE = 5331, 140
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
INVENTED = (
    "More lights near the bus station please",
    "The youth club on our estate is the best thing",
    "They ask us every year and nothing changes",
    "My teacher noticed I was not ok and asked twice",
    "Stop people being racist at the shops",
    "Someone to talk to each week about feelings",
    "I have had six social workers in a year",
    "The park feels safe now with the youth workers around",
)


def _invent(plan: Plan, chance: random.Random) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for screen in plan.screens.values():
        if screen.answers:
            answers[screen.asked.id] = _one(screen, chance)
    return answers | {"YP02": "yes", "DM00": "yes"}


def _one(screen: Screen, chance: random.Random) -> Answer:
    values = [choice.value for choice in screen.asked.choices]
    if screen.type.text:
        return chance.choice(INVENTED) if chance.random() < 0.6 else ""
    if screen.type.several:
        alone = {choice.value for choice in screen.asked.choices if choice.exclusive or choice.missing}
        return chance.sample([value for value in values if value not in alone], k=min(3, len(values) - len(alone)))
    return chance.choices(values, weights=[1 / (place + 1) for place in range(len(values))])[0]


def _fill(settings: Settings) -> None:
    """Invented people answer; suggested codes with a direction are accepted, as a person would."""
    engine, clock, chance = make_engine(settings.database), SystemClock(), random.Random(7)
    keys, area = load_keys(settings.keys, private=True), load_area(settings.surveys, settings.area)
    editions = Editions(area)
    screens = load_screens(settings.surveys)
    with Session(engine) as session, session.begin():
        held = collections.find(session, "young-person")
        assert held is not None
        plan = editions.get(session, held.version_hash).plan("en")
        for _ in range(PEOPLE):
            visit = collecting.begin(session, keys, held, clock.now())
            collecting.keep(session, visit, "", "", _invent(plan, chance), "en")
            language = chance.choices(["en", "ur", "pl", "sk"], weights=[70, 12, 10, 8])[0]
            collecting.send(session, keys, screens, visit, plan, language, clock.today())
    _read_by_two(engine, keys, clock.now())
    subprocess.run([_feedback(), "analyse"], env=_environment(settings), check=True, cwd=ROOT)
    books = load_codebooks(settings.surveys)
    with Session(engine) as session, session.begin():
        for row in session.query(AnswerText).all():
            suggested = suggestions_of(session, [(row.response_id, row.field)])
            chosen = {one.code: one.direction for one in suggested if one.direction and not one.code.startswith("X-")}
            if chosen and chance.random() < 0.8:
                comment = (row.response_id, row.field)
                coding.decide(session, books, "voice", comment, chosen, by="an invented coder", now=clock.now())
    engine.dispose()


def _read_by_two(engine: Engine, keys: KeyRing, now: datetime) -> None:
    """Two invented leads read every text and release it."""
    with Session(engine) as session, session.begin():
        for by in ("Lee Example", "Sam Example"):
            while ident := triage.next_open(session, now, by=by):
                line = triage.find(session, Rota(), now, ident)
                assert line is not None
                triage.decide(session, keys, ident, line.revision, Choice(triage.RELEASE), by=by, now=now)


def _feedback() -> str:
    return str(Path(sys.executable).with_name("feedback"))


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {"INSTANCE": str(settings.instance), "PORT": str(PORT), "DATABASE_URL": ""}


def chromium() -> str:
    """Where Chromium is."""
    return shutil.which("chromium") or shutil.which("google-chrome") or ""


def _wait() -> None:
    for _ in range(300):
        time.sleep(0.1)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                return


def _to(page: Page, language: str, screen: str) -> None:
    page.goto(f"/{language}/young-person")
    page.locator("main button.main").click()
    page.locator('label[for="a-yes"]').click()
    page.locator("main button.main").click()
    page.goto(f"/{language}/young-person/{screen}")


def _pictures(browser: Browser, password: str) -> None:
    phone = {"viewport": {"width": 360, "height": 780}, "device_scale_factor": 2}
    for language, screen in (("en", "YP20.food"), ("ur", "YP20.food")):
        context = browser.new_context(base_url=f"http://127.0.0.1:{PORT}", **phone)  # type: ignore[arg-type]
        page = context.new_page()
        _to(page, language, screen)
        page.locator('label[for="a-4"]').click()
        page.evaluate("document.fonts.ready")
        page.screenshot(path=INTO / f"question-{language}.png")
        context.close()
    context = browser.new_context(base_url=f"http://127.0.0.1:{PORT}", viewport={"width": 1100, "height": 1400})
    page = context.new_page()
    page.goto("/staff/")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.screenshot(path=INTO / "collections.png")
    today = SystemClock().today()
    page.goto(f"/staff/report?from={today.year}-01-01&to={today}")
    page.screenshot(path=INTO / "report.png")
    page.goto("/staff/collections/young-person/comments")
    page.get_by_role("button", name="Open").first.click()
    page.screenshot(path=INTO / "codes.png")


def main() -> None:
    """Make a copy, fill it, and take the pictures."""
    INTO.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = Settings(instance=Path(folder), database_url="")
        environment = _environment(settings)
        made = subprocess.run(
            [_feedback(), "init"], env=environment, check=True, cwd=ROOT, capture_output=True, text=True
        )
        _fill(settings)
        server = subprocess.Popen([_feedback(), "run"], env=environment, cwd=ROOT)
        _wait()
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        _pictures(browser, made.stdout.split("password")[-1].split()[0])
        browser.close()
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
