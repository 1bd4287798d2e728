"""What the last page of a form about training offers: a code to keep, letters, a certificate, the manager's form."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort

from feedback_app.core.tokens import Respondent
from feedback_app.services import collections, course_sessions, follow_ups, pairing
from feedback_app.services.course_sessions import Held
from feedback_app.services.editions import Edition
from feedback_app.web.public import addresses
from feedback_app.web.support.commit import store
from feedback_app.web.support.wiring import wiring


@dataclass(frozen=True, slots=True)
class Training:
    """What the last page of a form about training shows."""

    code: tuple[str, ...] = ()
    letters: str = ""
    certificate: str = ""
    token: str = ""
    manager: str = ""
    trouble: str = ""


def training_here(
    language: str, collection: str, edition: Edition, sender: Respondent | None, trouble: str = ""
) -> Training | None:
    """What the last page shows to who sent answers; nothing where the survey is not paired."""
    pair = edition.frozen.document.get("pair")
    if sender is None or not pair:
        return None
    if pair.get("code") == "ask":
        return Training(manager=_manager(collection, pair.get("manager", "")))
    if pair.get("code") != "give":
        return None
    held = course_sessions.of_collection(store(), collection)
    accepts = held is not None and follow_ups.accepts(store(), held.id, wiring().clock.today())
    return Training(
        code=pairing.code_of(store(), sender),
        letters=addresses.letters(language, collection) if accepts else "",
        certificate=addresses.certificate(language, collection) if held else "",
        token=sender.form_token,
        trouble=trouble,
    )


def _manager(collection: str, survey: str) -> str:
    """The address of the form for managers: the session's own, else the one that anybody's manager can use."""
    held = course_sessions.of_collection(store(), collection)
    ident = (held.manager_id if held else None) or survey
    return f"{wiring().settings.address}/{ident}" if collections.find(store(), ident) else ""


def session_of(collection: str) -> Held:
    """The session that a form of the day is of."""
    held = course_sessions.of_collection(store(), collection)
    if held is None or held.day_id != collection:
        abort(404)
    return held
