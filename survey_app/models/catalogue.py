"""Gminny Katalog Interesariuszy: the stakeholders of a gmina (000)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base


class Stakeholder(Base):
    """`name_key`: the folded name that a second import matches. `left_on`: no longer in the catalogue."""

    __tablename__ = "stakeholder"
    __table_args__ = (
        CheckConstraint("stakeholder_type IN ('A', 'B', 'C')", name="type_known"),
        CheckConstraint("length(name) > 0", name="name_given"),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="left_after_joining"),
        Index(
            "uq_stakeholder_gmina_code_name_key_present",
            "gmina_code",
            "name_key",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    name_key: Mapped[str] = mapped_column(String(300))
    sector: Mapped[str] = mapped_column(String(40))  # catalogue sector id of the ankieta's file
    internal: Mapped[bool]
    stakeholder_type: Mapped[str | None] = mapped_column(String(1))  # A, B, C; None: not yet decided
    address: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    joined_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]

    contact: Mapped[StakeholderContact | None] = relationship(
        back_populates="stakeholder", cascade="all, delete-orphan", uselist=False
    )


class StakeholderContact(Base):
    """A contact person is personal data: kept apart from the institution, deleted on its own."""

    __tablename__ = "stakeholder_contact"

    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"), primary_key=True)
    person_name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")

    stakeholder: Mapped[Stakeholder] = relationship(back_populates="contact")
