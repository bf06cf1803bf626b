"""Items of the library: who may read which, found by base forms of their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, delete, false, func, insert, or_, select, text, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from survey_app.models import Gmina, LibraryFile, LibraryItem, LibraryWord
from survey_app.store.database import MAX_ID

__all__ = [
    "LibraryFile",
    "LibraryItem",
    "Scope",
    "Wanted",
    "add",
    "beginnings",
    "by_content",
    "by_ids",
    "count",
    "country_acts",
    "due_links",
    "file_facts",
    "file_with_content",
    "find",
    "get",
    "gmina_names",
    "hold",
    "keep_file",
    "keep_words",
    "own_totals",
    "strip",
    "taken_down",
    "tell_of_link",
    "text_of",
    "texts_are_read",
    "wait_for_others",
]

COUNTRY = "PL"
COUNTRY_WIDE = "country"  # of `shared`
WORDS_AT_ONCE = 2000
NOWHERE = "about:blank"  # a link leads somewhere, as the table wants it; where it led is gone


@dataclass(frozen=True, slots=True)
class Scope:
    """Who reads: a gmina's team, a region ("06", "0605", "PL"), or, with neither, everybody."""

    gmina: str = ""
    region: str = ""

    @property
    def owner(self) -> dict[str, str | None]:
        """The columns that name it as owner."""
        return {"gmina_code": self.gmina or None, "region_code": self.region or None}


@dataclass(frozen=True, slots=True)
class Wanted:
    """`words`: of each word its forms, any of which will do. `owner`: own, gmina, region, country; "": all."""

    words: Sequence[frozenset[str]] = ()
    kind: str = ""
    category: str = ""
    owner: str = ""


def find(
    session: Session, scope: Scope, wanted: Wanted, limit: int, offset: int = 0
) -> tuple[list[LibraryItem], int]:
    """With words the most telling first, else the newest; and how many there are, 0 where `offset` is beyond them.

    The rows are put in order by their ids and counted at once: what matches is looked for one time.
    """
    query, weights = _matching(select(LibraryItem.id, func.count().over()), scope, wanted)
    order: list[ColumnElement[Any]] = [LibraryItem.added_at.desc(), LibraryItem.id.desc()]
    if weights:
        order.insert(0, sum(weights[1:], start=weights[0]).desc())
    rows = session.execute(query.order_by(*order).limit(limit).offset(offset)).all()
    ids = [item_id for item_id, _ in rows]
    found = {one.id: one for one in session.scalars(select(LibraryItem).where(LibraryItem.id.in_(ids)))}
    return [found[item_id] for item_id in ids], rows[0][1] if rows else 0


def count(session: Session, scope: Scope, wanted: Wanted) -> int:
    query, _ = _matching(select(func.count(LibraryItem.id)), scope, wanted)
    return session.scalar(query) or 0


def get(session: Session, scope: Scope, item_id: int, *, alone: bool = False) -> LibraryItem | None:
    """None: there is none that this reader may read. `alone`: held until the transaction ends."""
    if not 0 < item_id <= MAX_ID:
        return None
    query = select(LibraryItem).where(LibraryItem.id == item_id, _readable(scope))
    if alone:
        query = query.with_for_update()
    return session.scalars(query).one_or_none()


def by_ids(session: Session, ids: Sequence[int], *, alone: bool = False) -> list[LibraryItem]:
    """Whoever may read them, those that were withdrawn among them. `alone`: held until the transaction ends."""
    query = select(LibraryItem).where(LibraryItem.id.in_([one for one in ids if 0 < one <= MAX_ID]))
    query = query.order_by(LibraryItem.id)
    return list(session.scalars(query.with_for_update() if alone else query))


def taken_down(session: Session, gmina_code: str | None = None) -> list[LibraryItem]:
    """What the administrator took off the public page, the last one first; `gmina_code`: of this owner alone."""
    query = select(LibraryItem).where(LibraryItem.taken_down_at.is_not(None))
    if gmina_code is not None:
        query = query.where(LibraryItem.gmina_code == gmina_code)
    return list(session.scalars(query.order_by(LibraryItem.taken_down_at.desc(), LibraryItem.id.desc())))


