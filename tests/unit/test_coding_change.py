"""Two rounds of a small gmina, and every number between them worked out by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from survey_app.analysis.coding.change import (
    LEFT_CATALOGUE,
    NOT_CODED_LATER,
    change_between,
    counted_rounds,
    from_to,
)
from survey_app.analysis.coding.result import CodingHistory, Correction, Withdrawn
from tests.unit.coding_records import closed_round, history, stakeholder

#           1  2  3  4  5  6  7  8
# earlier   N  N  Z  P  Z  N  .  .
# later     Z  N  N  N  .  .  Z  N


def two_rounds() -> CodingHistory:
    before = closed_round(
        1,
        [
            stakeholder(1, "N", sector="edukacja"),
            stakeholder(2, "N", sector="kultura"),
            stakeholder(3, "Z", sector="kultura"),
            stakeholder(4, "P", sector="finanse"),
            stakeholder(5, "Z", sector="sport"),
            stakeholder(6, "N", sector="sport"),
        ],
    )
    after = closed_round(
        2,
        [
            stakeholder(1, "Z", sector="edukacja", reason="wystawił dyrektora do zespołu"),
            stakeholder(2, "N", sector="kultura"),
            stakeholder(3, "N", sector="kultura"),
            stakeholder(4, "N", sector="finanse"),
            stakeholder(7, "Z", sector="media"),
            stakeholder(8, "N", sector="media"),
        ],
        occasion="before_pact",
        withdrawn=[Withdrawn(6, "Instytucja 006", "w likwidacji")],
    )
    return history(before, after, left=[5])


def test_each_stakeholder_of_both_rounds_with_its_reason() -> None:
    change = change_between(two_rounds())
    assert change is not None
    assert [(pair.stakeholder_id, pair.before, pair.after, pair.changed) for pair in change.pairs] == [
        (1, "neutralny", "zwolennik", True),
        (2, "neutralny", "neutralny", False),
        (3, "zwolennik", "neutralny", True),
        (4, "przeciwnik", "neutralny", True),
    ]
    assert change.pairs[0].reason == "wystawił dyrektora do zespołu"


def test_the_matrix_follows_the_order_of_codes() -> None:
    change = change_between(two_rounds())
    assert change is not None
    assert [code.id for code in change.before.codes] == ["zwolennik", "neutralny", "przeciwnik"]
    assert from_to(change) == ((0, 1, 0), (1, 1, 0), (0, 1, 0))


def test_new_and_departed_are_kept_apart_and_said_why() -> None:
    change = change_between(two_rounds())
    assert change is not None
    assert [one.stakeholder_id for one in change.new] == [7, 8]
    assert change.departed_why == {5: LEFT_CATALOGUE, 6: "Wyłączono go z późniejszej tury: w likwidacji"}


def test_the_effect_and_where_it_comes_from() -> None:
    change = change_between(two_rounds())
    assert change is not None
    assert (change.supporters_before, change.supporters_after, change.effect) == (2, 2, 0)
    flows = change.flows
    assert (flows.gained, flows.lost, flows.new, flows.departed) == (1, 1, 1, 1)


def test_sectors_with_a_supporter() -> None:
    change = change_between(two_rounds())
    assert change is not None
    assert change.sectors_before == ("kultura", "sport")
    assert change.sectors_after == ("edukacja", "media")


def test_one_round_is_no_change() -> None:
    assert change_between(history(closed_round(1, [stakeholder(1)]))) is None


def test_not_coded_later_though_still_in_the_catalogue() -> None:
    change = change_between(
        history(closed_round(1, [stakeholder(1), stakeholder(2)]), closed_round(2, [stakeholder(1)]))
    )
    assert change is not None
    assert change.departed_why == {2: NOT_CODED_LATER}


def test_codes_that_were_corrected_count_as_corrected() -> None:
    told = two_rounds()
    first = Correction(2, "neutralny", "przeciwnik", "pierwsza", dt.date(2026, 5, 1))
    second = Correction(2, "przeciwnik", "zwolennik", "druga", dt.date(2026, 5, 2))
    later = replace(told.rounds[1], corrections=(first, second))
    change = change_between(replace(told, rounds=(told.rounds[0], later)))
    assert change is not None
    assert (change.pairs[1].after, change.pairs[1].reason) == ("zwolennik", "druga")
    assert change.effect == 1


def test_a_merged_double_is_followed() -> None:
    """Entry 9 of the first round was a double of 7, which was coded in the second."""
    told = two_rounds()
    first = replace(told.rounds[0], stakeholders=(*told.rounds[0].stakeholders, stakeholder(9, "N")))
    change = change_between(CodingHistory((first, told.rounds[1]), {9: 7}, frozenset({5, 9})))
    assert change is not None
    assert [(pair.stakeholder_id, pair.before, pair.after) for pair in change.pairs][-1] == (
        7,
        "neutralny",
        "zwolennik",
    )
    assert [one.stakeholder_id for one in change.new] == [8]
    assert change.joined == ()


def test_double_and_target_in_one_round_count_once_and_it_says_so() -> None:
    told = two_rounds()
    double = stakeholder(9, "Z", name="Dom Kultury")
    first = replace(told.rounds[0], stakeholders=(*told.rounds[0].stakeholders, double))
    merged = CodingHistory((first, told.rounds[1]), {9: 2}, frozenset({5, 9}))
    change = change_between(merged)
    assert change is not None
    assert change.supporters_before == 2  # the entry that stayed says Neutralny
    assert change.joined == (
        "Tura 1: „Dom Kultury” i „Instytucja 002” to ten sam interesariusz; policzono go raz, z kodem wpisu "
        "„Instytucja 002”.",
    )
    assert [len(one.stakeholders) for one in counted_rounds(merged)] == [6, 6]
    assert len(merged.rounds[0].stakeholders) == 7  # the closed round itself stays as it is


def test_who_was_a_natural_person_in_one_round_is_one_in_both() -> None:
    told = history(
        closed_round(1, [stakeholder(1, natural_person=True)]), closed_round(2, [stakeholder(1, "Z")])
    )
    assert [one.stakeholders[0].natural_person for one in counted_rounds(told)] == [True, True]


def test_schemes_of_two_and_of_three_codes_stand_side_by_side() -> None:
    told = history(
        closed_round(1, [stakeholder(1, "N"), stakeholder(2, "N")], scheme="dwa_kody"),
        closed_round(2, [stakeholder(1, "P"), stakeholder(2, "Z")], scheme="trzy_kody"),
    )
    change = change_between(told)
    assert change is not None
    assert from_to(change) == ((0, 0, 0), (1, 0, 1))


def test_of_three_rounds_the_first_and_the_last_count_unless_others_are_named() -> None:
    rounds = [closed_round(n, [stakeholder(1, code)]) for n, code in ((1, "P"), (2, "N"), (3, "Z"))]
    told = history(*rounds)
    whole, later = change_between(told), change_between(told, rounds[1], rounds[2])
    assert whole is not None
    assert later is not None
    assert whole.pairs[0].before == "przeciwnik"
    assert later.pairs[0].before == "neutralny"
