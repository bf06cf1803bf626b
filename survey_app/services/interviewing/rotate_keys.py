"""A new key for the personal data of every participant, while the service runs.

One participant after another, each in a transaction that holds their row:

1. the ledger beside the keys notes that the new key takes the old one's place;
2. the new key is on the disk in both places;
3. the row is sealed under it and names it: committed;
4. the old key is destroyed in both places.

Whatever happens between two steps, the row says which of the keys is in use; every other that the ledger knows to be
of the same row is destroyed by the next run, or by the worker, also when an old disk brings one back.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from survey_app.services import deleted_ledger
from survey_app.services.context import Context
from survey_app.services.deleted_ledger import Entry
from survey_app.services.interviewing import participant_keys
from survey_app.services.interviewing.participant_keys import ROTATED
from survey_app.store import audit, participants
from survey_app.store.participants import Participant


@dataclass(frozen=True, slots=True)
class RotationReport:
    """How many people have a new key; whose data no key opens; and old keys that could not be destroyed yet."""

    renewed: int
    lost: int
    left: int


def rotate(context: Context) -> RotationReport:
    """ConflictError: a place cannot keep a key, or the ledger cannot be written; who had a new key by then keeps it."""
    settle(context)
    with context.database.reading() as session:
        seats = [row.seat_id for row, _ in participants.keeping(session)]
    renewed = lost = 0
    for seat_id in seats:
        done = _renew(context, seat_id)
        renewed, lost = renewed + (done is True), lost + (done is False)
    left = settle(context)
    with context.database.transaction() as session:
        audit.record(
            session,
            at=context.clock(),
            actor=None,
            action="participant_keys_rotated",
            object_type="participant_keys",
            object_id="all",
            detail=str(renewed),
        )
    return RotationReport(renewed, lost, left)


def settle(context: Context) -> int:
    """Destroys every key that another took the place of; returns how many could not be destroyed just now.

    Keys of a row that this database does not have, or that its own key does not open, are left alone: it may be an
    older database than the one whose keys these are.
    """
    folders = context.settings.key_folders
    there = participant_keys.names(folders)
    ledger = deleted_ledger.read(folders)
    if ledger is None:
        return 0
    alike = [names for names in _of_one_row(ledger.entries) if len(names & there) > 0]
    return sum(_settle_row(context, names) for names in alike if _may_differ(context, names, there))


def _renew(context: Context, seat_id: int) -> bool | None:
    """None: nothing is kept of the person any more. False: no key opens it."""
    folders = context.settings.key_folders
    with context.database.transaction() as session:
        row = participants.of_seat(session, seat_id, alone=True)
        if row is None or row.sealed is None or row.key_name is None:
            return None
        old = participant_keys.find_key(folders, row.key_name)
        content = participant_keys.open_box(old, seat_id, row.sealed) if old is not None else None
        if content is None:
            return False
        name = secrets.token_hex(16)
        deleted_ledger.add(folders, [{"kind": ROTATED, "of": f"{row.key_name}:{name}"}])
        _, key = participant_keys.new_key(folders, name)
        row.key_name, row.sealed = name, participant_keys.seal(key, seat_id, content)
        session.flush()
    return True


def _of_one_row(entries: Iterable[Entry]) -> list[frozenset[str]]:
    """Names of keys that took each other's place, directly or through others."""
    known: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry["kind"] == ROTATED:
            old, _, new = str(entry["of"]).partition(":")
            together = known[old] | known[new] | {old, new}
            for name in together:
                known[name] = together
    return list({frozenset(names) for names in known.values()})


def _may_differ(context: Context, names: frozenset[str], there: frozenset[str]) -> bool:
    """A first look without holding anything: most rows have their one key, and nothing is to do."""
    with context.database.reading() as session:
        row = participants.of_keys(session, names)
        return row is not None and bool((names & there) - {row.key_name})


def _settle_row(context: Context, names: frozenset[str]) -> int:
    """Holds the row meanwhile: a rotation that is going on is over then, or was undone."""
    folders = context.settings.key_folders
    left = 0
    with context.database.transaction() as session:
        found = participants.of_keys(session, names)
        row = participants.of_seat(session, found.seat_id, alone=True) if found is not None else None
        if row is None or row.key_name not in names or not _opens(context, row):
            return 0
        for name in sorted((names & participant_keys.names(folders)) - {row.key_name}):
            try:
                participant_keys.destroy(folders, name)
            except OSError:
                left += 1
    return left


def _opens(context: Context, row: Participant) -> bool:
    """Or nothing is left to open: then all its keys may go."""
    if row.sealed is None:
        return True
    key = participant_keys.find_key(context.settings.key_folders, str(row.key_name))
    return key is not None and participant_keys.open_box(key, row.seat_id, row.sealed) is not None
