"""Sign in at the council's own door, and come back.

Coming back is a link from another site, on which a browser does not send our strict cookie. So the page that one comes
back to only asks to go on; the form it holds is of our own site, and only that signs in.
"""

from __future__ import annotations

from dataclasses import asdict

from flask import abort, flash, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from feedback_app.services import single_sign_on
from feedback_app.services.single_sign_on import Asked, NotSignedIn
from feedback_app.storage.db import db
from feedback_app.web.staff import limits, staff
from feedback_app.web.staff.accounts import not_written_down
from feedback_app.web.staff.gate import Account, let_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.commit import if_not_kept
from feedback_app.web.support.wiring import wiring

LASTS = 600  # seconds at the council's door


@staff.post("/sign-in/council")
def to_council() -> Response:
    """Lead to the council's door."""
    settings = wiring().settings
    if not settings.oidc_issuer:
        abort(404)
    try:
        address, asked = single_sign_on.ask(settings, _back())
    except NotSignedIn as error:
        flash(str(error), "problem")
        return redirect(url_for("staff.sign_in"), 303)
    response = redirect(address, 303)
    response.set_cookie(
        _cookie(), _signer().dumps(asdict(asked)), max_age=LASTS, httponly=True, samesite="Lax", secure=settings.secure
    )
    return response


@staff.get("/sign-in/council")
def from_council() -> str | Response:
    """Ask somebody who comes back to go on."""
    if request.args.get("error") or not request.args.get("code"):
        flash("The council's door did not let you in.", "problem")
        return redirect(url_for("staff.sign_in"), 303)
    return show("accounts/from_council.html", code=request.args["code"], state=request.args.get("state", ""))


@staff.post("/sign-in/council/done")
@limits.on_failures
def council_done() -> Response:
    """Sign in who the council says it is."""
    wired, now = wiring(), wiring().clock.now()
    given = {name: request.form.get(name, "")[:4_000] for name in ("code", "state")}
    try:
        asked = Asked(**_signer().loads(request.cookies.get(_cookie(), ""), max_age=LASTS))
        member = single_sign_on.come_back(db.session(), wired.settings, asked, **given, back=_back(), now=now)
    except (BadSignature, NotSignedIn) as error:
        limits.count_failure()
        said = str(error) if isinstance(error, NotSignedIn) else "This took too long. Please start again."
        flash(said, "problem")
        return _without_cookie(redirect(url_for("staff.sign_in"), 303))
    let_in(Account(member, at_council=True), now)
    if_not_kept(not_written_down)
    return _without_cookie(redirect(url_for("staff.home"), 303))


def _without_cookie(response: Response) -> Response:
    response.delete_cookie(_cookie(), httponly=True, samesite="Lax", secure=wiring().settings.secure)
    return response


def _back() -> str:
    return url_for("staff.from_council", _external=True)


def _cookie() -> str:
    return "__Host-council" if wiring().settings.secure else "council"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(wiring().keys.server.derive("council sign-in"), salt="council")
