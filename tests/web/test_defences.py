"""The web's own defences on both faces: every address, errors, downloads, what a proxy may send; every cookie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback_app.core.settings import PROJECT
from feedback_app.storage.db import db
from tests.council_door import CLIENT, SECRET, Door
from tests.factories import Copy, Respondent
from tests.tablets import open_class
from tests.web.staff_copy import Copy as StaffCopy
from tests.web.staff_copy import close, open_copy, post
from tests.web.test_staff_gate import PARTS, addresses

pytest_plugins = ["tests.web.staff_fixtures"]

HTTPS = "https://feedback.example"
TEMPLATES = PROJECT / "feedback_app" / "web" / "templates"
INLINE = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
ONLY = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def defended(answer: TestResponse, where: object) -> None:
    """One answer of ours, whatever it is: each header once, nothing from elsewhere, and no copy is kept."""
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    said = dict(part.split(" ", 1) for part in policy.split("; "))
    assert said.pop("default-src") == "'none'", where
    assert {said.pop(name) for name in ("base-uri", "frame-ancestors")} == {"'none'"}, where
    assert set(said.values()) == {"'self'"}, where
    assert "form-action" in said, where
    for name, value in ONLY.items():
        assert answer.headers.getlist(name) == [value], (where, name)
    (forbidden,) = answer.headers.getlist("Permissions-Policy")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(forbidden.split(", ")), where
    assert answer.headers.getlist("Cache-Control") == ["no-store"], where
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")], where
    assert not answer.data or "charset=utf-8" in answer.content_type or not answer.mimetype.startswith("text/"), where


def every_address(app: Flask, survey: str) -> Iterator[tuple[str, str]]:
    """Every address of the public face, with each of its methods."""
    parts = PARTS | {"collection": survey, "screen": "Q1", "code": "x", "key": "x", "item": "1", "survey": survey}
    with app.test_request_context():
        routes = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if rule.endpoint != "static":
                given = {name: parts.get(name, "x") for name in rule.arguments}
                yield from ((method, routes.build(rule.endpoint, given)) for method in sorted(rule.methods or ()))


def test_every_address_of_the_public_face_is_defended(copy: Callable[..., Copy]) -> None:
    app = copy("text").app()
    walked = list(every_address(app, "text"))
    person = Respondent(app, "text").start()

    assert len(walked) > 60
    for method, address in walked:
        for client in (app.test_client(), person.client):
            with client.open(address, method=method) as answer:
                if not address.startswith("/sound/") or answer.status_code == 404:
                    defended(answer, (method, address, answer.status))


def test_every_address_of_the_staff_face_is_defended(staffed: StaffCopy) -> None:
    member = staffed.member()
    for _, method, address in addresses(staffed.app):
        for client in (staffed.stranger(), member):
            if "/static/" in address or address.endswith("sign-out"):
                continue
            with client.open(address, method=method) as answer:
                defended(answer, (method, address, answer.status))


def test_downloads_are_defended_and_named_as_what_they_are(staffed: StaffCopy) -> None:
    client = staffed.member()
    page = client.get("/exports/young-person").text
    for form in ("csv", "jsonl", "xlsx", "sav"):
        answer = post(client, "/exports/young-person", page, form=form, language="en")
        assert answer.status_code == 200, form
        assert answer.headers["Content-Disposition"].startswith("attachment; filename="), form
        assert answer.mimetype != "text/html", form
        defended(answer, form)


@pytest.mark.parametrize("face", ["public", "staff"])
def test_what_goes_wrong_is_defended(copy: Callable[..., Copy], face: str) -> None:
    """Too much, too many, another name, a mistake of ours, a database that is gone, a file that there is not."""
    made = copy("text", public_url=HTTPS)
    app = made.app(face)
    app.add_url_rule("/en/wrong", "wrong", lambda: 1 / 0)
    client = app.test_client()
    given: dict[str, Any] = {"base_url": HTTPS}
    answers = [
        client.post("/en/return", data={"words": "x" * 70_000}, **given),
        client.post("/en/return", data=b"a=1&" * 5_000, content_type="application/x-www-form-urlencoded", **given),
        client.get("/en", base_url="https://evil.example"),
        client.open("/en", method="TRACE", **given),
        client.get("/static/nothing.css", **given),
        client.get("/sound/nothing.mp3", **given),
        client.get("/en/wrong", **given),
    ]
    with app.app_context():
        db.engine.dispose()
    made.engine.dispose()
    (made.settings.instance / "feedback.db").rename(made.settings.instance / "elsewhere")
    answers.append(client.get("/health", **given))

    assert answers[-1].status_code == 503
    for answer in answers:
        defended(answer, (answer.request.path, answer.status))
        assert answer.headers.getlist("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]
        assert "Traceback" not in answer.text
        assert "ZeroDivisionError" not in answer.text


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_no_template_has_anything_inline(template: Any) -> None:
    page = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template.read_text(), flags=re.DOTALL)

    assert INLINE.findall(page) == []


def given_cookies(answers: list[TestResponse]) -> dict[str, set[str]]:
    """The cookies that were given, with what they are marked with; a cookie given twice differently fails."""
    found: dict[str, set[str]] = {}
    for answer in answers:
        for cookie in answer.headers.getlist("Set-Cookie"):
            first, *marks = cookie.split("; ")
            lasting = {mark for mark in marks if not mark.startswith(("Expires=", "Max-Age="))}
            assert found.setdefault(first.partition("=")[0], lasting) == lasting, cookie
    return found


def test_every_cookie_is_bound_to_its_host_over_https(copy: Callable[..., Copy], staffed: StaffCopy) -> None:
    made = copy("text", public_url=HTTPS)
    client, tablet = made.app().test_client(), made.app().test_client()
    answers = [client.post("/en/text", base_url=HTTPS)]
    answers.append(tablet.post("/en/class", data={"code": open_class(made, "text").code}, base_url=HTTPS))
    with Door({}) as door:
        council = {"oidc_issuer": door.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        staff = open_copy(staffed.folder, public_url=HTTPS, **council)
        visitor = staff.app.test_client()
        page = visitor.get("/sign-in", base_url=HTTPS)
        answers += [page, to_council(visitor, page.text)]
        close(staff)

    found = given_cookies(answers)
    ours = {"HttpOnly", "Path=/", "Secure"}
    assert found == {
        "__Host-visit": ours | {"SameSite=Lax"},
        "__Host-tablet": ours | {"SameSite=Strict"},
        "__Host-staff": ours | {"SameSite=Strict"},
        "__Host-council": ours | {"SameSite=Lax"},
    }


def to_council(client: FlaskClient, page: str) -> TestResponse:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    return client.post("/sign-in/council", data={"csrf_token": token[1]}, base_url=HTTPS)
