"""An attacker holds every gmina's tables and the sums of all levels, on every day, and solves for what is hidden.

Shares no formula with the code: everything published is an equation in whole numbers, and an integer programme says
how small and how large each hidden count can be. METHOD, "Disclosure control", Roll-up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_app.analysis.diagnoza.build import release
from survey_app.analysis.disclosure import GMINA, ReleasedCampaign
from survey_app.analysis.disclosure.rollup import (
    HiddenCell,
    Part,
    lies_in,
    may_be_pooled,
    shown_gminas,
    shown_regions,
)
from survey_app.analysis.groups import Groups, form_groups, type_counts
from survey_app.analysis.rollup.gmina_release import GminaRelease, release_document
from survey_app.analysis.rollup.regions import Country, pools_of, roll_up
from survey_app.instrument.values import Answers, choice_of
from tests.property.test_disclosure import TEXTS, Equations
from tests.unit.analysis_records import ankieta, drawn

QUESTIONS = ("p5", "p7", "p9")
KINDS = ("administracja", "edukacja", "pozarzadowa", "gospodarka")
CODES = ("060501", "060502", "060503", "060504", "060601", "060602", "100101", "100102", "100103")
PLACES: dict[str, str] = {}


@dataclass(frozen=True)
class Town:
    """The truth of one gmina, and what it released."""

    code: str
    records: Sequence[Answers]
    groups: Groups
    released: ReleasedCampaign
    up: GminaRelease

    def truth(self, question: str, answer: str, group: str | None = None) -> int:
        return sum(
            choice_of(r[question].value) == answer and group in (None, self.group_of(r)) for r in self.records
        )

    def base(self, question: str, group: str | None = None) -> int:
        return self.truth(question, "tak", group) + self.truth(question, "nie", group)

    def group_of(self, record: Answers) -> str:
        return self.groups.group_of(choice_of(record["p1"].value)).id

    def texts(self, question: str) -> int:
        values = [record[question].value for record in self.records]
        return sum(len(value) if isinstance(value, list) else int(value is not None) for value in values)


def town(number: int, code: str, records: Sequence[Answers], k: int = 3) -> Town:
    groups = form_groups(ankieta(), type_counts(ankieta(), records), k)
    document = json.loads(json.dumps(release_document(ankieta(), records, groups, None)))
    released = release(ankieta(), records, groups, None)
    return Town(code, records, groups, released, GminaRelease.from_json(number, code, document))


@st.composite
def countries(draw: st.DrawFn) -> list[Town]:
    """Small gminas in the order of their locks, most of them nearly of one mind, so that much is hidden."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=4, max_size=9, unique=True))
    return [
        town(
            number,
            code,
            drawn(
                draw(st.integers(0, 2**32)),
                draw(st.integers(1, 9)),
                KINDS[: draw(st.integers(1, 4))],
                draw(st.sampled_from([0.0, 0.15, 0.5, 0.85, 1.0])),
                draw(st.sampled_from([0.0, 0.4])),
            ),
            draw(st.integers(3, 4)),
        )
        for number, code in enumerate(codes)
    ]


def attack(towns: Sequence[Town], question: str) -> Iterator[tuple[str, str, int, int, int]]:
    """(gmina, row, base, k, width) of each hidden count."""
    eq = Equations()
    for one in towns:
        _own_tables(eq, one, question)
    for day in range(1, len(towns) + 1):
        _sums(eq, towns[:day], question)
    for one in towns:
        for row in one.released.questions[question].rows:
            if row.hidden:
                base = one.base(question, None if row.id == GMINA else row.id)
                yield one.code, row.id, base, one.groups.k, eq.width(eq.var(one.code, row.id, "tak"))


def _own_tables(eq: Equations, one: Town, question: str) -> None:
    for answer in ("tak", "nie"):
        parts = {eq.var(one.code, group.id, answer): 1.0 for group in one.groups.items}
        eq.equal({**parts, eq.var(one.code, GMINA, answer): -1.0}, 0)
    for group in one.groups.items:
        both = {eq.var(one.code, group.id, answer): 1.0 for answer in ("tak", "nie")}
        eq.equal(both, one.base(question, group.id))
    for row in one.released.questions[question].rows:
        for answer, count in zip(("tak", "nie"), row.counts, strict=True):
            if count is not None:
                eq.equal({eq.var(one.code, row.id, answer): 1.0}, count)
    for text, (above, answer, most) in TEXTS.items():
        if above == question and text in one.released.texts:
            eq.know({eq.var(one.code, GMINA, answer): float(most)}, one.texts(text), float("inf"))


