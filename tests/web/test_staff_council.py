"""Signing in at the council's own door, against a real OpenID Connect provider that runs in the test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey

from feedback_app.core.clock import SystemClock
from tests.council_door import CLIENT, SECRET, Door
from tests.mail_server import free_port
from tests.web.staff_copy import Copy, close, open_copy, post, sign_in, text_of

pytest_plugins = ["tests.web.staff_fixtures"]
EMAIL = "ann@council.example"
ANN = {"sub": "ann-1", "email": EMAIL, "email_verified": True, "name": "Ann"}


@pytest.fixture
def door() -> Iterator[Door]:
    """The council's door, with Ann at it."""
    with Door(dict(ANN)) as opened:
        yield opened


@pytest.fixture
def copy(staffed: Copy, door: Door) -> Iterator[Copy]:
    """A copy that knows the council's door. Its clock is the real one, as the provider's is."""
    staffed.account(email=EMAIL)
    given = {"oidc_issuer": door.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    opened = open_copy(staffed.folder, **given)
    opened.clock.moment = SystemClock().now()
    yield opened
    close(opened)


def at_the_door(client: FlaskClient) -> dict[str, str]:
    """Press the button, be let in by the council; return what the council sends back with."""
    led = post(client, "/sign-in/council", client.get("/sign-in").text)
    answer = requests.get(led.location, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    assert back.path == "/sign-in/council"
    return dict(parse_qsl(back.query))


def come_back(client: FlaskClient, given: dict[str, str]) -> str:
    """Come back and go on; return where that leads."""
    page = client.get("/sign-in/council", query_string=given)
    assert page.status_code == 200
    return post(
        client, "/sign-in/council/done", page.text, **{name: given[name] for name in ("code", "state")}
    ).location


def told(client: FlaskClient) -> str:
    return text_of(client.get("/sign-in").text)


def test_who_has_an_account_comes_in_without_a_password(copy: Copy) -> None:
    client = copy.stranger()
    assert come_back(client, at_the_door(client)) == "/"
    assert client.get("/").status_code == 200
    assert [event.detail for event in copy.events() if event.action == "staff.sign_in"][-1] == {"door": "council"}


def test_the_council_has_a_second_factor_of_its_own(copy: Copy) -> None:
    wired = copy.app.extensions["feedback"]
    copy.app.extensions["feedback"] = replace(wired, area=wired.area.model_copy(update={"example": False}))
    client = copy.stranger()
    come_back(client, at_the_door(client))
    assert client.get("/").status_code == 200


def test_the_same_person_comes_in_with_another_address_and_another_with_the_same_does_not(
    copy: Copy, door: Door
) -> None:
    client = copy.stranger()
    come_back(client, at_the_door(client))
    door.claims["email"] = "ann.married@council.example"
    other = copy.stranger()
    assert come_back(other, at_the_door(other)) == "/"
    door.claims.update(ANN, sub="another-ann")
    third = copy.stranger()
    assert come_back(third, at_the_door(third)) == "/sign-in"
    assert "You have no account here yet" in told(third)


@pytest.mark.parametrize("claims", [{"email": "nobody@council.example"}, {"email_verified": False}, {"email": ""}])
def test_who_has_no_account_is_told(copy: Copy, door: Door, claims: dict[str, object]) -> None:
    door.claims.update(claims)
    client = copy.stranger()
    assert come_back(client, at_the_door(client)) == "/sign-in"
    assert "You have no account here yet" in told(client)
    assert client.get("/").status_code == 303


def test_an_answer_for_another_browser_is_refused(copy: Copy) -> None:
    mine, theirs = copy.stranger(), copy.stranger()
    stolen = at_the_door(theirs)
    at_the_door(mine)
    assert come_back(mine, stolen) == "/sign-in"
    assert mine.get("/").status_code == 303


def test_a_code_works_once(copy: Copy) -> None:
    client = copy.stranger()
    given = at_the_door(client)
    cookie = client.get_cookie("council")
    assert come_back(client, given) == "/"
    post(client, "/sign-out", client.get("/").text)
    assert cookie is not None
    client.set_cookie("council", cookie.value)
    assert come_back(client, given) == "/sign-in"


def test_a_token_that_another_key_signed_is_refused(copy: Copy, door: Door) -> None:
    client = copy.stranger()
    given = at_the_door(client)
    door.signs_with = RSAKey.generate_key(2048, {"kid": "council", "use": "sig"})
    assert come_back(client, given) == "/sign-in"
    assert "could not be checked" in told(client)


def test_a_code_that_is_none_is_refused(copy: Copy) -> None:
    client = copy.stranger()
    given = at_the_door(client)
    assert come_back(client, given | {"code": given["code"][::-1]}) == "/sign-in"
    assert "could not be checked" in told(client)


def test_a_door_that_is_shut_is_told(copy: Copy) -> None:
    client = copy.stranger()
    answer = client.get("/sign-in/council", query_string={"error": "access_denied"})
    assert answer.location == "/sign-in"
    assert "did not let you in" in told(client)


@pytest.mark.parametrize("said", [True, 1, "1", "true"])
def test_a_door_that_says_it_in_microsofts_way(copy: Copy, door: Door, said: object) -> None:
    door.claims.pop("email_verified")
    door.claims["xms_edov"] = said
    client = copy.stranger()
    assert come_back(client, at_the_door(client)) == "/"


def test_a_door_that_does_not_answer_is_told(staffed: Copy) -> None:
    opened = open_copy(staffed.folder, oidc_issuer=f"http://127.0.0.1:{free_port()}", oidc_client_id=CLIENT)
    client = opened.stranger()
    assert post(client, "/sign-in/council", client.get("/sign-in").text).location == "/sign-in"
    assert "does not answer just now" in told(client)
    close(opened)


def test_who_comes_by_the_council_alone_needs_no_password(copy: Copy, door: Door) -> None:
    admin = copy.member()
    post(admin, "/people/invite", admin.get("/people").text, email="bo@council.example", role="coder")
    link = re.findall(r"http://localhost(/invitation/[\w-]+)", admin.get("/people").text)[0]
    bo = copy.stranger()
    form = bo.get(link).text
    assert "You need none if you sign in with your council account" in form
    assert post(bo, link, form, name="Bo").location == "/sign-in"
    for typed in ("", "x", "correct-horse-battery"):
        sign_in(bo, "Bo", typed)
        assert bo.get("/").status_code == 303, typed

    door.claims.update({"sub": "bo-1", "email": "bo@council.example"})
    assert come_back(bo, at_the_door(bo)) == "/"
    page = bo.get("/account").text
    assert "Change my password" not in page
    refused = post(bo, "/account/password", page, old="x", new="velvet-anagram-pelican")
    assert (refused.status_code, bo.get("/").status_code) == (422, 200)
