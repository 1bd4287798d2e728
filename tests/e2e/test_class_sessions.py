"""A shared tablet in a real browser: left alone, gone back on, without a network, and sealed until there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from feedback_app.core.clock import FixedClock
from feedback_app.core.sealing import open_sealed
from feedback_app.services.class_sessions import Opened
from feedback_app.services.collecting import place
from feedback_app.storage.models import AnswerText, Response
from tests.e2e.looking import Looker, until
from tests.e2e.walking import go_on, pick
from tests.factories import Copy
from tests.integration.answering import change_collection, counts
from tests.integration.test_class_sessions import take_in
from tests.tablets import held, open_class

WORDS = "words of the first person, for nobody else"
SURVEY = "sensitive"  # a choice, a help card, a text
TYPED = "[...document.querySelectorAll('input, textarea')].map(box => box.value).join()"
KEPT = "caches.open('class').then(c => c.keys()).then(all => all.map(one => new URL(one.url).pathname))"


@dataclass
class Tablet:
    """A tablet of a class, at the locked screen."""

    copy: Copy
    opened: Opened
    context: BrowserContext
    page: Page

    def begin(self) -> None:
        """An adult types the PIN and the next person presses Start."""
        self.page.fill("#pin", self.opened.pin)
        go_on(self.page)
        go_on(self.page)

    def answer_to_the_end(self, words: str) -> None:
        """Answer every question, up to the page before sending."""
        pick(self.page, "no")
        go_on(self.page)
        go_on(self.page)
        self.page.fill("#a", words)
        go_on(self.page)


@pytest.fixture
def tablet(copy_on: Callable[..., Copy], browser: Browser) -> Iterator[Callable[..., Tablet]]:
    """Make a tablet, on a server of its own."""
    ends: list[Callable[[], None]] = []

    def make(survey: str = SURVEY, *, outreach: bool = False) -> Tablet:
        copy = copy_on("", survey)
        copy.clock = FixedClock(datetime.now(UTC))  # a browser keeps a cookie by its own clock
        change_collection(copy, survey, opens_on=copy.clock.today())
        opened = open_class(copy, survey, outreach=outreach)
        server = make_server("127.0.0.1", 0, copy.app(), threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        address, small = f"http://127.0.0.1:{server.port}", {"width": 360, "height": 740}
        context = browser.new_context(base_url=address, viewport=small)
        context.set_default_timeout(10_000)
        ends.extend((context.close, server.shutdown, thread.join, server.server_close))
        page = context.new_page()
        page.goto("/en/class")
        assert faults(page) == {}
        page.fill("#code", opened.code)
        go_on(page)
        assert faults(page) == {}
        return Tablet(copy, opened, context, page)

    yield make
    for end in ends:
        end()


def faults(page: Page) -> dict[str, list[str]]:
    """What is wrong with a page."""
    looker = Looker()
    looker.look(page, "here")
    return looker.found


@contextmanager
def no_network(context: BrowserContext) -> Iterator[None]:
    context.set_offline(True)
    yield
    context.set_offline(False)


def worker_is_ready(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "navigator.serviceWorker.controller !== null")


def test_left_alone_it_asks_and_then_forgets(tablet: Callable[..., Tablet]) -> None:
    one = tablet()
    page = one.page
    page.clock.install()
    one.begin()
    pick(page, "no")
    dialog = page.get_by_role("alertdialog", name="Are you still there?")

    page.clock.fast_forward("02:31")
    expect(dialog).to_be_visible()
    expect(page.get_by_role("button", name="I am still here")).to_be_focused()
    assert faults(page) == {}
    with page.expect_response("**/class/stay"):
        page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("02:00")
    expect(dialog).to_be_hidden()

    page.clock.fast_forward("00:31")
    expect(dialog).to_be_visible()
    page.clock.fast_forward("00:30")
    expect(page.get_by_role("heading", name="Next person")).to_be_visible()
    assert counts(one.copy)["draft"] == 0


def test_going_back_never_shows_the_person_before(tablet: Callable[..., Tablet]) -> None:
    one = tablet()
    page = one.page
    one.begin()
    one.answer_to_the_end(WORDS)
    assert WORDS in page.content()
    go_on(page)
    receipt = page.locator(".receipt").inner_text()
    page.get_by_role("button", name="I am done").click()
    expect(page.get_by_role("heading", name="Next person")).to_be_visible()
    one.begin()
    pick(page, "yes")

    for _ in range(8):
        page.go_back()
        seen = page.content() + page.evaluate(
            "[...document.querySelectorAll('input, textarea')].map(b => b.value).join()"
        )
        assert WORDS not in seen, page.url
        assert receipt not in seen, page.url
        assert page.locator("#a-no:checked").count() == 0, page.url


def test_help_is_there_without_a_network_and_no_page_with_answers_is_kept(tablet: Callable[..., Tablet]) -> None:
    one = tablet()
    page = one.page
    worker_is_ready(page)
    one.begin()
    pick(page, "no")
    go_on(page)
    with no_network(one.context):
        page.get_by_role("button", name="Get help").click()
        page.wait_for_url("**/en/help")
        expect(page.get_by_role("heading", name="Get help")).to_be_visible()
        expect(page.locator(".signposts a").first).to_be_visible()
    kept = page.evaluate(
        "caches.open('class').then(c => c.keys()).then(all => all.map(one => new URL(one.url).pathname))"
    )
    assert "/en/help" in kept
    assert [path for path in kept if not path.startswith("/static/")] == ["/en/help"]

    page.goto("/en/class/next")
    page.fill("#pin", one.opened.pin)
    page.get_by_role("button", name="Take this tablet out of the class").click()
    expect(page.get_by_role("heading", name="Shared tablet")).to_be_visible()
    until(page, "(await navigator.serviceWorker.getRegistrations()).length === 0")


STORED = """new Promise(done => {
  const asked = indexedDB.open('outreach', 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction('bundles').objectStore('bundles').getAll();
    all.onsuccess = () => {
      done(all.result.map(one => JSON.stringify({...one, sealed: new TextDecoder('latin1').decode(one.sealed)})));
      asked.result.close();
    };
  };
})"""


def answer_offline(page: Page, words: str) -> None:
    """One person's turn without a network, in the survey of many ways."""
    on = page.locator("#asking button.main")
    page.locator("#begin").click()
    on.click()
    page.locator('#asking label[for="a-yes"]').click()
    on.click()
    expect(page.locator("#asking h1")).to_have_text("How was it?")
    page.locator("#asking textarea").fill(words)
    on.click()
    page.locator('#asking label[for="a-no"]').click()
    on.click()
    expect(page.locator("#asking h1")).to_have_text("Anything else?")
    expect(page.locator("#asking .part")).to_contain_text("Part 3 of 4")
    on.click()
    on.click()
    expect(page.locator("#asking h1")).to_have_text("That was the last question")
    for heading in ("May we ask you again?", "Anything else?", "Would you come again?", "How was it?"):
        page.locator("#asking button.quiet").click()
        expect(page.locator("#asking h1")).to_have_text(heading)
    expect(page.locator("#asking textarea")).to_have_value(words)
    for _ in range(5):
        on.click()
    expect(page.locator("#asking h1")).to_have_text("Thank you")
    on.click()
    expect(page.locator("#between h1")).to_be_visible()


