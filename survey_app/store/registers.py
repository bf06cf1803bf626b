"""Registers: entries, their log, those whom they concern."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from survey_app.models import Gmina, RegisterEntry, RegisterEvent, RegisterParty, Stakeholder
from survey_app.store.database import MAX_ID

__all__ = [
    "BriefEntry",
    "LogLine",
    "RegisterEntry",
    "RegisterEvent",
    "RegisterParty",
    "add",
    "add_event",
    "add_party",
    "brief",
    "count",
    "entries",
    "events",
    "get",
    "gmina_names",
    "hold",
    "keys_held",
    "lines",
    "move_entries",
    "natural_persons",
    "parties",
    "parties_of",
    "parties_with",
    "party",
    "seats_of_gmina",
    "stakeholder_names",
    "titles",
    "told",
]


@dataclass(frozen=True, slots=True)
class BriefEntry:
    """An entry without what was filled in."""

    id: int
    key: str
    title: str
    state: str
    starts_on: dt.date | None
    due_on: dt.date | None
    person_id: int | None


@dataclass(frozen=True, slots=True)
class LogLine:
    """Something that happened, and whom the entry is about; without words."""

    on_day: dt.date
    kind: str
    stakeholder_id: int | None
    sector: str


def _owned(gmina_code: str | None, region_code: str | None) -> ColumnElement[bool]:
    if gmina_code is not None:
        return RegisterEntry.gmina_code == gmina_code
    return RegisterEntry.region_code == region_code


def entries(
    session: Session, gmina_code: str | None, region_code: str | None, keys: Collection[str] | None = None
) -> list[RegisterEntry]:
    """Of a gmina or of a region, in the order of their making. `keys`: of these registers alone."""
    query = select(RegisterEntry).where(_owned(gmina_code, region_code)).order_by(RegisterEntry.id)
    if keys is not None:
        query = query.where(RegisterEntry.key.in_(sorted(keys)))
    return list(session.scalars(query))


def brief(session: Session, gmina_code: str | None, region_code: str | None) -> list[BriefEntry]:
    """All entries of a gmina or of a region, in the order of their making."""
    columns = [getattr(RegisterEntry, name) for name in BriefEntry.__slots__]
    query = select(*columns).where(_owned(gmina_code, region_code)).order_by(RegisterEntry.id)
    return [BriefEntry(*row) for row in session.execute(query)]


def lines(session: Session, gmina_code: str, key: str) -> list[LogLine]:
    """What happened, by the logs of a gmina's register, by days; changes of state are no such lines."""
    query = (
        select(RegisterEvent.on_day, RegisterEvent.kind, RegisterEntry.stakeholder_id, RegisterEntry.sector)
        .join(RegisterEntry, RegisterEntry.id == RegisterEvent.entry_id)
        .where(RegisterEntry.gmina_code == gmina_code, RegisterEntry.key == key, RegisterEvent.kind != "")
        .order_by(RegisterEvent.on_day, RegisterEvent.id)
    )
    return [LogLine(*row) for row in session.execute(query)]


def told(
    session: Session, gmina_code: str, key: str, kind: str, first: dt.date, last: dt.date
) -> list[tuple[dt.date, str, str]]:
    """Lines of one kind on these days (both included), by days: (day, title of the entry, words)."""
    query = (
        select(RegisterEvent.on_day, RegisterEntry.title, RegisterEvent.text)
        .join(RegisterEntry, RegisterEntry.id == RegisterEvent.entry_id)
        .where(RegisterEntry.gmina_code == gmina_code, RegisterEntry.key == key, RegisterEvent.kind == kind)
        .where(RegisterEvent.on_day.between(first, last))
        .order_by(RegisterEvent.on_day, RegisterEvent.id)
    )
    return [(day, title, words) for day, title, words in session.execute(query)]


def count(session: Session, gmina_code: str | None, region_code: str | None, key: str) -> int:
    query = select(func.count()).where(_owned(gmina_code, region_code), RegisterEntry.key == key)
    return session.scalar(query) or 0


def keys_held(session: Session, gmina_code: str) -> dict[tuple[str, str], int]:
    """(register, state) -> how many entries."""
    query = (
        select(RegisterEntry.key, RegisterEntry.state, func.count())
        .where(RegisterEntry.gmina_code == gmina_code)
        .group_by(RegisterEntry.key, RegisterEntry.state)
    )
    return {(key, state): number for key, state, number in session.execute(query)}


def get(
    session: Session, gmina_code: str | None, region_code: str | None, entry_id: int
) -> RegisterEntry | None:
    if not 0 < entry_id <= MAX_ID:
        return None
    query = select(RegisterEntry).where(RegisterEntry.id == entry_id, _owned(gmina_code, region_code))
    return session.scalars(query).one_or_none()


def hold(session: Session, entry: RegisterEntry) -> None:
    """Nobody else changes the entry, its log or its parties until this transaction ends; it is read anew."""
    session.refresh(entry, with_for_update=True)


def add(session: Session, at: dt.datetime, by: int | None, **columns: Any) -> RegisterEntry:
    """`columns`: of `RegisterEntry`, without who made it and when."""
    entry = RegisterEntry(created_at=at, created_by=by, changed_at=at, changed_by=by, **columns)
    session.add(entry)
    session.flush()
    return entry


