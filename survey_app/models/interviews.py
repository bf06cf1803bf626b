"""Interviews of a gmina: when, where, with whose seats, and who moderates. METHOD, "IDI and FGI".

Nobody's name stands here: a participant is a letter, of an institution, in a role.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base
from survey_app.models.campaigns import InstrumentVersion

# Listed, for what BETWEEN 'A' AND 'Z' takes in depends on the database's language.
LETTERS = ", ".join(f"'{chr(number)}'" for number in range(ord("A"), ord("Z") + 1))


class Interview(Base):
    """`revision` grows by one with each change: a second window that knows an older one is told.

    `departure_reason`: why the plan departs from the scenario or the calendar (an FGI of five people).
    """

    __tablename__ = "interview"
    __table_args__ = (
        CheckConstraint("form IN ('idi', 'fgi')", name="form_known"),
        CheckConstraint("state IN ('planned', 'held', 'cancelled')", name="state_known"),
        CheckConstraint("minutes > 0", name="takes_time"),
        CheckConstraint(
            "(state = 'cancelled') = (length(cancelled_reason) > 0)", name="cancelled_with_a_reason"
        ),
        CheckConstraint("(state = 'held') = (held_on IS NOT NULL)", name="held_has_a_day"),
        CheckConstraint("revision > 0", name="revision_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), index=True)
    instrument_version_id: Mapped[int] = mapped_column(ForeignKey("instrument_version.id"))
    form: Mapped[str] = mapped_column(String(3))
    starts_at: Mapped[dt.datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(300), default="")
    video_link: Mapped[str] = mapped_column(String(500), default="")
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(9), default="planned")
    held_on: Mapped[dt.date | None]
    cancelled_reason: Mapped[str] = mapped_column(String(500), default="")
    departure_reason: Mapped[str] = mapped_column(String(500), default="")
    # Read out before consent; of the project that the interview is part of.
    project_title: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded: Mapped[bool | None]  # None: the notice for participants does not say yet
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]

    instrument_version: Mapped[InstrumentVersion] = relationship(lazy="joined", innerjoin=True)
    seats: Mapped[list[InterviewSeat]] = relationship(
        order_by="InterviewSeat.letter", cascade="all, delete-orphan", lazy="selectin"
    )


class InterviewSeat(Base):
    """A participant without a name. `absent`: was expected and did not come.

    `newcomer`: of somebody whom a console added, the identity that it made: two devices without a network give two
    people the same letter.
    """

    __tablename__ = "interview_seat"
    __table_args__ = (
        UniqueConstraint("interview_id", "letter"),
        UniqueConstraint("interview_id", "newcomer"),
        CheckConstraint(f"letter IN ({LETTERS})", name="a_letter"),
        CheckConstraint("role IN ('manages', 'works', 'other')", name="role_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    letter: Mapped[str] = mapped_column(String(1))
    stakeholder_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    role: Mapped[str] = mapped_column(String(7))
    absent: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    newcomer: Mapped[str | None] = mapped_column(String(32))
