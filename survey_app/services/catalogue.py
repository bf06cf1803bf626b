"""Gminny Katalog Interesariuszy: type in, correct, mark as left."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.config import INSTRUMENTS
from survey_app.errors import ConflictError, Fault, FaultList, InvalidInputError, NotFoundError
from survey_app.instrument.loader import load_instrument
from survey_app.services.accounts import is_email
from survey_app.services.context import Context
from survey_app.store import audit, catalogue, gminas
from survey_app.store.catalogue import Stakeholder, StakeholderContact, StakeholderDraft

__all__ = [
    "Stakeholder",
    "StakeholderContact",
    "StakeholderDraft",
    "add_stakeholder",
    "catalogue_sectors",
    "draft_faults",
    "draft_of",
    "mark_left",
    "stakeholder",
    "stakeholders",
    "tidy_draft",
    "update_stakeholder",
]

TYPES = ("A", "B", "C")
# Field of the draft -> the longest text that it takes.
MAX_LENGTHS = {
    "name": catalogue.NAME_LENGTH,
    "address": 300,
    "note": 2000,
    "contact_name": 200,
    "contact_email": 254,
    "contact_phone": 40,
}
# They turn the direction of the text after them, in other people's lines, too.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

draft_of = catalogue.draft_of


@functools.cache
def catalogue_sectors() -> Mapping[str, str]:
    """Sector id -> Polish name, in the order of the ankieta's file."""
    sectors = load_instrument(INSTRUMENTS / "ankieta.yml").definitions.sectors
    return MappingProxyType(dict(sectors.catalogue_labels) if sectors else {})


def stakeholders(context: Context, gmina_code: str, *, include_left: bool = False) -> list[Stakeholder]:
    """In Polish alphabetical order."""
    with context.database.reading() as session:
        if gminas.get(session, gmina_code) is None:
            raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")
        return catalogue.stakeholders(session, gmina_code, include_left=include_left)


def stakeholder(context: Context, gmina_code: str, stakeholder_id: int) -> Stakeholder:
    """NotFoundError if it is not of this gmina: a number in an address opens nobody else's catalogue."""
    with context.database.reading() as session:
        return _require(session, gmina_code, stakeholder_id)


def add_stakeholder(
    context: Context, gmina_code: str, draft: StakeholderDraft, actor: int | None
) -> Stakeholder:
    """InvalidInputError names every field at fault; ConflictError: the name is in the catalogue already."""
    draft = _checked(draft)
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        _refuse_double(session, gmina_code, draft, None)
        added = catalogue.add(session, gmina_code, draft, context.today())
        session.flush()
        _record(context, session, added, "stakeholder_added", actor)
        return added


def update_stakeholder(
    context: Context, gmina_code: str, stakeholder_id: int, draft: StakeholderDraft, actor: int | None
) -> Stakeholder:
    """As `add_stakeholder`. Saving without a change leaves no trace."""
    draft = _checked(draft)
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        found = _require(session, gmina_code, stakeholder_id)
        _refuse_left(found)
        _refuse_double(session, gmina_code, draft, found.id)
        if catalogue.update(found, draft):
            _record(context, session, found, "stakeholder_updated", actor)
        return found


def mark_left(context: Context, gmina_code: str, stakeholder_id: int, actor: int | None) -> Stakeholder:
    """No longer in the catalogue from today on. Its history stays, its contact person is deleted."""
    with context.database.transaction() as session:
        found = _require(session, gmina_code, stakeholder_id)
        _refuse_left(found)
        catalogue.mark_left(found, context.today())
        _record(context, session, found, "stakeholder_left", actor)
        return found


def tidy_draft(draft: StakeholderDraft) -> StakeholderDraft:
    """Single spaces in one-line fields; letters with diacritics in one form; an e-mail address in lower case."""
    tidy: dict[str, Any] = {
        name: " ".join(_normal(getattr(draft, name)).split()) for name in MAX_LENGTHS if name != "note"
    }
    tidy["contact_email"] = tidy["contact_email"].lower()
    note = _normal(draft.note).replace("\r\n", "\n").replace("\r", "\n").strip()
    return replace(draft, **tidy, note=note)


def draft_faults(draft: StakeholderDraft) -> list[Fault]:
    """Every fault of a tidy draft; `where` is the name of the draft's field."""
    found = FaultList()
    for name, longest in MAX_LENGTHS.items():
        _check_text(name, getattr(draft, name), longest, found)
    if not draft.name:
        found.add("name_missing", "name", "Brakuje nazwy.", "Wpisz nazwę instytucji, firmy lub osoby.")
    if draft.sector not in catalogue_sectors():
        found.add("sector_unknown", "sector", "Nieznany sektor.", "Wybierz sektor z listy.")
    if draft.stakeholder_type not in (None, *TYPES):
        found.add(
            "type_unknown", "stakeholder_type", "Nieznany typ.", "Wybierz A, B albo C lub zostaw puste."
        )
    if draft.contact_email and not is_email(draft.contact_email):
        hint = "Wpisz go w postaci nazwa@domena.pl albo zostaw puste."
        found.add("email_form", "contact_email", "To nie jest adres e-mail.", hint)
    return found.faults


def lock_catalogue(session: Session, gmina_code: str) -> None:
    """One change at a time: what is checked now still holds when it is written. NotFoundError: no such gmina."""
    if gminas.lock(session, gmina_code) is None:
        raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _check_text(name: str, text: str, longest: int, found: FaultList) -> None:
    if len(text) > longest:
        message = f"Tekst jest za długi: {polish.counted(len(text), 'znak', 'znaki', 'znaków')}."
        found.add(
            "too_long", name, message, f"Zmieści się {polish.counted(longest, 'znak', 'znaki', 'znaków')}."
        )
    allowed = "\n\t" if name == "note" else ""
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in allowed for char in text):
        found.add(
            "control_character", name, "Jest tu znak sterujący, którego nie widać.", "Wpisz tekst od nowa."
        )
    if DIRECTION_MARKS & set(text):
        message = "Jest tu niewidoczny znak, który odwraca kierunek pisma."
        found.add("direction_mark", name, message, "Wpisz tekst od nowa.")


def _checked(draft: StakeholderDraft) -> StakeholderDraft:
    tidy = tidy_draft(draft)
    faults = draft_faults(tidy)
    if faults:
        raise InvalidInputError("Nie zapisano. Popraw wskazane pola.", faults)
    return tidy


def _refuse_double(session: Session, gmina_code: str, draft: StakeholderDraft, own_id: int | None) -> None:
    other = catalogue.present_by_key(session, gmina_code).get(catalogue.name_key(draft.name))
    if other is not None and other.id != own_id:
        raise ConflictError(f"„{other.name}” jest już w katalogu. Popraw tamten wpis albo podaj inną nazwę.")


def _refuse_left(found: Stakeholder) -> None:
    if found.left_on is not None:
        raise ConflictError(f"„{found.name}” nie jest już w katalogu. Dodaj nowy wpis, jeśli wraca.")


def _require(session: Session, gmina_code: str, stakeholder_id: int) -> Stakeholder:
    found = catalogue.get(session, stakeholder_id)
    if found is None or found.gmina_code != gmina_code:
        raise NotFoundError("Nie ma takiego wpisu w katalogu tej gminy.")
    return found


def _record(context: Context, session: Session, found: Stakeholder, action: str, actor: int | None) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="stakeholder",
        object_id=found.id,
        gmina_code=found.gmina_code,
    )
