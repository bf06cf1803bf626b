"""The file of a backup: a line that says what it is, the content (sealed with a passphrase if wanted), a checksum.

    {"survey-app backup": 1, "sealed": null or {...}}\\n
    content: lines, or pieces of a secretstream (XChaCha20-Poly1305) of PIECE bytes each, the last one marked as last
    \\nsha256 <64 hexadecimal digits of everything before>\\n

The checksum tells a file that was cut or spoilt from a wrong passphrase, without the passphrase. The seal tells
one that was changed on purpose, too: its key follows from the passphrase (argon2id), and each piece vouches for the
first line.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError
from nacl.exceptions import RuntimeError as NaclRuntimeError

from survey_app.errors import InvalidInputError

VERSION = 1
OPENING = b'{"survey-app backup": '
PIECE = 65_536
LONGEST_FIRST_LINE = 1_000
LONGEST_LINE = 128 * 2**20  # a row with a whole document in it
LAST_LINE = len(b"\nsha256 ") + 64 + len(b"\n")
KDF_TIMES, KDF_MEMORY = pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE
MOST_TIMES, MOST_MEMORY = 16, 2**30  # what a file may ask for
NOTHING_DONE = "Niczego nie zmieniono."
NOT_ONE = f"Ten plik nie jest kopią zapasową tego serwisu. {NOTHING_DONE}"
CUT = f"Kopia jest niepełna: plik jest ucięty albo jego zapis nie został dokończony. {NOTHING_DONE}"
SPOILT = f"Kopia jest uszkodzona: suma kontrolna się nie zgadza. {NOTHING_DONE}"
NEWER = f"Kopia jest z nowszej wersji serwisu. Trzeba najpierw zaktualizować serwis. {NOTHING_DONE}"
WRONG_PASSPHRASE = f"Hasło do kopii jest inne. {NOTHING_DONE}"


@dataclass(frozen=True, slots=True)
class Sealed:
    """How the key follows from a passphrase, and where the secretstream begins."""

    times: int
    memory: int
    salt: bytes
    header: bytes

    @property
    def modest(self) -> bool:
        """Does it ask for no more work than a backup of this service ever does, and is it complete?"""
        return (
            1 <= self.times <= MOST_TIMES
            and pwhash.argon2id.MEMLIMIT_MIN <= self.memory <= MOST_MEMORY
            and len(self.salt) == pwhash.argon2id.SALTBYTES
            and len(self.header) == bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
        )


@dataclass(frozen=True, slots=True)
class Envelope:
    """A file whose checksum is right. `sealed` None: anybody can read it."""

    path: Path
    first_line: bytes
    content_end: int
    sealed: Sealed | None


class Writer:
    """Writes the first line at once, then what is handed in, and the checksum at `finish`."""

    def __init__(self, file: BinaryIO, passphrase: str | None) -> None:
        self._file, self._sum = file, hashlib.sha256()
        self._waiting = bytearray()
        self._state: Any = None
        sealed = None
        if passphrase is not None:
            salt = secrets.token_bytes(pwhash.argon2id.SALTBYTES)
            state = bindings.crypto_secretstream_xchacha20poly1305_state()
            key = _key(passphrase, salt, KDF_TIMES, KDF_MEMORY)
            header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
            sealed = {
                "kdf": "argon2id", "times": KDF_TIMES, "memory": KDF_MEMORY, "salt": salt.hex(), "header": header.hex()
            }  # fmt: skip
            self._state = state
        self._first_line = OPENING + f"{VERSION}, ".encode() + f'"sealed": {json.dumps(sealed)}}}\n'.encode()
        self._out(self._first_line)

    def write(self, content: bytes) -> None:
        if self._state is None:
            self._out(content)
            return
        self._waiting += content
        while len(self._waiting) > PIECE:  # one always stays, to be marked as the last
            piece = bytes(self._waiting[:PIECE])
            del self._waiting[:PIECE]
            self._seal(piece, bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)

    def finish(self) -> str:
        """Returns the checksum."""
        if self._state is not None:
            self._seal(bytes(self._waiting), bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL)
        found = self._sum.hexdigest()
        self._file.write(f"\nsha256 {found}\n".encode())
        return found

    def _seal(self, piece: bytes, tag: int) -> None:
        push = bindings.crypto_secretstream_xchacha20poly1305_push
        self._out(push(self._state, piece, self._first_line, tag))

    def _out(self, content: bytes) -> None:
        self._file.write(content)
        self._sum.update(content)


def look_at(path: Path) -> Envelope:
    """Reads the whole file once and compares its checksum. InvalidInputError: what is wrong with it."""
    size = path.stat().st_size
    if size == 0:
        raise InvalidInputError(f"Plik jest pusty, więc nie jest kopią zapasową. {NOTHING_DONE}")
    with path.open("rb") as file:
        first_line = file.readline(LONGEST_FIRST_LINE)
        if not first_line.startswith(OPENING):
            raise InvalidInputError(CUT if OPENING.startswith(first_line) else NOT_ONE)
        end = size - LAST_LINE
        file.seek(max(end, 0))
        last_line = file.read()
        if end < len(first_line) or not last_line.startswith(b"\nsha256 ") or not last_line.endswith(b"\n"):
            raise InvalidInputError(CUT)
        if last_line != f"\nsha256 {_sum_of(file, end)}\n".encode():
            raise InvalidInputError(SPOILT)
    return Envelope(path, first_line, end, _read_first_line(first_line))


def _sum_of(file: BinaryIO, end: int) -> str:
    found = hashlib.sha256()
    file.seek(0)
    for piece in _pieces(file, end, 2**20):
        found.update(piece)
    return found.hexdigest()


def _pieces(file: BinaryIO, length: int, size: int) -> Iterator[bytes]:
    while length > 0:
        piece = file.read(min(size, length))
        if not piece:
            raise InvalidInputError(CUT)
        length -= len(piece)
        yield piece


def _read_first_line(line: bytes) -> Sealed | None:
    try:
        told = json.loads(line)
        version, sealed = told["survey-app backup"], told["sealed"]
    except (ValueError, KeyError, RecursionError) as error:
        raise InvalidInputError(NOT_ONE) from error
    if type(version) is not int or version > VERSION:
        raise InvalidInputError(NEWER)
    if sealed is None:
        return None
    try:
        salt, header = bytes.fromhex(sealed["salt"]), bytes.fromhex(sealed["header"])
        found = Sealed(int(sealed["times"]), int(sealed["memory"]), salt, header)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInputError(NOT_ONE) from error
    if not found.modest or sealed.get("kdf") != "argon2id":
        raise InvalidInputError(NOT_ONE)
    return found


def lines(envelope: Envelope, passphrase: str | None) -> Iterator[bytes]:
    """The content line by line. InvalidInputError: the passphrase is another one, or the content ends too early."""
    with envelope.path.open("rb") as file:
        file.seek(len(envelope.first_line))
        length = envelope.content_end - len(envelope.first_line)
        plain = _pieces(file, length, PIECE)
        if envelope.sealed is not None:
            plain = _opened(file, length, envelope, passphrase or "")
        rest: list[bytes] = []  # of a line that goes on in the next piece
        size = 0
        for piece in plain:
            *whole, tail = piece.split(b"\n")
            for end in whole:
                yield b"".join((*rest, end))
                rest, size = [], 0
            rest.append(tail)
            size += len(tail)
            if size > LONGEST_LINE:
                raise InvalidInputError(SPOILT)
        if size:
            raise InvalidInputError(CUT)


def _opened(file: BinaryIO, length: int, envelope: Envelope, passphrase: str) -> Iterator[bytes]:
    assert envelope.sealed is not None
    how = envelope.sealed
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    key = _key(passphrase, how.salt, how.times, how.memory)
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, how.header, key)
    ended, first = False, True
    for piece in _pieces(file, length, PIECE + bindings.crypto_secretstream_xchacha20poly1305_ABYTES):
        if ended:
            raise InvalidInputError(SPOILT)
        try:
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, piece, envelope.first_line
            )
        except (CryptoError, NaclRuntimeError, ValueError) as error:
            raise InvalidInputError(WRONG_PASSPHRASE if first else SPOILT) from error
        ended, first = tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL, False
        yield plain
    if not ended:
        raise InvalidInputError(CUT)


def _key(passphrase: str, salt: bytes, times: int, memory: int) -> bytes:
    """The same letters make the same key, however a keyboard composes them."""
    typed = unicodedata.normalize("NFC", passphrase).encode()
    size = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
    return bytes(pwhash.argon2id.kdf(size, typed, salt, opslimit=times, memlimit=memory))
