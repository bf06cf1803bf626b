"""The seal of an anonymous campaign's inbox: a key pair per campaign, the private half in two places.

METHOD, "The ankieta", and docs/anonymity.md: while a campaign runs its answers lie encrypted; nobody reads
them with the database alone. Losing the private key loses the answers, so it is written twice, read back and
tried before a campaign opens, and destroyed once the campaign is locked.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services import key_files
from survey_app.services.key_files import Folders

# A box is as long as its bucket: length must not tell long writers from short ones. Compressed, an ankieta with
# all its boxes filled fits in the first.
BUCKETS = (4_096, 16_384, 65_536, 262_144)
LENGTH_BYTES = 4
MAX_PLAINTEXT = 1_048_576  # whoever can write to the database can also seal: what comes out has an end
PROBE = b"probe"


def new_key(folders: Folders, public_id: str) -> bytes:
    """Makes a key pair, keeps the private half in both folders, tries both; returns the public half.

    Raises ConflictError when either place cannot keep it: a campaign without a safe key must not open.
    """
    private = PrivateKey.generate()
    public = bytes(private.public_key)
    for folder in folders:
        try:
            key_files.write(folder, _file_name(public_id, public), bytes(private))
        except OSError as error:
            raise ConflictError(
                "Nie można zapisać klucza do skrzynki na odpowiedzi, więc kampania nie została otwarta."
                " Administrator musi sprawdzić katalogi z ustawienia KEY_FOLDERS."
            ) from error
    _try_out(folders, public_id, public)
    return public


def seal(public_key: bytes, plaintext: bytes) -> bytes:
    """A box that only the private key opens; its length says the bucket and nothing more."""
    return SealedBox(PublicKey(public_key)).encrypt(_padded(plaintext))


def open_boxes(folders: Folders, public_id: str, public_key: bytes, boxes: Sequence[bytes]) -> list[bytes]:
    """The plaintexts in the same order. ConflictError when the key is lost or any box does not open."""
    opener = SealedBox(_any_key(folders, public_id, public_key))
    try:
        return [_unpadded(opener.decrypt(box)) for box in boxes]
    except (CryptoError, ValueError, zlib.error) as error:
        raise ConflictError(
            "Co najmniej jednej zapieczętowanej odpowiedzi nie da się otworzyć, więc kampania nie została"
            " zablokowana i niczego nie zmieniono. Administrator musi sprawdzić bazę i jej kopię."
        ) from error


def destroy_key(folders: Folders, public_id: str, public_key: bytes) -> None:
    """Overwrites and removes the private key in both places; nothing happens where it is gone already."""
    for folder in folders:
        key_files.destroy(folder, _file_name(public_id, public_key))


def places_with_key(folders: Folders, public_id: str, public_key: bytes) -> tuple[bool, bool]:
    """Whether each of the two places holds the right key."""
    first, second = (_read(folder, public_id, public_key) is not None for folder in folders)
    return first, second


def copy_key_where_missing(folders: Folders, public_id: str, public_key: bytes) -> bool:
    """Writes the key again into a place that lost it. False when neither place has it."""
    key = next((found for folder in folders if (found := _read(folder, public_id, public_key))), None)
    if key is None:
        return False
    for folder in folders:
        if _read(folder, public_id, public_key) is None:
            (folder / _file_name(public_id, public_key)).unlink(missing_ok=True)
            key_files.write(folder, _file_name(public_id, public_key), bytes(key))
    return True


def _file_name(public_id: str, public_key: bytes) -> str:
    """Named after the key as well: a second attempt to open can never overwrite the key of the first."""
    return f"{public_id}-{hashlib.sha256(public_key).hexdigest()[:16]}.key"


def _read(folder: Path, public_id: str, public_key: bytes) -> PrivateKey | None:
    """None unless the file is there, readable, and the private half of this very public key."""
    content = key_files.read(folder, _file_name(public_id, public_key))
    try:
        key = PrivateKey(content or b"")
    except (ValueError, CryptoError):
        return None
    return key if bytes(key.public_key) == public_key else None


def _any_key(folders: Folders, public_id: str, public_key: bytes) -> PrivateKey:
    for folder in folders:
        key = _read(folder, public_id, public_key)
        if key is not None:
            return key
    raise ConflictError(
        "Nie ma klucza do zapieczętowanych odpowiedzi w żadnym z dwóch miejsc, więc kampania nie została"
        " zablokowana i niczego nie zmieniono. Administrator musi odzyskać plik klucza (ustawienie KEY_FOLDERS)."
    )


def _try_out(folders: Folders, public_id: str, public_key: bytes) -> None:
    box = seal(public_key, PROBE)
    for folder in folders:
        key = _read(folder, public_id, public_key)
        if key is None or _unpadded(SealedBox(key).decrypt(box)) != PROBE:
            raise ConflictError(
                "Zapisany klucz do skrzynki na odpowiedzi nie daje się odczytać, więc kampania nie została"
                " otwarta. Administrator musi sprawdzić katalogi z ustawienia KEY_FOLDERS."
            )


def _padded(plaintext: bytes) -> bytes:
    packed = zlib.compress(plaintext, 9)
    needed = LENGTH_BYTES + len(packed)
    bucket = next((size for size in BUCKETS if size >= needed), None)
    if bucket is None or len(plaintext) > MAX_PLAINTEXT:
        raise InvalidInputError("Odpowiedź jest za długa, aby ją zapisać. Prosimy skrócić teksty.")
    return (len(packed).to_bytes(LENGTH_BYTES, "big") + packed).ljust(bucket, b"\x00")


def _unpadded(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    unpacker = zlib.decompressobj()
    plaintext = unpacker.decompress(padded[LENGTH_BYTES : LENGTH_BYTES + length], MAX_PLAINTEXT)
    if unpacker.unconsumed_tail:
        raise ValueError("a box holds more than any form can send")
    return plaintext
