"""Tables and constraints. Only `survey_app.store` imports this package."""

from survey_app.models.base import Base
from survey_app.models.campaigns import (
    Campaign,
    InstrumentVersion,
    Invitation,
    OpenText,
    Report,
    Response,
    SealedAnswer,
    SubmissionKey,
)
from survey_app.models.catalogue import Stakeholder, StakeholderContact
from survey_app.models.gmina import Gmina, GminaKind, Powiat, Wojewodztwo
from survey_app.models.people import AuditEvent, Membership, Person

__all__ = [
    "AuditEvent",
    "Base",
    "Campaign",
    "Gmina",
    "GminaKind",
    "InstrumentVersion",
    "Invitation",
    "Membership",
    "OpenText",
    "Person",
    "Powiat",
    "Report",
    "Response",
    "SealedAnswer",
    "Stakeholder",
    "StakeholderContact",
    "SubmissionKey",
    "Wojewodztwo",
]
