"""Gminny Katalog Interesariuszy: the stakeholders of a gmina, what they offer or refuse, and who left (000)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Json


class Stakeholder(Base):
    """`name_key`: the folded name that a second import matches. `left_on`: no longer in the catalogue.

    `merged_into_id`: the entry was a double of that one; it stays, so that closed rounds keep what they name.
    """

    __tablename__ = "stakeholder"
    __table_args__ = (
        CheckConstraint("stakeholder_type IN ('A', 'B', 'C')", name="type_known"),
        CheckConstraint("length(name) > 0", name="name_given"),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="left_after_joining"),
        CheckConstraint("merged_into_id IS NULL OR left_on IS NOT NULL", name="merged_only_when_left"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged_into_another"),
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
    sector: Mapped[str] = mapped_column(
        String(40)
    )  # a catalogue sector of the ankieta's file, or an OwnSector
    internal: Mapped[bool]
    natural_person: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    stakeholder_type: Mapped[str | None] = mapped_column(String(1))  # A, B, C; None: not yet decided
    address: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    # What it could bring to programmes of reintegration, and in which spheres of 000.
    usefulness: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    spheres: Mapped[list[str]] = mapped_column(Json, default=list, server_default=text("'[]'"))
    joined_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]
    left_reason: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder.id"), index=True)

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


class StakeholderPeriod(Base):
    """An earlier stay in the catalogue, kept when the stakeholder comes back."""

    __tablename__ = "stakeholder_period"
    __table_args__ = (CheckConstraint("left_on >= joined_on", name="left_after_joining"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    joined_on: Mapped[dt.date]
    left_on: Mapped[dt.date]
    left_reason: Mapped[str] = mapped_column(String(300), default="")


class OwnSector(Base):
    """A sector that a team added to those of the ankieta's file; for analysis it counts as one of them."""

    __tablename__ = "own_sector"
    __table_args__ = (UniqueConstraint("gmina_code", "label"),)

    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), primary_key=True)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(100))
    counts_as: Mapped[str] = mapped_column(String(40))


class Declaration(Base):
    """What a stakeholder declared: a resource that it contributes, or that it refuses to take part."""

    __tablename__ = "declaration"
    __table_args__ = (
        CheckConstraint("kind IN ('contribution', 'refusal')", name="kind_known"),
        CheckConstraint(
            "(kind = 'contribution') = (resource IS NOT NULL)", name="contribution_has_a_resource"
        ),
        CheckConstraint("length(description) > 0", name="described"),
        CheckConstraint(
            "withdrawn_on IS NULL OR withdrawn_on >= declared_on", name="withdrawn_after_declaring"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    resource: Mapped[str | None] = mapped_column(String(20))  # of `store.declarations.RESOURCES`
    description: Mapped[str] = mapped_column(Text)
    declared_on: Mapped[dt.date]
    entered_at: Mapped[dt.datetime]  # the rule counts what was entered before the close of a round
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_on: Mapped[dt.date | None]
