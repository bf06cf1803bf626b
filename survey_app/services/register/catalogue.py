"""Gminny Katalog Interesariuszy: type in, correct, mark as left."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, FaultList, InvalidInputError, NotFoundError
from survey_app.services import deleted_ledger
from survey_app.services.accounts import is_email
from survey_app.services.context import Context
from survey_app.services.register import contact_notes
from survey_app.services.register.sectors import catalogue_sectors, sector_labels, standard_sectors
from survey_app.store import audit, catalogue, declarations, gminas
from survey_app.store.catalogue import Stakeholder, StakeholderContact, StakeholderDraft

__all__ = [
    "SPHERES",
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
# The four spheres of document 000 ("Interesariusze MLW").
SPHERES: Mapping[str, str] = MappingProxyType(
    {
        "pomoc_i_praca": "pomoc społeczna i rynek pracy",
        "edukacja": "edukacja ogólnorozwojowa",
        "relacje": "relacje międzyludzkie i stosunki społeczne",
        "integracja": "edukacja integracyjna",
    }
)
# Field of the draft -> the longest text that it takes.
MAX_LENGTHS = {
    "name": catalogue.NAME_LENGTH,
    "address": 300,
    "note": 2000,
    "contact_name": 200,
    "contact_email": 254,
    "contact_phone": 40,
    "usefulness": 2000,
}
MANY_LINES = frozenset({"note", "usefulness"})
LEFT_REASON_LENGTH = 300
# They turn the direction of the text after them, in other people's lines, too.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

draft_of = catalogue.draft_of


def stakeholders(context: Context, gmina_code: str, *, include_left: bool = False) -> list[Stakeholder]:
    """In Polish alphabetical order."""
    with context.database.reading() as session:
        if gminas.get(session, gmina_code) is None:
            raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")
        return catalogue.stakeholders(session, gmina_code, include_left=include_left)


def stakeholder(context: Context, gmina_code: str, stakeholder_id: int) -> Stakeholder:
    """NotFoundError if it is not of this gmina: a number in an address opens nobody else's catalogue."""
    with context.database.reading() as session:
        return require_stakeholder(session, gmina_code, stakeholder_id)


def add_stakeholder(
    context: Context,
    gmina_code: str,
    draft: StakeholderDraft,
    actor: int | None,
    joined_on: dt.date | None = None,
) -> Stakeholder:
    """InvalidInputError names every field at fault; ConflictError: the name is in the catalogue already.

    `joined_on`: today unless given; never a day to come.
    """
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        draft = checked(session, gmina_code, draft, _day_faults(context, "joined_on", joined_on))
        refuse_taken_name(session, gmina_code, draft.name, None)
        added = catalogue.add(session, gmina_code, draft, joined_on or context.today())
        session.flush()
        record(context, session, added, "stakeholder_added", actor)
        return added


def update_stakeholder(
    context: Context,
    gmina_code: str,
    stakeholder_id: int,
    draft: StakeholderDraft,
    actor: int | None,
    joined_on: dt.date | None = None,
) -> Stakeholder:
    """As `add_stakeholder`. Saving without a change leaves no trace."""
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        found = require_stakeholder(session, gmina_code, stakeholder_id)
        refuse_left(found)
        faults = _joining_faults(context, session, found, joined_on)
        draft = checked(session, gmina_code, draft, faults)
        refuse_taken_name(session, gmina_code, draft.name, found.id)
        moved = joined_on is not None and joined_on != found.joined_on
        found.joined_on = joined_on or found.joined_on
        if catalogue.update(found, draft) or moved:
            record(context, session, found, "stakeholder_updated", actor)
        return found


def mark_left(
    context: Context,
    gmina_code: str,
    stakeholder_id: int,
    actor: int | None,
    reason: str = "",
    left_on: dt.date | None = None,
) -> Stakeholder:
    """No longer in the catalogue from that day (today) on. Its history stays, its contact person is deleted."""
    reason = _one_line(reason)
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        found = require_stakeholder(session, gmina_code, stakeholder_id)
        refuse_left(found)
        faults = text_faults("reason", reason, LEFT_REASON_LENGTH) + _day_faults(context, "left_on", left_on)
        if left_on is not None and left_on < found.joined_on:
            hint = f"Wpisz {polish.date(found.joined_on)} albo późniejszy dzień."
            faults.append(Fault("too_early", "left_on", "To dzień sprzed dołączenia do katalogu.", hint))
        refuse_faults(faults)
        catalogue.mark_left(found, left_on or context.today(), reason)
        record(context, session, found, "stakeholder_left", actor)
        return found


