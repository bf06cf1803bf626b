"""Items of the library: added, changed, opened to everybody, withdrawn.

A reader who is no owner sees an item only where it was shared with them; to everyone else it does not exist.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.library import drafts, files, read_text, shelf, words
from survey_app.services.library.drafts import ItemDraft
from survey_app.services.library.item_trace import record
from survey_app.store import library
from survey_app.store.library import LibraryItem, Scope

__all__ = [
    "ItemDraft",
    "ItemFile",
    "LibraryItem",
    "Scope",
    "add",
    "change",
    "faults_of",
    "file_of",
    "item",
    "withdraw",
]

MOST = 2000  # items of one owner
MOST_OCTETS = 1024**3  # of one owner's files
UNKNOWN = "Nie ma takiej pozycji w tej biblioteczce."
NOT_SAVED = "Pozycja nie jest zapisana."
OTHER_FILE = "Ktoś zmienił w tym czasie plik tej pozycji. Prosimy sprawdzić i zapisać jeszcze raz."
NO_CHECKS = "Ta instalacja serwisu nie sprawdza adresów. Prosimy otworzyć stronę w przeglądarce."


@dataclass(frozen=True, slots=True)
class ItemFile:
    """`read`: was any text read from it, for the search."""

    name: str
    media_type: str
    size: int
    read: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One item with its file, if it has one; `own`: it is the reader's own; `link_checks`: are addresses asked here?"""

    item: LibraryItem
    file: ItemFile | None
    own: bool
    link_checks: bool = True


def item(context: Context, scope: Scope, item_id: int) -> Reading:
    """NotFoundError: there is none that this reader may read."""
    with context.database.reading() as session:
        found = _require(session, scope, item_id)
        facts = library.file_facts(session, [found.id]).get(found.id)
        read = facts is not None and library.texts_are_read(session, found.id)
        file = ItemFile(*facts, read=read) if facts else None
        return Reading(found, file, is_own(found, scope), context.settings.link_checks)


def file_of(context: Context, scope: Scope, item_id: int) -> tuple[bytes, str, str]:
    """Content, name and media type. NotFoundError: no such item, or it has no file."""
    with context.database.reading() as session:
        found = library.file_with_content(session, _require(session, scope, item_id).id)
        if found is None:
            raise NotFoundError("Ta pozycja nie ma pliku.")
        return found.content, found.name, found.media_type


def is_own(found: LibraryItem, scope: Scope) -> bool:
    """Does it belong to this team, region or country?"""
    return (found.gmina_code, found.region_code) == (scope.gmina or None, scope.region or None)


def add(context: Context, scope: Scope, draft: ItemDraft, actor: int | None) -> LibraryItem:
    """The same file sent twice is the same item. InvalidInputError with every fault; ConflictError: no more room."""
    checked = _checked(context, draft, needs_file=True)
    text = read_text.text_of(checked) if checked else ""
    told = _weighed(draft, text)
    with context.database.transaction() as session:
        library.hold(session, scope)
        if checked and (twice := library.by_content(session, scope, _sha256(checked))):
            if twice.title == draft.columns()["title"] and twice.added_by == actor:
                return twice
            message = f"Ten plik już tu jest, pod tytułem „{twice.title}”. Nie trzeba go dodawać."
            raise ConflictError(message)
        _refuse_full(session, scope, len(checked.content) if checked else 0)
        now = context.clock()
        added = library.add(
            session,
            scope,
            **draft.columns(),
            added_at=now,
            added_by=actor,
            changed_at=now,
            changed_by=actor,
        )
        _keep(session, added, checked, text, told)
        _record(context, session, "library_added", added, actor)
        if added.open_to_all:
            _record(context, session, "library_opened", added, actor)
        return added


def faults_of(context: Context, draft: ItemDraft, *, needs_file: bool) -> list[Fault]:
    """What `add` (which needs a document's file) and `change` would say of it, before they ask the store."""
    try:
        _checked(context, draft, needs_file=needs_file)
    except InvalidInputError as error:
        return error.faults
    return []


def change(context: Context, scope: Scope, item_id: int, draft: ItemDraft, actor: int | None) -> LibraryItem:
    """Of a document without a new file the file stays. NotFoundError: not an item of this owner. ConflictError: no more
    room, or somebody put another file in meanwhile.
    """
    checked = _checked(context, draft, needs_file=False)
    with context.database.reading() as session:
        held = "" if checked else library.text_of(session, _require(session, scope, item_id).id)
    text = read_text.text_of(checked) if checked else held
    told = _weighed(draft, text)
    with context.database.transaction() as session:
        found = _require_own(session, scope, item_id)
        if checked is None and library.text_of(session, found.id) != text:
            raise ConflictError(OTHER_FILE)
        if found.kind != draft.kind:
            raise InvalidInputError("Rodzaju pozycji nie można zmienić. Prosimy dodać nową.")
        if checked:
            _refuse_full(session, scope, len(checked.content))
        columns, was_open = draft.columns(), found.open_to_all
        if draft.open_to_all and not was_open:
            _refuse_taken_down(found)
        if columns["url"] != found.url:
            found.link_checked_on = found.link_answers = None
        for name, value in columns.items():
            setattr(found, name, value)
        found.changed_at, found.changed_by = context.clock(), actor
        _keep(session, found, checked, text, told)
        _record(context, session, "library_changed", found, actor)
        if was_open != found.open_to_all:
            action = "library_opened" if found.open_to_all else "library_shut"
            _record(context, session, action, found, actor)
        return found


