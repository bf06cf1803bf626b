"""A file between its preview and its saving, carried by the page itself.

Nothing of an unsaved catalogue, which names people, is kept on the server; a second process can take the second
step; and what comes back is read and checked as strictly as the first time.
"""

from __future__ import annotations

import base64
import binascii
import zlib

from survey_app.errors import InvalidInputError

LARGEST = 5_000_000  # as much as a catalogue may have
LOST = "Plik nie wrócił w całości. Prosimy wczytać go jeszcze raz; niczego nie zapisano."


def pack(name: str, content: bytes) -> str:
    """The file as text for a hidden field."""
    return base64.b64encode(zlib.compress(name.encode("utf-8") + b"\0" + content, 9)).decode("ascii")


def unpack(text: str) -> tuple[str, bytes]:
    """Name and content. InvalidInputError if the text was cut, changed, or would swell past `LARGEST`."""
    try:
        reader = zlib.decompressobj()
        plain = reader.decompress(base64.b64decode(text, validate=True), LARGEST + 1024)
    except (binascii.Error, zlib.error, ValueError):
        raise InvalidInputError(LOST) from None
    name, mark, content = plain.partition(b"\0")
    if not reader.eof or not mark or len(content) > LARGEST:
        raise InvalidInputError(LOST)
    return name.decode("utf-8", "replace"), content
