"""Two entries that are one institution become one, and nothing that was is lost."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from survey_app.services.register import catalogue, declarations
from survey_app.services.register.catalogue import Stakeholder, StakeholderDraft
from survey_app.services.register.catalogue_history import entry_history
from survey_app.services.register.declarations import DeclarationDraft
from survey_app.services.register.merge_catalogue import compare, likely_doubles, merge
from survey_app.services.survey import campaign_mail, campaigns
from survey_app.services.survey.campaigns import CampaignDraft
from survey_app.store import campaigns as campaign_rows
from survey_app.store import catalogue as rows
from survey_app.store import people
from tests.coding_rows import a_round, close
from tests.stores import Clock

GMINA, OTHER = "060505", "060504"
LONG = StakeholderDraft(
    "Gminny Ośrodek Pomocy Społecznej", "pomoc_spoleczna", True, "B", "Łąkowa 3", usefulness="Grupy wsparcia"
)
SHORT = StakeholderDraft(
    "GOPS", "pomoc_spoleczna", False, None, "", "dzwonić rano", "Żaneta Ć.", "a@example.pl", "15", True
)


@pytest.fixture
def service(context: Context) -> Context:
    gminas.seed_pilot_gminas(context)
    return context


@pytest.fixture
def kept(service: Context) -> Stakeholder:
    return catalogue.add_stakeholder(service, GMINA, LONG, None)


@pytest.fixture
def double(service: Context) -> Stakeholder:
    return catalogue.add_stakeholder(service, GMINA, SHORT, None, dt.date(2026, 10, 1))


def merged(service: Context) -> dict[int, int]:
    with service.database.reading() as session:
        return rows.merged_into(session, GMINA)


def test_the_double_points_at_the_kept_one_which_takes_what_was_chosen(
    service: Context, kept: Stakeholder, double: Stakeholder
) -> None:
    merge(service, GMINA, double.id, kept.id, None, ["name", "note", "natural_person"])
    after = catalogue.stakeholder(service, GMINA, kept.id)
    assert catalogue.draft_of(after) == replace(
        LONG,
        name="GOPS",
        note="dzwonić rano",
        natural_person=True,
        contact_name="Żaneta Ć.",
        contact_email="a@example.pl",
        contact_phone="15",
    ), "the contact came along because the kept one had none"
    assert after.joined_on == dt.date(2026, 10, 1), "the institution has been there since then"
    gone = catalogue.stakeholder(service, GMINA, double.id)
    assert (gone.merged_into_id, gone.left_on, gone.contact, gone.name) == (
        kept.id,
        service.today(),
        None,
        "GOPS",
    )
    assert merged(service) == {double.id: kept.id}


def test_a_contact_of_ones_own_stays_unless_the_other_is_chosen(
    service: Context, double: Stakeholder
) -> None:
    own = replace(LONG, contact_email="b@example.pl")
    kept = catalogue.add_stakeholder(service, GMINA, own, None)
    other = catalogue.add_stakeholder(service, GMINA, replace(SHORT, name="OPS"), None)
    merge(service, GMINA, double.id, kept.id, None)
    assert catalogue.draft_of(catalogue.stakeholder(service, GMINA, kept.id)) == own
    merge(service, GMINA, other.id, kept.id, None, ["contact"])
    contact = catalogue.stakeholder(service, GMINA, kept.id).contact
    assert contact is not None
    assert (contact.email, contact.person_name) == ("a@example.pl", "Żaneta Ć.")


def test_declarations_and_representations_move_with_their_dates(
    service: Context, kept: Stakeholder, double: Stakeholder
) -> None:
    day = dt.date(2026, 10, 3)
    declarations.add_declaration(
        service, GMINA, double.id, DeclarationDraft("contribution", "Sala", day, "lokal"), None
    )
    person = accounts.create_user(
        service, "anna@example.org", "Anna", "cztery-zwykle-slowa", coordinator_of=GMINA
    )
    with service.database.transaction() as session:
        people.set_representations(session, person.id, GMINA, frozenset({double.id}))
    merge(service, GMINA, double.id, kept.id, None)
    (moved,) = declarations.declarations(service, GMINA, kept.id)
    assert (moved.declared_on, moved.description) == (day, "Sala")
    assert declarations.declarations(service, GMINA, double.id) == []
    with service.database.reading() as session:
        assert people.representations(session, GMINA) == {person.id: frozenset({kept.id})}


def test_a_chain_of_merges_is_followed_to_its_end(
    service: Context, kept: Stakeholder, double: Stakeholder
) -> None:
    third = catalogue.add_stakeholder(service, GMINA, replace(LONG, name="Ośrodek"), None)
    merge(service, GMINA, double.id, kept.id, None)
    merge(service, GMINA, kept.id, third.id, None)
    assert merged(service) == {double.id: third.id, kept.id: third.id}
    history = entry_history(service, GMINA, third.id)
    assert [one.id for one in history.doubles] == [kept.id]
    assert entry_history(service, GMINA, double.id).merged_into is not None


def test_what_cannot_be_merged_says_why(service: Context, kept: Stakeholder, double: Stakeholder) -> None:
    with pytest.raises(ConflictError, match="jeden i ten sam"):
        merge(service, GMINA, kept.id, kept.id, None)
    with pytest.raises(InvalidInputError):
        merge(service, GMINA, double.id, kept.id, None, ["id"])
    for call in (
        lambda: merge(service, OTHER, double.id, kept.id, None),
        lambda: compare(service, OTHER, double.id, kept.id),
        lambda: merge(service, GMINA, 2**40, kept.id, None),
    ):
        with pytest.raises(NotFoundError):
            call()
    merge(service, GMINA, double.id, kept.id, None)
    with pytest.raises(ConflictError, match="został już połączony"):
        merge(service, GMINA, double.id, kept.id, None)
    gone = catalogue.add_stakeholder(service, GMINA, replace(SHORT, name="LKS"), None)
    catalogue.mark_left(service, GMINA, gone.id, None)
    with pytest.raises(ConflictError, match="nie jest już w katalogu"):
        merge(service, GMINA, kept.id, gone.id, None)
    with pytest.raises(ConflictError, match="podwójny"):
        catalogue.come_back(service, GMINA, double.id, None)


def test_a_double_in_an_open_round_waits_for_its_end(
    service: Context, kept: Stakeholder, double: Stakeholder
) -> None:
    round_id = a_round(service, [], [double.id, kept.id], GMINA)
    assert "Tura 1" in compare(service, GMINA, double.id, kept.id).obstacle
    with pytest.raises(ConflictError, match="Tura 1"):
        merge(service, GMINA, double.id, kept.id, None)
    assert merged(service) == {}
    close(service, round_id)
    merge(service, GMINA, double.id, kept.id, None)
    assert merged(service) == {double.id: kept.id}


def test_two_merges_of_the_same_pair_at_once_make_no_loop(
    service: Context, kept: Stakeholder, double: Stakeholder
) -> None:
    def run(pair: tuple[int, int]) -> str:
        try:
            merge(service, GMINA, *pair, None)
        except ConflictError:
            return "refused"
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, [(double.id, kept.id), (kept.id, double.id)]))
    assert sorted(outcomes) == ["merged", "refused"]
    assert len(merged(service)) == 1
    assert len(catalogue.stakeholders(service, GMINA)) == 1


def test_an_invitation_of_a_double_stays_as_that_of_one_who_left(
    service: Context, kept: Stakeholder, double: Stakeholder, draft: CampaignDraft, clock: Clock
) -> None:
    campaign = campaigns.create_campaign(service, GMINA, draft, None)
    clock.advance(minutes=1)
    campaigns.open_campaign(service, campaign.id, None)
    merge(service, GMINA, double.id, kept.id, None)
    with service.database.reading() as session:
        invited = set(campaign_rows.invited_stakeholders(session, campaign.id))
    assert invited == {double.id, kept.id}
    assert {one.stakeholder_id for one in campaigns.reissue_codes(service, campaign.id, None)} == invited
    now = campaigns.campaign(service, campaign.id)
    assert now.population is not None
    assert now.population["invited"] == 2
    assert campaign_mail.addressed(service, now) == 1


def test_likely_doubles_are_suggested_and_numbered_schools_are_not(service: Context) -> None:
    for name in (
        "Gminny Ośrodek Pomocy Społecznej",
        "GOPS",
        "Biblioteka Publiczna w Janowie Lubelskim",
        "Bibloteka Publiczna w Janowie Lubelskim",
        "Szkoła Podstawowa nr 1",
        "Szkoła Podstawowa nr 2",
        "Parafia św. Jana",
        "św. Jana, parafia",
        "Bank Spółdzielczy",
    ):
        catalogue.add_stakeholder(service, GMINA, StakeholderDraft(name, "inny", internal=True), None)
    pairs = [{pair.first.name, pair.second.name} for pair in likely_doubles(service, GMINA)]
    assert {"Gminny Ośrodek Pomocy Społecznej", "GOPS"} in pairs
    assert {"Parafia św. Jana", "św. Jana, parafia"} in pairs
    assert {"Biblioteka Publiczna w Janowie Lubelskim", "Bibloteka Publiczna w Janowie Lubelskim"} in pairs
    assert len(pairs) == 3
