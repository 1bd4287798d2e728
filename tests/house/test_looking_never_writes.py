"""Looking never writes: no GET of the respondent's pages changes or commits anything, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from feedback_app.storage.db import db
from tests.factories import Copy, Respondent

# Every address that can be looked at, by the name of its route. A new route must be added here.
LOOKED_AT = {
    "static": ["/static/app.css"],
    "health.status": ["/health"],
    "public.home": ["/"],
    "public.surveys": ["/en"],
    "public.short_address": ["/sensitive", "/nothing"],
    "public.start": ["/en/sensitive", "/en/nothing"],
    "public.question": ["/en/sensitive/Q1", "/en/sensitive/part.help", "/en/sensitive/Q2", "/en/sensitive/nothing"],
    "public.check": ["/en/sensitive/check"],
    "public.thanks": ["/en/sensitive/thank-you"],
    "public.goodbye": ["/en/sensitive/goodbye"],
    "public.promise": ["/en/sensitive/what-you-said"],
    "public.letters": ["/en/sensitive/letters"],
    "public.no_more_letters": ["/en/no-more-letters/nothing"],
    "public.get_help": ["/en/help", "/en/help/sensitive/Q1"],
    "public.left": ["/en/left"],
    "public.ask_for_code": ["/en/class"],
    "public.next_person": ["/en/class/next"],
    "public.outreach": ["/en/class/outreach"],
    "public.worker": ["/class-sw.js"],
    "public.sound": ["/sound/nothing.mp3"],
    "public.come_back": ["/en/return"],
    "public.receipt": ["/en/receipt"],
    "public.privacy": ["/en/privacy"],
    "public.privacy_for_children": ["/en/privacy/children"],
    "public.accessibility": ["/en/accessibility"],
    "public.short_address_of_actions": ["/you-said-we-did"],
    "public.you_said_we_did": ["/en/you-said-we-did"],
}
ADDRESSES = [address for addresses in LOOKED_AT.values() for address in addresses]


@contextmanager
def watched(app: Flask) -> Iterator[list[str]]:
    """What the application writes or commits meanwhile."""
    seen: list[str] = []

    def commits(_: Any) -> None:
        seen.append("COMMIT")

    def runs(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "SHOW")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", commits)
    event.listen(engine, "before_cursor_execute", runs)
    yield seen
    event.remove(engine, "commit", commits)
    event.remove(engine, "before_cursor_execute", runs)


@pytest.fixture
def app(on_both: Callable[..., Copy]) -> Flask:
    return on_both("sensitive").app()


def look_at_all(person: Respondent) -> set[int]:
    statuses = set()
    for address in ADDRESSES:
        with person.client.get(address) as response:
            statuses.add(response.status_code)
        with person.client.head(address) as response:
            statuses.add(response.status_code)
    return statuses


def test_every_address_is_looked_at(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}

    assert routes == LOOKED_AT.keys()


def test_looking_writes_nothing_and_commits_nothing(app: Flask) -> None:
    stranger, half_way, sent = (Respondent(app, "sensitive") for _ in range(3))
    half_way.start().press(answer="no")
    sent.start().press().press().press().send()
    assert sent.receipt

    with watched(app) as seen:
        statuses = [look_at_all(person) for person in (stranger, half_way, sent)]

    assert seen == []
    assert [200 in codes and 500 not in codes for codes in statuses] == [True] * 3
    assert 403 in statuses[0]
    assert 409 in statuses[2]


def test_what_writes_is_seen(app: Flask) -> None:
    with watched(app) as seen:
        Respondent(app, "sensitive").start()

    assert "COMMIT" in seen
    assert any(statement.startswith("INSERT INTO draft") for statement in seen)
