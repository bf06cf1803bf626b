"""A backup becomes the content of an empty database again, as a whole or not at all.

The file is read twice: first to be sure of every line of it, then to load it. What had been deleted since it was made
goes again in the same transaction, as the ledger beside the keys says (`deleted_ledger`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services import backup_file, deleted_ledger, schema
from survey_app.services.backup_content import Beginning, Content
from survey_app.services.backup_file import NEWER, NOTHING_DONE, Envelope
from survey_app.services.context import Context
from survey_app.services.deleted_ledger import Ledger
from survey_app.services.interviewing import forget_again, participant_keys, retention
from survey_app.services.personal_data import accounts_data
from survey_app.services.register import contact_notes
from survey_app.services.survey import text_retention
from survey_app.store import audit, dump, sign_in

CONTACTS = "stakeholder_contact"
WARNING = "UWAGA"
TRACES = (
    "UWAGA: na wolnych stronach bazy mogą jeszcze leżeć dane usunięte ponownie; prosimy uruchomić „worker”."
)
CHANGED = f"Kopia zmieniła się w trakcie wczytywania. {NOTHING_DONE}"
NOT_EMPTY = (
    "Baza nie jest pusta (są wiersze w tabeli {table}), a kopię przywraca się tylko do pustej. Niczego nie zmieniono."
    " Prosimy wskazać w DATABASE_URL nową bazę, bez „db upgrade”: tabele założy przywracanie."
)
NOT_TAKEN = f"Tabele nie przyjmują danych z tej kopii: nie są ze sobą zgodne. {NOTHING_DONE}"
NO_LEDGER = (
    "Brakuje rejestru usuniętych danych (plik deleted.jsonl w katalogach z KEY_FOLDERS): nie ma go albo jest starszy"
    " niż kopia. Bez niego wróciłoby to, co usunięto po zrobieniu kopii, więc niczego nie przywrócono. Prosimy włożyć"
    " plik do jednego z katalogów. Jeśli przepadł na dobre: --without-ledger."
)
KINDS = {*forget_again.DEEDS, contact_notes.CONTACT, accounts_data.ACCOUNT, participant_keys.ROTATED}
NEWER_LEDGER = (
    "Rejestr usuniętych danych (deleted.jsonl) jest z nowszej wersji serwisu. Trzeba najpierw zaktualizować serwis."
    f" {NOTHING_DONE}"
)
LEDGER_THERE = (
    f"Rejestr usuniętych danych jest na miejscu, więc --without-ledger nie jest potrzebne. {NOTHING_DONE}"
)


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """`forgotten`: deletions that were made again. `warnings`: what a person has to look at."""

    made_at: dt.datetime
    rows: int
    tables: int
    forgotten: int
    warnings: tuple[str, ...] = ()


def restore(
    context: Context, path: Path, passphrase: str | None = None, *, without_ledger: bool = False
) -> RestoreReport:
    """InvalidInputError: what is wrong with the file, or the passphrase. ConflictError: the database is not empty, or
    nobody knows what was deleted since. Nothing is changed then.

    `without_ledger`: instead, the personal data of all participants and all contact persons stay out.
    """
    envelope = backup_file.look_at(path)
    beginning = _read_through(envelope, passphrase)
    if not schema.knows(beginning.schema):
        raise InvalidInputError(NEWER)
    ledger = _ledger(context, beginning, without_ledger)
    with context.database.schema_change() as connection:
        if (table := dump.filled_table(connection)) is not None:
            raise ConflictError(NOT_EMPTY.format(table=table))
        schema.reach(connection, beginning.schema)
        content = Content.of(backup_file.lines(envelope, passphrase))
        if content.beginning != beginning:
            raise InvalidInputError(CHANGED)
        tables = _load(connection, content, leave_out={CONTACTS} if without_ledger else set())
        schema.reach(connection)
        with Session(connection) as session:
            forgotten = _forget(context, session, ledger)
            sign_in.end_everybodys_sessions(session)  # one that was ended since would be alive again
            _record(context, session, beginning)
            session.commit()
    return RestoreReport(beginning.made_at, content.rows, tables, forgotten, _finish(context))


def _read_through(envelope: Envelope, passphrase: str | None) -> Beginning:
    content = Content.of(backup_file.lines(envelope, passphrase))
    for _, rows in content.tables():
        for _ in rows:
            pass
    return content.beginning


def _ledger(context: Context, beginning: Beginning, without: bool) -> Ledger | None:
    """None: it is to be done without one."""
    found = deleted_ledger.read(context.settings.key_folders)
    knows = (
        found is not None
        and found.id == beginning.ledger_id
        and len(found.entries) >= beginning.ledger_entries
    )
    if knows and without:
        raise ConflictError(LEDGER_THERE)
    if not knows and not without:
        raise ConflictError(NO_LEDGER)
    if found is not None and knows and not {str(one["kind"]) for one in found.entries} <= KINDS:
        raise ConflictError(NEWER_LEDGER)
    return found if knows else None


def _load(connection: Connection, content: Content, leave_out: set[str]) -> int:
    """Every table of the backup into the table of that name, which has the same columns; returns how many."""
    there = {name: dump.shape_of(connection, name).columns for name in dump.tables_there(connection)}
    loaded = set()
    try:
        with dump.resting_foreign_keys(connection):
            for shape, rows in content.tables():
                if there.get(shape.name) != shape.columns:
                    raise InvalidInputError(NOT_TAKEN)
                loaded.add(shape.name)
                if shape.name in leave_out:
                    _pass_over(rows)
                else:
                    dump.load(connection, shape, rows)
        dump.set_sequences(connection)
    except dump.RefusedRowsError as error:
        raise InvalidInputError(NOT_TAKEN) from error
    if loaded != set(there):
        raise InvalidInputError(NOT_TAKEN)
    return len(loaded)


def _pass_over(rows: Any) -> None:
    for _ in rows:
        pass


def _forget(context: Context, session: Session, ledger: Ledger | None) -> int:
    if ledger is None:
        return forget_again.everyone(context, session)
    words = forget_again.apply(context, session, ledger.entries)
    return (
        words
        + contact_notes.apply(session, ledger.entries)
        + accounts_data.apply(context, session, ledger.entries)
    )


def _record(context: Context, session: Session, beginning: Beginning) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=None,
        action="backup_restored",
        object_type="backup",
        object_id=beginning.made_at.isoformat(timespec="seconds"),
    )


def _finish(context: Context) -> tuple[str, ...]:
    """Keys of those whose data went again, and the free pages; the worker goes on where something is in the way."""
    found = retention.finish_ordered(context) + text_retention.run_once(context)
    lines = [line for line in found if line.startswith(WARNING)]
    if not (
        context.database.vacuum(CONTACTS, *accounts_data.TABLES, *retention.TABLES)
        and retention.sweep(context)
    ):
        lines.append(TRACES)
    return tuple(lines)
