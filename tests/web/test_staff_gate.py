"""Everything on the staff face refuses a stranger but a named list; forms need a token; errors are pages of ours."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import delete
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from feedback_app.core.roles import ROLES
from feedback_app.core.settings import Settings
from feedback_app.factory import create_app
from feedback_app.storage.db import db
from feedback_app.storage.models import StaffRole
from feedback_app.web.staff.gate import STRANGERS
from tests.web.staff_copy import HARM, SURVEY, Copy, close, open_copy, post, text_of, token_of

pytest_plugins = ["tests.web.staff_fixtures"]

PARTS = {
    "course": "none",
    "token": "none",
    "collection": SURVEY,
    "language": "en",
    "size": "large",
    "number": "1",
    "page": 1,
    "ident": "1",
    "name": "tables.json",
    "filename": "app.css",
}


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Every address of an application: its name, how it is asked for, and where."""
    found = []
    with app.test_request_context():
        routes = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            parts = {name: PARTS[name] for name in rule.arguments}
            methods = sorted((rule.methods or set()) - {"OPTIONS"})
            found += [(rule.endpoint, method, routes.build(rule.endpoint, parts, method=method)) for method in methods]
    return found


SHOWN_TO_STRANGERS = {
    "staff.sign_in": 200,
    "staff.second_step": 303,  # back to the first step
    "staff.accept": 404,  # there is no such invitation
    "staff.from_council": 303,  # nobody comes back from there
    "static": 200,
    "health.status": 200,
}
TAKEN_FROM_STRANGERS = {"staff.try_to_sign_in", "staff.try_second_step", "staff.take_up"} | {
    "staff.to_council",
    "staff.council_done",
}


def test_every_address_refuses_a_stranger_but_a_named_few(staffed: Copy) -> None:
    walked = addresses(staffed.app)
    assert len({endpoint for endpoint, *_ in walked}) >= 20
    for endpoint, method, address in walked:
        answer = staffed.stranger().open(address, method=method)
        if endpoint in SHOWN_TO_STRANGERS:
            assert answer.status_code == SHOWN_TO_STRANGERS[endpoint], address
        elif endpoint in TAKEN_FROM_STRANGERS:
            assert answer.status_code == 400, address  # there is no token with it
        elif method in ("GET", "HEAD"):
            assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), address
        else:
            assert answer.status_code == 401, address
            assert "Please sign in first" in answer.text or method == "HEAD"
        answer.close()
    assert {*SHOWN_TO_STRANGERS, *TAKEN_FROM_STRANGERS} == STRANGERS


def test_a_stranger_learns_nothing_of_which_addresses_there_are(staffed: Copy) -> None:
    assert staffed.stranger().get("/nothing/here").status_code == 303
    assert staffed.stranger().post("/nothing/here").status_code == 401
    assert staffed.stranger().delete("/").status_code == 401


def test_options_writes_and_shows_nothing(staffed: Copy) -> None:
    answer = staffed.stranger().options(f"/collections/{SURVEY}/comments")
    assert answer.status_code == 401


def test_the_public_face_has_no_staff_page(staffed: Copy) -> None:
    public = create_app("public", Settings(instance=staffed.folder))
    own = {rule.rule for rule in staffed.app.url_map.iter_rules() if rule.endpoint.startswith("staff.")} - {"/"}
    assert not {rule.rule for rule in public.url_map.iter_rules()} & own
    assert not any("staff" in endpoint for endpoint in public.view_functions)
    for address in ("/sign-in", "/report", f"/collections/{SURVEY}/comments", "/staff/"):
        assert public.test_client().get(address).status_code == 404, address
    assert not public.extensions["feedback"].keys.private
    close(Copy(public, staffed.clock, staffed.folder))


