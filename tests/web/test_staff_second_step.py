"""The second step of signing in, invitations and roles, as a person meets them."""

from __future__ import annotations

import re
from html import unescape

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback_app.services import mail
from feedback_app.storage.db import db
from feedback_app.storage.models import Letter, Staff
from tests.web.staff_copy import NAME, PASSWORD, Copy, post, sign_in, text_of

pytest_plugins = ["tests.web.staff_fixtures"]


def set_up(copy: Copy, client: FlaskClient) -> tuple[str, list[str]]:
    """Set an app up; return its secret and the recovery codes."""
    page = client.get("/account").text
    secret = "".join(re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].split())  # type: ignore[index]
    done = post(client, "/account/app", page, digits=digits(copy, secret))
    assert done.status_code == 200, text_of(done.text)
    return secret, re.findall(r"<code>([a-z-]+)</code>", done.text)


def digits(copy: Copy, secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(copy.clock.now().timestamp()) + 30 * steps)


def half_way(copy: Copy) -> tuple[FlaskClient, str]:
    """A browser that has given the right password, and the page that it is led to."""
    client = copy.stranger()
    led = sign_in(client)
    assert led.location == "/sign-in/second"
    assert client.get("/").status_code == 303, "the password alone opens nothing"
    return client, client.get("/sign-in/second").text


def test_an_app_is_asked_for_after_the_password(staffed: Copy) -> None:
    secret, codes = set_up(staffed, staffed.member())
    assert len(codes) == 8
    staffed.clock.pass_by(seconds=60)
    client, page = half_way(staffed)
    wrong = post(client, "/sign-in/second", page, digits="000000")
    assert wrong.location == "/sign-in/second"
    assert "did not fit" in client.get("/sign-in/second").text
    right = post(client, "/sign-in/second", page, digits=digits(staffed, secret))
    assert right.location == "/"
    assert client.get("/").status_code == 200
    actions = [event.action for event in staffed.events()]
    assert "staff.factor_add" in actions
    assert "staff.factor_refused" in actions


def test_digits_work_once_and_not_for_long(staffed: Copy) -> None:
    secret, _ = set_up(staffed, staffed.member())
    staffed.clock.pass_by(seconds=90)
    code = digits(staffed, secret)
    first, page = half_way(staffed)
    assert post(first, "/sign-in/second", page, digits=code).location == "/"
    second, page = half_way(staffed)
    assert post(second, "/sign-in/second", page, digits=code).location == "/sign-in/second"
    staffed.clock.pass_by(seconds=120)
    assert post(second, "/sign-in/second", page, digits=code).location == "/sign-in/second"
    assert post(second, "/sign-in/second", page, digits=digits(staffed, secret, steps=-3)).location == "/sign-in/second"
    assert post(second, "/sign-in/second", page, digits=digits(staffed, secret)).location == "/"


def test_a_recovery_code_works_once(staffed: Copy) -> None:
    _, codes = set_up(staffed, staffed.member())
    first, page = half_way(staffed)
    assert post(first, "/sign-in/second", page, code=codes[0].replace("-", " ").upper()).location == "/"
    assert "7 recovery codes left" in text_of(first.get("/account").text)
    second, page = half_way(staffed)
    assert post(second, "/sign-in/second", page, code=codes[0]).location == "/sign-in/second"


def test_new_recovery_codes_replace_the_old_ones_and_end_other_sessions(staffed: Copy) -> None:
    mine = staffed.member()
    secret, codes = set_up(staffed, mine)
    staffed.clock.pass_by(minutes=2)
    other, page = half_way(staffed)
    post(other, "/sign-in/second", page, digits=digits(staffed, secret))
    assert other.get("/").status_code == 200
    made = post(mine, "/account/factors", mine.get("/account").text, go="codes")
    new = re.findall(r"<code>([a-z-]+)</code>", made.text)
    assert (len(new), set(new) & set(codes)) == (8, set())
    assert (mine.get("/").status_code, other.get("/").status_code) == (200, 303)
    client, page = half_way(staffed)
    assert post(client, "/sign-in/second", page, code=codes[0]).location == "/sign-in/second"
    assert post(client, "/sign-in/second", page, code=new[0]).location == "/"


