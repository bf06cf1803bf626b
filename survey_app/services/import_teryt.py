"""Take over GUS's register of gminas. A newer file updates, kinds are dated, nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError
from survey_app.services.context import Context
from survey_app.services.terc_file import Register, read_register
from survey_app.store import audit, gminas
from survey_app.store.gminas import Gmina

ACTION = "register_imported"
OBJECT = "teryt"
# In a year a few gminas disappear at most. A file that lacks more of those that are known is a part of a register.
FEW_VANISHED = 20
VANISHED_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What an import changed. `total`: gminas that the register lists."""

    added: int
    changed_kind: int
    renamed: int
    vanished: int
    total: int
    wojewodztwa: int
    as_of: dt.date


def import_register(context: Context, path: Path) -> RegisterReport:
    """Takes over a TERC file.

    The same file again changes nothing. A file older than the newest one taken over is refused (ConflictError): it
    would bring back old names. So is one that lacks many of the known gminas. A faulty file: InvalidInputError.
    """
    register = read_register(path.read_bytes())
    with context.database.transaction() as session:
        _refuse_older(session, register)
        known = {gmina.code: gmina for gmina in gminas.all_gminas(session)}
        vanished = _vanished(known.values(), register)
        gminas.name_regions(session, register.wojewodztwa, register.powiaty)
        report = _take_over(session, register, known, vanished)
        audit.record(
            session,
            at=context.clock(),
            actor=None,
            action=ACTION,
            object_type=OBJECT,
            object_id=register.as_of.isoformat(),
            detail=f"gminy: {report.total}, nowe: {report.added}, wykreślone: {report.vanished}",
        )
    return report


def _refuse_older(session: Session, register: Register) -> None:
    newest = audit.latest(session, ACTION, OBJECT)
    if newest is None:
        return
    day = dt.date.fromisoformat(newest.object_id)
    if register.as_of < day:
        raise ConflictError(
            f"W serwisie jest już nowszy rejestr (stan na {polish.date(day)}), a ten plik jest z"
            f" {polish.date(register.as_of)}. Niczego nie zmieniono."
        )


def _vanished(known: Iterable[Gmina], register: Register) -> list[Gmina]:
    """Listed before, and not any more. Judged only in the województwa that the file covers.

    A gmina that was added by hand after the register's day, or is an example, is none of the register's business.
    """
    listed = [gmina for gmina in known if _expected(gmina, register)]
    missing = [gmina for gmina in listed if gmina.code not in register.gminas]
    if len(missing) > max(FEW_VANISHED, VANISHED_SHARE * len(listed)):
        raise ConflictError(
            f"W pliku brakuje {len(missing)} z {len(listed)} znanych gmin, więc wygląda na niepełny."
            " Niczego nie zmieniono. Pobierz pełny plik TERC ze strony GUS."
        )
    return missing


def _expected(gmina: Gmina, register: Register) -> bool:
    return (
        not gmina.example
        and gmina.in_register_until is None
        and gmina.code[:2] in register.wojewodztwa
        and gmina.kinds[0].valid_from <= register.as_of
    )


def _take_over(
    session: Session, register: Register, known: dict[str, Gmina], vanished: list[Gmina]
) -> RegisterReport:
    added = changed_kind = renamed = 0
    for code, (name, kind) in register.gminas.items():
        gmina = known.get(code)
        if gmina is None:
            gminas.add(session, code=code, name=name, kind=kind, valid_from=register.as_of)
            added += 1
            continue
        changed_kind += gminas.set_kind(gmina, kind, register.as_of)
        renamed += gmina.name != name
        gmina.name = name
        gmina.in_register_until = None
    for gmina in vanished:
        gmina.in_register_until = register.as_of
    return RegisterReport(
        added=added,
        changed_kind=changed_kind,
        renamed=renamed,
        vanished=len(vanished),
        total=len(register.gminas),
        wojewodztwa=len(register.wojewodztwa),
        as_of=register.as_of,
    )
