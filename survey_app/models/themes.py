"""Themes, and the passages and open answers that they were given to. METHOD, "IDI and FGI"."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base


class Theme(Base):
    """A theme of the gmina's tree. `topic`: the scenario's topic that it began as; "" for the team's own.

    `retired_at`: given to nothing new; what has it keeps it.
    """

    __tablename__ = "theme"
    __table_args__ = (
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="no_parent_of_its_own"),
        CheckConstraint("length(label) > 0", name="has_a_label"),
        Index(
            "uq_theme_gmina_code_topic",
            "gmina_code",
            "topic",
            unique=True,
            sqlite_where=text("topic <> ''"),
            postgresql_where=text("topic <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    topic: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))
    label: Mapped[str] = mapped_column(String(120))
    definition: Mapped[str] = mapped_column(Text, default="")
    example: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[dt.datetime | None]


class InterviewCoder(Base):
    """Who may read an interview's texts and give themes, beside its moderator and the coordinator."""

    __tablename__ = "interview_coder"

    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    given_at: Mapped[dt.datetime]


class Excerpt(Base):
    """A passage that a coder chose. Its words stand in the text alone: [start_at, end_at) in code points.

    `seat_id`: who said it (None: nobody alone). `cleared_at`: somebody of the team read it for names, and it may be
    quoted. `removed_at`: its words are gone (consent withdrawn, or deleted); the row keeps its number, for a closed
    round may name it, and nothing else.

    `independent`: chosen before the coder had seen what others chose in this text, so agreement may be counted on it.
    `set_aside_at`: no longer meant by its coder; it stays for that count, and for what points at it.
    """

    __tablename__ = "excerpt"
    __table_args__ = (
        CheckConstraint("start_at >= 0 AND end_at > start_at", name="a_run_of_text"),
        CheckConstraint(
            "removed_at IS NULL OR (length(memo) = 0 AND cleared_at IS NULL)", name="removed_is_bare"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("interview_text.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("interview_seat.id"), index=True)
    question_id: Mapped[str] = mapped_column(String(60), default="")
    start_at: Mapped[int]
    end_at: Mapped[int]
    coder_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    memo: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime]
    cleared_at: Mapped[dt.datetime | None]
    cleared_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    independent: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    set_aside_at: Mapped[dt.datetime | None]
    removed_at: Mapped[dt.datetime | None]


class ExcerptTheme(Base):
    """A theme of a passage: by the coder whose passage it is."""

    __tablename__ = "excerpt_theme"

    excerpt_id: Mapped[int] = mapped_column(ForeignKey("excerpt.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True, index=True)


class FinishedCoding(Base):
    """A coder has gone through a text alone; from then on the coder sees what others, who finished too, chose."""

    __tablename__ = "finished_coding"

    text_id: Mapped[int] = mapped_column(ForeignKey("interview_text.id"), primary_key=True)
    coder_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    finished_at: Mapped[dt.datetime]


class OpenTextTheme(Base):
    """A theme of a cleared open answer, by a coder. No moment: nothing may say in which order texts were read."""

    __tablename__ = "open_text_theme"

    open_text_id: Mapped[str] = mapped_column(ForeignKey("open_text.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True, index=True)
    coder_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
