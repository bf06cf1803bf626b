"""Stage 1: each rates alone; what cannot be taken is refused in words, and nothing that was given is lost."""

from __future__ import annotations

import pytest

from survey_app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from survey_app.services import team_people
from survey_app.services.coding import agree, coding_rounds, rate
from survey_app.services.coding.rate import GivenRating, RatingDraft, StaleRatingError
from survey_app.services.context import Context
from survey_app.services.register import declarations
from survey_app.services.register.declarations import DeclarationDraft
from tests import coding_kit as kit
from tests.campaign_kit import GMINA, add_institution
from tests.coding_kit import Team


@pytest.fixture
def team(context: Context) -> Team:
    return kit.add_team(context, 3, 3)


@pytest.fixture
def round_id(context: Context, team: Team) -> int:
    return kit.open_round(context, team).id


def save(
    context: Context, round_id: int, person: int, stakeholder: int, draft: RatingDraft, revision: int = 0
) -> int:
    return rate.save_rating(context, GMINA, round_id, person, stakeholder, "zainteresowanie", draft, revision)


def own(context: Context, round_id: int, person: int, stakeholder: int) -> tuple[int | None, bool, str, int]:
    found = rate.sheet(context, GMINA, round_id, person, stakeholder).own["zainteresowanie"]
    return found.point, found.dont_know, found.reason, found.revision


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (RatingDraft(0), "out_of_scale"),
        (RatingDraft(4), "out_of_scale"),
        (RatingDraft(-(2**40)), "out_of_scale"),
        (RatingDraft(2, dont_know=True), "point_and_dont_know"),
        (RatingDraft(2, reason="x" * 2001), "too_long"),
        (RatingDraft(2, reason="a\x00b"), "control_character"),
    ],
)
def test_what_is_off_the_scale_is_refused(
    context: Context, team: Team, round_id: int, draft: RatingDraft, code: str
) -> None:
    where = (context, round_id, team.people[0], team.stakeholders[0])
    assert save(*where, RatingDraft(2, reason="Znam.")) == 1
    with pytest.raises(InvalidInputError) as refused:
        save(*where, draft, 1)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert own(*where) == (2, False, "Znam.", 1)


def test_many_ratings_are_kept_together_or_not_at_all(context: Context, team: Team, round_id: int) -> None:
    """What one call refuses leaves nothing behind, wherever in the list it stands."""
    person, (first, second, third) = team.people[1], team.stakeholders
    kit.represent(context, person, third)
    good = [GivenRating(one, "zainteresowanie", RatingDraft(2, reason="Znam.")) for one in (first, second)]
    refused = {
        GivenRating(first, "wplyw", RatingDraft(7)): InvalidInputError,
        GivenRating(third, "wplyw", RatingDraft(2)): ForbiddenError,
        GivenRating(9999, "wplyw", RatingDraft(2)): NotFoundError,
    }
    for bad, error in refused.items():
        with pytest.raises(error):
            rate.save_ratings(context, GMINA, round_id, person, [*good, bad])
        assert own(context, round_id, person, first) == (None, False, "", 0)
    assert rate.save_ratings(context, GMINA, round_id, person, good) == [1, 1]
    assert own(context, round_id, person, second) == (2, False, "Znam.", 1)
    stale = [*good[:1], GivenRating(second, "zainteresowanie", RatingDraft(3))]
    with pytest.raises(StaleRatingError):
        rate.save_ratings(context, GMINA, round_id, person, stale)


def test_an_unknown_criterion_is_refused(context: Context, team: Team, round_id: int) -> None:
    with pytest.raises(InvalidInputError):
        rate.save_rating(
            context, GMINA, round_id, team.people[0], team.stakeholders[0], "uroda", RatingDraft(2), 0
        )


def test_only_stakeholders_of_the_round_are_rated(context: Context, team: Team, round_id: int) -> None:
    outside = add_institution(context, "Spoza tury")
    coding_rounds.withdraw_stakeholder(context, GMINA, round_id, team.stakeholders[2], "Nie ma.", None)
    for stakeholder in (outside, team.stakeholders[2], 9999, 2**40, -1):
        with pytest.raises(NotFoundError):
            save(context, round_id, team.people[0], stakeholder, RatingDraft(2))
        with pytest.raises(NotFoundError):
            rate.sheet(context, GMINA, round_id, team.people[0], stakeholder)