def events(session: Session, entry_ids: Collection[int]) -> list[RegisterEvent]:
    """Lines of the logs of these entries, by day, then as they were written."""
    query = (
        select(RegisterEvent)
        .where(RegisterEvent.entry_id.in_(sorted(entry_ids)))
        .order_by(RegisterEvent.on_day, RegisterEvent.id)
    )
    return list(session.scalars(query))


def add_event(
    session: Session, entry_id: int, on_day: dt.date, at: dt.datetime, by: int | None, **columns: Any
) -> RegisterEvent:
    """`columns`: `kind` or `state_from` and `state_to`; `text`."""
    event = RegisterEvent(entry_id=entry_id, on_day=on_day, made_at=at, made_by=by, **columns)
    session.add(event)
    session.flush()
    return event


def parties(session: Session, entry_ids: Collection[int]) -> list[RegisterParty]:
    """Of these entries, as they were added."""
    query = (
        select(RegisterParty)
        .where(RegisterParty.entry_id.in_(sorted(entry_ids)))
        .order_by(RegisterParty.entry_id, RegisterParty.id)
    )
    return list(session.scalars(query))


def parties_of(
    session: Session, gmina_code: str | None, region_code: str | None, key: str
) -> list[RegisterParty]:
    """Of all entries of a register, by entries, then as they were added."""
    query = (
        select(RegisterParty)
        .join(RegisterEntry, RegisterEntry.id == RegisterParty.entry_id)
        .where(_owned(gmina_code, region_code), RegisterEntry.key == key)
        .order_by(RegisterParty.entry_id, RegisterParty.id)
    )
    return list(session.scalars(query))


def move_entries(session: Session, from_id: int, to_id: int) -> None:
    """Entries about the one institution are about the other; whom they bring together stays."""
    moved = update(RegisterEntry).where(RegisterEntry.stakeholder_id == from_id)
    session.execute(moved.values(stakeholder_id=to_id).execution_options(synchronize_session="fetch"))


def parties_with(
    session: Session, stakeholder_id: int, other_id: int
) -> list[tuple[RegisterParty, RegisterParty | None]]:
    """Every place of a stakeholder, with that of the other at the same entry. The entries are held."""
    own = select(RegisterParty.entry_id).where(RegisterParty.stakeholder_id == stakeholder_id)
    held = select(RegisterEntry.id).where(RegisterEntry.id.in_(own)).order_by(RegisterEntry.id)
    ids = session.scalars(held.with_for_update()).all()
    if not ids:
        return []
    rows = parties(session, ids)
    beside = {one.entry_id: one for one in rows if one.stakeholder_id == other_id}
    return [(one, beside.get(one.entry_id)) for one in rows if one.stakeholder_id == stakeholder_id]


def party(session: Session, entry_id: int, party_id: int) -> RegisterParty | None:
    if not 0 < party_id <= MAX_ID:
        return None
    return session.scalars(select(RegisterParty).filter_by(id=party_id, entry_id=entry_id)).one_or_none()


def seats_of_gmina(session: Session, gmina_code: str, key: str) -> list[tuple[RegisterEntry, RegisterParty]]:
    """The entries of a region's register that the gmina stands at, with its own seat, as they were made."""
    query = (
        select(RegisterEntry, RegisterParty)
        .join(RegisterParty, RegisterParty.entry_id == RegisterEntry.id)
        .where(RegisterParty.gmina_code == gmina_code, RegisterEntry.key == key)
        .order_by(RegisterEntry.id)
    )
    return [(entry, seat) for entry, seat in session.execute(query)]


def add_party(
    session: Session, entry_id: int, at: dt.datetime, by: int | None, **columns: Any
) -> RegisterParty:
    """`columns`: one of `stakeholder_id`, `gmina_code`, `name`; `role`."""
    made = RegisterParty(entry_id=entry_id, recorded_at=at, recorded_by=by, **columns)
    session.add(made)
    session.flush()
    return made


def stakeholder_names(session: Session, stakeholder_ids: Collection[int]) -> dict[int, str]:
    """Id -> name, also of those that left the catalogue."""
    if not stakeholder_ids:
        return {}
    query = select(Stakeholder.id, Stakeholder.name).where(Stakeholder.id.in_(sorted(stakeholder_ids)))
    return {row.id: row.name for row in session.execute(query)}


def natural_persons(session: Session, stakeholder_ids: Collection[int]) -> set[int]:
    """Which of these are people, not institutions."""
    if not stakeholder_ids:
        return set()
    chosen = Stakeholder.id.in_(sorted(stakeholder_ids))
    return set(session.scalars(select(Stakeholder.id).where(chosen, Stakeholder.natural_person)))


def gmina_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Code -> name."""
    if not codes:
        return {}
    query = select(Gmina.code, Gmina.name).where(Gmina.code.in_(sorted(codes)))
    return {row.code: row.name for row in session.execute(query)}


def titles(session: Session, entry_ids: Collection[int]) -> dict[int, str]:
    """Id -> what the entry is called."""
    if not entry_ids:
        return {}
    query = select(RegisterEntry.id, RegisterEntry.title).where(RegisterEntry.id.in_(sorted(entry_ids)))
    return {row.id: row.title for row in session.execute(query)}
