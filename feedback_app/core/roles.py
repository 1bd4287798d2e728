"""The roles of staff: names and what each is for. What a role may open is in web/staff/gate.py."""

from __future__ import annotations

ADMINISTRATOR = "administrator"
ANALYST = "analyst"
CODER = "coder"
LEAD = "safeguarding-lead"
ORGANISER = "course-organiser"
CODESIGN = "codesign-member"
TRANSLATOR = "translator"
SCRUTINEER = "scrutineer"

ROLES: dict[str, str] = {
    ADMINISTRATOR: "Looks after accounts, surveys, collections and settings.",
    ANALYST: "Makes the report and the exports.",
    CODER: "Reads comments and decides their codes.",
    LEAD: "Reads what may mean that a child is at risk.",
    ORGANISER: "Looks after courses, their sessions and who came.",
    CODESIGN: "Helps to write the questions.",
    TRANSLATOR: "Translates and checks translations.",
    SCRUTINEER: "Reads the figures and the audit log, and changes nothing.",
}
