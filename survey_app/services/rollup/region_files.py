"""A region's report as files: PDF, DOCX, XLSX and CSV. Every number comes from the report; hidden ones say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from survey_app import polish
from survey_app.analysis.charts.regions import FEW_GMINAS
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.analysis.rollup.regions import Measure
from survey_app.services.rollup.region_report import RegionReport
from survey_app.services.spreadsheets import Cell, csv_bytes

LONG_HEADER = ("tabela", "tytuł", "kod", "obszar", "kolumna", "liczba", "podstawa", "gminy w sumie")
MEASURE = "miara"


def region_csv(report: RegionReport) -> bytes:
    """All sums and all measures over gminas in the long form: a line per number, unrounded."""
    return csv_bytes(LONG_HEADER, [*_long_rows(report), *_measure_rows(report)])


def region_xlsx(report: RegionReport) -> bytes:
    """Every table of the report: a sheet with their list, and one for each."""
    from survey_app.analysis.diagnoza.workbook import render_workbook

    return render_workbook(report.document())


def region_pdf(report: RegionReport) -> bytes:
    """The report on paper (PDF/UA-1)."""
    from survey_app.analysis.diagnoza.pdf import render_pdf

    return render_pdf(report.document())


def region_docx(report: RegionReport) -> bytes:
    """The report as a Word document."""
    from survey_app.analysis.diagnoza.docx import render_docx

    return render_docx(report.document())


# The file's ending -> what makes it: the command takes all of them.
FILES: Mapping[str, Callable[[RegionReport], bytes]] = {
    ".csv": region_csv,
    ".xlsx": region_xlsx,
    ".pdf": region_pdf,
    ".docx": region_docx,
}


def measures(report: RegionReport) -> list[tuple[str, Measure]]:
    """Every measure over gminas, with what kind it is."""
    found = report.roll_up
    listed = [("gotowość", found.readiness)]
    listed += [("udział odpowiedzi TAK (%)", one) for one in found.shares]
    listed += [("gotowość sektora", one) for one in found.sectors]
    listed += [("kodowanie", one) for one in (found.coding.measures if found.coding else ())]
    return listed + [
        ("kodowanie z zapisami", one) for one in (found.network.measures if found.network else ())
    ]


def _long_rows(report: RegionReport) -> list[tuple[Cell, ...]]:
    gminas = {one.question: one.gminas for one in report.roll_up.questions}
    return [
        row
        for table in report.roll_up.tables
        for row in _rows_of(table, {key: str(number) for key, number in gminas.get(table.id, {}).items()})
    ]


def _rows_of(table: ReleasedTable, gminas: dict[str, str]) -> list[tuple[Cell, ...]]:
    return [
        (
            table.id,
            table.title,
            row.id,
            row.label,
            column.label,
            HIDDEN if count is None else count,
            HIDDEN if row.base is None else row.base,
            int(gminas[row.id]) if row.id in gminas else "",
        )
        for row in table.rows
        for column, count in zip(table.columns, row.counts, strict=True)
    ]


def _measure_rows(report: RegionReport) -> list[tuple[Cell, ...]]:
    """With fewer than three gminas a single line, which says so."""
    rows: list[tuple[Cell, ...]] = []
    for kind, one in measures(report):
        for name, value in _numbers(one):
            area = (report.region.code, report.region.label)
            gminas = one.spread.gminas if one.spread else ""
            rows.append((f"{MEASURE}: {kind}", one.label, *area, name, value, "", gminas))
    return rows


def _numbers(measure: Measure) -> list[tuple[str, Cell]]:
    found = measure.spread
    if found is None:
        return [("mediana", FEW_GMINAS)]
    numbers: list[tuple[str, Cell]] = [
        ("najniżej", found.lowest),
        ("mediana", found.median),
        ("najwyżej", found.highest),
    ]
    if measure.mean is not None:
        numbers.append(("średnia", measure.mean))
    if found.bounds:
        numbers.append(("gminy z granicami", found.bounded))
        numbers += zip(("dolna granica mediany", "górna granica mediany"), found.bounds, strict=True)
    return numbers


def file_name(report: RegionReport, ending: str, stem: str = "zestawienie") -> str:
    """ "zestawienie-06.xlsx", "raport-06.pdf"."""
    return f"{stem}-{polish.fold(report.region.code)}.{ending}"
