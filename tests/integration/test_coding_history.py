"""Closed rounds: what was frozen is what is read, corrections stand beside it, and a changed byte is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import gminas
from survey_app.services.coding import agree, coding_history, coding_rounds, evidence
from survey_app.services.coding.evidence import EvidenceDraft
from survey_app.services.context import Context
from survey_app.services.register import catalogue, merge_catalogue
from tests import coding_kit as kit
from tests.campaign_kit import GMINA, add_institution
from tests.stores import Clock


def test_a_closed_round_tells_what_was_rated_and_decided(context: Context) -> None:
    team = kit.add_team(context, 3, 3)
    ids = team.stakeholders
    found = kit.laid_open_round(context, team, lambda seat, _place: (3, seat + 1, 2 + (seat > 0)))
    kit.decide_all(context, found.id, team, {ids[1]: "neutralny"})
    decided = agree.laid_open(context, GMINA, found.id, ids[1], None).decision
    assert decided is not None
    draft = EvidenceDraft("catalogue", str(ids[1]), "Rozmowa z dyrektorem")
    evidence.attach_to_decision(context, GMINA, decided.id, draft, team.coordinator)
    kit.close(context, found.id, team)
    result = coding_history.closed_round(context, GMINA, found.id)
    assert (result.number, result.scheme, result.raters, result.occasion) == (1, "trzy_kody", 3, "start")
    assert [one.code for one in result.stakeholders] == ["zwolennik", "neutralny", "zwolennik"]
    coded = result.stakeholders[1]
    assert (coded.name, coded.proposed, coded.reason) == ("Instytucja 002", "zwolennik", kit.REASON)
    assert coded.medians == {"wplyw": 3, "wiedza": 2, "zainteresowanie": 3}
    assert coded.points == {"wplyw": 3, "wiedza": 3, "zainteresowanie": 3}
    assert coded.evidence == ("Instytucja 002 (Rozmowa z dyrektorem)",)
    assert (coded.sector, coded.sector_label, coded.votes) == ("edukacja", "edukacja", None)


def test_medians_under_the_minimum_are_missing(context: Context) -> None:
    team = kit.add_team(context, 1, 3)
    found = kit.closed_round(context, team, points=lambda seat, _place: (1, 2, 3 if seat else None))
    [coded] = coding_history.closed_round(context, GMINA, found.id).stakeholders
    assert coded.medians == {"wplyw": 1, "wiedza": 2, "zainteresowanie": None}
    assert (coded.points["zainteresowanie"], coded.proposed, coded.code) == (2, None, "neutralny")


def test_what_a_natural_person_was_rated_stands_apart_from_what_may_be_published(context: Context) -> None:
    team = kit.add_team(context, 3, 3)
    person = team.stakeholders[1]
    entry = catalogue.draft_of(catalogue.stakeholder(context, GMINA, person))
    catalogue.update_stakeholder(context, GMINA, person, replace(entry, natural_person=True), None)
    kit.closed_round(context, team, points=lambda _seat, place: (2, 2, 1 if place == 1 else 3))
    interest = coding_history.closed_round(context, GMINA, 1).agreement[2]
    public = coding_history.closed_round(context, GMINA, 1).institutions_agreement[2]
    assert (interest.alpha, interest.units) == (1, 3)
    assert (public.alpha, public.units) == (None, 2)


def test_who_is_a_natural_person_is_known_at_once(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    kit.closed_round(context, team)
    assert coding_history.history(context, GMINA).persons == frozenset()
    person = team.stakeholders[0]
    entry = catalogue.draft_of(catalogue.stakeholder(context, GMINA, person))
    catalogue.update_stakeholder(context, GMINA, person, replace(entry, natural_person=True), None)
    assert coding_history.history(context, GMINA).persons == {person}


def test_history_runs_from_the_first_round_to_the_last(context: Context, clock: Clock) -> None:
    team = kit.add_team(context, 2, 3)
    kit.closed_round(context, team, points=(1, 1, 1))
    clock.advance(days=100)
    kit.open_round(context, team)
    assert len(coding_history.history(context, GMINA).rounds) == 1
    coding_rounds.abandon(context, GMINA, coding_rounds.rounds(context, GMINA)[0].id, "Za wcześnie.", None)
    kit.closed_round(context, team, occasion="before_pact")
    history = coding_history.history(context, GMINA)
    assert [(one.number, one.occasion) for one in history.rounds] == [(1, "start"), (2, "before_pact")]
    assert {one.code for one in history.first.stakeholders} == {"neutralny"}
    assert {one.code for one in history.last.stakeholders} == {"zwolennik"}
    assert (history.merged, history.left) == ({}, frozenset())


def test_corrections_form_a_chain_beside_the_frozen_round(context: Context, clock: Clock) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.closed_round(context, team)
    before, key = kit.frozen(context, found.id), team.stakeholders[0]
    typed = (context, GMINA, found.id, key)
    first = agree.correct(*typed, "neutralny", "Pomyłka przy wpisywaniu.", team.coordinator)
    clock.advance(days=3)
    with pytest.raises(ConflictError, match="właśnie zapisał"):
        agree.correct(*typed, "przeciwnik", "Odmowa na piśmie.", None, replaces=first.id - 1)
    second = agree.correct(*typed, "przeciwnik", "Odmowa na piśmie.", team.coordinator, replaces=first.id)
    assert second.replaces_id == first.id
    result = coding_history.closed_round(context, GMINA, found.id)
    assert kit.frozen(context, found.id) == before
    assert [(one.replaces, one.code, one.made_on.isoformat()) for one in result.corrections] == [
        ("zwolennik", "neutralny", "2026-11-03"),
        ("neutralny", "przeciwnik", "2026-11-06"),
    ]
    assert [one.code for one in result.stakeholders] == ["zwolennik", "zwolennik"]
    assert [one.code for one in result.corrected().stakeholders] == ["przeciwnik", "zwolennik"]
    one = agree.laid_open(context, GMINA, found.id, key, None)
    assert [(row.code, row.correction) for row in (*one.earlier, one.decision) if row] == [
        ("zwolennik", False),
        ("neutralny", True),
        ("przeciwnik", True),
    ]


def test_a_correction_that_cannot_be_taken_is_refused_in_words(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.laid_open_round(context, team)
    typed = (context, GMINA, found.id)
    with pytest.raises(ConflictError, match="po zamknięciu"):
        agree.correct(*typed, team.stakeholders[0], "neutralny", "Pomyłka.", None)
    kit.decide_all(context, found.id, team)
    kit.close(context, found.id, team)
    outside = add_institution(context, "Spoza tury")
    with pytest.raises(NotFoundError):
        agree.correct(*typed, outside, "neutralny", "Pomyłka.", None)
    with pytest.raises(InvalidInputError):
        agree.correct(*typed, team.stakeholders[0], "neutralny", "  ", None)
    with pytest.raises(InvalidInputError):
        agree.correct(*typed, team.stakeholders[0], "nijaki", "Pomyłka.", None)
    with pytest.raises(ConflictError, match="już obowiązuje"):
        agree.correct(*typed, team.stakeholders[0], "zwolennik", kit.REASON, None)
    assert coding_history.closed_round(context, GMINA, found.id).corrections == ()


def test_two_corrections_at_once_make_one_chain(context: Context) -> None:
    team = kit.add_team(context, 1, 3)
    found = kit.closed_round(context, team)
    key = team.stakeholders[0]
    outcomes = kit.together(
        *[
            lambda reason=reason: agree.correct(context, GMINA, found.id, key, "neutralny", reason, None)  # type: ignore[misc]
            for reason in ("Jeden powód.", "Drugi powód.")
        ]
    )
    assert not any(isinstance(one, Exception) for one in outcomes)
    result = coding_history.closed_round(context, GMINA, found.id)
    assert [(one.replaces, one.code) for one in result.corrections] == [
        ("zwolennik", "neutralny"),
        ("neutralny", "neutralny"),
    ]


def test_names_and_sectors_stay_as_they_were_at_the_close(context: Context) -> None:
    team = kit.add_team(context, 3, 3)
    found = kit.closed_round(context, team)
    first, second, third = team.stakeholders
    held = catalogue.stakeholder(context, GMINA, first)
    typed = catalogue.draft_of(held)
    catalogue.update_stakeholder(context, GMINA, first, replace(typed, name="Zupełnie inna"), None)
    merge_catalogue.merge(context, GMINA, second, first, None)
    catalogue.mark_left(context, GMINA, third, None)
    result = coding_history.closed_round(context, GMINA, found.id)
    names = ["Instytucja 001", "Instytucja 002", "Instytucja 003"]
    assert [one.name for one in result.stakeholders] == names
    view = coding_rounds.round_view(context, GMINA, found.id)
    assert [one.name for one in view.stakeholders] == names
    assert [one.stakeholder.name for one in agree.overview(context, GMINA, found.id).entries] == names
    history = coding_history.history(context, GMINA)
    assert history.merged == {second: first}
    assert history.left == {second, third}


def test_a_round_changed_behind_the_service_is_told_and_not_shown(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.closed_round(context, team)
    with context.database.transaction() as session:
        changed = "replace(CAST(result AS TEXT), 'Instytucja 001', 'Instytucja 999')"
        value = changed if context.database.is_sqlite else f"CAST({changed} AS JSONB)"
        session.execute(text(f"UPDATE coding_round SET result = {value}"))
    with pytest.raises(ConflictError, match="sumą kontrolną"):
        coding_history.closed_round(context, GMINA, found.id)
    with pytest.raises(ConflictError, match="sumą kontrolną"):
        coding_history.history(context, GMINA)


def test_there_is_no_result_before_the_close_and_none_for_another_gmina(context: Context) -> None:
    team = kit.add_team(context, 2, 3)
    found = kit.laid_open_round(context, team)
    with pytest.raises(ConflictError, match="nie jest zamknięta"):
        coding_history.closed_round(context, GMINA, found.id)
    gminas.seed_pilot_gminas(context)
    with pytest.raises(NotFoundError):
        coding_history.closed_round(context, "060203", found.id)
    kit.decide_all(context, found.id, team)
    kit.close(context, found.id, team)
    assert coding_history.history(context, "060203").rounds == ()
