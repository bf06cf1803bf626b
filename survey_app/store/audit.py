"""The trace of who did what to what: a chain per gmina. Never a word about an answer of an anonymous campaign.

Entries get their place when the transaction commits, as its last deed: whoever waits for a chain then holds nothing
that another writer of it could be waiting for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, event, func, select, tuple_
from sqlalchemy.orm import Session, SessionTransaction

from survey_app.models import AuditCheckpoint, AuditEvent

__all__ = [
    "AuditEvent",
    "Link",
    "about",
    "breaks",
    "events",
    "forget",
    "head",
    "latest",
    "ledgers",
    "of_actions",
    "overdue",
    "record",
]

DETAIL_LENGTH = 500
SERVICE_LEDGER = ""  # what concerns no single gmina
_WAITING = "audit_waiting"  # (the transaction it was done in, entry) of a session that has not committed yet
_LOCK = 4_027_032  # of the chains; any number that nothing else of this service takes


@dataclass(frozen=True, slots=True)
class Link:
    """The end of a chain: how many entries there have been, and the digest of the last one ("" if none)."""

    place: int
    digest: str


def record(
    session: Session,
    *,
    at: dt.datetime,
    actor: int | None,
    action: str,
    object_type: str,
    object_id: str | int,
    gmina_code: str | None = None,
    detail: str = "",
) -> None:
    """`actor`: a person's id; None is the command line or the service itself. Written when the transaction commits."""
    done_in = session.get_nested_transaction() or session.get_transaction()
    entry = AuditEvent(
        at=at,
        person_id=actor,
        gmina_code=gmina_code,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        detail=detail[:DETAIL_LENGTH],
        ledger=gmina_code or SERVICE_LEDGER,
    )
    session.info.setdefault(_WAITING, []).append((done_in, entry))


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    if session.in_nested_transaction():
        return
    waiting = [entry for _, entry in session.info.pop(_WAITING, [])]
    if not waiting:
        return
    session.flush()  # whatever else may have to wait for somebody comes first
    for ledger in sorted({one.ledger for one in waiting}):
        _take_turns(session, ledger)
        link = head(session, ledger)
        for one in waiting:
            if one.ledger == ledger:
                one.place = link.place + 1
                one.digest = _digest(link.digest, one)
                link = Link(one.place, one.digest)
                session.add(one)


@event.listens_for(Session, "after_soft_rollback")
def _drop(session: Session, undone: SessionTransaction) -> None:
    """What was done within a savepoint, or the whole, that is rolled back was not done."""
    waiting = session.info.get(_WAITING, [])
    session.info[_WAITING] = [(done_in, entry) for done_in, entry in waiting if not _lies_in(done_in, undone)]


