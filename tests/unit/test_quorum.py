"""Quorum, majority and their words: the borders, and the plurals."""

from __future__ import annotations

import pytest

from survey_app.instrument.register_model import Votes
from survey_app.polish import NBSP
from survey_app.services.registers.quorum import Counts, outcome, outcome_words, quorum

HALF = Votes()


@pytest.mark.parametrize(
    ("seats", "present", "reached", "lacking"),
    [(0, 0, False, 1), (1, 1, True, 0), (8, 4, False, 1), (8, 5, True, 0), (9, 4, False, 1), (9, 5, True, 0)],
)
def test_more_than_half_of_the_seats_is_a_quorum(
    seats: int, present: int, reached: bool, lacking: int
) -> None:
    found = quorum(HALF, seats, present)
    assert (found.reached, found.lacking) == (reached, lacking)


def test_a_share_of_whole_per_cents_is_exact() -> None:
    """0.29 * 100 is a little under 29 in binary fractions, and 29 present would be enough."""
    assert not quorum(Votes(quorum=0.29), 100, 29).reached
    assert quorum(Votes(quorum=0.29), 100, 30).reached
    assert outcome(Votes(majority=0.66), quorum(HALF, 100, 100), Counts(66, 34)) == "rejected"
    assert outcome(Votes(majority=0.66), quorum(HALF, 100, 100), Counts(67, 33)) == "passed"


@pytest.mark.parametrize(
    ("seats", "present", "words"),
    [
        (9, 5, "obecnych 5 z 9 miejsc, kworum jest (potrzeba więcej niż połowy)"),
        (9, 4, "obecne 4 z 9 miejsc, kworum nie ma: brakuje 1 miejsca (potrzeba więcej niż połowy)"),
        (1, 1, "obecne 1 z 1 miejsca, kworum jest (potrzeba więcej niż połowy)"),
        (22, 0, "obecnych 0 z 22 miejsc, kworum nie ma: brakuje 12 miejsc (potrzeba więcej niż połowy)"),
        (43, 22, "obecne 22 z 43 miejsc, kworum jest (potrzeba więcej niż połowy)"),
    ],
)
def test_the_words_have_the_right_plurals(seats: int, present: int, words: str) -> None:
    assert quorum(HALF, seats, present).words.replace(NBSP, " ") == words


@pytest.mark.parametrize(
    ("present", "counts", "kept", "words"),
    [
        (5, Counts(5, 0, 0), "passed", "przyjęty jednomyślnie"),
        (5, Counts(4, 0, 1), "passed", "przyjęty"),
        (6, Counts(1, 0, 5), "passed", "przyjęty"),
        (6, Counts(3, 3, 0), "rejected", "odrzucony"),
        (6, Counts(0, 0, 6), "rejected", "odrzucony"),
        (3, Counts(3, 0, 0), "no_quorum", "nieprzyjęty: nie było kworum, zabrakło 2 miejsc"),
    ],
)
def test_abstentions_do_not_count_and_a_tie_rejects(
    present: int, counts: Counts, kept: str, words: str
) -> None:
    found = quorum(HALF, 9 if present < 6 else 10, present)
    assert outcome(HALF, found, counts) == kept
    assert outcome_words(kept, found, counts).replace(NBSP, " ") == words
