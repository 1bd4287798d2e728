"""Sign in: right, wrong, too often; where it leads; when a session ends; and what is never kept."""

from __future__ import annotations

import base64
import secrets
import zlib

import pytest
from flask.testing import FlaskClient

from feedback_app.core.errors import FeedbackError
from feedback_app.services import accounts, audit
from feedback_app.storage.db import db
from tests.web.staff_copy import NAME, PASSWORD, SURVEY, Copy, open_copy, post, sign_in, text_of

pytest_plugins = ["tests.web.staff_fixtures"]

WRONG = "This name and password do not belong together."


def is_in(client: FlaskClient) -> bool:
    """Whether a browser is signed in."""
    return client.get("/").status_code == 200


def test_the_right_name_and_password_lead_in(staffed: Copy) -> None:
    client = staffed.stranger()
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/")
    page = client.get("/").text
    assert NAME in page
    assert [(event.actor, event.action) for event in staffed.events()][-1] == (NAME, "staff.sign_in")
    assert client.get("/sign-in").location == "/"


def test_a_space_after_the_name_does_no_harm_and_one_in_the_password_does(staffed: Copy) -> None:
    assert sign_in(staffed.stranger(), f" {NAME} ").location == "/"
    assert sign_in(staffed.stranger(), NAME, f"{PASSWORD} ").location == "/sign-in"


@pytest.mark.parametrize(("name", "password"), [(NAME, "wrong"), ("nobody", PASSWORD), ("ann example", PASSWORD)])
def test_a_wrong_one_is_told_in_the_same_words_and_stays_in_the_log(staffed: Copy, name: str, password: str) -> None:
    client = staffed.stranger()
    answer = sign_in(client, name, password)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    page = client.get(answer.location)
    words = text_of(page.text).replace(name, "")
    assert WRONG in words
    assert "<title>Problem: Sign in" in page.text
    assert f'value="{name}"' in page.text
    assert password not in page.text
    assert not is_in(client)
    last = staffed.events()[-1]
    assert (last.actor, last.action, last.subject) == ("a stranger", "staff.sign_in_refused", "")
    assert WRONG not in client.get("/sign-in").text  # told once


def test_wrong_names_and_wrong_passwords_give_the_same_page(staffed: Copy) -> None:
    pages = []
    for name, password in ((NAME, "x" * 12), ("n" * len(NAME), "x" * 12)):
        client = staffed.stranger()
        sign_in(client, name, password)
        pages.append(text_of(client.get("/sign-in").text))
    assert pages[0] == pages[1]


def test_what_is_missing_is_named_and_not_counted(strict: Copy) -> None:
    client = strict.stranger()
    for _ in range(5):
        answer = sign_in(client, "", "")
        assert answer.status_code == 400
        assert "Type your name or your e-mail address." in answer.text
        assert "Type your password." in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert "This name is too long." in sign_in(client, "n" * 121, PASSWORD).text
    assert "This password is too long." in sign_in(client, NAME, "p" * 1_001).text
    assert sign_in(client).location == "/"


def test_after_some_failures_it_is_time_to_wait(strict: Copy) -> None:
    client = strict.stranger()
    for _ in range(3):
        assert sign_in(client, NAME, "wrong").status_code == 303
    events = len(strict.events())
    answer = sign_in(client, NAME, PASSWORD)
    assert answer.status_code == 429
    assert "Please wait 15 minutes, then try again." in text_of(answer.text)
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    assert len(strict.events()) == events
    assert not is_in(client)
    # Another name from here, and this name from elsewhere, are not kept out.
    assert sign_in(client, "somebody else", "wrong").status_code == 303
    elsewhere = strict.stranger()
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert sign_in(elsewhere).location == "/"


def test_capitals_and_spaces_in_the_name_do_not_give_more_tries(strict: Copy) -> None:
    for name in (NAME, NAME.upper(), f" {NAME} "):
        sign_in(strict.stranger(), name, "wrong")
    assert sign_in(strict.stranger(), NAME, "wrong").status_code == 429


def test_only_failures_count(strict: Copy) -> None:
    for _ in range(5):
        assert sign_in(strict.stranger()).location == "/"
    for _ in range(2):
        assert sign_in(strict.stranger(), NAME, "wrong").status_code == 303
    assert sign_in(strict.stranger()).location == "/"


def test_the_keys_of_the_limit_are_worthless_tomorrow(strict: Copy) -> None:
    for _ in range(3):
        sign_in(strict.stranger(), NAME, "wrong")
    assert sign_in(strict.stranger(), NAME, "wrong").status_code == 429
    strict.clock.pass_by(days=1)
    assert sign_in(strict.stranger(), NAME, "wrong").status_code == 303


def test_one_address_cannot_try_many_names(staffed: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    # Argon2 is slow on purpose; fifty tries with the real cost would take ten seconds.
    from argon2 import PasswordHasher

    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts._nobody.cache_clear()
    for number in range(50):
        assert sign_in(staffed.stranger(), f"name {number}", "wrong").status_code == 303
    assert sign_in(staffed.stranger(), "one more", "wrong").status_code == 429
    accounts._nobody.cache_clear()


def test_a_limit_that_cannot_be_read_is_refused_at_the_start(staffed: Copy) -> None:
    with pytest.raises(FeedbackError, match="SIGN_IN_LIMIT"):
        open_copy(staffed.folder, sign_in_limit="ten now and then")


@pytest.mark.parametrize(
    "onward",
    [
        "/report?from=2026-04-01&to=2026-11-22",
        f"/collections/{SURVEY}/comments?page=2",
    ],
)
def test_after_signing_in_comes_the_page_that_was_asked_for(staffed: Copy, onward: str) -> None:
    client = staffed.stranger()
    led = client.get(onward)
    page = client.get(led.location)
    assert page.status_code == 200
    assert sign_in(client, NAME, PASSWORD, onward).location == onward


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2f%2fevil.example",
        "///evil.example",
        "javascript:alert(1)",
        "/nothing",
        "/sign-out",
        "/report/tables.json",
        "http:evil.example",
        "https://[evil",
        "/\t/evil.example",
    ],
)
def test_no_address_leads_to_another_site(staffed: Copy, onward: str) -> None:
    assert sign_in(staffed.stranger(), NAME, PASSWORD, onward).location == "/"


