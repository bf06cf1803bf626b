"""Personal data of a participant, sealed under a key of its own that lies in two places, apart from the database.

Whoever destroys the key destroys the data, also in every backup of the database that was ever written. A key is on
the disk in both places before a row needs it; a rolled-back transaction may leave a key that opens nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from survey_app.errors import ConflictError
from survey_app.services import key_files
from survey_app.services.key_files import Folders

BUCKET = 1024  # a sealed row is as long as any other: its length tells no name's length
FOLDER = "participants"
ROTATED = "rotated"  # kind of an entry of the ledger: "old:new", names of keys of one row
NO_KEY = (
    "Nie ma klucza do danych osobowych osoby {letter} w żadnym z dwóch miejsc, więc nie można ich odczytać ani zmienić."
    " Administrator może odzyskać plik klucza (ustawienie KEY_FOLDERS); można też usunąć te dane."
)
NOT_KEPT = (
    "Nie można zapisać klucza do danych osobowych, więc tych danych nie zapisano."
    " Administrator musi sprawdzić katalogi z ustawienia KEY_FOLDERS."
)


def new_key(folders: Folders, name: str = "") -> tuple[str, bytes]:
    """A name and a key, kept in both places and read back. ConflictError: one of them cannot keep it."""
    name, key = name or secrets.token_hex(16), secrets.token_bytes(SecretBox.KEY_SIZE)
    try:
        for folder in folders:
            key_files.make_folder(folder)
            key_files.write(folder / FOLDER, _file(name), key)
    except OSError as error:
        raise ConflictError(NOT_KEPT) from error
    if any(_read(folders, place, name) != key for place in (0, 1)):
        raise ConflictError(NOT_KEPT)
    return name, key


def find_key(folders: Folders, name: str) -> bytes | None:
    """From whichever place has it."""
    return _read(folders, 0, name) or _read(folders, 1, name)


def seal(key: bytes, seat_id: int, content: Mapping[str, Any]) -> bytes:
    """Bound to its seat: a box that was put into another row does not open there."""
    plain = json.dumps({"seat": seat_id, **content}, ensure_ascii=False, sort_keys=True).encode()
    return bytes(SecretBox(key).encrypt(plain.ljust(-(-len(plain) // BUCKET) * BUCKET)))


def open_box(key: bytes, seat_id: int, box: bytes) -> dict[str, Any] | None:
    """None: the box does not open with this key, or is another seat's."""
    try:
        content: dict[str, Any] = json.loads(SecretBox(key).decrypt(box))
    except (CryptoError, ValueError):
        return None
    return content if content.pop("seat", None) == seat_id else None


def destroy(folders: Folders, name: str) -> None:
    """In both places. OSError: a place cannot be reached or written, so the key may still be there.

    A place without its folder is a disk that is not mounted, not a key that is gone.
    """
    failed: OSError | None = None
    for folder in folders:
        try:
            if not (folder / FOLDER).is_dir():
                raise FileNotFoundError(folder)
            key_files.destroy(folder / FOLDER, _file(name))
        except OSError as error:  # the other place is tried all the same
            failed = error
    if failed is not None:
        raise failed


def names(folders: Folders) -> frozenset[str]:
    """Of all keys that lie in either place."""
    return frozenset(path.stem for folder in folders for path in (folder / FOLDER).glob(_file("*")))


def places(folders: Folders, name: str) -> tuple[bool, bool]:
    """Whether each of the two places holds the key."""
    return _read(folders, 0, name) is not None, _read(folders, 1, name) is not None


def copy_where_missing(folders: Folders, name: str) -> bool:
    """Writes the key again into a place that lost it. False when neither has it. OSError: it cannot be written."""
    key = find_key(folders, name)
    if key is None:
        return False
    for place, folder in enumerate(folders):
        if _read(folders, place, name) is None:
            key_files.make_folder(folder)
            (folder / FOLDER / _file(name)).unlink(missing_ok=True)
            key_files.write(folder / FOLDER, _file(name), key)
    return True


def _file(name: str) -> str:
    return f"{name}.key"


def _read(folders: Folders, place: int, name: str) -> bytes | None:
    key = key_files.read(folders[place] / FOLDER, _file(name))
    return key if key is not None and len(key) == SecretBox.KEY_SIZE else None
