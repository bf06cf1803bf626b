"""The library as a reader sees it: found by words and filters, page by page, with a piece of what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.services.context import Context
from survey_app.services.library import items, words
from survey_app.services.library.words import Piece
from survey_app.services.rollup import regions
from survey_app.store import library
from survey_app.store.library import LibraryItem, Scope, Wanted

PAGE = 20
LOOKED_THROUGH = 20_000  # letters of a text, for the piece that is shown


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader typed and chose; "" is everything. `owner`: own, gmina, region, country. `cut`: more was typed."""

    text: str = ""
    kind: str = ""
    category: str = ""
    owner: str = ""
    cut: bool = False

    @property
    def narrows(self) -> bool:
        return any((self.text.strip(), self.kind, self.category, self.owner))


@dataclass(frozen=True, slots=True)
class Hit:
    """`title` and `piece`: with the words that were found marked. `file`: name, media type and size, or None."""

    item: LibraryItem
    title: Sequence[Piece]
    piece: Sequence[Piece]
    file: tuple[str, str, int] | None
    owner: str
    own: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found. `empty`: there is nothing at all that this reader could find. `wordless`: what was
    typed has no word to search for; then nothing is found.
    """

    hits: Sequence[Hit]
    total: int
    page: int
    pages: int
    empty: bool
    wordless: bool = False


def search(context: Context, scope: Scope, asked: Asked, page: int = 1) -> Found:
    """At most PAGE items from page `page`, or from the last if there are not so many."""
    forms = words.asked(asked.text)
    wanted = Wanted(forms, asked.kind, asked.category, asked.owner)
    with context.database.reading() as session:
        if asked.text.strip() and not forms:
            return Found([], 0, 1, 1, empty=not library.count(session, scope, Wanted()), wordless=True)
        page = max(page, 1)
        found, total = library.find(session, scope, wanted, PAGE, (page - 1) * PAGE)
        if not found and page > 1:
            page = max(1, -(-library.count(session, scope, wanted) // PAGE))
            found, total = library.find(session, scope, wanted, PAGE, (page - 1) * PAGE)
        pages = max(1, -(-total // PAGE))
        empty = not total and (not asked.narrows or not library.count(session, scope, Wanted()))
        return Found(_hits(session, scope, found, forms), total, page, pages, empty)


def owner_of(context: Context, found: LibraryItem) -> str:
    """Whose the item is, in words."""
    return owners_of(context, [found])[found.id]


def owners_of(context: Context, found: Sequence[LibraryItem]) -> dict[int, str]:
    """As `owner_of`, of each: id of the item -> words."""
    with context.database.reading() as session:
        return _owners(session, found)


def _hits(
    session: Session, scope: Scope, found: Sequence[LibraryItem], forms: Sequence[frozenset[str]]
) -> list[Hit]:
    if not found:
        return []
    ids = [one.id for one in found]
    owners, kept = _owners(session, found), library.file_facts(session, ids)
    texts = library.beginnings(session, ids, LOOKED_THROUGH) if forms else {}
    return [
        Hit(
            one,
            words.marked(forms, one.title) if forms else [Piece(one.title)],
            words.snippet(forms, one.description, texts.get(one.id, "")),
            kept.get(one.id),
            owners[one.id],
            items.is_own(one, scope),
        )
        for one in found
    ]


def _owners(session: Session, found: Sequence[LibraryItem]) -> dict[int, str]:
    codes = sorted({one.gmina_code for one in found if one.gmina_code})
    names = library.gmina_names(session, codes) if codes else {}
    regional = any(one.region_code not in (None, library.COUNTRY) for one in found)
    labels = regions.region_labels(session) if regional else {}
    labels = {**labels, library.COUNTRY: "zasób krajowy"}
    return {
        one.id: f"gmina {names.get(one.gmina_code, '')}"
        if one.gmina_code
        else labels.get(one.region_code or "", one.region_code or "")
        for one in found
    }
