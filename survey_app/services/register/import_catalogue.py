"""Import the Gminny Katalog Interesariuszy from a file: first a preview of every faulty row, then, if none, save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import Fault, InvalidInputError
from survey_app.services.context import Context
from survey_app.services.register.catalogue import (
    StakeholderDraft,
    draft_faults,
    lock_catalogue,
    record,
    refuse_faults,
    tidy_draft,
)
from survey_app.services.register.catalogue_columns import (
    COLUMNS,
    HEADINGS,
    REQUIRED,
    ROW_NUMBERS,
    read_internal,
    read_natural_person,
    read_resources,
    read_sector,
    read_spheres,
)
from survey_app.services.register.declarations import add_contributions
from survey_app.services.register.sectors import sector_labels, standard_sectors
from survey_app.services.register.sheet import read_sheet
from survey_app.services.register.table_rows import Sheet, SheetRow, refuse
from survey_app.store import audit, catalogue
from survey_app.store.catalogue import Stakeholder

# Fields of the draft that are taken as they are written.
PLAIN_TEXTS = ("name", "address", "note", "usefulness", "contact_name", "contact_email", "contact_phone")
HEADER_WITHIN = 10  # rows above the table that may hold its title


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file. `draft` is None while the row has faults. `cells`: what is written, by field.

    `natural_person` None: the file does not say. `resources`: kind and description of each contribution.
    """

    number: int
    cells: Mapping[str, str]
    draft: StakeholderDraft | None
    faults: tuple[Fault, ...]
    natural_person: bool | None = None
    resources: tuple[tuple[str, str], ...] = ()


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


def read_file(name: str, content: bytes, sectors: Mapping[str, str] | None = None) -> CataloguePreview:
    """Saves nothing. `sectors`: those of the gmina, its own among them (the standard ones if None).

    InvalidInputError if there is no table to preview: not a CSV or XLSX, no headings, no rows.
    """
    sheet = read_sheet(name, content)
    place, columns = _find_header(sheet)
    header, body = sheet.rows[place], sheet.rows[place + 1 :]
    if not body:
        raise refuse("no_rows", "Pod nagłówkami nie ma żadnego wiersza.", "Dopisz instytucje.", header.number)
    yes_no = polish.fold(header.cells[columns["internal"]]) == "wewnetrzny"
    headed = {at for at, cell in enumerate(header.cells) if cell}
    labels = standard_sectors() if sectors is None else sectors
    rows = _without_doubles([_preview_row(row, columns, headed, labels, yes_no=yes_no) for row in body])
    return CataloguePreview(name, tuple(columns), tuple(rows), _notes(sheet, place, columns))


def save(context: Context, gmina_code: str, preview: CataloguePreview, actor: int | None) -> ImportReport:
    """Adds and updates, in one transaction; refuses with all faults while any remains.

    A stakeholder is the same if its folded name is. What the file leaves blank, or has no column for, stays as the
    catalogue has it: an import never deletes.
    """
    if not preview.ready:
        raise InvalidInputError("Nie zapisano niczego. Popraw wskazane wiersze w pliku.", preview.faults)
    counts = Counter[str]()
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        present = catalogue.present_by_key(session, gmina_code)
        _refuse_unknown_sectors(preview, sector_labels(session, gmina_code))
        counts.update(_save_row(context, session, gmina_code, row, present, actor) for row in preview.rows)
        known = counts["updated"] + counts["unchanged"]
        report = ImportReport(
            counts["added"], counts["updated"], counts["unchanged"], not_in_file=len(present) - known
        )
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


def _save_row(
    context: Context,
    session: Session,
    gmina_code: str,
    row: PreviewRow,
    present: Mapping[str, Stakeholder],
    actor: int | None,
) -> str:
    """What became of the row: "added", "updated" or "unchanged"."""
    assert row.draft is not None
    found = present.get(catalogue.name_key(row.draft.name))
    if found is None:
        found = catalogue.add(session, gmina_code, row.draft, context.today())
        session.flush()
        outcome = "added"
    else:
        changed = catalogue.update(found, _completed(row, catalogue.draft_of(found)))
        outcome = "updated" if changed else "unchanged"
    if row.resources and add_contributions(context, session, found, row.resources, actor):
        record(context, session, found, "declarations_imported", actor)
        outcome = "updated" if outcome == "unchanged" else outcome
    return outcome


def _refuse_unknown_sectors(preview: CataloguePreview, sectors: Mapping[str, str]) -> None:
    """A sector of the team's own may have gone between the preview and this moment."""
    refuse_faults(
        [
            Fault("sector_unknown", COLUMNS["sector"], "Nie ma już tego sektora.", "Popraw plik.", row.number)
            for row in preview.rows
            if row.draft is not None and row.draft.sector not in sectors
        ]
    )


def template_csv() -> bytes:
    """An empty table with the headings and one example row, as spreadsheets in Poland open it (BOM, semicolons)."""
    example = {
        "name": "Przykładowa świetlica (usuń ten wiersz)",
        "sector": next(iter(standard_sectors().values()), ""),
        "internal": "wewnętrzny",
        "stakeholder_type": "B",
        "natural_person": "nie",
        "resources": "lokal: sala na zajęcia",
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


def _preview_row(
    row: SheetRow, columns: dict[str, int], headed: set[int], labels: Mapping[str, str], *, yes_no: bool
) -> PreviewRow:
    cells = {field: row.cells[at] if at < len(row.cells) else "" for field, at in columns.items()}
    faults = _unread(row, columns) + _headless(row, headed)
    natural_person = read_natural_person(cells.get("natural_person", ""), row.number, faults)
    resources = read_resources(cells.get("resources", ""), row.number, faults)
    draft = tidy_draft(
        StakeholderDraft(
            sector=read_sector(cells["sector"], row.number, faults, labels) or "",
            internal=read_internal(cells["internal"], row.number, faults, yes_no=yes_no),
            stakeholder_type=cells.get("stakeholder_type", "").strip().upper() or None,
            natural_person=bool(natural_person),
            spheres=read_spheres(cells.get("spheres", ""), row.number, faults),
            **{field: cells.get(field, "") for field in PLAIN_TEXTS},
        )
    )
    named = {fault.where for fault in faults}
    for fault in draft_faults(draft, labels):
        where = COLUMNS[fault.where]
        if where not in named:
            hint = "Wpisz A, B albo C lub zostaw puste." if fault.code == "type_unknown" else fault.hint
            faults.append(replace(fault, where=where, hint=hint, line=row.number))
    return PreviewRow(row.number, cells, None if faults else draft, tuple(faults), natural_person, resources)


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


def _completed(row: PreviewRow, known: StakeholderDraft) -> StakeholderDraft:
    """The file's values; where it is blank, the catalogue's."""
    assert row.draft is not None
    values = {
        field.name: getattr(known, field.name)
        if getattr(row.draft, field.name) in ("", None, ())
        else getattr(row.draft, field.name)
        for field in fields(StakeholderDraft)
    }
    if row.natural_person is None:
        values["natural_person"] = known.natural_person
    return StakeholderDraft(**values)
