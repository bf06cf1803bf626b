"""Gminas by TERYT code: the first six digits identify, the seventh (the kind) is dated (METHOD, "Words")."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base


class Wojewodztwo(Base):
    __tablename__ = "wojewodztwo"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))


class Powiat(Base):
    __tablename__ = "powiat"

    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))


class Gmina(Base):
    """`in_register_until`: date of the first register that no longer lists it; it stays, nothing is lost."""

    __tablename__ = "gmina"
    __table_args__ = (CheckConstraint("length(code) = 6", name="code_six_digits"),)

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)
    example: Mapped[bool] = mapped_column(
        default=False
    )  # made-up gmina of the demo: said on every page of it
    in_register_until: Mapped[dt.date | None]
    # The team lets the region see its own row in roll-ups; without it the gmina is in sums alone.
    shows_its_row: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    kinds: Mapped[list[GminaKind]] = relationship(
        order_by="GminaKind.valid_from", back_populates="gmina", cascade="all, delete-orphan"
    )


class GminaKind(Base):
    """RODZ with the date of the register that first showed it: 1 miejska, 2 wiejska, 3 miejsko-wiejska.

    The register's other values (4 and 5: the two parts of a 3; 8 and 9: parts of a city) are not gminas.
    """

    __tablename__ = "gmina_kind"
    __table_args__ = (CheckConstraint("kind IN ('1', '2', '3')", name="kind_known"),)

    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), primary_key=True)
    valid_from: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(1))

    gmina: Mapped[Gmina] = relationship(back_populates="kinds")


class GminaController(Base):
    """Who answers for the personal data that the team collects, as its notices say (art. 13 RODO). "": not written yet.

    `task`: the provision or resolution that the work rests on; `processor`: who runs the service for the gmina.
    """

    __tablename__ = "gmina_controller"

    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), primary_key=True)
    name: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    contact: Mapped[str] = mapped_column(String(300), default="")
    dpo: Mapped[str] = mapped_column(String(300), default="")
    task: Mapped[str] = mapped_column(String(500), default="")
    processor: Mapped[str] = mapped_column(String(500), default="")
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class GminaEmblem(Base):
    """The gmina's herb for the cover of its reports: made anew from what was uploaded, and handed out by the service
    alone. `alt_text`: what is read to those who do not see it.
    """

    __tablename__ = "gmina_emblem"
    __table_args__ = (
        CheckConstraint("media_type IN ('image/png', 'image/jpeg')", name="kind_known"),
        CheckConstraint("width > 0 AND height > 0", name="size_positive"),
        CheckConstraint("length(alt_text) > 0", name="alt_text_given"),
    )

    gmina_code: Mapped[str] = mapped_column(ForeignKey("gmina.code"), primary_key=True)
    alt_text: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]  # in points of the picture
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
