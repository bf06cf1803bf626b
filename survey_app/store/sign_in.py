"""Sessions, second factors, links and tries of the staff. Secrets come in as hashes or sealed, never as they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from survey_app.models import (
    AccountLink,
    AttemptCount,
    ExternalIdentity,
    Person,
    RecoveryCode,
    SecondFactor,
    StaffSession,
)

__all__ = [
    "AccountLink",
    "SecondFactor",
    "StaffSession",
    "add_identity",
    "add_session",
    "codes_left",
    "end_everybodys_sessions",
    "end_session",
    "end_sessions",
    "factor",
    "forget_attempts",
    "forget_overdue",
    "has_identity",
    "hit",
    "link",
    "link_author",
    "person_of_identity",
    "put_factor",
    "put_link",
    "remove_factor",
    "remove_identities",
    "remove_link",
    "session_of",
    "sessions",
    "set_recovery_codes",
    "spend_recovery_code",
    "spend_step",
    "touch",
    "tries",
]


def add_session(session: Session, **columns: Any) -> None:
    session.add(StaffSession(**columns))
    session.flush()


def session_of(session: Session, token_hash: str) -> StaffSession | None:
    """With its person and their roles."""
    query = select(StaffSession).where(StaffSession.token_hash == token_hash)
    query = query.options(joinedload(StaffSession.person).joinedload(Person.memberships))
    return session.scalars(query).unique().one_or_none()


def sessions(session: Session, person_id: int) -> list[StaffSession]:
    """The newest use first."""
    query = select(StaffSession).where(StaffSession.person_id == person_id)
    return list(session.scalars(query.order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())))


def touch(session: Session, session_id: int, at: dt.datetime) -> None:
    mine = (StaffSession.id == session_id) & (StaffSession.seen_at < at)
    session.execute(update(StaffSession).where(mine).values(seen_at=at))


def end_session(session: Session, person_id: int, session_id: int) -> bool:
    """False if the person has no such session."""
    mine = (StaffSession.id == session_id) & (StaffSession.person_id == person_id)
    return session.scalar(delete(StaffSession).where(mine).returning(StaffSession.id)) is not None


def end_sessions(session: Session, person_id: int, keep: int | None = None) -> int:
    """All of the person's but one; how many."""
    gone = delete(StaffSession).where(StaffSession.person_id == person_id)
    if keep is not None:
        gone = gone.where(StaffSession.id != keep)
    return len(session.scalars(gone.returning(StaffSession.id)).all())


def factor(session: Session, person_id: int) -> SecondFactor | None:
    return session.get(SecondFactor, person_id)


def put_factor(session: Session, person_id: int, sealed_secret: bytes) -> None:
    """A new secret, not confirmed; the one from before and its codes are gone."""
    remove_factor(session, person_id)
    session.add(SecondFactor(person_id=person_id, sealed_secret=sealed_secret, confirmed_at=None))
    session.flush()


def remove_factor(session: Session, person_id: int) -> bool:
    """With its recovery codes. False if there was none."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    gone = delete(SecondFactor).where(SecondFactor.person_id == person_id)
    return session.scalar(gone.returning(SecondFactor.person_id)) is not None


def spend_step(session: Session, person_id: int, step: int) -> bool:
    """False if that step, or a newer one, was used before: also by somebody at this very moment."""
    newer = (SecondFactor.person_id == person_id) & (SecondFactor.last_step < step)
    spent = update(SecondFactor).where(newer).values(last_step=step).returning(SecondFactor.person_id)
    return session.scalar(spent) is not None


def set_recovery_codes(session: Session, person_id: int, hashes: list[str]) -> None:
    """These take the place of the older ones."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.add_all(RecoveryCode(code_hash=one, person_id=person_id) for one in hashes)
    session.flush()


def spend_recovery_code(session: Session, person_id: int, code_hash: str) -> bool:
    """False if the person has no such code, or it was used."""
    mine = (RecoveryCode.person_id == person_id) & (RecoveryCode.code_hash == code_hash)
    return session.scalar(delete(RecoveryCode).where(mine).returning(RecoveryCode.person_id)) is not None


