"""Who may come in: the staff face refuses a stranger everything that is not named here. Knows no password."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, flash, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from feedback_app.services import accounts
from feedback_app.services.accounts import ADMINISTRATOR, Member
from feedback_app.storage.db import db
from feedback_app.web.staff.pages import problem_page
from feedback_app.web.support.commit import if_not_kept
from feedback_app.web.support.wiring import wiring

STRANGERS = frozenset({"staff.sign_in", "staff.try_to_sign_in", "static", "health.status"})
FOR_EVERY_ROLE = frozenset({"staff.sign_out"})
LONGEST = timedelta(hours=8)  # a working day, counted from signing in
IDLE = timedelta(hours=1)  # a screen that was left alone in an office
NUL = "\0"

manager = LoginManager()
# Strong protection ends a session when the address or the browser changes, so it must keep both; we keep neither.
manager.session_protection = None


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, as the pages and Flask-Login need them."""

    member: Member
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def name(self) -> str:
        """What the pages call them."""
        return self.member.name

    def get_id(self) -> str:
        """What the session keeps: with another password comes another mark, and older sessions end."""
        return f"{self.member.id}:{self.member.session_mark}"


def refuse_strangers() -> Response | None:
    """Stop a request that the person may not make: before every page of this face, and before its form is read."""
    g.account = None
    if_not_kept(lambda: problem_page(503))
    if request.endpoint in ("static", "health.status"):
        return None
    g.account = _account_here()
    if g.account is None:
        return None if request.endpoint in STRANGERS else _lead_to_sign_in()
    if not may(g.account, request.endpoint or ""):
        abort(403)
    return None


def may(account: Account, endpoint: str) -> bool:
    """Whether an account may use a page: the one place where roles are looked at. A role not named here may nothing."""
    return account.member.role == ADMINISTRATOR or endpoint in FOR_EVERY_ROLE | STRANGERS


def refuse_nul() -> None:
    """Refuse the one character that no database keeps in text, wherever it stands."""
    if NUL in request.path or any(NUL in value for value in request.values.values()):
        abort(400)


def let_in(account: Account, now: datetime) -> None:
    """Begin a session: nothing of the one before stays in it."""
    session.clear()
    login_user(account)
    session.pop("_id", None)  # Flask-Login's fingerprint of the address and the browser, which nothing here reads
    session["began"] = session["seen"] = int(now.timestamp())


def let_out() -> None:
    """End this browser's session."""
    logout_user()
    session.clear()


def signed_in() -> Account:
    """Who is signed in. Behind the gate there is always somebody."""
    account = g.account
    if not isinstance(account, Account):
        abort(401)
    return account


@manager.user_loader  # type: ignore[untyped-decorator]
def load_account(ident: str) -> Account | None:
    """The account of a session, or None when it is gone or its mark has changed since."""
    number, _, mark = ident.partition(":")
    member = accounts.find(db.session(), int(number))
    return Account(member) if member and hmac.compare_digest(member.session_mark, mark) else None


def _account_here() -> Account | None:
    if not current_user.is_authenticated:
        return None
    now, began, seen = int(wiring().clock.now().timestamp()), session.get("began", 0), session.get("seen", 0)
    if now - began > LONGEST.total_seconds() or now - seen > IDLE.total_seconds():
        let_out()
        flash("You were signed out because some time went by. Please sign in again.")
        return None
    if now - seen >= 60:
        session["seen"] = now
    return current_user._get_current_object()  # type: ignore[no-any-return]


def _lead_to_sign_in() -> Response:
    if request.method not in ("GET", "HEAD"):
        abort(401)
    asked = request.full_path.rstrip("?") if request.endpoint not in (None, "staff.collections") else None
    return redirect(url_for("staff.sign_in", next=asked), 303)
