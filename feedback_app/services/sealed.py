"""Count what is sealed to which key, of all that is sealed to a public key. Opens nothing."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.storage.models import AnswerText, PaperForm, SealedBundle, Triage, TriageStep, table_of

_TEXT, _BUNDLE, _FORM = table_of(AnswerText), table_of(SealedBundle), table_of(PaperForm)
_TRIAGE, _STEP = table_of(Triage), table_of(TriageStep)
#: What staff call it, which key it needs, and what is sealed.
WHAT = (
    ("people's own words", _TEXT.c.key_id, _TEXT.c.sealed),
    ("scrubbed copies", _TEXT.c.scrubbed_key_id, _TEXT.c.scrubbed),
    ("phrases found in words", _TRIAGE.c.key_id, _TRIAGE.c.flags),
    ("notes on concerns", _STEP.c.key_id, _STEP.c.sealed),
    ("answers from tablets that wait", _BUNDLE.c.key_id, _BUNDLE.c.sealed),
    ("second typings of paper forms", _FORM.c.second_key_id, _FORM.c.second_sealed),
)


def by_key(session: Session) -> dict[str, dict[str, int]]:
    """How many of each are sealed to each key, by the key's id."""
    found: dict[str, dict[str, int]] = {}
    for what, key, sealed in WHAT:
        query = select(key, func.count()).where(sealed.is_not(None), sealed != b"").group_by(key)
        for key_id, number in session.execute(query):
            found.setdefault(key_id, {})[what] = number
    return found
