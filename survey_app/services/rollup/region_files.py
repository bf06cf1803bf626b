"""The tables of a region's report as rows, and as files. Every number comes from the report; hidden ones say so."""

from __future__ import annotations

from collections.abc import Sequence

from survey_app import polish
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.analysis.rollup.regions import Measure
from survey_app.services.rollup.region_report import RegionReport
from survey_app.services.spreadsheets import Cell, Sheet, csv_bytes, xlsx_bytes

LONG_HEADER = ("tabela", "tytuł", "kod", "obszar", "kolumna", "liczba", "podstawa", "gminy w sumie")
MEASURE_HEADER = (
    "miara",
    "nazwa",
    "gminy",
    "najniżej",
    "mediana",
    "najwyżej",
    "gminy z granicami",
    "dolna granica mediany",
    "górna granica mediany",
)
FEW_GMINAS = "mniej niż trzy gminy"


def region_csv(report: RegionReport) -> bytes:
    """All tables in the long form: a line per number."""
    return csv_bytes(LONG_HEADER, _long_rows(report))


def region_xlsx(report: RegionReport) -> bytes:
    """A sheet with all tables in the long form, one with the measures over gminas, one with the notes."""
    notes = [(table.title, note) for table in report.roll_up.tables for note in table.notes]
    facts = [("obszar", f"{report.region.label} ({report.region.code})"), ("ankieta", report.ankieta.key)]
    return xlsx_bytes(
        [
            Sheet("tabele", LONG_HEADER, _long_rows(report)),
            Sheet("miary", MEASURE_HEADER, [_measure_row(kind, one) for kind, one in measures(report)]),
            Sheet("uwagi", ("tabela", "uwaga"), [*facts, *notes]),
        ]
    )


def measures(report: RegionReport) -> list[tuple[str, Measure]]:
    """Every measure over gminas, with what kind it is."""
    found = report.roll_up
    listed = [("gotowość", found.readiness)]
    listed += [("udział odpowiedzi TAK (%)", one) for one in found.shares]
    listed += [("gotowość sektora", one) for one in found.sectors]
    return listed + [("kodowanie", one) for one in (found.coding.measures if found.coding else ())]


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


def _measure_row(kind: str, measure: Measure) -> tuple[Cell, ...]:
    found = measure.spread
    if found is None:
        return (kind, measure.label, FEW_GMINAS, "", "", "", "", "", "")
    low, high = found.bounds or ("", "")
    numbers: Sequence[Cell] = (found.lowest, found.median, found.highest)
    return (kind, measure.label, found.gminas, *numbers, found.bounded, low, high)


def file_name(report: RegionReport, ending: str) -> str:
    """ "zestawienie-06.xlsx"."""
    return f"zestawienie-{polish.fold(report.region.code)}.{ending}"