def _sums(eq: Equations, towns: Sequence[Town], question: str) -> None:
    """The reader is even told which gminas are in each sum."""
    country = Country([one.up for one in towns], [], PLACES)
    pools = pools_of(country.releases).get((question, ("tak", "nie")), ())
    pooled = {member.gmina: pool.region for pool in pools for member in pool.members}
    for code in ("PL", "06", "10", "0605", "0606", "1001"):
        table = next(
            (one.table for one in roll_up(country, code).questions if one.question == question), None
        )
        if table is None or table.row(code).hidden:
            continue
        held = [
            one.code
            for one in towns
            if lies_in(one.code, code)
            and (
                lies_in(pooled[one.code], code)
                if one.code in pooled
                else not one.released.questions[question].row(GMINA).hidden
            )
        ]
        for answer in ("tak", "nie"):
            terms = {eq.var(gmina, GMINA, answer): 1.0 for gmina in held}
            eq.equal(terms, table.count(code, answer) or 0)


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(countries())
def test_no_hidden_count_of_a_gmina_can_be_worked_out_from_the_sums_of_any_level_or_day(
    towns: list[Town],
) -> None:
    for question in QUESTIONS:
        for gmina, row, base, k, width in attack(towns, question):
            assert width >= min(base, k - 1), (question, gmina, row, base, width)


def mixed(number: int, code: str) -> Town:
    """Four of one mind (hidden) and one gmina in two: TAK in every second one, so that a sum fits many ways."""
    yes = 1.0 if number % 2 else 0.0
    return town(number, code, drawn(number, 4, KINDS[:1], yes, 0.0))


def test_hidden_gminas_of_both_minds_are_summed_together_and_of_one_mind_are_not() -> None:
    """The pools are of some use: the attack above would also pass if nothing ever went up."""
    towns = [mixed(number, code) for number, code in enumerate(CODES[:4])]
    assert all(one.released.questions["p7"].row(GMINA).hidden for one in towns)
    table = {
        q.question: q.table for q in roll_up(Country([t.up for t in towns], [], PLACES), "0605").questions
    }
    assert table["p7"].row("0605").counts == (4, 8)  # the fourth waits for company
    alike = [town(n, code, drawn(n, 4, KINDS[:1], 1.0, 0.0)) for n, code in enumerate(CODES[:4])]
    table = {
        q.question: q.table for q in roll_up(Country([t.up for t in alike], [], PLACES), "0605").questions
    }
    assert table["p7"].row("0605").hidden


def hidden_cells() -> list[HiddenCell]:
    """One or two people, or three to five who were all alike: what a gmina of up to five hides with k = 3."""
    counts = [(yes, no) for yes in range(6) for no in range(6)]
    hidden = [one for one in counts if 0 < sum(one) < 3 or (3 <= sum(one) < 6 and 0 in one)]
    return [HiddenCell(one, (sum(one),), (0, 0), (0, 0), 3) for one in hidden]


@pytest.mark.parametrize("gminas", [3, 4, 5])
def test_a_pool_holds_for_a_reader_who_writes_out_every_way_to_fill_it(gminas: int) -> None:
    """By brute force, every pool there is, with the rule known: three to five people that are hidden were all alike."""
    for some in combinations_with_replacement(hidden_cells(), gminas):
        ways: list[tuple[int, ...]] = [()]
        for cell in some:
            values = range(cell.base + 1) if cell.base < 3 else (0, cell.base)
            ways = [(*way, value) for way in ways for value in values]
        fitting = [way for way in ways if sum(way) == sum(cell.counts[0] for cell in some)]
        widths = [max(column) - min(column) for column in zip(*fitting, strict=True)]
        safe = all(width >= min(cell.base, 2) for width, cell in zip(widths, some, strict=True))
        enough = sum(cell.base for cell in some) >= 3
        assert may_be_pooled(some, len(some)) == (safe and enough), some


parts = st.lists(
    st.builds(lambda code, n: Part(code, n, (n,)), st.sampled_from(CODES), st.just(1)),
    max_size=9,
    unique_by=lambda p: p.region,
)
REGIONS = ("PL", "06", "10", "0605", "0606", "1001")


@settings(deadline=None, max_examples=75)
@given(parts, st.frozensets(st.sampled_from(CODES)))
def test_no_difference_of_shown_sums_and_rows_leaves_one_or_two_gminas(
    some: list[Part], willing: frozenset[str]
) -> None:
    """Every sum or row, less any set of the others that lie in it and not in each other."""
    regions = shown_regions(some, REGIONS)
    rows = shown_gminas(some, regions, willing)
    held = {code: frozenset(p.region for p in some if lies_in(p.region, code)) for code in regions}
    assert all(len(gminas) >= 3 for gminas in held.values())
    assert rows <= willing
    for code, gminas in held.items():
        inside = [other for key, other in held.items() if key != code and other <= gminas]
        inside += [frozenset({row}) for row in rows if row in gminas]
        for chosen in range(2 ** len(inside)):
            taken = [one for place, one in enumerate(inside) if chosen >> place & 1]
            left = gminas - frozenset().union(*taken)
            apart = sum(map(len, taken)) == len(frozenset().union(*taken))
            assert not apart or len(left) >= 3 or left <= willing, (code, taken)
