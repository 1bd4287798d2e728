"""A course organiser writes a course, adds a session, shows its code, and counts who came: numbers, never names."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import werkzeug.wrappers.request
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext
from sqlalchemy import select
from werkzeug.test import TestResponse

from feedback_app.services import course_sessions, courses, example_year, publishing
from feedback_app.storage.db import db
from feedback_app.storage.models import Base, Course, StaffRole
from feedback_app.web.support.wiring import wiring
from tests.training import SURVEYS
from tests.web.staff_copy import NOW, Copy, post, text_of
from tests.web.test_staff_browser import enter, faults, in_a_browser

pytest_plugins = ["tests.web.staff_fixtures"]

SLEEP = {"title": "Safer Sleep", "priority": "PRI-N", "prompted": "review", "finding": "Review of March, finding 4"}
HEAD = "Course,Date,Name,Agency,Status\n"
LIST = HEAD + "Safer Sleep,24/11/2026,Canary Person,Police,attended\nSafer Sleep,24/11/2026,Bo,Health,absent\n"

PART = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'


@pytest.fixture
def organised(staffed: Copy) -> Iterator[Copy]:
    """A copy whose only member is a course organiser, with the surveys of training."""
    with staffed.app.app_context():
        wired, session = wiring(), db.session()
        around = publishing.surroundings(wired.settings.surveys, wired.area)
        files = [wired.settings.surveys / f"{name}.yaml" for name in SURVEYS]
        for checked in publishing.check(files, around, wired.settings.translations):
            done = publishing.publish(session, checked, wired.area, wired.settings.translations, by="a test", now=NOW)
            publishing.open_standing(session, done, by="a test", today=NOW.date(), now=NOW)
        session.query(StaffRole).delete()
        session.add(StaffRole(staff_id=1, role="course-organiser"))
        session.commit()
    return staffed


def typed(client: FlaskClient, page: str, action: str = "", **more: str) -> TestResponse:
    """Fill in the form of a page and send it."""
    shown = client.get(page).text
    seen = re.search(r'name="seen" value="(\d+)"', shown)
    return post(client, action or page, shown, **{"seen": seen[1] if seen else "0"} | more)


def with_session(client: FlaskClient) -> str:
    """A course and its session; the session's address."""
    assert typed(client, "/courses/new", **SLEEP).status_code == 303
    made = typed(client, "/courses/sleep/sessions/new", mode="room", held_on="2026-11-24", capacity="30")
    assert made.status_code == 303, text_of(made.text)
    return made.location


def sent(client: FlaskClient, content: str | bytes, session: str = "") -> TestResponse:
    page = client.get("/courses/attendance").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    parts = (("csrf_token", token[1].encode()), ("session", session.encode()))
    body = b"".join(PART % (name.encode(), b"", said) for name, said in parts)
    body += PART % (b"list", b'; filename="canary.csv"', content.encode() if isinstance(content, str) else content)
    # Written by hand: werkzeug's test client puts what is long into a temporary file of its own.
    return client.post("/courses/attendance", data=body + b"--x--\r\n", content_type="multipart/form-data; boundary=x")


def test_from_nothing_to_a_session_with_its_codes(organised: Copy) -> None:
    client = organised.member()
    assert "There is nothing here yet" in client.get("/courses").text

    address = with_session(client)

    page = client.get(address)
    said = text_of(page.text)
    for words in (
        "Safer Sleep 24 November 2026",
        "At the end of the day",
        "From 24 November 2026 to 8 December 2026",
        "From 19 January 2027 to 16 February 2027",
        "0 replied; attendance not known",
        "Nobody has counted yet",
    ):
        assert words in said, words
    links = re.findall(r'href="(http[^"]+/(?:day|follow-up|managers|up)-[a-z0-9]{7})"', page.text)
    assert len(links) == 3
    codes = re.findall(r'src="([^"]+qr\.svg)"', page.text)
    assert [client.get(code).status_code for code in codes] == [200] * 3
    listed = text_of(client.get("/courses").text)
    assert "Neglect" in listed
    assert "Sessions 1" in listed
    assert "A review: Review of March, finding 4" in text_of(client.get("/courses/sleep").text)


