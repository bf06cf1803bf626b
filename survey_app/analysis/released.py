"""The released table: the only form in which counts leave the analysis (METHOD, "Disclosure control").

Only `survey_app.analysis.disclosure` makes one; pages, charts, the PDF, files and roll-ups take nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_MAKER = object()
HIDDEN = "ukryte"  # what stands, on every surface, in place of a number that may not be shown


@dataclass(frozen=True, slots=True)
class Column:
    """One category that is counted: an option, TAK or NIE, a number of filled boxes."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class ReleasedRow:
    """One group. `base` = those of the group who answered; `counts` follow the table's columns; None = hidden.

    `level` is "gmina", "group" (a released group of the campaign) or "total" for tables that have one row only.
    """

    id: str
    label: str
    level: str
    base: int | None
    counts: tuple[int | None, ...]

    @property
    def hidden(self) -> bool:
        return self.base is None or any(count is None for count in self.counts)


@dataclass(frozen=True)
class ReleasedTable:
    """Counts of one question (or of one fact about the response) by group, safe to show to anyone.

    `percent_from`: under this base counts are printed, not per cents. `notes`: sentences in Polish that a reader
    needs beside the table (what was hidden and why). Construct through the disclosure module only.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[ReleasedRow, ...]
    percent_from: int
    notes: tuple[str, ...] = ()
    states: Mapping[str, int | None] = field(
        default_factory=dict
    )  # gmina only: State value -> number of people
    maker: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.maker is not _MAKER:
            raise TypeError("only survey_app.analysis.disclosure makes a ReleasedTable")

    def row(self, row_id: str) -> ReleasedRow:
        """KeyError if the group is not in the table."""
        for row in self.rows:
            if row.id == row_id:
                return row
        raise KeyError(row_id)

    def count(self, row_id: str, column_id: str) -> int | None:
        """The number of people, or None when hidden."""
        index = [column.id for column in self.columns].index(column_id)
        return self.row(row_id).counts[index]

    def share(self, row_id: str, column_id: str) -> float | None:
        """count / base from 0 to 1; None when hidden or when the base is under `percent_from`."""
        row, count = self.row(row_id), self.count(row_id, column_id)
        if count is None or row.base is None or row.base < self.percent_from:
            return None
        return count / row.base
