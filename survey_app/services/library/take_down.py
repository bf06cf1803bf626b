"""Items that the administrator took off the public page, with a reason; only the administrator puts them back.

In the panel the item stays: it is its owner's. Who took it down, when and why is read from the trace, which nobody can
change; once that has been shortened, the owner may show the item again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.forms.typed_text import clean_line, line_faults
from survey_app.services.context import Context
from survey_app.services.library.shelf import shelf
from survey_app.store import audit, library
from survey_app.store.audit import AuditEvent
from survey_app.store.library import LibraryItem, Scope

TAKEN, BACK = "library_taken_down", "library_put_back"
THING = "library_item"
LONGEST_REASON = 400
NOT_PUBLIC = "Tej pozycji nie ma na stronie publicznej."
EVERYBODY = Scope()


@dataclass(frozen=True, slots=True)
class TakenDown:
    """Since when, and why; the person who did it stays in the trace."""

    item: LibraryItem
    reason: str
    at: dt.datetime


def taken_down(session: Session, found: LibraryItem) -> TakenDown | None:
    """None: it was not, or it was put back."""
    deed = _standing(audit.of_things(session, (TAKEN, BACK), THING, found.gmina_code or "")).get(
        str(found.id)
    )
    return TakenDown(found, deed.detail, deed.at) if deed else None


def taken_down_item(context: Context, found: LibraryItem) -> TakenDown | None:
    """As `taken_down`, for a page."""
    with context.database.reading() as session:
        return taken_down(session, found)


def of_gmina(context: Context, gmina_code: str) -> list[TakenDown]:
    """Of a gmina's items, the last one first."""
    with context.database.reading() as session:
        return _listed(session, audit.of_things(session, (TAKEN, BACK), THING, gmina_code))


def everywhere(context: Context) -> list[TakenDown]:
    """For the administrator: of all owners, the last one first."""
    with context.database.reading() as session:
        return _listed(session, audit.of_things(session, (TAKEN, BACK), THING))


def take_down(context: Context, item_id: int, reason: str, actor: int | None) -> LibraryItem:
    """From now on only its owner's own readers see it. InvalidInputError (place `reason`); ConflictError: it is not
    public; NotFoundError.
    """
    words = clean_line(reason)
    faults = line_faults("reason", "Powód", reason, LONGEST_REASON)
    if not words:
        hint = "Zobaczy go zespół, do którego należy pozycja."
        faults.append(Fault("library.reason", "reason", "Prosimy napisać powód.", hint))
    if faults:
        raise InvalidInputError("Pozycja stoi dalej na stronie publicznej.", faults)
    with context.database.transaction() as session:
        found = library.get(session, EVERYBODY, item_id, alone=True)
        if found is None:
            raise (
                ConflictError(NOT_PUBLIC) if library.by_ids(session, [item_id]) else NotFoundError(NOT_PUBLIC)
            )
        found.open_to_all = False
        _record(context, session, TAKEN, found, actor, words)
        return found


def put_back(context: Context, item_id: int, actor: int | None) -> LibraryItem:
    """On the public page again. ConflictError: it was not taken down, or its licence does not allow it any more."""
    with context.database.transaction() as session:
        found = next(iter(library.by_ids(session, [item_id], alone=True)), None)
        if found is None or found.withdrawn_at is not None:
            raise NotFoundError("Nie ma już takiej pozycji.")
        if taken_down(session, found) is None:
            raise ConflictError("Tej pozycji nie zdjęto ze strony publicznej albo już na nią wróciła.")
        licence = shelf().licences.get(found.licence)
        if licence is not None and not licence.open:
            raise ConflictError(f"Właściciel zmienił w tym czasie licencję. {licence.why}")
        found.open_to_all = True
        _record(context, session, BACK, found, actor, "")
        return found


def _standing(events: Iterable[AuditEvent]) -> dict[str, AuditEvent]:
    """Id of an item -> the deed, where the last deed was to take it down."""
    last = {one.object_id: one for one in events}
    return {key: one for key, one in last.items() if one.action == TAKEN}


def _listed(session: Session, events: Iterable[AuditEvent]) -> list[TakenDown]:
    standing = _standing(events)
    rows = library.by_ids(session, [int(key) for key in standing])
    told = [(one, standing[str(one.id)]) for one in rows if one.withdrawn_at is None]
    found = [TakenDown(one, deed.detail, deed.at) for one, deed in told]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _record(
    context: Context, session: Session, action: str, found: LibraryItem, actor: int | None, reason: str
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type=THING,
        object_id=found.id,
        gmina_code=found.gmina_code,
        detail=reason,
    )