def test_the_public_face_opens_what_the_page_shows(organised: Copy) -> None:
    from feedback_app.core.settings import Settings
    from feedback_app.factory import create_app
    from tests.web.staff_copy import close

    client = organised.member()
    link = re.findall(r'href="(http[^"]+)"', client.get(with_session(client)).text)[0]
    organised.clock.pass_by(days=2)
    public = create_app("public", Settings(instance=organised.folder), organised.clock)
    form = link.rpartition("/")[2]
    begun = public.test_client().get(f"/{form}", follow_redirects=True)
    assert "Training: the end of the day" in begun.text
    close(Copy(public, organised.clock, organised.folder))


def test_numbers_are_typed_and_what_is_wrong_is_told(organised: Copy) -> None:
    client = organised.member()
    address = with_session(client)
    kept = typed(client, address, f"{address}/attendance", booked="8", agencies="Police: 4\nHealth 2\n")
    assert kept.status_code == 303
    said = text_of(client.get(address).text)
    for words in ("0 of 6 who attended (0%)", "Police 4", "Health 2", "typed in"):
        assert words in said, words

    for wrong, told in (
        ({"attended": "many"}, "has to be a whole number"),
        ({"attended": "9", "agencies": "Police: 4"}, "The agencies add up to 4, and 9 attended."),
        ({"agencies": "Police"}, "Write each agency on a line of its own"),
        ({"attended": "-1"}, "has to be a whole number"),
    ):
        answer = typed(client, address, f"{address}/attendance", **wrong)
        assert answer.status_code == 400
        assert told in text_of(answer.text)
    assert "0 of 6 who attended" in text_of(client.get(address).text)


