"""Key files: written in two places before anything needs them, and destroyed so that nothing can be read again.

A file is `name` in each folder, 0600, its content in hexadecimal. What the keys open, and what to say when one is
missing, is for those who use them.
"""

from __future__ import annotations

import os
from pathlib import Path

Folders = tuple[Path, Path]
OWNER_ONLY = 0o700


def write(folder: Path, name: str, key: bytes) -> None:
    """On the disk when it returns. OSError: it cannot be kept; FileExistsError: no key is ever overwritten."""
    make_folder(folder)
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.hex().encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def read(folder: Path, name: str) -> bytes | None:
    """None unless the file is there, readable, and hexadecimal. A file that was half destroyed is none."""
    try:
        return bytes.fromhex((folder / name).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def destroy(folder: Path, name: str) -> None:
    """Overwrites the file, then removes it; nothing happens where it is gone already. OSError: it is still there."""
    path = folder / name
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(b"\x00" * path.stat().st_size)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(folder)


def make_folder(folder: Path) -> None:
    """For the service's account only."""
    folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(OWNER_ONLY)


def sync_folder(folder: Path) -> None:
    """A file is only safe (or gone) once the folder that names it is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
