"""Who may come to the queue: the safeguarding lead alone, on every address of it; and what hostile words do there."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import delete

from feedback_app.core.roles import ADMINISTRATOR, LEAD, ROLES
from feedback_app.storage.db import db
from feedback_app.storage.models import StaffRole, Triage
from feedback_app.web.staff.gate import LEADS, MAY
from tests.web.staff_copy import Copy, post
from tests.web.test_hostile_words import MARKUP
from tests.web.test_staff_gate import addresses
from tests.web.test_staff_triage import HARM, lead, press, write

pytest_plugins = ["tests.web.staff_fixtures"]
OF_BOTH = {"staff.rota", "staff.set_rota", "staff.start_drill"}  # hours and drills: no word of anybody


def be(staffed: Copy, role: str) -> None:
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add(StaffRole(staff_id=1, role=role))
        db.session.commit()


@pytest.mark.parametrize("role", sorted(set(ROLES) - {LEAD}))
def test_hostile_23_nobody_but_the_lead_opens_any_address_of_the_queue(staffed: Copy, role: str) -> None:
    ident = write(staffed, 1, HARM)
    client = staffed.member()
    be(staffed, role)
    page, before = client.get("/account").text, staffed.rows()
    walked = [
        (endpoint, method, address.replace("/triage/1", f"/triage/{ident}"))
        for endpoint, method, address in addresses(staffed.app)
        if address.startswith("/triage")
    ]
    assert {endpoint for endpoint, *_ in walked} == {name for name, who in MAY.items() if who == LEADS} | OF_BOTH

    for endpoint, method, address in walked:
        if role == ADMINISTRATOR and endpoint in OF_BOTH:
            continue
        typed = {"seen": "1", "outcome": "release", "note": "x", "agree": "yes"}
        answer = post(client, address, page, **typed) if method == "POST" else client.open(address, method=method)
        assert answer.status_code == 403, (method, address)
        assert "kill" not in answer.text
    assert staffed.rows() == before
    with staffed.app.app_context():
        held = db.session.get_one(Triage, ident)
        assert (held.state, held.claimed_by, held.acknowledged_by) == ("open", "", "")


def test_an_administrator_sets_the_rota_and_is_led_to_no_text(staffed: Copy) -> None:
    write(staffed, 1, HARM)
    client = staffed.member()
    be(staffed, ADMINISTRATOR)

    assert client.get("/triage/rota").status_code == 200
    for address in ("/", "/triage/rota"):
        assert 'href="/triage"' not in client.get(address).text


@pytest.mark.parametrize("typed", MARKUP)
def test_hostile_14_markup_is_shown_as_typed_in_the_queue(staffed: Copy, typed: str) -> None:
    ident = write(staffed, 1, f"{typed} kill myself")
    client = lead(staffed)
    opened = press(client, client.get(f"/triage/{ident}").text, "Open and read").text

    (shown,) = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", opened, re.DOTALL)
    assert unescape(re.sub(r"</?mark[^>]*>", "", shown)) == f"{typed} kill myself"
    for made in ("<script", "<svg", 'href="javascript', "<b>bold", "<strong>bold", "<img"):
        assert made not in opened


@pytest.mark.parametrize("typed", MARKUP)
def test_hostile_14_markup_in_notes_and_masked_copies_is_shown_as_typed(staffed: Copy, typed: str) -> None:
    ident = write(staffed, 1, f"{typed} ring 07700 900123")
    client = lead(staffed)
    opened = press(client, client.get(f"/triage/{ident}").text, "Open and read").text
    for page in (
        press(client, opened, "Keep the note and stay", note=typed).text,
        press(client, opened, "See what analysts will read", typed=typed).text,
        press(client, opened, "Keep: somebody was told", told=typed, note=typed).text,
    ):
        for made in ("<script", "<svg", 'href="javascript', "<b>bold", "<strong>bold", "<img", '"javascript'):
            assert made not in page
