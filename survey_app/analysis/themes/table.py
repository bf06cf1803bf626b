"""Themes by interviews. METHOD, "The diagnoza": counts of interviews, not of mentions.

A theme is mentioned in an interview where a passage of it has the theme, or one below it in the tree (convention: who
speaks of transport speaks of services that cannot be reached). An interview that nobody has coded yet says nothing of
any theme: it has no cells and is in no base.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

FORMS = ("idi", "fgi")


@dataclass(frozen=True, slots=True)
class TableTheme:
    """A theme in the order of its tree. `depth`: 0 at the top."""

    id: int
    label: str
    definition: str
    example: str
    parent_id: int | None
    depth: int
    retired: bool


@dataclass(frozen=True, slots=True)
class TableInterview:
    """`form`: "idi" or "fgi". `coded`: somebody has gone through a text of it, or chosen a passage in it."""

    id: int
    form: str
    label: str
    coded: bool


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """`cells` follow the table's interviews: mentioned, not mentioned, None: not coded yet."""

    theme: TableTheme
    cells: tuple[bool | None, ...]


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """Rows in the tree's order; a retired theme only where it is mentioned."""

    interviews: tuple[TableInterview, ...]
    rows: tuple[ThemeRow, ...]

    def mentions(self, row: ThemeRow, form: str | None = None) -> int:
        """In how many interviews (of that form; None: of both) the theme is mentioned."""
        return sum(cell is True for cell in self._of_form(row, form))

    def base(self, form: str | None = None) -> int:
        """How many interviews (of that form; None: of both) were coded."""
        return sum(one.coded and form in (None, one.form) for one in self.interviews)

    def _of_form(self, row: ThemeRow, form: str | None) -> list[bool | None]:
        both = zip(self.interviews, row.cells, strict=True)
        return [cell for interview, cell in both if form in (None, interview.form)]


def theme_table(
    themes: Sequence[TableTheme],
    interviews: Sequence[TableInterview],
    given: Iterable[tuple[int, int]],
) -> ThemeTable:
    """`given`: (interview id, theme id) of every passage's theme; repeated pairs, and interviews or themes that are not
    in the lists, do no harm. An interview with a passage counts as coded, whatever it says.
    """
    below = _with_ancestors(themes)
    mentioned = {(interview, above) for interview, theme in given for above in below.get(theme, ())}
    found = {interview for interview, _ in mentioned}
    columns = tuple(
        TableInterview(one.id, one.form, one.label, one.coded or one.id in found) for one in interviews
    )
    rows = (
        ThemeRow(theme, tuple((one.id, theme.id) in mentioned if one.coded else None for one in columns))
        for theme in themes
    )
    return ThemeTable(columns, tuple(row for row in rows if not row.theme.retired or any(row.cells)))


def _with_ancestors(themes: Collection[TableTheme]) -> Mapping[int, tuple[int, ...]]:
    """Theme id -> itself and all above it."""
    parents = {theme.id: theme.parent_id for theme in themes}
    chains: dict[int, tuple[int, ...]] = {}
    for theme in themes:
        chain: list[int] = []
        at: int | None = theme.id
        while at is not None and at in parents and at not in chain:
            chain.append(at)
            at = parents[at]
        chains[theme.id] = tuple(chain)
    return chains