def come_back(
    context: Context,
    gmina_code: str,
    stakeholder_id: int,
    actor: int | None,
    joined_on: dt.date | None = None,
) -> Stakeholder:
    """In the catalogue again from that day (today) on; the earlier stay is kept.

    ConflictError: it has not left, was a double of another, or its name has been taken meanwhile.
    """
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        found = require_stakeholder(session, gmina_code, stakeholder_id)
        if found.left_on is None:
            raise ConflictError(f"„{found.name}” jest w katalogu.")
        if found.merged_into_id is not None:
            raise ConflictError("Ten wpis był podwójny i został połączony z innym; nie może wrócić.")
        faults = _day_faults(context, "joined_on", joined_on)
        if joined_on is not None and joined_on < found.left_on:
            hint = f"Wpisz {polish.date(found.left_on)} albo późniejszy dzień."
            faults.append(Fault("too_early", "joined_on", "To dzień sprzed odejścia z katalogu.", hint))
        refuse_faults(faults)
        refuse_taken_name(session, gmina_code, found.name, found.id)
        catalogue.come_back(session, found, joined_on or context.today())
        record(context, session, found, "stakeholder_returned", actor)
        return found


def tidy_draft(draft: StakeholderDraft) -> StakeholderDraft:
    """Single spaces in one-line fields; letters with diacritics in one form; an e-mail address in lower case."""
    tidy: dict[str, Any] = {
        name: tidy_lines(getattr(draft, name)) if name in MANY_LINES else _one_line(getattr(draft, name))
        for name in MAX_LENGTHS
    }
    tidy["contact_email"] = tidy["contact_email"].lower()
    spheres = tuple(sphere for sphere in SPHERES if sphere in draft.spheres)
    unknown = tuple(sorted(set(draft.spheres) - set(SPHERES)))
    return replace(draft, **tidy, spheres=(*spheres, *unknown))


def draft_faults(draft: StakeholderDraft, sectors: Mapping[str, str] | None = None) -> list[Fault]:
    """Every fault of a tidy draft; `where` is the name of the draft's field. `sectors`: the standard ones if None."""
    found = FaultList()
    for name, longest in MAX_LENGTHS.items():
        found.faults += text_faults(name, getattr(draft, name), longest, many_lines=name in MANY_LINES)
    if not draft.name:
        found.add("name_missing", "name", "Brakuje nazwy.", "Wpisz nazwę instytucji, firmy lub osoby.")
    if draft.sector not in (standard_sectors() if sectors is None else sectors):
        found.add("sector_unknown", "sector", "Nieznany sektor.", "Wybierz sektor z listy.")
    if draft.stakeholder_type not in (None, *TYPES):
        found.add(
            "type_unknown", "stakeholder_type", "Nieznany typ.", "Wybierz A, B albo C lub zostaw puste."
        )
    if draft.contact_email and not is_email(draft.contact_email):
        hint = "Wpisz go w postaci nazwa@domena.pl albo zostaw puste."
        found.add("email_form", "contact_email", "To nie jest adres e-mail.", hint)
    if not set(draft.spheres) <= set(SPHERES):
        found.add("sphere_unknown", "spheres", "Nieznana sfera.", "Wybierz sfery z listy.")
    return found.faults


def lock_catalogue(session: Session, gmina_code: str) -> None:
    """One change at a time: what is checked now still holds when it is written. NotFoundError: no such gmina."""
    if gminas.lock(session, gmina_code) is None:
        raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")


def _is_no_sign(char: str) -> bool:
    """Control characters, and code points that stand for nothing: no workbook and no page may hold them."""
    code = ord(char)
    is_nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return is_nothing or unicodedata.category(char) in {"Cc", "Cs"}


def text_faults(where: str, typed: str, longest: int, *, many_lines: bool = False) -> list[Fault]:
    """What is wrong with a tidy text: too long, or with signs that nobody sees."""
    found = FaultList()
    if len(typed) > longest:
        message = f"Tekst jest za długi: {polish.counted(len(typed), 'znak', 'znaki', 'znaków')}."
        found.add(
            "too_long", where, message, f"Zmieści się {polish.counted(longest, 'znak', 'znaki', 'znaków')}."
        )
    allowed = "\n\t" if many_lines else ""
    if any(_is_no_sign(char) and char not in allowed for char in typed):
        found.add(
            "control_character", where, "Jest tu znak sterujący, którego nie widać.", "Wpisz tekst od nowa."
        )
    if DIRECTION_MARKS & set(typed):
        message = "Jest tu niewidoczny znak, który odwraca kierunek pisma."
        found.add("direction_mark", where, message, "Wpisz tekst od nowa.")
    return found.faults


