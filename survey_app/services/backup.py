"""A backup: every row of every table in one file, read as of one moment while the service goes on.

Nothing else is in it: no key of a campaign or of a person, no secret of sessions. So a stolen backup opens no sealed
answer and no name, and a campaign that is running can be restored but locked only where its key files are.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from survey_app.config import CHECKOUT
from survey_app.errors import ConflictError
from survey_app.services import deleted_ledger, key_files, schema
from survey_app.services.backup_file import Writer
from survey_app.services.context import Context
from survey_app.services.deleted_ledger import Ledger
from survey_app.store import dump

PROJECT = CHECKOUT / "pyproject.toml"
TAKEN = "Plik {path} już istnieje, a kopia niczego nie nadpisuje. Prosimy podać inną nazwę."


@dataclass(frozen=True, slots=True)
class BackupReport:
    """`checksum`: of the file, as its last line says it."""

    rows: int
    tables: int
    size: int
    checksum: str


def backup(context: Context, path: Path, passphrase: str | None = None) -> BackupReport:
    """Writes a new file for its owner alone, safe on the disk when this returns. ConflictError: it is there already."""
    ledger = deleted_ledger.begin(context.settings.key_folders)  # before the rows: it only ever grows
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ConflictError(TAKEN.format(path=path)) from error
    try:
        with os.fdopen(descriptor, "wb", buffering=2**20) as file:
            writer = Writer(file, passphrase)
            counts: dict[str, int] = {}
            with context.database.snapshot() as connection:
                for line in _content(context, connection, ledger, counts):
                    writer.write(line)
            checksum = writer.finish()
            file.flush()
            os.fsync(file.fileno())
        key_files.sync_folder(path.absolute().parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return BackupReport(sum(counts.values()), len(counts), path.stat().st_size, checksum)


def _content(
    context: Context, connection: Connection, ledger: Ledger, counts: dict[str, int]
) -> Iterator[bytes]:
    """How it begins; each table with its rows; how many rows of each there are, and their checksums."""
    yield _line({"begin": _beginning(context, connection, ledger)})
    manifest = {}
    for name in dump.own_tables():
        shape = dump.shape_of(connection, name)
        rows, found = 0, hashlib.sha256()
        yield _line({"table": name, "columns": [list(column) for column in shape.columns]})
        for line in dump.lines(connection, shape):
            rows += 1
            found.update(line)
            yield line
        counts[name] = rows
        manifest[name] = {"rows": rows, "sha256": found.hexdigest()}
    yield _line({"manifest": manifest})


def _beginning(context: Context, connection: Connection, ledger: Ledger) -> dict[str, object]:
    return {
        "schema": schema.revision_of(connection),
        "made_at": context.clock().isoformat(),
        "service": tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"],
        "ledger": {"id": ledger.id, "entries": len(ledger.entries)},
    }


def _line(content: dict[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