#: Beside their own account, what each role is for. Written again here, so that the gate's own table can be wrong.
REPORT = {"report", "make_report", "download", "report_style"}
LOG = {"audit_log", "check_audit_log"}
CONSENT = {"consent", "approve_consent"}
PEOPLE = {"members", "invite", "change_member"}
CODING = {"comments", "open_comments", "decide"}
CLASSES = {"classes", "open_class", "close_class", "take_in"}
ACTIONS = {"actions", "new_action", "write_action", "action", "change_action", "publish_action", "withdraw_action"}
PAPER = {"paper", "blank_form"}
WHO_IS_ASKED = {"calendar", "registers"}
OPENING = {"new_collection", "open_collection", "change_collection", "end_collection", "remind", "make_cards"}
OPENING |= {"parts", "leave_out_parts", "preview_pack", "new_entry", "add_entry", "entry", "change_entry", "end_entry"}
JOBS = {"jobs", "run_job"}
TYPING = {"differences", "settle", "begin_form", "type_part", "keep_part", "check_form", "finish_form"}
EXPORTS = {"export_list", "choose_export", "take_export"}
NOTES = {"notes", "new_note", "write_note", "take_out_note"}
SIGNPOSTS = {"new_signpost", "add_signpost", "signpost", "set_signpost", "check_signpost", "drop_signpost"}
SETTINGS = {"area_settings", "set_area", "area_history"} | SIGNPOSTS
QUEUE = {
    "triage",
    "triage_text",
    "acknowledge",
    "read_text",
    "read_next",
    "decide_text",
    "mask_text",
    "leave_text",
    "note_text",
}
QUEUE |= {"put_text_back"}
ROTA = {"rota", "set_rota", "start_drill"}
COURSES = {"courses", "new_course", "write_course", "course", "course_form", "change_course", "attendance"}
COURSES |= {"new_session", "add_session", "course_session", "session_form", "change_session", "remove_session"}
COURSES |= {"type_attendance", "take_attendance"}
OPEN_TO: dict[str, set[str]] = {
    "administrator": COURSES
    | WHO_IS_ASKED
    | OPENING
    | REPORT
    | LOG
    | CLASSES
    | ACTIONS
    | PAPER
    | PEOPLE
    | JOBS
    | NOTES
    | SETTINGS
    | CONSENT
    | ROTA,
    "analyst": WHO_IS_ASKED | REPORT | ACTIONS | EXPORTS,
    "coder": CODING | PAPER | TYPING | EXPORTS | {"take_export_with_words"} | NOTES | {"open_note", "change_note"},
    "safeguarding-lead": QUEUE | ROTA | CONSENT | CODING | EXPORTS | {"take_export_with_words"},
    "scrutineer": WHO_IS_ASKED | REPORT | LOG | {"actions", "action"},
    "course-organiser": WHO_IS_ASKED | COURSES,
    "codesign-member": set(),
    "translator": {"consent"},
}
OWN = {"collection", "qr", "poster_of", "sign_out", "home", "collections", "own_account", "change_password"}
OWN |= {"set_up_app", "ask_for_passkey", "keep_passkey", "change_factors"}


@pytest.mark.parametrize("role", [*ROLES, "a role that there is not"])
def test_every_address_as_every_role(staffed: Copy, role: str) -> None:
    client = staffed.member()
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add(StaffRole(staff_id=1, role=role))
        db.session.commit()
    allowed = OWN | OPEN_TO[role] if role in ROLES else set()
    refused = set()
    for endpoint, method, address in addresses(staffed.app):
        if endpoint in STRANGERS or endpoint == "staff.sign_out" or method == "HEAD":
            continue
        answer = client.open(address, method=method)
        if answer.status_code == 403:
            refused.add(endpoint.removeprefix("staff."))
            assert HARM not in answer.text
        answer.close()
    every = {endpoint.removeprefix("staff.") for endpoint, *_ in addresses(staffed.app) if endpoint not in STRANGERS}
    assert refused == every - allowed - {"sign_out"}


