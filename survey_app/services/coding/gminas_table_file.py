"""The table of several gminas as rows of text, and as files: Tabela 2 of document 002, with what is missing said."""

from __future__ import annotations

from collections.abc import Sequence

from survey_app import polish
from survey_app.analysis.coding.effect import EffectTable, Figures
from survey_app.services.spreadsheets import Cell, Sheet, csv_bytes, xlsx_bytes

MISSING = "brak danych"
HEADER = ("Gmina", "Województwo", "Pierwsza tura", "Ostatnia tura", "Efekt animacji")
WOJEWODZTWA_HEADER = (
    "Województwo",
    "Gminy",
    "Pełne pary",
    "Pierwsza tura",
    "Ostatnia tura",
    "Efekt animacji",
)
KNOWN_HEADER = ("Tura", "Gminy, dla których jest znana", "Zwolennicy razem", "Bez osób fizycznych")
NOTE = (
    "Liczby to Zwolennicy w całym katalogu gminy. Sumy, średnie i mediany obejmują tylko gminy z obiema turami;"
    " pozostałe są w tabeli z dopiskiem „brak danych”. To decyzje o całych katalogach, nie próba, więc nie ma tu"
    " testów istotności. Wśród Zwolenników są osoby fizyczne: tabela jest dla zespołów i koordynatorów. Ogłoszona obok"
    " publicznego wydania diagnozy, które osób nie liczy, zdradzałaby ich kody przez odejmowanie."
)


def gmina_rows(table: EffectTable) -> list[tuple[Cell, ...]]:
    return [(row.gmina, row.wojewodztwo, *_numbers((row.start, row.end, row.effect))) for row in table.rows]


def measure_rows(table: EffectTable) -> list[tuple[Cell, ...]]:
    """Over complete pairs only; none without one."""
    pairs = polish.counted(table.pairs, "pełna para", "pełne pary", "pełnych par")
    named = (
        (f"Razem ({pairs})", table.sums),
        ("Średnia", table.means),
        ("Mediana", table.medians),
        ("Najmniej", table.lowest),
        ("Najwięcej", table.highest),
    )
    return [(name, "", *_figures(figures)) for name, figures in named if figures is not None]


def wojewodztwo_rows(table: EffectTable) -> list[tuple[Cell, ...]]:
    return [
        (row.wojewodztwo, row.gminas, row.pairs, *(_figures(row.sums) if row.sums else (MISSING,) * 3))
        for row in table.by_wojewodztwo
    ]


def known_rows(table: EffectTable) -> list[tuple[Cell, ...]]:
    """What is known on one side alone, gminas without a pair among it."""
    return [
        (name, one.gminas, one.total, one.institutions)
        for name, one in (("Pierwsza", table.known_start), ("Ostatnia", table.known_end))
    ]


def table_csv(table: EffectTable) -> bytes:
    """Gminas, then the measures: one table, as in document 002."""
    return csv_bytes(list(HEADER), [*gmina_rows(table), *measure_rows(table)])


def table_xlsx(table: EffectTable) -> bytes:
    return xlsx_bytes(
        [
            Sheet("efekt animacji", HEADER, [*gmina_rows(table), *measure_rows(table)]),
            Sheet("województwa", WOJEWODZTWA_HEADER, wojewodztwo_rows(table)),
            Sheet("znane tury", KNOWN_HEADER, known_rows(table)),
            Sheet("uwagi", ("Uwagi",), [(NOTE,)]),
        ]
    )


def table_lines(table: EffectTable) -> list[str]:
    """For a terminal: columns as wide as what stands in them."""
    rows = [HEADER, *gmina_rows(table), *measure_rows(table)]
    written = [[_shown(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in written) for place in range(len(HEADER))]
    return [_line(row, widths) for row in written]


def shown(rows: Sequence[Sequence[Cell]]) -> list[tuple[str, ...]]:
    """The same cells as a page writes them: a decimal comma, a sign at a change."""
    return [tuple(_shown(cell) for cell in row) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.ljust(width) if place < 2 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _numbers(values: Sequence[int | None]) -> list[Cell]:
    return [MISSING if value is None else value for value in values]


def _figures(figures: Figures) -> tuple[Cell, Cell, Cell]:
    return _tidy(figures.start), _tidy(figures.end), _tidy(figures.effect)


def _tidy(value: float) -> Cell:
    """Whole numbers as such; a mean with two digits, as document 002 prints it."""
    return int(value) if float(value).is_integer() else round(float(value), 2)


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return polish.decimal(cell, 2)
    return polish.whole(cell) if isinstance(cell, int) else cell
