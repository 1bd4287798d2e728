"""The listen buttons in a real browser: only where there is a voice or a recording, and silent until one is pressed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from feedback_app.services.recordings import hash_of
from tests.e2e.looking import Looker, until
from tests.e2e.walking import go_on
from tests.factories import Copy, make_copy

# A device's voices, and what it was asked to say: Chromium has no voice of its own here.
DEVICE = """(voices) => {
  window.said = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  Object.defineProperty(window, 'speechSynthesis', {value: {
    getVoices: () => voices,
    speak: (words) => window.said.push(words.text),
    cancel: () => window.said.push('(stopped)'),
  }});
}"""
OWN = {"lang": "en-GB", "localService": True}
NONE = ([], [{"lang": "pl-PL", "localService": True}], [{"lang": "en-GB", "localService": False}])
QUESTION = "How satisfied were you with the information that was given to you? Think of letters, leaflets and talks."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy with one recording: of the answer "No"."""
    folder = tmp_path_factory.mktemp("listening")
    recording = folder / "instance" / "recordings" / "human" / "en" / "easy" / f"No.{hash_of('No')}.mp3"
    recording.parent.mkdir(parents=True)
    recording.write_bytes(b"not played in this test")
    with _served(make_copy(folder, "", "easy")) as at:
        yield at


@contextmanager
def _served(copy: Copy) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, copy.app(), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    copy.close()


@contextmanager
def at_q1(browser: Browser, address: str, voices: list[dict[str, object]]) -> Iterator[Page]:
    """The first question, on a small phone with these voices."""
    context = browser.new_context(base_url=address, viewport={"width": 320, "height": 640})
    context.add_init_script(f"({DEVICE})({str(voices).replace('True', 'true').replace('False', 'false')})")
    page = context.new_page()
    page.goto("/en/easy")
    go_on(page)
    yield page
    context.close()


def names(page: Page) -> list[str]:
    return [str(one.get_attribute("aria-label")) for one in page.locator("button.listen").all()]


@pytest.mark.parametrize("voices", NONE, ids=["no voice", "another language", "a voice on somebody's server"])
def test_without_a_voice_only_what_is_recorded_has_a_button(
    browser: Browser, address: str, voices: list[dict[str, object]]
) -> None:
    with at_q1(browser, address, voices) as page:
        assert names(page) == ["Listen: No"]


def test_with_a_voice_every_question_and_option_can_be_heard_and_stopped(browser: Browser, address: str) -> None:
    looker = Looker()
    with at_q1(browser, address, [OWN]) as page:
        assert names(page) == [
            "Listen (computer voice): These questions are about the time before you came to us.",
            f"Listen (computer voice): {QUESTION}",
            "Listen (computer voice): Yes",
            "Listen: No",
        ]
        assert page.evaluate("said") == []
        looker.look(page, "with listen buttons")
        assert looker.found == {}

        button = page.locator("button.listen").nth(1)
        button.focus()
        page.keyboard.press("Enter")
        assert page.evaluate("said") == [QUESTION]
        assert button.get_attribute("aria-pressed") == "true"
        page.keyboard.press("Enter")
        assert page.evaluate("said") == [QUESTION, "(stopped)"]
        assert button.get_attribute("aria-pressed") == "false"

        page.locator("button.listen").nth(2).click()
        assert page.locator("input:checked").count() == 0


def test_a_recording_that_cannot_be_played_is_said_by_the_voice_instead(browser: Browser, address: str) -> None:
    with at_q1(browser, address, [OWN]) as page:
        page.get_by_role("button", name="Listen: No", exact=True).click()
        until(page, "said.length === 1")

        assert page.evaluate("said") == ["No"]