def test_words_of_the_framework_in_the_address_do_nothing(staffed: Copy) -> None:
    onward = "/report?_external=1&_scheme=javascript&_anchor=x"
    assert sign_in(staffed.stranger(), NAME, PASSWORD, onward).location == onward


def test_a_failure_keeps_where_to_go(staffed: Copy) -> None:
    client = staffed.stranger()
    failed = sign_in(client, NAME, "wrong", "/report")
    assert failed.location == "/sign-in?next=/report"


def test_signing_out_ends_it(staffed: Copy) -> None:
    client = staffed.member()
    answer = post(client, "/sign-out", client.get("/").text)
    assert answer.location == "/sign-in"
    assert "You have signed out." in client.get("/sign-in").text
    assert not is_in(client)
    assert staffed.events()[-1].action == "staff.sign_out"
    assert client.get("/sign-out").status_code == 303  # not by a link


def test_signing_out_ends_a_cookie_that_was_copied(staffed: Copy) -> None:
    client, thief = staffed.member(), staffed.stranger()
    cookie = client.get_cookie("staff")
    assert cookie is not None
    thief.set_cookie("staff", cookie.value)
    assert is_in(thief)
    post(client, "/sign-out", client.get("/").text)
    assert not is_in(thief)


@pytest.mark.parametrize("go", ["roles", "disable", "factors"])
def test_what_an_administrator_changes_ends_every_session_of_the_account(staffed: Copy, go: str) -> None:
    with staffed.app.app_context():
        accounts.add(db.session(), "Bo", PASSWORD, {"administrator"}, by="a test", now=staffed.clock.now())
        db.session.commit()
    admin, bo = staffed.member(), staffed.stranger()
    sign_in(bo, "Bo")
    assert is_in(bo)
    assert post(admin, "/people/2", admin.get("/people").text, go=go, role="coder").status_code == 303
    assert not is_in(bo)
    assert is_in(admin)


def test_a_new_password_ends_older_sessions(staffed: Copy) -> None:
    client = staffed.member()
    assert is_in(client)
    staffed.account(session_mark=secrets.token_hex(16))
    assert not is_in(client)
    assert post(client, "/report/tables.json", client.get("/sign-in").text).status_code == 401


def test_a_session_ends_with_the_account(staffed: Copy) -> None:
    client = staffed.member()
    with staffed.app.app_context():
        db.session.execute(db.metadata.tables["staff"].delete())
        db.session.commit()
    assert not is_in(client)


def test_a_session_ends_when_nobody_is_there_and_at_the_end_of_the_day(staffed: Copy) -> None:
    client = staffed.member()
    for _ in range(9):
        staffed.clock.pass_by(minutes=50)
        assert is_in(client)
    staffed.clock.pass_by(minutes=61)
    assert not is_in(client)
    assert "You were signed out because some time went by." in client.get("/sign-in").text
    sign_in(client)
    for _ in range(9):
        staffed.clock.pass_by(minutes=50)
        assert is_in(client)
    staffed.clock.pass_by(minutes=31)
    assert not is_in(client)


def test_nothing_of_the_session_before_stays(staffed: Copy) -> None:
    client = staffed.stranger()
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before
        assert set(session) <= {"_user_id", "_fresh", "began", "seen", "council"}


def test_a_forged_session_is_no_session(staffed: Copy) -> None:
    client = staffed.member()
    cookie = client.get_cookie("staff")
    assert cookie is not None
    for forged in (cookie.value[:-2] + "xx", "e30.aaaaaa.bbbbbb", "", cookie.value.split(".")[0]):
        other = staffed.stranger()
        other.set_cookie("staff", forged)
        assert not is_in(other)


def test_no_address_and_no_browser_is_kept_anywhere(staffed: Copy, capfd: pytest.CaptureFixture[str]) -> None:
    client = staffed.stranger()
    client.environ_base |= {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "canary-browser/9"}
    sign_in(client, "canary-name", "canary-password")
    sign_in(client)
    post(client, f"/collections/{SURVEY}/comments", client.get("/").text)
    cookie = client.get_cookie("staff")
    assert cookie is not None
    payload = cookie.value.split(".")[1 if cookie.value.startswith(".") else 0]
    held = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    held = zlib.decompress(held) if cookie.value.startswith(".") else held
    stored = b"".join(file.read_bytes() for file in staffed.folder.rglob("*") if file.is_file())
    written = "".join(capfd.readouterr()).encode()
    for canary in (b"203.0.113.77", b"canary-browser", b"canary-name", b"canary-password"):
        assert canary not in stored + held + written


def test_the_log_is_still_whole(staffed: Copy) -> None:
    client = staffed.stranger()
    sign_in(client, NAME, "wrong")
    sign_in(client)
    post(client, "/sign-out", client.get("/").text)
    with staffed.app.app_context():
        assert audit.verify(db.session()) == len(staffed.events())
