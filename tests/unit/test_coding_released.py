"""What the public edition shows of codes, on small gminas where each leak can be seen with the naked eye."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_app.analysis.coding.change import change_between
from survey_app.analysis.coding.result import CodedStakeholder
from survey_app.analysis.disclosure.codes import ReleasedChange, ReleasedCodes, release_change, release_codes
from survey_app.analysis.edition import Edition
from survey_app.analysis.released import ReleasedTable
from tests.unit.coding_records import closed_round, history, stakeholder


def sector(first: int, name: str, codes: str, **facts: bool) -> list[CodedStakeholder]:
    return [stakeholder(first + at, code, sector=name, **facts) for at, code in enumerate(codes)]


def public(*sectors: list[CodedStakeholder], k: int = 3) -> ReleasedCodes:
    people = [one for members in sectors for one in members]
    return release_codes(closed_round(1, people, scheme="dwa_kody"), Edition.PUBLIC, k)


def shown(table: ReleasedTable) -> dict[str, tuple[int | None, ...]]:
    return {row.id: row.counts for row in table.rows if not row.hidden}


def test_large_mixed_sectors_are_shown() -> None:
    released = public(sector(1, "edukacja", "ZZNN"), sector(11, "kultura", "ZNNN"))
    assert shown(released.by_sector) == {"gmina": (3, 5), "edukacja": (2, 2), "kultura": (1, 3)}
    assert (released.supporters_sectors.number, released.supporters_sectors.named) == (
        2,
        ("edukacja", "kultura"),
    )


def test_a_sector_with_one_institution_hides_a_sibling_too() -> None:
    released = public(
        sector(1, "edukacja", "ZZNN"),
        sector(11, "kultura", "ZNNZ"),
        sector(21, "media", "Z"),
        sector(31, "sport", "ZNN"),
    )
    rows = shown(released.by_sector)
    assert "gmina" in rows
    assert "media" not in rows
    assert len(rows) < 4  # subtraction would bring the one institution back
    assert "media" not in released.supporters_sectors.named


def test_a_small_sector_that_is_all_alike_is_hidden() -> None:
    released = public(
        sector(1, "edukacja", "NNNN"), sector(11, "kultura", "ZNNZ"), sector(21, "sport", "ZZN")
    )
    assert "edukacja" not in shown(released.by_sector)


def test_the_number_of_sectors_is_hidden_where_it_names_them_all() -> None:
    """Three supporters in three sectors of one institution each: the number alone would say who they are."""
    released = public(
        sector(1, "edukacja", "Z"),
        sector(2, "kultura", "Z"),
        sector(3, "media", "Z"),
        sector(4, "sport", "NNNN"),
    )
    assert shown(released.by_code) == {"gmina": (3, 4)}
    assert released.supporters_sectors.number is None
    assert released.supporters_sectors.named == ()


def test_places_and_sectors_that_differ_by_one_institution_are_not_both_shown() -> None:
    """Everybody outside is of sport; sport has one more, inside: both rows shown would give its code away."""
    sport = sector(1, "sport", "ZNZN", internal=False)
    released = public(sport, sector(9, "sport", "Z"), sector(11, "kultura", "ZNNZN"))
    by_sector, by_place = shown(released.by_sector), shown(released.by_place)
    assert not ({"sport"} <= set(by_sector) and {"external"} <= set(by_place))
    assert not ({"kultura"} <= set(by_sector) and {"internal"} <= set(by_place))
    assert len(by_sector) > 1 or len(by_place) > 1  # one of the two may well be shown


def test_too_few_or_all_alike_and_not_even_the_total_is_shown() -> None:
    for codes in ("ZN", "NNNNN"):
        released = public(sector(1, "edukacja", codes))
        assert not shown(released.by_code)
        assert not shown(released.by_sector)
        assert "ukryte" in " ".join(released.by_code.notes)
    assert shown(public(sector(1, "edukacja", "NNNNNN")).by_code) == {"gmina": (0, 6)}


@pytest.mark.parametrize(("persons", "said"), [(0, None), (2, None), (3, 3)])
def test_natural_persons_stand_in_no_public_count(persons: int, said: int | None) -> None:
    released = public(
        sector(1, "edukacja", "ZZNN"), sector(11, "liderzy", "Z" * persons, natural_person=True)
    )
    assert released.by_code.count("gmina", "zwolennik") == 2
    assert [row.id for row in released.by_sector.rows] == ["gmina", "edukacja"]
    assert released.persons_left_out == said
    assert "osób fizycznych" in released.by_code.notes[0]


def moves(*ways: str, persons: int = 0, edition: Edition = Edition.PUBLIC) -> ReleasedChange:
    """Each way as "NZ": the code before and after; a dot: not coded in that round."""
    rounds = [
        closed_round(
            side + 1,
            [
                stakeholder(key, way[side], sector=f"s{key % 2}", natural_person=key < persons)
                for key, way in enumerate(ways)
                if way[side] != "."
            ],
            scheme="dwa_kody",
        )
        for side in (0, 1)
    ]
    change = change_between(history(*rounds))
    assert change is not None
    return release_change(change, edition, 3)


STEADY = ("NZ", "NZ", "ZZ", "ZN", "NN", "NN", "NZ", "NN")


def test_moves_of_a_catalogue_that_stayed_the_same_are_shown() -> None:
    released = moves(*STEADY)
    assert shown(released.matrix) == {"zwolennik": (1, 1), "neutralny": (3, 3)}
    assert shown(released.effect) == {"gmina": (2, 4, 2)}
    assert shown(released.flows) == {"gmina": (3, 1, 0, 0)}


@pytest.mark.parametrize("alone", ["N.", "Z.", ".Z", ".N"])
def test_moves_are_hidden_where_the_rounds_less_the_moves_are_one_institution(alone: str) -> None:
    released = moves(*STEADY, alone)
    row = "departed" if alone[1] == "." else "new"
    assert not shown(released.matrix)
    assert row not in shown(released.new_and_departed)
    assert shown(released.effect)  # the supporters of both rounds are no one's in particular
    assert "ukryta" in " ".join(released.matrix.notes)


def test_the_internal_edition_shows_the_same_moves_with_persons() -> None:
    released = moves(*STEADY, "N.", persons=1, edition=Edition.INTERNAL)
    assert shown(released.matrix) == {"zwolennik": (1, 1), "neutralny": (3, 3)}
    assert shown(released.new_and_departed) == {"new": (0, 0), "departed": (0, 1)}
    assert shown(moves(*STEADY, persons=1).matrix) == {"zwolennik": (1, 1), "neutralny": (2, 3)}


def test_what_was_decided_once_is_printed_with_each_rounds_own_names() -> None:
    """The same counts of another round, even of another gmina, are not decided again."""
    members = [*sector(1, "edukacja", "ZZNN"), *sector(11, "kultura", "ZNNN")]
    public(members)
    renamed = [replace(one, sector_label=one.sector_label.upper()) for one in members]
    assert [row.label for row in public(renamed).by_sector.rows[1:]] == ["EDUKACJA", "KULTURA"]


def test_the_smallest_cell_of_the_round_decides_not_the_one_asked_before() -> None:
    members = sector(1, "edukacja", "ZZNN"), sector(11, "kultura", "ZNNZ")
    assert "edukacja" in shown(public(*members, k=3).by_sector)
    assert "edukacja" not in shown(public(*members, k=5).by_sector)
