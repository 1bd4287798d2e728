"""What every answer of the server says to the browser: nothing from elsewhere, no copy kept, one cookie."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from feedback_app.core.settings import PROJECT
from tests.factories import Copy
from tests.web.someone import Someone

STATIC = PROJECT / "feedback_app" / "web" / "static"
HTTPS = "https://feedback.example"
ANSWERS = [
    ("GET", "/", 302),
    ("GET", "/en", 200),
    ("GET", "/en/text", 200),
    ("POST", "/en/text", 303),
    ("GET", "/en/text/Q1", 403),
    ("GET", "/en/help", 200),
    ("GET", "/ur/left", 200),
    ("POST", "/en/leave", 303),
    ("GET", "/en/text/goodbye", 200),
    ("GET", "/en/nothing", 404),
    ("PUT", "/en/text/Q1", 405),
    ("POST", "/en/text/Q1", 415),
    ("GET", "/health", 200),
    ("HEAD", "/en", 200),
]


@pytest.mark.parametrize(("method", "address", "status"), ANSWERS)
def test_every_answer_forbids_what_is_not_ours_and_keeps_no_copy(
    open_app: Flask, method: str, address: str, status: int
) -> None:
    response = open_app.test_client().open(address, method=method)

    assert response.status_code == status
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy.pop("default-src") == "'none'"
    assert set(policy.values()) <= {"'self'", "'none'"}
    assert policy.keys() >= {"form-action", "base-uri", "frame-ancestors"}
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers.getlist("Cache-Control") == ["no-store"]
    assert "Strict-Transport-Security" not in response.headers  # plain http, on this machine alone


def test_a_page_of_a_survey_is_kept_nowhere(someone: Someone) -> None:
    person = someone("text")

    for address in (person.here, "/en/text/check", "/en/text/thank-you"):
        assert person.client.get(address).headers.getlist("Cache-Control") == ["no-store"]


@pytest.mark.parametrize("file", ["app.css", "icon.svg"])
def test_a_static_file_is_kept_and_its_address_changes_with_its_content(open_app: Flask, file: str) -> None:
    client = open_app.test_client()
    page = client.get("/en").get_data(as_text=True)
    found = re.search(rf"/static/{re.escape(file)}\?v=[0-9a-f]{{10}}", page)
    assert found

    with client.get(found[0]) as response:
        assert response.get_data() == (STATIC / file).read_bytes()
        assert response.cache_control.max_age == 31_536_000
        assert response.cache_control.public
        assert not response.cache_control.no_store
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("file", sorted(STATIC.glob("*.css")), ids=lambda file: file.name)
def test_a_style_asks_nothing_of_another_origin(file: Path) -> None:
    text = file.read_text()

    assert not re.findall(r"@import|https?:|url\(\s*['\"]?(?:[a-z]+:)?//", text)


def cookies(response: TestResponse) -> list[str]:
    return response.headers.getlist("Set-Cookie")


def attributes(cookie: str) -> tuple[str, set[str]]:
    """A cookie's name, and its attributes without its value."""
    first, *rest = cookie.split("; ")
    return first.split("=")[0], set(rest)


@pytest.mark.parametrize(("method", "address"), [(m, a) for m, a, _ in ANSWERS if (m, a) != ("POST", "/en/text")])
def test_nobody_has_a_cookie_before_they_start(open_app: Flask, method: str, address: str) -> None:
    given = cookies(open_app.test_client().open(address, method=method))

    assert [cookie for cookie in given if "Max-Age=0" not in cookie] == []


def test_there_is_one_cookie_over_plain_http(open_app: Flask) -> None:
    (cookie,) = cookies(open_app.test_client().post("/en/text"))

    assert attributes(cookie) == ("visit", {"HttpOnly", "Path=/", "SameSite=Lax"})


def test_there_is_one_cookie_bound_to_the_host_over_https(copy: Callable[..., Copy]) -> None:
    app = copy("text", public_url=HTTPS).app()
    client = app.test_client()
    response = client.post("/en/text", base_url=HTTPS)

    (cookie,) = cookies(response)
    assert attributes(cookie) == ("__Host-visit", {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"})
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert client.get("/en/text/Q1", base_url=HTTPS).status_code == 200

    (gone,) = cookies(client.post("/en/leave", base_url=HTTPS))
    name, rest = attributes(gone)
    assert name == "__Host-visit"
    assert {"Secure", "Path=/", "Max-Age=0"} <= rest  # a browser takes no less for a name of this kind


def test_answering_sets_no_further_cookie(someone: Someone) -> None:
    person = someone("text")
    client = person.client

    for response in (
        client.get(person.here),
        client.post(person.here, data={"token": person.token, "answer": "a"}),
        client.get("/en/text/check"),
        client.post("/en/text/check", data={"token": person.token}),
        client.get("/en/text/thank-you"),
    ):
        assert cookies(response) == []


def test_the_cookie_says_nothing_and_is_new_for_each_visit(someone: Someone) -> None:
    values = [someone("text").client.get_cookie("visit") for _ in range(20)]

    assert len({cookie.value for cookie in values if cookie}) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", cookie.value) for cookie in values if cookie)


def test_styles_and_scripts_come_packed_to_a_browser_that_takes_them_so_and_pages_do_not(
    on_both: Callable[..., Copy],
) -> None:
    client = on_both("text").app().test_client()
    for name in ("app.css", "sending.js", "icon.svg"):
        with (
            client.get(f"/static/{name}") as plain,
            client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip, br"}) as packed,
        ):
            assert "Content-Encoding" not in plain.headers
            assert packed.headers["Content-Encoding"] == "gzip"
            assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
            assert gzip.decompress(packed.data) == plain.data
            assert packed.headers["ETag"] != plain.headers["ETag"]
            assert int(packed.headers["Content-Length"]) == len(packed.data)
        with client.get(f"/static/{name}", headers={"If-None-Match": plain.headers["ETag"]}) as again:
            assert again.status_code == 304
    assert "Content-Encoding" not in client.get("/en/text", headers={"Accept-Encoding": "gzip"}).headers
