"""Contributions and refusals: what they are worth to the rule of codes, and how long."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.instrument.model import Fact
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.register import catalogue, declarations
from survey_app.services.register.catalogue import Stakeholder, StakeholderDraft
from survey_app.services.register.declarations import DeclarationDraft
from survey_app.store import declarations as store
from tests.stores import Clock

GMINA, OTHER = "060504", "060505"
TODAY = dt.date(2026, 11, 2)
HALL = DeclarationDraft("contribution", "Sala w środy", TODAY, "lokal")
NO = DeclarationDraft("refusal", "Prezes, telefonicznie", TODAY)


@pytest.fixture
def service(context: Context) -> Context:
    gminas.seed_pilot_gminas(context)
    return context


@pytest.fixture
def club(service: Context) -> Stakeholder:
    return catalogue.add_stakeholder(service, GMINA, StakeholderDraft("LKS", "sport", internal=True), None)


def facts(service: Context, at: dt.datetime) -> dict[int, frozenset[Fact]]:
    with service.database.reading() as session:
        return store.facts(session, GMINA, at)


def faults_of(service: Context, club: Stakeholder, draft: DeclarationDraft) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as caught:
        declarations.add_declaration(service, GMINA, club.id, draft, None)
    return {(fault.code, fault.where) for fault in caught.value.faults}


def test_a_contribution_counts_from_its_entry_until_it_is_withdrawn(
    service: Context, club: Stakeholder, clock: Clock
) -> None:
    before = service.clock()
    clock.advance(hours=1)
    one = declarations.add_declaration(service, GMINA, club.id, HALL, None)
    assert facts(service, before) == {}, "entered after that moment"
    assert facts(service, service.clock()) == {club.id: frozenset({Fact.CONTRIBUTION})}
    clock.advance(days=3)
    declarations.withdraw_declaration(service, GMINA, club.id, one.id, service.today(), None)
    assert facts(service, service.clock()) == {}
    (kept,) = declarations.declarations(service, GMINA, club.id)
    assert (kept.description, kept.withdrawn_on) == ("Sala w środy", dt.date(2026, 11, 5))


def test_a_refusal_is_another_fact(service: Context, club: Stakeholder) -> None:
    declarations.add_declaration(service, GMINA, club.id, NO, None)
    declarations.add_declaration(service, GMINA, club.id, HALL, None)
    assert facts(service, service.clock()) == {club.id: frozenset({Fact.CONTRIBUTION, Fact.REFUSAL})}


def test_impossible_declarations_are_refused_at_their_fields(service: Context, club: Stakeholder) -> None:
    tomorrow, before = TODAY + dt.timedelta(days=1), TODAY - dt.timedelta(days=1)
    assert faults_of(service, club, DeclarationDraft("contribution", " ", tomorrow, "złoto")) == {
        ("resource_unknown", "resource"),
        ("description_missing", "description"),
        ("in_the_future", "declared_on"),
    }
    assert faults_of(service, club, DeclarationDraft("refusal", "x" * 1001, before)) == {
        ("too_long", "description"),
        ("too_early", "declared_on"),
    }
    assert faults_of(service, club, DeclarationDraft("refusal", "a\u202eb", TODAY)) == {
        ("direction_mark", "description")
    }
    assert faults_of(service, club, DeclarationDraft("promise", "coś", TODAY)) == {("kind_unknown", "kind")}
    assert declarations.declarations(service, GMINA, club.id) == []


def test_a_withdrawal_comes_once_and_not_before_the_declaration(
    service: Context, club: Stakeholder, clock: Clock
) -> None:
    one = declarations.add_declaration(service, GMINA, club.id, HALL, None)
    for day in (TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)):
        with pytest.raises(InvalidInputError):
            declarations.withdraw_declaration(service, GMINA, club.id, one.id, day, None)
    declarations.withdraw_declaration(service, GMINA, club.id, one.id, TODAY, None)
    with pytest.raises(ConflictError, match="wycofano już 2 listopada 2026"):
        declarations.withdraw_declaration(service, GMINA, club.id, one.id, TODAY, None)


def test_who_left_declares_nothing_more(service: Context, club: Stakeholder) -> None:
    catalogue.mark_left(service, GMINA, club.id, None)
    with pytest.raises(ConflictError, match="nie jest już w katalogu"):
        declarations.add_declaration(service, GMINA, club.id, HALL, None)


def test_a_number_leads_to_nobody_elses_declaration(service: Context, club: Stakeholder) -> None:
    one = declarations.add_declaration(service, GMINA, club.id, HALL, None)
    second = catalogue.add_stakeholder(service, GMINA, StakeholderDraft("GOK", "kultura", True), None)
    for call in (
        lambda: declarations.declarations(service, OTHER, club.id),
        lambda: declarations.add_declaration(service, OTHER, club.id, HALL, None),
        lambda: declarations.withdraw_declaration(service, OTHER, club.id, one.id, TODAY, None),
        lambda: declarations.withdraw_declaration(service, GMINA, second.id, one.id, TODAY, None),
        lambda: declarations.withdraw_declaration(service, GMINA, club.id, 2**40, TODAY, None),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert declarations.declaration(service, GMINA, club.id, one.id).withdrawn_on is None


def test_the_day_of_joining_cannot_pass_a_declaration(service: Context, clock: Clock) -> None:
    draft = StakeholderDraft("Bank", "finanse", internal=True)
    bank = catalogue.add_stakeholder(service, GMINA, draft, None, dt.date(2026, 10, 1))
    early = DeclarationDraft("contribution", "Sala", dt.date(2026, 10, 5), "lokal")
    declarations.add_declaration(service, GMINA, bank.id, early, None)
    with pytest.raises(InvalidInputError) as caught:
        catalogue.update_stakeholder(service, GMINA, bank.id, draft, None, dt.date(2026, 10, 6))
    assert [fault.where for fault in caught.value.faults] == ["joined_on"]
    catalogue.update_stakeholder(service, GMINA, bank.id, draft, None, dt.date(2026, 10, 5))
    assert catalogue.stakeholder(service, GMINA, bank.id).joined_on == dt.date(2026, 10, 5)
