"""What was heard elsewhere than in a survey, typed in by staff: notes of groups, case studies, compliments (R6).

A note is a response of a collection whose source is "noted", and its words are one sealed text, so that reading, coding
and themes treat it as any other comment. It is labelled as a note everywhere, and is never counted as a person who
answered: one note can hold what twelve people said, or what one said twice.
"""

from feedback_app.services.notes.keeping import Changed, Draft, change, reopen, take_out, write
from feedback_app.services.notes.listing import Line, Page, find, kinds_of, page
from feedback_app.services.notes.words import FREE, KINDS, LONGEST, NOTED, Question, abouts, questions

__all__ = [
    "FREE",
    "KINDS",
    "LONGEST",
    "NOTED",
    "Changed",
    "Draft",
    "Line",
    "Page",
    "Question",
    "abouts",
    "change",
    "find",
    "kinds_of",
    "page",
    "questions",
    "reopen",
    "take_out",
    "write",
]