def test_a_list_is_counted_and_its_names_are_nowhere(organised: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_file(*_: object, **__: object) -> None:
        raise AssertionError("names were written to a temporary file")

    client = organised.member()
    address = with_session(client)
    long = LIST + "".join(f"Safer Sleep,24/11/2026,Canary Person {n},Police,attended\n" for n in range(20_000))
    monkeypatch.setattr(werkzeug.wrappers.request, "default_stream_factory", no_file)
    monkeypatch.setattr(tempfile, "TemporaryFile", no_file)
    taken = sent(client, long)

    assert (taken.status_code, taken.location) == (303, "/courses")
    said = text_of(client.get("/courses").text)
    assert "Counted 20,002 rows: 20,001 attended, in 1 session. No name was kept." in said
    assert "0 of 20,001 who attended (0%)" in text_of(client.get(address).text)
    found = [file for file in Path(organised.folder).rglob("*") if file.is_file() and b"Canary" in file.read_bytes()]
    assert found == []
    with organised.app.app_context():
        for table in Base.metadata.sorted_tables:
            assert "Canary" not in repr(db.session.execute(select(table)).all())


def test_a_list_that_is_wrong_changes_nothing_and_each_row_is_told(organised: Copy) -> None:
    client = organised.member()
    address = with_session(client)
    before = organised.rows()
    answer = sent(client, LIST + "Safer Sleap,24/11/2026,Canary,Police,yes\nSafer Sleep,24/11/2026,=1+1,Police,yes\n")

    said = text_of(answer.text)
    assert answer.status_code == 422
    for words in ("Of 4 rows, 2 are wrong.", "Line 4: there is no such course here.", "Line 5: a cell begins with “=”"):
        assert words in said, words
    assert "Canary" not in answer.text
    assert "Nobody has counted yet" in text_of(client.get(address).text)
    assert organised.rows() == before


def test_the_example_year_is_marked_on_every_page_and_stays_as_it_is(organised: Copy) -> None:
    client = organised.member()
    with_session(client)
    with organised.app.app_context():
        session = db.session()
        example_year.load(session, wiring().area, by="a test", now=NOW, today=NOW.date())
        course = next(one for one in courses.page(session).courses if one.example)
        ident = course_sessions.page(session, course.id).sessions[0].id
        session.commit()

    listed = text_of(client.get("/courses").text)
    assert "Your courses together Sessions 1 Attendances not known" in listed
    assert "The example year together Sessions 29, and 1 of e-learning Attendances 975" in listed
    for page, button in ((f"/courses/{course.id}", "Add a session"), (f"/sessions/{ident}", "Keep the numbers")):
        said = text_of(client.get(page).text)
        assert "is of the example year, so it stays as it is" in said
        assert button not in said
        assert "no form" in said
    before = organised.rows()
    form = client.get("/courses/new").text
    for address, more in (
        (f"/courses/{course.id}/change", {"title": "Mine", "seen": "1"}),
        (f"/courses/{course.id}/sessions/new", {"mode": "room", "held_on": "2026-11-24"}),
        (f"/sessions/{ident}/attendance", {"attended": "4", "seen": "2"}),
    ):
        answer = post(client, address, form, **more)
        assert answer.status_code == 400
        assert "This is of the example year" in text_of(answer.text)
    assert sent(client, "Name\nA\n", ident).status_code == 409
    assert organised.rows() == before


def test_a_list_of_one_session(organised: Copy) -> None:
    client = organised.member()
    address = with_session(client)
    ident = address.rpartition("/")[2]
    page = text_of(client.get(f"/courses/attendance?session={ident}").text)
    assert "Safer Sleep, 24 November 2026" in page

    assert sent(client, "Name,Agency\nA,Police\nB,Police\n", ident).location == address
    assert "0 of 2 who attended" in text_of(client.get(address).text)
    assert client.get("/courses/attendance?session=nothing").status_code == 404
    assert sent(client, "Name\nA\n", "nothing").status_code == 404


def test_no_list_and_a_list_that_is_too_large(organised: Copy) -> None:
    client = organised.member()
    with_session(client)
    assert "Choose a file first." in post(client, "/courses/attendance", client.get("/courses/attendance").text).text
    assert sent(client, b"x" * (11 * 1024 * 1024)).status_code == 413
    large = b"Name,Agency\n" + b"A,Police\n" * 100_000
    assert sent(client, large).status_code == 422


def test_only_a_list_may_be_large(organised: Copy) -> None:
    client = organised.member()
    page = client.get("/courses/new").text
    assert post(client, "/courses/new", page, title="x" * 70_000).status_code == 413
    stranger = organised.stranger()
    assert stranger.post("/courses/attendance", data=b"x" * 100).status_code == 401


def test_a_second_editor_is_told(organised: Copy) -> None:
    client = organised.member()
    address = with_session(client)
    stale = client.get("/courses/sleep/change").text
    assert typed(client, "/courses/sleep/change", **SLEEP | {"title": "Safer Sleep, first"}).status_code == 303
    answer = post(client, "/courses/sleep/change", stale, seen="1", **SLEEP | {"title": "Safer Sleep, second"})
    said = text_of(answer.text)
    assert answer.status_code == 409
    assert "Ann Example changed this while you had it open. Nothing was overwritten." in said
    assert "Safer Sleep, first" in said
    assert "Safer Sleep, second" in answer.text

    stale = client.get(address).text
    assert typed(client, address, f"{address}/attendance", attended="5").status_code == 303
    moved = {"mode": "online", "held_on": "2026-11-24"}
    for action, given in ((f"{address}/attendance", {"attended": "6"}), (f"{address}/change", moved)):
        answer = post(client, action, stale, seen="1", **given)
        assert answer.status_code == 409, action
        assert "Nothing was overwritten" in answer.text
    assert "0 of 5 who attended" in text_of(client.get(address).text)


def test_a_session_moves_and_is_taken_out(organised: Copy) -> None:
    client = organised.member()
    address = with_session(client)
    assert typed(client, f"{address}/change", mode="forum", held_on="2026-12-01").status_code == 303
    said = text_of(client.get(address).text)
    assert "Forum" in said
    assert "From 1 December 2026 to 15 December 2026" in said
    assert "is not a date" in typed(client, f"{address}/change", mode="forum", held_on="soon").text

    assert typed(client, address, f"{address}/remove").location == "/courses/sleep"
    assert client.get(address).status_code == 404
    assert "There is no session yet" in client.get("/courses/sleep").text


def test_a_session_with_people_stays(organised: Copy) -> None:
    client = organised.member()
    address = with_session(client)
    typed(client, address, f"{address}/attendance", attended="5")
    assert typed(client, address, f"{address}/remove").location == address
    assert "so it stays" in text_of(client.get(address).text)


def test_without_the_surveys_no_session_is_half_made(staffed: Copy) -> None:
    client = staffed.member()
    typed(client, "/courses/new", **SLEEP)
    before = staffed.rows()
    answer = typed(client, "/courses/sleep/sessions/new", mode="room", held_on="2026-11-24")

    assert answer.status_code == 400
    assert "is not published, so no session can have its form" in text_of(answer.text)
    assert staffed.rows() == before


def test_what_staff_did_is_written_down_without_their_words(organised: Copy) -> None:
    client = organised.member()
    address = with_session(client)
    typed(client, address, f"{address}/attendance", attended="5")
    events = [event for event in organised.events() if event.action.startswith("course")]

    assert [event.action for event in events] == ["course.write", "course_session.add", "course_session.count"]
    assert "finding" not in repr([event.detail for event in events])


def test_fifty_a_page_and_a_search(organised: Copy) -> None:
    with organised.app.app_context():
        for number in range(60):
            db.session.add(_course(number))
        db.session.commit()
    client = organised.member()

    first, second = (client.get(f"/courses?page={page}").text for page in (1, 2))
    assert (first.count('<li class="sheet">'), second.count('<li class="sheet">')) == (50, 10)
    assert "Page 1 of 2. 60 courses." in text_of(first)
    assert "Course number 07" in client.get("/courses?search=NUMBER+07").text
    assert "Nothing is found" in client.get("/courses?search=xyzzy").text
    assert client.get("/courses?page=x").status_code == client.get("/courses?page=999").status_code == 200


def _course(number: int) -> Course:
    return Course(
        id=f"c{number}",
        title=f"Course number {number:02}",
        objectives={"lines": []},
        priority="",
        prompted="",
        finding="",
        changed_by="Ann",
        changed_on=NOW.date(),
        revision=1,
    )


def test_hostile_words_are_shown_as_words(organised: Copy) -> None:
    client = organised.member()
    typed(client, "/courses/new", **SLEEP | {"title": "<b>x</b> & “y”", "finding": "<script>alert(1)</script>"})
    page = client.get("/courses").text + client.get("/courses/b-x-b-y").text

    assert "<script>alert" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_in_a_browser_nothing_is_wrong_with_any_page(organised: Copy) -> None:
    found: dict[str, list[str]] = {}
    client = organised.member()
    address = with_session(client)
    typed(client, address, f"{address}/attendance", agencies="Police: 4\nHealth and a very long name of an agency: 2")

    def walk(context: BrowserContext) -> None:
        page = context.new_page()
        page.goto("/courses")
        enter(page)
        for name in ("/courses", "/courses/new", "/courses/sleep", address, f"{address}/change", "/courses/attendance"):
            page.goto(name)
            while (closed := page.locator("main details:not([open]) > summary")).count():
                closed.first.click()
            if wrong := faults(page, "none"):
                found[name] = wrong
        page.goto("/courses/attendance")
        page.set_input_files("#list", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Name\nA\n"})
        page.click("main button")
        assert page.locator(".problem li").count() == 1
        if wrong := faults(page, "none"):
            found["a list that is wrong"] = wrong

    in_a_browser(organised, walk, viewport={"width": 360, "height": 740}, java_script_enabled=True)
    assert found == {}
