"""The ledger of what was deleted for good: a file beside the keys, so that a restored backup brings none of it back.

A backup from before a deletion still has the rows. The ledger says which of them are to go again: ids and random
marks, never a name, a word or a moment. It lies as `deleted.jsonl` in both key folders, is only ever added to, and an
entry is on the disk before the deletion is committed. Unlike the keys it may be copied anywhere.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_app.errors import ConflictError
from survey_app.services import key_files
from survey_app.services.key_files import Folders

FILE = "deleted.jsonl"
Entry = Mapping[str, Any]
NOT_KEPT = (
    "Nie można zapisać w rejestrze usuniętych danych, że te dane mają zniknąć także z kopii zapasowych, więc niczego"
    " nie usunięto. Administrator musi sprawdzić katalogi z ustawienia KEY_FOLDERS."
)
DAMAGED = "Plik {path} (rejestr usuniętych danych) jest uszkodzony albo nie można go odczytać."
TWO = (
    "W katalogach z KEY_FOLDERS leżą dwa różne rejestry usuniętych danych (deleted.jsonl). Jeden z nich pochodzi"
    " z innej instalacji; trzeba go odłożyć gdzie indziej."
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """`id`: random, made once. Entries in the order in which they were made; each has a `kind` and names what it is
    `of`, and no two have both alike.
    """

    id: str
    entries: tuple[Entry, ...] = ()


class _UnreadableError(OSError):
    """The file is there, and it is no ledger."""


def read(folders: Folders) -> Ledger | None:
    """What either place knows. None: neither has one. ConflictError: one is damaged, or they do not belong together."""
    found = []
    for folder in folders:
        try:
            found.append(_read(folder))
        except OSError as error:
            raise ConflictError(DAMAGED.format(path=folder / FILE)) from error
    return _together(one for one in found if one is not None)


def begin(folders: Folders) -> Ledger:
    """The ledger, made empty where there is none yet, and complete in every place that can be reached."""
    return add(folders, ())


def add(folders: Folders, entries: Iterable[Entry]) -> Ledger:
    """On the disk when it returns, in every place that can be reached; what is known already is not added again.

    ConflictError: no place could be written, and nothing may be deleted.
    """
    wanted, failed, kept = list(entries), None, None
    try:
        places = _reachable(folders)
        with _alone(places):
            known = _together(one for place in places if (one := _readable(place)) is not None)
            ledger = _with(known or Ledger(secrets.token_hex(16)), wanted)
            for place in places:
                try:
                    _write_missing(place, ledger)
                    kept = ledger
                except OSError as error:
                    failed = error
    except OSError as error:
        failed = error
    if kept is None:
        raise ConflictError(NOT_KEPT) from failed
    return kept


def _reachable(folders: Folders) -> list[Path]:
    """A folder that is not there while the other is, is a disk that is not mounted. Neither: the first start."""
    there = [folder for folder in folders if folder.is_dir()]
    for folder in () if there else folders:
        key_files.make_folder(folder)
    return there or list(folders)


@contextmanager
def _alone(places: Iterable[Path]) -> Iterator[None]:
    with ExitStack() as held:
        for place in places:
            descriptor = os.open(place, os.O_RDONLY)
            held.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def _together(found: Iterable[Ledger]) -> Ledger | None:
    whole: Ledger | None = None
    for one in found:
        if whole is not None and whole.id != one.id:
            raise ConflictError(TWO)
        whole = one if whole is None else _with(whole, one.entries)
    return whole


def _with(ledger: Ledger, more: Iterable[Entry]) -> Ledger:
    entries = {_identity(one): one for one in ledger.entries}
    for one in more:
        entries.setdefault(_identity(one), one)
    return Ledger(ledger.id, tuple(entries.values()))


def _identity(entry: Entry) -> tuple[str, str]:
    return str(entry["kind"]), str(entry["of"])


def _readable(folder: Path) -> Ledger | None:
    """A damaged file is not added to; the other place has to keep what is new."""
    try:
        return _read(folder)
    except OSError:
        return None


def _read(folder: Path) -> Ledger | None:
    """A last line without its end was being written when the machine stopped: its deletion was not committed."""
    try:
        content = (folder / FILE).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    first, *lines = content[: content.rfind(b"\n") + 1].splitlines() or [b""]
    try:
        ledger = Ledger(str(json.loads(first)["ledger"]))
        return _with(ledger, [json.loads(line) for line in lines])
    except (ValueError, KeyError, TypeError) as error:
        raise _UnreadableError(DAMAGED.format(path=folder / FILE)) from error


def _write_missing(folder: Path, ledger: Ledger) -> None:
    known = _read(folder)
    if known is None:
        _write_new(folder, ledger)
        return
    there = {_identity(one) for one in known.entries}
    missing = [one for one in ledger.entries if _identity(one) not in there]
    if missing:
        with (folder / FILE).open("r+b") as file:
            content = file.read()
            file.seek(content.rfind(b"\n") + 1)
            file.truncate()
            file.write(b"".join(map(_line, missing)))
            file.flush()
            os.fsync(file.fileno())


def _write_new(folder: Path, ledger: Ledger) -> None:
    """Whole at once: a file with half a first line would be no ledger."""
    unfinished = folder / f".{FILE}.new"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_line({"ledger": ledger.id}) + b"".join(map(_line, ledger.entries)))
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, folder / FILE)
    key_files.sync_folder(folder)


def _line(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True).encode() + b"\n"