def hold(session: Session, scope: Scope) -> None:
    """Until the transaction ends, nobody else adds to this owner's items: what is sent twice at once is kept once."""
    if scope.gmina:
        held = select(Gmina.code).where(Gmina.code == scope.gmina).with_for_update(key_share=True)
        session.scalars(held).one_or_none()
    else:
        wait_for_others(session)


def wait_for_others(session: Session) -> None:
    """As `hold`, for items of regions and the country, which no row stands for. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f'LOCK TABLE "{LibraryItem.__tablename__}" IN SHARE ROW EXCLUSIVE MODE'))


def by_content(session: Session, scope: Scope, sha256: str) -> LibraryItem | None:
    """The owner's item that holds this very file."""
    query = select(LibraryItem).join(LibraryFile, LibraryFile.item_id == LibraryItem.id)
    query = query.where(LibraryFile.sha256 == sha256, _own(scope), LibraryItem.withdrawn_at.is_(None))
    return session.scalars(query.limit(1)).first()


def own_totals(session: Session, scope: Scope) -> tuple[int, int]:
    """How many items the owner has, and how many octets their files."""
    live = and_(_own(scope), LibraryItem.withdrawn_at.is_(None))
    files = select(func.sum(LibraryFile.size)).join(LibraryItem, LibraryItem.id == LibraryFile.item_id)
    return (
        session.scalar(select(func.count(LibraryItem.id)).where(live)) or 0,
        int(session.scalar(files.where(live)) or 0),
    )


def add(session: Session, scope: Scope, **columns: Any) -> LibraryItem:
    item = LibraryItem(**scope.owner, **columns)
    session.add(item)
    session.flush()
    return item


def keep_file(session: Session, item_id: int, **columns: Any) -> None:
    """In place of the one before."""
    session.execute(delete(LibraryFile).where(LibraryFile.item_id == item_id))
    session.add(LibraryFile(item_id=item_id, **columns))
    session.flush()


def keep_words(session: Session, item_id: int, words: Mapping[str, int]) -> None:
    """In place of those before."""
    session.execute(delete(LibraryWord).where(LibraryWord.item_id == item_id))
    rows = [{"item_id": item_id, "base": base, "weight": weight} for base, weight in sorted(words.items())]
    for start in range(0, len(rows), WORDS_AT_ONCE):
        session.execute(insert(LibraryWord), rows[start : start + WORDS_AT_ONCE])


def strip(session: Session, item: LibraryItem, at: dt.datetime, actor: int | None) -> None:
    """Withdrawn: its file with the text, its words are gone, and all but the title that says what there was."""
    session.execute(delete(LibraryFile).where(LibraryFile.item_id == item.id))
    session.execute(delete(LibraryWord).where(LibraryWord.item_id == item.id))
    item.description = item.author = item.licence_note = item.law_reference = item.outdated_by = ""
    item.outdated_since, item.url = None, NOWHERE if item.kind == "link" else ""
    item.shared, item.open_to_all = "own", False
    item.taken_down_at, item.taken_down_reason = None, ""
    item.withdrawn_at, item.changed_at, item.changed_by = at, at, actor


def file_facts(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str, int]]:
    """Item -> name, media type and size of its file."""
    columns = (LibraryFile.item_id, LibraryFile.name, LibraryFile.media_type, LibraryFile.size)
    rows = session.execute(select(*columns).where(LibraryFile.item_id.in_(ids)))
    return {item_id: (name, media_type, size) for item_id, name, media_type, size in rows}


def file_with_content(session: Session, item_id: int) -> LibraryFile | None:
    return session.get(LibraryFile, item_id)


def beginnings(session: Session, ids: Sequence[int], letters: int) -> dict[int, str]:
    """Item -> the first letters of its file's text."""
    start = func.substr(LibraryFile.text, 1, letters)
    rows = session.execute(select(LibraryFile.item_id, start).where(LibraryFile.item_id.in_(ids)))
    return {item_id: begins for item_id, begins in rows}  # noqa: C416


def text_of(session: Session, item_id: int) -> str:
    return session.scalar(select(LibraryFile.text).where(LibraryFile.item_id == item_id)) or ""