LIVE = {"Q1": "yes", "Q4": "no", "Q7": "", "Q8": ""}


def test_answers_are_sealed_without_a_network_and_read_by_staff_alone(tablet: Callable[..., Tablet]) -> None:
    one = tablet("routing", outreach=True)
    page = one.page
    worker_is_ready(page)
    page.get_by_role("link", name="Use this tablet without a network").click()
    expect(page.locator("#begin")).to_be_visible()
    with no_network(one.context):
        page.reload()
        expect(page.locator("#begin")).to_be_visible()
        expect(page.locator("#send")).to_be_hidden()
        assert faults(page) == {}
        page.get_by_role("button", name="Get help").click()
        expect(page.get_by_role("dialog", name="Get help")).to_be_visible()
        assert faults(page) == {}
        page.keyboard.press("Escape")
        for words in (WORDS, "the second person"):
            answer_offline(page, words)
            assert words not in page.content()
        expect(page.locator("#waiting")).to_contain_text("2")
        stored = page.evaluate(STORED)
        assert len(stored) == 2
        assert WORDS not in "".join(stored)
        assert counts(one.copy)["response"] == 0
    expect(page.locator("#waiting")).to_contain_text(": 0")
    assert page.evaluate(STORED) == []

    assert take_in(one.copy).stored == 2
    with one.copy.session() as session:
        texts = session.query(AnswerText).all()
        assert [(each.way, each.answers) for each in session.query(Response)] == [("outreach", LIVE)] * 2
        keys = one.copy.keys.private
        said = {
            open_sealed(keys[each.key_id], each.sealed, place(each.response_id, each.field, each.key_id))
            for each in texts
        }
    assert said == {WORDS, "the second person"}
    assert (held(one.copy, one.opened).started, held(one.copy, one.opened).finished) == (2, 2)


def test_what_was_not_sent_in_a_day_is_gone_and_said_so(tablet: Callable[..., Tablet]) -> None:
    one = tablet("routing", outreach=True)
    page = one.page
    page.clock.install()
    worker_is_ready(page)
    page.goto("/en/class/outreach")
    with no_network(one.context):
        answer_offline(page, WORDS)
        page.locator("#begin").click()
        page.clock.fast_forward("02:31")
        expect(page.get_by_role("alertdialog")).to_be_visible()
        page.clock.fast_forward("00:30")
        expect(page.locator("#waiting")).to_contain_text(": 1")  # who left nothing sealed leaves nothing
        page.clock.fast_forward("24:00:00")
        page.clock.run_for("02:00")  # a jump rings a bell once, and it may ring while the one before still works
        expect(page.locator("#lost-words")).to_contain_text("deleted: 1")
        assert [bundle for bundle in page.evaluate(STORED) if "sealed" in bundle and '"id":"lost"' not in bundle] == []
        page.get_by_role("button", name="I have read this").click()
        expect(page.locator("#lost")).to_be_hidden()
