"""Facts of gminas from a public table (the pilot's report, a list of a ROPS): first a preview, then saved.

Columns are those of the pilot's tables as they are. A gmina is told by its TERYT code, or by its name with its
województwo; of two with the same name the file must say which.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey_app import polish
from survey_app.errors import Fault, InvalidInputError
from survey_app.services.context import Context
from survey_app.services.gminas import KIND_LABELS, WOJEWODZTWA
from survey_app.services.register.sheet import read_sheet
from survey_app.services.register.table_rows import Sheet, SheetRow, refuse
from survey_app.services.rollup import record_values
from survey_app.services.rollup.record_values import KINDS, PERSONS, told
from survey_app.services.rollup.regions import COUNTRY, covers
from survey_app.store import audit, gminas, network
from survey_app.store.gminas import Gmina
from survey_app.store.network import GminaRecord

MAX_SOURCE = 300
HEADER_WITHIN = 10  # rows above the table that may hold its title
_HEADINGS: Mapping[str, str] = {
    "teryt": "code",
    "terc": "code",
    "terc7": "code",
    "kod": "code",
    "kod teryt": "code",
    "gmina": "name",
    "nazwa gminy": "name",
    "nazwa": "name",
    "wojewodztwo": "wojewodztwo",
    "wariant": "variant",
    "sposob powolania": "variant",
    "forma uslug": "variant",
    "start": "start",
    "poczatek": "start",
    "pierwsza tura": "start",
    "koniec": "end",
    "ostatnia tura": "end",
    "efekt": "effect",
    "efekt animacji": "effect",
    "start zrodlo": "start_as_printed",
    "koniec zrodlo": "end_as_printed",
    "jednostka start": "unit",
    "stan na": "as_of",
}
_NUMBERS = {"start": "supporters_first", "end": "supporters_last"}
KNOWN_COLUMNS = "wariant, start, koniec"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One row of the file. `facts`: kind -> value as stored; empty while the row has faults."""

    number: int
    gmina: str
    code: str
    facts: Mapping[str, str]
    as_of: dt.date | None


@dataclass(frozen=True, slots=True)
class RecordsPreview:
    """What a file would record. `replaced`: facts that are recorded already and would be replaced."""

    file_name: str
    rows: tuple[RecordRow, ...]
    faults: tuple[Fault, ...]
    replaced: int = 0

    @property
    def ready(self) -> bool:
        return bool(self.rows) and not self.faults

    @property
    def facts(self) -> int:
        return sum(len(row.facts) for row in self.rows)

    def cells(self) -> list[tuple[str, ...]]:
        """The rows in words, a column per kind of fact."""
        return [
            (
                str(row.number),
                row.gmina,
                *(told(kind, row.facts[kind]) if kind in row.facts else "–" for kind in KINDS),
            )
            for row in self.rows
        ]


@dataclass
class _Reading:
    gminas: Sequence[Gmina]
    powiaty: Mapping[str, str]
    day: dt.date
    region: str
    by_name: dict[str, list[Gmina]] = field(default_factory=lambda: defaultdict(list))
    by_code: dict[str, Gmina] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        for one in self.gminas:
            self.by_code[one.code] = one
            self.by_name[polish.fold(one.name)].append(one)

    def fault(self, code: str, line: int, where: str, message: str, hint: str) -> None:
        self.faults.append(Fault(code, where, message, hint, line))

    def described(self, gmina: Gmina) -> str:
        kind = KIND_LABELS[gminas.kind_on(gmina, self.day)].removeprefix("gmina ")
        powiat = self.powiaty.get(gmina.code[:4], "")
        return f"{gmina.code} ({kind}{f', powiat {powiat}' if powiat else ''})"


