"""Import the Gminny Katalog Interesariuszy from a file: first a preview of every faulty row, then, if none, save."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from survey_app import polish
from survey_app.errors import Fault, InvalidInputError
from survey_app.services.catalogue import (
    StakeholderDraft,
    catalogue_sectors,
    draft_faults,
    lock_catalogue,
    tidy_draft,
)
from survey_app.services.context import Context
from survey_app.services.sheet import read_sheet
from survey_app.services.table_rows import Sheet, SheetRow, refuse
from survey_app.store import audit, catalogue

# Field of the draft -> how the column is called in messages and in the template file.
COLUMNS: Mapping[str, str] = {
    "name": "nazwa",
    "sector": "sektor",
    "internal": "wewnętrzny/zewnętrzny",
    "stakeholder_type": "typ",
    "address": "adres",
    "contact_name": "osoba kontaktowa",
    "contact_email": "e-mail",
    "contact_phone": "telefon",
    "note": "uwagi",
}
# Folded headings under which teams keep these columns.
HEADINGS: Mapping[str, frozenset[str]] = {
    "name": frozenset(
        {"nazwa", "nazwa interesariusza", "nazwa instytucji", "nazwa podmiotu", "interesariusz", "instytucja"}
    ),
    "sector": frozenset({"sektor", "sektor interesariusza", "sektor dzialalnosci"}),
    "internal": frozenset(
        {"wewnetrzny zewnetrzny", "wewnetrzny lub zewnetrzny", "wewnetrzny", "zewnetrzny wewnetrzny"}
        | {"interesariusz wewnetrzny zewnetrzny", "wewnetrzny czy zewnetrzny", "polozenie"}
        | {"wewn zewn", "wew zew", "wewn lub zewn", "wewnetrzny i zewnetrzny", "w z"}
    ),
    "stakeholder_type": frozenset({"typ", "typ a b c", "typ abc", "typ interesariusza", "typ ustawowy"}),
    "address": frozenset({"adres", "adres pocztowy", "siedziba"}),
    "contact_name": frozenset({"osoba kontaktowa", "osoba do kontaktu", "imie i nazwisko", "kontakt"}),
    "contact_email": frozenset({"e mail", "email", "mail", "adres e mail", "adres email", "poczta"}),
    "contact_phone": frozenset({"telefon", "tel", "nr telefonu", "numer telefonu", "telefon kontaktowy"}),
    "note": frozenset({"uwagi", "uwaga", "notatka", "notatki", "opis"}),
}
REQUIRED = ("name", "sector", "internal")
ROW_NUMBERS = frozenset({"lp", "l p", "nr"})
INTERNAL_WORDS = {"wewnetrzny": True, "wewn": True, "wew": True, "w": True} | {
    "zewnetrzny": False,
    "zewn": False,
    "zew": False,
    "z": False,
}
# Folded words of everyday use -> the sector that is meant most often: only asked back, never decided for the team.
SECTOR_WORDS: Mapping[str, str] = {
    "oswiata": "edukacja",
    "szkolnictwo": "edukacja",
    "szkola": "edukacja",
    "kosciol": "organizacje_koscielne",
    "parafia": "organizacje_koscielne",
    "ngo": "organizacje_obywatelskie",
    "organizacja pozarzadowa": "organizacje_obywatelskie",
    "organizacje pozarzadowe": "organizacje_obywatelskie",
    "stowarzyszenie": "organizacje_obywatelskie",
    "fundacja": "organizacje_obywatelskie",
    "samorzad": "administracja_publiczna",
    "urzad": "administracja_publiczna",
    "biznes": "przedsiebiorcy",
    "firma": "przedsiebiorcy",
    "firmy": "przedsiebiorcy",
    "gospodarka": "przedsiebiorcy",
    "ochrona zdrowia": "zdrowie",
    "sluzba zdrowia": "zdrowie",
    "ops": "pomoc_spoleczna",
    "pup": "rynek_pracy",
    "bank": "finanse",
}
YES_NO_WORDS = {"tak": True, "t": True, "1": True, "nie": False, "n": False, "0": False}
HEADER_WITHIN = 10  # rows above the table that may hold its title


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file. `draft` is None while the row has faults. `cells`: what is written, by field."""

    number: int
    cells: Mapping[str, str]
    draft: StakeholderDraft | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class CataloguePreview:
    """What a file would bring. `columns`: the draft's fields that the file has; `notes`: what is not read."""

    file_name: str
    columns: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    notes: tuple[str, ...] = ()

    @property
    def faults(self) -> list[Fault]:
        """Of all rows, in the order of the file. Each names row (`line`), column (`where`), what and what to do."""
        return [fault for row in self.rows for fault in row.faults]

    @property
    def faulty_rows(self) -> list[PreviewRow]:
        return [row for row in self.rows if row.faults]

    @property
    def ready(self) -> bool:
        """May it be saved?"""
        return bool(self.rows) and not self.faulty_rows


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`not_in_file`: institutions of the catalogue that the file does not name; they stay as they are."""

    added: int
    updated: int
    unchanged: int
    not_in_file: int


def read_file(name: str, content: bytes) -> CataloguePreview:
    """Saves nothing. InvalidInputError if there is no table to preview: not a CSV or XLSX, no headings, no rows."""
    sheet = read_sheet(name, content)
    place, columns = _find_header(sheet)
    header, body = sheet.rows[place], sheet.rows[place + 1 :]
    if not body:
        raise refuse("no_rows", "Pod nagłówkami nie ma żadnego wiersza.", "Dopisz instytucje.", header.number)
    yes_no = polish.fold(header.cells[columns["internal"]]) == "wewnetrzny"
    headed = {at for at, cell in enumerate(header.cells) if cell}
    rows = _without_doubles([_preview_row(row, columns, headed, yes_no=yes_no) for row in body])
    return CataloguePreview(name, tuple(columns), tuple(rows), _notes(sheet, place, columns))


def save(context: Context, gmina_code: str, preview: CataloguePreview, actor: int | None) -> ImportReport:
    """Adds and updates, in one transaction; refuses with all faults while any remains.

    A stakeholder is the same if its folded name is. What the file leaves blank, or has no column for, stays as the
    catalogue has it: an import never deletes.
    """
    if not preview.ready:
        raise InvalidInputError("Nie zapisano niczego. Popraw wskazane wiersze w pliku.", preview.faults)
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        present = catalogue.present_by_key(session, gmina_code)
        day = context.today()
        for draft in (row.draft for row in preview.rows if row.draft is not None):
            known = present.get(catalogue.name_key(draft.name))
            if known is None:
                catalogue.add(session, gmina_code, draft, day)
                counts["added"] += 1
            elif catalogue.update(known, _completed(draft, catalogue.draft_of(known))):
                counts["updated"] += 1
            else:
                counts["unchanged"] += 1
        report = ImportReport(**counts, not_in_file=len(present) - counts["updated"] - counts["unchanged"])
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="catalogue_imported",
            object_type="gmina",
            object_id=gmina_code,
            gmina_code=gmina_code,
            detail=f"dodane: {report.added}, zmienione: {report.updated}, bez zmian: {report.unchanged}",
        )
    return report


def template_csv() -> bytes:
    """An empty table with the headings and one example row, as spreadsheets in Poland open it (BOM, semicolons)."""
    example = {
        "name": "Przykładowa świetlica (usuń ten wiersz)",
        "sector": next(iter(catalogue_sectors().values()), ""),
        "internal": "wewnętrzny",
        "stakeholder_type": "B",
    }
    lines = [COLUMNS.values(), [example.get(field, "") for field in COLUMNS]]
    return "".join(";".join(line) + "\r\n" for line in lines).encode("utf-8-sig")


def _find_header(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The place of the row of headings, and field -> column. Titles may stand above it."""
    candidates = [(place, _columns(row)) for place, row in enumerate(sheet.rows[:HEADER_WITHIN])]
    place, columns = max(candidates, key=lambda candidate: len(candidate[1]))
    missing = [COLUMNS[field] for field in REQUIRED if field not in columns]
    if missing:
        names = ", ".join(f"„{name}”" for name in missing)
        read = ", ".join(f"„{cell[:40]}”" for cell in sheet.rows[place].cells[:20] if cell)
        hint = f"W tym wierszu są: {read}. Prosimy zmienić nagłówek albo pobrać wzór pliku."
        message = f"Brakuje {'kolumny' if len(missing) == 1 else 'kolumn'}: {names}."
        raise refuse("heading_missing", message, hint, sheet.rows[place].number)
    _refuse_double_headings(sheet.rows[place], columns)
    return place, columns


