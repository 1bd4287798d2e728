"""The second step of signing in: six digits, a passkey, or a recovery code. Only passkeys need JavaScript."""

from __future__ import annotations

import json

from flask import abort, flash, redirect, request, session, url_for
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url
from werkzeug.wrappers import Response

from feedback_app.services import second_factors
from feedback_app.services.accounts import Member
from feedback_app.storage.db import db
from feedback_app.web.staff import limits, staff
from feedback_app.web.staff.accounts import asked_for, not_written_down
from feedback_app.web.staff.gate import Account, half_way, let_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.commit import if_not_kept
from feedback_app.web.support.wiring import wiring

WRONG = "That did not fit. Digits last half a minute and work once: wait for new ones and try again."
LONGEST = 10_000


@staff.get("/sign-in/second")
def second_step() -> str | Response:
    """Ask for the second proof."""
    member = half_way()
    if member is None:
        return redirect(url_for("staff.sign_in", next=request.args.get("next")), 303)
    options = ""
    if second_factors.passkeys(db.session(), member):
        options, challenge = second_factors.ask_for_passkey(db.session(), member, host(), now=wiring().clock.now())
        session["challenge"] = bytes_to_base64url(challenge)
    return show("accounts/second_step.html", options=options, onward=request.args.get("next"))


@staff.post("/sign-in/second")
@limits.on_failures
def try_second_step() -> Response:
    """Let the person in, or lead them back. A failure answers 303, so that it stays in the audit log."""
    member = half_way()
    if member is None:
        return redirect(url_for("staff.sign_in", next=request.args.get("next")), 303)
    if not _fits(member):
        limits.count_failure()
        flash(WRONG, "problem")
        return redirect(url_for("staff.second_step", next=request.args.get("next")), 303)
    let_in(Account(member), wiring().clock.now())
    if_not_kept(not_written_down)
    return redirect(asked_for(), 303)


def _fits(member: Member) -> bool:
    wired, held, now = wiring(), db.session(), wiring().clock.now()
    given = {name: request.form.get(name, "")[:LONGEST] for name in ("digits", "code", "passkey")}
    if given["passkey"]:
        challenge = base64url_to_bytes(session.pop("challenge", ""))
        answer, ident = given["passkey"], passkey_id(given["passkey"])
        return second_factors.passkey_fits(
            held, member, ident, answer, challenge=challenge, host=host(), origin=origin(), now=now
        )
    if given["code"]:
        return second_factors.code_fits(held, wired.keys.server, member, given["code"], now=now)
    return second_factors.app_fits(held, wired.keys.server, member, given["digits"], now=now)


def passkey_id(answer: str) -> str:
    """The id of the passkey that answered."""
    try:
        return str(json.loads(answer)["id"])
    except (ValueError, TypeError, KeyError):
        abort(400)


def host() -> str:
    """The name that passkeys are bound to: this site's own."""
    return request.host.partition(":")[0]


def origin() -> str:
    """Where this page stands, as a browser says it."""
    return f"{'https' if wiring().settings.secure else 'http'}://{request.host}"
