"""Who may come in: the staff face refuses a stranger everything that is not named here. Knows no password."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, flash, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from feedback_app.core.roles import ADMINISTRATOR, ANALYST, CODER, LEAD, ORGANISER, ROLES, SCRUTINEER, TRANSLATOR
from feedback_app.services import accounts
from feedback_app.services.accounts import Member
from feedback_app.storage.db import db
from feedback_app.web.staff.pages import problem_page
from feedback_app.web.support.commit import if_not_kept
from feedback_app.web.support.wiring import wiring

STRANGERS = frozenset(
    {
        "staff.sign_in",
        "staff.try_to_sign_in",
        "staff.second_step",
        "staff.try_second_step",
        "staff.to_council",
        "staff.from_council",
        "staff.council_done",
        "staff.accept",
        "staff.take_up",
        "static",
        "health.status",
    }
)
EVERYONE = frozenset(ROLES)
FIGURES = frozenset({ADMINISTRATOR, ANALYST, SCRUTINEER})
WORDS = frozenset({CODER, LEAD})
ADMINISTRATORS = frozenset({ADMINISTRATOR})
APPROVERS = frozenset({ADMINISTRATOR, LEAD})  # of the words that a child reads before saying yes
WRITERS = frozenset({ADMINISTRATOR, ANALYST})  # of "you said, we did"
TYPISTS = frozenset({CODER})  # who types in a paper form reads what a child wrote
EXPORTERS = frozenset({ANALYST}) | WORDS  # a row is one person; the words themselves are for those who may read them
NOTERS = frozenset({ADMINISTRATOR, CODER})  # who types in what was heard; only a coder opens it again
TRAINERS = frozenset({ADMINISTRATOR, ORGANISER})  # of courses, sessions and who came
LEADS = frozenset({LEAD})  # who alone reads what nobody has read yet
#: Who may use which page: the one place where roles are looked at. A page that is not here is for nobody.
MAY: dict[str, frozenset[str]] = {
    "staff.sign_out": EVERYONE,
    "staff.home": EVERYONE,
    "staff.collections": EVERYONE,
    "staff.collection": EVERYONE,
    "staff.qr": EVERYONE,
    "staff.poster_of": EVERYONE,
    "staff.calendar": FIGURES | {ORGANISER},
    "staff.new_collection": ADMINISTRATORS,
    "staff.open_collection": ADMINISTRATORS,
    "staff.change_collection": ADMINISTRATORS,
    "staff.end_collection": ADMINISTRATORS,
    "staff.remind": ADMINISTRATORS,
    "staff.make_cards": ADMINISTRATORS,
    "staff.parts": ADMINISTRATORS,
    "staff.leave_out_parts": ADMINISTRATORS,
    "staff.preview_pack": ADMINISTRATORS,
    "staff.consent": APPROVERS | {TRANSLATOR},
    "staff.approve_consent": APPROVERS,
    "staff.registers": FIGURES | {ORGANISER},
    "staff.new_entry": ADMINISTRATORS,
    "staff.add_entry": ADMINISTRATORS,
    "staff.entry": ADMINISTRATORS,
    "staff.change_entry": ADMINISTRATORS,
    "staff.end_entry": ADMINISTRATORS,
    "staff.own_account": EVERYONE,
    "staff.change_password": EVERYONE,
    "staff.set_up_app": EVERYONE,
    "staff.ask_for_passkey": EVERYONE,
    "staff.keep_passkey": EVERYONE,
    "staff.change_factors": EVERYONE,
    "staff.comments": WORDS,
    "staff.open_comments": WORDS,
    "staff.decide": WORDS,
    "staff.report": FIGURES,
    "staff.make_report": FIGURES,
    "staff.download": FIGURES,
    "staff.report_style": FIGURES,
    "staff.classes": ADMINISTRATORS,
    "staff.open_class": ADMINISTRATORS,
    "staff.close_class": ADMINISTRATORS,
    "staff.take_in": ADMINISTRATORS,
    "staff.paper": ADMINISTRATORS | TYPISTS,
    "staff.blank_form": ADMINISTRATORS | TYPISTS,
    "staff.differences": TYPISTS,
    "staff.settle": TYPISTS,
    "staff.begin_form": TYPISTS,
    "staff.type_part": TYPISTS,
    "staff.keep_part": TYPISTS,
    "staff.check_form": TYPISTS,
    "staff.finish_form": TYPISTS,
    "staff.courses": TRAINERS,
    "staff.new_course": TRAINERS,
    "staff.write_course": TRAINERS,
    "staff.course": TRAINERS,
    "staff.course_form": TRAINERS,
    "staff.change_course": TRAINERS,
    "staff.new_session": TRAINERS,
    "staff.add_session": TRAINERS,
    "staff.course_session": TRAINERS,
    "staff.session_form": TRAINERS,
    "staff.change_session": TRAINERS,
    "staff.type_attendance": TRAINERS,
    "staff.remove_session": TRAINERS,
    "staff.attendance": TRAINERS,
    "staff.take_attendance": TRAINERS,
    "staff.actions": WRITERS | {SCRUTINEER},
    "staff.new_action": WRITERS,
    "staff.write_action": WRITERS,
    "staff.action": WRITERS | {SCRUTINEER},
    "staff.change_action": WRITERS,
    "staff.publish_action": WRITERS,
    "staff.withdraw_action": WRITERS,
    "staff.members": ADMINISTRATORS,
    "staff.invite": ADMINISTRATORS,
    "staff.change_member": ADMINISTRATORS,
    "staff.jobs": ADMINISTRATORS,
    "staff.run_job": ADMINISTRATORS,
    "staff.export_list": EXPORTERS,
    "staff.choose_export": EXPORTERS,
    "staff.take_export": EXPORTERS,
    "staff.take_export_with_words": WORDS,
    "staff.notes": NOTERS,
    "staff.new_note": NOTERS,
    "staff.write_note": NOTERS,
    "staff.take_out_note": NOTERS,
    "staff.open_note": TYPISTS,
    "staff.change_note": TYPISTS,
    "staff.area_settings": ADMINISTRATORS,
    "staff.set_area": ADMINISTRATORS,
    "staff.area_history": ADMINISTRATORS,
    "staff.new_signpost": ADMINISTRATORS,
    "staff.add_signpost": ADMINISTRATORS,
    "staff.signpost": ADMINISTRATORS,
    "staff.set_signpost": ADMINISTRATORS,
    "staff.check_signpost": ADMINISTRATORS,
    "staff.drop_signpost": ADMINISTRATORS,
    "staff.triage": LEADS,
    "staff.triage_text": LEADS,
    "staff.acknowledge": LEADS,
    "staff.read_text": LEADS,
    "staff.read_next": LEADS,
    "staff.decide_text": LEADS,
    "staff.mask_text": LEADS,
    "staff.leave_text": LEADS,
    "staff.note_text": LEADS,
    "staff.put_text_back": LEADS,
    "staff.start_drill": LEADS | ADMINISTRATORS,
    "staff.rota": LEADS | ADMINISTRATORS,
    "staff.set_rota": LEADS | ADMINISTRATORS,
    "staff.audit_log": frozenset({ADMINISTRATOR, SCRUTINEER}),
    "staff.check_audit_log": frozenset({ADMINISTRATOR, SCRUTINEER}),
}
#: What somebody may do who still has to set up a second factor.
WITHOUT_FACTOR = frozenset({"staff.sign_out", "staff.own_account", "staff.change_password", "staff.set_up_app"}) | {
    "staff.ask_for_passkey",
    "staff.keep_passkey",
}
LONGEST = timedelta(hours=8)  # a working day, counted from signing in
IDLE = timedelta(hours=1)  # a screen that was left alone in an office
HALF_WAY = timedelta(minutes=10)  # between the password and the second proof
LATELY = timedelta(minutes=15)
NUL = "\0"

manager = LoginManager()
# Strong protection ends a session when the address or the browser changes, so it must keep both; we keep neither.
manager.session_protection = None


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, as the pages and Flask-Login need them."""

    member: Member
    at_council: bool = False  # signed in at the council's own door, which has a second factor of its own
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
    endpoint = request.endpoint
    if endpoint is None:
        return None  # there is no such page, and Flask says so
    if not may(g.account, endpoint):
        abort(403)
    if factor_is_due(g.account) and endpoint not in WITHOUT_FACTOR | STRANGERS:
        return redirect(url_for("staff.own_account"), 303)
    return None