def codes_left(session: Session, person_id: int) -> int:
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person_id)
    return session.scalar(query) or 0


def link(session: Session, token_hash: str) -> AccountLink | None:
    return session.scalars(select(AccountLink).where(AccountLink.token_hash == token_hash)).one_or_none()


def put_link(
    session: Session, person_id: int, token_hash: str, expires_at: dt.datetime, created_by: int | None
) -> None:
    remove_link(session, person_id)
    session.add(
        AccountLink(person_id=person_id, token_hash=token_hash, expires_at=expires_at, created_by=created_by)
    )
    session.flush()


def remove_link(session: Session, person_id: int) -> bool:
    """False if there was none: also when somebody uses it at this very moment."""
    gone = delete(AccountLink).where(AccountLink.person_id == person_id)
    return session.scalar(gone.returning(AccountLink.person_id)) is not None


def link_author(session: Session, person_id: int) -> AccountLink | None:
    """The link that waits for the person, if any."""
    return session.get(AccountLink, person_id)


def person_of_identity(session: Session, issuer: str, subject: str) -> int | None:
    query = select(ExternalIdentity.person_id).filter_by(issuer=issuer, subject=subject)
    return session.scalar(query)


def has_identity(session: Session, person_id: int, issuer: str | None = None) -> bool:
    """At this issuer; None: at any."""
    query = select(ExternalIdentity.id).where(ExternalIdentity.person_id == person_id).limit(1)
    if issuer is not None:
        query = query.where(ExternalIdentity.issuer == issuer)
    return session.scalar(query) is not None


def add_identity(session: Session, person_id: int, issuer: str, subject: str) -> bool:
    """False if it is somebody's already: also of one who is being tied at this very moment."""
    try:
        with session.begin_nested():
            session.add(ExternalIdentity(person_id=person_id, issuer=issuer, subject=subject))
    except IntegrityError:
        return False
    return True


def remove_identities(session: Session, person_id: int) -> bool:
    """False if there was none."""
    gone = delete(ExternalIdentity).where(ExternalIdentity.person_id == person_id)
    return bool(session.scalars(gone.returning(ExternalIdentity.id)).all())


def hit(session: Session, key: str, amount: int, now: dt.datetime, expires_at: dt.datetime) -> int:
    """Counts in one statement, so that processes that count at once miss nothing; a span that is over begins anew."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    begun = insert(AttemptCount).values(key=key, tries=amount, expires_at=expires_at)
    over = AttemptCount.expires_at <= now
    counted = begun.on_conflict_do_update(
        index_elements=[AttemptCount.key],
        set_={
            "tries": case((over, amount), else_=AttemptCount.tries + amount),
            "expires_at": case((over, expires_at), else_=AttemptCount.expires_at),
        },
    ).returning(AttemptCount.tries)
    return session.scalar(counted) or amount


def tries(session: Session, key: str, now: dt.datetime) -> tuple[int, dt.datetime]:
    """How many in the span that goes on, and when it ends; none: 0, now."""
    found = session.get(AttemptCount, key)
    return (found.tries, found.expires_at) if found and found.expires_at > now else (0, now)


def forget_attempts(session: Session, key: str | None = None) -> int:
    """Of one key, or all of them."""
    gone = delete(AttemptCount) if key is None else delete(AttemptCount).where(AttemptCount.key == key)
    return len(session.scalars(gone.returning(AttemptCount.key)).all())


def forget_overdue(session: Session, now: dt.datetime, started: dt.datetime, seen: dt.datetime) -> None:
    """Tries whose time is over, sessions begun before `started` or last used before `seen`."""
    session.execute(delete(AttemptCount).where(AttemptCount.expires_at <= now))
    old = (StaffSession.started_at <= started) | (StaffSession.seen_at <= seen)
    session.execute(delete(StaffSession).where(old))


def end_everybodys_sessions(session: Session) -> None:
    """And the links that wait: after a restore none of what was going on when the backup was made goes on."""
    for table in (StaffSession, AccountLink, AttemptCount):
        session.execute(delete(table))
