"""Before a survey for children opens: the list of what is missing, the words of consent, the button, the first page."""

from __future__ import annotations

import re
from dataclasses import replace

from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from feedback_app.core.roles import ADMINISTRATOR, LEAD, TRANSLATOR
from feedback_app.services import drills
from feedback_app.services.editions import Editions
from feedback_app.storage.db import db
from feedback_app.storage.models import Collection, ConsentApproval, Staff, StaffRole, Triage
from feedback_app.web.support.wiring import NAME as WIRED
from tests.factories import NOON
from tests.leads import add_leads
from tests.web.staff_copy import NAME, SURVEY, Copy, post, text_of
from tests.web.test_staff_browser import enter, faults, in_a_browser, press

pytest_plugins = ["tests.web.staff_fixtures"]
PAGE = f"/collections/{SURVEY}"
URDU = f"{PAGE}/consent/ur"


def of_its_own(staffed: Copy, *, waits: bool = True) -> None:
    """Make the copy's area one that is no example. Who is signed in has a second step."""
    wired = staffed.app.extensions[WIRED]
    area = wired.area.model_copy(update={"example": False})
    staffed.app.extensions[WIRED] = replace(wired, area=area, editions=Editions(area))
    staffed.account(totp_sealed=b"set up")
    staffed.collection(waits=waits)


def as_role(staffed: Copy, *roles: str) -> FlaskClient:
    """A browser of somebody with these roles."""
    client = staffed.member()
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add_all(StaffRole(staff_id=1, role=role) for role in roles)
        db.session.commit()
    return client


def team(staffed: Copy) -> None:
    """Two leads who can be reached, in the rota, and a drill that they passed."""
    with staffed.app.app_context():
        session = db.session()
        add_leads(session, "Lea", "Sam")
        session.execute(update(Staff).values(totp_sealed=b"set up"))
        row = session.get_one(Triage, drills.start(session, by="Lea", now=NOON))  # when the rota is set, too
        row.alerted_at = row.acknowledged_at = NOON
        row.acknowledged_by, row.state = "Lea", "closed"
        session.commit()


def listed(page: str) -> dict[str, str]:
    """What the list says: each thing, and whether it is there."""
    found = re.search(r'<section class="sheet" id="before".*?</section>', page, re.DOTALL)
    assert found, text_of(page)
    return {text_of(name).strip(): said for said, name in re.findall(r">(There|Missing)</span> (.*?)</p>", found[0])}


def approve(client: FlaskClient, address: str, **typed: str) -> TestResponse:
    """Press the button on the page of the words of consent."""
    page = client.get(address).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    return post(client, address, page, **({"seen": seen[1]} | typed))


def press_open(staffed: Copy, client: FlaskClient) -> TestResponse:
    with staffed.app.app_context():
        revision = db.session.get_one(Collection, SURVEY).revision
    return post(client, f"{PAGE}/state", client.get(PAGE).text, go="open", seen=str(revision))


def test_the_example_opens_without_and_says_so(staffed: Copy) -> None:
    page = staffed.member().get(PAGE).text
    assert "This copy is an example and opens without these." in text_of(page)
    assert listed(page)["Two safeguarding leads who can be reached"] == "Missing"
    assert listed(page)["A list of who can help that is right"] == "There"
    assert "Close it now" in page
    assert ">Open it<" not in page
    new = staffed.member().get(f"/collections/new?survey={SURVEY}&event=Fair&opens=2026-11-22&closes=").text
    assert "Approved words of consent in Urdu" in listed(new)
    assert "Open it</button>" in new


def test_it_waits_says_what_is_missing_and_opens_when_all_is_there(staffed: Copy) -> None:
    client = as_role(staffed, ADMINISTRATOR)
    of_its_own(staffed)
    page = client.get(PAGE).text
    assert "Not open yet" in text_of(client.get("/collections?state=waiting").text)
    assert f'href="{PAGE}"' not in client.get("/collections?state=open").text
    assert list(listed(page).values()) == ["Missing", "Missing", "Missing", "There", "Missing"]
    for address in ("/people", "/triage/rota", "/settings", f"{PAGE}/consent/en"):
        assert f'class="button" href="{address}"' in page
    refused = press_open(staffed, client)
    assert refused.status_code == 422
    assert "It still needs: two safeguarding leads who can be reached; a rota" in text_of(refused.text)
    team(staffed)
    kept = approve(client, f"{PAGE}/consent/en")
    assert kept.location == f"{PAGE}#before"
    page = client.get(PAGE).text
    assert set(listed(page).values()) == {"There"}
    assert f"{NAME} approved these words on 2026-11-22." in text_of(page)
    assert press_open(staffed, client).status_code == 303
    page = client.get(PAGE).text
    assert "Close it now" in page
    assert "It has been open since" in page


