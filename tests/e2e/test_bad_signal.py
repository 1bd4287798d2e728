"""A phone whose signal comes and goes loses no word and sends nothing twice; who leaves, leaves nothing behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import Served
from tests.e2e.looking import Looker
from tests.e2e.walking import go_on, pick, screen

WORDS = "More lights near the bus station"
NOT_SENT = "Not sent yet. Your words are still here. We will try again."


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A phone with JavaScript, in the middle of the survey, at a question that wants words."""
    context = browser.new_context(base_url=served.address, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto("/en/young-person")
    go_on(page)
    pick(page, "yes")
    go_on(page)
    page.goto("/en/young-person/YP45")
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # so that it tries again only when a test says so
    yield page
    context.close()


def responses(served: Served) -> int:
    with sqlite3.connect(served.instance / "feedback.db") as database:
        found: tuple[int] = database.execute("SELECT count(*) FROM response").fetchone()
    return found[0]


def test_words_stay_and_are_sent_when_the_signal_is_back(page: Page) -> None:
    page.fill("#a", "x" * 1001)
    go_on(page)
    assert page.evaluate("document.activeElement.className") == "problem"
    assert page.input_value("#a") == "x" * 1001

    page.fill("#a", WORDS)
    page.context.set_offline(True)
    page.locator("main button.main").click()
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    page.fill("#a", f"{WORDS}!")
    with page.expect_navigation():
        page.context.set_offline(False)
    assert screen(page) != "YP45"
    page.goto("/en/young-person/YP45")
    assert page.input_value("#a") == f"{WORDS}!"


def test_it_tries_again_by_itself_and_says_what_it_does(page: Page) -> None:
    held: list[Route] = []
    page.fill("#a", WORDS)
    page.route("**/YP45", lambda route: held.append(route), times=1)
    page.get_by_role("button", name="Finish later").click()
    page.clock.fast_forward(1000)
    expect(page.get_by_text("Sending…")).to_be_visible()
    page.clock.fast_forward(19000)
    expect(page.get_by_text(NOT_SENT)).to_be_visible()

    page.route("**/YP45", lambda route: route.fulfill(status=503, body="busy"), times=1)
    with page.expect_response("**/YP45"):
        page.clock.fast_forward(2000)
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    page.clock.fast_forward(4000)
    expect(page.locator(".receipt")).to_be_visible()
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_sending_whose_answer_was_lost_is_sent_once(page: Page, served: Served) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.fill("#a", WORDS)
    go_on(page)
    page.goto("/en/young-person/check")
    before = responses(served)
    page.route("**/check", lose_the_answer, times=1)
    page.locator("main button.main").click()
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    assert responses(served) == before + 1

    with page.expect_navigation():
        page.get_by_role("button", name="Try again").click()
    assert screen(page) == "thank-you"
    assert len(page.locator(".receipt").inner_text().split()) == 5
    assert responses(served) == before + 1


FIVE_TIMES = """async () => {
  const form = document.getElementById('answer');
  const send = () => fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))});
  const answers = await Promise.all([1, 2, 3, 4, 5].map(send));
  const pages = await Promise.all(answers.map(answer => answer.text()));
  return pages.map(page => page.match(/class="receipt"[^>]*>([^<]+)/)[1]);
}"""


def test_five_sends_at_once_make_one_response(page: Page, served: Served) -> None:
    page.goto("/en/young-person/check")
    before = responses(served)

    receipts = page.evaluate(FIVE_TIMES)

    assert len(receipts) == 5
    assert len(set(receipts)) == 1
    assert responses(served) == before + 1


def test_after_leaving_the_back_button_shows_no_answer(page: Page) -> None:
    page.fill("#a", WORDS)
    go_on(page)
    page.go_back()
    assert page.input_value("#a") == WORDS

    with page.expect_navigation():
        page.get_by_role("button", name="Leave").click()
    assert (page.title(), page.locator("a").count()) == ("Empty page", 0)
    assert page.context.cookies() == []
    for _ in range(3):
        page.go_back()
        assert WORDS not in page.content()
        assert page.locator("textarea").count() == 0


@pytest.mark.parametrize("size", [(360, 740), (320, 256)], ids=["a phone", "400% zoom"])
def test_the_pages_of_finishing_later_open_for_everyone(page: Page, size: tuple[int, int]) -> None:
    looker = Looker(everything=True)
    page.clock.resume()  # axe waits for it
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.context.set_offline(True)
    page.get_by_role("button", name="Finish later").click()
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    looker.look(page, "not sent yet")
    page.context.set_offline(False)
    expect(page.locator(".receipt")).to_be_visible()
    looker.look(page, "five words")
    words = page.locator(".receipt").inner_text()

    page.goto("/en/return")
    looker.look(page, "return")
    page.fill("#words", f"{words} bagle")
    go_on(page)
    assert page.evaluate("document.activeElement.className") == "problem"
    looker.look(page, "return with a problem")
    page.fill("#words", f"  {words.upper()}, ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/YP45")
    assert looker.found == {}