def test_every_form_needs_its_token(staffed: Copy) -> None:
    client = staffed.member()
    before = staffed.rows()
    for endpoint, method, address in addresses(staffed.app):
        if method == "POST":
            for typed in ({}, {"csrf_token": "x"}, {"csrf_token": token_of(staffed.stranger().get("/sign-in").text)}):
                answer = client.post(address, data=typed)
                assert answer.status_code == 400, endpoint
                assert "We could not read that" in answer.text
    assert staffed.rows() == before


@pytest.mark.parametrize("address", ["/", "/report", f"/collections/{SURVEY}/comments", "/sign-in", "/health"])
def test_looking_writes_nothing(staffed: Copy, address: str) -> None:
    client = staffed.member()
    before = staffed.rows()
    for _ in range(2):
        client.get(address)
        client.head(address)
    assert staffed.rows() == before


def test_pages_are_whole_and_ask_nothing_of_anyone_else(staffed: Copy) -> None:
    client = staffed.member()
    page = client.get("/").text
    opened = post(client, f"/collections/{SURVEY}/comments", page)
    answers = [client.get(address) for address in ("/", "/report", f"/collections/{SURVEY}/comments", "/nothing")]
    for answer in [
        *answers,
        opened,
        staffed.stranger().get("/sign-in"),
        staffed.stranger().post("/report/tables.json"),
    ]:
        whole = answer.text
        assert '<html lang="en-GB">' in whole
        assert len(re.findall(r"<h1\b", whole)) == 1
        assert re.search(r"<title>[^<]+ · Exampleborough staff pages</title>", whole)
        assert "This is an example area." in whole
        assert 'href="#main"' in whole
        assert 'id="main"' in whole
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", whole)
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//(?!127\.0\.0\.1)', whole)
        ids = re.findall(r'\sid="([^"]+)"', whole)
        assert len(ids) == len(set(ids))
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_a_person_is_on_is_marked(staffed: Copy) -> None:
    client = staffed.member()
    assert 'href="/" aria-current="page"' in client.get("/").text
    assert 'href="/collections" aria-current="page"' in client.get("/collections").text
    assert 'href="/collections" aria-current="true"' in client.get(f"/collections/{SURVEY}/comments").text
    assert 'href="/report" aria-current="page"' in client.get("/report").text


WAYS = {
    "administrator": (["Today", "Collections"], ["Collect", "Show", "Look after"], 9),
    "scrutineer": (["Today", "Collections", "Report", "You said, we did", "Audit log"], [], 0),
    "coder": (["Today", "Collections", "Notes", "Exports"], [], 0),
    "course-organiser": (["Today", "Collections", "Courses"], [], 0),
    "translator": (["Today", "Collections"], [], 0),
}


@pytest.mark.parametrize("role", WAYS)
def test_the_ways_are_few_and_the_rest_is_grouped(staffed: Copy, role: str) -> None:
    client = staffed.member()
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add(StaffRole(staff_id=1, role=role))
        db.session.commit()
    page = client.get("/").text
    found = re.search(r"<nav.*?</nav>", page, re.DOTALL)
    assert found
    row, _, more = found[0].partition("<details>")
    shown, groups, rest = WAYS[role]
    assert re.findall(r"<a [^>]+>([^<]+)</a>", row) == shown
    assert re.findall(r'<ul aria-label="([^"]+)"', more) == groups
    addresses = re.findall(r'href="([^"]+)"', more)
    assert len(addresses) == len(set(addresses)) == rest
    assert all(client.get(address).status_code == 200 for address in re.findall(r'href="([^"]+)"', found[0]))


