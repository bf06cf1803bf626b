"""The data of a locked campaign as files: rows with a codebook, and every released table."""

from __future__ import annotations

from pathlib import Path

from survey_app.analysis.diagnoza.build import release
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.analysis.row_file import CODEBOOK_HEADER, RowFile, anonymous_rows, named_rows
from survey_app.errors import NotFoundError
from survey_app.services import campaigns, gminas, results
from survey_app.services.campaign_rules import ANONYMOUS
from survey_app.services.context import Context
from survey_app.services.results import Results
from survey_app.services.spreadsheets import Cell, Sheet, csv_bytes, xlsx_bytes
from survey_app.store import audit

TABLE_HEADER = ("tabela", "grupa", "odpowiedź", "liczba", "podstawa", "odsetek")


def export_csv(context: Context, campaign_id: int, actor: int | None) -> bytes:
    """The row file alone. Raises ConflictError while the campaign is not locked."""
    rows = _row_file(context, _loaded(context, campaign_id, actor, "csv"))
    return csv_bytes(rows.header, rows.rows)


def export_xlsx(context: Context, campaign_id: int, actor: int | None) -> bytes:
    """Rows, codebook, released tables and notes, a sheet each."""
    found = _loaded(context, campaign_id, actor, "xlsx")
    rows = _row_file(context, found)
    tables = release(found.instrument, found.records, found.groups, found.population)
    every = (tables.response, tables.sizes, *tables.questions.values())
    return xlsx_bytes(
        [
            Sheet("uwagi", ("uwagi",), [(note,) for note in rows.notes]),
            Sheet("dane", rows.header, rows.rows),
            Sheet("książka kodów", CODEBOOK_HEADER, rows.codebook),
            Sheet("tabele", TABLE_HEADER, [line for table in every for line in _table_lines(table)]),
        ]
    )


def codebook_csv(context: Context, campaign_id: int) -> bytes:
    rows = _row_file(context, results.load_results(context, campaign_id))
    notes = [("uwaga", note, "") for note in rows.notes]
    return csv_bytes(CODEBOOK_HEADER, [*rows.codebook, *notes])


def export_folder(context: Context, gmina_code: str, folder: Path) -> list[Path]:
    """For the command line: CSV, codebook and XLSX of every locked campaign. NotFoundError if there is none."""
    gminas.describe(context, gmina_code)
    locked = [campaign for campaign in campaigns.campaigns_of(context, gmina_code) if campaign.locked_at]
    if not locked:
        raise NotFoundError("Ta gmina nie ma zablokowanej kampanii; dane są do pobrania po blokadzie.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for campaign in locked:
        stem = f"ankieta-{gmina_code}-{campaign.public_id}"
        contents = {
            f"{stem}.csv": export_csv(context, campaign.id, None),
            f"{stem}-ksiazka-kodow.csv": codebook_csv(context, campaign.id),
            f"{stem}.xlsx": export_xlsx(context, campaign.id, None),
        }
        for name, content in contents.items():
            (folder / name).write_bytes(content)
            written.append(folder / name)
    return written


def _loaded(context: Context, campaign_id: int, actor: int | None, kind: str) -> Results:
    """The results, and a line in the audit trail: who took a copy of the rows."""
    found = results.load_results(context, campaign_id)
    with context.database.transaction() as session:
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="export",
            object_type="campaign",
            object_id=str(campaign_id),
            gmina_code=found.campaign.gmina_code,
            detail=kind,
        )
    return found


def _row_file(context: Context, found: Results) -> RowFile:
    if found.campaign.mode == ANONYMOUS:
        return anonymous_rows(found.instrument, found.records, found.groups)
    return named_rows(found.instrument, results.named_records(context, found.campaign.id))


def _table_lines(table: ReleasedTable) -> list[tuple[Cell, ...]]:
    """One line per cell; a hidden one says so, a share stands only where the base allows it."""
    return [
        (
            table.title,
            row.label,
            column.label,
            HIDDEN if count is None else count,
            HIDDEN if row.base is None else row.base,
            table.share(row.id, column.id),
        )
        for row in table.rows
        for column, count in zip(table.columns, row.counts, strict=True)
    ]