def test_opening_to_a_place_shows_the_list_and_no_button(staffed: Copy) -> None:
    client = as_role(staffed, ADMINISTRATOR)
    of_its_own(staffed)
    steps = f"/collections/new?survey={SURVEY}"
    assert "Cannot open yet: something is missing" in client.get("/collections/new").text
    for address in (steps, f"{steps}&event=Fair", f"{steps}&event=Fair&opens=2026-11-22&closes="):
        page = client.get(address).text
        assert 'href="#before"' in page
        assert listed(page)["Approved words of consent in English"] == "Missing"
        assert "Open it</button>" not in page
    refused = post(client, "/collections/new", survey=SURVEY, event="Fair", opens="2026-11-22", closes="")
    assert refused.status_code == 422
    assert "approved words of consent in English" in refused.text


def test_a_draft_needs_somebody_who_reads_the_language(staffed: Copy) -> None:
    client = as_role(staffed, LEAD)
    page = client.get(URDU).text
    assert "Nobody has reviewed this translation." in page
    assert 'class="typed" lang="ur" dir="rtl"' in page
    assert "We do not ask who you are and we cannot find out." in page
    for typed in ({}, {"checked": "yes"}, {"checked": "yes", "checked_by": " "}, {"checked_by": "Bea"}):
        answer = approve(client, URDU, **typed)
        assert (answer.status_code, "Tick that it was checked" in answer.text) == (422, True), typed
    assert approve(client, URDU, seen="0" * 64, checked="yes", checked_by="Bea").status_code == 409
    assert staffed.rows()["consent_approval"] == 0
    assert approve(client, URDU, checked="yes", checked_by="<b>Bea</b>").status_code == 303
    words = client.get(URDU).text
    assert "&lt;b&gt;Bea&lt;/b&gt; reads Urdu and checked them." in words
    (event,) = [one for one in staffed.events() if one.action == "consent.approve"]
    assert (event.subject, event.detail["language"]) == (SURVEY, "ur")
    assert "Bea" not in str(event.detail)
    with staffed.app.app_context():
        row = db.session.scalars(select(ConsentApproval)).one()
        assert (row.checked_by, row.approved_by) == ("<b>Bea</b>", NAME)


def test_english_needs_no_second_reader_and_what_is_not_there_is_not_found(staffed: Copy) -> None:
    client = staffed.member()
    english = client.get(f"{PAGE}/consent/en").text
    assert "Nobody has reviewed this translation." not in english
    assert "I approve this wording" in english
    assert 'name="checked"' not in english
    for address in (f"{PAGE}/consent/xx", f"{PAGE}/consent/fr", "/collections/nothing/consent/en"):
        assert client.get(address).status_code == 404
    staffed.collection(source="imported")
    assert client.get(f"{PAGE}/consent/en").status_code == 404


def test_a_translator_may_look_and_not_approve(staffed: Copy) -> None:
    client = as_role(staffed, TRANSLATOR)
    page = client.get(URDU).text
    assert "I approve this wording" not in page
    assert post(client, URDU, client.get("/").text, checked="yes", checked_by="Bea").status_code == 403
    line = client.get(PAGE).text
    assert f'href="{URDU}"' in line
    assert 'href="/triage/rota"' not in line


def test_the_first_page_shouts_when_something_goes_missing_and_names_what_waits(staffed: Copy) -> None:
    client = as_role(staffed, ADMINISTRATOR)
    said = "survey in which children write is open, or opens soon, and something that it needs is missing."
    assert said not in client.get("/").text
    of_its_own(staffed, waits=False)
    page = client.get("/").text
    assert f'<strong class="number">1</strong> {said}' in page
    assert f'<li><a href="{PAGE}"><span class="hidden">See what is missing: </span>' in page
    staffed.collection(waits=True)
    page = client.get("/").text
    assert said not in page
    assert "survey for children is not open yet." in page


def test_the_pages_on_a_phone_by_keyboard_without_a_script(staffed: Copy) -> None:
    found: dict[str, list[str]] = {}

    def look(context: BrowserContext) -> None:
        page = context.new_page()
        page.goto(URDU)
        enter(page)
        for name, address in (("consent", URDU), ("English", f"{PAGE}/consent/en"), ("collection", PAGE)):
            page.goto(address)
            if wrong := faults(page, "none"):
                found[name] = wrong

    def walk(context: BrowserContext) -> None:
        page = context.new_page()
        page.goto(URDU)
        enter(page)
        press(page, "Somebody who reads Urdu has checked these words")
        page.keyboard.press("Space")
        press(page, "I approve this wording", "Enter")
        page.locator(".problem").wait_for()
        press(page, "Who checked them?")
        page.keyboard.type("Bea Example")
        press(page, "I approve this wording", "Enter")
        page.get_by_role("status").get_by_text("You approved the words of consent in Urdu.").wait_for()

    in_a_browser(staffed, look, viewport={"width": 360, "height": 740})
    in_a_browser(staffed, walk, viewport={"width": 360, "height": 740}, java_script_enabled=False)
    assert found == {}
