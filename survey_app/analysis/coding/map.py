"""Where stakeholders stand on the influence × interest map. METHOD, "The diagnoza"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from survey_app import polish
from survey_app.analysis.coding.result import CodedStakeholder, RoundResult

_REACH = 0.4  # how far from its middle a cell is filled; cells are 1 wide, so neighbours stay apart


@dataclass(frozen=True, slots=True)
class MapPoint:
    """`influence`, `interest`: the medians, which say the cell. `x` (interest) and `y` (influence): the place in it."""

    number: int
    stakeholder_id: int
    x: float
    y: float
    influence: int
    interest: int


def stakeholder_map(result: RoundResult) -> tuple[tuple[MapPoint, ...], tuple[CodedStakeholder, ...]]:
    """The points, and the stakeholders that have no place because one of the two medians is missing.

    Numbers run from 1 in Polish alphabetical order of the names: the list beside the map. Those of one cell are
    spread evenly over it, row by row from the top left, so that none covers another and a round has one map only.
    """
    coding = result.coding
    ordered = sorted(result.stakeholders, key=lambda one: (polish.alphabetical(one.name), one.stakeholder_id))
    cells: dict[tuple[int, int], list[tuple[int, CodedStakeholder]]] = {}
    unplaced, number = [], 0
    for one in ordered:
        influence, interest = one.medians.get(coding.influence), one.medians.get(coding.interest)
        if influence is None or interest is None:
            unplaced.append(one)
            continue
        number += 1
        cells.setdefault((influence, interest), []).append((number, one))
    points = [point for cell, inside in cells.items() for point in _spread(cell, inside)]
    return tuple(sorted(points, key=lambda point: point.number)), tuple(unplaced)


def _spread(cell: tuple[int, int], inside: Sequence[tuple[int, CodedStakeholder]]) -> list[MapPoint]:
    influence, interest = cell
    across = ceil(sqrt(len(inside)))
    down = ceil(len(inside) / across)
    return [
        MapPoint(
            number,
            one.stakeholder_id,
            interest + _offset(place % across, across),
            influence - _offset(place // across, down),
            influence,
            interest,
        )
        for place, (number, one) in enumerate(inside)
    ]


def _offset(place: int, places: int) -> float:
    """Evenly from -_REACH to _REACH; one alone stands in the middle."""
    return 0.0 if places == 1 else round(_REACH * (2 * place / (places - 1) - 1), 4)
