"""Gminas, powiaty and województwa by their TERYT codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload, selectinload

from survey_app.models import Gmina, GminaKind, Powiat, Wojewodztwo
from survey_app.store.page_view import JOINED_ROWS

__all__ = [
    "Gmina",
    "GminaKind",
    "Powiat",
    "Wojewodztwo",
    "add",
    "all_gminas",
    "get",
    "get_with_regions",
    "hold_region",
    "kind_on",
    "lock",
    "name_regions",
    "powiat_names",
    "set_kind",
    "wait_for_others",
    "wojewodztwo_names",
]

CODE = re.compile(r"[0-9]{6}")
_REGIONS = 4_027_035  # any number that nothing else of this service takes


def get(session: Session, code: str) -> Gmina | None:
    """With its kinds. A code comes from addresses, too: what is not six digits is asked of no store."""
    if not CODE.fullmatch(code):
        return None
    return session.get(Gmina, code, options=[joinedload(Gmina.kinds)])


def lock(session: Session, code: str) -> Gmina | None:
    """The gmina, held until the transaction ends: two people who change its catalogue at once take turns.

    NO KEY UPDATE: answers, which only point at the gmina, need not wait. SQLite has one writer anyway.
    """
    if not CODE.fullmatch(code):
        return None
    return session.get(Gmina, code, with_for_update={"key_share": True})


def all_gminas(session: Session) -> list[Gmina]:
    """Every gmina with its kinds, by code."""
    return list(session.scalars(select(Gmina).options(selectinload(Gmina.kinds)).order_by(Gmina.code)))


def codes_in(session: Session, region_code: str) -> list[str]:
    """Codes of the gminas of a region: "PL", two digits, or four."""
    query = select(Gmina.code).order_by(Gmina.code)
    if region_code != "PL":
        query = query.where(Gmina.code.startswith(region_code, autoescape=True))
    return list(session.scalars(query))


def wojewodztwo_names(session: Session) -> dict[str, str]:
    """Code (2 digits) -> name."""
    return {row.code: row.name for row in session.scalars(select(Wojewodztwo))}


def powiat_names(session: Session) -> dict[str, str]:
    """Code (4 digits) -> name."""
    return {row.code: row.name for row in session.scalars(select(Powiat))}


def get_with_regions(session: Session, code: str) -> tuple[Gmina, str, str] | None:
    """As `get`, with its województwo and its powiat; empty where no register has named them. One query."""
    if not CODE.fullmatch(code):
        return None
    wojewodztwo = select(Wojewodztwo.name).where(Wojewodztwo.code == code[:2]).scalar_subquery()
    powiat = select(Powiat.name).where(Powiat.code == code[:4]).scalar_subquery()
    query = select(Gmina, wojewodztwo, powiat).where(Gmina.code == code).options(joinedload(Gmina.kinds))
    found = session.execute(query, execution_options={JOINED_ROWS: True}).unique().one_or_none()
    return (found[0], found[1] or "", found[2] or "") if found else None


def name_regions(session: Session, wojewodztwa: Mapping[str, str], powiaty: Mapping[str, str]) -> None:
    """Adds what is new and takes over changed names; nothing is deleted."""
    for code, name in wojewodztwa.items():
        session.merge(Wojewodztwo(code=code, name=name))
    for code, name in powiaty.items():
        session.merge(Powiat(code=code, name=name))


def add(
    session: Session, *, code: str, name: str, kind: str, valid_from: dt.date, example: bool = False
) -> Gmina:
    gmina = Gmina(code=code, name=name, example=example)
    gmina.kinds = [GminaKind(valid_from=valid_from, kind=kind)]
    session.add(gmina)
    return gmina


def kind_on(gmina: Gmina, day: dt.date) -> str:
    """The kind on that day; before the first dated one, the first."""
    known = [row.kind for row in gmina.kinds if row.valid_from <= day]
    return known[-1] if known else gmina.kinds[0].kind


def set_kind(gmina: Gmina, kind: str, day: dt.date) -> bool:
    """A register of `day` says that the gmina is of this kind; True if that is news.

    Kinds are dated (METHOD, "Words"): what was known before stays.
    """
    earlier = [row for row in gmina.kinds if row.valid_from <= day]
    if earlier and earlier[-1].kind == kind:
        return False
    if earlier and earlier[-1].valid_from == day:
        earlier[-1].kind = kind
        return True
    first_later = gmina.kinds[0] if not earlier else None
    if first_later is not None and first_later.kind == kind:
        gmina.kinds.remove(first_later)  # known since an earlier day than was thought
    gmina.kinds.append(GminaKind(valid_from=day, kind=kind))
    gmina.kinds.sort(key=lambda row: row.valid_from)
    return first_later is None


def wait_for_others(session: Session) -> None:
    """Nobody else adds a gmina until the transaction ends: who looks second what is missing sees what the first added.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f'LOCK TABLE "{Gmina.__tablename__}" IN SHARE ROW EXCLUSIVE MODE'))


def hold_region(session: Session, region_code: str) -> None:
    """Until the transaction ends, nobody else who asks for this region goes on: what two send at once, one does.

    A region has no row of its own. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_REGIONS, func.hashtext(region_code))))
