"""The coordinator keeps the catalogue: adds, corrects, marks as left; and nobody reaches another gmina's."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.store import audit
from tests.stores import Clock

GMINA, OTHER = "060504", "060505"
GOPS = StakeholderDraft(
    "GOPS", "pomoc_spoleczna", True, "B", "Łąkowa 3", "uwaga", "Żaneta Ć.", "a@example.pl", "15"
)


@pytest.fixture
def service(context: Context) -> Context:
    gminas.seed_pilot_gminas(context)
    return context


def named(name: str) -> StakeholderDraft:
    return StakeholderDraft(name, "sport", internal=True)


def faults_of(context: Context, draft: StakeholderDraft) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as caught:
        catalogue.add_stakeholder(context, GMINA, draft, None)
    return {(fault.code, fault.where) for fault in caught.value.faults}


def test_what_is_typed_is_kept(service: Context) -> None:
    added = catalogue.add_stakeholder(service, GMINA, GOPS, None)
    kept = catalogue.stakeholder(service, GMINA, added.id)
    assert catalogue.draft_of(kept) == GOPS
    assert kept.joined_on == dt.date(2026, 11, 2)


def test_the_list_is_in_polish_alphabetical_order(service: Context) -> None:
    for name in ("Zator", "Ćmielów", "Czarna", "Łan", "Las", "Lwów", "żuraw", "10 klub"):
        catalogue.add_stakeholder(service, GMINA, named(name), None)
    assert [row.name for row in catalogue.stakeholders(service, GMINA)] == [
        "10 klub",
        "Czarna",
        "Ćmielów",
        "Las",
        "Lwów",
        "Łan",
        "Zator",
        "żuraw",
    ]


def test_every_field_at_fault_is_named(service: Context) -> None:
    bad = StakeholderDraft(" ", "x", True, "D", "a" * 301, "n" * 2001, "o\x00", "nie", "1" * 41)
    assert faults_of(service, bad) == {
        ("name_missing", "name"),
        ("sector_unknown", "sector"),
        ("type_unknown", "stakeholder_type"),
        ("too_long", "address"),
        ("too_long", "note"),
        ("control_character", "contact_name"),
        ("email_form", "contact_email"),
        ("too_long", "contact_phone"),
    }
    assert catalogue.stakeholders(service, GMINA) == []


def test_a_name_is_in_the_catalogue_once_however_it_is_spelled(service: Context) -> None:
    catalogue.add_stakeholder(service, GMINA, named("Świetlica „Promyk”"), None)
    with pytest.raises(ConflictError, match="Świetlica „Promyk”"):
        catalogue.add_stakeholder(service, GMINA, named("SWIETLICA  promyk"), None)
    catalogue.add_stakeholder(service, OTHER, named("Świetlica „Promyk”"), None)


def test_two_people_who_add_the_same_at_once_add_it_once(service: Context) -> None:
    def add(_: int) -> str:
        try:
            return catalogue.add_stakeholder(service, GMINA, GOPS, None).name
        except ConflictError:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, range(2))) == ["GOPS", "refused"]
    assert len(catalogue.stakeholders(service, GMINA)) == 1


def test_a_correction_may_keep_the_name_but_not_take_anothers(service: Context) -> None:
    gops = catalogue.add_stakeholder(service, GMINA, GOPS, None)
    catalogue.add_stakeholder(service, GMINA, named("LKS"), None)
    changed = catalogue.update_stakeholder(
        service, GMINA, gops.id, replace(GOPS, name="G.O.P.S", address="Nowa 1"), None
    )
    assert (changed.name, changed.address) == ("G.O.P.S", "Nowa 1")
    with pytest.raises(ConflictError):
        catalogue.update_stakeholder(service, GMINA, gops.id, replace(GOPS, name="lks"), None)


def test_a_contact_that_is_cleared_is_deleted(service: Context) -> None:
    gops = catalogue.add_stakeholder(service, GMINA, GOPS, None)
    without = replace(GOPS, contact_name="", contact_email="", contact_phone="")
    catalogue.update_stakeholder(service, GMINA, gops.id, without, None)
    assert catalogue.stakeholder(service, GMINA, gops.id).contact is None


def test_who_leaves_stays_in_the_history_without_the_contact_person(service: Context, clock: Clock) -> None:
    gops = catalogue.add_stakeholder(service, GMINA, GOPS, None)
    clock.advance(days=30)
    catalogue.mark_left(service, GMINA, gops.id, None)
    assert catalogue.stakeholders(service, GMINA) == []
    (left,) = catalogue.stakeholders(service, GMINA, include_left=True)
    assert (left.left_on, left.contact) == (dt.date(2026, 12, 2), None)
    with pytest.raises(ConflictError):
        catalogue.update_stakeholder(service, GMINA, gops.id, GOPS, None)
    with pytest.raises(ConflictError):
        catalogue.mark_left(service, GMINA, gops.id, None)


def test_who_comes_back_is_a_new_entry(service: Context) -> None:
    first = catalogue.add_stakeholder(service, GMINA, GOPS, None)
    catalogue.mark_left(service, GMINA, first.id, None)
    second = catalogue.add_stakeholder(service, GMINA, GOPS, None)
    assert second.id != first.id
    assert len(catalogue.stakeholders(service, GMINA, include_left=True)) == 2


def test_a_number_in_the_address_opens_nobody_elses_catalogue(service: Context) -> None:
    gops = catalogue.add_stakeholder(service, GMINA, GOPS, None)
    for call in (
        lambda: catalogue.stakeholder(service, OTHER, gops.id),
        lambda: catalogue.update_stakeholder(service, OTHER, gops.id, named("Inna"), None),
        lambda: catalogue.mark_left(service, OTHER, gops.id, None),
        lambda: catalogue.add_stakeholder(service, "999999", GOPS, None),
        lambda: catalogue.stakeholders(service, "06\x0005"),
        lambda: catalogue.stakeholder(service, GMINA, 2**31),
        lambda: catalogue.stakeholder(service, GMINA, 2**70),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert catalogue.stakeholder(service, GMINA, gops.id).left_on is None


def test_the_trace_names_the_act_and_no_personal_data(service: Context) -> None:
    gops = catalogue.add_stakeholder(service, GMINA, GOPS, None)
    catalogue.update_stakeholder(service, GMINA, gops.id, GOPS, None)
    catalogue.update_stakeholder(service, GMINA, gops.id, replace(GOPS, note=""), None)
    with service.database.transaction() as session:
        events = audit.events(session, GMINA)
    assert [event.action for event in events] == ["stakeholder_updated", "stakeholder_added"], (
        "no change, no trace"
    )
    assert not any("Żaneta" in event.detail or "GOPS" in event.detail for event in events)
