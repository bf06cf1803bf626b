"""Deleted means gone: a search of every file of the service, of a dump, and of the backups that were written before.

Each search is shown to have teeth first: what it must not find afterwards, it finds before (with the key, or in the
free pages).
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from survey_app.services import housekeeping
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    interviews,
    participant_keys,
    participants,
    retention,
    transcripts,
    withdraw,
)
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.participants import PersonalData
from survey_app.store import participants as store
from tests.interview_kit import GMINA, agree, lock_notes, note, planned
from tests.stores import Clock, find_programs

NAME, CONTACT, POST = "Żanna Ćwirlej-Źdźbło", "zanna.cwirlej@example.org", "zastępczyni wójta do spraw łąk"
SAID, KEPT = "Pierogi-Świadectwo-łączą-wszystkich", "Wapienniki-Ostają-się"


def forms_of(words: Iterable[str]) -> list[bytes]:
    """The words as files might hold them."""
    found: list[bytes] = []
    for word in words:
        plain = word.encode()
        escaped = word.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")
        found += [plain, escaped, word.encode("utf-16-le"), word.encode("iso-8859-2"), plain.hex().encode()]
    return found


def backup(context: Context, name: str) -> Path:
    """A copy of the whole database, as an operator would make it, in the service's own folder."""
    target = context.settings.var / name
    if context.database.is_sqlite:
        with sqlite3.connect(str(context.database.url.database)) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        source.close()
        copy.close()
        return target
    programs = find_programs()
    assert programs is not None
    url = context.database.url
    command = [str(programs / "pg_dump"), "-h", str(url.query["host"]), "-U", "postgres", "-f", str(target)]
    if shutil.which("pg_dump", path=str(programs)) is None:
        pytest.skip("pg_dump is missing")
    subprocess.run([*command, str(url.database)], check=True)
    return target


def files_of(context: Context, *, everything: bool = False) -> dict[Path, bytes]:
    """Every file of the service, keys and logs beside the database among them.

    `everything`: PostgreSQL's whole folder, with its write-ahead log; else what holds this database's rows.
    """
    folders = [context.settings.var]
    if not context.database.is_sqlite:
        with context.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sql("CHECKPOINT"))
            home = Path(str(connection.scalar(sql("SHOW data_directory"))))
            number = connection.scalar(sql("SELECT oid FROM pg_database WHERE datname = current_database()"))
        folders.append(home if everything else home / "base" / str(number))
    found = {}
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        try:
            found[path] = path.read_bytes()
        except FileNotFoundError:  # the server tidied it away meanwhile
            continue
    return found


def holding(files: dict[Path, bytes], needles: Iterable[bytes]) -> list[tuple[str, bytes]]:
    return [(path.name, one) for one in needles for path, content in files.items() if one in content]


def opens(files: dict[Path, bytes], sealed: bytes, seat_id: int) -> bool:
    """Is there any run of bytes, raw or in hexadecimal, in any of the files, that opens the box?"""
    tried: set[bytes] = set()
    for content in files.values():
        for run in re.findall(rb"[0-9a-fA-F]{64}", content):
            tried.add(bytes.fromhex(run.decode()))
        if len(content) <= 4096:  # a file of a key; a big one is looked into at places where rows begin
            tried |= {content[start : start + 32] for start in range(len(content) - 31)}
    return any(participant_keys.open_box(key, seat_id, sealed) for key in tried if len(key) == 32)


def sealed_in(copy: Path, context: Context, sealed: bytes) -> bool:
    content = copy.read_bytes()
    return (sealed if context.database.is_sqlite else sealed.hex().encode()) in content


def person(context: Context) -> tuple[Interview, bytes, int]:
    made = planned(context)
    agree(context, made)
    data = PersonalData(NAME, CONTACT, {"stanowisko": POST})
    participants.set_personal(context, GMINA, made.id, "A", data, None)
    with context.database.reading() as session:
        row = store.of_seat(session, made.seats[0].id)
        assert row is not None
        assert row.sealed is not None
        return made, row.sealed, row.seat_id


