"""Items that the administrator took off the public page, with a reason; only the administrator puts them back.

In the panel the item stays: it is its owner's. When and why stand with the item; who did it is in the trace.
"""

from __future__ import annotations

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.forms.typed_text import clean_line, line_faults
from survey_app.services.context import Context
from survey_app.services.library.item_trace import record
from survey_app.services.library.shelf import shelf
from survey_app.store import library
from survey_app.store.library import LibraryItem, Scope

TAKEN, BACK = "library_taken_down", "library_put_back"
LONGEST_REASON = 400
NOT_PUBLIC = "Tej pozycji nie ma na stronie publicznej."
EVERYBODY = Scope()


def of_gmina(context: Context, gmina_code: str) -> list[LibraryItem]:
    """Of a gmina's items, the last one first."""
    with context.database.reading() as session:
        return library.taken_down(session, gmina_code)


def everywhere(context: Context) -> list[LibraryItem]:
    """For the administrator: of all owners, the last one first."""
    with context.database.reading() as session:
        return library.taken_down(session)


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
        found.open_to_all, found.taken_down_at, found.taken_down_reason = False, context.clock(), words
        record(context, session, TAKEN, found, actor, words)
        return found


def put_back(context: Context, item_id: int, actor: int | None) -> LibraryItem:
    """On the public page again. ConflictError: it was not taken down, or its licence does not allow it any more."""
    with context.database.transaction() as session:
        found = next(iter(library.by_ids(session, [item_id], alone=True)), None)
        if found is None or found.withdrawn_at is not None:
            raise NotFoundError("Nie ma już takiej pozycji.")
        if found.taken_down_at is None:
            raise ConflictError("Tej pozycji nie zdjęto ze strony publicznej albo już na nią wróciła.")
        licence = shelf().licences.get(found.licence)
        if licence is not None and not licence.open:
            raise ConflictError(f"Właściciel zmienił w tym czasie licencję. {licence.why}")
        found.open_to_all, found.taken_down_at, found.taken_down_reason = True, None, ""
        record(context, session, BACK, found, actor, "")
        return found
