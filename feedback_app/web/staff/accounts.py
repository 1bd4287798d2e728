"""Sign in and sign out."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from flask import current_app, flash, g, redirect, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from feedback_app.services import accounts
from feedback_app.storage.db import db
from feedback_app.web.staff import limits, staff
from feedback_app.web.staff.gate import Account, let_in, let_out, signed_in, wait_for_second_step
from feedback_app.web.staff.pages import problem_page, show
from feedback_app.web.support.commit import if_not_kept
from feedback_app.web.support.wiring import wiring

WRONG = "This name and password do not belong together. Please look at both and try again."
LONGEST_PASSWORD = 1_000


class SignIn(FlaskForm):  # type: ignore[misc]
    """A name and a password. Every message is ours."""

    name = StringField(
        "Name or e-mail address",
        [InputRequired("Type your name or your e-mail address."), Length(max=120, message="This name is too long.")],
        filters=[lambda typed: (typed or "").strip()],  # a telephone's keyboard adds a space after a word
    )
    password = PasswordField(
        "Password",
        [InputRequired("Type your password."), Length(max=LONGEST_PASSWORD, message="This password is too long.")],
    )


@staff.get("/sign-in")
def sign_in() -> str | Response:
    """Ask for a name and a password."""
    if g.account is not None:
        return redirect(asked_for(), 303)
    return _page(SignIn(name=session.pop("tried", "")))


@staff.post("/sign-in")
@limits.on_failures
def try_to_sign_in() -> str | Response | tuple[str, int]:
    """Let the person in, or lead them back.

    A failure answers 303, not an error: the door commits only what went well, and the failure has to stay in the audit
    log. It also keeps the password out of a page that is loaded again.
    """
    form, now = SignIn(), wiring().clock.now()
    if not form.validate():
        return _page(form), 400
    member = accounts.sign_in(db.session(), form.name.data or "", form.password.data or "", now=now)
    if member is None:
        limits.count_failure()
        session["tried"] = form.name.data
        flash(WRONG, "problem")
        return redirect(url_for("staff.sign_in", next=request.args.get("next")), 303)
    if member.second_factor:
        wait_for_second_step(member, now)
        return redirect(url_for("staff.second_step", next=request.args.get("next")), 303)
    let_in(Account(member), now)
    if_not_kept(not_written_down)
    return redirect(asked_for(), 303)


@staff.post("/sign-out")
def sign_out() -> Response:
    """End every session of this account."""
    accounts.sign_out(db.session(), signed_in().member, now=wiring().clock.now())
    let_out()
    flash("You have signed out.")
    return redirect(url_for("staff.sign_in"), 303)


def _page(form: SignIn) -> str:
    return show(
        "accounts/sign_in.html", form=form, onward=request.args.get("next"), council=wiring().settings.oidc_issuer
    )


def not_written_down() -> str:
    """A sign-in that the audit log could not keep did not happen."""
    let_out()
    return problem_page(503)


def asked_for() -> str:
    """The address of the page that was asked for before signing in, made anew from its parts; else the first page.

    Nothing of the given address is passed on but the name of a page of ours and its values, so that no address can lead
    to another site.
    """
    try:
        asked = urlsplit(request.args.get("next", ""))
        routes = current_app.create_url_adapter(request)
        if routes is None or asked.scheme or asked.netloc:
            raise ValueError
        endpoint, values = routes.match(unquote(asked.path), method="GET")
    except (HTTPException, RequestRedirect, ValueError):
        return url_for("staff.home")
    query = urlencode(parse_qsl(asked.query))
    return url_for(endpoint, **values) + (f"?{query}" if query else "")
