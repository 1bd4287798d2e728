"""Passkeys (WebAuthn), with a real Chromium and an authenticator that it plays itself: made, used, refused, gone."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

from playwright.sync_api import BrowserContext, Page, Request

from feedback_app.storage.models import Passkey
from tests.web.staff_copy import PASSWORD, Copy, post, sign_in
from tests.web.test_staff_browser import enter, faults, in_a_browser

pytest_plugins = ["tests.web.staff_fixtures"]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Holder:
    """Somebody at a browser who holds a key, and what their browser sent when it signed in."""

    def __init__(self, context: BrowserContext) -> None:
        self.context, self.page = context, context.new_page()
        self.page.goto("/sign-in")
        self.here = self.page.url.replace("127.0.0.1", "localhost").removesuffix("/sign-in")  # no passkey for a number
        chromium = context.new_cdp_session(self.page)
        chromium.send("WebAuthn.enable")
        self.key = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
        self.chromium = chromium
        self.sent: dict[str, str] = {}
        self.cookie = ""
        self.page.on("request", self._note)

    def open(self, address: str) -> Page:
        self.page.goto(f"{self.here}{address}")
        return self.page

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).click()

    def to_second_step(self) -> None:
        self.open("/sign-in")
        enter(self.page)
        assert self.page.url.endswith("/sign-in/second")
        self.cookie = next(one["value"] for one in self.context.cookies(self.here) if one["name"] == "staff")  # type: ignore[typeddict-item]

    def _note(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/sign-in/second"):
            self.sent = {name: values[0] for name, values in parse_qs(request.post_data or "").items()}


def test_a_passkey_is_made_signs_in_and_is_taken_away(staffed: Copy) -> None:
    found: list[str] = []

    def walk(context: BrowserContext) -> None:
        me = Holder(context)
        me.open("/account")
        enter(me.page)
        me.open("/account")
        me.page.fill("#passkey-name", "My laptop")
        me.press("Make a passkey")
        assert me.page.locator("h1").inner_text() == "Your second step is set"
        assert me.page.locator(".codes li").count() == 8
        me.press("Sign out")

        staffed.clock.pass_by(minutes=1)
        me.to_second_step()
        found.extend(faults(me.page, "none"))
        me.press("Use my passkey")
        assert me.page.locator("h1").inner_text().startswith("What needs me today")

        me.open("/account")
        me.page.get_by_text("My laptop, since").wait_for()
        found.extend(faults(me.page, "none"))
        me.press("Take away My laptop")
        me.page.get_by_text("The passkey is taken away").wait_for()
        me.press("Sign out")
        me.open("/sign-in")
        enter(me.page)
        assert me.page.locator("h1").inner_text().startswith("What needs me today"), "no second step is left"

    in_a_browser(staffed, walk, viewport={"width": 360, "height": 740})
    assert found == []
    actions = [event.action for event in staffed.events()]
    assert [actions.count(f"staff.factor_{what}") for what in ("add", "remove", "refused")] == [1, 1, 0]


def test_a_passkey_that_is_wrong_or_was_answered_before_is_refused(staffed: Copy) -> None:
    held: list[Holder] = []

    def walk(context: BrowserContext) -> None:
        me = Holder(context)
        held.append(me)
        me.open("/account")
        enter(me.page)
        me.open("/account")
        me.press("Make a passkey")
        me.press("Sign out")
        staffed.clock.pass_by(minutes=1)
        me.to_second_step()
        me.press("Use my passkey")

    in_a_browser(staffed, walk, viewport={"width": 360, "height": 740})
    (me,) = held
    answer = json.loads(me.sent["passkey"])

    # The same answer, with the same cookie that holds its challenge. A key that does not count is no safer.
    staffed.change(Passkey, sign_count=0)
    again = staffed.stranger()
    again.set_cookie("staff", me.cookie)
    origin = {"base_url": me.here}
    refused = again.post("/sign-in/second", data=me.sent, **origin)  # type: ignore[arg-type]
    assert refused.location == "/sign-in/second"
    assert staffed.events()[-1].action == "staff.factor_refused"
    # Were it not kept which question was answered last, they would be in: nothing else refuses them.
    staffed.change(Passkey, answered_at=0)
    again.set_cookie("staff", me.cookie)
    assert again.post("/sign-in/second", data=me.sent, **origin).location == "/"  # type: ignore[arg-type]

    # The same answer to another question, and an answer that somebody has changed, is none, or is of no key of theirs.
    signature = answer["response"]["signature"]
    changed = answer | {"response": answer["response"] | {"signature": signature[:-8] + "AAAAAAAA"}}
    for given in (
        answer,
        changed,
        answer | {"id": "AAAA", "rawId": "AAAA"},
        answer | {"id": "\0"},
        answer | {"id": 7},
        {},
    ):
        staffed.clock.pass_by(minutes=1)
        client = staffed.stranger()
        assert sign_in(client, password=PASSWORD).location == "/sign-in/second"
        page = client.get("/sign-in/second").text
        answered = post(client, "/sign-in/second", page, passkey=json.dumps(given))
        assert (answered.status_code, answered.location) in ((303, "/sign-in/second"), (400, None)), given
        assert client.get("/").status_code == 303


def test_what_is_no_new_passkey_is_not_kept(staffed: Copy) -> None:
    client = staffed.member()
    for given in ("", "soup", "{}", "[]", json.dumps({"id": "x", "rawId": "x", "type": "public-key", "response": {}})):
        page = client.get("/account").text
        post(client, "/account/passkey/options", page)
        answer = post(client, "/account/passkey", page, passkey=given, name="x")
        assert answer.status_code == 422, given
        assert "The passkey could not be made" in answer.text
    assert staffed.rows()["passkey"] == 0
