"""Several gminas side by side: each gmina's file of coding results, and the table that is made from such files."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from survey_app import polish
from survey_app.analysis.coding.change import counted_rounds, sectors_reached, supporters_of
from survey_app.analysis.coding.effect import BEFORE_PACT, COLUMNS, EffectTable, effect_table
from survey_app.analysis.coding.result import CodingHistory, RoundResult
from survey_app.errors import Fault, InvalidInputError
from survey_app.instrument.model import Stance
from survey_app.services.coding.coding_rounds import OCCASIONS
from survey_app.services.gminas import WOJEWODZTWA, GminaDescription
from survey_app.services.register.sheet import read_sheet
from survey_app.services.register.table_rows import Sheet, SheetRow
from survey_app.services.spreadsheets import Cell, csv_bytes

if TYPE_CHECKING:
    import pandas as pd

REQUIRED = ("teryt", "gmina", "wojewodztwo", "tura", "moment", "zwolennicy")
COUNTS = ("zwolennicy", "osoby_fizyczne", "neutralni", "przeciwnicy", "sektory")
MISSING = frozenset({"", "bd", "b d", "brak danych", "brak"})
MOMENTS = {polish.fold(words): moment for moment, words in OCCASIONS.items()}
HEADINGS = {polish.fold(heading): column for column, heading in COLUMNS.items()}
DOWNLOAD_AGAIN = "Pobierz plik jeszcze raz ze strony wyników kodowania tej gminy."
MAX_COUNT = 10_000
# Example gminas, which are made up, lie in one of their own: their files can be tried out, too.
KNOWN_WOJEWODZTWA = {**WOJEWODZTWA, "99": "przykładowe"}


@dataclass(slots=True)
class _File:
    """One file while it is read."""

    name: str
    records: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, code: str, message: str, hint: str, line: int | None = None) -> None:
        self.faults.append(Fault(code, f"plik „{self.name}”", message, hint, line))


def coding_file(history: CodingHistory, gmina: GminaDescription) -> bytes:
    """A gmina's file: a row per closed round, as the rounds are counted now (corrected, doubles joined)."""
    rows = [_file_row(one, gmina) for one in counted_rounds(history)]
    return csv_bytes(list(COLUMNS.values()), rows)


def read_files(files: Sequence[tuple[str, bytes]]) -> tuple[pd.DataFrame, list[Fault]]:
    """The rounds of all gminas in these files (name, content), in the columns of `effect.COLUMNS`, and every fault.

    Nothing is read in part: a file with a fault gives no rows. The same gmina twice is a fault of the later file.
    """
    import pandas as pd

    read = [_read_file(name, content) for name, content in files]
    _refuse_doubles(read)
    records = [record for file in read if not file.faults for record in file.records]
    frame = pd.DataFrame(records, columns=list(COLUMNS), dtype=object)
    return frame, [fault for file in read for fault in file.faults]


def table(frame: pd.DataFrame) -> EffectTable:
    """The table of document 002 from what `read_files` gave."""
    return effect_table(frame)


def _file_row(result: RoundResult, gmina: GminaDescription) -> list[Cell]:
    supporters = supporters_of(result)
    stances = Counter(result.stance(one) for one in result.stakeholders)
    with_opponents = any(code.stance is Stance.OPPONENT for code in result.codes)
    return [
        gmina.teryt7,
        gmina.name,
        gmina.wojewodztwo,
        result.number,
        OCCASIONS[result.occasion],
        result.closed_on.isoformat(),
        len(supporters),
        sum(one.natural_person for one in supporters),
        stances[Stance.UNDECIDED],
        stances[Stance.OPPONENT] if with_opponents else None,
        len(sectors_reached(result)),
    ]


def _read_file(name: str, content: bytes) -> _File:
    file = _File(name)
    try:
        sheet = read_sheet(name, content)
    except InvalidInputError as error:
        for fault in error.faults or [Fault("file", "plik", error.message)]:
            file.add(fault.code, fault.message, fault.hint, fault.line)
        return file
    columns = _columns(sheet, file)
    if columns:
        for row in sheet.rows[1:]:
            file.records.append(_record(row, columns, file))
        if not file.records:
            file.add("no_rows", "Pod nagłówkami nie ma żadnej tury.", DOWNLOAD_AGAIN)
    if not file.faults:
        _check_rounds(file)
    return file


