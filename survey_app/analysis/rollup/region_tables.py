"""Tables of a region's report: sums by area, and measures over gminas. Hidden numbers say so in every one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey_app import polish
from survey_app.analysis.charts.regions import FEW_GMINAS, number
from survey_app.analysis.diagnoza.document import Paragraph, TextTable
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.analysis.rollup.regions import FEW, Measure, RegionQuestion

AREA = "Obszar"
Line = tuple[Measure, str]  # a measure, and the unit of its numbers
TOO_FEW = "0–2"
SPREAD_HEADER = ("Gminy", "Najniżej", "Mediana", "Najwyżej")
WIDEST = 6  # answers; with more of them the table holds the region alone, one answer below the other
_APART = 3  # answers whose shares have columns of their own
_DASH = "–"


def count_word(count: int | None) -> str:
    return HIDDEN if count is None else polish.whole(count)


def title_of(table: ReleasedTable) -> str:
    """The wording of a question without the colon that led to its boxes."""
    return table.title.rstrip(" :")


def measure_table(
    caption: str, first: str, lines: Sequence[Line], anchor: str, halves: bool = False
) -> TextTable:
    """Lowest, median and highest of each measure over gminas, in the order given, and bounds where any has them."""
    bounds = any(one.spread and one.spread.bounds for one, _ in lines)
    header = (first, *SPREAD_HEADER, *(("Granice mediany",) if bounds else ()))
    rows = tuple(_measure_row(one, unit, halves)[: len(header)] for one, unit in lines)
    return TextTable(
        caption, header, rows, (3.4, 1.1, 1.1, 1.1, 1.1, 1.5)[: len(header)], anchor, figures=True
    )


def few_note(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """What the row of a measure without three gminas means; nothing where there is none."""
    if any(one.spread is None for one, _ in lines):
        yield Paragraph(f"{TOO_FEW} w kolumnie „Gminy”: {FEW_GMINAS}, więc miar nie podajemy.", "note")


def _measure_row(measure: Measure, unit: str, halves: bool) -> tuple[str, ...]:
    found = measure.spread
    if found is None:
        return (measure.label, TOO_FEW, *[_DASH] * 4)
    numbers = (number(one, unit, halves) for one in (found.lowest, found.median, found.highest))
    bounds = f"{number(found.bounds[0])}–{number(found.bounds[1])}" if found.bounds else _DASH
    return (measure.label, polish.whole(found.gminas), *numbers, bounds)


def area_table(
    caption: str, table: ReleasedTable, columns: Sequence[tuple[str, str]], anchor: str, widths: float = 1.3
) -> TextTable:
    """Some columns (id, heading) of a released table, area by area."""
    rows = tuple(
        (row.label, *(count_word(table.count(row.id, column)) for column, _ in columns)) for row in table.rows
    )
    header = (AREA, *(heading for _, heading in columns))
    return TextTable(caption, header, rows, (2.6, *[widths] * len(columns)), anchor, figures=True)


def question_table(question: RegionQuestion) -> TextTable:
    """One question's sums by area: how many gminas are in the sum, how many answered, each answer with its share."""
    table, anchor = question.table, f"tabela-{question.question}"
    if len(table.columns) > WIDEST:
        return _long_question(table, anchor)
    apart = len(table.columns) <= _APART
    header = [AREA, "Gminy w sumie", "n"]
    for column in table.columns:
        header += [column.label, f"{column.label} %"] if apart else [column.label]
    rows = []
    for row in table.rows:
        line = [row.label, _gminas(question, row.id), count_word(row.base)]
        for column in table.columns:
            count, share = count_word(table.count(row.id, column.id)), _share(table, row.id, column.id)
            line += [count, share] if apart else [f"{count} ({share})" if share[:1].isdigit() else count]
        rows.append(tuple(line))
    widths = (3.3, 1.2, 0.9, *[1.0 if apart else 1.4] * (len(header) - 3))
    return TextTable(title_of(table), tuple(header), tuple(rows), widths, anchor, figures=True)


def _long_question(table: ReleasedTable, anchor: str) -> TextTable:
    row = table.rows[0]
    rows = tuple(
        (column.label, count_word(table.count(row.id, column.id)), _share(table, row.id, column.id))
        for column in table.columns
    )
    base = ("Odpowiedzi razem", count_word(row.base), _DASH)
    header = ("Odpowiedź", "Liczba", "Odsetek")
    return TextTable(
        f"{title_of(table)} ({row.label})", header, (*rows, base), (4, 1, 1), anchor, figures=True
    )


def _gminas(question: RegionQuestion, row_id: str) -> str:
    held, of = question.gminas.get(row_id), question.of.get(row_id, 0)
    return HIDDEN if held is None else f"{polish.whole(held)} z {polish.whole(of)}"


def _share(table: ReleasedTable, row_id: str, column_id: str) -> str:
    if table.row(row_id).hidden:
        return HIDDEN
    share = table.share(row_id, column_id)
    return _DASH if share is None else polish.percent(share)


def notes_of(table: ReleasedTable, said: Sequence[str] = ()) -> Iterator[Paragraph]:
    """The table's notes, without those that the report says once for all."""
    for note in table.notes:
        if note != FEW and note not in said:
            yield Paragraph(note, "note")
