"""Every file of the rows of a gmina's locked campaigns, in a folder: for the command line."""

from __future__ import annotations

from pathlib import Path

from survey_app.errors import NotFoundError
from survey_app.services.context import Context
from survey_app.services.survey import export_responses, results, statistics_files
from survey_app.services.survey.export_responses import row_file, trace_export


def export_folder(context: Context, gmina_code: str, folder: Path) -> list[Path]:
    """CSV, codebook, XLSX, .sav and its DDI description of every locked campaign; Parquet where it can be written.

    NotFoundError if no campaign of the gmina is locked.
    """
    locked = results.locked_campaigns(context, gmina_code)
    if not locked:
        raise NotFoundError("Ta gmina nie ma zablokowanej kampanii; dane są do pobrania po blokadzie.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for campaign in locked:
        name = f"ankieta-{gmina_code}-{campaign.public_id}"
        for ending, content in _files(context, campaign.id, name).items():
            path = folder / f"{name}{ending}"
            path.write_bytes(content)
            written.append(path)
    return written


def _files(context: Context, campaign_id: int, name: str) -> dict[str, bytes]:
    """All files of one campaign, from one reading of its results, and a note of each copy of its rows."""
    found = results.load_results(context, campaign_id)
    rows = row_file(context, found)
    made = export_responses.files_of(found, rows) | statistics_files.files_of(found, rows, name)
    for kind in ("csv", "xlsx", "sav", "parquet"):
        if f".{kind}" in made:
            trace_export(context, found, kind, None)
    return made
