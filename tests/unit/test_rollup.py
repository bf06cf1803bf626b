"""Measures over gminas, and the division of groups into sectors."""

from __future__ import annotations

import pytest

from survey_app.analysis.disclosure.rollup import HiddenCell as Cell
from survey_app.analysis.disclosure.rollup import Part, Waiting, form_pools, shown_regions, spread
from survey_app.analysis.groups import Group
from survey_app.analysis.rollup.gmina_release import GminaRelease, sector_of
from tests.unit.analysis_records import ankieta


def test_a_measure_needs_three_gminas() -> None:
    assert spread([(50.0, None), (60.0, None)]) is None
    found = spread([(50.0, None), (60.0, None), (10.0, None), (20.0, None)])
    assert found is not None
    assert (found.gminas, found.lowest, found.median, found.highest) == (4, 10.0, 35.0, 60.0)
    assert found.bounds is None


def test_the_median_lies_between_the_medians_of_the_bounds_and_a_gmina_without_may_be_anything() -> None:
    found = spread([(50.0, (40.0, 60.0)), (70.0, (20.0, 90.0)), (30.0, None)])
    assert found is not None
    assert found.bounded == 2
    assert found.bounds == (20.0, 90.0)


def test_a_region_of_fewer_than_three_gminas_is_hidden_and_so_is_what_leaves_them() -> None:
    def parts(*codes: str) -> list[Part]:
        return [Part(code, 1, (1,)) for code in codes]

    regions = ("PL", "06", "10", "0601", "0602", "1001")
    three = ("060101", "060102", "060103")
    assert shown_regions(parts(*three), regions) == {"PL", "06", "0601"}
    assert shown_regions(parts(*three, "060201"), regions) == {"PL", "06"}
    assert shown_regions(parts(*three, "100101"), regions) == {"PL"}
    assert shown_regions(parts("060101", "100101"), regions) == frozenset()


def cell(yes: int, no: int) -> Cell:
    return Cell((yes, no), (yes + no,), (0, 0), (0, 0), 3)


def test_a_pool_forms_in_the_powiat_first_and_stays_as_it_is() -> None:
    def arrived(*codes: str) -> list[Waiting]:
        return [
            Waiting(place, code, cell(4 * (place % 2), 4 * (1 - place % 2)))
            for place, code in enumerate(codes)
        ]

    first = form_pools(arrived("060101", "100101", "060102", "060103"))
    assert [(pool.region, [one.gmina for one in pool.members]) for pool in first] == [
        ("PL", ["060101", "100101", "060102"])
    ]
    more = form_pools(arrived("060101", "100101", "060102", "060103", "060104", "060105", "060106"))
    assert more[:1] == first
    assert [pool.region for pool in more[1:]] == ["0601"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("edukacja",), "edukacja_kultura_sport"),
        (("administracja", "rada_gminy"), "administracja_samorzad"),
        (("administracja", "edukacja"), "three_way:public"),
        (("administracja", "pozarzadowa"), "pozostale"),
        (("inna",), "pozostale"),
    ],
)
def test_a_group_belongs_to_the_narrowest_division_that_holds_it(
    options: tuple[str, ...], expected: str
) -> None:
    table = ankieta().definitions.sectors
    assert table is not None
    found, _ = sector_of(table, Group("g1", "x", options, ()))
    assert found == expected


def test_a_release_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="form"):
        GminaRelease.from_json(1, "060505", {"form": 99})