def _columns(row: SheetRow) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        field = _field_of(cell)
        if field and field not in found:
            found[field] = column
    return found


def _field_of(heading: str) -> str | None:
    folded = polish.fold(heading)
    return next((field for field, names in HEADINGS.items() if folded in names), None)


def _refuse_double_headings(row: SheetRow, columns: dict[str, int]) -> None:
    for column, cell in enumerate(row.cells):
        field = _field_of(cell)
        if field and columns[field] != column:
            message = f"Dwie kolumny opisują to samo: „{row.cells[columns[field]]}” i „{cell}”."
            raise refuse("heading_double", message, "Zostaw jedną z nich.", row.number)


def _notes(sheet: Sheet, place: int, columns: dict[str, int]) -> tuple[str, ...]:
    """Nothing is left out in silence."""
    header = sheet.rows[place]
    taken = set(columns.values())
    left_out = [
        cell
        for column, cell in enumerate(header.cells)
        if cell and column not in taken and polish.fold(cell) not in ROW_NUMBERS
    ]
    notes = [f"Kolumna „{name}” nie zostanie wczytana." for name in left_out]
    notes += [
        f"Arkusz „{name}” nie zostanie wczytany: wczytywany jest pierwszy." for name in sheet.other_sheets
    ]
    notes += [f"Wiersz {row.number} nad nagłówkami nie zostanie wczytany." for row in sheet.rows[:place]]
    return tuple(notes)


