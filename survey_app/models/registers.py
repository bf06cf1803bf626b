"""Registers: entries of whatever a definition describes (tasks, meetings, actions, offers, needs, partnerships), what
happened to each, whom it concerns, and the votes of a meeting.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base, Json


class RegisterEntry(Base):
    """An entry of a gmina's register or of a region's. `key`: of the register; `title`: what the naming answer says.

    `revision` grows with each change: whoever saves says which one the page was made from. `declaration_id`: the
    contribution of the catalogue that an offer was taken over from, once.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        CheckConstraint("(gmina_code IS NULL) <> (region_code IS NULL)", name="of_a_gmina_or_a_region"),
        CheckConstraint("stakeholder_id IS NULL OR sector = ''", name="about_one_thing"),
        CheckConstraint("length(title) > 0", name="titled"),
        CheckConstraint(
            "starts_on IS NULL OR due_on IS NULL OR due_on >= starts_on", name="due_after_starting"
        ),
        CheckConstraint("revision > 0", name="revision_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gmina_code: Mapped[str | None] = mapped_column(ForeignKey("gmina.code"), index=True)
    region_code: Mapped[str | None] = mapped_column(String(4), index=True)
    key: Mapped[str] = mapped_column(String(60))
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_version.id"))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(40))
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    sector: Mapped[str] = mapped_column(String(40), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"), unique=True)
    starts_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RegisterEvent(Base):
    """A line of an entry's log: something that happened (`kind`), or a state that was set (`state_to`), on a day.

    `state_from` is empty when the entry begins. A line is never changed; a wrong one is followed by a right one.
    """

    __tablename__ = "register_event"
    __table_args__ = (
        CheckConstraint("length(kind) > 0 OR length(state_to) > 0", name="says_something"),
        CheckConstraint("length(state_to) > 0 OR length(state_from) = 0", name="a_state_comes_after_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40), default="")
    on_day: Mapped[dt.date]
    text: Mapped[str] = mapped_column(Text, default="")
    state_from: Mapped[str] = mapped_column(String(40), default="")
    state_to: Mapped[str] = mapped_column(String(40), default="")
    made_at: Mapped[dt.datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RegisterParty(Base):
    """One of those whom an entry brings together: a stakeholder, a gmina of the region, or somebody by name.

    `reply`: what it said when asked; `offer_id`: the entry of the bank that it said yes with.
    """

    __tablename__ = "register_party"
    __table_args__ = (
        UniqueConstraint("entry_id", "stakeholder_id"),
        UniqueConstraint("entry_id", "gmina_code"),
        CheckConstraint(
            "(CASE WHEN stakeholder_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN gmina_code IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN length(name) = 0 THEN 0 ELSE 1 END) = 1",
            name="one_of_three",
        ),
        CheckConstraint("reply IN ('', 'yes', 'no')", name="reply_known"),
        CheckConstraint("(length(reply) = 0) = (replied_on IS NULL)", name="replied_on_a_day"),
        CheckConstraint("reply <> 'no' OR length(reply_text) > 0", name="refused_for_a_reason"),
        CheckConstraint("offer_id IS NULL OR reply = 'yes'", name="offered_with_a_yes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), index=True)
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    gmina_code: Mapped[str | None] = mapped_column(ForeignKey("gmina.code"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(100), default="")
    reply: Mapped[str] = mapped_column(String(3), default="")
    reply_text: Mapped[str] = mapped_column(Text, default="")
    replied_on: Mapped[dt.date | None]
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("register_entry.id"), index=True)
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MeetingSeat(Base):
    """A seat at a meeting: an institution that the team represents, or a member who represents none.

    One seat, one vote (000, 004). `label`: its name as it was when the seats were listed.
    """

    __tablename__ = "meeting_seat"
    __table_args__ = (
        UniqueConstraint("entry_id", "stakeholder_id"),
        UniqueConstraint("entry_id", "person_id"),
        CheckConstraint("(stakeholder_id IS NULL) <> (person_id IS NULL)", name="of_one_of_the_two"),
        CheckConstraint("length(label) > 0", name="labelled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str] = mapped_column(String(300))
    present: Mapped[bool] = mapped_column(default=False)


class Motion(Base):
    """What a meeting votes on. `named`: votes are kept by seat; otherwise counts alone are, as the team decided.

    Once closed it never changes: seats, present and counts are those of that moment. `outcome`: "passed", "rejected",
    or "no_quorum" where too few seats were present.
    """

    __tablename__ = "motion"
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        CheckConstraint("length(text) > 0", name="worded"),
        CheckConstraint("outcome IN ('', 'passed', 'rejected', 'no_quorum')", name="outcome_known"),
        CheckConstraint("(length(outcome) = 0) = (closed_at IS NULL)", name="closed_with_an_outcome"),
        CheckConstraint(
            "votes_for >= 0 AND votes_against >= 0 AND abstained >= 0 AND present >= 0 AND present <= seats"
            " AND votes_for + votes_against + abstained <= present",
            name="one_seat_one_vote",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    named: Mapped[bool]
    seats: Mapped[int] = mapped_column(default=0)
    present: Mapped[int] = mapped_column(default=0)
    votes_for: Mapped[int] = mapped_column(default=0)
    votes_against: Mapped[int] = mapped_column(default=0)
    abstained: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str] = mapped_column(String(9), default="")
    note: Mapped[str] = mapped_column(Text, default="")  # dissent, reasons
    put_at: Mapped[dt.datetime]
    put_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[dt.datetime | None]


class MotionVote(Base):
    """The vote of a seat on a motion that is voted on by name."""

    __tablename__ = "motion_vote"
    __table_args__ = (CheckConstraint("vote IN ('for', 'against', 'abstained')", name="vote_known"),)

    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("meeting_seat.id"), primary_key=True, index=True)
    vote: Mapped[str] = mapped_column(String(9))
