"""The queue as the safeguarding lead works it: what waits and in which order, open one, decide, put back.

Every reading is an event of the audit log, and no word is. Software never closes anything. What may be about a child in
danger (band P1) closes when two people have read it and chose the same.
"""

from feedback_app.services.triage.deciding import (
    COMPLAINED,
    DRILLED,
    KNOWN,
    LEADS_TO,
    REDACT,
    RELEASE,
    UNKNOWN,
    Taken,
    add_note,
    decide,
    put_back,
)
from feedback_app.services.triage.listing import BANDS, DONE, Line, Page, find, next_open, page
from feedback_app.services.triage.opening import Opened, Why, acknowledge, leave, read, words_of
from feedback_app.services.triage.steps import Choice, Step

__all__ = [
    "BANDS",
    "COMPLAINED",
    "DONE",
    "DRILLED",
    "KNOWN",
    "LEADS_TO",
    "REDACT",
    "RELEASE",
    "UNKNOWN",
    "Choice",
    "Line",
    "Opened",
    "Page",
    "Step",
    "Taken",
    "Why",
    "acknowledge",
    "add_note",
    "decide",
    "find",
    "leave",
    "next_open",
    "page",
    "put_back",
    "read",
    "words_of",
]
