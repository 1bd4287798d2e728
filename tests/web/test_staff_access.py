"""Every page of the staff face that a GET shows: on a small phone, at 400 % zoom, by keyboard, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from feedback_app.i18n.locales import SOURCE
from feedback_app.services import (
    actions,
    class_sessions,
    course_sessions,
    courses,
    notes,
    openings,
    publishing,
    registers,
)
from feedback_app.services.openings import Doer, Terms
from feedback_app.storage.db import db
from feedback_app.storage.models import Triage
from feedback_app.web.staff.gate import MAY
from feedback_app.web.support.wiring import wiring
from tests.e2e.looking import Looker
from tests.training import SURVEYS
from tests.web.staff_copy import NAME, NOW, SURVEY, Copy
from tests.web.test_staff_browser import enter, in_a_browser

pytest_plugins = ["tests.web.staff_fixtures"]

PHONE, ZOOMED = {"width": 360, "height": 740}, {"width": 320, "height": 256}  # 1280 by 1024 at 400 %
LONG = "Oak School of the Exampleborough Safeguarding Children Partnership"
WHO = {"by": NAME, "now": NOW}
#: What has the keyboard looks another way than before: it, or the words beside a choice that is drawn.
NOT_SHOWN = """() => {
  const drawn = e => [e, e.nextElementSibling].map(one => one && getComputedStyle(one))
    .map(style => style && [style.outlineStyle, style.outlineWidth, style.boxShadow].join()).join();
  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  return [...document.querySelectorAll(all)].filter(e => e.checkVisibility({visibilityProperty: true})).filter(e => {
    document.activeElement.blur();
    const before = drawn(e);
    e.focus();
    return document.activeElement !== e || drawn(e) === before;
  }).map(e => e.outerHTML.slice(0, 120));
}"""


def fill(staffed: Copy) -> dict[str, dict[str, str]]:
    """Put in one of everything that has a page of its own; return what stands in the addresses, by endpoint."""
    with staffed.app.app_context():
        wired, session, today = wiring(), db.session(), NOW.date()
        around = publishing.surroundings(wired.settings.surveys, wired.area)
        files = [wired.settings.surveys / f"{name}.yaml" for name in SURVEYS]
        for checked in publishing.check(files, around, wired.settings.translations):
            done = publishing.publish(session, checked, wired.area, wired.settings.translations, **WHO)
            publishing.open_standing(session, done, today=today, **WHO)
        entry = registers.add(session, "place", registers.Draft(LONG), **WHO)
        asked = openings.Asked(SURVEY, Terms(today, today + timedelta(days=3)), entry.id, "")
        made = openings.open_one(session, asked, wired.editions, wired.interfaces, Doer(NAME, NOW, today))
        asked_class = class_sessions.Asked(made.id, LONG, today, today, 3, outreach=True)
        class_sessions.open_one(session, wired.keys.server, asked_class, **WHO)
        draft = actions.Draft({SOURCE: LONG}, {SOURCE: LONG}, {}, "done", SURVEY)
        action = actions.write(session, draft, today=today, **WHO)
        course = courses.write(session, courses.Draft(LONG, ("One", "Two")), wired.area, today=today, **WHO)
        held = course_sessions.add(session, course.id, course_sessions.Asked("room", today), today=today, **WHO)
        words = notes.Draft("group", today, LONG, "", SOURCE, "note-child.NOTE", LONG)
        notes.write(session, wired.keys, wired.screens, wired.editions, words, today=today, **WHO)
        db.session.commit()
        signpost, queued = wired.area.signposts[0].id, session.scalars(select(Triage.id).limit(1)).one()
    return {
        "": {"collection": made.id, "course": course.id, "language": SOURCE, "size": "standard", "number": "1"},
        "staff.action": {"ident": str(action.id)},
        "staff.entry": {"ident": str(entry.id)},
        "staff.course_session": {"ident": held.id},
        "staff.session_form": {"ident": held.id},
        "staff.signpost": {"ident": signpost},
        "staff.triage_text": {"ident": queued},
        "staff.type_part": {"page": "1"},
    }


def addresses(app: Flask, parts: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Every page that a GET shows and a role may see: its name and its address."""
    with app.test_request_context():
        routes = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if rule.endpoint in MAY and "GET" in (rule.methods or ()):
                mine = parts[""] | parts.get(rule.endpoint, {})
                yield rule.endpoint, routes.build(rule.endpoint, {name: mine[name] for name in rule.arguments})
    steps = f"/collections/new?survey={SURVEY}"
    yield "to whom", steps
    yield "when", f"{steps}&to={parts['staff.entry']['ident']}"
    yield "nothing is found", "/collections?search=nothing+at+all"