def withdraw(context: Context, scope: Scope, item_id: int, actor: int | None) -> None:
    """File, text and description are gone; the title stays in the trace. NotFoundError: no item of this owner."""
    with context.database.transaction() as session:
        found = _require_own(session, scope, item_id)
        _record(context, session, "library_withdrawn", found, actor)
        library.strip(session, found, context.clock(), actor)


def ask_link_again(context: Context, scope: Scope, item_id: int, actor: int | None) -> None:
    """The worker asks the address in its next round. ConflictError: the item has none, or addresses are not asked."""
    if not context.settings.link_checks:
        raise ConflictError(NO_CHECKS)
    with context.database.transaction() as session:
        found = _require_own(session, scope, item_id)
        if not found.url:
            raise ConflictError("Ta pozycja nie ma adresu, który można sprawdzić.")
        found.link_checked_on = found.link_answers = None
        _record(context, session, "library_link_asked", found, actor)


def add_first_acts(context: Context) -> int:
    """The acts that the sources name, as the country's items; those that were withdrawn do not come back.

    Returns how many were added.
    """
    acts = shelf.shelf().acts
    with context.database.transaction() as session:
        library.wait_for_others(session)
        known = library.country_acts(session)
        for act in (new := [one for one in acts if one.title not in known]):
            draft = ItemDraft(
                shelf.ACT,
                act.title,
                "official",
                description=act.description,
                category=act.category,
                url=act.url,
                law_reference=act.law_reference,
                as_of=act.as_of,
                outdated_since=act.outdated_since,
                outdated_by=act.outdated_by,
                shared=drafts.COUNTRY,
                open_to_all=True,
            )
            now = context.clock()
            added = library.add(
                session, Scope(region=library.COUNTRY), **draft.columns(), added_at=now, changed_at=now
            )
            _keep(session, added, None, "", _weighed(draft, ""))
            _record(context, session, "library_added", added, None)
    return len(new)


def _checked(context: Context, draft: ItemDraft, *, needs_file: bool) -> files.CheckedFile | None:
    """The new file, if there is one. InvalidInputError with every fault of the draft and of the file."""
    faults, checked = drafts.faults_of(draft, shelf.shelf(), context.today()), None
    if draft.kind == shelf.DOCUMENT and (draft.content or draft.file_name):
        try:
            checked = files.check_file(draft.file_name, draft.content)
        except InvalidInputError as error:
            faults += error.faults
    elif draft.kind == shelf.DOCUMENT and needs_file:
        faults.append(Fault("file_missing", "content", "Prosimy wybrać plik."))
    if faults:
        raise InvalidInputError(NOT_SAVED, faults)
    return checked


def _keep(
    session: Session,
    found: LibraryItem,
    checked: files.CheckedFile | None,
    text: str,
    told: Mapping[str, int],
) -> None:
    """`told`: its words, as `_weighed` found them."""
    if checked is not None:
        library.keep_file(
            session,
            found.id,
            name=checked.name,
            media_type=checked.media_type,
            size=len(checked.content),
            sha256=_sha256(checked),
            text=text,
            content=checked.content,
        )
    library.keep_words(session, found.id, told)


def _weighed(draft: ItemDraft, text: str) -> dict[str, int]:
    """Before the transaction: a long text takes seconds, for which nobody else could save anything."""
    columns = draft.columns()
    described = "\n".join(str(columns[name]) for name in ("description", "author", "law_reference"))
    return words.weighed(str(columns["title"]), described, text)


def _refuse_full(session: Session, scope: Scope, more: int) -> None:
    items, octets = library.own_totals(session, scope)
    if items >= MOST:
        limit = polish.counted(MOST, "pozycję", "pozycje", "pozycji")
        raise ConflictError(f"Biblioteczka może mieć najwyżej {limit}. Prosimy wycofać zbędne.")
    if octets + more > MOST_OCTETS:
        raise ConflictError("Pliki tej biblioteczki zajęłyby więcej niż 1 GB. Prosimy wycofać zbędne.")


def _refuse_taken_down(found: LibraryItem) -> None:
    if found.taken_down_at is not None:
        day, reason = polish.date(found.taken_down_at), found.taken_down_reason
        message = f"Administrator zdjął tę pozycję ze strony publicznej ({day}). Powód: „{reason}”."
        hint = "Pokazać ją tam znowu może tylko administrator."
        raise InvalidInputError(NOT_SAVED, [Fault("library.taken_down", "open_to_all", message, hint)])


def _require(session: Session, scope: Scope, item_id: int) -> LibraryItem:
    found = library.get(session, scope, item_id)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def _require_own(session: Session, scope: Scope, item_id: int) -> LibraryItem:
    found = library.get(session, scope, item_id, alone=True)
    if found is None or not is_own(found, scope):
        raise NotFoundError(UNKNOWN)
    return found


def _sha256(checked: files.CheckedFile) -> str:
    return hashlib.sha256(checked.content).hexdigest()


def _record(context: Context, session: Session, action: str, found: LibraryItem, actor: int | None) -> None:
    record(context, session, action, found, actor, found.title)