def texts_are_read(session: Session, item_id: int) -> bool:
    """Was anything read from the item's file?"""
    return bool(session.scalar(select(func.length(LibraryFile.text)).where(LibraryFile.item_id == item_id)))


def gmina_names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    found = session.execute(select(Gmina.code, Gmina.name).where(Gmina.code.in_(codes)))
    return {code: name for code, name in found}  # noqa: C416


def country_acts(session: Session) -> set[str]:
    """Titles of the country's acts, also of those that were withdrawn."""
    query = select(LibraryItem.title).where(LibraryItem.region_code == COUNTRY, LibraryItem.kind == "act")
    return set(session.scalars(query))


def due_links(session: Session, before: dt.date, settled: dt.datetime, limit: int) -> list[tuple[int, str]]:
    """Items whose address was not asked since that day, the longest not asked first: id and address.

    What the service itself added is asked only when it is older than `settled`: a first start asks nobody.
    """
    due = or_(LibraryItem.link_checked_on.is_(None), LibraryItem.link_checked_on < before)
    query = select(LibraryItem.id, LibraryItem.url).where(
        LibraryItem.url != "",
        LibraryItem.withdrawn_at.is_(None),
        due,
        or_(LibraryItem.changed_by.is_not(None), LibraryItem.changed_at < settled),
    )
    order = (LibraryItem.link_checked_on.is_not(None), LibraryItem.link_checked_on, LibraryItem.id)
    return [(item_id, url) for item_id, url in session.execute(query.order_by(*order).limit(limit))]


def tell_of_link(session: Session, item_id: int, url: str, day: dt.date, *, answers: bool | None) -> None:
    """Only if the item still has this address."""
    item = session.get(LibraryItem, item_id)
    if item is not None and item.url == url:
        item.link_checked_on, item.link_answers = day, answers


def _matching(
    query: Select[*tuple[Any, ...]], scope: Scope, wanted: Wanted
) -> tuple[Select[*tuple[Any, ...]], list[ColumnElement[int]]]:
    weights: list[ColumnElement[int]] = []
    for number, forms in enumerate(wanted.words):
        found = (
            select(LibraryWord.item_id, func.max(LibraryWord.weight).label("weight"))
            .where(LibraryWord.base.in_(sorted(forms)))
            .group_by(LibraryWord.item_id)
            .subquery(f"word_{number}")
        )
        query = query.join(found, found.c.item_id == LibraryItem.id)
        weights.append(found.c.weight)
    rules = [_readable(scope)]
    if wanted.kind:
        rules.append(LibraryItem.kind == wanted.kind)
    if wanted.category:
        rules.append(LibraryItem.category == wanted.category)
    if wanted.owner:
        rules.append(_owned_by(scope, wanted.owner))
    return query.where(*rules), weights


def _own(scope: Scope) -> ColumnElement[bool]:
    if scope.gmina:
        return LibraryItem.gmina_code == scope.gmina
    return LibraryItem.region_code == scope.region if scope.region else false()


def _owned_by(scope: Scope, owner: str) -> ColumnElement[bool]:
    of_region = and_(LibraryItem.region_code.is_not(None), LibraryItem.region_code != COUNTRY)
    kinds = {
        "own": _own(scope),
        "gmina": LibraryItem.gmina_code.is_not(None),
        "region": of_region,
        "country": LibraryItem.region_code == COUNTRY,
    }
    return kinds.get(owner, true())


def _readable(scope: Scope) -> ColumnElement[bool]:
    """What is open; to teams and regions also their own, the country's, and what is shared with their region."""
    live = LibraryItem.withdrawn_at.is_(None)
    place = scope.gmina or scope.region
    if not place:
        return and_(live, LibraryItem.open_to_all)
    rules = [_own(scope), LibraryItem.open_to_all, LibraryItem.shared == COUNTRY_WIDE]
    if place != COUNTRY:
        near = or_(
            LibraryItem.gmina_code.startswith(place[:2]),
            LibraryItem.region_code.in_({place[:2], place[:4], COUNTRY}),
        )
        rules.append(and_(LibraryItem.shared == "region", near))
    return and_(live, or_(*rules))
