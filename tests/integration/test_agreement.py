"""Stage 2: the ratings lie open together, the team decides, and where it differs it votes: one seat, one vote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from survey_app.services import team_people
from survey_app.services.coding import agree, coding_history, coding_rounds, rate
from survey_app.services.coding.agree import BallotView, LaidOpen
from survey_app.services.coding.rate import RatingDraft
from survey_app.services.context import Context
from survey_app.services.register import declarations
from survey_app.services.register.declarations import DeclarationDraft
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.coding_kit import Team


@pytest.fixture
def team(context: Context) -> Team:
    return kit.add_team(context, 3, 4)


def laid(context: Context, round_id: int, stakeholder: int, person: int | None = None) -> LaidOpen:
    return agree.laid_open(context, GMINA, round_id, stakeholder, person)


def differing(seat: int, place: int) -> kit.Points:
    """Of the second stakeholder the first rater says 1, the others 3; of the rest all say 2."""
    return (2, None, (1 if seat == 0 else 3) if place == 1 else 2)


def test_ratings_lie_open_as_points_and_reasons_without_names(context: Context, team: Team) -> None:
    found = kit.open_round(context, team)
    for person, points, reason in zip(
        team.people,
        [(3, None, 1), (1, 2, 3), (2, 2, 3), (2, 2, 3)],
        ["Żal", "Ale", "Ćma", ""],
        strict=True,
    ):
        kit.rate_one(context, found.id, person, team.stakeholders[0], points, reason)
    kit.lay_open(context, found.id, team)
    influence, knowledge, interest = laid(context, found.id, team.stakeholders[0]).criteria
    assert (influence.summary.points, influence.summary.median) == ((1, 2, 2, 3), 2)
    assert (knowledge.summary.points, knowledge.summary.dont_know) == ((2, 2, 2), 1)
    assert [(one.point, one.reason) for one in interest.reasons] == [(1, "Żal"), (3, "Ale"), (3, "Ćma")]
    assert [(one.point, one.dont_know) for one in knowledge.reasons][-1] == (None, True)
    assert {one.rater_name for one in (*influence.reasons, *interest.reasons)} == {None}
    assert (interest.in_rule, knowledge.in_rule, interest.summary.farthest) == (True, False, 1)


def test_names_are_shown_only_when_all_who_rated_agree(context: Context, team: Team) -> None:
    found = kit.open_round(context, team)
    kit.rate_all(context, found.id, team, raters=team.people[:3])
    kit.lay_open(context, found.id, team)
    for person in team.people[:3]:
        assert not agree.overview(context, GMINA, found.id).names_shown
        agree.agree_to_names(context, GMINA, found.id, person, True)
    overview = agree.overview(context, GMINA, found.id)
    assert overview.names_shown
    assert [one.rater_name for one in overview.entries[0].criteria[2].reasons] == [
        "Osoba 1",
        "Osoba 2",
        "Osoba 3",
    ]
    agree.agree_to_names(context, GMINA, found.id, team.people[1], False)
    assert not agree.overview(context, GMINA, found.id).names_shown
    with pytest.raises(ForbiddenError):
        agree.agree_to_names(context, GMINA, found.id, 9999, True)


def test_a_rating_of_ones_own_institution_is_left_out_when_that_is_learnt_while_each_rates_alone(
    context: Context, team: Team
) -> None:
    found = kit.open_round(context, team)
    kit.rate_all(context, found.id, team, differing)
    second = team.stakeholders[1]
    kit.represent(context, team.people[0], second)
    kit.lay_open(context, found.id, team)
    one = laid(context, found.id, second, team.people[0])
    assert (one.criteria[2].summary.points, one.criteria[0].summary.points) == ((3, 3, 3), (2, 2, 2))
    assert (one.represented, one.may_vote, one.seats, one.differ) == (True, False, 3, False)
    kit.decide_all(context, found.id, team)
    kit.close(context, found.id, team)
    result = coding_history.closed_round(context, GMINA, found.id)
    assert result.stakeholders[1].points["zainteresowanie"] == 3
    kit.represent(context, team.people[0])
    assert laid(context, found.id, second).criteria[2].summary.points == (3, 3, 3)


def test_a_representation_entered_or_taken_back_later_does_not_show_whose_a_rating_is(
    context: Context, team: Team
) -> None:
    found = kit.open_round(context, team)
    kit.rate_all(context, found.id, team, differing)
    first, second = team.stakeholders[:2]
    kit.represent(context, team.people[1], first)
    kit.lay_open(context, found.id, team)

    def shown() -> list[tuple[object, ...]]:
        entries = agree.overview(context, GMINA, found.id).entries
        return [(one.proposed, one.differ, one.criteria) for one in entries]

    before = shown()
    assert before[0][2][2].summary.points == (2, 2, 2)  # type: ignore[index]
    kit.represent(context, team.people[1])
    assert shown() == before, "it comes back, and is known"
    kit.represent(context, team.people[0], first, second)
    assert shown() == before, "it goes, and is known"
    one = laid(context, found.id, second, team.people[0])
    assert (one.represented, one.may_vote, one.seats) == (True, False, 3)
    progress = [(one.rated, one.due) for one in coding_rounds.round_view(context, GMINA, found.id).raters]
    assert progress == [(3, 3), (2, 2), (3, 3), (3, 3)]
    kit.decide_all(context, found.id, team)
    kit.close(context, found.id, team)
    kit.represent(context, team.people[0])
    assert [one.criteria for one in agree.overview(context, GMINA, found.id).entries] == [
        criteria for _, _, criteria in before
    ]
    result = coding_history.closed_round(context, GMINA, found.id)
    assert [one.points["zainteresowanie"] for one in result.stakeholders] == [3, 4, 4]


def test_there_is_no_proposal_under_three_points(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team, lambda seat, _place: (2, 2, 3 if seat < 2 else None))
    one = laid(context, found.id, team.stakeholders[0])
    assert (one.proposed, one.differ, one.composed_reason) == (None, True, "")
    assert "2\u00a0oceny" in one.why_no_proposal
    assert "zainteresowanie" in one.why_no_proposal
    assert agree.confirm_agreed(context, GMINA, found.id, None) == 0


def test_the_proposal_knows_what_the_catalogue_says(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team, (1, 1, 2))
    ids = team.stakeholders
    for key, kind in ((ids[0], "contribution"), (ids[1], "refusal")):
        resource = "lokal" if kind == "contribution" else None
        typed = DeclarationDraft(kind, "Pismo z 2 listopada", context.today(), resource)
        declarations.add_declaration(context, GMINA, key, typed, None)
    entries = agree.overview(context, GMINA, found.id).entries
    assert [one.proposed for one in entries] == ["zwolennik", "przeciwnik", "neutralny"]
    assert "wkład zapisany w katalogu" in entries[0].composed_reason
    assert "odmowa" in entries[1].composed_reason


def test_what_nobody_disputes_is_confirmed_at_once_and_the_rest_left(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team, differing)
    assert agree.confirm_agreed(context, GMINA, found.id, team.coordinator) == 2
    entries = agree.overview(context, GMINA, found.id).entries
    assert [one.decision.code if one.decision else None for one in entries] == [
        "neutralny",
        None,
        "neutralny",
    ]
    assert entries[0].decision is not None
    assert entries[0].decision.reason.startswith("Potwierdzono propozycję z ocen: zainteresowanie")
    assert " (środkowa z " in entries[0].decision.reason
    assert entries[0].decision.decided_by == "Osoba 1"
    assert agree.confirm_agreed(context, GMINA, found.id, team.coordinator) == 0


@pytest.mark.parametrize(
    ("code", "reason", "where"),
    [("kwaśny", "Bo tak.", "code"), ("neutralny", " \n", "reason"), ("neutralny", "x" * 2001, "reason")],
)
def test_a_decision_has_a_code_of_the_scheme_and_a_reason(
    context: Context, team: Team, code: str, reason: str, where: str
) -> None:
    found = kit.laid_open_round(context, team)
    with pytest.raises(InvalidInputError) as refused:
        agree.decide(context, GMINA, found.id, team.stakeholders[0], code, reason, None)
    assert [fault.where for fault in refused.value.faults] == [where]
    assert laid(context, found.id, team.stakeholders[0]).decision is None


def test_the_third_code_is_not_of_the_scheme_of_two(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team, scheme="dwa_kody")
    with pytest.raises(InvalidInputError):
        agree.decide(context, GMINA, found.id, team.stakeholders[0], "przeciwnik", "Bo tak.", None)


def test_another_code_than_the_proposed_needs_words_of_ones_own(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team)
    key = team.stakeholders[0]
    one = laid(context, found.id, key)
    typed = agree.composed_reason(one).replace("\u00a0", " ")
    with pytest.raises(InvalidInputError, match="Popraw"):
        agree.decide(context, GMINA, found.id, key, "neutralny", typed, None)
    assert agree.decide(context, GMINA, found.id, key, "zwolennik", typed, None).proposed == "zwolennik"


def test_a_decision_names_the_one_that_it_replaces(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team)
    key = team.stakeholders[0]
    first = agree.decide(context, GMINA, found.id, key, "zwolennik", "Tak.", None)
    for stale in (None, 9999):
        with pytest.raises(ConflictError, match="właśnie zapisał decyzję"):
            agree.decide(context, GMINA, found.id, key, "neutralny", "Jednak nie.", None, replaces=stale)
    second = agree.decide(context, GMINA, found.id, key, "neutralny", "Jednak nie.", None, replaces=first.id)
    one = laid(context, found.id, key)
    assert one.decision is not None
    assert (one.decision.id, one.decision.code) == (second.id, "neutralny")
    assert [row.code for row in one.earlier] == ["zwolennik"]


def test_of_two_decisions_at_once_one_holds_and_the_other_is_told(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team)
    key = team.stakeholders[0]
    outcomes = kit.together(
        *[lambda: agree.decide(context, GMINA, found.id, key, "neutralny", "Bo tak.", None)] * 3
    )
    assert sum(isinstance(one, ConflictError) for one in outcomes) == 2
    assert laid(context, found.id, key).earlier == ()


def test_only_stakeholders_of_the_round_are_decided(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team, stakeholder_ids=team.stakeholders)
    coding_rounds.withdraw_stakeholder(context, GMINA, found.id, team.stakeholders[2], "Nie ma.", None)
    for key in (team.stakeholders[2], 9999):
        with pytest.raises(NotFoundError):
            agree.decide(context, GMINA, found.id, key, "neutralny", "Bo tak.", None)
        with pytest.raises(NotFoundError):
            agree.open_ballot(context, GMINA, found.id, key, "neutralny", "Bo tak.", None)
        with pytest.raises(NotFoundError):
            laid(context, found.id, key)


def voted(context: Context, team: Team, choices: list[str]) -> tuple[int, BallotView, LaidOpen]:
    """A vote of the first seats on "neutralny" for the second stakeholder."""
    found = kit.laid_open_round(context, team, differing)
    key = team.stakeholders[1]
    ballot = agree.open_ballot(
        context, GMINA, found.id, key, "neutralny", "Nie byli na spotkaniu.", team.coordinator
    )
    for person, choice in zip(team.people, choices, strict=False):
        agree.cast_vote(context, GMINA, found.id, ballot, person, choice)
    going_on = laid(context, found.id, key).ballot
    assert going_on is not None
    assert (going_on.cast, going_on.seats) == (len(choices), 4)
    assert (going_on.votes_for, going_on.votes_against, going_on.votes_abstained, going_on.carried) == (
        None,
    ) * 4
    return (
        found.id,
        agree.close_ballot(context, GMINA, found.id, ballot, team.coordinator),
        laid(context, found.id, key),
    )


@pytest.mark.parametrize(
    ("choices", "carried"),
    [
        (["for", "for", "against", "abstained"], True),
        (["for", "abstained", "abstained"], True),
        (["for", "against"], False),
        (["for", "against", "against"], False),
        (["abstained"], False),
        ([], False),
    ],
)
def test_a_vote_carries_when_more_are_for_than_against(
    context: Context, team: Team, choices: list[str], carried: bool
) -> None:
    _, view, one = voted(context, team, choices)
    counts = tuple(choices.count(choice) for choice in ("for", "against", "abstained"))
    assert (view.votes_for, view.votes_against, view.votes_abstained) == counts
    assert view.carried is carried
    assert one.ballot is None
    assert [past.id for past in one.past_ballots] == [view.id]
    if carried:
        assert one.decision is not None
        assert (one.decision.code, one.decision.reason) == ("neutralny", "Nie byli na spotkaniu.")
        assert one.decision.ballot == view
    else:
        assert one.decision is None


def test_a_seat_may_change_its_vote_and_has_only_one(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team, differing)
    key, person = team.stakeholders[1], team.people[0]
    ballot = agree.open_ballot(context, GMINA, found.id, key, "neutralny", "Bo tak.", None)
    kit.together(*[lambda: agree.cast_vote(context, GMINA, found.id, ballot, person, "for")] * 3)
    agree.cast_vote(context, GMINA, found.id, ballot, person, "against")
    assert laid(context, found.id, key, person).own_vote == "against"
    assert laid(context, found.id, key, team.people[1]).own_vote is None
    view = agree.close_ballot(context, GMINA, found.id, ballot, None)
    assert (view.votes_for, view.votes_against, view.votes_abstained) == (0, 1, 0)
    with pytest.raises(ConflictError, match="zamknięte"):
        agree.cast_vote(context, GMINA, found.id, ballot, person, "for")
    with pytest.raises(ConflictError):
        agree.close_ballot(context, GMINA, found.id, ballot, None)


def test_all_seats_vote_at_once_and_every_vote_counts(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team, differing)
    ballot = agree.open_ballot(context, GMINA, found.id, team.stakeholders[1], "neutralny", "Bo tak.", None)
    calls = [
        lambda person=person: agree.cast_vote(context, GMINA, found.id, ballot, person, "for")  # type: ignore[misc]
        for person in team.people
    ]
    assert kit.together(*calls) == [None] * 4
    assert agree.close_ballot(context, GMINA, found.id, ballot, None).votes_for == 4


def test_who_represents_the_institution_does_not_vote(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team, differing)
    key = team.stakeholders[1]
    kit.represent(context, team.people[0], key)
    ballot = agree.open_ballot(context, GMINA, found.id, key, "neutralny", "Bo tak.", None)
    with pytest.raises(ForbiddenError, match="Reprezentujesz"):
        agree.cast_vote(context, GMINA, found.id, ballot, team.people[0], "for")
    agree.cast_vote(context, GMINA, found.id, ballot, team.people[1], "for")
    agree.cast_vote(context, GMINA, found.id, ballot, team.people[2], "against")
    kit.represent(context, team.people[1], key)
    view = agree.close_ballot(context, GMINA, found.id, ballot, None)
    assert (view.votes_for, view.votes_against, view.seats) == (0, 1, 2)


def test_only_seats_of_the_round_vote(context: Context) -> None:
    team = kit.add_team(context, 2, 5)
    found = kit.laid_open_round(context, replace(team, people=team.people[:4]))
    ballot = agree.open_ballot(context, GMINA, found.id, team.stakeholders[0], "neutralny", "Bo tak.", None)
    coding_rounds.rater_leaves(context, GMINA, found.id, team.people[2], None)
    team_people.remove_member(context, GMINA, team.people[3], None)
    for person in (*team.people[2:], 9999):
        with pytest.raises(ForbiddenError):
            agree.cast_vote(context, GMINA, found.id, ballot, person, "for")
    with pytest.raises(InvalidInputError):
        agree.cast_vote(context, GMINA, found.id, ballot, team.people[0], "może")
    with pytest.raises(NotFoundError):
        agree.cast_vote(context, GMINA, found.id, ballot + 1, team.people[0], "for")


def test_while_a_vote_is_going_on_nothing_else_decides(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team)
    key = team.stakeholders[0]
    typed = (context, GMINA, found.id, key, "neutralny", "Bo tak.")
    ballot = agree.open_ballot(*typed, None)
    with pytest.raises(ConflictError, match="głosowanie"):
        agree.decide(*typed, None)
    with pytest.raises(ConflictError, match="głosowanie"):
        agree.open_ballot(*typed, None)
    with pytest.raises(ConflictError, match="głosowanie"):
        agree.record_show_of_hands(*typed, 2, 1, 0, None)
    assert agree.confirm_agreed(context, GMINA, found.id, None) == 2
    agree.close_ballot(context, GMINA, found.id, ballot, None)
    assert agree.decide(*typed, None).code == "neutralny"


def test_two_votes_opened_at_once_are_one(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team)
    typed = (context, GMINA, found.id, team.stakeholders[0], "neutralny", "Bo tak.")
    outcomes = kit.together(*[lambda: agree.open_ballot(*typed, None)] * 3)
    assert sum(isinstance(one, ConflictError) for one in outcomes) == 2


def test_a_decision_leans_only_on_a_vote_that_carried_the_same_code(context: Context, team: Team) -> None:
    round_id, lost, one = voted(context, team, ["against"])
    key = one.stakeholder.stakeholder_id
    held = agree.record_show_of_hands(
        context, GMINA, round_id, key, "zwolennik", "Jednak tak.", 3, 1, 0, None
    )
    now = laid(context, round_id, key).decision
    assert now is not None
    for code, ballot, where in (
        ("neutralny", lost.id, key),
        ("neutralny", held.id, key),
        ("zwolennik", 9999, key),
    ):
        with pytest.raises(ConflictError):
            agree.decide(context, GMINA, round_id, where, code, "Bo tak.", None, now.id, ballot)
    with pytest.raises(ConflictError):
        agree.decide(context, GMINA, round_id, team.stakeholders[0], "zwolennik", "Tak.", None, None, held.id)
    worded = agree.decide(context, GMINA, round_id, key, "zwolennik", "Po rozmowie.", None, now.id, held.id)
    assert worded.ballot_id == held.id


@pytest.mark.parametrize(
    ("counts", "where"), [((-1, 2, 0), "votes_for"), ((0, 0, 0), "votes_for"), ((3, 1, 1), "votes_for")]
)
def test_hands_are_counted_within_the_seats(
    context: Context, team: Team, counts: tuple[int, int, int], where: str
) -> None:
    found = kit.laid_open_round(context, team)
    key = team.stakeholders[0]
    with pytest.raises(InvalidInputError) as refused:
        agree.record_show_of_hands(context, GMINA, found.id, key, "neutralny", "Bo tak.", *counts, None)
    assert [fault.where for fault in refused.value.faults] == [where]
    kit.represent(context, team.people[3], key)
    with pytest.raises(InvalidInputError):
        agree.record_show_of_hands(context, GMINA, found.id, key, "neutralny", "Bo tak.", 2, 1, 1, None)
    tie = agree.record_show_of_hands(context, GMINA, found.id, key, "neutralny", "Bo tak.", 1, 1, 1, None)
    assert (tie.carried, tie.show_of_hands, tie.seats) == (False, True, 3)
    assert laid(context, found.id, key).decision is None


def test_a_vote_that_carried_is_in_the_result(context: Context, team: Team) -> None:
    round_id, _, one = voted(context, team, ["for", "for", "against"])
    kit.decide_all(context, round_id, team)
    kit.close(context, round_id, team)
    coded = coding_history.closed_round(context, GMINA, round_id).stakeholders[1]
    assert coded.stakeholder_id == one.stakeholder.stakeholder_id
    assert (coded.code, coded.proposed) == ("neutralny", "zwolennik")
    assert coded.votes is not None
    assert (coded.votes.votes_for, coded.votes.votes_against, coded.votes.abstained, coded.votes.seats) == (
        2,
        1,
        0,
        4,
    )


def test_a_vote_needs_somebody_who_may_vote(context: Context) -> None:
    team = kit.add_team(context, 2, 1)
    found = kit.laid_open_round(context, team)
    kit.represent(context, team.people[0], team.stakeholders[0])
    with pytest.raises(ConflictError, match="Nie ma kto głosować"):
        agree.open_ballot(context, GMINA, found.id, team.stakeholders[0], "neutralny", "Bo tak.", None)


def test_agreement_is_told_for_each_criterion(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team, lambda seat, place: (place + 1, 2, 1 + (seat + place) % 3))
    by_criterion = {one.criterion: one for one in agree.overview(context, GMINA, found.id).agreements}
    assert list(by_criterion) == list(kit.CRITERIA)
    assert by_criterion["wplyw"].alpha == 1
    assert by_criterion["wiedza"].alpha is None
    assert by_criterion["wiedza"].undefined
    interest = by_criterion["zainteresowanie"].alpha
    assert interest is not None
    assert interest < 0
    kit.decide_all(context, found.id, team)
    kit.close(context, found.id, team)
    assert coding_history.closed_round(context, GMINA, found.id).agreement == tuple(by_criterion.values())


def test_own_ratings_stay_readable_after_they_are_laid_open(context: Context, team: Team) -> None:
    found = kit.laid_open_round(context, team)
    sheet = rate.sheet(context, GMINA, found.id, team.people[0], team.stakeholders[0])
    assert sheet.own["zainteresowanie"].point == 3
    with pytest.raises(ConflictError):
        rate.save_rating(
            context, GMINA, found.id, team.people[0], team.stakeholders[0], "wplyw", RatingDraft(1), 1
        )