def may(account: Account, endpoint: str) -> bool:
    """Whether an account may use a page."""
    return endpoint in STRANGERS or not account.member.roles.isdisjoint(MAY.get(endpoint, frozenset()))


def factor_is_due(account: Account) -> bool:
    """Whether somebody has to set up a second factor before anything else. In the example area it is their choice."""
    return not account.member.second_factor and not account.at_council and not wiring().area.example


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
    session["council"] = account.at_council


def wait_for_second_step(member: Member, now: datetime) -> None:
    """Remember, for a few minutes, whose password was right. They may open nothing yet."""
    session.clear()
    session["half"] = {"id": member.id, "mark": member.session_mark, "at": int(now.timestamp())}


def half_way() -> Member | None:
    """Who has given the right password a few minutes ago, and no second proof yet."""
    half, now = session.get("half"), wiring().clock.now().timestamp()
    if not half or now - half["at"] > HALF_WAY.total_seconds():
        return None
    member = accounts.find(db.session(), half["id"])
    return member if member and hmac.compare_digest(member.session_mark, half["mark"]) else None


def let_out() -> None:
    """End this browser's session."""
    logout_user()
    session.clear()


def signed_in_lately() -> bool:
    """Whether the sign-in is so new that the same person still sits there: asked before the second step is changed."""
    began: int = session.get("began", 0)
    return wiring().clock.now().timestamp() - began <= LATELY.total_seconds()


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
    if member is None or not hmac.compare_digest(member.session_mark, mark):
        return None
    return Account(member, at_council=session.get("council", False))


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
    asked = request.full_path.rstrip("?") if request.endpoint not in (None, "staff.home") else None
    return redirect(url_for("staff.sign_in", next=asked), 303)
