"""A person's own account: another password, a second factor, recovery codes shown once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from flask import flash, redirect, request, session, url_for
from flask_wtf import FlaskForm
from markupsafe import Markup
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import InputRequired

from feedback_app.services import accounts, second_factors
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import Account, factor_is_due, let_in, let_out, signed_in, signed_in_lately
from feedback_app.web.staff.pages import show
from feedback_app.web.staff.second_step import LONGEST, host, origin
from feedback_app.web.support.wiring import wiring


class NewPassword(FlaskForm):  # type: ignore[misc]
    """The password of now and the new one."""

    old = PasswordField("Your password now", [InputRequired("Type the password you use now.")])
    new = PasswordField("Your new password", [InputRequired("Type the new password.")])


View = Callable[[], Response | str | tuple[str, int]]


def only_lately(view: View) -> View:
    """Refuse to change the second step in a session that somebody may have left open."""

    @wraps(view)
    def looked_at() -> Response | str | tuple[str, int]:
        return view() if signed_in_lately() else (_page(NewPassword()), 403)

    return looked_at


@staff.get("/account")
def own_account() -> str:
    """Show what protects this account."""
    return _page(NewPassword())


@staff.post("/account/password")
def change_password() -> Response | tuple[str, int]:
    """Change the password; everybody who is signed in to this account, here or elsewhere, has to sign in again."""
    form, account = NewPassword(), signed_in()
    if not form.validate():
        return _page(form), 422
    old, new = form.old.data or "", form.new.data or ""
    why = accounts.change_password(db.session(), account.member, old, new, now=wiring().clock.now())
    if why:
        (form.old if "your password now" in why else form.new).errors = [why]
        return _page(form), 422
    let_out()
    flash("Your password is changed. Please sign in with it.")
    return redirect(url_for("staff.sign_in"), 303)


@staff.post("/account/app")
@only_lately
def set_up_app() -> str | tuple[str, int]:
    """Keep an app as second factor, once its digits show that it works; show the recovery codes once."""
    account, wired = signed_in(), wiring()
    secret, digits = session.get("new_secret", ""), request.form.get("digits", "")[:20]
    codes = (
        second_factors.set_up_app(
            db.session(), wired.keys.server, account.member, secret, digits, now=wired.clock.now()
        )
        if secret
        else []
    )
    if not codes:
        return _page(NewPassword(), app_problem="These are not the six digits that the app shows now."), 422
    return _stay(account, codes)


@staff.post("/account/passkey/options")
@only_lately
def ask_for_passkey() -> Response:
    """What the browser needs to make a passkey."""
    options, challenge = second_factors.ask_for_new_passkey(
        db.session(), signed_in().member, host(), wiring().area.short_name
    )
    session["challenge"] = bytes_to_base64url(challenge)
    return Response(options, content_type="application/json")


@staff.post("/account/passkey")
@only_lately
def keep_passkey() -> str | tuple[str, int]:
    """Keep a passkey that the browser made."""
    account, wired = signed_in(), wiring()
    codes = second_factors.keep_passkey(
        db.session(),
        wired.keys.server,
        account.member,
        request.form.get("passkey", "")[:LONGEST],
        challenge=base64url_to_bytes(session.pop("challenge", "")),
        host=host(),
        origin=origin(),
        name=request.form.get("name", "").strip()[:80],
        now=wired.clock.now(),
    )
    if codes is None:
        return _page(NewPassword(), passkey_problem="The passkey could not be made. Please try again."), 422
    return _stay(account, codes)


@staff.post("/account/factors")
@only_lately
def change_factors() -> Response | str | tuple[str, int]:
    """Take one passkey away, or make new recovery codes."""
    account, wired, held = signed_in(), wiring(), db.session()
    if request.form.get("go") == "codes" and account.member.second_factor:
        codes = second_factors.new_codes(held, wired.keys.server, account.member, now=wired.clock.now())
        return _stay(account, codes)
    if not second_factors.drop_passkey(held, account.member, request.form.get("passkey", ""), now=wired.clock.now()):
        return _page(NewPassword(), passkey_problem="This passkey is not here any more."), 404
    _go_on(account)
    flash("The passkey is taken away. Nobody can sign in with it any more.")
    return redirect(url_for("staff.own_account"), 303)


def _stay(account: Account, codes: list[str]) -> str:
    _go_on(account)
    return show("accounts/factor_set.html", codes=codes)


def _go_on(account: Account) -> None:
    """Another factor ends every session; this one goes on."""
    member = accounts.find(db.session(), account.member.id)
    if member is not None:
        let_in(Account(member, at_council=account.at_council), wiring().clock.now())


def _page(form: NewPassword, **problems: Any) -> str:
    account, wired = signed_in(), wiring()
    secret = session.setdefault("new_secret", second_factors.new_secret())
    address = second_factors.address_of(secret, account.member, wired.area.short_name)
    return show(
        "accounts/own.html",
        form=form,
        due=factor_is_due(account),
        lately=signed_in_lately(),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        square=Markup(segno.make(address, micro=False).svg_inline(scale=4, border=2)),  # noqa: S704 - drawn by segno
        passkeys=second_factors.passkeys(db.session(), account.member),
        codes_left=second_factors.codes_left(db.session(), account.member),
        **problems,
    )
