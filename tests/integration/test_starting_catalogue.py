"""The source's list as a start, sectors of a team's own, and a stay that ends and begins again."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.register import catalogue, own_sectors
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.register.catalogue_history import entry_history
from survey_app.services.register.sectors import catalogue_sectors, standard_of, standard_sectors
from survey_app.services.register.starting_catalogue import Pick, add_picked, present_suggestions, suggestions
from survey_app.services.survey import campaigns
from survey_app.services.survey.campaigns import CampaignDraft
from tests.stores import Clock

GMINA, OTHER = "060504", "060505"


@pytest.fixture
def service(context: Context) -> Context:
    gminas.seed_pilot_gminas(context)
    return context


def test_the_list_is_the_sources_in_sectors_that_exist() -> None:
    offered = suggestions()
    assert len({one.id for one in offered}) == len(offered)
    assert {one.sector for one in offered} <= set(standard_sectors())
    assert [one.name for one in offered if one.stakeholder_type == "B"] == [
        "Ośrodek pomocy społecznej",
        "Powiatowy urząd pracy",
    ], "the two that document 004 names as B"
    assert sum(one.internal for one in offered) == 14
    assert {one.id for one in offered if not one.internal} >= {"starosta", "pup", "rops", "media_regionalne"}


def test_ticked_ones_are_added_under_the_names_that_were_typed(service: Context) -> None:
    picks = [
        Pick("ops", "GOPS w Godziszowie", "pomoc_spoleczna", True, "B"),
        Pick("bank", "", "finanse", True),
    ]
    with pytest.raises(InvalidInputError) as caught:
        add_picked(service, GMINA, picks, None)
    assert [fault.where for fault in caught.value.faults] == ["name-bank"]
    assert catalogue.stakeholders(service, GMINA) == [], "all or none"
    assert add_picked(service, GMINA, picks[:1], None) == 1
    (added,) = catalogue.stakeholders(service, GMINA)
    assert (added.name, added.stakeholder_type) == ("GOPS w Godziszowie", "B")


def test_a_name_that_is_there_or_ticked_twice_is_refused(service: Context) -> None:
    bank, media = Pick("bank", "Redakcja", "finanse", True), Pick("media_lokalne", "redakcja", "media", True)
    with pytest.raises(InvalidInputError) as caught:
        add_picked(service, GMINA, [bank, media], None)
    assert [fault.where for fault in caught.value.faults] == ["name-media_lokalne"]
    with pytest.raises(InvalidInputError):
        add_picked(service, GMINA, [Pick("nieznany", "X", "media", True)], None)
    catalogue.add_stakeholder(service, GMINA, StakeholderDraft("SZKOŁA", "edukacja", True), None)
    assert present_suggestions(service, GMINA) == {"szkola"}


def test_an_own_sector_stands_among_the_others_and_counts_as_a_standard_one(
    service: Context, draft: CampaignDraft, clock: Clock
) -> None:
    farming = own_sectors.add_own_sector(service, GMINA, " Rolnictwo ", "przedsiebiorcy", None)
    assert catalogue_sectors(service, GMINA)[farming] == "Rolnictwo"
    assert farming not in catalogue_sectors(service, OTHER)
    catalogue.add_stakeholder(service, GMINA, StakeholderDraft("Sad", farming, internal=True), None)
    catalogue.add_stakeholder(service, GMINA, StakeholderDraft("Piekarnia", "przedsiebiorcy", True), None)
    with pytest.raises(InvalidInputError):
        catalogue.add_stakeholder(service, OTHER, StakeholderDraft("Sad", farming, True), None)
    campaign = campaigns.create_campaign(service, GMINA, draft, None)
    clock.advance(minutes=1)
    campaigns.open_campaign(service, campaign.id, None)
    population = campaigns.campaign(service, campaign.id).population
    assert population == {"invited": 2, "by_sector": {"przedsiebiorcy": 2}}
    own_sectors.change_own_sector(service, GMINA, farming, "Rolnictwo i sadownictwo", "inny", None)
    assert campaigns.campaign(service, campaign.id).population == population, "what was opened stays"
    with service.database.reading() as session:
        counts_as = standard_of(session, GMINA)
    assert (counts_as(farming), counts_as("sport")) == ("inny", "sport")


def test_sectors_with_taken_names_or_used_ones_are_held(service: Context) -> None:
    for label in ("Edukacja", "rynek_pracy", "", "x" * 101, "a\u202eb"):
        with pytest.raises(InvalidInputError):
            own_sectors.add_own_sector(service, GMINA, label, "sport", None)
    with pytest.raises(InvalidInputError):
        own_sectors.add_own_sector(service, GMINA, "Łowiectwo", "lowiectwo", None)
    first = own_sectors.add_own_sector(service, GMINA, "🌲", "inny", None)
    second = own_sectors.add_own_sector(service, GMINA, "🌳", "inny", None)
    assert first != second
    left = catalogue.add_stakeholder(service, GMINA, StakeholderDraft("Tartak", first, True), None)
    with pytest.raises(ConflictError, match=r"1\swpis\. Najpierw"):
        own_sectors.remove_own_sector(service, GMINA, first, None)
    own_sectors.remove_own_sector(service, GMINA, second, None)
    assert [one.id for one in own_sectors.own_sectors_of(service, GMINA)] == [first]
    with pytest.raises(NotFoundError):
        own_sectors.remove_own_sector(service, OTHER, first, None)
    catalogue.mark_left(service, GMINA, left.id, None)
    own_sectors.remove_own_sector(service, GMINA, first, None)
    assert catalogue.stakeholder(service, GMINA, left.id).sector == "inny", "what it counted as"


def test_the_same_sector_twice_at_once_is_added_once(service: Context) -> None:
    def add(_: int) -> str:
        try:
            return own_sectors.add_own_sector(service, GMINA, "Rolnictwo", "inny", None)
        except InvalidInputError:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, range(2)), key=len)[0] == "refused"
    assert len(own_sectors.own_sectors_of(service, GMINA)) == 1


def test_who_comes_back_keeps_the_earlier_stay(service: Context, clock: Clock) -> None:
    club = catalogue.add_stakeholder(service, GMINA, StakeholderDraft("LKS", "sport", True), None)
    clock.advance(days=10)
    catalogue.mark_left(service, GMINA, club.id, None, "zawiesił działalność", dt.date(2026, 11, 5))
    with pytest.raises(InvalidInputError):
        catalogue.come_back(service, GMINA, club.id, None, dt.date(2026, 11, 4))
    catalogue.come_back(service, GMINA, club.id, None, dt.date(2026, 11, 10))
    with pytest.raises(ConflictError):
        catalogue.come_back(service, GMINA, club.id, None)
    history = entry_history(service, GMINA, club.id)
    assert [(stay.joined_on, stay.left_on, stay.reason) for stay in history.stays] == [
        (dt.date(2026, 11, 2), dt.date(2026, 11, 5), "zawiesił działalność"),
        (dt.date(2026, 11, 10), None, ""),
    ]
    assert [deed.words for deed in history.deeds] == [
        "przywrócono do katalogu",
        "wypisano z katalogu",
        "dodano do katalogu",
    ]
    with pytest.raises(InvalidInputError, match="Nie zapisano"):
        catalogue.update_stakeholder(
            service, GMINA, club.id, StakeholderDraft("LKS", "sport", True), None, dt.date(2026, 11, 3)
        )


def test_a_name_that_was_taken_meanwhile_keeps_one_out(service: Context) -> None:
    draft = StakeholderDraft("LKS", "sport", True)
    first = catalogue.add_stakeholder(service, GMINA, draft, None)
    catalogue.mark_left(service, GMINA, first.id, None)
    catalogue.add_stakeholder(service, GMINA, draft, None)
    with pytest.raises(ConflictError, match="jest już w katalogu"):
        catalogue.come_back(service, GMINA, first.id, None)


@pytest.mark.parametrize("day", [dt.date(2026, 11, 3), dt.date(2026, 11, 1)])
def test_nobody_leaves_tomorrow_or_before_joining(service: Context, day: dt.date) -> None:
    club = catalogue.add_stakeholder(service, GMINA, StakeholderDraft("LKS", "sport", True), None)
    with pytest.raises(InvalidInputError) as caught:
        catalogue.mark_left(service, GMINA, club.id, None, left_on=day)
    assert [fault.where for fault in caught.value.faults] == ["left_on"]
    assert catalogue.stakeholder(service, GMINA, club.id).left_on is None
