"""Every file of the rows of a gmina's locked campaigns, in a folder: for the command line."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from survey_app.errors import NotFoundError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.survey import export_rows
from survey_app.store import campaigns

CSV = "csv"
KINDS = (CSV, "xlsx", "sav", "parquet")


def export_folder(
    context: Context, gmina_code: str, folder: Path, kinds: Collection[str] = KINDS
) -> list[Path]:
    """Of every locked campaign: CSV with its codebook, XLSX, .sav with its DDI description, and Parquet where it can be
    written; or only those of `kinds`. CSV alone never has all the answers in memory.

    NotFoundError if no campaign of the gmina is locked.
    """
    gminas.describe(context, gmina_code)
    with context.database.reading() as session:
        locked = [one for one in campaigns.of_gmina(session, gmina_code) if one.locked_at is not None]
    if not locked:
        raise NotFoundError("Ta gmina nie ma zablokowanej kampanii; dane są do pobrania po blokadzie.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for campaign in locked:
        name = f"ankieta-{gmina_code}-{campaign.public_id}"
        if CSV in kinds:
            written += _write_csv(context, campaign.id, folder, name)
        for ending, content in _others(context, campaign.id, name, kinds).items():
            path = folder / f"{name}{ending}"
            path.write_bytes(content)
            written.append(path)
    return written


def _write_csv(context: Context, campaign_id: int, folder: Path, name: str) -> list[Path]:
    rows, book = folder / f"{name}.csv", folder / f"{name}-ksiazka-kodow.csv"
    with rows.open("wb") as file:
        for piece in export_rows.csv_file(context, campaign_id, None):
            file.write(piece)
    book.write_bytes(export_rows.codebook_csv(context, campaign_id))
    return [rows, book]


def _others(context: Context, campaign_id: int, name: str, kinds: Collection[str]) -> dict[str, bytes]:
    """Ending -> the other files, from one reading of the campaign's results, and a note of each copy of its rows."""
    if not set(kinds) - {CSV}:
        return {}
    # Only now: with them come libraries that weigh more than the whole of a streamed file.
    from survey_app.services.survey import results, statistics_files
    from survey_app.services.survey.export_responses import row_file, trace_export, xlsx_of

    found = results.load_results(context, campaign_id)
    rows = row_file(context, found)
    made = {".xlsx": xlsx_of(found, rows)} if "xlsx" in kinds else {}
    made |= statistics_files.files_of(found, rows, name, kinds)
    for kind in KINDS:
        if f".{kind}" in made:
            trace_export(context, found, kind, None)
    return made