def read_file(context: Context, name: str, content: bytes, region_code: str = COUNTRY) -> RecordsPreview:
    """Saves nothing. Gminas outside of the region are faults: who reads a region records facts of its gminas.

    InvalidInputError if there is no table to preview: not a CSV or XLSX, no headings, no rows.
    """
    sheet = read_sheet(name, content)
    place, columns = _header(sheet)
    body = sheet.rows[place + 1 :]
    if not body:
        raise refuse("no_rows", "Pod nagłówkami nie ma żadnego wiersza.", "Dopisz gminy.", place + 1)
    with context.database.reading() as session:
        reading = _Reading(
            gminas.all_gminas(session), gminas.powiat_names(session), context.today(), region_code
        )
        rows = [_row(row, columns, reading) for row in body]
        _refuse_contradictions(rows, reading)
        recorded = network.records_of(session, {row.code for row in rows if row.code})
    replaced = sum((row.code, kind) in recorded for row in rows for kind in row.facts)
    reading.faults.sort(key=lambda one: one.line or 0)
    return RecordsPreview(name, tuple(rows), tuple(reading.faults), replaced)


def save(
    context: Context, preview: RecordsPreview, source: str, actor: int | None, region_code: str = COUNTRY
) -> int:
    """Records what the preview shows, in place of what was recorded; how many facts. InvalidInputError: faults, no
    source, nothing to record.
    """
    source = " ".join(source.split())
    faults = [*preview.faults, *source_faults(source)]
    if not faults and not preview.facts:
        faults.append(
            Fault("no_facts", "plik", "W pliku nie ma żadnego faktu do zapisania.", "Sprawdź kolumny.")
        )
    if faults:
        raise InvalidInputError("Niczego nie zapisano.", faults)
    with context.database.transaction() as session:
        gminas.hold_region(session, COUNTRY)  # a gmina lies in several regions
        for row in preview.rows:
            for kind, value in row.facts.items():
                network.put_record(
                    session,
                    GminaRecord(
                        gmina_code=row.code,
                        kind=kind,
                        value=value,
                        source=source,
                        as_of=row.as_of,
                        recorded_at=context.clock(),
                        recorded_by=actor,
                    ),
                )
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="records_imported",
            object_type="region",
            object_id=region_code,
            detail=f"fakty: {preview.facts}, źródło: {source}",
        )
    return preview.facts


def source_faults(source: str) -> list[Fault]:
    """Every recorded fact says where it comes from."""
    source = " ".join(source.split())
    if not source or len(source) > MAX_SOURCE or not source.isprintable():
        message = f"Prosimy podać źródło: od 1 do {MAX_SOURCE} zwykłych znaków."
        return [Fault("source", "zrodlo", message, "Na przykład tytuł raportu, rok i numer tabeli.")]
    return []


def remove(context: Context, region_code: str, source: str, actor: int | None) -> int:
    """Everything recorded from this source in the region; how many facts."""
    with context.database.transaction() as session:
        removed = network.remove_records(session, region_code, source)
        if removed:
            audit.record(
                session,
                at=context.clock(),
                actor=actor,
                action="records_removed",
                object_type="region",
                object_id=region_code,
                detail=f"fakty: {removed}, źródło: {source}"[:500],
            )
    return removed


def sources(context: Context, region_code: str) -> list[tuple[str, int, int, dt.datetime]]:
    """(source, gminas, facts, when last) of what is recorded in the region, the newest first."""
    with context.database.reading() as session:
        return network.sources(session, region_code)


