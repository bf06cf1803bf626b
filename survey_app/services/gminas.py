"""Gminas as people meet them: found by name, described in words, added by hand, given a team."""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.store import audit, gminas, people
from survey_app.store.gminas import Gmina
from survey_app.store.people import COORDINATOR

KIND_LABELS = {"1": "gmina miejska", "2": "gmina wiejska", "3": "gmina miejsko-wiejska"}
# The first two digits of every code, by GUS.
WOJEWODZTWA = {
    "02": "dolnośląskie",
    "04": "kujawsko-pomorskie",
    "06": "lubelskie",
    "08": "lubuskie",
    "10": "łódzkie",
    "12": "małopolskie",
    "14": "mazowieckie",
    "16": "opolskie",
    "18": "podkarpackie",
    "20": "podlaskie",
    "22": "pomorskie",
    "24": "śląskie",
    "26": "świętokrzyskie",
    "28": "warmińsko-mazurskie",
    "30": "wielkopolskie",
    "32": "zachodniopomorskie",
}
PILOT_FILE = Path(__file__).with_name("pilot_gminas.csv")
PILOT_AS_OF = dt.date(2020, 1, 1)  # the register in which the pilot's codes were looked up
MAX_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class GminaDescription:
    """A gmina in words. `teryt7` ends with today's kind; `code` (six digits) is what identifies it."""

    code: str
    teryt7: str
    name: str
    kind_label: str
    powiat: str
    wojewodztwo: str
    example: bool


@dataclass(frozen=True, slots=True)
class GminaName:
    """As much of a gmina as a respondent's page shows."""

    name: str
    example: bool


def describe(context: Context, gmina_code: str) -> GminaDescription:
    """NotFoundError if there is no such gmina."""
    with context.database.reading() as session:
        gmina, wojewodztwo, powiat = _require(session, gmina_code)
        regions = _Describer({gmina_code[:2]: wojewodztwo}, {gmina_code[:4]: powiat}, context.today())
        return regions.describe(gmina)


def exists(context: Context, gmina_code: str) -> bool:
    """Is there a gmina with this six-digit code?"""
    with context.database.reading() as session:
        return gminas.get(session, gmina_code) is not None


def search_gminas(context: Context, text: str, limit: int = 20) -> list[GminaDescription]:
    """By the beginning of a code or any part of the name; case and diacritics do not matter."""
    wanted = polish.fold(text)
    if not wanted:
        return []
    with context.database.reading() as session:
        hits = [gmina for gmina in gminas.all_gminas(session) if _matches(gmina, wanted)]
        hits.sort(key=lambda gmina: (_rank(gmina, wanted), polish.alphabetical(gmina.name), gmina.code))
        describer = _Describer.of(session, context.today())
        return [describer.describe(gmina) for gmina in hits[:limit]]


def teams(context: Context) -> list[GminaDescription]:
    """The gminas that have a team, in Polish alphabetical order."""
    with context.database.reading() as session:
        describer = _Describer.of(session, context.today())
        found = [describer.describe(gmina) for gmina in people.team_gminas(session)]
        return sorted(found, key=lambda gmina: (polish.alphabetical(gmina.name), gmina.code))


def add_gmina(
    context: Context,
    teryt7: str,
    name: str,
    wojewodztwo_name: str,
    powiat_name: str,
    actor: int | None,
    *,
    example: bool = False,
) -> GminaDescription:
    """Adds one gmina by hand, for a service without the register's file.

    An `example` gmina is made up: its code must not begin like a real województwo's, so that it can never be
    taken for a real gmina. Raises InvalidInputError with every fault, ConflictError if the code is taken.
    """
    names = {"name": name, "wojewodztwo_name": wojewodztwo_name, "powiat_name": powiat_name}
    names = {field: " ".join(value.split()) for field, value in names.items()}
    teryt7 = "".join(teryt7.split())
    faults = _code_faults(teryt7, names["wojewodztwo_name"], example=example) + _name_faults(names)
    if faults:
        raise InvalidInputError("Nie można dodać gminy. Popraw wskazane pola.", faults)
    with context.database.transaction() as session:
        _add(session, teryt7, names, context.today(), example=example)
        code = teryt7[:6]
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="gmina_added",
            object_type="gmina",
            object_id=code,
            gmina_code=code,
        )
    return describe(context, code)


def seed_pilot_gminas(context: Context) -> int:
    """The pilot's 20 gminas, so that a team of one of them needs no register. Returns how many were added."""
    with PILOT_FILE.open(encoding="utf-8", newline="") as file, context.database.transaction() as session:
        gminas.wait_for_others(session)
        known = {one.code for one in gminas.all_gminas(session)}
        new = [row for row in csv.DictReader(file, delimiter=";") if row["terc7"][:6] not in known]
        named = gminas.powiat_names(session)
        powiaty = {row["terc7"][:4]: named.get(row["terc7"][:4], row["powiat"]) for row in new}
        wojewodztwa = {row["terc7"][:2]: WOJEWODZTWA[row["terc7"][:2]] for row in new}
        gminas.name_regions(session, wojewodztwa, powiaty)
        for row in new:
            code, kind = row["terc7"][:6], row["terc7"][6]
            gminas.add(session, code=code, name=row["gmina"], kind=kind, valid_from=PILOT_AS_OF)
    return len(new)


