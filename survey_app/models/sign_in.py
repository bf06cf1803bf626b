"""How the staff get in: sessions, second factors, links to choose a password, other log-in services, tries."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base
from survey_app.models.people import Person


class StaffSession(Base):
    """One browser that somebody is logged in with; gone when it ends. No address of a machine.

    `token_hash`: SHA-256 of what the browser's cookie holds. `device`: the kind of browser and system, as it says of
    itself. `seen_at`: to the minute.
    """

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    device: Mapped[str] = mapped_column(String(80))
    with_factor: Mapped[bool]

    person: Mapped[Person] = relationship()


class SecondFactor(Base):
    """Codes from a telephone (TOTP, RFC 6238). `sealed_secret` opens with the service's secret, which is not here.

    `confirmed_at`: when the first code was shown; before that the factor does not count. `last_step`: the newest
    interval of 30 s whose code was used; none of an older one is taken.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[dt.datetime | None]
    last_step: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class RecoveryCode(Base):
    """Stands in for the telephone, once: the row goes when it is used."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class AccountLink(Base):
    """A link to choose a password with, once; a newer one takes the place of an older one."""

    __tablename__ = "account_link"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[dt.datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ExternalIdentity(Base):
    """Who the person is at a log-in service of the office (OpenID Connect): `subject` of `issuer`, both for good."""

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))


class AttemptCount(Base):
    """How often something was tried within a span of time, for all processes together. `key` names nobody."""

    __tablename__ = "attempt_count"
    __table_args__ = (CheckConstraint("tries > 0", name="tries_positive"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
