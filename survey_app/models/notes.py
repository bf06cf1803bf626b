"""What was agreed to and said in an interview: consent and personal data apart, notes, frozen texts.

METHOD, "IDI and FGI". A note knows a letter, never a name; who had the letter lies encrypted in `participant`, under a
key that is in no table.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base, Json


class Participant(Base):
    """Consent and personal data of one seat. `sealed` opens with a key file named `key_name`, and with nothing else.

    `evidence`: whether a sentence may support the institution's code, asked apart. A deletion that was ordered has
    `key_name` and no `sealed`; `deleted_at` is set once the key file is destroyed, and `key_name` stays, so that a
    copy of the file that turns up later is destroyed as well. The consent itself stays, under its letter.
    `traces_since`: since then the database's free pages may hold what was taken from its rows.
    """

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("seat_id"),
        CheckConstraint("(agreed IS NULL) = (agreed_at IS NULL)", name="answered_at_a_time"),
        CheckConstraint("(evidence IS NULL) = (evidence_at IS NULL)", name="evidence_answered_at_a_time"),
        CheckConstraint("evidence IS NULL OR (agreed IS NOT NULL AND agreed)", name="evidence_after_consent"),
        CheckConstraint(
            "withdrawn_at IS NULL OR (agreed IS NOT NULL AND agreed)", name="withdrawn_after_consent"
        ),
        CheckConstraint("sealed IS NULL OR key_name IS NOT NULL", name="sealed_under_a_key"),
        CheckConstraint("deleted_at IS NULL OR sealed IS NULL", name="deleted_is_gone"),
        CheckConstraint("revision > 0", name="revision_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("interview_seat.id"))
    agreed: Mapped[bool | None]
    agreed_at: Mapped[dt.datetime | None]
    evidence: Mapped[bool | None]
    evidence_at: Mapped[dt.datetime | None]
    # The words that were read out.
    instrument_version_id: Mapped[int | None] = mapped_column(ForeignKey("instrument_version.id"))
    project_title: Mapped[str] = mapped_column(String(300), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[dt.datetime | None]
    key_name: Mapped[str | None] = mapped_column(String(32))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    retain_until: Mapped[dt.date | None]  # None: as long as is usual
    deleted_at: Mapped[dt.datetime | None]
    traces_since: Mapped[dt.datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Note(Base):
    """What was written down under a question, by letter; `seat_id` None: the moderator's own words, or the group's.

    The id is made on the device, and begins with the moment of it. `revision` grows with each change; `writer` is the
    open page that made the last one and `writer_change` its own count, so that a page whose last answer was lost is
    not taken for somebody else.
    `variant_of`: written at the same time elsewhere, and kept beside the other until a person decides.
    A deleted note keeps its id, so that a late device cannot bring it back, and nothing else.
    """

    __tablename__ = "note"
    __table_args__ = (
        CheckConstraint("deleted_at IS NULL OR length(text) = 0", name="deleted_is_empty"),
        CheckConstraint("revision > 0", name="revision_from_one"),
        CheckConstraint("second >= 0", name="after_the_start"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), index=True)
    question_id: Mapped[str] = mapped_column(String(60), default="")  # "": not under a question
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("interview_seat.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    quotation: Mapped[bool] = mapped_column(default=False)
    second: Mapped[int] = mapped_column(
        default=0
    )  # of the interview, when it was begun: the order of reading
    variant_of: Mapped[str | None] = mapped_column(ForeignKey("note.id"), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    writer: Mapped[str] = mapped_column(String(32))
    writer_change: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deleted_at: Mapped[dt.datetime | None]


class InterviewProgress(Base):
    """How far the interview has come: a question's mark, or the seconds spent in a part.

    `item`: a question's id, or "part:" and a section's id. `mark`: of a question.
    """

    __tablename__ = "interview_progress"
    __table_args__ = (
        CheckConstraint("mark IN ('', 'asked', 'skipped', 'earlier')", name="mark_known"),
        CheckConstraint("seconds >= 0", name="time_runs_forward"),
        CheckConstraint("revision > 0", name="revision_from_one"),
    )

    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(80), primary_key=True)
    mark: Mapped[str] = mapped_column(String(8), default="")
    seconds: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    writer: Mapped[str] = mapped_column(String(32))
    writer_change: Mapped[int] = mapped_column(default=0)


class InterviewText(Base):
    """A text that passages point into: a locked version of the notes, or a transcript, kept apart from them.

    Never edited: a later state of the notes is a new number. `segments`: runs of the text in order, each
    {"start", "end", "question", "letter", "quotation"}; positions count Unicode code points, `end` exclusive.
    What a participant who withdrew had said is cut out (`redacted_at`): the text is then shorter, and passages after
    the cut move with it.
    """

    __tablename__ = "interview_text"
    __table_args__ = (
        UniqueConstraint("interview_id", "kind", "number"),
        CheckConstraint("kind IN ('notes', 'transcript')", name="kind_known"),
        CheckConstraint("number > 0", name="numbered_from_one"),
        CheckConstraint("removed_at IS NULL OR length(text) = 0", name="removed_is_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    segments: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200), default="", server_default=sql("''"))
    created_at: Mapped[dt.datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    redacted_at: Mapped[dt.datetime | None]
    removed_at: Mapped[dt.datetime | None]