def test_what_cannot_be_done_has_a_page_of_ours(staffed: Copy) -> None:
    client = staffed.member()
    page = client.get("/").text
    missing = client.get("/collections/nothing/comments")
    assert (missing.status_code, "We cannot find that page" in missing.text) == (404, True)
    wrong = client.put("/report", data={"csrf_token": token_of(page)})
    assert (wrong.status_code, "That cannot be done here" in wrong.text) == (405, True)
    assert "GET" in wrong.headers["Allow"]
    long = post(client, "/report/tables.json", page, extra="x" * 70_000)
    assert (long.status_code, "That is too long to send" in long.text) == (413, True)
    for nul in (client.get("/collections/a%00b/comments"), post(client, "/report/tables.json", page, to="a\0b")):
        assert (nul.status_code, "We could not read that" in nul.text) == (400, True)
    assert all("Go to the collections" in answer.text for answer in (missing, wrong, long, nul))


def test_a_mistake_of_ours_is_a_plain_page(staffed: Copy) -> None:
    client = staffed.member()
    for key in (staffed.folder / "keys").glob("*.private"):
        key.unlink()
    again = open_copy(staffed.folder)
    client = again.member()
    answer = post(client, f"/collections/{SURVEY}/comments", client.get("/").text)
    assert answer.status_code == 500
    assert "private key" in text_of(answer.text)
    assert "Traceback" not in answer.text
    assert [event.action for event in again.events()][-1] == "staff.sign_in"
    close(again)


def test_a_database_that_is_gone_is_a_plain_page(staffed: Copy) -> None:
    client = staffed.member()
    staffed.app.view_functions["staff.report"] = lambda: _ask_for_nothing()
    answer = client.get("/report")
    assert (answer.status_code, "We could not keep that just now" in answer.text) == (503, True)


def _ask_for_nothing() -> str:
    from sqlalchemy import text

    from feedback_app.storage.db import db

    db.session.execute(text("SELECT * FROM no_such_table"))
    return ""


def test_under_a_path_every_address_keeps_the_path(staffed: Copy) -> None:
    client = Client(DispatcherMiddleware(lambda *_: [], {"/staff": staffed.app}))
    led = client.get("/staff/report?from=2026-04-01&to=2026-04-02")
    assert led.location == "/staff/sign-in?next=/report?from%3D2026-04-01%26to%3D2026-04-02"
    page = client.get(led.location).text
    assert set(re.findall(r'(?:href|action)="(/[^"/]*)', page)) == {"/staff"}
    action = re.search(r'action="([^"]+)"', page)
    assert action
    typed = {"csrf_token": token_of(page), "name": "Ann Example", "password": "correct-horse-battery-staple"}
    inside = client.post(action[1].replace("&amp;", "&"), data=typed)
    assert inside.location == "/staff/report?from=2026-04-01&to=2026-04-02"
    first = client.get("/staff/").text
    assert set(re.findall(r'(?:href|action)="(/[^"/]*)', first)) == {"/staff"}
    css = re.search(r'href="([^"]+staff\.css[^"]+)"', first)
    assert css
    with client.get(css[1]) as style:
        assert style.status_code == 200
    assert client.get("/staff").location.endswith("/staff/")


@pytest.mark.parametrize(("public", "name"), [("", "staff"), ("https://feedback.example", "__Host-staff")])
def test_the_cookie_is_kept_to_this_site_and_out_of_reach(staffed: Copy, public: str, name: str) -> None:
    again = open_copy(staffed.folder, public_url=public)
    client = again.app.test_client()
    here = public or "https://localhost"
    page = client.get("/sign-in", base_url=here)
    typed = {"csrf_token": token_of(page.text), "name": "Ann Example", "password": "correct-horse-battery-staple"}
    inside = client.post("/sign-in", data=typed, base_url=here)
    assert inside.status_code == 303
    for cookie in page.headers.getlist("Set-Cookie") + inside.headers.getlist("Set-Cookie"):
        assert cookie.startswith(f"{name}=")
        marks = {part.strip() for part in cookie.split(";")[1:]}
        assert marks == {"HttpOnly", "Path=/", "SameSite=Strict"} | ({"Secure"} if public else set())
    close(again)
