"""A region's report as rows of text: what a page shows of released tables and of measures over gminas."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.analysis.rollup.regions import FEW, Measure, RollUp

TOO_FEW = "mniej niż trzy gminy"
READINESS_HEADER = ("Sektor", "Gminy", "Najniżej", "Mediana", "Najwyżej", "Granice mediany")
SHARES_HEADER = ("Składowa", "Gminy", "Najniżej", "Mediana", "Najwyżej")
CODING_HEADER = ("Miara", "Gminy", "Najniżej", "Mediana", "Najwyżej")


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as the page macro takes it. `core`: a question that readiness is made of."""

    id: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]
    notes: tuple[str, ...]
    core: bool = True


def simple_table(table: ReleasedTable) -> TableView:
    """Area and counts."""
    header = ("Obszar", *(column.label for column in table.columns))
    rows = tuple((row.label, *(_count(count) for count in row.counts)) for row in table.rows)
    return TableView(table.id, table.title, header, rows, _numeric(header), _notes(table))


def question_views(found: RollUp) -> list[TableView]:
    """Area, how many gminas the sum holds, answers, and each column with its share."""
    core = {share.id for share in found.shares}
    views = []
    for one in found.questions:
        table = one.table
        header = ("Obszar", "Gminy w sumie", "Odpowiedzi", *(column.label for column in table.columns))
        rows = tuple(
            (
                row.label,
                _gminas(one.gminas.get(row.id), one.of.get(row.id, 0)),
                _count(row.base),
                *(_with_share(table, row.id, column.id) for column in table.columns),
            )
            for row in table.rows
        )
        asked = one.question in core
        views.append(TableView(table.id, table.title, header, rows, _numeric(header), _notes(table), asked))
    return views


def readiness_rows(found: RollUp) -> list[tuple[str, ...]]:
    return [(*_measure(one, 0), _bounds(one)) for one in (found.readiness, *found.sectors)]


def shares_rows(found: RollUp) -> list[tuple[str, ...]]:
    return [_measure(one, 0, "%") for one in found.shares]


def coding_rows(found: RollUp) -> list[tuple[str, ...]]:
    return [_measure(one, 1) for one in (found.coding.measures if found.coding else ())]


def response_figures(found: RollUp) -> list[tuple[str, str]]:
    """The region's own row as large numbers; none where it is hidden."""
    row = found.response.rows[0]
    figures = [
        (polish.whole(found.gminas), polish.plural(found.gminas, "gmina", "gminy", "gmin") + " z kampanią")
    ]
    answered = row.counts[1]
    if answered is not None:
        words = polish.plural(answered, "otrzymana ankieta", "otrzymane ankiety", "otrzymanych ankiet")
        figures.append((polish.whole(answered), words))
    if row.id in found.rr1:
        figures.append(
            (polish.percent(found.rr1[row.id]), "odsetek odpowiedzi (RR1) w gminach z zaproszeniami")
        )
    return figures


def _notes(table: ReleasedTable) -> tuple[str, ...]:
    """What holds for every table is said once on the page."""
    return tuple(note for note in table.notes if note != FEW)


def _numeric(header: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(range(1, len(header)))


def _count(count: int | None) -> str:
    return HIDDEN if count is None else polish.whole(count)


def _gminas(held: int | None, of: int) -> str:
    return HIDDEN if held is None else f"{polish.whole(held)} z {polish.whole(of)}"


def _with_share(table: ReleasedTable, row_id: str, column_id: str) -> str:
    share = table.share(row_id, column_id)
    told = _count(table.count(row_id, column_id))
    return told if share is None else f"{told} ({polish.percent(share)})"


def _measure(measure: Measure, places: int, unit: str = "") -> tuple[str, ...]:
    found = measure.spread
    if found is None:
        return (measure.label, TOO_FEW, "–", "–", "–")
    numbers = (found.lowest, found.median, found.highest)
    return (
        measure.label,
        polish.whole(found.gminas),
        *(polish.decimal(number, places if number % 1 else 0) + unit for number in numbers),
    )


def _bounds(measure: Measure) -> str:
    if measure.spread is None or measure.spread.bounds is None:
        return "–"
    low, high = measure.spread.bounds
    return f"od {polish.decimal(low, 0)} do {polish.decimal(high, 0)}"