def test_without_a_second_step_there_are_no_codes_and_no_passkey_to_take_away(staffed: Copy) -> None:
    client = staffed.member()
    for typed in ({"go": "codes"}, {"passkey": "x"}, {}):
        assert post(client, "/account/factors", client.get("/account").text, **typed).status_code == 404
    assert staffed.rows()["recovery_code"] == 0


def test_the_second_step_is_changed_only_soon_after_signing_in(staffed: Copy) -> None:
    mine = staffed.member()
    secret, codes = set_up(staffed, mine)
    staffed.clock.pass_by(minutes=16)
    page = mine.get("/account").text
    assert "To change this, sign in again." in text_of(page)
    assert 'action="/account/factors"' not in page
    for address, typed in (
        ("app", {"digits": "123456"}),
        ("passkey/options", {}),
        ("passkey", {}),
        ("factors", {"go": "codes"}),
    ):
        assert post(mine, f"/account/{address}", page, **typed).status_code == 403
    assert staffed.rows()["recovery_code"] == len(codes)
    client, half = half_way(staffed)
    post(client, "/sign-in/second", half, digits=digits(staffed, secret))
    assert post(client, "/account/factors", client.get("/account").text, go="codes").status_code == 200


def test_half_way_ends_after_ten_minutes(staffed: Copy) -> None:
    secret, _ = set_up(staffed, staffed.member())
    client, page = half_way(staffed)
    staffed.clock.pass_by(minutes=11)
    assert post(client, "/sign-in/second", page, digits=digits(staffed, secret)).location == "/sign-in"


def test_another_factor_or_password_ends_every_other_session(staffed: Copy) -> None:
    mine, other = staffed.member(), staffed.member()
    set_up(staffed, mine)
    assert mine.get("/").status_code == 200
    assert other.get("/").status_code == 303
    new = "velvet-anagram-pelican-hour"
    wrong = post(mine, "/account/password", mine.get("/account").text, old="wrong", new=new)
    assert (wrong.status_code, "not your password now" in wrong.text) == (422, True)
    weak = post(mine, "/account/password", mine.get("/account").text, old=PASSWORD, new="passwordpassword")
    assert (weak.status_code, "easy to guess" in weak.text) == (422, True)
    assert post(mine, "/account/password", mine.get("/account").text, old=PASSWORD, new=new).status_code == 303
    assert mine.get("/").status_code == 303
    assert sign_in(staffed.stranger(), password=new).location == "/sign-in/second"


def test_the_secret_of_an_app_is_not_in_the_database(staffed: Copy) -> None:
    secret, codes = set_up(staffed, staffed.member())
    held = (staffed.folder / "feedback.db").read_bytes() + (staffed.folder / "feedback.db-wal").read_bytes()
    for word in (secret, codes[0]):
        assert word.encode() not in held


def test_outside_the_example_a_second_step_comes_first(staffed: Copy) -> None:
    client = staffed.member()
    real = staffed.app.extensions["feedback"].area.model_copy(update={"example": False})
    object.__setattr__(staffed.app.extensions["feedback"], "area", real)
    assert client.get("/").location == "/account"
    assert "Set up a second step first" in client.get("/account").text
    set_up(staffed, client)
    assert client.get("/").status_code == 200


def test_an_invitation_makes_one_account(staffed: Copy) -> None:
    client = staffed.member()
    page = client.get("/people").text
    sent = post(client, "/people/invite", page, email="Bo@Council.example ", role="coder")
    assert sent.status_code == 303
    link = re.search(r"http://localhost(/invitation/[\w-]+)", unescape(client.get("/people").text))
    assert link, "with no mail server the address is shown"
    bo = staffed.stranger()
    form = bo.get(link[1])
    assert form.status_code == 200
    weak = post(bo, link[1], form.text, name="Bo", password="qwertyuiop12")
    assert (weak.status_code, "easy to guess" in weak.text) == (422, True)
    assert post(bo, link[1], form.text, name="Bo", password="velvet-anagram-pelican").location == "/sign-in"
    assert bo.get(link[1]).status_code == 404
    assert sign_in(bo, "bo@council.example", "velvet-anagram-pelican").location == "/"
    assert bo.get("/people").status_code == 403


