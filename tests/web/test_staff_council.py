"""Signing in at the council's own door, against a real OpenID Connect provider that runs in the test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey

from feedback_app.core.clock import SystemClock
from tests.council_door import CLIENT, SECRET, Door
from tests.web.staff_copy import Copy, close, open_copy, post, text_of

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