def test_only_an_active_seat_of_the_team_rates(context: Context) -> None:
    team = kit.add_team(context, 2, 4)
    found = kit.open_round(context, team, rater_ids=team.people[:3])
    outsider, left, gone = team.people[3], team.people[1], team.people[2]
    coding_rounds.rater_leaves(context, GMINA, found.id, left, None)
    team_people.remove_member(context, GMINA, gone, None)
    for person in (outsider, left, gone, 9999, 2**40):
        with pytest.raises(ForbiddenError):
            save(context, found.id, person, team.stakeholders[0], RatingDraft(2))
    with pytest.raises(ForbiddenError):
        rate.own_list(context, GMINA, found.id, outsider)
    with pytest.raises(ForbiddenError):
        rate.sheet(context, GMINA, found.id, outsider, team.stakeholders[0])


def test_nobody_rates_the_institution_that_they_represent(
    context: Context, team: Team, round_id: int
) -> None:
    kit.represent(context, team.people[0], team.stakeholders[1])
    with pytest.raises(ForbiddenError, match="Reprezentujesz"):
        save(context, round_id, team.people[0], team.stakeholders[1], RatingDraft(3))
    assert save(context, round_id, team.people[1], team.stakeholders[1], RatingDraft(3)) == 1
    sheet = rate.sheet(context, GMINA, round_id, team.people[0], team.stakeholders[1])
    assert (sheet.represented, sheet.position, sheet.of) == (True, 0, 2)


def test_after_the_ratings_are_laid_open_nothing_is_taken(
    context: Context, team: Team, round_id: int
) -> None:
    where = (context, round_id, team.people[0], team.stakeholders[0])
    save(*where, RatingDraft(2))
    kit.lay_open(context, round_id, team)
    with pytest.raises(ConflictError, match="wyłożone"):
        save(*where, RatingDraft(3), 1)
    assert rate.sheet(context, GMINA, *where[1:]).open is False
    kit.decide_all(context, round_id, team)
    kit.close(context, round_id, team)
    with pytest.raises(ConflictError, match="zamknięta"):
        save(*where, RatingDraft(3), 1)
    assert own(*where) == (2, False, "", 1)


def test_each_change_raises_the_revision_and_no_change_none(
    context: Context, team: Team, round_id: int
) -> None:
    where = (context, round_id, team.people[0], team.stakeholders[0])
    assert save(*where, RatingDraft(None)) == 0
    assert save(*where, RatingDraft(2)) == 1
    assert save(*where, RatingDraft(2), 1) == 1
    assert save(*where, RatingDraft(2, reason="  Bo tak.\r\n"), 1) == 2
    assert save(*where, RatingDraft(2, reason="Bo tak."), 2) == 2
    assert save(*where, RatingDraft(None, dont_know=True, reason="Bo tak."), 2) == 3
    assert own(*where) == (None, True, "Bo tak.", 3)


def test_a_second_window_is_told_what_is_kept(context: Context, team: Team, round_id: int) -> None:
    where = (context, round_id, team.people[0], team.stakeholders[0])
    save(*where, RatingDraft(2, reason="Pierwsze okno."))
    with pytest.raises(StaleRatingError) as stale:
        save(*where, RatingDraft(3, reason="Drugie okno."), 0)
    stored = stale.value.stored
    assert (stored.point, stored.reason, stored.revision) == (2, "Pierwsze okno.", 1)
    assert own(*where) == (2, False, "Pierwsze okno.", 1)
    assert save(*where, RatingDraft(3, reason="Drugie okno."), stored.revision) == 2


def test_the_same_content_from_two_windows_is_no_conflict(
    context: Context, team: Team, round_id: int
) -> None:
    where = (context, round_id, team.people[0], team.stakeholders[0])
    assert save(*where, RatingDraft(2)) == 1
    assert save(*where, RatingDraft(2), 0) == 1


def test_of_two_windows_at_once_one_is_kept_and_the_other_told(
    context: Context, team: Team, round_id: int
) -> None:
    where = (context, round_id, team.people[0], team.stakeholders[0])
    outcomes = kit.together(
        lambda: save(*where, RatingDraft(1, reason="jedno")),
        lambda: save(*where, RatingDraft(3, reason="drugie")),
    )
    kept = own(*where)
    [lost] = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(lost, StaleRatingError)
    assert (lost.stored.point, lost.stored.reason) == (kept[0], kept[2])
    assert kept[3] == 1


def test_two_raters_at_once_lose_nothing(context: Context) -> None:
    team = kit.add_team(context, 40, 3)
    found = kit.open_round(context, team)

    def rate_all(person: int, point: int) -> None:
        for stakeholder in team.stakeholders:
            for criterion in kit.CRITERIA:
                rate.save_rating(
                    context,
                    GMINA,
                    found.id,
                    person,
                    stakeholder,
                    criterion,
                    RatingDraft(point, reason=f"{person}"),
                    0,
                )

    outcomes = kit.together(lambda: rate_all(team.people[0], 1), lambda: rate_all(team.people[1], 3))
    assert outcomes == [None, None]
    for person, point in ((team.people[0], 1), (team.people[1], 3)):
        for stakeholder in team.stakeholders:
            kept = rate.sheet(context, GMINA, found.id, person, stakeholder).own
            assert {(one.point, one.reason, one.revision) for one in kept.values()} == {
                (point, f"{person}", 1)
            }
    rated = [seat.rated for seat in coding_rounds.round_view(context, GMINA, found.id).raters]
    assert rated == [40, 40, 0]


