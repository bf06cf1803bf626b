"""Campaigns of an instrument in a gmina, their invitations, the sealed inbox, and what the lock leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
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
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Json


class InstrumentVersion(Base):
    """Never updated; a changed file is a new version.

    `gmina_code`: a team's own copy, under a key of its own, made with a `reason`.
    """

    __tablename__ = "instrument_version"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        UniqueConstraint("key", "sha256"),
        CheckConstraint("(gmina_code IS NULL) = (length(reason) = 0)", name="a_copy_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    published_at: Mapped[dt.datetime]
    gmina_code: Mapped[str | None] = mapped_column(ForeignKey("gmina.code"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Campaign(Base):
    """One ankieta held in one gmina.

    States follow from the columns: draft (`opened_at` is null), open, in grace, closed, locked (`locked_at`).
    `mode`, `access`, `k` and the instrument version are fixed once it is opened. `inbox_public_key` is set at
    the opening of an anonymous campaign, `groups` at the lock; `cleaned_at`: invitations rewritten, no keys.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("mode IN ('anonymous', 'named')", name="mode_known"),
        CheckConstraint("access IN ('invitations', 'open_link')", name="access_known"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("grace_minutes >= 0", name="grace_not_negative"),
        CheckConstraint("k >= 3", name="k_at_least_three"),
        CheckConstraint("locked_at IS NULL OR opened_at IS NOT NULL", name="locked_only_after_opening"),
        CheckConstraint(
            "opened_at IS NULL OR mode = 'named' OR inbox_public_key IS NOT NULL",
            name="anonymous_needs_a_seal",
        ),
        UniqueConstraint("id", "mode"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), index=True)
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_version.id"))
    title: Mapped[str] = mapped_column(String(200))
    mode: Mapped[str] = mapped_column(String(12))
    access: Mapped[str] = mapped_column(String(12))
    opens_at: Mapped[dt.datetime]
    closes_at: Mapped[dt.datetime]
    grace_minutes: Mapped[int]
    k: Mapped[int]
    notice: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime | None]
    locked_at: Mapped[dt.datetime | None]
    cleaned_at: Mapped[dt.datetime | None]
    # Words that nobody let into a report were deleted, and the tables rewritten.
    words_gone_at: Mapped[dt.datetime | None]
    inbox_public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    groups: Mapped[dict[str, Any] | None] = mapped_column(Json)
    # Frozen at opening: how many were invited, in all and by sector.
    population: Mapped[dict[str, Any] | None] = mapped_column(Json)
    paper_sheets: Mapped[int] = mapped_column(default=0)  # a counter of its own
    # The monitor's number, in steps, refreshed once a day.
    shown_count: Mapped[int] = mapped_column(default=0)
    shown_on: Mapped[dt.date | None]
    # The mornings on which that number grew while the campaign was open: [["2026-11-03", 5], ...], and nothing finer.
    shown_steps: Mapped[list[Any]] = mapped_column(Json, default=list, server_default=text("'[]'"))

    instrument_version: Mapped[InstrumentVersion] = relationship()


class Invitation(Base):
    """One per catalogue institution. No moment of use; `used` and `paper_returned` are wiped at the lock."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("campaign_id", "stakeholder_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    used: Mapped[bool] = mapped_column(default=False)
    paper_returned: Mapped[bool] = mapped_column(default=False)


class SealedAnswer(Base):
    """One answer of an open anonymous campaign, readable only with its private key. Gone at the lock."""

    __tablename__ = "sealed_answer"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # 128 random bits, hex
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class SubmissionKey(Base):
    """Hash of the key that makes a repeated POST the same answer. Joins nothing; deleted at the lock."""

    __tablename__ = "submission_key"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)


class Response(Base):
    """One whole answer. In an anonymous campaign the database refuses a stakeholder, a name or a moment."""

    __tablename__ = "response"
    __table_args__ = (
        ForeignKeyConstraint(["campaign_id", "mode"], ["campaign.id", "campaign.mode"]),
        CheckConstraint(
            "mode = 'named' OR (stakeholder_id IS NULL AND institution_name IS NULL AND received_at IS NULL"
            " AND channel IS NULL)",
            name="anonymous_holds_nothing_but_answers",
        ),
        CheckConstraint("channel IS NULL OR channel IN ('web', 'paper')", name="channel_known"),
        UniqueConstraint("campaign_id", "stakeholder_id"),
        # What evidence points at, so that the database itself can refuse an anonymous answer there.
        Index("uq_response_id_mode", "id", "mode", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # 128 random bits, hex; never time-ordered
    campaign_id: Mapped[int] = mapped_column(index=True)
    mode: Mapped[str] = mapped_column(String(12))
    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), index=True)
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_version.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"))
    institution_name: Mapped[str | None] = mapped_column(String(300))
    received_at: Mapped[dt.datetime | None]
    channel: Mapped[str | None] = mapped_column(String(8))


class OpenText(Base):
    """A free text of a locked campaign, apart from its answer, for the team to clear of names.

    `text` is what the respondent wrote; `cleared_text` what may be shown (the team may black out names).
    """

    __tablename__ = "open_text"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'cleared', 'withheld')", name="state_known"),
        CheckConstraint("(state = 'cleared') = (cleared_text IS NOT NULL)", name="cleared_has_text"),
    )

    # Random, so that no order ties texts together.
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    question_id: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    cleared_text: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")


class Report(Base):
    """A report that was made: its edition, its data's checksum and what it showed.

    `number` counts the editions of a campaign that differ; making the same again adds nothing. `shown`: its tables and
    sentences, so that a later one can say what changed; of answers and quotations only how many, for who takes back
    their words must find them gone. A published edition keeps its file,
    byte by byte, and is never made again; `withdrawn_at`: it no longer holds, and why.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("campaign_id", "edition", "number"),
        CheckConstraint("edition IN ('public', 'internal')", name="edition_known"),
        CheckConstraint("number > 0", name="numbered_from_one"),
        CheckConstraint("published_at IS NULL OR file IS NOT NULL", name="published_as_a_file"),
        CheckConstraint(
            "withdrawn_at IS NULL OR published_at IS NOT NULL", name="withdrawn_after_publishing"
        ),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (length(withdrawn_reason) = 0)", name="withdrawn_with_a_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    edition: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    shown: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[dt.datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[dt.datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_note: Mapped[str] = mapped_column(String(500), default="", server_default=sql("''"))
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="", server_default=sql("''"))


class ReportText(Base):
    """What a team wrote into the diagnoza of a campaign. `part`: "summary:<part>", "conclusions", "recommendations".

    `rests_on`: of a part of the summary, checksum of the sentences that the team changed: when the results are others
    than then, the report says so beside the team's words.
    """

    __tablename__ = "report_text"
    __table_args__ = (CheckConstraint("revision > 0", name="revision_from_one"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(60), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    rests_on: Mapped[str] = mapped_column(String(64), default="", server_default=sql("''"))
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CampaignRelease(Base):
    """What of a locked campaign may go up to powiat, województwo and country: made once, at the lock.

    `document`: released tables and figures, as plain JSON. A roll-up reads these and no answers.
    """

    __tablename__ = "campaign_release"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), index=True)
    instrument_key: Mapped[str] = mapped_column(String(60), index=True)
    locked_at: Mapped[dt.datetime]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