def _header(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Where the headings stand, and column -> its place. A table must name the gmina and at least one fact."""
    headed = [_columns(row) for row in sheet.rows[:HEADER_WITHIN]]
    place = next((at for at, one in enumerate(headed) if {"code", "name"} & one.keys()), None)
    if place is None:
        message = "W pliku nie ma kolumny z gminą."
        raise refuse("no_gmina", message, "Dodaj kolumnę „TERYT” albo „gmina” i „województwo”.")
    columns = headed[place]
    for name in ("start", "end"):  # the pilot's table prints a number twice: as it stood, and read
        columns.setdefault(name, columns.get(f"{name}_as_printed", -1))
    columns = {name: at for name, at in columns.items() if at >= 0}
    if not {"variant", "start", "end"} & columns.keys():
        message = "W pliku nie ma żadnej znanej kolumny z faktami."
        raise refuse("no_facts", message, f"Znane kolumny: {KNOWN_COLUMNS}.", sheet.rows[place].number)
    return place, columns


def _columns(row: SheetRow) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, cell in enumerate(row.cells):
        known = _HEADINGS.get(polish.fold(cell))
        if known in columns:
            message = f"Kolumna „{cell}” mówi to samo co „{row.cells[columns[known]]}”."
            raise refuse("heading_double", message, "Zostaw jedną.", row.number)
        if known:
            columns[known] = at
    return columns


def _row(row: SheetRow, columns: Mapping[str, int], reading: _Reading) -> RecordRow:
    cells = {name: row.cells[at] if at < len(row.cells) else "" for name, at in columns.items()}
    before = len(reading.faults)
    for one in row.faults:
        reading.fault("cell", row.number, "", one.message, one.hint)
    gmina = _gmina(cells, row.number, reading)
    facts: dict[str, str] = {}
    if not record_values.is_missing(cells.get("variant", "")):
        found = record_values.variant(cells["variant"])
        if found is None:
            words = "A, O, A+O, nowy KIS, rewitalizacja usług KIS, współpraca z KIS z innej gminy"
            message = f"Nieznany wariant: „{cells['variant'][:80]}”."
            reading.fault("variant", row.number, "wariant", message, f"Wpisz na przykład: {words}.")
        else:
            facts[found[0]] = found[1]
    facts |= _numbers(cells, row.number, reading)
    as_of = _day(cells.get("as_of", ""), row.number, reading)
    whole = len(reading.faults) == before
    named = gmina.name if gmina else cells.get("name", "") or cells.get("code", "")
    return RecordRow(row.number, named, gmina.code if gmina else "", facts if whole else {}, as_of)


def _gmina(cells: Mapping[str, str], line: int, reading: _Reading) -> Gmina | None:
    found = (
        _by_code(cells, line, reading) if cells.get("code", "").strip() else _by_name(cells, line, reading)
    )
    if found is not None and not covers(reading.region, found.code):
        message = f"Gmina {found.name} ({found.code}) leży poza obszarem {reading.region}."
        reading.fault("elsewhere", line, "gmina", message, "Usuń ten wiersz z pliku.")
        return None
    return found


def _by_code(cells: Mapping[str, str], line: int, reading: _Reading) -> Gmina | None:
    written = cells["code"].replace(" ", "")
    digits = written if len(written) in {6, 7} else ""
    candidates = [
        digits,
        f"0{written}" if len(written) in {5, 6} else "",
    ]  # spreadsheets drop a leading nought
    known = [reading.by_code[one[:6]] for one in candidates if one.isdecimal() and one[:6] in reading.by_code]
    name = polish.fold(cells.get("name", ""))
    fitting = [one for one in known if not name or polish.fold(one.name) == name]
    if fitting:
        return fitting[0]
    if known:
        message = f"Kod {written} ma gmina {known[0].name}, a w wierszu stoi „{cells['name'][:80]}”."
        reading.fault("code_name", line, "TERYT", message, "Popraw kod albo nazwę.")
    else:
        message = f"W serwisie nie ma gminy o kodzie „{written[:20]}”."
        reading.fault("code", line, "TERYT", message, "Kod gminy ma 6 albo 7 cyfr.")
    return None


def _by_name(cells: Mapping[str, str], line: int, reading: _Reading) -> Gmina | None:
    name, region = cells.get("name", ""), polish.fold(cells.get("wojewodztwo", ""))
    if not name.strip():
        reading.fault("no_gmina", line, "gmina", "Wiersz nie ma gminy.", "Wpisz kod TERYT albo nazwę.")
        return None
    if region and region not in {polish.fold(one) for one in WOJEWODZTWA.values()}:
        message = f"Nie ma województwa „{cells['wojewodztwo'][:80]}”."
        reading.fault("wojewodztwo", line, "województwo", message, "Wpisz jego pełną nazwę.")
        return None
    found = [
        one
        for one in reading.by_name.get(polish.fold(name), [])
        if not region or polish.fold(WOJEWODZTWA.get(one.code[:2], "")) == region
    ]
    if len(found) > 1:
        listed = "; ".join(reading.described(one) for one in found)
        message = f"Gmin o nazwie „{name[:80]}” jest więcej: {listed}."
        reading.fault("namesake", line, "gmina", message, "Wpisz kod TERYT w osobnej kolumnie „TERYT”.")
        return None
    if not found:
        where = f" w województwie {cells['wojewodztwo'][:80]}" if region else ""
        message = f"W serwisie nie ma gminy „{name[:80]}”{where}."
        reading.fault("name", line, "gmina", message, "Sprawdź nazwę albo podaj kod TERYT.")
        return None
    return found[0]


def _numbers(cells: Mapping[str, str], line: int, reading: _Reading) -> dict[str, str]:
    """Supporters at the start and at the end; what is missing stays missing."""
    found = {}
    for column, kind in _NUMBERS.items():
        cell = cells.get(column, "")
        if record_values.is_missing(cell):
            continue
        value = record_values.supporters(cell)
        if value is None:
            message = f"W kolumnie „{KINDS[kind]}” stoi „{cell[:80]}”."
            hint = "Wpisz liczbę całkowitą, „4 osoby fizyczne” albo „B.d.”."
            reading.fault("number", line, KINDS[kind], message, hint)
            continue
        found[kind] = value
    unit = polish.fold(cells.get("unit", ""))
    if "supporters_first" in found and unit.startswith("osob"):
        found["supporters_first"] = found["supporters_first"].removesuffix(PERSONS) + PERSONS
    elif unit and not unit.startswith("interesariusz"):
        message = f"Nieznana jednostka: „{cells['unit'][:80]}”."
        reading.fault("unit", line, "jednostka", message, "Wpisz „interesariusze” albo „osoby fizyczne”.")
    _check_printed(cells, found, line, reading)
    return found


def _check_printed(cells: Mapping[str, str], found: Mapping[str, str], line: int, reading: _Reading) -> None:
    """What the file says twice must be said alike: a number as printed and as read, and the effect."""
    for column, kind in _NUMBERS.items():
        printed = cells.get(f"{column}_as_printed", "")
        read = "" if record_values.is_missing(printed) else record_values.supporters(printed)
        if read is None or read.removesuffix(PERSONS) == found.get(kind, "").removesuffix(PERSONS):
            continue
        if f"{column}_as_printed" in cells:
            message = f"„{KINDS[kind]}”: „{printed[:40]}” i „{cells.get(column, '')[:40]}” to nie to samo."
            reading.fault("contradiction", line, KINDS[kind], message, "Sprawdź obie liczby.")
    effect = "".join(cells.get("effect", "").split()).replace("−", "-")
    if len(found) < 2 or not effect.removeprefix("+").removeprefix("-").isdecimal():
        return
    first, last = (int(found[kind].removesuffix(PERSONS)) for kind in _NUMBERS.values() if kind in found)
    if int(effect) != last - first:
        message = f"Efekt {effect} nie jest różnicą {last} − {first}."
        reading.fault("contradiction", line, "efekt", message, "Sprawdź trzy liczby.")


def _day(cell: str, line: int, reading: _Reading) -> dt.date | None:
    if record_values.is_missing(cell):
        return None
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(cell.strip(), form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    reading.fault("day", line, "stan na", f"„{cell[:40]}” nie jest dniem.", "Wpisz go jako 31.12.2014.")
    return None


def _refuse_contradictions(rows: Sequence[RecordRow], reading: _Reading) -> None:
    """Two rows of one gmina may say the same twice, not two different things."""
    seen: dict[tuple[str, str], RecordRow] = {}
    for row in rows:
        for kind, value in row.facts.items():
            before = seen.setdefault((row.code, kind), row)
            if row.code and before.facts[kind] != value:
                message = f"{row.gmina}: {KINDS[kind]} jest inny niż w wierszu {before.number}."
                reading.fault("twice", row.number, KINDS[kind], message, "Zostaw jeden z nich.")
