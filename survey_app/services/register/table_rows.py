"""Rows of a table that somebody uploaded, whatever kind of file they came in, and the limits of such a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.errors import Fault, InvalidInputError
from survey_app.polish import counted

MAX_ROWS = 10_000
MAX_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`number`: the row as the person sees it in their program. `faults`: cells that could not be read."""

    number: int
    cells: tuple[str, ...]
    faults: tuple[CellFault, ...] = ()


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that holds no usable value; `column` counts from 0."""

    column: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that hold anything. `other_sheets`: names of sheets that were not read."""

    rows: tuple[SheetRow, ...]
    other_sheets: tuple[str, ...] = ()


def refuse(code: str, message: str, hint: str = "", line: int | None = None) -> InvalidInputError:
    """The error for a file that cannot be read at all."""
    place = f"Wiersz {line}: " if line else ""
    text = f"Nie można wczytać pliku. {place}{message}" + (f" {hint}" if hint else "")
    return InvalidInputError(text, [Fault(code, "plik", message, hint, line)])


def limited(rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
    """Leaves out blank rows; refuses a table that is too big."""
    taken = 0
    for row in rows:
        if not any(row.cells) and not row.faults:
            continue
        taken += 1
        if taken > MAX_ROWS:
            limit = counted(MAX_ROWS, "wiersz", "wiersze", "wierszy")
            raise refuse("too_many_rows", f"Plik ma ponad {limit}.", "Podziel go na części.", row.number)
        if len(row.cells) > MAX_COLUMNS:
            hint = f"Zostaw najwyżej {counted(MAX_COLUMNS, 'kolumnę', 'kolumny', 'kolumn')}."
            raise refuse("too_many_columns", "Wiersz ma za dużo kolumn.", hint, row.number)
        yield row