def _preview_row(row: SheetRow, columns: dict[str, int], headed: set[int], *, yes_no: bool) -> PreviewRow:
    cells = {field: row.cells[at] if at < len(row.cells) else "" for field, at in columns.items()}
    faults = _unread(row, columns) + _headless(row, headed)
    sector = _sector(cells["sector"], row.number, faults)
    internal = _internal(cells["internal"], row.number, faults, yes_no=yes_no)
    texts = {field: cells.get(field, "") for field in COLUMNS if field not in ("sector", "internal")}
    kind = texts.pop("stakeholder_type").strip().upper() or None
    draft = tidy_draft(
        StakeholderDraft(sector=sector or "", internal=internal, stakeholder_type=kind, **texts)
    )
    named = {fault.where for fault in faults}
    for fault in draft_faults(draft):
        where = COLUMNS[fault.where]
        if where not in named:
            hint = "Wpisz A, B albo C lub zostaw puste." if fault.code == "type_unknown" else fault.hint
            faults.append(replace(fault, where=where, hint=hint, line=row.number))
    return PreviewRow(row.number, cells, None if faults else draft, tuple(faults))


def _unread(row: SheetRow, columns: dict[str, int]) -> list[Fault]:
    """Cells that the spreadsheet itself gives no value for."""
    fields_at = {column: field for field, column in columns.items()}
    return [
        Fault("cell_unread", COLUMNS[fields_at[fault.column]], fault.message, fault.hint, row.number)
        for fault in row.faults
        if fault.column in fields_at
    ]


def _headless(row: SheetRow, headed: set[int]) -> list[Fault]:
    """A value with no heading above it: most often a separator inside a name has moved the rest of the row."""
    for column, cell in enumerate(row.cells):
        if cell and column not in headed:
            message = f"W kolumnie {column + 1} stoi „{cell[:40]}”, a nie ma ona nagłówka."
            hint = "Jeśli nazwa zawiera średnik lub przecinek, weź ją w cudzysłów. Inaczej dodaj nagłówek."
            return [Fault("cell_without_heading", f"kolumna {column + 1}", message, hint, row.number)]
    return []


def _sector(text: str, line: int, faults: list[Fault]) -> str | None:
    """By id or by Polish name, in any case and with or without diacritics."""
    by_name = _sector_names()
    found = by_name.get(polish.fold(text))
    column = COLUMNS["sector"]
    if found is None and not any(fault.where == column for fault in faults):
        near = difflib.get_close_matches(polish.fold(text), by_name, n=1, cutoff=0.6)
        labels = catalogue_sectors()
        hint = f"Sektory: {'; '.join(labels.values())}."
        meant = SECTOR_WORDS.get(polish.fold(text)) or (by_name[near[0]] if near else None)
        if meant is not None and meant in labels:
            hint = f"Czy chodzi o „{labels[meant]}”?"
        message = f"Nieznany sektor „{text}”." if text else "Brakuje sektora."
        faults.append(Fault("sector_unknown", column, message, hint, line))
    return found


@functools.cache
def _sector_names() -> Mapping[str, str]:
    """Folded name or id -> id."""
    labels = catalogue_sectors()
    return {polish.fold(label): key for key, label in labels.items()} | {
        polish.fold(key): key for key in labels
    }


def _internal(text: str, line: int, faults: list[Fault], *, yes_no: bool) -> bool:
    """ "wewnętrzny" or "zewnętrzny"; TAK and NIE only under the heading "wewnętrzny", where they are plain."""
    words = INTERNAL_WORDS | (YES_NO_WORDS if yes_no else {})
    found = words.get(polish.fold(text))
    column = COLUMNS["internal"]
    if found is None and not any(fault.where == column for fault in faults):
        message = f"Nie wiadomo, co znaczy „{text}”." if text else "Nie podano, czy jest z gminy."
        hint = "Wpisz „wewnętrzny” (z gminy) albo „zewnętrzny” (spoza gminy)."
        faults.append(Fault("internal_unknown", column, message, hint, line))
    return bool(found)


def _without_doubles(rows: list[PreviewRow]) -> list[PreviewRow]:
    """A name that stands twice is a fault of the later row: nobody can tell which of the two is right."""
    first: dict[str, int] = {}
    checked = []
    for row in rows:
        name = " ".join(row.cells["name"].split())
        key = catalogue.name_key(name)
        if name and key in first:
            message = f"„{name}” jest już w wierszu {first[key]}."
            fault = Fault("name_double", COLUMNS["name"], message, "Zostaw jeden z tych wierszy.", row.number)
            row = replace(row, draft=None, faults=(*row.faults, fault))
        first.setdefault(key, row.number)
        checked.append(row)
    return checked


def _completed(draft: StakeholderDraft, known: StakeholderDraft) -> StakeholderDraft:
    """The file's values; where it is blank, the catalogue's."""
    values = {
        field.name: getattr(known, field.name)
        if getattr(draft, field.name) in ("", None)
        else getattr(draft, field.name)
        for field in fields(StakeholderDraft)
    }
    return StakeholderDraft(**values)