def _lies_in(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while inner is not None and inner is not outer:
        inner = inner.parent
    return inner is outer


def _take_turns(session: Session, ledger: str) -> None:
    """SQLite has one writer anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(ledger))))


# What a digest is made of, and the digest: columns alone are read four times as fast as whole entries.
_TOLD = (
    AuditEvent.place, AuditEvent.digest, AuditEvent.gmina_code, AuditEvent.at, AuditEvent.person_id, AuditEvent.ledger,
    AuditEvent.action, AuditEvent.object_type, AuditEvent.object_id, AuditEvent.detail,
)  # fmt: skip


def _digest(before: str, one: Any) -> str:
    """`one`: an entry, or a row of `_TOLD`."""
    moment = one.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    told: list[Any] = [
        before, one.ledger, one.place, moment, one.person_id,
        one.action, one.object_type, one.object_id, one.detail,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


def head(session: Session, ledger: str) -> Link:
    """The end of the chain, which is its checkpoint where everything was deleted."""
    query = select(AuditEvent.place, AuditEvent.digest).where(AuditEvent.ledger == ledger)
    last = session.execute(query.order_by(AuditEvent.place.desc()).limit(1)).first()
    return Link(*last) if last else _checkpoint(session, ledger)


def _checkpoint(session: Session, ledger: str) -> Link:
    found = session.get(AuditCheckpoint, ledger)
    return Link(found.place, found.digest) if found else Link(0, "")


def ledgers(session: Session) -> list[str]:
    """Every chain there is: gminas' codes, and SERVICE_LEDGER."""
    query = select(AuditEvent.ledger).union(select(AuditCheckpoint.ledger))
    return sorted(session.scalars(query))


def breaks(session: Session, ledger: str, first: int = 0, last: int = 0) -> Iterator[int]:
    """The places whose entry is missing, was changed or does not follow the one before.

    `first` to `last`: only these places (0: from the beginning, to the end).
    """
    query = select(*_TOLD).where(AuditEvent.ledger == ledger).order_by(AuditEvent.place)
    if first:
        query = query.where(AuditEvent.place >= first)
    if last:
        query = query.where(AuditEvent.place <= last)
    link = _before(session, ledger, first) if first else _checkpoint(session, ledger)
    for one in session.execute(query.execution_options(yield_per=1000)):
        if one.place != link.place + 1 or (one.gmina_code or SERVICE_LEDGER) != ledger:
            yield link.place + 1
        elif one.digest != _digest(link.digest, one):
            yield one.place
        link = Link(one.place, one.digest)
    if last and link.place < last:
        yield link.place + 1


def _before(session: Session, ledger: str, place: int) -> Link:
    """What the entry at this place has to follow; the checkpoint where the one before is not there."""
    query = select(AuditEvent.place, AuditEvent.digest).filter_by(ledger=ledger, place=place - 1)
    found = session.execute(query).first()
    return Link(*found) if found else _checkpoint(session, ledger)


def forget(session: Session, ledger: str, before: dt.datetime, at: dt.datetime) -> int:
    """Deletes the entries from before that moment, leaving a checkpoint to go on from; returns how many."""
    _take_turns(session, ledger)
    older = select(AuditEvent).where(AuditEvent.ledger == ledger, AuditEvent.at < before)
    newer = select(func.min(AuditEvent.place)).where(AuditEvent.ledger == ledger, AuditEvent.at >= before)
    first_kept = session.scalar(newer)
    if first_kept is not None:
        older = older.where(AuditEvent.place < first_kept)  # a clock that was set back leaves no hole
    last = session.scalars(older.order_by(AuditEvent.place.desc()).limit(1)).first()
    if last is None:
        return 0
    session.merge(AuditCheckpoint(ledger=ledger, place=last.place, digest=last.digest, at=at))
    session.flush()
    gone = delete(AuditEvent).where(AuditEvent.ledger == ledger, AuditEvent.place <= last.place)
    return int(session.execute(gone.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def overdue(session: Session, before: dt.datetime) -> list[str]:
    """The chains whose first entry is from before that moment: of the others nothing can be taken out yet."""
    first = select(AuditEvent.ledger, func.min(AuditEvent.place)).group_by(AuditEvent.ledger)
    query = select(AuditEvent.ledger).where(tuple_(AuditEvent.ledger, AuditEvent.place).in_(first))
    return sorted(session.scalars(query.where(AuditEvent.at < before)))


def events(session: Session, gmina_code: str | None, limit: int = 100, before: int = 0) -> list[AuditEvent]:
    """The newest first, from below place `before` (0: from the end); `gmina_code` None: what concerns no gmina."""
    query = select(AuditEvent).where(AuditEvent.ledger == (gmina_code or SERVICE_LEDGER))
    if before:
        query = query.where(AuditEvent.place < before)
    return list(session.scalars(query.order_by(AuditEvent.place.desc()).limit(limit)))


def about(session: Session, object_type: str, object_id: str | int) -> list[AuditEvent]:
    """What was done to one thing, the oldest first."""
    query = select(AuditEvent).filter_by(object_type=object_type, object_id=str(object_id))
    return list(session.scalars(query.order_by(AuditEvent.id)))


def latest(session: Session, action: str, object_type: str) -> AuditEvent | None:
    """The last time that this was done to a thing of this type."""
    query = select(AuditEvent).where(AuditEvent.action == action, AuditEvent.object_type == object_type)
    return session.scalars(query.order_by(AuditEvent.id.desc()).limit(1)).first()


def of_actions(session: Session, gmina_code: str, actions: Collection[str]) -> list[AuditEvent]:
    """All events of these kinds in the gmina, the oldest first."""
    query = select(AuditEvent).where(AuditEvent.gmina_code == gmina_code, AuditEvent.action.in_(actions))
    return list(session.scalars(query.order_by(AuditEvent.id)))
