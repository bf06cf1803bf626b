"""Above the gmina: messages of a region to its teams, and what was recorded of a gmina outside this service."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base


class RegionMessage(Base):
    """From those who read a region's panel to the teams of its gminas. Taken back, it is shown no more.

    `mail_after`: the worker still has letters of it to send, to people with larger ids than this; None: none.
    """

    __tablename__ = "region_message"
    __table_args__ = (
        CheckConstraint("length(title) > 0 AND length(text) > 0", name="says_something"),
        CheckConstraint("taken_back_at IS NULL OR taken_back_at >= sent_at", name="taken_back_later"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(String(4), index=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[dt.datetime]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[dt.datetime | None]
    mail_after: Mapped[int | None]


class MessageRead(Base):
    """The person has read the message: it is no longer shown as new to them."""

    __tablename__ = "message_read"

    message_id: Mapped[int] = mapped_column(ForeignKey("region_message.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class GminaRecord(Base):
    """A public fact of a gmina that comes from elsewhere (a report, a list): how its team was set up, how many
    Zwolennicy there were, which form of services was chosen. What the gmina itself has in the service goes before it.
    """

    __tablename__ = "gmina_record"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('way', 'supporters_first', 'supporters_last', 'service_form')", name="kind_known"
        ),
        CheckConstraint("length(value) > 0 AND length(source) > 0", name="with_a_source"),
    )

    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(300))
    as_of: Mapped[dt.date | None]
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