def tidy_lines(typed: str) -> str:
    """Letters in one form, line breaks as one character, no blanks around the whole."""
    return unicodedata.normalize("NFC", typed).replace("\r\n", "\n").replace("\r", "\n").strip()


def checked(
    session: Session, gmina_code: str, draft: StakeholderDraft, more: list[Fault] | None = None
) -> StakeholderDraft:
    """The draft, tidied. InvalidInputError with every fault, those found elsewhere (`more`) included."""
    tidy = tidy_draft(draft)
    refuse_faults(draft_faults(tidy, sector_labels(session, gmina_code)) + (more or []))
    return tidy


def refuse_faults(faults: list[Fault]) -> None:
    if faults:
        raise InvalidInputError("Nie zapisano. Popraw wskazane pola.", faults)


def refuse_taken_name(session: Session, gmina_code: str, name: str, own_id: int | None) -> None:
    """ConflictError: another present entry has this name, however it is spelled."""
    other = catalogue.present_by_key(session, gmina_code).get(catalogue.name_key(name))
    if other is not None and other.id != own_id:
        raise ConflictError(f"„{other.name}” jest już w katalogu. Popraw tamten wpis albo podaj inną nazwę.")


def refuse_left(found: Stakeholder) -> None:
    if found.left_on is not None:
        raise ConflictError(f"„{found.name}” nie jest już w katalogu. Najpierw przywróć wpis, jeśli wraca.")


def require_stakeholder(session: Session, gmina_code: str, stakeholder_id: int) -> Stakeholder:
    """NotFoundError unless it is of this gmina."""
    found = catalogue.get(session, stakeholder_id)
    if found is None or found.gmina_code != gmina_code:
        raise NotFoundError("Nie ma takiego wpisu w katalogu tej gminy.")
    return found


def record(
    context: Context,
    session: Session,
    found: Stakeholder,
    action: str,
    actor: int | None,
    detail: str = "",
    *,
    contact_gone: bool = False,
) -> None:
    """`detail`: never a name or a contact; the trace outlives them. `contact_gone`: with a contact person's data that
    were flushed already; those that go now are seen.
    """
    at = context.clock()
    if contact_gone or catalogue.loses_contact(found):
        deleted_ledger.add(context.settings.key_folders, [contact_notes.gone(found.id, at)])
    audit.record(
        session,
        at=at,
        actor=actor,
        action=action,
        object_type="stakeholder",
        object_id=found.id,
        gmina_code=found.gmina_code,
        detail=detail,
    )


def _one_line(typed: str) -> str:
    return " ".join(unicodedata.normalize("NFC", typed).split())


def _day_faults(context: Context, where: str, day: dt.date | None) -> list[Fault]:
    if day is None or day <= context.today():
        return []
    message = "Ten dzień jeszcze nie nadszedł."
    return [Fault("in_the_future", where, message, "Wpisz dzisiejszy albo wcześniejszy.")]


def _joining_faults(
    context: Context, session: Session, found: Stakeholder, joined_on: dt.date | None
) -> list[Fault]:
    """A corrected day of joining keeps the order of what happened: last stay, joining, first declaration."""
    if joined_on is None or joined_on == found.joined_on:
        return []
    faults = _day_faults(context, "joined_on", joined_on)
    stays = catalogue.periods(session, found.id)
    declared = declarations.of_stakeholder(session, found.id)
    since = [row.declared_on for row in declared if row.declared_on >= found.joined_on]
    if stays and joined_on < stays[-1].left_on:
        message = f"Poprzedni pobyt w katalogu skończył się {polish.date(stays[-1].left_on)}."
        faults.append(Fault("too_early", "joined_on", message, "Wpisz ten dzień albo późniejszy."))
    if since and joined_on > min(since):
        message = f"Przy wpisie jest deklaracja z dnia {polish.date(min(since))}."
        faults.append(Fault("too_late", "joined_on", message, "Wpisz ten dzień albo wcześniejszy."))
    return faults
