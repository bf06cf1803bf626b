"""What tests of backups begin with: another, empty service beside the one that was backed up."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from nacl import pwhash
from sqlalchemy import func, select

from survey_app.models import Base
from survey_app.services import backup_file
from survey_app.services.context import Context
from survey_app.services.deleted_ledger import FILE
from tests.stores import Cluster, make_sqlite_template, settings_for, short_folder

PASSPHRASE = "zażółć gęślą jaźń"


def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real argon2id with its cheapest parameters."""
    monkeypatch.setattr(backup_file, "KDF_TIMES", pwhash.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(backup_file, "KDF_MEMORY", pwhash.argon2id.MEMLIMIT_MIN)


@contextmanager
def empty_service(
    folder: Path,
    like: Context,
    cluster: Cluster | None = None,
    *,
    with_ledger: bool = True,
    bare: bool = False,
) -> Iterator[Context]:
    """On a SQLite file, or in the cluster: tables without rows, which is quicker, or `bare`: no tables at all.

    Its ledger is a copy of the other's.
    """
    var = folder / "other"
    var.mkdir(parents=True)
    name = cluster.create(empty=bare) if cluster else None
    url = cluster.url(name) if cluster and name else f"sqlite:///{var / 'survey.sqlite3'}"
    if not (bare or cluster):
        shutil.copyfile(_template(), var / "survey.sqlite3")
    settings = settings_for(var, url)
    if with_ledger:
        copy_ledger(like, settings.key_folders[0])
    service = Context(settings, Context.from_settings(settings).database, like.clock)
    yield service
    service.database.dispose()
    if cluster and name:
        cluster.drop(name)


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="survey-template-", dir=short_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make_sqlite_template(folder)


def copy_ledger(source: Context, folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(source.settings.key_folders[0] / FILE, folder / FILE)


def counts(context: Context) -> dict[str, int]:
    """Rows of each table."""
    with context.database.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def without_rows(context: Context) -> bool:
    """Nothing is in the database, whether it has tables or not."""
    from survey_app.store import dump

    with context.database.connection() as connection:
        return dump.filled_table(connection) is None


def spoilt(content: bytes, place: int) -> bytes:
    """One bit of one byte is another."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