def _columns(sheet: Sheet, file: _File) -> dict[str, int]:
    """Column of the frame -> its place in the file; empty, with a fault, if one is missing or stands twice."""
    header = sheet.rows[0]
    found: dict[str, int] = {}
    for place, cell in enumerate(header.cells):
        column = HEADINGS.get(polish.fold(cell))
        if column in found:
            file.add("heading_double", f"Kolumna „{cell}” jest dwa razy.", "Zostaw jedną.", header.number)
            return {}
        if column:
            found[column] = place
    missing = [f"„{COLUMNS[column]}”" for column in REQUIRED if column not in found]
    if missing:
        word = "kolumny" if len(missing) == 1 else "kolumn"
        file.add(
            "heading_missing",
            f"To nie wygląda na plik z wynikami kodowania: brakuje {word} {', '.join(missing)}.",
            DOWNLOAD_AGAIN,
            header.number,
        )
        return {}
    return found


def _record(row: SheetRow, columns: Mapping[str, int], file: _File) -> dict[str, Any]:
    cells = {column: row.cells[at] if at < len(row.cells) else "" for column, at in columns.items()}
    for fault in row.faults:
        file.add("cell", fault.message, fault.hint, row.number)
    record: dict[str, Any] = dict.fromkeys(COLUMNS)
    record["gmina"] = " ".join(cells["gmina"].split())
    if not record["gmina"]:
        file.add("gmina", "Brakuje nazwy gminy.", "Wpisz ją.", row.number)
    record["wojewodztwo"] = _wojewodztwo(cells["wojewodztwo"], row.number, file)
    record["teryt"] = _teryt(cells["teryt"], record["wojewodztwo"], row.number, file)
    record["tura"] = _count("tura", cells["tura"], row.number, file, needed=True)
    record["moment"] = _moment(cells["moment"], row.number, file)
    record["zamknieta"] = _date(cells.get("zamknieta", ""), row.number, file)
    for column in COUNTS:
        record[column] = _count(column, cells.get(column, ""), row.number, file)
    _check_counts(record, row.number, file)
    return record


def _wojewodztwo(cell: str, line: int, file: _File) -> str:
    known = {polish.fold(name): name for name in KNOWN_WOJEWODZTWA.values()}
    found = known.get(polish.fold(cell), "")
    if not found:
        file.add("wojewodztwo", f"Nie ma województwa „{cell}”.", "Wpisz jego pełną nazwę.", line)
    return found


def _teryt(cell: str, wojewodztwo: str, line: int, file: _File) -> str:
    """Six or seven digits. Spreadsheets drop a leading zero; the województwo tells whether one is missing."""
    written = cell.replace(" ", "")
    if not (written.isascii() and written.isdigit() and 5 <= len(written) <= 7):
        file.add("teryt", f"„{cell}” nie jest kodem TERYT gminy.", "Kod ma 6 albo 7 cyfr.", line)
        return ""
    whole = [code for code in (written, f"0{written}") if len(code) in {6, 7}]
    fitting = [code for code in whole if KNOWN_WOJEWODZTWA.get(code[:2]) == wojewodztwo]
    if not fitting and wojewodztwo:
        message = f"Kod TERYT {written} nie należy do województwa {wojewodztwo}."
        file.add("teryt_elsewhere", message, "Sprawdź kod i województwo.", line)
    return fitting[0] if fitting else ""


def _count(column: str, cell: str, line: int, file: _File, *, needed: bool = False) -> int | None:
    written = cell.replace(" ", "").replace("\u00a0", "")
    if polish.fold(cell) in MISSING and not needed:
        return None
    if not (written.isascii() and written.isdigit() and int(written[:9]) <= MAX_COUNT):
        hint = "Wpisz liczbę całkowitą" + ("." if needed else " albo zostaw puste pole, jeśli danych nie ma.")
        file.add("number", f"W kolumnie „{COLUMNS[column]}” stoi „{cell}”.", hint, line)
        return None
    return int(written)


