"""You said, we did, as everyone reads it: what is published, in the reader's language, and not a word more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from feedback_app.services import actions
from feedback_app.services.actions import Draft
from tests.factories import NOON, Copy, Respondent
from tests.translating import translate
from tests.web.page import Page
from tests.web.test_pages import sound

CANARY = "a canary that sings only for staff"
HOSTILE = '<script>alert(1)</script> {{7*7}} "&'
WHO: dict[str, Any] = {"by": CANARY, "now": NOON, "today": NOON.date()}


@pytest.fixture
def told(copy: Callable[..., Copy], tmp_path: Any) -> Copy:
    """A copy with one action of each state, one of them in Urdu too; and others that are not published."""
    made = copy("text", translations=translate(tmp_path, "ur"))
    with made.session() as session, session.begin():
        for number, state in enumerate(reversed(actions.STATES)):
            said = {"en": f"Said {number} {HOSTILE}"} | ({"ur": "ہم نے کہا"} if state == "done" else {})
            answer = {"en": f"Answer {number}"} | ({"ur": "آپ نے کیا"} if state == "done" else {})
            kept = actions.write(session, Draft(said, answer, answer, state, "text"), **WHO)
            actions.publish(session, kept.id, kept.revision, **WHO)
        actions.write(session, Draft({"en": CANARY}, {"en": CANARY}, {}, "done"), **WHO)
        kept = actions.write(session, Draft({"en": CANARY}, {"en": CANARY}, {}, "planned"), **WHO)
        kept = actions.publish(session, kept.id, kept.revision, **WHO)
        actions.withdraw(session, kept.id, kept.revision, **WHO)
    return made


def test_published_actions_stand_under_how_far_they_have_come(told: Copy) -> None:
    page = Page(Respondent(told.app(), "text").open("/en/you-said-we-did").page)

    sound(page, "en")
    order = ["Done", "We did Answer 3", "We are doing this now", "We are doing Answer 2", "We plan this"]
    order += ["We plan Answer 1", "Not possible, and why", "Why not Answer 0"]
    places = [page.words.index(words) for words in order]
    assert places == sorted(places)
    assert f"Said 3 {HOSTILE}" in page.words
    assert "25 November 2026" in page.words


def test_what_is_not_published_is_on_no_page(told: Copy) -> None:
    person = Respondent(told.app(), "text")

    for language in ("en", "ur"):
        for address in ("you-said-we-did", "", "text", "text/goodbye", "privacy", "help"):
            assert CANARY not in person.open(f"/{language}/{address}".rstrip("/")).page


def test_in_another_language_english_is_marked_as_english(told: Copy) -> None:
    page = Respondent(told.app(), "text").open("/ur/you-said-we-did").page

    sound(Page(page), "ur")
    assert page.count('<p class="own">') == 2  # the Urdu one: what was said and what was done
    assert page.count('<p class="own" lang="en" dir="ltr">') == 6
    assert page.count('<bdi lang="en">English</bdi>') == 3


def test_nothing_yet_is_said_as_it_is(copy: Callable[..., Copy]) -> None:
    page = Page(Respondent(copy("text").app(), "text").open("/en/you-said-we-did").page)

    assert page.headings == ["You said, we did"]
    assert "Nothing here yet." in page.words
    assert "by the end of the spring term" in page.words


def test_the_short_address_leads_to_the_readers_language(told: Copy) -> None:
    client = told.app().test_client()

    for asked, there in (("ur", "ur"), ("fr", "en"), ("", "en")):
        led = client.get("/you-said-we-did", headers={"Accept-Language": asked})
        assert (led.status_code, led.location) == (302, f"/{there}/you-said-we-did")
        assert led.headers["Vary"] == "Accept-Language"
