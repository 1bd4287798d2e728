"""The tables, one file per noun."""

from feedback_app.storage.models.action import Action
from feedback_app.storage.models.audit import AuditEvent
from feedback_app.storage.models.base import Base, table_of
from feedback_app.storage.models.class_session import ClassSession, SealedBundle
from feedback_app.storage.models.coding import Decision, Reading, Suggestion
from feedback_app.storage.models.collection import Collection, CollectionCount
from feedback_app.storage.models.draft import Draft
from feedback_app.storage.models.mail import Letter
from feedback_app.storage.models.paper import PaperForm
from feedback_app.storage.models.response import AnswerText, Response
from feedback_app.storage.models.staff import Invitation, Passkey, RecoveryCode, Staff, StaffRole
from feedback_app.storage.models.survey import SurveyVersion

__all__ = [
    "Action",
    "AnswerText",
    "AuditEvent",
    "Base",
    "ClassSession",
    "Collection",
    "CollectionCount",
    "Decision",
    "Draft",
    "Invitation",
    "Letter",
    "PaperForm",
    "Passkey",
    "Reading",
    "RecoveryCode",
    "Response",
    "SealedBundle",
    "Staff",
    "StaffRole",
    "Suggestion",
    "SurveyVersion",
    "table_of",
]
