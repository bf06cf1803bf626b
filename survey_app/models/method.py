"""The method in a gmina: how far the process has come, and its papers (forms and documents) with their versions.

A version is never changed. Two that were made from the same one stand side by side until a person settles them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base, Json


class RegionProcess(Base):
    """A województwo's own variant of the process; teams that begin after it follow it."""

    __tablename__ = "region_process"

    wojewodztwo_code: Mapped[str] = mapped_column(ForeignKey("wojewodztwo.code"), primary_key=True)
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_version.id"))
    published_at: Mapped[dt.datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class GminaProcess(Base):
    """The version of the process that a team follows, and its path."""

    __tablename__ = "gmina_process"

    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), primary_key=True)
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_version.id"))
    path: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ProcessStep(Base):
    """What the team says of a step. Without a row nothing was said. A skipped step has a reason."""

    __tablename__ = "process_step"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'doing', 'done', 'skipped')", name="state_known"),
        CheckConstraint("state <> 'skipped' OR length(reason) > 0", name="skipped_for_a_reason"),
        CheckConstraint("revision > 0", name="revision_from_one"),
    )

    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), primary_key=True)
    step_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Paper(Base):
    """One form or document of a team. `title` tells several of the same key apart.

    `agreed_version`: the one that the team agreed to, and that the diagnoza takes; None before that.
    """

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'consulted', 'agreed', 'withdrawn')", name="state_known"),
        CheckConstraint("(state = 'agreed') = (agreed_version IS NOT NULL)", name="agreed_to_a_version"),
        CheckConstraint("(agreed_version IS NULL) = (agreed_on IS NULL)", name="agreed_on_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    agreed_version: Mapped[int | None]
    agreed_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PaperVersion(Base):
    """What was saved at once. `answers`, `tables`: what was filled in; `text`: the whole text, once edited by hand.

    `base`: the number that it was made from. A version that the newest was not made from stands beside it; `settles` is
    the number of such a version that a person settled with this one.
    """

    __tablename__ = "paper_version"
    __table_args__ = (CheckConstraint("number > 0 AND base < number", name="made_from_an_earlier_one"),)

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    base: Mapped[int] = mapped_column(default=0)
    settles: Mapped[int | None]
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_version.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    tables: Mapped[dict[str, Any]] = mapped_column(Json)
    text: Mapped[str | None] = mapped_column(Text)
    said: Mapped[str] = mapped_column(String(300), default="")  # what was changed, in a person's words
    made_at: Mapped[dt.datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PaperRemark(Base):
    """A remark on a version, of the team or of a stakeholder (Zwolennik or not), and its answer."""

    __tablename__ = "paper_remark"
    __table_args__ = (
        ForeignKeyConstraint(["paper_id", "number"], ["paper_version.paper_id", "paper_version.number"]),
        CheckConstraint("outcome IN ('', 'accepted', 'partly', 'rejected')", name="outcome_known"),
        CheckConstraint("(length(outcome) = 0) = (answered_at IS NULL)", name="answered_at_a_time"),
        CheckConstraint("outcome = '' OR length(answer) > 0", name="an_outcome_has_words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[dt.datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(8), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PaperSignature(Base):
    """Who signed a paper, on which day; `left_on`: no party to it any more since then, with the reason."""

    __tablename__ = "paper_signature"
    __table_args__ = (
        UniqueConstraint("paper_id", "stakeholder_id"),
        CheckConstraint("left_on IS NULL OR left_on >= signed_on", name="left_after_signing"),
        CheckConstraint("(left_on IS NULL) = (length(left_reason) = 0)", name="left_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    role: Mapped[str] = mapped_column(String(200), default="")
    contribution: Mapped[str] = mapped_column(String(500), default="")
    signed_by: Mapped[str] = mapped_column(String(200), default="")  # who signed for it, and as what
    signed_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]
    left_reason: Mapped[str] = mapped_column(String(500), default="")
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PaperPoints(Base):
    """The points that a member gave to a row of a paper's table: 1 (can wait) to 5 (most urgent)."""

    __tablename__ = "paper_points"
    __table_args__ = (CheckConstraint("points BETWEEN 1 AND 5", name="points_one_to_five"),)

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    row_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    points: Mapped[int]