def test_no_rating_slips_in_after_the_ratings_are_laid_open(context: Context) -> None:
    team = kit.add_team(context, 12, 3)
    found = kit.open_round(context, team)
    kit.rate_one(context, found.id, team.people[2], team.stakeholders[0], (2, 2, 2))
    taken: list[int] = []

    def rate_on(person: int) -> None:
        for stakeholder in team.stakeholders:
            save(context, found.id, person, stakeholder, RatingDraft(3))
            taken.append(stakeholder)

    def lay_open() -> int:
        kit.lay_open(context, found.id, team)
        entries = agree.overview(context, GMINA, found.id).entries
        return sum(len(entry.criteria[2].summary.points) for entry in entries)

    outcomes = kit.together(lambda: rate_on(team.people[0]), lambda: rate_on(team.people[1]), lay_open)
    assert all(one is None or isinstance(one, ConflictError) for one in outcomes[:2])
    now = sum(
        len(entry.criteria[2].summary.points) for entry in agree.overview(context, GMINA, found.id).entries
    )
    assert outcomes[2] == now == len(taken) + 1


def test_a_rater_sees_no_trace_of_another(context: Context, team: Team, round_id: int) -> None:
    for stakeholder in team.stakeholders:
        kit.rate_one(context, round_id, team.people[0], stakeholder, (1, 1, 1), "TAJEMNICA")
    seen = [
        rate.own_list(context, GMINA, round_id, team.people[1]),
        [rate.sheet(context, GMINA, round_id, team.people[1], one) for one in team.stakeholders],
        coding_rounds.round_view(context, GMINA, round_id),
        coding_rounds.rounds(context, GMINA),
    ]
    assert "TAJEMNICA" not in repr(seen)
    assert {state.state for state in rate.own_list(context, GMINA, round_id, team.people[1])} == {"untouched"}
    sheets = [rate.sheet(context, GMINA, round_id, team.people[1], one) for one in team.stakeholders]
    assert {one.point for sheet in sheets for one in sheet.own.values()} == {None}
    for call in (
        lambda: agree.overview(context, GMINA, round_id),
        lambda: agree.laid_open(context, GMINA, round_id, team.stakeholders[0], team.people[1]),
        lambda: agree.decide(context, GMINA, round_id, team.stakeholders[0], "neutralny", "bo", None),
        lambda: agree.confirm_agreed(context, GMINA, round_id, None),
        lambda: agree.open_ballot(context, GMINA, round_id, team.stakeholders[0], "neutralny", "bo", None),
        lambda: coding_rounds.close(context, GMINA, round_id, None),
    ):
        with pytest.raises(ConflictError, match="nie są jeszcze wyłożone"):
            call()


def test_the_walk_leads_from_one_unrated_stakeholder_to_the_next(context: Context) -> None:
    team = kit.add_team(context, 5, 3)
    person, ids = team.people[0], team.stakeholders
    kit.represent(context, person, ids[1])
    found = kit.open_round(context, team)
    kit.rate_one(context, found.id, person, ids[2], (2, None, 2))
    save(context, found.id, person, ids[0], RatingDraft(2))
    states = [one.state for one in rate.own_list(context, GMINA, found.id, person)]
    assert states == ["begun", "represented", "done", "untouched", "untouched"]
    first = rate.sheet(context, GMINA, found.id, person, ids[0])
    assert (first.position, first.of, first.done) == (1, 4, 1)
    assert (first.previous_id, first.next_id, first.next_unrated_id) == (None, ids[2], ids[3])
    last = rate.sheet(context, GMINA, found.id, person, ids[4])
    assert (last.position, last.previous_id, last.next_id, last.next_unrated_id) == (4, ids[3], None, ids[0])
    for stakeholder in (ids[0], ids[3], ids[4]):
        kit.rate_one(context, found.id, person, stakeholder, (2, 2, 2))
    assert rate.sheet(context, GMINA, found.id, person, ids[0]).next_unrated_id is None


def test_a_sheet_says_what_the_stakeholder_contributes(context: Context, team: Team, round_id: int) -> None:
    typed = DeclarationDraft("contribution", "Sala w piątki", context.today(), "lokal")
    declarations.add_declaration(context, GMINA, team.stakeholders[0], typed, None)
    sheet = rate.sheet(context, GMINA, round_id, team.people[0], team.stakeholders[0])
    assert sheet.contributions == ("lokal: Sala w piątki",)
