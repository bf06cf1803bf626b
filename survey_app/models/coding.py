"""Coding rounds: who rates whom, what each said alone, what the team decided, and what it leans on.

METHOD, "Coding". A round in stage `rating` is open to each rater alone, in `agreement` its ratings
are laid open together, `closed` it never changes: corrections are new decisions that name what they replace.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Json
from survey_app.models.campaigns import InstrumentVersion

ABSENT_OR_JSON = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
OPEN_STAGES = "stage IN ('rating', 'agreement')"


class CodingRound(Base):
    """`occasion`: at the start of the work, before the Pakt is signed, or between. `number` counts from 1 in a gmina.

    `represented`: pairs of person and stakeholder as they stood when the ratings were laid open: those ratings do not
    count. Whatever is learnt later changes who votes, never which ratings are shown: one that went, or came, would
    show whose it is.
    `result`: everything that the round found, frozen at its close, with the checksum of its canonical JSON.
    """

    __tablename__ = "coding_round"
    __table_args__ = (
        CheckConstraint("stage IN ('rating', 'agreement', 'closed', 'abandoned')", name="stage_known"),
        CheckConstraint("occasion IN ('start', 'between', 'before_pact')", name="occasion_known"),
        CheckConstraint("(stage = 'abandoned') = (number IS NULL)", name="abandoned_has_no_number"),
        CheckConstraint(
            "(stage = 'abandoned') = (length(abandoned_reason) > 0)", name="abandoned_with_a_reason"
        ),
        CheckConstraint("stage <> 'rating' OR laid_open_at IS NULL", name="rating_before_laid_open"),
        CheckConstraint(
            "stage NOT IN ('agreement', 'closed') OR laid_open_at IS NOT NULL",
            name="laid_open_before_agreement",
        ),
        CheckConstraint("(stage = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_moment"),
        CheckConstraint("(stage = 'closed') = (result IS NOT NULL)", name="closed_has_a_result"),
        CheckConstraint("(result IS NULL) = (result_sha256 IS NULL)", name="result_has_a_checksum"),
        UniqueConstraint("gmina_code", "number"),
        Index(
            "uq_coding_round_gmina_code_open",
            "gmina_code",
            unique=True,
            sqlite_where=text(OPEN_STAGES),
            postgresql_where=text(OPEN_STAGES),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), index=True)
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    occasion: Mapped[str] = mapped_column(String(12))
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_version.id"))
    scheme: Mapped[str] = mapped_column(String(40))
    stage: Mapped[str] = mapped_column(String(12))
    rating_until: Mapped[dt.date | None]
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    laid_open_at: Mapped[dt.datetime | None]
    represented: Mapped[list[list[int]] | None] = mapped_column(ABSENT_OR_JSON)
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    abandoned_reason: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(ABSENT_OR_JSON)
    result_sha256: Mapped[str | None] = mapped_column(String(64))

    instrument_version: Mapped[InstrumentVersion] = relationship()


class RoundStakeholder(Base):
    """A stakeholder that the round codes; taken out again only with a reason."""

    __tablename__ = "round_stakeholder"
    __table_args__ = (
        CheckConstraint(
            "(withdrawn_at IS NULL) = (length(withdrawn_reason) = 0)", name="withdrawn_with_a_reason"
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("coding_round.id"), primary_key=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"), primary_key=True, index=True)
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="")


class RoundRater(Base):
    """A seat of the team in this round. `left_at`: rates and votes no more; what was given stays."""

    __tablename__ = "round_rater"

    round_id: Mapped[int] = mapped_column(ForeignKey("coding_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    agrees_to_names: Mapped[bool] = mapped_column(default=False)
    left_at: Mapped[dt.datetime | None]


class Rating(Base):
    """One rater's point for one stakeholder by one criterion, or "nie wiem", or only a reason so far.

    `revision` grows by one with each change: a second window that knows an older one is told.
    """

    __tablename__ = "rating"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "person_id"],
            ["round_rater.round_id", "round_rater.person_id"],
            name="fk_rating_rater",
        ),
        ForeignKeyConstraint(
            ["round_id", "stakeholder_id"],
            ["round_stakeholder.round_id", "round_stakeholder.stakeholder_id"],
            name="fk_rating_stakeholder",
        ),
        CheckConstraint("point IS NULL OR NOT dont_know", name="a_point_or_not_known"),
        CheckConstraint("revision > 0", name="revision_from_one"),
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    stakeholder_id: Mapped[int] = mapped_column(primary_key=True)
    criterion: Mapped[str] = mapped_column(String(40), primary_key=True)
    point: Mapped[int | None]
    dont_know: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)


class Ballot(Base):
    """A vote on one code for one stakeholder: by seats, each for itself, or a show of hands that is counted.

    `seats`: how many may vote on it (the raters without those who represent the institution).
    """

    __tablename__ = "ballot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "stakeholder_id"],
            ["round_stakeholder.round_id", "round_stakeholder.stakeholder_id"],
            name="fk_ballot_stakeholder",
        ),
        CheckConstraint("(closed_at IS NULL) = (votes_for IS NULL)", name="counted_at_the_close"),
        CheckConstraint(
            "(votes_for IS NULL) = (votes_against IS NULL) AND (votes_for IS NULL) = (votes_abstained IS NULL)",
            name="counted_together",
        ),
        CheckConstraint(
            "votes_for IS NULL OR (votes_for >= 0 AND votes_against >= 0 AND votes_abstained >= 0"
            " AND votes_for + votes_against + votes_abstained <= seats)",
            name="one_seat_one_vote",
        ),
        Index(
            "uq_ballot_round_id_stakeholder_id_open",
            "round_id",
            "stakeholder_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(index=True)
    stakeholder_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    show_of_hands: Mapped[bool]
    seats: Mapped[int]
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[dt.datetime | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    votes_abstained: Mapped[int | None]


class Vote(Base):
    """One seat, one vote: the key holds it."""

    __tablename__ = "vote"
    __table_args__ = (CheckConstraint("choice IN ('for', 'against', 'abstained')", name="choice_known"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    choice: Mapped[str] = mapped_column(String(10))


class Decision(Base):
    """The team's code for a stakeholder. Never updated: a later one names the one that it replaces.

    `correction`: made after the round's close. A chain has one beginning and no forks; both are held by keys.
    """

    __tablename__ = "decision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "stakeholder_id"],
            ["round_stakeholder.round_id", "round_stakeholder.stakeholder_id"],
            name="fk_decision_stakeholder",
        ),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        CheckConstraint("NOT correction OR replaces_id IS NOT NULL", name="a_correction_replaces"),
        UniqueConstraint("replaces_id"),
        Index(
            "uq_decision_round_id_stakeholder_id_first",
            "round_id",
            "stakeholder_id",
            unique=True,
            sqlite_where=text("replaces_id IS NULL"),
            postgresql_where=text("replaces_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(index=True)
    stakeholder_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    proposed: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    ballot_id: Mapped[int | None] = mapped_column(ForeignKey("ballot.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    correction: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Document(Base):
    """A file that a team keeps as evidence: checked before it is kept, and only ever handed out whole."""

    __tablename__ = "document"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]  # bytes
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_at: Mapped[dt.datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Evidence(Base):
    """What a rating or a decision leans on: exactly one thing. Never an answer of an anonymous campaign.

    `response_mode` stands beside `response_id` so that the foreign key and the CHECK together refuse one.
    `excerpt_id`: a passage of an interview note.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "person_id", "stakeholder_id", "criterion"],
            ["rating.round_id", "rating.person_id", "rating.stakeholder_id", "rating.criterion"],
            name="fk_evidence_rating",
        ),
        ForeignKeyConstraint(
            ["response_id", "response_mode"], ["response.id", "response.mode"], name="fk_evidence_response"
        ),
        CheckConstraint("kind IN ('catalogue', 'document', 'excerpt', 'named_answer')", name="kind_known"),
        CheckConstraint(
            "(kind = 'catalogue') = (entry_id IS NOT NULL) AND (kind = 'document') = (document_id IS NOT NULL)"
            " AND (kind = 'excerpt') = (excerpt_id IS NOT NULL)"
            " AND (kind = 'named_answer') = (response_id IS NOT NULL)",
            name="points_at_one_thing",
        ),
        CheckConstraint(
            "(decision_id IS NULL) = (criterion IS NOT NULL) AND (criterion IS NULL) = (round_id IS NULL)"
            " AND (criterion IS NULL) = (person_id IS NULL) AND (criterion IS NULL) = (stakeholder_id IS NULL)",
            name="of_a_rating_or_a_decision",
        ),
        CheckConstraint(
            "(response_id IS NULL AND response_mode IS NULL)"
            " OR (response_id IS NOT NULL AND response_mode IS NOT NULL AND response_mode = 'named')",
            name="never_an_anonymous_answer",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    round_id: Mapped[int | None]
    person_id: Mapped[int | None]
    stakeholder_id: Mapped[int | None]
    criterion: Mapped[str | None] = mapped_column(String(40))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    excerpt_id: Mapped[int | None] = mapped_column(ForeignKey("excerpt.id"), index=True)
    response_id: Mapped[str | None] = mapped_column(String(32))
    response_mode: Mapped[str | None] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500), default="")


class CodingRelease(Base):
    """What of a gmina's coding may go up to powiat, województwo and country: its public numbers, as plain JSON.

    Made again whenever something was done in the gmina since: `seen_event` is the last event that it knows of.
    """

    __tablename__ = "coding_release"

    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), primary_key=True)
    seen_event: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
