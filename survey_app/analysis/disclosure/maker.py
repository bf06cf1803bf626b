"""The only place where a `ReleasedTable` comes into being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey_app import polish
from survey_app.analysis.disclosure.suppress import Cells, Verdict
from survey_app.analysis.groups import Group
from survey_app.analysis.released import _MAKER, Column, ReleasedRow, ReleasedTable

GMINA = "gmina"
GMINA_LABEL = "Cała gmina"


def make_table(
    table_id: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[ReleasedRow],
    percent_from: int,
    notes: Sequence[str] = (),
    states: Mapping[str, int | None] | None = None,
) -> ReleasedTable:
    """A released table from rows that have been through `suppress`, or that need no suppression."""
    return ReleasedTable(
        table_id, title, tuple(columns), tuple(rows), percent_from, tuple(notes), states or {}, maker=_MAKER
    )


def gmina_row(cells: Cells, *, hidden: bool) -> ReleasedRow:
    """The row of everybody."""
    return _row(GMINA, GMINA_LABEL, "gmina", cells, hidden=hidden)


def group_rows(groups: Sequence[Group], rows: Sequence[Cells], verdict: Verdict) -> list[ReleasedRow]:
    """One row per released group, in the instrument's order."""
    return [
        _row(group.id, group.label, "group", cells, hidden=position in verdict.rows)
        for position, (group, cells) in enumerate(zip(groups, rows, strict=True))
    ]


def _row(row_id: str, label: str, level: str, cells: Cells, *, hidden: bool) -> ReleasedRow:
    if hidden:
        return ReleasedRow(row_id, label, level, None, tuple(None for _ in cells.counts))
    return ReleasedRow(row_id, label, level, cells.base, cells.counts)


def hidden_notes(verdict: Verdict, groups: Sequence[Group], k: int) -> list[str]:
    """What a reader needs to know about hidden rows. Never says which were hidden for their own sake."""
    notes = []
    if verdict.rows:
        names = ", ".join(f"„{groups[position].label}”" for position in sorted(verdict.rows))
        notes.append(
            f"Ukryto: {names}. Liczby są ukryte tam, gdzie odpowiedzi jest mniej niż {polish.whole(k)} albo "
            f"gdzie jest ich mniej niż {polish.whole(2 * k)} i wszystkie są jednakowe, a także tam, skąd "
            "dałoby się je odtworzyć przez odejmowanie."
        )
    if verdict.total:
        notes.append(
            "Wynik dla całej gminy jest ukryty, bo pozwalałby odczytać odpowiedzi pojedynczych osób "
            "albo małych grup."
        )
    return notes


def release_numbers(
    table_id: str, title: str, numbers: Mapping[str, tuple[str, int]], percent_from: int, base: int
) -> ReleasedTable:
    """A single row of figures about the response: column id -> (label, number).

    Such figures say how many took part, not what anybody answered, so none is hidden (docs/disclosure.md).
    """
    columns = [Column(column_id, label) for column_id, (label, _) in numbers.items()]
    row = ReleasedRow(GMINA, GMINA_LABEL, "gmina", base, tuple(number for _, number in numbers.values()))
    return make_table(table_id, title, columns, [row], percent_from)
