"""Zip files whose bytes depend on what is in them alone, so that the same report is the same file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that the format knows
_PLAIN_FILE = 0o644 << 16


def zip_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The files in the given order, compressed, without the time of their making."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, content)
    return target.getvalue()


def without_times(content: bytes) -> bytes:
    """The same archive, in the same order, without the time of its making."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zip_of([(name, archive.read(name)) for name in archive.namelist()])
