"""Put the staff face together: its cookie, the gate, the forms' token, the limits, the pages. Decides nothing."""

from __future__ import annotations

from flask import Flask, current_app
from flask_wtf import CSRFProtect

from feedback_app.core.errors import FeedbackError
from feedback_app.web.staff import (  # noqa: F401
    accounts,
    actions,
    attendance,
    audit,
    calendar,
    class_sessions,
    coding,
    collections,
    consent_approvals,
    course_sessions,
    courses,
    exports,
    gate,
    handouts,
    home,
    invitations,
    jobs,
    limits,
    members,
    notes,
    opening,
    own_account,
    paper,
    paper_typing,
    registers,
    reports,
    rota,
    second_step,
    settings,
    single_sign_on,
    staff,
    triage,
)
from feedback_app.web.staff.pages import problem_page, say_problem
from feedback_app.web.support.problems import show_problems
from feedback_app.web.support.wiring import wiring


def add_staff_pages(app: Flask) -> None:
    """Make an application the staff face.

    Raises:
        FeedbackError: the setting SIGN_IN_LIMIT is not a limit.
    """
    with app.app_context():
        wired = wiring()
    limits.check(wired.settings.sign_in_limit)
    app.config.update(
        SECRET_KEY=wired.keys.server.derive("staff session").hex(),
        # A browser takes the prefix `__Host-` over https only.
        SESSION_COOKIE_NAME="__Host-staff" if wired.settings.secure else "staff",
        SESSION_COOKIE_SECURE=wired.settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=gate.LONGEST,
        WTF_CSRF_TIME_LIMIT=None,  # a form is good for as long as its session: comments take time to read
        WTF_CSRF_SSL_STRICT=False,  # our pages tell no site where a person comes from, so there is no referrer to check
    )
    gate.manager.init_app(app, add_context_processor=False)
    # In this order: a stranger is refused before anything of what they sent is read.
    app.before_request(gate.refuse_strangers)
    attendance.allow_lists(app)
    app.before_request(gate.refuse_nul)
    CSRFProtect(app)
    limits.limiter.init_app(app)
    show_problems(app, problem_page)
    app.register_error_handler(FeedbackError, _cannot)
    app.jinja_env.globals["may"] = gate.may
    app.register_blueprint(staff)


def _cannot(error: FeedbackError) -> tuple[str, int]:
    """Something that a person can mend, such as a private key that is not there. The message says what it is."""
    # As a literal: the message may quote what was typed, and a new line in it would forge a line of the log.
    current_app.logger.error("A staff page could not be shown: %r", str(error))
    return say_problem("This cannot be done just now", str(error)), 500
