"""Take up an invitation: a stranger with the link of a letter chooses a name and a password."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.services import invitations
from feedback_app.storage.db import db
from feedback_app.web.staff import limits, staff
from feedback_app.web.staff.pages import say_problem, show
from feedback_app.web.support.wiring import wiring

OVER = ("This invitation does not work", "It was used, or it is too old. Ask the person who invited you for a new one.")


@staff.get("/invitation/<token>")
def accept(token: str) -> str | tuple[str, int]:
    """Ask for a name and a password."""
    if invitations.find(db.session(), wiring().keys.server, token, wiring().clock.now()) is None:
        return say_problem(*OVER), 404
    return show("members/invitation.html", problem="", name="", council=wiring().settings.oidc_issuer)


@staff.post("/invitation/<token>")
@limits.on_failures
def take_up(token: str) -> Response | str | tuple[str, int]:
    """Make the account."""
    wired, now = wiring(), wiring().clock.now()
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    if invitations.find(db.session(), wired.keys.server, token, now) is None:
        limits.count_failure()
        return say_problem(*OVER), 404
    try:
        council = bool(wired.settings.oidc_issuer)
        invitations.take_up(db.session(), wired.keys.server, token, name, password, council=council, now=now)
    except FeedbackError as error:
        return show("members/invitation.html", problem=str(error), name=name, council=council), 422
    flash("Your account is made. Please sign in.")
    return redirect(url_for("staff.sign_in"), 303)
