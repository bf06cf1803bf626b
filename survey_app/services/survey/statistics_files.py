"""The rows of a locked campaign for statistics programs (SPSS, Parquet), and their description (DDI Codebook)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.files import parquet
from survey_app.analysis.files.ddi import Study, ddi_xml
from survey_app.analysis.files.sav import sav_bytes
from survey_app.analysis.files.variables import CodedFile, coded
from survey_app.analysis.row_file import RowFile
from survey_app.errors import NotFoundError
from survey_app.services.context import Context
from survey_app.services.survey import results
from survey_app.services.survey.campaign_rules import ANONYMOUS
from survey_app.services.survey.export_responses import row_file, trace_export
from survey_app.services.survey.results import Results

NO_PARQUET = "Ta instalacja serwisu nie zapisuje plików Parquet, bo nie ma w niej biblioteki pyarrow."


@dataclass(frozen=True, slots=True)
class FilesOverview:
    """What the page says before a download. `notes`: those of the row file that say nothing of the answers."""

    rows: int
    variables: int
    notes: tuple[str, ...]
    parquet: bool


def overview(context: Context, campaign_id: int) -> FilesOverview:
    """Raises ConflictError while the campaign is not locked."""
    found = results.load_results(context, campaign_id)
    rows = row_file(context, found)
    file = _coded(found, rows)
    return FilesOverview(len(file.rows), len(file.variables), file.about, parquet.is_available())


def sav(context: Context, campaign_id: int, actor: int | None) -> bytes:
    """SPSS, with Polish labels; the states beside "udzielona" are user-missing values."""
    return _made(
        context, campaign_id, "sav", actor, lambda found, rows: sav_bytes(_coded(found, rows), _title(found))
    )


def parquet_file(context: Context, campaign_id: int, actor: int | None) -> bytes:
    """The columns of the CSV, typed. NotFoundError where this installation cannot write it."""
    if not parquet.is_available():
        raise NotFoundError(NO_PARQUET)
    return _made(
        context, campaign_id, "parquet", actor, lambda found, rows: parquet.parquet_bytes(rows, _title(found))
    )


def ddi(context: Context, campaign_id: int, file_name: str) -> bytes:
    """DDI Codebook 2.5 of the file `file_name`: the study and its variables, without any answer."""
    found = results.load_results(context, campaign_id)
    rows = row_file(context, found)
    return ddi_xml(_study(found, file_name), found.instrument, _coded(found, rows))


def files_of(found: Results, rows: RowFile, name: str, kinds: Collection[str]) -> dict[str, bytes]:
    """Ending -> .sav, its description (`name` is that of the files), and Parquet where it can be written."""
    made = {}
    if "sav" in kinds:
        file = _coded(found, rows)
        made[".sav"] = sav_bytes(file, _title(found))
        made["-codebook.xml"] = ddi_xml(_study(found, f"{name}.sav"), found.instrument, file)
    if "parquet" in kinds and parquet.is_available():
        made[".parquet"] = parquet.parquet_bytes(rows, _title(found))
    return made


def _made(
    context: Context,
    campaign_id: int,
    kind: str,
    actor: int | None,
    make: Callable[[Results, RowFile], bytes],
) -> bytes:
    """The file, and a note of who took a copy of the rows."""
    found = results.load_results(context, campaign_id)
    content = make(found, row_file(context, found))
    trace_export(context, found, kind, actor)
    return content


def _coded(found: Results, rows: RowFile) -> CodedFile:
    anonymous = found.campaign.mode == ANONYMOUS
    labels = [group.label for group in found.groups.items] if anonymous else None
    return coded(found.instrument, rows, labels)


def _title(found: Results) -> str:
    return f"{found.campaign.title}, {found.gmina.name}"


def _study(found: Results, file_name: str) -> Study:
    campaign, gmina = found.campaign, found.gmina
    assert campaign.locked_at is not None
    return Study(
        title=campaign.title,
        gmina=gmina.name,
        teryt=gmina.teryt7,
        powiat=gmina.powiat,
        wojewodztwo=gmina.wojewodztwo,
        begins=campaign.opens_at.astimezone(polish.WARSAW).date(),
        ends=campaign.closes_at.astimezone(polish.WARSAW).date(),
        anonymous=campaign.mode == ANONYMOUS,
        invited=found.population.invited if found.population else None,
        paper=found.paper_used,
        file_name=file_name,
        made=campaign.locked_at.astimezone(polish.WARSAW).date(),
    )
