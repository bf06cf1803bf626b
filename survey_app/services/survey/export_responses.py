"""The data of a locked campaign as a workbook: rows with a codebook, and every released table."""

from __future__ import annotations

from survey_app.analysis.diagnoza.build import release
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.analysis.row_file import CODEBOOK_HEADER, RowFile, anonymous_rows, named_rows
from survey_app.services.context import Context
from survey_app.services.spreadsheets import Cell, Sheet, xlsx_bytes
from survey_app.services.survey import results
from survey_app.services.survey.campaign_rules import ANONYMOUS
from survey_app.services.survey.campaign_trace import record
from survey_app.services.survey.results import Results

TABLE_HEADER = ("tabela", "grupa", "odpowiedź", "liczba", "podstawa", "odsetek")


def export_xlsx(context: Context, campaign_id: int, actor: int | None) -> bytes:
    """Rows, codebook, released tables and notes, a sheet each."""
    found = results.load_results(context, campaign_id)
    trace_export(context, found, "xlsx", actor)
    return xlsx_of(found, row_file(context, found))


def xlsx_of(found: Results, rows: RowFile) -> bytes:
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


def trace_export(context: Context, found: Results, kind: str, actor: int | None) -> None:
    """Who took a copy of the rows."""
    with context.database.transaction() as session:
        record(context, session, found.campaign, "export", actor, kind)


def row_file(context: Context, found: Results) -> RowFile:
    """The rows that every file of a campaign is made of, whatever its format."""
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
