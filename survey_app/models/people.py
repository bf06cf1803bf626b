"""Staff: people with a password, and what they may do where."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base


class Person(Base):
    """`email` is stored in lower case. `password_hash` is None until the person has chosen a password."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime]

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="person", cascade="all, delete-orphan"
    )


class Membership(Base):
    """A role: `administrator` of the service (no gmina); `coordinator` or `member` of one gmina's team;
    `moderator` of the interviews that were given to them there; `region`: reads roll-ups of a powiat (`region_code`
    of four digits), a województwo (two) or the country ("PL")."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "gmina_code", "role"),
        CheckConstraint(
            "role IN ('administrator', 'coordinator', 'member', 'moderator', 'region')", name="role_known"
        ),
        CheckConstraint(
            "(role IN ('administrator', 'region')) = (gmina_code IS NULL)", name="gmina_where_needed"
        ),
        CheckConstraint("(role = 'region') = (region_code IS NOT NULL)", name="region_where_needed"),
        # Two nulls are not equal to a UNIQUE constraint, so this role needs a rule of its own.
        Index(
            "uq_membership_person_id_administrator",
            "person_id",
            unique=True,
            sqlite_where=text("role = 'administrator'"),
            postgresql_where=text("role = 'administrator'"),
        ),
        Index(
            "uq_membership_person_id_region_code",
            "person_id",
            "region_code",
            unique=True,
            sqlite_where=text("role = 'region'"),
            postgresql_where=text("role = 'region'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    gmina_code: Mapped[str | None] = mapped_column(ForeignKey("gmina.code"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str | None] = mapped_column(String(4))

    person: Mapped[Person] = relationship(back_populates="memberships")


class ApiKey(Base):
    """A key to the read-only API, for one region; only its hash is kept. `last_used_on`: a day, no address."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(String(4))
    label: Mapped[str] = mapped_column(String(120))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[dt.datetime | None]
    last_used_on: Mapped[dt.date | None]


class Representation(Base):
    """The person represents the institution: neither rates it nor votes on it (METHOD, "Coding")."""

    __tablename__ = "representation"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id"), primary_key=True, index=True)


class AuditEvent(Base):
    """Who did what to what, and when; ids only. Never about an answer of an anonymous campaign.

    A chain per gmina (`ledger`; "": what concerns no single gmina): `digest` covers the entry, its `place` from 1 and
    the digest before it. Triggers refuse any change, and any deletion that no checkpoint covers.
    """

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("ledger", "place", name="uq_audit_event_ledger_place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id")
    )  # None: the command line or the service
    gmina_code: Mapped[str | None] = mapped_column(ForeignKey("gmina.code"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(String(500), default="")
    ledger: Mapped[str] = mapped_column(String(6))
    place: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class AuditCheckpoint(Base):
    """Where a chain goes on from when its oldest entries were deleted: the last of them, and when."""

    __tablename__ = "audit_checkpoint"
    __table_args__ = (CheckConstraint("place > 0", name="place_positive"),)

    ledger: Mapped[str] = mapped_column(String(6), primary_key=True)
    place: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]
