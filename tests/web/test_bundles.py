"""Outreach over the web: the survey on one page, and sealed bundles that are kept once and opened by staff alone."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from feedback_app.services.bundles import LARGEST, Sealed
from feedback_app.storage.models import SealedBundle
from tests.factories import NOON, Copy
from tests.integration.answering import counts
from tests.integration.test_class_sessions import GOOD, WORDS, sealed, take_in
from tests.tablets import TabletBrowser, open_class
from tests.web.test_class_sessions import later

Make = Callable[..., Copy]


def tablet(copy: Copy, survey: str = "ten-questions", *, outreach: bool = True) -> TabletBrowser:
    return TabletBrowser(copy.app(), survey, open_class(copy, survey, outreach=outreach)).join()


def send(person: TabletBrowser, bundle: Sealed, **other: str) -> TestResponse:
    """Send a bundle as static/outreach-keep.js does."""
    given = {
        "id": bundle.id,
        "version_hash": bundle.version_hash,
        "language": bundle.language,
        "key_id": bundle.key_id,
        "sealed": urlsafe_b64encode(bundle.sealed).decode(),
    }
    return person.client.post("/en/class/outreach", data=given | other)


def survey_of(page: str) -> dict[str, Any]:
    found = re.search(r'data-survey="([^"]*)"', page)
    assert found
    held: dict[str, Any] = json.loads(unescape(found[1]))
    return held


def test_a_bundle_is_kept_once_and_other_content_is_refused(on_both: Make) -> None:
    copy = on_both("ten_questions")
    person, bundle = tablet(copy), sealed(copy, "ten-questions", GOOD)

    assert [send(person, bundle).status_code for _ in range(3)] == [204] * 3
    assert send(person, sealed(copy, "ten-questions", {}, ident=bundle.id)).status_code == 409

    with copy.session() as session:
        kept = session.query(SealedBundle).one()
        assert WORDS.encode() not in (kept.sealed or b"")
        assert kept.received_on == NOON.date()
    assert take_in(copy).stored == 1
    assert counts(copy)["response"] == 1


def test_what_was_sealed_on_the_last_day_may_come_on_the_day_after(copy: Make) -> None:
    made = copy("ten_questions")
    person = tablet(made)
    bundles = [sealed(made, "ten-questions", GOOD) for _ in range(2)]

    later(made, days=1)
    assert send(person, bundles[0]).status_code == 204
    assert "This tablet is ready." in person.open("/en/class/outreach").page
    assert survey_of(person.page)["open"] is False
    assert all(f'id="{part}"' in person.page for part in ("send", "still", "help-now", "answer"))
    later(made, days=2)
    assert send(person, bundles[1]).status_code == 403


@pytest.mark.parametrize("outreach", [False, True])
def test_only_an_outreach_tablet_may_send(copy: Make, outreach: bool) -> None:
    made = copy("ten_questions")
    person, bundle = tablet(made, outreach=outreach), sealed(made, "ten-questions", GOOD)
    stranger = TabletBrowser(person.client.application, "ten-questions", person.opened)

    assert send(person, bundle).status_code == (204 if outreach else 400)
    assert send(stranger, bundle).status_code == 403
    assert stranger.open("/en/class/outreach").heading == "Shared tablet"
    assert person.open("/en/class/outreach").heading == "Next person"
    assert ("outreach.js" in person.page) is outreach


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": "\0" * 32},
        {"sealed": "x"},
        {"sealed": "é"},
        {"sealed": urlsafe_b64encode(b"x" * (LARGEST + 1)).decode()},
        {"language": "xx"},
        {"version_hash": "\0"},
        {"key_id": "<script>"},
    ],
    ids=str,
)
def test_what_no_tablet_sends_is_refused(copy: Make, wrong: dict[str, str]) -> None:
    made = copy("ten_questions")
    person = tablet(made)

    assert send(person, sealed(made, "ten-questions", GOOD), **wrong).status_code in {400, 413}

    with made.session() as session:
        assert session.query(SealedBundle).count() == 0


def test_the_page_holds_every_screen_and_nobodys_answers(copy: Make) -> None:
    made = copy("routing", "ten_questions")
    page = tablet(made, "routing").open("/en/class/outreach").page

    screens = re.findall(r'<template data-screen="([^"]+)">', page)
    assert screens == ["start", "last", "thanks", *(f"Q{number}" for number in range(1, 9))]
    survey = survey_of(page)
    assert [screen["id"] for screen in survey["screens"]] == screens[3:]
    assert survey["key_id"] == made.keys.key_id
    assert 'name="token"' not in page


def test_an_earlier_answer_has_a_place_in_the_words(copy: Make) -> None:
    page = tablet(copy("piping"), "piping").open("/en/class/outreach").page

    assert '<span data-answer="nickname">' in page
    assert "&lt;span" not in page.partition("<template data-screen")[2]


def test_the_worker_keeps_the_survey_on_an_outreach_tablet_alone(copy: Make) -> None:
    made = copy("ten_questions")

    assert "/en/class/outreach" in tablet(made).client.get("/class-sw.js").text
    assert "/class/outreach" not in tablet(made, outreach=False).client.get("/class-sw.js").text


def test_every_address_the_worker_keeps_is_there(copy: Make) -> None:
    """One that is not would leave the tablet without any of them."""
    person = tablet(copy("ten_questions"))
    held = json.loads(person.client.get("/class-sw.js").text.split("const HELD = ")[1].split(";\n")[0])

    for address in (*held["help"], *held["pages"], *held["styles"], *held["files"]):
        with person.client.get(address) as response:
            assert response.status_code == 200, address


def test_it_waits_for_a_day_and_no_longer_to_be_sent(copy: Make) -> None:
    made = copy("ten_questions")
    cookie = tablet(made).client.get_cookie("tablet")

    assert cookie
    assert cookie.expires
    assert cookie.expires.date() - NOON.date() == timedelta(days=2)  # gone when the day after the last is over
