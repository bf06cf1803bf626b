"""Points that members give to the rows of a form, each alone: 1 (can wait) to 5 (most urgent).

Nobody is told another's points. What is said of a row is how many gave it points and, once three did, their lower
median and their range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.instrument.paper_model import ROW_ID, RowTable
from survey_app.services.context import Context
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_trace import record
from survey_app.services.method.papers import AGREED, WITHDRAWN, PaperView, require
from survey_app.store import papers

LEAST = 3  # givers, before anything but their number is said
LOWEST, HIGHEST = 1, 5
NO_POINTS = "W tym piśmie nie daje się punktów."


@dataclass(frozen=True, slots=True)
class RowPoints:
    """A row of the newest version. `words`: its cells, each with the name of its column. `mine`: None without points.

    `median`, `low`, `high`: None while fewer than LEAST gave points.
    """

    row_id: str
    words: Sequence[tuple[str, str]]
    mine: int | None
    givers: int
    median: int | None
    low: int | None
    high: int | None


def pointed_table(view: PaperView) -> RowTable:
    """The table whose rows are given points. NotFoundError if this paper has none."""
    wanted = rules_of(view.definition).points
    for table in view.definition.tables:
        if wanted and table.id == wanted:
            return table
    raise NotFoundError(NO_POINTS)


def rows(context: Context, view: PaperView, person_id: int) -> list[RowPoints]:
    """As this person sees them: own points, and what is said to everybody. Rows that went are not there.

    In the order of the table, so that their order tells nothing.
    """
    table = pointed_table(view)
    with context.database.reading() as session:
        given = papers.points(session, view.paper.id)
    by_row: dict[str, dict[int, int]] = {}
    for one in given:
        by_row.setdefault(one.row_id, {})[one.person_id] = one.points
    return [
        _row_points(row_id, words, by_row.get(row_id, {}), person_id)
        for row_id, words in _rows(view, table).items()
    ]


def _rows(view: PaperView, table: RowTable) -> dict[str, list[tuple[str, str]]]:
    labels = {row.id: row.label for row in table.rows}
    held = {row[ROW_ID]: row for row in view.newest.tables.get(table.id, ()) if row.get(ROW_ID)}
    return {
        row_id: [
            *([(table.heading, labels[row_id])] if row_id in labels else []),
            *((column.label, row[column.id]) for column in table.columns if row.get(column.id)),
        ]
        for row_id, row in held.items()
    }


def _row_points(
    row_id: str, words: Sequence[tuple[str, str]], given: Mapping[int, int], person_id: int
) -> RowPoints:
    points = sorted(given.values())
    if len(points) < LEAST:
        return RowPoints(row_id, words, given.get(person_id), len(points), None, None, None)
    median = points[(len(points) - 1) // 2]
    return RowPoints(row_id, words, given.get(person_id), len(points), median, points[0], points[-1])


def give(
    context: Context, view: PaperView, given: Mapping[str, int | None], person_id: int, gmina_code: str
) -> int:
    """One person's points; None takes them back. How many rows were not there any more, and so were passed over.

    InvalidInputError: not 1 to 5. ConflictError: the paper is agreed or withdrawn.
    """
    table = pointed_table(view)
    faults = [
        Fault("points_unknown", f"punkty-{row_id}", "Można dać od 1 do 5 punktów.", "Prosimy wybrać z listy.")
        for row_id, points in given.items()
        if points is not None and not LOWEST <= points <= HIGHEST
    ]
    if faults:
        raise InvalidInputError("Punkty nie są zapisane.", faults)
    with context.database.transaction() as session:
        paper = require(session, gmina_code, view.paper.id)
        papers.hold(session, paper)
        session.refresh(paper)
        if paper.state in ("agreed", "withdrawn"):
            raise ConflictError(AGREED if paper.state == "agreed" else WITHDRAWN)
        there = _there(session, paper.id, table)
        kept = {row_id: points for row_id, points in given.items() if row_id in there}
        held = {
            one.row_id: one.points for one in papers.points(session, paper.id) if one.person_id == person_id
        }
        changed = {row_id: points for row_id, points in kept.items() if held.get(row_id) != points}
        if changed:
            papers.give_points(session, paper.id, person_id, changed)
            record(context, session, "paper_points_given", paper, person_id)  # never which, nor of which row
        return len(given) - len(kept)


def _there(session: Session, paper_id: int, table: RowTable) -> set[str]:
    newest = papers.version(session, paper_id, papers.newest_head(session, paper_id).number)
    assert newest is not None, "versions are never deleted"
    return {row[ROW_ID] for row in newest.tables.get(table.id, ()) if row.get(ROW_ID)}