def create_team(
    context: Context, gmina_code: str, coordinator_email: str, name: str, actor: int | None
) -> str:
    """Makes the person coordinator of the gmina's team; returns what `accounts.admit` does."""
    describe(context, gmina_code)
    return accounts.admit(context, gmina_code, coordinator_email, name, COORDINATOR, actor)


def _require(session: Session, gmina_code: str) -> tuple[Gmina, str, str]:
    found = gminas.get_with_regions(session, gmina_code)
    if found is None:
        raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}. Kod ma sześć cyfr, np. 060504.")
    return found


def _matches(gmina: Gmina, wanted: str) -> bool:
    if wanted.isdigit():
        return gmina.code.startswith(wanted[:6])
    return wanted in polish.fold(gmina.name)


def _rank(gmina: Gmina, wanted: str) -> int:
    """The very name first, then names that begin so, then the rest."""
    name = polish.fold(gmina.name)
    return 0 if name == wanted else 1 if name.startswith(wanted) else 2


def _code_faults(teryt7: str, wojewodztwo_name: str, *, example: bool) -> list[Fault]:
    if not re.fullmatch(r"[0-9]{6}[123]", teryt7):
        hint = "Siedem cyfr: sześć cyfr gminy i jej rodzaj (1 miejska, 2 wiejska, 3 miejsko-wiejska)."
        return [Fault("teryt_form", "teryt7", "To nie jest kod TERYT gminy.", hint)]
    official = WOJEWODZTWA.get(teryt7[:2])
    if example:
        message = "Kod gminy przykładowej nie może zaczynać się jak kod prawdziwego województwa."
        return (
            [Fault("teryt_example", "teryt7", message, "Użyj np. cyfr 99 na początku.")] if official else []
        )
    if official is None:
        message = f"Żadne województwo nie ma kodu {teryt7[:2]}."
        return [Fault("teryt_wojewodztwo", "teryt7", message, "Sprawdź dwie pierwsze cyfry.")]
    if "00" in (teryt7[2:4], teryt7[4:6]):
        message = "Powiat i gmina mają w kodzie numery od 01."
        return [Fault("teryt_form", "teryt7", message, "Sprawdź cyfry od trzeciej do szóstej.")]
    if polish.fold(wojewodztwo_name) != polish.fold(official):
        message = f"Kod zaczyna się od {teryt7[:2]}, a to województwo {official}."
        return [Fault("teryt_wojewodztwo", "wojewodztwo_name", message, "Popraw kod albo województwo.")]
    return []


def _name_faults(names: dict[str, str]) -> list[Fault]:
    faults = []
    for field, value in names.items():
        if not value:
            faults.append(Fault("name_missing", field, "To pole jest puste.", "Wpisz nazwę."))
        elif len(value) > MAX_NAME_LENGTH or not value.isprintable():
            message = f"Nazwa może mieć najwyżej {MAX_NAME_LENGTH} zwykłych znaków."
            faults.append(Fault("name_form", field, message, "Skróć ją albo popraw."))
    return faults


def _add(session: Session, teryt7: str, names: dict[str, str], day: dt.date, *, example: bool) -> None:
    code, kind = teryt7[:6], teryt7[6]
    taken = ConflictError(f"Gmina o kodzie {code} już jest w serwisie. Niczego nie zmieniono.")
    if gminas.get(session, code) is not None:
        raise taken
    wojewodztwo = WOJEWODZTWA.get(code[:2], names["wojewodztwo_name"])
    known = gminas.powiat_names(session)
    powiat = known.get(code[:4], names["powiat_name"])
    try:
        with session.begin_nested():
            gminas.name_regions(session, {code[:2]: wojewodztwo}, {code[:4]: powiat})
            gminas.add(session, code=code, name=names["name"], kind=kind, valid_from=day, example=example)
    except IntegrityError as error:
        raise taken from error  # somebody else added it at the same moment


@dataclass(frozen=True, slots=True)
class _Describer:
    wojewodztwa: dict[str, str]
    powiaty: dict[str, str]
    day: dt.date

    @classmethod
    def of(cls, session: Session, day: dt.date) -> _Describer:
        return cls(gminas.wojewodztwo_names(session), gminas.powiat_names(session), day)

    def describe(self, gmina: Gmina) -> GminaDescription:
        kind = gminas.kind_on(gmina, self.day)
        return GminaDescription(
            code=gmina.code,
            teryt7=gmina.code + kind,
            name=gmina.name,
            kind_label=KIND_LABELS[kind],
            powiat=self.powiaty.get(gmina.code[:4], ""),
            wojewodztwo=self.wojewodztwa.get(gmina.code[:2], ""),
            example=gmina.example,
        )