def test_an_invitation_ends_and_a_newer_one_replaces_it(staffed: Copy) -> None:
    client = staffed.member()
    links = []
    for _ in range(2):
        post(client, "/people/invite", client.get("/people").text, email="bo@council.example", role="coder")
        links += re.findall(r"http://localhost(/invitation/[\w-]+)", client.get("/people").text)
    assert [staffed.stranger().get(link).status_code for link in links] == [404, 200]
    staffed.clock.pass_by(days=3, seconds=1)
    assert staffed.stranger().get(links[1]).status_code == 404


def test_what_cannot_be_invited_is_told(staffed: Copy) -> None:
    client = staffed.member()
    page = client.get("/people").text
    for typed, told in (
        ({"email": "nobody", "role": "coder"}, "Type an e-mail address"),
        ({"email": "bo@council.example"}, "Give at least one role"),
        ({"email": "bo@council.example", "role": "king"}, "There is no role"),
    ):
        answer = post(client, "/people/invite", page, **typed)
        assert (answer.status_code, told in answer.text) == (422, True), typed


def test_the_last_administrator_stays(staffed: Copy) -> None:
    client = staffed.member()
    for given in ({"go": "disable"}, {"go": "roles", "role": "coder"}):
        answer = post(client, "/people/1", client.get("/people").text, **given)
        assert (answer.status_code, "the only administrator" in answer.text) == (422, True)
    assert client.get("/people").status_code == 200


def test_a_letter_is_sent_once_when_the_server_is_back(staffed: Copy) -> None:
    client = staffed.member()
    post(client, "/people/invite", client.get("/people").text, email="bo@council.example", role="coder")
    sent = []

    class Down:
        def send(self, message: object) -> None:
            raise ConnectionRefusedError

    class Up:
        def send(self, message: object) -> None:
            sent.append(message)

    with staffed.app.app_context():
        session, keys = db.session(), staffed.app.extensions["feedback"].keys.server
        (cause,) = mail.due(session, staffed.clock.now())
        tried = mail.send(session, keys, Down(), cause, "from@council.example", now=staffed.clock.now())
        assert tried == "no server"
        assert mail.due(session, staffed.clock.now()) == [], "it waits before it tries again"
        staffed.clock.pass_by(minutes=2)
        assert mail.due(session, staffed.clock.now()) == [cause]
        for _ in range(2):
            mail.send(session, keys, Up(), cause, "from@council.example", now=staffed.clock.now())
        letter = session.scalars(select(Letter)).one()
        assert (len(sent), letter.locked, letter.tries) == (1, None, 2)


def test_a_name_is_kept_when_somebody_is_kept_out(staffed: Copy) -> None:
    client = staffed.member()
    post(client, "/people/invite", client.get("/people").text, email="bo@council.example", role="administrator")
    link = re.findall(r"http://localhost(/invitation/[\w-]+)", client.get("/people").text)[0]
    bo = staffed.stranger()
    post(bo, link, bo.get(link).text, name="Bo", password="velvet-anagram-pelican")
    sign_in(bo, "Bo", "velvet-anagram-pelican")
    assert bo.get("/people").status_code == 200
    assert post(client, "/people/2", client.get("/people").text, go="disable").status_code == 303
    assert bo.get("/people").status_code == 303
    assert sign_in(staffed.stranger(), "Bo", "velvet-anagram-pelican").location.startswith("/sign-in")
    with staffed.app.app_context():
        assert {staff.name for staff in db.session.scalars(select(Staff))} == {NAME, "Bo"}
