"""Those whom an entry brings together, on both stores: added once, answering with an offer or a reason."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import accounts, team_people
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.registers import entries, files, parties
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.registers.listing import Wanted, filtered
from survey_app.services.registers.parties import Who
from tests.campaign_kit import GMINA, add_gmina
from tests.coding_rows import id_of
from tests.integration.staff import PASSWORD
from tests.register_kit import offer_registers

OWNER = Owner(gmina_code=GMINA)
REGION = Owner(region_code=GMINA[:2])
DUE = dt.timedelta(30)


@pytest.fixture
def service(context: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Context:
    add_gmina(context, 3)
    offer_registers(monkeypatch, tmp_path)
    return context


def ids(context: Context) -> list[int]:
    return [one.id for one in catalogue.stakeholders(context, GMINA)]


def need(context: Context, sector: str = "edukacja") -> int:
    due = (context.today() + DUE).isoformat()
    content = Content({"nazwa": ["Sala"], "do": due}, sector=sector)
    return entries.add(context, OWNER, "potrzeby", content, None).id


def offer(context: Context, stakeholder_id: int) -> int:
    content = Content({"nazwa": ["Sala na 30 osób"]}, stakeholder_id)
    return entries.add(context, OWNER, "oferty", content, None).id


def say(
    context: Context, entry: int, party: int, says: str, text: str = "", offer_id: int | None = None
) -> None:
    parties.reply(context, OWNER, entry, party, says, context.today(), text, None, offer_id=offer_id)


def places(error: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [fault.where for fault in error.value.faults]


def test_parties_are_added_once_and_all_or_none(service: Context) -> None:
    first, second, third = ids(service)
    entry = need(service)
    both = [Who(first), Who(second), Who(first)]
    assert parties.add(service, OWNER, entry, both, "wykonawca", None) == 2
    assert parties.add(service, OWNER, entry, [Who(second), Who(third)], "", None) == 1
    for who, role, place in (
        ([Who(first), Who(999)], "", "who"),
        ([Who(name="Ktoś")], "", "who"),
        ([Who(first)], "szef", "role"),
        ([], "", "who"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            parties.add(service, OWNER, entry, who, role, None)
        assert places(refused) == [place]
    shown = parties.lines(service, entries.view(service, OWNER, entry))
    assert [(one.party.stakeholder_id, one.party.role) for one in shown] == [
        (first, "wykonawca"),
        (second, "wykonawca"),
        (third, ""),
    ]
    parties.remove(service, OWNER, entry, shown[2].party.id, None)
    assert len(parties.lines(service, entries.view(service, OWNER, entry))) == 2


def test_a_yes_names_an_offer_of_that_institution_that_still_stands(service: Context) -> None:
    first, second, _ = ids(service)
    entry, own, others = need(service), offer(service, first), offer(service, second)
    parties.add(service, OWNER, entry, [Who(first), Who(second)], "", None)
    one, two = (line.party for line in parties.lines(service, entries.view(service, OWNER, entry)))
    assert [
        found.id for found in parties.offers_of(service, OWNER, entries.view(service, OWNER, entry), one)
    ] == [own]
    for says, given in (("yes", others), ("no", own), ("yes", entry)):
        with pytest.raises(InvalidInputError) as refused:
            say(service, entry, one.id, says, "powód", given)
        assert places(refused) == ["offer_id"]
    say(service, entry, one.id, "yes", "Chętnie", own)
    entries.set_state(service, OWNER, others, "gone", service.today(), "", None)
    with pytest.raises(InvalidInputError):
        say(service, entry, two.id, "yes", "", others)
    with pytest.raises(InvalidInputError) as refused:
        say(service, entry, two.id, "no")
    assert places(refused) == ["text"]
    say(service, entry, two.id, "no", "Remont")
    with pytest.raises(ConflictError):
        parties.remove(service, OWNER, entry, two.id, None)
    told = [
        (line.party.reply, line.party.reply_text, line.offer)
        for line in parties.lines(service, entries.view(service, OWNER, entry))
    ]
    assert told == [("yes", "Chętnie", "Sala na 30 osób"), ("no", "Remont", "")]

    say(service, entry, one.id, "no", "Jednak nie")  # a later reply stands in the place of an earlier
    assert parties.lines(service, entries.view(service, OWNER, entry))[0].offer == ""
    entries.set_state(service, OWNER, entry, "met", service.today(), "", None)
    with pytest.raises(ConflictError):
        say(service, entry, one.id, "yes", "Za późno", own)
    found = entries.listed(service, OWNER, "potrzeby")
    table = files.table_csv(service, OWNER, found, filtered(found, Wanted())).decode("utf-8-sig")
    assert ": odmowa" in table
    assert ": zgoda" not in table


def test_a_region_brings_gminas_and_names_together(service: Context) -> None:
    entry = entries.add(service, REGION, "rpw", Content({"nazwa": ["Program"]}), None).id
    listed = [code for code, _ in parties.gminas_of(service, "06")]
    assert GMINA in listed
    assert (
        parties.add(service, REGION, entry, [Who(gmina_code=GMINA), Who(name=" ROPS  w Lublinie ")], "", None)
        == 2
    )
    assert parties.add(service, REGION, entry, [Who(name="rops w lublinie")], "", None) == 0
    for who in (Who(gmina_code="999999"), Who(stakeholder_id=ids(service)[0])):
        with pytest.raises(InvalidInputError):
            parties.add(service, REGION, entry, [who], "", None)
    with pytest.raises(ConflictError):
        entries.add(service, REGION, "rpw", Content({"nazwa": ["Drugi"]}), None)
    with pytest.raises(NotFoundError):
        entries.view(service, OWNER, entry)


def test_who_answers_for_an_entry_may_go_on_after_leaving_the_team(service: Context) -> None:
    accounts.create_user(service, "jan@example.org", "Jan Łoś", PASSWORD, member_of=GMINA)
    person = id_of(service, "jan@example.org")
    day = (service.today() + DUE).isoformat()
    task = Content({"nazwa": ["Plan"], "do": day}, person_id=person)
    made = entries.add(service, OWNER, "terminarz", task, None)
    team_people.remove_member(service, GMINA, person, None)
    changed = Content({**task.answers, "opis": "Więcej"}, person_id=person)
    assert entries.change(service, OWNER, made.id, 1, changed, None).revision == 2
    with pytest.raises(InvalidInputError):
        entries.add(
            service, OWNER, "terminarz", Content({"nazwa": ["Inne"], "do": day}, person_id=person), None
        )


def test_an_institution_stays_with_its_entry_after_leaving_the_catalogue(service: Context) -> None:
    draft = StakeholderDraft(name="Klub", sector="sport", internal=True)
    club = catalogue.add_stakeholder(service, GMINA, draft, None).id
    made = offer(service, club)
    catalogue.mark_left(service, GMINA, club, None, "koniec działalności")
    assert entries.view(service, OWNER, made).stakeholders == {club: "Klub"}
    assert entries.listed(service, OWNER, "oferty").stakeholders == {club: "Klub"}
