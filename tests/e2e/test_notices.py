"""What stands before and after a survey, in a real browser on a small phone: axe finds nothing, nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from feedback_app.services import actions
from feedback_app.services.actions import Draft
from tests.e2e.looking import Looker
from tests.factories import NOON, Copy

SIZE = {"width": 360, "height": 740}


def publish_one_of_each(copy: Copy) -> None:
    """One action of each state, on the public page."""
    with copy.session() as session, session.begin():
        for state in actions.STATES:
            draft = Draft({"en": "It is dark"}, {"en": "There are lights"}, {"en": "No money"}, state)
            kept = actions.write(session, draft, by="Ann", now=NOON, today=NOON.date())
            actions.publish(session, kept.id, kept.revision, by="Ann", now=NOON, today=NOON.date())


def test_what_stands_before_and_after_on_a_small_phone(copy: Callable[..., Copy], browser: Browser) -> None:
    made = copy("text")
    publish_one_of_each(made)
    server = make_server("127.0.0.1", 0, made.app(), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", viewport=SIZE)  # type: ignore[arg-type]
    try:
        found = walk(context.new_page())
    finally:
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()
    assert found == {}


def walk(page: Page) -> dict[str, list[str]]:
    """Look at each page as a person would come to it."""
    looker = Looker()
    for name in ("privacy", "privacy/children", "accessibility", "you-said-we-did"):
        page.goto(f"/en/{name}")
        looker.look(page, name)
        pressed = page.locator(".notices a, .onward")
        assert all(box["height"] >= 43.5 for link in pressed.all() if (box := link.bounding_box())), name
    page.goto("/en/text")
    start = page.locator("main button.main").bounding_box()
    assert start is not None
    assert start["y"] < 1.5 * SIZE["height"]  # one push of the thumb, and Start is there
    for summary in page.locator("main summary").all():
        summary.click()
    looker.look(page, "start")
    while not page.url.endswith("/thank-you"):
        before = page.url
        page.locator("main button.main").click()
        page.wait_for_url(lambda url, before=before: url != before)
    looker.look(page, "thank you")
    return looker.found
