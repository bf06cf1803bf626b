"""Everything that is tied to one staff account, as a copy for its owner; and its erasure.

What an erased person rated, decided or did stays, without a name: rounds, reports and the trace rest on it
(docs/decisions/0013-erasing-an-account.md). The ledger of the deleted knows of it, so that no backup brings the name
back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, NotFoundError
from survey_app.services import deleted_ledger
from survey_app.services.accounts import address_of_nobody, is_erased
from survey_app.services.context import Context
from survey_app.services.deleted_ledger import Entry
from survey_app.services.trace_words import WORDS
from survey_app.store import audit, people, personal_data
from survey_app.store.people import Person

ACCOUNT = "account"  # kind of an entry of the ledger
ERASED_NAME = "osoba usunięta"
TABLES = ("person", "meeting_seat", *(place.table for place in personal_data.PLACES if place.goes))
STILL_OPEN = "To konto jest czynne. Prosimy je najpierw zamknąć, a potem usunąć dane."
OWN = "Danych własnego konta nie można usunąć samemu. Może to zrobić inny administrator."
OTHERS = (
    "Słów rozmówców z notatek i transkrypcji tu nie ma: to dane innych osób. Haseł i sekretów też nie ma: serwis ich"
    " nie zna albo trzyma tylko ich skróty."
)


def export_person(context: Context, person_id: int, *, team: bool = True) -> dict[str, Any]:
    """Plain JSON: the account, and under each heading what points at it. NotFoundError: there is no such account.

    `team` False: for the administrator, who may not learn of ratings, votes and texts of a team.
    """
    with context.database.reading() as session:
        found = people.get(session, person_id)
        if found is None:
            raise NotFoundError("Nie ma takiego konta.")
        sections = {}
        for place, count, rows in personal_data.rows_of(session, person_id, team=team):
            entries = [{name: _plain(name, value) for name, value in row.items()} for row in rows]
            if count:
                sections[place.heading] = (
                    {"liczba": count, "wpisy": entries} if entries else {"liczba": count}
                )
        return {
            "sporządzono": context.clock().isoformat(timespec="seconds"),
            "uwaga": OTHERS,
            "konto": {
                "numer": found.id,
                "imię i nazwisko": found.name,
                "e-mail": found.email,
                "czynne": found.active,
                "założone": found.created_at.isoformat(timespec="seconds"),
                "ma hasło": found.password_hash is not None,
            },
            "powiązane": sections,
        }


def erase_account(context: Context, person_id: int, actor: int | None) -> bool:
    """The name, the address and whatever served to log in go; erasing again changes nothing.

    ConflictError: the account is still open or the actor's own, or the ledger cannot be written. NotFoundError: no
    such account. False: done, but the tables could not be rewritten just now, so free pages may hold the name.
    """
    if person_id == actor:
        raise ConflictError(OWN)
    with context.database.transaction() as session:
        found = personal_data.person_row(session, person_id)
        if found is None:
            raise NotFoundError("Nie ma takiego konta.")
        if found.active:
            raise ConflictError(STILL_OPEN)
        if is_erased(found):
            return True
        created_at = found.created_at
        _erase(session, found, context.clock())
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="account_erased",
            object_type="person",
            object_id=person_id,
        )
        deleted_ledger.add(context.settings.key_folders, [gone(person_id, created_at)])
    return context.database.vacuum(*TABLES)


def gone(person_id: int, created_at: dt.datetime) -> Entry:
    """The mark tells this account from another that was given the same number after a restore."""
    return {"kind": ACCOUNT, "of": _mark(person_id, created_at), "person": person_id}


def apply(context: Context, session: Session, entries: Iterable[Entry]) -> int:
    """After a restore: who was erased since the backup goes again; returns how many."""
    count = 0
    for entry in entries:
        found = people.get(session, int(entry["person"])) if entry["kind"] == ACCOUNT else None
        if found is None or is_erased(found) or _mark(found.id, found.created_at) != entry["of"]:
            continue
        _erase(session, found, context.clock())
        count += 1
    return count


def _erase(session: Session, person: Person, at: dt.datetime) -> None:
    number = person.id
    for gmina_code in personal_data.open_round_gminas(session, number):
        people.leave_open_rounds(session, gmina_code, number, at)
    personal_data.forget_person(session, number)
    personal_data.clear_person(session, number, name=ERASED_NAME, email=address_of_nobody(number))


def _mark(person_id: int, created_at: dt.datetime) -> str:
    moment = created_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{person_id}|{moment}".encode()).hexdigest()[:32]


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return WORDS.get(value, value) if name == "czynność" else value
