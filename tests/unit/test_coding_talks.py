"""The order of talks, and the map beside its list."""

from __future__ import annotations

from itertools import combinations

import pytest

from survey_app.analysis.coding.map import stakeholder_map
from survey_app.analysis.coding.talks import NO_ANKIETA, NO_MEDIAN, NO_SCORE, order_of_talks
from survey_app.analysis.diagnoza.result import ReadinessResult, ReadinessRow
from survey_app.analysis.groups import Group, Groups
from survey_app.instrument.model import SectorTable
from tests.unit.analysis_records import ankieta
from tests.unit.coding_records import closed_round, stakeholder


def medians(influence: int | None, interest: int | None = 2) -> dict[str, int | None]:
    return {"wplyw": influence, "wiedza": 2, "zainteresowanie": interest}


def row(group_id: str, label: str, *arguments: str) -> ReadinessRow:
    return ReadinessRow(group_id, label, (), 50.0 if arguments else None, None, "", "", arguments)


def group(group_id: str, *options: str) -> Group:
    return Group(group_id, group_id, options, ())


GROUPS = Groups(
    3,
    True,
    (group("g1", "administracja"), group("g2", "rada_gminy", "kultura"), group("g3", "edukacja", "sport")),
)
READINESS = ReadinessResult(
    (
        row("gmina", "Cała gmina", "Potrzeba: gmina"),
        row("g1", "Urząd", "Potrzeba: urząd", "Działanie: urząd"),
        row("g2", "Rada i kultura", "Gotowość: rada", "Potrzeba: urząd"),
        row("g3", "Szkoły i sport"),  # too few answers
    ),
    (),
    (),
    separable=False,
)


def sectors() -> SectorTable:
    table = ankieta().definitions.sectors
    assert table is not None
    return table


def test_neutral_ones_by_influence_equal_ones_alphabetically_unknown_ones_last() -> None:
    people = [
        stakeholder(1, "N", name="Zakład", medians=medians(3)),
        stakeholder(2, "N", name="Ćmielów", medians=medians(2)),
        stakeholder(3, "N", name="Dom", medians=medians(2)),
        stakeholder(4, "N", name="Apteka", medians=medians(None)),
        stakeholder(5, "Z", name="Biblioteka", medians=medians(3)),
        stakeholder(6, "P", name="Bar", medians=medians(3)),
        stakeholder(7, "N", name="Cech", medians=medians(2)),
    ]
    talks = order_of_talks(closed_round(1, people), None, None, None)
    assert [(talk.number, talk.stakeholder.name, talk.influence) for talk in talks] == [
        (1, "Zakład", 3),
        (2, "Cech", 2),
        (3, "Ćmielów", 2),
        (4, "Dom", 2),
        (5, "Apteka", None),
    ]
    assert talks[-1].why == f"{NO_MEDIAN} {NO_ANKIETA}"
    assert all(talk.arguments == () for talk in talks)


@pytest.mark.parametrize(
    ("sector", "arguments", "why"),
    [
        ("kultura", ("Gotowość: rada", "Potrzeba: urząd"), "„Rada i kultura”"),
        (
            "administracja_publiczna",  # its institutions may be of either group: all candidates, each once
            ("Potrzeba: urząd", "Działanie: urząd", "Gotowość: rada"),
            "„Urząd”, „Rada i kultura”",
        ),
        (
            "edukacja",
            ("Potrzeba: gmina",),
            "całej gminy, bo ankieta nie rozstrzyga",
        ),  # its group has no score
        ("zdrowie", ("Potrzeba: gmina",), "całej gminy, bo tego sektora"),  # in no group
    ],
)
def test_the_argument_comes_from_released_groups(sector: str, arguments: tuple[str, ...], why: str) -> None:
    people = [stakeholder(1, "N", sector=sector)]
    talk = order_of_talks(closed_round(1, people), READINESS, GROUPS, sectors())[0]
    assert talk.arguments == arguments
    assert why in talk.why


def test_no_score_anywhere_is_said() -> None:
    bare = ReadinessResult((row("gmina", "Cała gmina"),), (), (), separable=False)
    talk = order_of_talks(closed_round(1, [stakeholder(1)]), bare, GROUPS, sectors())[0]
    assert (talk.arguments, talk.why) == ((), NO_SCORE)


def test_numbers_follow_the_polish_alphabet_and_nobody_is_lost() -> None:
    people = [
        stakeholder(1, name="Żłobek", medians=medians(3, 1)),
        stakeholder(2, name="Ćmielów", medians=medians(3, 1)),
        stakeholder(3, name="Czarna", medians=medians(1, 3)),
        stakeholder(4, name="Bank", medians=medians(1, None)),
    ]
    points, unplaced = stakeholder_map(closed_round(1, people))
    assert [(point.number, point.stakeholder_id) for point in points] == [(1, 3), (2, 2), (3, 1)]
    assert [one.name for one in unplaced] == ["Bank"]
    assert (points[0].x, points[0].y) == (
        3,
        1,
    )  # alone: in the middle; interest to the right, influence upwards


def test_forty_in_one_cell_stay_inside_it_and_apart() -> None:
    result = closed_round(1, [stakeholder(key, medians=medians(2, 3)) for key in range(40)])
    points, _ = stakeholder_map(result)
    assert points == stakeholder_map(result)[0]
    assert all(abs(point.x - 3) <= 0.4 and abs(point.y - 2) <= 0.4 for point in points)
    assert all(
        max(abs(one.x - other.x), abs(one.y - other.y)) > 0.12 for one, other in combinations(points, 2)
    )
