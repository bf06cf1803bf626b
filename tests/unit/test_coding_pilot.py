"""The pilot's table (document 002, Tabela 2 and Rys. 7), made the product's own way.

Two rounds per gmina, as far as it had them, become each gmina's file, and the files become the table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from survey_app.analysis.coding.change import change_between
from survey_app.analysis.coding.effect import EffectTable, Figures
from survey_app.analysis.coding.result import CodedStakeholder, CodingHistory, RoundResult
from survey_app.services.coding.gminas_table import coding_file, read_files, table
from survey_app.services.gminas import PILOT_FILE, GminaDescription
from tests.unit.coding_records import closed_round, history, stakeholder

PILOT = Path(__file__).parents[1] / "fixtures" / "pilot"
NEUTRAL = 5  # never won: so that the later round holds more than Zwolennicy


def read(name: str) -> list[dict[str, str]]:
    with (PILOT / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def coded(supporters: int, most: int, *, persons: bool) -> Iterator[CodedStakeholder]:
    for key in range(1, most + NEUTRAL + 1):
        yield stakeholder(
            key, "Z" if key <= supporters else "N", natural_person=persons and key <= supporters
        )


def rounds_of(row: dict[str, str]) -> Iterator[RoundResult]:
    """A closed round for each number that the source knows."""
    known = [int(row[side]) for side in ("start", "koniec") if row[side]]
    persons = row["jednostka_start"] == "osoby fizyczne"
    if row["start"]:
        people = coded(int(row["start"]), max(known), persons=persons)
        yield closed_round(1, people, occasion="start")
    if row["koniec"]:
        yield closed_round(2, coded(int(row["koniec"]), max(known), persons=False), occasion="before_pact")


def descriptions() -> dict[str, GminaDescription]:
    with PILOT_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {
        row["gmina"]: GminaDescription(
            row["terc7"][:6], row["terc7"], row["gmina"], "", row["powiat"], row["wojewodztwo"], example=False
        )
        for row in rows
    }


@cache
def pilot_table() -> EffectTable:
    known = descriptions()
    files = [
        (f"{row['gmina']}.csv", coding_file(history(*rounds_of(row)), known[row["gmina"]]))
        for row in read("tabela2_zwolennicy.csv")
    ]
    frame, faults = read_files(files)
    assert faults == []
    return table(frame)


def expected() -> dict[str, str]:
    return {row["miara"]: row["wartosc"] for row in read("oczekiwane_tabela2.csv")}


def test_every_gmina_stands_in_the_table_as_in_the_source() -> None:
    found = {row.gmina: (row.start, row.end, row.effect) for row in pilot_table().rows}
    source = {
        row["gmina"]: tuple(int(row[side]) if row[side] else None for side in ("start", "koniec", "efekt"))
        for row in read("tabela2_zwolennicy.csv")
    }
    assert len(found) == 20
    assert found == source


@pytest.mark.parametrize(
    ("measure", "figures"),
    [("suma", "sums"), ("srednia", "means"), ("mediana", "medians")],
)
def test_sums_means_and_medians_of_complete_pairs(measure: str, figures: str) -> None:
    found: Figures = getattr(pilot_table(), figures)
    for name, value in (("start", found.start), ("koniec", found.end), ("efekt", found.effect)):
        assert round(value, 4) == float(expected()[f"{measure}_{name}"])


def test_smallest_and_largest_effect_and_how_many_pairs() -> None:
    found = pilot_table()
    assert found.lowest is not None
    assert found.highest is not None
    assert found.lowest.effect == int(expected()["min_efekt"])
    assert found.highest.effect == int(expected()["max_efekt"])
    assert found.pairs == int(expected()["n"])
    assert len(found.incomplete) == int(expected()["n_brak_pary"])


def test_what_is_known_on_one_side_alone() -> None:
    start, end = pilot_table().known_start, pilot_table().known_end
    assert start.gminas == int(expected()["n_start_znany"])
    assert start.total == int(expected()["suma_start_znany"])
    assert start.institutions == int(expected()["suma_start_znany_bez_Kolna"])
    assert start.institution_gminas == 17
    assert end.gminas == int(expected()["n_koniec_znany"])
    assert end.total == end.institutions == int(expected()["suma_koniec_znany"])


def test_by_wojewodztwo() -> None:
    found = {row.wojewodztwo: row for row in pilot_table().by_wojewodztwo}
    for name in ("lubelskie", "mazowieckie", "wielkopolskie", "warmińsko-mazurskie"):
        row = found[name]
        assert row.sums is not None
        shown = "/".join(f"{n:g}" for n in (row.pairs, row.sums.start, row.sums.end, row.sums.effect))
        assert shown == expected()[f"woj_{name}_n/start/koniec/efekt"]
    assert list(found) == ["lubelskie", "mazowieckie", "warmińsko-mazurskie", "wielkopolskie"]


def janow_lubelski() -> CodingHistory:
    """3 Zwolennicy before and 23 after, in the sectors of Rys. 7."""
    by_moment = {
        moment: [row["sektor"] for row in read("rys7_janow_lubelski_sektory.csv") if row["moment"] == moment]
        for moment in ("początek", "koniec")
    }
    every = by_moment["koniec"]
    rounds = []
    for number, (supporters, sectors) in enumerate(((3, by_moment["początek"]), (23, every)), start=1):
        people = [
            stakeholder(
                key,
                "Z" if key <= supporters and every[(key - 1) % len(every)] in sectors else "N",
                sector=every[(key - 1) % len(every)],
            )
            for key in range(1, 27)
        ]
        rounds.append(closed_round(number, people))
    return history(*rounds)


def test_sectors_of_janow_lubelski_go_from_three_to_nine() -> None:
    change = change_between(janow_lubelski())
    assert change is not None
    assert (change.supporters_before, change.supporters_after, change.effect) == (3, 23, 20)
    assert (len(change.sectors_before), len(change.sectors_after)) == (3, 9)
    listed = {row["sektor"] for row in read("rys7_janow_lubelski_sektory.csv") if row["moment"] == "koniec"}
    assert set(change.sectors_after) == listed
    counts = coding_file(janow_lubelski(), descriptions()["Janów Lubelski"]).decode("utf-8-sig").splitlines()
    assert [line.split(";")[-1] for line in counts[1:]] == ["3", "9"]
