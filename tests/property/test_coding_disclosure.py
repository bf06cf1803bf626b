"""A reader of the public edition writes down every way in which the institutions may have been coded.

The reader knows the catalogue, reads every released table and shares no formula and no solver with the code: all
assignments of codes are tried one by one, and those that do not give the printed tables are struck out. METHOD,
"Disclosure control".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from survey_app.analysis.coding.change import change_between, counted_rounds
from survey_app.analysis.coding.result import CodedStakeholder, CodingHistory
from survey_app.analysis.disclosure.codes import ReleasedCodes, SectorsReached, release_change, release_codes
from survey_app.analysis.edition import Edition
from survey_app.analysis.released import ReleasedTable
from tests.unit.coding_records import CODES, closed_round, history, stakeholder

K = 3
SUPPORTER = "zwolennik"
TRAITS = st.tuples(
    st.sampled_from(["edukacja", "kultura", "sport"]), st.booleans(), st.sampled_from(["A", "C", None])
)
Assignment = Sequence[str | None]  # the code of each institution; None: not coded in this round


def people(
    traits: Sequence[tuple[str, bool, str | None]], codes: Sequence[str | None], persons: int = 0
) -> Iterator[CodedStakeholder]:
    """The first `persons` of them are natural persons; code None: not in this round."""
    for key, ((sector, internal, kind), code) in enumerate(zip(traits, codes, strict=True)):
        if code:
            yield stakeholder(
                key,
                code,
                sector=sector,
                internal=internal,
                stakeholder_type=kind,
                natural_person=key < persons,
            )


@dataclass(frozen=True)
class Printed:
    """One printed number and what it counts: institutions whose place and code match."""

    inside: tuple[int, ...]
    code: str
    number: int

    def fits(self, codes: Assignment) -> bool:
        return sum(codes[at] == self.code for at in self.inside) == self.number


def printed(released: ReleasedCodes, institutions: Sequence[CodedStakeholder | None]) -> Iterator[Printed]:
    """Every count of a round's tables; a row belongs to those whom the catalogue puts there."""
    belongs: dict[str, Callable[[CodedStakeholder], str]] = {
        "codes": lambda _one: "gmina",
        "codes_by_sector": lambda one: one.sector,
        "codes_by_type": lambda one: one.stakeholder_type or "none",
        "codes_by_place": lambda one: "internal" if one.internal else "external",
    }
    for table in (released.by_code, released.by_sector, released.by_type, released.by_place):
        for row in table.rows:
            inside = tuple(
                at
                for at, one in enumerate(institutions)
                if one and (row.id == "gmina" or belongs[table.id](one) == row.id)
            )
            for column, count in zip(table.columns, row.counts, strict=True):
                if count is not None:
                    yield Printed(inside, column.id, count)


def sectors_fit(
    reached: SectorsReached, codes: Assignment, institutions: Sequence[CodedStakeholder | None]
) -> bool:
    found = {one.sector for one, code in zip(institutions, codes, strict=True) if one and code == SUPPORTER}
    return (reached.number is None or len(found) == reached.number) and set(reached.named) <= found


def allowed(
    released: ReleasedCodes, institutions: Sequence[CodedStakeholder | None]
) -> list[tuple[str | None, ...]]:
    """All codings of one round that the printed tables leave open."""
    numbers = list(printed(released, institutions))
    columns = [column.id for column in released.by_code.columns]
    options = [columns if one else [None] for one in institutions]
    return [
        codes
        for codes in product(*options)
        if all(number.fits(codes) for number in numbers)
        and sectors_fit(released.supporters_sectors, codes, institutions)
    ]


def exempt(released: ReleasedCodes, institutions: Sequence[CodedStakeholder | None]) -> set[int]:
    """Members of a shown row with 2k or more who are all alike: the rule shows those."""
    return {
        at
        for number in printed(released, institutions)
        if number.number == len(number.inside) >= 2 * K
        for at in number.inside
    }


def given_away(left: Sequence[Assignment], institutions: Sequence[CodedStakeholder | None]) -> set[int]:
    return {at for at, one in enumerate(institutions) if one and len({codes[at] for codes in left}) == 1}


