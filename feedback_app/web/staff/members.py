"""Who may sign in: invite, change roles, keep out, take lost second factors away. For administrators."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.core.roles import ROLES
from feedback_app.services import accounts, invitations, second_factors
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring


@staff.get("/people")
def members() -> str:
    """List the accounts and the invitations that wait."""
    return _page()


@staff.post("/people/invite")
def invite() -> Response | tuple[str, int]:
    """Invite a colleague."""
    wired, now = wiring(), wiring().clock.now()
    address = url_for("staff.accept", token="", _external=True).rstrip("/")
    try:
        link = invitations.invite(
            db.session(),
            wired.keys.server,
            request.form.get("email", ""),
            request.form.getlist("role"),
            by=signed_in().name,
            area=wired.area.short_name,
            address=address,
            now=now,
        )
    except FeedbackError as error:
        return _page(str(error)), 422
    flash("The invitation is written. It goes out by e-mail within a minute.")
    if not wired.settings.smtp_host:
        flash(f"No mail server is set, so pass this address on yourself: {link}")
    return redirect(url_for("staff.members"), 303)


@staff.post("/people/<int:number>")
def change_member(number: int) -> Response | tuple[str, int]:
    """Change an account: its roles, whether it may come in, its second factor."""
    found = next((one for one in accounts.listed(db.session()) if one.id == number), None)
    by, now = signed_in().name, wiring().clock.now()
    if found is None:
        return _page("This account is gone."), 404
    try:
        match request.form.get("go"):
            case "roles":
                accounts.set_roles(db.session(), found.name, request.form.getlist("role"), by=by, now=now)
            case "disable":
                accounts.disable(db.session(), found.name, by=by, now=now)
            case "enable":
                accounts.enable(db.session(), found.name, by=by, now=now)
            case "factors":
                second_factors.take_away(db.session(), found.name, by=by, now=now)
    except FeedbackError as error:
        return _page(str(error)), 422
    flash(f"The account of {found.name} is changed.")
    return redirect(url_for("staff.members"), 303)


def _page(problem: str = "") -> str:
    session, now = db.session(), wiring().clock.now()
    return show(
        "members/list.html",
        members=accounts.listed(session),
        waiting=invitations.waiting(session, now),
        roles=ROLES,
        problem=problem,
        typed=request.form,
    )
