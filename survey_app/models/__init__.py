"""Tables and constraints. Only `survey_app.store` imports this package."""

from survey_app.models.base import Base
from survey_app.models.campaigns import (
    Campaign,
    CampaignRelease,
    InstrumentVersion,
    Invitation,
    OpenText,
    Report,
    ReportText,
    Response,
    SealedAnswer,
    SubmissionKey,
)
from survey_app.models.catalogue import (
    Declaration,
    OwnSector,
    Stakeholder,
    StakeholderContact,
    StakeholderPeriod,
)
from survey_app.models.coding import (
    Ballot,
    CodingRound,
    Decision,
    Document,
    Evidence,
    Rating,
    RoundRater,
    RoundStakeholder,
    Vote,
)
from survey_app.models.gmina import Gmina, GminaKind, Powiat, Wojewodztwo
from survey_app.models.interviews import Interview, InterviewSeat
from survey_app.models.notes import InterviewProgress, InterviewText, Note, Participant
from survey_app.models.people import ApiKey, AuditEvent, Membership, Person, Representation
from survey_app.models.themes import (
    Excerpt,
    ExcerptTheme,
    FinishedCoding,
    InterviewCoder,
    OpenTextTheme,
    Theme,
)

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Ballot",
    "Base",
    "Campaign",
    "CampaignRelease",
    "CodingRound",
    "Decision",
    "Declaration",
    "Document",
    "Evidence",
    "Excerpt",
    "ExcerptTheme",
    "FinishedCoding",
    "Gmina",
    "GminaKind",
    "InstrumentVersion",
    "Interview",
    "InterviewCoder",
    "InterviewProgress",
    "InterviewSeat",
    "InterviewText",
    "Invitation",
    "Membership",
    "Note",
    "OpenText",
    "OpenTextTheme",
    "OwnSector",
    "Participant",
    "Person",
    "Powiat",
    "Rating",
    "Report",
    "ReportText",
    "Representation",
    "Response",
    "RoundRater",
    "RoundStakeholder",
    "SealedAnswer",
    "Stakeholder",
    "StakeholderContact",
    "StakeholderPeriod",
    "SubmissionKey",
    "Theme",
    "Vote",
    "Wojewodztwo",
]