@pytest.mark.parametrize("by", ["hand", "worker"])
def test_deleted_personal_data_are_nowhere_and_old_backups_forget(
    context: Context, clock: Clock, by: str
) -> None:
    made, sealed, seat_id = person(context)
    old = backup(context, "kopia-sprzed")
    needles = forms_of([NAME, CONTACT, POST])

    # Before: nowhere in clear, not even in PostgreSQL's log; the box lies in the backup, and opens with a key file.
    assert holding(files_of(context, everything=True), needles) == []
    assert sealed_in(old, context, sealed)
    assert opens(files_of(context), sealed, seat_id)

    if by == "hand":
        assert retention.delete(context, GMINA, made.id, "A", None)
    else:
        clock.advance(days=400)
        housekeeping.run_once(context)
    new = backup(context, "kopia-po")

    after = files_of(context, everything=True)
    assert holding(after, needles) == []
    assert sealed_in(old, context, sealed)  # the old backup still has the box,
    assert not opens(after, sealed, seat_id)  # and nothing that is left opens it
    assert not sealed_in(new, context, sealed)
    fresh = {path: content for path, content in files_of(context).items() if path != old}
    assert holding(fresh, [sealed[24:88]]) == []  # no free page, and no log beside the database


def test_withdrawn_words_are_nowhere_in_the_database(context: Context) -> None:
    made = planned(context, "fgi", 2)
    agree(context, made, "AB")
    note(context, made, 1, "A", f"To jest {SAID}.")
    note(context, made, 2, "B", f"A to {KEPT}.")
    interviews.hold(context, GMINA, made.id, dt.date(2026, 11, 1), "", "", made.revision, None)
    lock_notes(context, made)
    needles = forms_of([SAID])
    assert holding(files_of(context), needles)

    withdraw.withdraw(context, GMINA, made.id, "A", None)
    assert holding(files_of(context), needles) == []
    new = backup(context, "kopia-po")
    assert holding({new: new.read_bytes()}, needles) == []
    assert holding({new: new.read_bytes()}, forms_of([KEPT]))


@pytest.mark.parametrize("deed", ["cut", "remove"])
def test_words_of_who_withdrew_that_a_person_cuts_by_hand_are_nowhere_either(
    context: Context, deed: str
) -> None:
    """They stood under no letter, so the withdrawal could only name the transcript."""
    made = planned(context, "fgi", 2)
    agree(context, made, "AB")
    found = transcripts.read_pasted(f"A: Zaczynam.\nM: Przerwał: to jest {SAID}.\nB: Tak.")
    meant = {"A": "A", "B": "B", "M": transcripts.NOBODY}
    kept = transcripts.keep(context, GMINA, made.id, found, meant, None)
    assert [one.number for one in withdraw.withdraw(context, GMINA, made.id, "A", None).unattributed] == [1]
    left = transcripts.transcript(context, GMINA, made.id, kept.number)
    assert SAID in left.text
    if deed == "cut":
        transcripts.cut(context, GMINA, made.id, kept.number, 1, 1, left.sha256, None)
    else:
        transcripts.remove(context, GMINA, made.id, kept.number, left.sha256, None)
    housekeeping.run_once(context)
    assert holding(files_of(context), forms_of([SAID])) == []


def test_without_the_rewriting_free_pages_would_tell(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search has teeth: it finds what only a rewrite takes away."""
    monkeypatch.setattr(type(context.database), "vacuum", lambda *_tables: False)
    made = planned(context)
    agree(context, made)
    note(context, made, 1, "A", f"To jest {SAID}.")
    went = withdraw.withdraw(context, GMINA, made.id, "A", None)
    assert not went.swept
    assert holding(files_of(context), forms_of([SAID]))
    monkeypatch.undo()
    housekeeping.run_once(context)
    assert holding(files_of(context), forms_of([SAID])) == []
