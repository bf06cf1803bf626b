"""An attacker adds and subtracts every table of the network, of all levels, and is even told what was recorded.

Shares no formula with the code: each printed sum is an equation over the gminas that it holds, and a gmina's number is
found out if some combination of the equations is that gmina alone, or it and one other. METHOD, "Disclosure control",
Roll-up: three gminas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.analysis.disclosure import network as disclosure
from survey_app.analysis.disclosure.rollup import lies_in
from survey_app.analysis.released import ReleasedTable
from survey_app.analysis.rollup.coding_release import CodingRelease
from survey_app.analysis.rollup.network import GminaFacts, Network
from survey_app.analysis.rollup.regions import Country, RollUp, roll_up

CODES = ("060501", "060502", "060503", "060504", "060601", "060602", "060603", "100101", "100102", "100103")
LEVELS = ("PL", "06", "10", "0605", "0606", "1001")
STAGES = (("a", "A"), ("b", "B"))
Sum = frozenset[str]


@st.composite
def countries(draw: st.DrawFn) -> Country:
    """Gminas with rounds of their own, with recorded numbers, with both or with nothing."""
    coding, facts = [], []
    for place, code in enumerate(CODES):
        kind = draw(st.sampled_from(("own", "own", "hidden", "recorded", "recorded", "both", "none")))
        if kind in ("own", "both"):
            coding.append(CodingRelease(code, 2, (place, 1, 0), place, 2 * place + 3))
        elif kind == "hidden":
            coding.append(CodingRelease(code, 2, None, None, None))
        recorded = kind in ("recorded", "both")
        facts.append(
            GminaFacts(
                code,
                stage=draw(st.sampled_from(("a", "b", None))),
                first=place if recorded else None,
                last=3 * place if recorded else None,
                counted=recorded,
            )
        )
    willing = draw(st.frozensets(st.sampled_from(CODES)))
    return Country([], coding, {}, willing, network=Network(facts, CODES, STAGES))


def own_and_recorded(country: Country) -> tuple[Sum, Sum]:
    own = frozenset(one.gmina for one in country.coding if one.is_pair)
    with_rounds = {one.gmina for one in country.coding}
    recorded = {one.gmina for one in country.network.facts if one.first is not None}
    return own, frozenset(recorded - with_rounds)


def reports(country: Country) -> Iterator[RollUp]:
    for code in LEVELS:
        yield roll_up(country, code)


def supporters_sums(country: Country) -> set[Sum]:
    """What each printed number of supporters is the sum of: `gminas` and `recorded` say how many of which kind."""
    own, recorded = own_and_recorded(country)
    found: set[Sum] = set()
    for report in reports(country):
        if report.coding is not None:
            found |= _sums(report.coding.change, own)
        if report.network is None or report.network.supporters is None:
            continue
        table = report.network.supporters
        for row in table.rows:
            if row.hidden:
                continue
            here_own = {one for one in own if lies_in(one, row.id)}
            here_recorded = {one for one in recorded if lies_in(one, row.id)}
            gminas, of_files = row.counts[0] or 0, row.counts[1] or 0
            assert of_files in (0, len(here_recorded))
            assert gminas - of_files in (0, len(here_own))
            found.add(
                frozenset((here_own if gminas > of_files else set()) | (here_recorded if of_files else set()))
            )
    return found


def stage_sums(country: Country) -> set[Sum]:
    following = frozenset(one.gmina for one in country.network.facts if one.stage)
    tables = [report.network.stages for report in reports(country) if report.network is not None]
    return {one for table in tables if table is not None for one in _sums(table, following)}


def _sums(table: ReleasedTable, held: Sum) -> set[Sum]:
    return {frozenset(one for one in held if lies_in(one, row.id)) for row in table.rows if not row.hidden}


def found_out(sums: set[Sum], known: Sum, willing: Sum) -> list[tuple[str, ...]]:
    """One or two gminas whose number, or whose two numbers' sum, follows from what is printed."""
    unknown = sorted({one for held in sums for one in held} - known)
    if not unknown:
        return []
    rows = np.array([[float(one in held) for one in unknown] for held in sums])
    rank = np.linalg.matrix_rank(rows)
    looked_for: list[Sequence[str]] = [(one,) for one in unknown if one not in willing]
    looked_for += [two for two in combinations(unknown, 2) if not willing.intersection(two)]
    return [
        tuple(some)
        for some in looked_for
        if np.linalg.matrix_rank(np.vstack([rows, [float(one in some) for one in unknown]])) == rank
    ]


@settings(deadline=None, max_examples=60)
@given(countries())
def test_no_gmina_that_hides_its_row_is_found_out_from_all_tables_together(country: Country) -> None:
    _, recorded = own_and_recorded(country)
    sums = supporters_sums(country)
    assert found_out(sums, recorded, country.willing) == []  # by who imported the file
    assert found_out(sums, frozenset(), country.willing) == []  # by who did not
    assert found_out(stage_sums(country), frozenset(), country.willing) == []


def test_one_gmina_beside_recorded_ones_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack above is of some use: with the rule of three over both kinds together it finds the gmina."""
    facts = [GminaFacts(code, first=1, last=5, counted=True) for code in CODES[:4]]
    coding = [CodingRelease(CODES[4], 2, (3, 1, 0), 2, 3)]
    country = Country([], coding, {}, network=Network(facts, CODES, STAGES))
    assert found_out(supporters_sums(country), own_and_recorded(country)[1], frozenset()) == []
    honest = disclosure._shown

    def together(
        pairs: Sequence[disclosure.Pair], _recorded: bool, regions: Sequence[str], willing: Sum
    ) -> frozenset[str]:
        alike = [disclosure.Pair(one.gmina, one.start, one.end) for one in pairs]
        return honest(alike, False, regions, willing)

    monkeypatch.setattr(disclosure, "_shown", together)
    assert found_out(supporters_sums(country), own_and_recorded(country)[1], frozenset()) == [(CODES[4],)]
