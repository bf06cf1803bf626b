"""Files that commands read and write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from survey_app.errors import ConfigurationError

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def new_secret_file(path: Path) -> Iterator[BinaryIO]:
    """Made before the codes are, which exist only once: a file that cannot be written must not cost them.

    Only its owner may read it, and one that is there already, perhaps another campaign's, is never overwritten.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigurationError(f"Plik {path} już istnieje. Podaj inną nazwę w --codes.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        if path.stat().st_size == 0:
            path.unlink()
        raise


def write_or_print(content: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(content, nl=False)
    else:
        out.write_bytes(content)
        click.echo(f"Zapisano {out}")
