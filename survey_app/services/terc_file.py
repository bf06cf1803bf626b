"""Read GUS's TERC file: semicolons, UTF-8 with or without BOM, NAZDOD or NAZWA_DOD. Reads only, saves nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from survey_app.errors import FaultList, InvalidInputError

MAX_BYTES = 20_000_000
MAX_FAULTS = 50
REQUIRED = ("WOJ", "POW", "GMI", "RODZ", "NAZWA", "STAN_NA")
NAME_KINDS = ("NAZWA_DOD", "NAZDOD")  # newer and older files
GMINA_KINDS = frozenset("123")
# 4 and 5: town and countryside of one gmina miejsko-wiejska; 8 and 9: parts of a city. None is a gmina.
PARTS = frozenset("4589")
MAX_NAME_LENGTH = 100
REFUSED = "Nie można wczytać rejestru TERYT. Niczego nie zmieniono."


@dataclass(slots=True)
class Register:
    """What the file says. `gminas`: six-digit code -> (name, kind)."""

    as_of: dt.date
    wojewodztwa: dict[str, str] = field(default_factory=dict)
    powiaty: dict[str, str] = field(default_factory=dict)
    gminas: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    woj: str
    pow: str
    gmi: str
    rodz: str
    name: str
    as_of: str


def read_register(content: bytes) -> Register:
    """Raises InvalidInputError that names every wrong row and column (the first 50 of them)."""
    found = FaultList()
    rows = [row for row in _rows(_text(content), found) if _row_is_right(row, found)]
    register = Register(_as_of(rows, found))
    for row in rows:
        _take(register, row, found)
    _check_whole(register, found)
    _refuse(found)
    return register


def _text(content: bytes) -> str:
    found = FaultList()
    if not content.strip():
        found.add("terc_empty", "plik", "Plik jest pusty.", "Pobierz TERC ze strony GUS jeszcze raz.")
    elif len(content) > MAX_BYTES:
        found.add(
            "terc_too_big", "plik", "Plik jest za duży na rejestr TERC.", "Potrzebny jest TERC, nie SIMC."
        )
    elif content.startswith(b"PK"):
        found.add("terc_zip", "plik", "To archiwum ZIP albo arkusz.", "Rozpakuj je i wskaż plik CSV.")
    _refuse(found)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        hint = "Pobierz plik CSV ze strony GUS i nie zapisuj go w innym programie."
        found.add("terc_encoding", "plik", "Plik nie jest zapisany w UTF-8.", hint, line)
        raise InvalidInputError(REFUSED, found.faults) from error


def _rows(text: str, found: FaultList) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    try:
        headings = [heading.strip().upper() for heading in next(reader, [])]
        places = _places(headings)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(headings):
                message = f"W wierszu jest {len(cells)} pól zamiast {len(headings)}."
                found.add("terc_columns", "wiersz", message, "Sprawdź średniki.", reader.line_num)
                continue
            yield _Row(reader.line_num, *(cells[place].strip() for place in places))
    except csv.Error:
        found.add("terc_csv", "wiersz", "Tego wiersza nie da się odczytać.", "", reader.line_num)


def _places(headings: list[str]) -> list[int]:
    found = FaultList()
    for name in REQUIRED:
        if name not in headings:
            hint = "Potrzebny jest plik TERC z GUS (kolumny rozdzielone średnikami)."
            found.add("terc_heading", name, f"Brakuje kolumny {name}.", hint, 1)
    if not any(name in headings for name in NAME_KINDS):
        hint = "W pliku TERC jedna z nich zawsze jest."
        found.add("terc_heading", "NAZWA_DOD", "Brakuje kolumny NAZWA_DOD albo NAZDOD.", hint, 1)
    _refuse(found)
    return [headings.index(name) for name in REQUIRED]


def _row_is_right(row: _Row, found: FaultList) -> bool:
    before = len(found.faults)
    _check_digits(row, found)
    if row.rodz and row.rodz not in GMINA_KINDS | PARTS:
        found.add("terc_kind", "RODZ", f"Nieznany rodzaj „{row.rodz}”.", "Dozwolone: 1–5, 8, 9.", row.line)
    if not row.name or len(row.name) > MAX_NAME_LENGTH or not row.name.isprintable():
        found.add("terc_name", "NAZWA", "Nazwa jest pusta, za długa albo nieczytelna.", "", row.line)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", row.as_of) or not _is_date(row.as_of):
        found.add("terc_date", "STAN_NA", f"To nie jest data: „{row.as_of}”.", "Ma być RRRR-MM-DD.", row.line)
    return len(found.faults) == before


def _check_digits(row: _Row, found: FaultList) -> None:
    """WOJ always; POW for a powiat and below; GMI and RODZ together, for a gmina and below."""
    columns = (("WOJ", row.woj, True), ("POW", row.pow, bool(row.gmi)), ("GMI", row.gmi, bool(row.rodz)))
    for column, value, needed in columns:
        if (value or needed) and not re.fullmatch(r"[0-9]{2}", value):
            message = f"Ma tu być liczba z dwóch cyfr, jest „{value}”."
            found.add("terc_digits", column, message, "Nie gub zer na początku.", row.line)
    if row.gmi and not row.rodz:
        found.add("terc_kind", "RODZ", "Brakuje rodzaju gminy.", "", row.line)


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _as_of(rows: list[_Row], found: FaultList) -> dt.date:
    """The register's day: one for the whole file, or it is not one register."""
    days = {row.as_of for row in rows}
    if len(days) > 1:
        first = rows[0].as_of
        odd = next(row for row in rows if row.as_of != first)
        message = f"Plik łączy rejestry z różnych dni ({first} i {odd.as_of})."
        found.add("terc_mixed", "STAN_NA", message, "Wczytaj jeden rejestr naraz.", odd.line)
    return dt.date.fromisoformat(min(days)) if days else dt.date.min


def _take(register: Register, row: _Row, found: FaultList) -> None:
    code = row.woj + row.pow + row.gmi
    if row.rodz in PARTS:
        return
    if not row.pow:
        taken = code in register.wojewodztwa
        register.wojewodztwa[code] = row.name.lower()  # the file writes them in capitals
    elif not row.gmi:
        taken = code in register.powiaty
        register.powiaty[code] = row.name
    else:
        taken = code in register.gminas
        register.gminas[code] = (row.name, row.rodz)
        if code[:4] not in register.powiaty:
            message = f"Gmina {code} stoi przed swoim powiatem albo go brakuje."
            found.add("terc_parent", "POW", message, "Plik jest niepełny.", row.line)
    if taken:
        found.add("terc_double", "GMI", f"Kod {code} jest w pliku drugi raz.", "Usuń powtórzenie.", row.line)


def _check_whole(register: Register, found: FaultList) -> None:
    if not found and not register.gminas:
        found.add("terc_no_gminas", "plik", "W pliku nie ma żadnej gminy.", "Pobierz pełny plik TERC.")


def _refuse(found: FaultList) -> None:
    if not found:
        return
    faults = found.faults[:MAX_FAULTS]
    left = len(found.faults) - len(faults)
    raise InvalidInputError(
        REFUSED + (f" Pokazano {MAX_FAULTS} błędów, jest ich jeszcze {left}." if left else ""), faults
    )
