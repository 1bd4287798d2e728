"""The tables, one file per noun."""

from feedback_app.storage.models.action import Action
from feedback_app.storage.models.area_setting import AreaSetting
from feedback_app.storage.models.audit import AuditEvent
from feedback_app.storage.models.base import Base, table_of
from feedback_app.storage.models.class_session import ClassSession, SealedBundle
from feedback_app.storage.models.coding import Decision, Reading, Suggestion
from feedback_app.storage.models.collection import (
    Collection,
    CollectionCount,
    CollectionEvent,
    CollectionNumber,
    OneTimeCode,
)
from feedback_app.storage.models.consent_approval import ConsentApproval
from feedback_app.storage.models.draft import Draft
from feedback_app.storage.models.job import JobRun, Worker
from feedback_app.storage.models.kept_report import KeptReport
from feedback_app.storage.models.mail import Letter
from feedback_app.storage.models.note import Note
from feedback_app.storage.models.paper import PaperForm
from feedback_app.storage.models.register import RegisterEntry
from feedback_app.storage.models.release import Release
from feedback_app.storage.models.response import AnswerText, Response
from feedback_app.storage.models.staff import Invitation, Passkey, RecoveryCode, Staff, StaffRole
from feedback_app.storage.models.survey import SurveyVersion
from feedback_app.storage.models.training import Commitment, Course, CourseSession, FollowUpContact
from feedback_app.storage.models.triage import Triage, TriageAlert, TriageRota, TriageStep
from feedback_app.storage.models.withdrawal import ReportFreeze, Tombstone

__all__ = [
    "Action",
    "AnswerText",
    "AreaSetting",
    "AuditEvent",
    "Base",
    "ClassSession",
    "Collection",
    "CollectionCount",
    "CollectionEvent",
    "CollectionNumber",
    "Commitment",
    "ConsentApproval",
    "Course",
    "CourseSession",
    "Decision",
    "Draft",
    "FollowUpContact",
    "Invitation",
    "JobRun",
    "KeptReport",
    "Letter",
    "Note",
    "OneTimeCode",
    "PaperForm",
    "Passkey",
    "Reading",
    "RecoveryCode",
    "RegisterEntry",
    "Release",
    "ReportFreeze",
    "Response",
    "SealedBundle",
    "Staff",
    "StaffRole",
    "Suggestion",
    "SurveyVersion",
    "Tombstone",
    "Triage",
    "TriageAlert",
    "TriageRota",
    "TriageStep",
    "Worker",
    "table_of",
]
