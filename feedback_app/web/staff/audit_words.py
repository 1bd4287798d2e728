"""The events of the audit log in plain words, and the groups that the scrutineer can choose from. Knows no pages."""

from __future__ import annotations

import re

#: What a search can be narrowed to: how the actions begin, and what that is.
GROUPS = {
    "staff": "Accounts and signing in",
    "triage": "The queue: read first",
    "comment": "Comments: read and coded",
    "note": "Notes",
    "paper": "Paper forms",
    "collection": "Collections, imports and exports",
    "consent": "Words of consent",
    "report": "Reports",
    "action": "You said, we did",
    "survey": "Surveys",
    "course": "Courses and sessions",
    "class_session": "Classes on tablets",
    "settings": "Settings",
    "register": "Registers",
    "job": "What runs by itself",
    "retention": "What was cleared away",
    "key": "Keys",
    "backup": "Backups",
    "audit": "This log",
}

#: Each action in words. A test finds the ones that are missing here.
WORDS = {
    "action.change": "Changed a “you said, we did”",
    "action.publish": "Published a “you said, we did”",
    "action.withdraw": "Took back a “you said, we did”",
    "action.write": "Wrote a “you said, we did”",
    "audio.make": "Made recordings by computer",
    "audit.accept": "Took the end of this log for right",
    "backup.make": "Made a backup",
    "backup.restore": "Put a backup back",
    "bundle.take_in": "Took in answers from tablets without a network",
    "card.make": "Made one-time cards",
    "class_session.close": "Closed a class",
    "class_session.open": "Opened a class",
    "collection.archive": "Archived a collection",
    "collection.change": "Changed a collection",
    "collection.close": "Closed a collection",
    "collection.export": "Exported answers",
    "collection.import": "Imported answers",
    "collection.leave_out": "Left parts of a survey out",
    "collection.new_version": "Put a new version of a survey in use",
    "collection.open": "Opened a collection",
    "collection.remind": "Sent reminders",
    "collection.reopen": "Opened a collection again",
    "collection.wait": "Put a survey for children in place, not open yet",
    "comment.code": "Decided the codes of a comment",
    "comments.analyse": "Put new comments in order (software)",
    "comments.read": "Read comments",
    "consent.approve": "Approved words of consent",
    "course.change": "Changed a course",
    "course.write": "Wrote a course",
    "course_session.add": "Added a session",
    "course_session.change": "Changed a session",
    "course_session.count": "Counted who came",
    "course_session.remove": "Took a session away",
    "example.clear": "Took the example year out",
    "example.load": "Put the example year in",
    "job.ask": "Asked for a job to run",
    "key.make": "Made a key",
    "key.retire": "Took a key out of use",
    "note.change": "Changed a note",
    "note.read": "Read a note",
    "note.take-out": "Took a note out",
    "note.write": "Wrote a note",
    "paper.compare": "Read two typings of a paper form side by side",
    "paper.decline": "Kept that a paper form said no",
    "paper.settle": "Settled a paper form",
    "paper.type": "Typed a paper form in",
    "paper.type_again": "Typed a paper form a second time",
    "register.add": "Added to a register",
    "register.change": "Changed a register",
    "register.end": "Ended an entry of a register",
    "register.load": "Filled the registers",
    "report.ask": "Asked for a report",
    "report.download": "Downloaded a report",
    "report.freeze": "Set the day of a report",
    "report.write": "Wrote a report",
    "retention.clear": "Cleared away what was over",
    "settings.change": "Changed settings",
    "settings.signpost": "Changed a signpost",
    "settings.signpost_checked": "Checked a signpost",
    "settings.signpost_gone": "Took a signpost away",
    "staff.add": "Made an account",
    "staff.disable": "Kept somebody out",
    "staff.enable": "Let somebody in again",
    "staff.factor_add": "Set up a second step",
    "staff.factor_refused": "A second step did not fit",
    "staff.factor_remove": "Took a passkey of their own away",
    "staff.factors_removed": "Took somebody's second step away",
    "staff.invite": "Invited somebody",
    "staff.new_codes": "Made new recovery codes",
    "staff.new_password": "Gave somebody a new password",
    "staff.password": "Changed their password",
    "staff.recovery_code": "Used a recovery code",
    "staff.roles": "Changed somebody's roles",
    "staff.sign_in": "Signed in",
    "staff.sign_in_refused": "A sign-in was refused",
    "staff.sign_out": "Signed out",
    "staff.take_up": "Took up an invitation",
    "survey.print": "Printed a survey",
    "survey.publish": "Published a survey",
    "triage.acknowledge": "Said that a text was seen",
    "triage.close": "Decided about a text",
    "triage.drill": "Started a drill",
    "triage.first": "Decided first about a text",
    "triage.note": "Wrote a note to a text",
    "triage.put_back": "Put a text back in the queue",
    "triage.read": "Read a text in the queue",
    "triage.rota": "Changed the rota",
}


SEAL = re.compile("[0-9a-f]{64}")  # the mark of a version: its beginning is enough to tell it from others


def in_words(action: str) -> str:
    """What an action is called. One that an older version wrote keeps its own name."""
    return WORDS.get(action, action)


def detail(value: object) -> str:
    """A detail of an event, as a person reads it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value)) or "none"
        case dict():
            return ", ".join(f"{name}: {detail(one)}" for name, one in value.items())
        case None:
            return "none"
        case str() if SEAL.fullmatch(value):
            return f"{value[:12]}…"
    return str(value)