def by_place(result: Sequence[CodedStakeholder], size: int) -> list[CodedStakeholder | None]:
    found = {one.stakeholder_id: one for one in result}
    return [found.get(key) for key in range(size)]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_institutions_code_follows_from_a_rounds_tables(draw: st.DataObject) -> None:
    three = draw.draw(st.booleans())
    traits = draw.draw(st.lists(TRAITS, min_size=3, max_size=6 if three else 10))
    codes = [draw.draw(st.sampled_from("ZNP" if three else "ZN")) for _ in traits]
    scheme = "trzy_kody" if three else "dwa_kody"
    result = closed_round(1, people(traits, codes), scheme=scheme)
    released = release_codes(result, Edition.PUBLIC, K)
    institutions = by_place(result.stakeholders, len(traits))
    left = allowed(released, institutions)
    assert tuple(CODES[code] for code in codes) in left  # the reader's list holds the truth
    assert given_away(left, institutions) <= exempt(released, institutions)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_institutions_code_follows_from_two_rounds_and_the_moves_between(draw: st.DataObject) -> None:
    traits = draw.draw(st.lists(TRAITS, min_size=5, max_size=6))
    ways = [
        draw.draw(st.sampled_from(["NN", "NZ", "ZZ", "ZN", "NZ", "NN", "N.", "Z.", ".Z", ".N"]))
        for _ in traits
    ]
    told = history(
        *(
            closed_round(
                side + 1, people(traits, [w[side].replace(".", "") for w in ways]), scheme="dwa_kody"
            )
            for side in (0, 1)
        )
    )
    assume(all(one.stakeholders for one in told.rounds))
    change = change_between(told)
    assert change is not None
    released = [release_codes(one, Edition.PUBLIC, K) for one in counted_rounds(told)]
    institutions = [by_place(one.stakeholders, len(traits)) for one in told.rounds]
    moved = release_change(change, Edition.PUBLIC, K)
    first, second = (allowed(r, i) for r, i in zip(released, institutions, strict=True))
    left = [
        (before, after)
        for before, after in product(first, second)
        if all(counts_fit(table, before, after) for table in (moved.matrix, moved.new_and_departed))
        and flows_fit(moved.flows, before, after)
        and effect_fits(moved.effect, before, after)
    ]
    assert left
    for side in (0, 1):
        away = given_away([pair[side] for pair in left], institutions[side])
        assert away <= exempt(released[side], institutions[side]), (side, ways)


def counts_fit(table: ReleasedTable, before: Assignment, after: Assignment) -> bool:
    """The matrix (rows: codes before), and the rows of those in one round alone."""
    ways = list(zip(before, after, strict=True))
    found = {
        "new": [new for old, new in ways if old is None],
        "departed": [old for old, new in ways if new is None],
    }
    for row in table.rows:
        codes = found.get(row.id, [new for old, new in ways if old == row.id and new])
        for column, count in zip(table.columns, row.counts, strict=True):
            if count is not None and codes.count(column.id) != count:
                return False
    return True


def flows_fit(table: ReleasedTable, before: Assignment, after: Assignment) -> bool:
    ways = list(zip(before, after, strict=True))
    found = {
        "gained": sum(new == SUPPORTER and old not in {SUPPORTER, None} for old, new in ways),
        "lost": sum(old == SUPPORTER and new not in {SUPPORTER, None} for old, new in ways),
        "new": sum(new == SUPPORTER and old is None for old, new in ways),
        "departed": sum(old == SUPPORTER and new is None for old, new in ways),
    }
    return all(table.count("gmina", flow) in {None, count} for flow, count in found.items())


def effect_fits(table: ReleasedTable, before: Assignment, after: Assignment) -> bool:
    start, end = before.count(SUPPORTER), after.count(SUPPORTER)
    found = {"before": start, "after": end, "effect": end - start}
    return all(table.count("gmina", column) in {None, count} for column, count in found.items())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_public_depends_on_what_a_natural_person_was_coded(draw: st.DataObject) -> None:
    """Whatever their codes: the same tables, so nothing can be worked out from them."""
    traits = draw.draw(st.lists(TRAITS, min_size=4, max_size=9))
    persons = draw.draw(st.integers(1, 4))
    editions = []
    common = [[draw.draw(st.sampled_from("ZNP")) for _ in traits[persons:]] for _ in range(2)]
    for _ in range(2):
        own = [[draw.draw(st.sampled_from("ZNP")) for _ in range(persons)] for _ in range(2)]
        told = history(
            *(
                closed_round(
                    n + 1, people(traits, [*own[n][: len(traits)], *common[n]][: len(traits)], persons)
                )
                for n in range(2)
            )
        )
        editions.append(public(told))
    assert editions[0] == editions[1]


def public(told: CodingHistory) -> tuple[object, ...]:
    change = change_between(told)
    assert change is not None
    rounds = tuple(release_codes(one, Edition.PUBLIC, K) for one in counted_rounds(told))
    return (*rounds, release_change(change, Edition.PUBLIC, K))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_internal_edition_hides_nothing_and_its_numbers_add_up(draw: st.DataObject) -> None:
    traits = draw.draw(st.lists(TRAITS, min_size=1, max_size=12))
    rounds = [
        closed_round(n, people(traits, [draw.draw(st.sampled_from("ZNP")) for _ in traits], persons=2))
        for n in (1, 2)
    ]
    rounds[1] = replace(rounds[1], stakeholders=rounds[1].stakeholders[1:])
    change = change_between(history(*rounds))
    assert change is not None
    released = release_change(change, Edition.INTERNAL, K)
    tables = [released.matrix, released.effect, released.flows, released.new_and_departed]
    for one in rounds:
        codes = release_codes(one, Edition.INTERNAL, K)
        assert codes.persons_left_out == 0
        tables += [codes.by_code, codes.by_sector, codes.by_type, codes.by_place]
        for table in (codes.by_sector, codes.by_type, codes.by_place):
            assert sum(row.base or 0 for row in table.rows[1:]) == len(one.stakeholders)
    assert not any(row.hidden for table in tables for row in table.rows)
    flows = [released.flows.count("gmina", flow) or 0 for flow in ("gained", "lost", "new", "departed")]
    assert (
        flows[0] - flows[1] + flows[2] - flows[3] == released.effect.count("gmina", "effect") == change.effect
    )
    flow = change.flows
    assert [flow.gained, flow.lost, flow.new, flow.departed] == flows