def _moment(cell: str, line: int, file: _File) -> str:
    found = MOMENTS.get(polish.fold(cell), "")
    if not found:
        words = ", ".join(f"„{words}”" for words in OCCASIONS.values())
        file.add("moment", f"Nieznany moment tury: „{cell}”.", f"Wpisz jeden z: {words}.", line)
    return found


def _date(cell: str, line: int, file: _File) -> dt.date | None:
    if polish.fold(cell) in MISSING:
        return None
    parts = cell.strip().split("." if "." in cell else "-")
    try:
        year, month, day = (int(part) for part in (reversed(parts) if "." in cell else parts))
        return dt.date(year, month, day)
    except ValueError:
        file.add("date", f"„{cell}” nie jest datą.", "Wpisz ją jako 2026-11-21 albo 21.11.2026.", line)
        return None


def _check_counts(record: Mapping[str, Any], line: int, file: _File) -> None:
    """Numbers of one row that cannot all be true."""
    supporters = record["zwolennicy"]
    if supporters is None:
        return
    for column in ("osoby_fizyczne", "sektory"):
        if record[column] is not None and record[column] > supporters:
            message = f"W kolumnie „{COLUMNS[column]}” jest więcej ({record[column]}) niż Zwolenników ({supporters})."
            file.add("contradiction", message, "Sprawdź obie liczby.", line)
    if supporters and record["sektory"] == 0:
        message = f"Zwolenników jest {supporters}, a sektorów ze Zwolennikiem 0."
        file.add("contradiction", message, "Sprawdź obie liczby.", line)


def _check_rounds(file: _File) -> None:
    """Rounds of one gmina that contradict each other."""
    gminas: dict[str, list[dict[str, Any]]] = {}
    for record in file.records:
        gminas.setdefault(record["teryt"][:6], []).append(record)
    for records in gminas.values():
        name = records[0]["gmina"]
        ordered = sorted(records, key=lambda record: record["tura"])
        if len({(polish.fold(one["gmina"]), one["wojewodztwo"]) for one in records}) > 1:
            message = f"Kod TERYT {records[0]['teryt'][:6]} stoi przy różnych nazwach gmin."
            file.add("gmina_names", message, "Sprawdź kody i nazwy.")
        for before, after in pairwise(ordered):
            _check_order(name, before, after, file)


def _check_order(name: str, before: Mapping[str, Any], after: Mapping[str, Any], file: _File) -> None:
    if before["tura"] == after["tura"]:
        message = f"Gmina {name} ma dwa wiersze z turą {after['tura']}."
        file.add("round_twice", message, "Zostaw jeden z nich.")
    elif before["zamknieta"] and after["zamknieta"] and before["zamknieta"] > after["zamknieta"]:
        message = f"Gmina {name}: turę {after['tura']} zamknięto przed turą {before['tura']}."
        file.add("rounds_order", message, "Sprawdź numery i daty tur.")
    elif before["moment"] == BEFORE_PACT and after["moment"] == "start":
        message = (
            f"Gmina {name}: tura {after['tura']} jest „{OCCASIONS['start']}”, a wcześniejsza tura "
            f"{before['tura']} „{OCCASIONS[BEFORE_PACT]}”."
        )
        file.add("rounds_order", message, "Sprawdź numery i momenty tur.")


def _refuse_doubles(read: Sequence[_File]) -> None:
    """METHOD, "Coding": one catalogue, one row of the table."""
    seen: dict[str, str] = {}
    for file in read:
        own = {record["teryt"][:6]: record["gmina"] for record in file.records if record["teryt"]}
        for code, gmina in own.items():
            if code in seen:
                message = f"Gmina {gmina} (TERYT {code}) jest już w pliku „{seen[code]}”."
                file.add("gmina_twice", message, "Zostaw nowszy z tych plików.")
        seen = dict.fromkeys(own, file.name) | seen
