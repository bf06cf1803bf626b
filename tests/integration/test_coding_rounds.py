"""Coding rounds: opened for a choice of stakeholders and seats, extended, laid open, closed or abandoned."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import gminas, team_people
from survey_app.services.coding import agree, coding_rounds, rate
from survey_app.services.coding.coding_rounds import RoundDraft
from survey_app.services.coding.rate import RatingDraft
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from tests import coding_kit as kit
from tests.campaign_kit import GMINA, add_institution
from tests.stores import Clock

OTHER = "060203"


def test_a_round_is_opened_for_the_chosen_stakeholders_and_seats(context: Context) -> None:
    team = kit.add_team(context, 5, 3)
    found = kit.open_round(context, team, stakeholder_ids=team.stakeholders[:3], title="  Tura   pierwsza ")
    view = coding_rounds.round_view(context, GMINA, found.id)
    assert (found.number, found.stage, found.title) == (1, "rating", "Tura pierwsza")
    assert [one.name for one in view.stakeholders] == ["Instytucja 001", "Instytucja 002", "Instytucja 003"]
    assert [(seat.name, seat.rated, seat.due) for seat in view.raters] == [
        ("Osoba 1", 0, 3),
        ("Osoba 2", 0, 3),
        ("Osoba 3", 0, 3),
    ]
    assert view.instrument.key == "wyrozniki"
    assert view.warnings == ()


def test_fewer_raters_than_a_proposal_needs_are_a_warning_not_a_fault(context: Context) -> None:
    team = kit.add_team(context, 2, 2)
    found = kit.open_round(context, team)
    warning, known = coding_rounds.round_view(context, GMINA, found.id).warnings
    assert "2\u00a0osoby" in warning
    assert "3\u00a0osoby" in warning
    assert "które są drugiej" in known, "with two, each knows whose the other ratings are"


def test_every_fault_of_a_draft_is_named_at_once(context: Context) -> None:
    team = kit.add_team(context, 2, 2)
    typed = RoundDraft(
        title=" ",
        occasion="kiedyś",
        scheme="cztery_kody",
        stakeholder_ids=(),
        rater_ids=(),
        rating_until=context.today() - dt.timedelta(days=1),
    )
    with pytest.raises(InvalidInputError) as refused:
        coding_rounds.open_round(context, GMINA, typed, team.coordinator)
    named = {fault.where for fault in refused.value.faults}
    assert named == {"title", "occasion", "scheme", "stakeholder_ids", "rater_ids", "rating_until"}
    assert coding_rounds.rounds(context, GMINA) == []


def test_nobody_and_nothing_from_outside_the_gmina_gets_in(context: Context) -> None:
    team = kit.add_team(context, 2, 2)
    gminas.seed_pilot_gminas(context)
    [stranger] = kit.add_people(context, 1, OTHER)
    catalogue.mark_left(context, GMINA, team.stakeholders[1], None)
    for changes, where in (
        ({"rater_ids": (*team.people, stranger), "stakeholder_ids": team.stakeholders[:1]}, "rater_ids"),
        ({"stakeholder_ids": team.stakeholders}, "stakeholder_ids"),
        ({"stakeholder_ids": (team.stakeholders[0], 9999)}, "stakeholder_ids"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            kit.open_round(context, team, **changes)
        assert [fault.where for fault in refused.value.faults] == [where]


def test_one_round_at_a_time(context: Context) -> None:
    team = kit.add_team(context, 2, 2)
    kit.open_round(context, team)
    with pytest.raises(ConflictError, match="już otwarta"):
        kit.open_round(context, team)


def test_two_who_open_a_round_at_the_same_moment_get_one(context: Context) -> None:
    team = kit.add_team(context, 2, 2)
    outcomes = kit.together(*[lambda: kit.open_round(context, team)] * 4)
    refused = [one for one in outcomes if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [ConflictError] * 3, refused
    assert [found.number for found in coding_rounds.rounds(context, GMINA)] == [1]


def test_a_round_is_of_its_gmina_alone(context: Context) -> None:
    team = kit.add_team(context, 2, 2)
    gminas.seed_pilot_gminas(context)
    found = kit.open_round(context, team)
    one, person = team.stakeholders[0], team.people[0]
    typed = RatingDraft(2)
    for call in (
        lambda: coding_rounds.coding_round(context, OTHER, found.id),
        lambda: coding_rounds.round_view(context, OTHER, found.id),
        lambda: coding_rounds.undecided(context, OTHER, found.id),
        lambda: coding_rounds.trace(context, OTHER, found.id),
        lambda: coding_rounds.add_to_round(context, OTHER, found.id, (), (), None),
        lambda: coding_rounds.withdraw_stakeholder(context, OTHER, found.id, one, "bo", None),
        lambda: coding_rounds.rater_leaves(context, OTHER, found.id, person, None),
        lambda: coding_rounds.abandon(context, OTHER, found.id, "bo", None),
        lambda: coding_rounds.lay_open(context, OTHER, found.id, None),
        lambda: coding_rounds.close(context, OTHER, found.id, None),
        lambda: rate.own_list(context, OTHER, found.id, person),
        lambda: rate.sheet(context, OTHER, found.id, person, one),
        lambda: rate.save_rating(context, OTHER, found.id, person, one, "wplyw", typed, 0),
        lambda: agree.overview(context, OTHER, found.id),
        lambda: agree.laid_open(context, OTHER, found.id, one, person),
        lambda: agree.agree_to_names(context, OTHER, found.id, person, True),
        lambda: agree.decide(context, OTHER, found.id, one, "neutralny", "bo", None),
        lambda: agree.confirm_agreed(context, OTHER, found.id, None),
        lambda: agree.open_ballot(context, OTHER, found.id, one, "neutralny", "bo", None),
        lambda: agree.cast_vote(context, OTHER, found.id, 1, person, "for"),
        lambda: agree.close_ballot(context, OTHER, found.id, 1, None),
        lambda: agree.record_show_of_hands(context, OTHER, found.id, one, "neutralny", "bo", 1, 0, 0, None),
        lambda: agree.correct(context, OTHER, found.id, one, "neutralny", "bo", None),
    ):
        with pytest.raises(NotFoundError):
            call()


def test_stakeholders_and_seats_can_join_while_each_rates_alone(context: Context) -> None:
    team = kit.add_team(context, 3, 3)
    found = kit.open_round(context, team, stakeholder_ids=team.stakeholders[:1], rater_ids=team.people[:1])
    coding_rounds.add_to_round(context, GMINA, found.id, team.stakeholders, team.people, None)
    view = coding_rounds.round_view(context, GMINA, found.id)
    assert len(view.stakeholders) == 3
    assert [seat.due for seat in view.raters] == [3, 3, 3]
    kit.rate_all(context, found.id, team)
    kit.lay_open(context, found.id, team)
    with pytest.raises(ConflictError):
        coding_rounds.add_to_round(context, GMINA, found.id, team.stakeholders, team.people, None)


def test_a_stakeholder_is_withdrawn_with_a_reason_and_can_come_back(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.open_round(context, team)
    gone, kept = team.stakeholders
    with pytest.raises(InvalidInputError):
        coding_rounds.withdraw_stakeholder(context, GMINA, found.id, gone, "  ", None)
    coding_rounds.withdraw_stakeholder(context, GMINA, found.id, gone, "Instytucję zlikwidowano.", None)
    view = coding_rounds.round_view(context, GMINA, found.id)
    assert [one.withdrawn_reason for one in view.stakeholders] == ["Instytucję zlikwidowano.", ""]
    assert {seat.due for seat in view.raters} == {1}
    with pytest.raises(ConflictError, match="ostatni"):
        coding_rounds.withdraw_stakeholder(context, GMINA, found.id, kept, "bo", None)
    coding_rounds.add_to_round(context, GMINA, found.id, (gone,), (), None)
    assert {seat.due for seat in coding_rounds.round_view(context, GMINA, found.id).raters} == {2}


def test_a_withdrawn_stakeholder_is_in_the_result_only_as_such(context: Context) -> None:
    from survey_app.services.coding import coding_history

    team = kit.add_team(context, 3, 3)
    found = kit.laid_open_round(context, team)
    coding_rounds.withdraw_stakeholder(context, GMINA, found.id, team.stakeholders[0], "Nie istnieje.", None)
    kit.decide_all(context, found.id, team)
    kit.close(context, found.id, team)
    result = coding_history.closed_round(context, GMINA, found.id)
    assert [one.name for one in result.stakeholders] == ["Instytucja 002", "Instytucja 003"]
    assert [(one.name, one.reason) for one in result.withdrawn] == [("Instytucja 001", "Nie istnieje.")]


def test_an_abandoned_round_gives_its_number_back(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.open_round(context, team)
    coding_rounds.abandon(context, GMINA, found.id, "Otwarta przez pomyłkę.", team.coordinator)
    abandoned = coding_rounds.coding_round(context, GMINA, found.id)
    assert (abandoned.stage, abandoned.number, abandoned.abandoned_reason) == (
        "abandoned",
        None,
        "Otwarta przez pomyłkę.",
    )
    assert kit.open_round(context, team).number == 1
    with pytest.raises(ConflictError, match="porzucona"):
        coding_rounds.abandon(context, GMINA, found.id, "Jeszcze raz.", team.coordinator)


def test_the_ratings_of_an_abandoned_round_stay_hidden(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.open_round(context, team)
    kit.rate_all(context, found.id, team)
    coding_rounds.abandon(context, GMINA, found.id, "Otwarta przez pomyłkę.", team.coordinator)
    with pytest.raises(ConflictError):
        agree.overview(context, GMINA, found.id)
    with pytest.raises(ConflictError):
        agree.laid_open(context, GMINA, found.id, team.stakeholders[0], team.coordinator)


def test_there_must_be_a_rating_before_the_ratings_are_laid_open(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.open_round(context, team)
    rate.save_rating(
        context,
        GMINA,
        found.id,
        team.people[0],
        team.stakeholders[0],
        "wplyw",
        RatingDraft(None, False, "hm"),
        0,
    )
    with pytest.raises(ConflictError, match="Nikt jeszcze"):
        kit.lay_open(context, found.id, team)
    kit.rate_one(context, found.id, team.people[0], team.stakeholders[0], (None, 2, 2))
    kit.lay_open(context, found.id, team)
    with pytest.raises(ConflictError, match="już wyłożone"):
        kit.lay_open(context, found.id, team)


def test_a_round_page_tells_how_many_each_has_finished_and_no_more(context: Context) -> None:
    team = kit.add_team(context, 3, 3)
    kit.represent(context, team.people[1], team.stakeholders[0])
    found = kit.open_round(context, team)
    kit.rate_one(context, found.id, team.people[0], team.stakeholders[0], (1, None, 3), "TAJEMNICA")
    rate.save_rating(
        context, GMINA, found.id, team.people[0], team.stakeholders[1], "wplyw", RatingDraft(1), 0
    )
    view = coding_rounds.round_view(context, GMINA, found.id)
    assert [(seat.rated, seat.due) for seat in view.raters] == [(1, 3), (0, 2), (0, 3)]
    assert "TAJEMNICA" not in repr((view, coding_rounds.trace(context, GMINA, found.id)))
    kit.represent(context, team.people[0], team.stakeholders[0])
    seat = coding_rounds.round_view(context, GMINA, found.id).raters[0]
    assert (seat.rated, seat.due) == (0, 2)


def test_who_left_the_team_has_left_the_seat(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.open_round(context, team)
    team_people.remove_member(context, GMINA, team.people[2], None)
    coding_rounds.rater_leaves(context, GMINA, found.id, team.people[1], team.coordinator)
    view = coding_rounds.round_view(context, GMINA, found.id)
    assert [seat.left for seat in view.raters] == [False, True, True]
    with pytest.raises(NotFoundError):
        coding_rounds.rater_leaves(context, GMINA, found.id, 9999, None)


def test_closing_names_all_who_are_undecided(context: Context) -> None:
    team = kit.add_team(context, 23, 1)
    found = kit.open_round(context, team)
    kit.rate_one(context, found.id, team.people[0], team.stakeholders[0], (2, 2, 2))
    kit.lay_open(context, found.id, team)
    with pytest.raises(ConflictError) as refused:
        kit.close(context, found.id, team)
    assert "23\u00a0interesariusze nie mają jeszcze decyzji" in refused.value.message
    assert "„Instytucja 001”, „Instytucja 002”" in refused.value.message
    assert "„Instytucja 020” i jeszcze 3" in refused.value.message
    assert "Instytucja 021" not in refused.value.message
    for key in team.stakeholders[:-1]:
        agree.decide(context, GMINA, found.id, key, "neutralny", kit.REASON, team.coordinator)
    assert [one.name for one in coding_rounds.undecided(context, GMINA, found.id)] == ["Instytucja 023"]
    with pytest.raises(ConflictError, match="1\u00a0interesariusz nie ma jeszcze decyzji"):
        kit.close(context, found.id, team)
    assert coding_rounds.coding_round(context, GMINA, found.id).stage == "agreement"


def test_a_vote_that_is_going_on_keeps_the_round_open(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.laid_open_round(context, team)
    kit.decide_all(context, found.id, team)
    key = team.stakeholders[1]
    ballot = agree.open_ballot(context, GMINA, found.id, key, "neutralny", "Nie przyszli.", team.coordinator)
    with pytest.raises(ConflictError, match="Instytucja 002"):
        kit.close(context, found.id, team)
    with pytest.raises(ConflictError, match="głosowanie"):
        coding_rounds.withdraw_stakeholder(context, GMINA, found.id, key, "bo", team.coordinator)
    agree.close_ballot(context, GMINA, found.id, ballot, team.coordinator)
    assert kit.close(context, found.id, team).stage == "closed"


def test_two_who_close_at_once_close_it_once(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.laid_open_round(context, team)
    kit.decide_all(context, found.id, team)
    outcomes = kit.together(*[lambda: kit.close(context, found.id, team)] * 3)
    assert sorted(type(one).__name__ for one in outcomes) == ["CodingRound", "ConflictError", "ConflictError"]


def test_no_decision_slips_in_after_the_close(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.laid_open_round(context, team)
    kit.decide_all(context, found.id, team)
    entries = agree.overview(context, GMINA, found.id).entries
    held = {one.stakeholder.stakeholder_id: one.decision.id for one in entries if one.decision}

    def change(key: int) -> object:
        return agree.decide(context, GMINA, found.id, key, "neutralny", "Zmiana.", None, replaces=held[key])

    outcomes = kit.together(
        lambda: change(team.stakeholders[0]),
        lambda: kit.close(context, found.id, team),
        lambda: change(team.stakeholders[1]),
    )
    from survey_app.services.coding import coding_history

    result = coding_history.closed_round(context, GMINA, found.id)
    for place, key in ((0, 0), (2, 1)):
        changed = not isinstance(outcomes[place], Exception)
        assert changed or isinstance(outcomes[place], ConflictError)
        assert result.stakeholders[key].code == ("neutralny" if changed else "zwolennik")


def test_leaving_the_team_and_closing_at_once_do_not_block_each_other(context: Context) -> None:
    team = kit.add_team(context, 2, 6)
    found = kit.laid_open_round(context, team)
    kit.decide_all(context, found.id, team)
    calls = [
        lambda person=person: team_people.remove_member(context, GMINA, person, None)  # type: ignore[misc]
        for person in team.people[1:]
    ]
    outcomes = kit.together(
        *calls,
        lambda: coding_rounds.rater_leaves(context, GMINA, found.id, team.people[1], None),
        lambda: kit.close(context, found.id, team),
    )
    assert all(not isinstance(one, Exception) for one in outcomes[:-2]), outcomes
    assert outcomes[-2] is None or isinstance(outcomes[-2], ConflictError), outcomes
    assert coding_rounds.coding_round(context, GMINA, found.id).stage == "closed"


def test_rounds_are_listed_newest_first_and_counted_on(context: Context, clock: Clock) -> None:
    team = kit.add_team(context, 2, 3)
    kit.closed_round(context, team)
    clock.advance(days=30)
    added = add_institution(context, "Nowa instytucja")
    second = kit.open_round(
        context, team, occasion="before_pact", stakeholder_ids=(*team.stakeholders, added)
    )
    assert [found.number for found in coding_rounds.rounds(context, GMINA)] == [2, 1]
    assert second.occasion == "before_pact"


def test_the_trace_names_steps_and_people_never_a_rating(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.closed_round(context, team)
    agree.correct(context, GMINA, found.id, team.stakeholders[0], "neutralny", "Pomyłka.", team.coordinator)
    lines = coding_rounds.trace(context, GMINA, found.id)
    words = [line.split(": ", 1)[1] for line in lines]
    assert words == [
        "otwarcie tury – Osoba 1",
        "wyłożenie ocen – Osoba 1",
        *["decyzja o kodzie – Osoba 1"] * 2,
        "zamknięcie tury – Osoba 1",
        "sprostowanie po zamknięciu – Osoba 1",
    ]
    with context.database.connection() as connection:
        details = connection.execute(
            text("SELECT detail FROM audit_event WHERE object_type = 'coding_round'")
        )
        assert all(detail == "" or detail.isdecimal() for (detail,) in details)
