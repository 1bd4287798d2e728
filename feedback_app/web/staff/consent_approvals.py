"""Read the words of consent of a survey in one language beside the English, and approve them."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.i18n.placeholders import numbers_apart
from feedback_app.services import consent_approvals
from feedback_app.services.collections import Held
from feedback_app.services.consent_approvals import LONGEST_NAME, Changed, Wording, wording
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.arriving import collection_here
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.staff.standing import SURVEY
from feedback_app.web.support.wiring import wiring

#: What each text is, by the end of its address.
PARTS = {
    "notice": "What happens to their words",
    "label": "The question",
    "hint": "Hint",
    "alt": "The picture, in words",
    "feedback": "What is shown after it",
}


@staff.get("/collections/<collection>/consent/<language>")
def consent(collection: str, language: str) -> str:
    """Show the words of consent in a language, and who approved them."""
    one = collection_here(collection)
    return _page(one, _wording(one, language))


@staff.post("/collections/<collection>/consent/<language>")
def approve_consent(collection: str, language: str) -> Response | tuple[str, int]:
    """Keep that the person approves these words."""
    one, form, clock = collection_here(collection), request.form, wiring().clock
    words, checked = _wording(one, language), form.get("checked_by", "") if "checked" in form else ""
    by, now, today = signed_in().name, clock.now(), clock.today()
    try:
        seen = form.get("seen", "")
        consent_approvals.approve(db.session(), words, seen, checked_by=checked, by=by, now=now, today=today)
    except FeedbackError as error:
        return _page(one, words, str(error)), 409 if isinstance(error, Changed) else 422
    flash(f"You approved the words of consent in {LOCALES[language].english_name}. Your name is kept with them.")
    return redirect(url_for("staff.collection", collection=one.id, _anchor="before"), 303)


def _wording(one: Held, language: str) -> Wording:
    edition = wiring().editions.get(db.session(), one.version_hash)
    if one.source != SURVEY or language not in (SOURCE, *edition.frozen.languages):
        abort(404)
    return wording(edition, language)


def _page(one: Held, words: Wording, trouble: str = "") -> str:
    locale = LOCALES[words.language]
    apart = numbers_apart if locale.direction == "rtl" else str
    return show(
        "consent_approvals/one.html",
        one=one,
        spoken=locale,
        source=words.language == SOURCE,
        lines=[(_part(line.context), line.english, apart(line.words)) for line in words.lines],
        seen=words.hash,
        unreviewed=words.unreviewed,
        approval=consent_approvals.approvals(db.session(), [words]).get(words.language),
        checked_by=request.form.get("checked_by", ""),
        checked="checked" in request.form,
        longest=LONGEST_NAME,
        trouble=trouble,
    )


def _part(context: str) -> str:
    end = context.rsplit(".", 1)[-1]
    easy = "In easy words: " if ".easy." in context else ""
    return easy + ("A choice" if ".choices." in context else PARTS[end])
