"""The gmina's herb: uploaded, replaced and removed by the team's coordinator; printed on the cover of its reports.

It is no number: the checksum and the version of a report's data do not cover it, and published files keep the herb
that they were published with.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey_app.analysis.diagnoza.document import Document, Emblem
from survey_app.errors import Fault, InvalidInputError, NotFoundError
from survey_app.forms.typed_text import clean_line, line_faults
from survey_app.services.context import Context
from survey_app.services.emblem_file import MAX_SIDE, MAX_SIZE, check_emblem, is_readable
from survey_app.store import audit, emblems, gminas

__all__ = [
    "MAX_ALT",
    "MAX_SIDE",
    "MAX_SIZE",
    "KeptEmblem",
    "emblem",
    "first_alt",
    "keep",
    "picture",
    "remove",
    "with_emblem",
]

MAX_ALT = 200
NONE_KEPT = "Ta gmina nie ma herbu w serwisie."


@dataclass(frozen=True, slots=True)
class KeptEmblem:
    """What a page says of the herb. `version` changes with the picture."""

    alt_text: str
    media_type: str
    width: int
    height: int
    version: str
    changed_at: dt.datetime


def first_alt(gmina_name: str) -> str:
    """The alternative text until somebody writes another."""
    return f"Herb gminy {gmina_name}"


def emblem(context: Context, gmina_code: str) -> KeptEmblem | None:
    """None: there is none."""
    with context.database.reading() as session:
        row = emblems.of_gmina(session, gmina_code)
        if row is None:
            return None
        return KeptEmblem(
            row.alt_text, row.media_type, row.width, row.height, row.sha256[:12], row.changed_at
        )


def picture(context: Context, gmina_code: str) -> tuple[bytes, str]:
    """The picture and its media type. NotFoundError: there is none."""
    with context.database.reading() as session:
        row = emblems.of_gmina(session, gmina_code, with_content=True)
        if row is None:
            raise NotFoundError(NONE_KEPT)
        return row.content, row.media_type


def keep(context: Context, gmina_code: str, content: bytes, alt_text: str, actor: int | None) -> None:
    """In place of the one before; without a file (`content` empty) the kept one gets another alternative text.

    InvalidInputError: not a picture that a report can print, or no alternative text.
    """
    alt = _alt(alt_text)
    checked = check_emblem(content) if content else None
    with context.database.transaction() as session:
        gminas.lock(session, gmina_code)
        if checked is None:
            row = emblems.of_gmina(session, gmina_code)
            if row is None:
                fault = Fault("file_missing", "content", "Prosimy wybrać plik.")
                raise InvalidInputError(fault.message, [fault])
            if row.alt_text == alt:
                return
            row.alt_text, row.changed_at, row.changed_by = alt, context.clock(), actor
            _record(context, session, gmina_code, "emblem_described", "", actor)
            return
        sha256 = hashlib.sha256(checked.content).hexdigest()
        emblems.keep(
            session,
            gmina_code,
            media_type=checked.media_type,
            width=checked.width,
            height=checked.height,
            sha256=sha256,
            content=checked.content,
            alt_text=alt,
            at=context.clock(),
            actor=actor,
        )
        _record(context, session, gmina_code, "emblem_kept", f"sha256 {sha256}", actor)


def remove(context: Context, gmina_code: str, actor: int | None) -> None:
    """NotFoundError: there is none (any more)."""
    with context.database.transaction() as session:
        gminas.lock(session, gmina_code)
        row = emblems.of_gmina(session, gmina_code)
        if row is None:
            raise NotFoundError(NONE_KEPT)
        _record(context, session, gmina_code, "emblem_removed", f"sha256 {row.sha256}", actor)
        emblems.remove(session, row)


def with_emblem(context: Context, gmina_code: str, document: Document) -> Document:
    """The report with the gmina's herb on its cover; without, where there is none or it cannot be read."""
    with context.database.reading() as session:
        row = emblems.of_gmina(session, gmina_code, with_content=True)
        if row is None or not is_readable(row.content):
            return document
        found = Emblem(row.content, row.media_type, row.width, row.height, row.alt_text)
    return replace(document, emblem=found)


def _alt(typed: str) -> str:
    faults = line_faults("alt_text", "Opis herbu", typed, MAX_ALT)
    alt = clean_line(typed)
    if not alt and not faults:
        faults = [Fault("alt_missing", "alt_text", "Prosimy wpisać tekst alternatywny.")]
    if faults:
        raise InvalidInputError("Herb nie jest zapisany.", faults)
    return alt


def _record(
    context: Context, session: Session, gmina_code: str, action: str, detail: str, actor: int | None
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="gmina",
        object_id=gmina_code,
        gmina_code=gmina_code,
        detail=detail,
    )