def walk_all(page: Page, looker: Looker, walked: list[tuple[str, str]]) -> None:
    """Look at each page on the phone with axe, and measure it once more where it is zoomed, from key to key."""
    for name, address in walked:
        page.set_viewport_size(PHONE)
        answer = page.goto(address)
        assert answer
        assert answer.status == 200, (name, address, answer.status)
        tree = html.fromstring(page.content())
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        looker.look(page, name)
        wrong = [
            f"a form that nothing sends: {form.get('action', '')}" for form in tree.iter("form") if not _sends(form)
        ]
        page.set_viewport_size(ZOOMED)
        wrong += _zoomed(page)
        page.keyboard.press("Tab")
        wrong += [f"the focus is not seen: {one}" for one in page.evaluate(NOT_SHOWN)]
        if wrong:
            looker.found.setdefault(name, []).extend(wrong)


def _sends(form: html.HtmlElement) -> bool:
    """Whether a form has a button of its own that sends it, without any script."""
    return any(one.get("type", "submit") == "submit" for one in form.iter("button"))


def _zoomed(page: Page) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    sticks = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
          .filter(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position) && e.checkVisibility())
          .map(e => e.outerHTML.slice(0, 80))"""
    )
    return [f"{over} px wider than 320" for _ in range(over > 0)] + [f"stands over the page: {one}" for one in sticks]


def begin_paper(page: Page, collection: str) -> None:
    """Begin to type in a form, so that its pages are there."""
    page.goto(f"/collections/{collection}/paper")
    page.fill("#number", "1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/paper/forms/1/1")


def test_every_page_that_a_get_shows(staffed: Copy) -> None:
    parts, looker = fill(staffed), Looker(measures=True)
    files = {"staff.poster_of", "staff.preview_pack", "staff.qr", "staff.blank_form", "staff.report_style"}
    walked = [(name, address) for name, address in addresses(staffed.app, parts) if name not in files]

    def walk(context: BrowserContext) -> None:
        page = context.new_page()
        page.goto("/")
        enter(page)
        begin_paper(page, parts[""]["collection"])
        walk_all(page, looker, walked)

    in_a_browser(staffed, walk, viewport=PHONE)
    assert looker.found == {}
    assert looker.passed == len(walked) >= 40


def test_no_page_needs_a_script(staffed: Copy) -> None:
    """Where a script is there, the page says by `hidden` that its button waits for it, and holds another way."""
    parts, client = fill(staffed), staffed.member()
    for name, address in addresses(staffed.app, parts):
        page = _opened(client, address)
        for button in page.iter("button") if page is not None else ():
            own = button.get("type", "submit") == "submit" and any(one.tag == "form" for one in button.iterancestors())
            waits = any("hidden" in one.attrib for one in (button, *button.iterancestors()))
            assert own or waits, (name, html.tostring(button))


def _opened(client: FlaskClient, address: str) -> html.HtmlElement | None:
    answer = client.get(address)
    return html.fromstring(answer.text) if answer.mimetype == "text/html" and answer.status_code == 200 else None
