"""Keys to the read-only API: shown once, kept as a hash, for one region and what lies in it."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from survey_app import security
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.rollup import regions
from survey_app.store import api_keys, audit

PREFIX = "dl_"  # so that a key that was left lying somewhere is known for one
MAX_LABEL_LENGTH = 120


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as the administrator sees it: never the key itself."""

    id: int
    label: str
    region_code: str
    created_at: dt.datetime
    revoked_at: dt.datetime | None
    last_used_on: dt.date | None


def issue(context: Context, region_code: str, label: str, actor: int | None) -> str:
    """The new key, which nobody can read again. InvalidInputError with every fault."""
    label = " ".join(label.split())
    faults = []
    if not label or len(label) > MAX_LABEL_LENGTH or not label.isprintable():
        faults.append(Fault("label", "label", f"Nazwa ma od 1 do {MAX_LABEL_LENGTH} zwykłych znaków."))
    try:
        regions.region(context, region_code)
    except NotFoundError as error:
        faults.append(Fault("region", "region_code", error.message))
    if faults:
        raise InvalidInputError("Nie wydano klucza.", faults)
    key = PREFIX + secrets.token_hex(32)
    with context.database.transaction() as session:
        added = api_keys.add(
            session,
            region_code=region_code,
            label=label,
            key_hash=hash_of(key),
            at=context.clock(),
            actor=actor,
        )
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="api_key_issued",
            object_type="api_key",
            object_id=added.id,
            detail=region_code,
        )
    return key


def revoke(context: Context, key_id: int, actor: int | None) -> None:
    """From now on the key opens nothing. NotFoundError, or ConflictError if it was revoked already."""
    with context.database.transaction() as session:
        found = api_keys.get(session, key_id)
        if found is None:
            raise NotFoundError("Nie ma takiego klucza.")
        if found.revoked_at is not None:
            raise ConflictError("Ten klucz jest już unieważniony.")
        found.revoked_at = context.clock()
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="api_key_revoked",
            object_type="api_key",
            object_id=key_id,
        )


def region_of(context: Context, key: str) -> str | None:
    """The region that the key opens; None if there is no such key, or no longer. Keeps the day of use, no more."""
    with context.database.reading() as session:
        found = api_keys.active(session, hash_of(key))
        if found is None:
            return None
        known_today = found.last_used_on == context.today()
        key_id, region_code = found.id, found.region_code
    if not known_today:
        with context.database.transaction() as session:
            used = api_keys.get(session, key_id)
            if used is not None:
                used.last_used_on = context.today()
    return region_code


def everyone(context: Context) -> list[KeyView]:
    """All keys, the newest first."""
    with context.database.reading() as session:
        return [
            KeyView(one.id, one.label, one.region_code, one.created_at, one.revoked_at, one.last_used_on)
            for one in api_keys.everyone(session)
        ]


def hash_of(key: str) -> str:
    """A key is 256 random bits, so one round of SHA-256 is enough: there is nothing to guess."""
    return security.digest(key)
