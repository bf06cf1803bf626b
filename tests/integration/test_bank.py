"""The bank on both stores: offers and needs that fit, who was asked and what they said, needs that are gone."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.instrument.register_model import RegisterLevel
from survey_app.services.context import Context
from survey_app.services.register import catalogue, declarations, merge_catalogue
from survey_app.services.register.declarations import CONTRIBUTION, RESOURCES, DeclarationDraft
from survey_app.services.registers import bank, entries, parties
from survey_app.services.registers.bank import OfferDraft
from survey_app.services.registers.definitions import register_definition
from survey_app.services.registers.entries import Content, Owner
from survey_app.store import registers
from survey_app.store.registers import RegisterEntry
from tests.campaign_kit import GMINA, add_gmina, add_institution

OWNER = Owner(gmina_code=GMINA)
FIRST = dt.date(2026, 12, 1)
HALL = OfferDraft(None, "Sala „Pod Lipą” 🙂", "lokal", "Po godzinie 16")


class Team:
    """A gmina with a club and three institutions; the clock stands at 2 November 2026."""

    def __init__(self, context: Context) -> None:
        self.context = context
        add_gmina(context, 0)
        self.club, self.school, self.firm, self.library = (
            add_institution(context, name) for name in ("KIS", "Szkoła", "Tartak", "Biblioteka")
        )

    def need(self, day: dt.date = FIRST, kind: str = "lokal", **more: object) -> RegisterEntry:
        answers = {"nazwa": ["Sala na warsztaty"], "rodzaj": {"option": kind}, "na_kiedy": day.isoformat()}
        return entries.add(self.context, OWNER, bank.NEEDS, Content({**answers, **more}, self.club), None)  # type: ignore[dict-item]

    def offer(
        self, of: int, kind: str = "lokal", first: dt.date | None = None, last: dt.date | None = None
    ) -> int:
        draft = OfferDraft(of, f"Oferta {of}", kind, "", first, last)
        return bank.offer(self.context, GMINA, draft, None).id

    def state(self, entry_id: int, state: str, text: str = "") -> None:
        entries.set_state(self.context, OWNER, entry_id, state, self.context.today(), text, None)

    def suggested(self, need: RegisterEntry) -> list[int]:
        return [one.entry.id for one in self.bank().need(need.id).suggested]

    def bank(self) -> bank.Bank:
        return bank.bank(self.context, GMINA)

    def reply(
        self, need: RegisterEntry, of: int, says: str, text: str = "", offer: int | None = None
    ) -> None:
        asked = {one.stakeholder_id: one.id for one in entries.view(self.context, OWNER, need.id).parties}
        day = self.context.today()
        parties.reply(self.context, OWNER, need.id, asked[of], says, day, text, None, offer_id=offer)


@pytest.fixture
def team(context: Context) -> Team:
    return Team(context)


def test_kinds_are_those_of_the_catalogue(sqlite_context: Context) -> None:
    for key in (bank.OFFERS, bank.NEEDS):
        kinds = register_definition(key, RegisterLevel.GMINA).by_id["rodzaj"].options
        assert {one.id: one.label for one in kinds} == RESOURCES


def test_an_offer_of_the_kind_that_is_free_in_those_days_is_suggested(team: Team) -> None:
    need = team.need(do_kiedy="2026-12-03")
    always, early = team.offer(team.school), team.offer(team.firm, last=dt.date(2026, 12, 2))
    team.offer(team.firm, "sprzet")
    exact = team.offer(team.library, first=FIRST, last=dt.date(2026, 12, 3))
    own = team.offer(team.club)
    assert team.suggested(need) == [always, exact], (early, own)
    team.state(always, "used")
    assert team.suggested(need) == [exact]


def test_what_was_promised_for_a_day_is_not_suggested_for_that_day_again(team: Team) -> None:
    offer, need, later = team.offer(team.school), team.need(), team.need(FIRST + dt.timedelta(1))
    same_day = team.need(ile=["dla 12 osób"])
    assert bank.ask_suggested(team.context, GMINA, need.id, None) == 1
    assert bank.ask_suggested(team.context, GMINA, need.id, None) == 0, "asked already"
    team.reply(need, team.school, "yes", offer=offer)
    assert team.suggested(same_day) == []
    assert team.suggested(later) == [offer]
    shown = team.bank().offers["lokal"][0]
    assert [title for _, title in shown.promised] == ["Sala na warsztaty"]
    team.state(need.id, "withdrawn", "Zajęcia odwołane")
    assert team.suggested(same_day) == [offer], "a need that was withdrawn takes nothing"


def test_replies_are_told_with_reasons_and_counted(team: Team) -> None:
    need = team.need()
    who = [parties.Who(stakeholder_id=one) for one in (team.school, team.firm, team.library)]
    parties.add(team.context, OWNER, need.id, who, "", None)
    with pytest.raises(InvalidInputError):
        team.reply(need, team.school, "no", " ")
    team.reply(need, team.school, "no", "Sala jest w remoncie")
    team.reply(need, team.firm, "yes")
    found = team.bank()
    told = [(one.who, one.party.reply, one.party.reply_text) for one in found.need(need.id).asked]
    assert told == [("Szkoła", "no", "Sala jest w remoncie"), ("Tartak", "yes", ""), ("Biblioteka", "", "")]
    assert [one.who for one in found.need(need.id).waiting] == ["Biblioteka"]
    assert found.counts == bank.Counts(raised=1, answered=1, met=0, withdrawn=0, waiting=1, refused=1)
    team.state(need.id, "met")
    after = team.bank().counts
    assert (after.met, after.waiting) == (1, 0), "nobody waits for an answer to a need that is met"
    with team.context.database.reading() as session:
        assert bank.counts(session, GMINA, FIRST, FIRST) == after
        assert bank.counts(session, GMINA, FIRST + dt.timedelta(1)).raised == 0


def test_an_offer_for_a_need_that_is_gone_is_refused_and_can_be_kept_without_it(team: Team) -> None:
    need = team.need()
    draft = OfferDraft(team.school, HALL.name, HALL.kind, HALL.terms)
    made = bank.offer_to_need(team.context, GMINA, need.id, draft, None)
    asked = team.bank().need(need.id).asked
    assert [(one.who, one.party.reply, one.offer) for one in asked] == [("Szkoła", "yes", HALL.name)]
    assert made.answers["warunki"] == HALL.terms
    team.state(need.id, "met")
    other = OfferDraft(team.firm, "Hala", "lokal")
    with pytest.raises(ConflictError, match="już spełniona"):
        bank.offer_to_need(team.context, GMINA, need.id, other, None)
    with pytest.raises(ConflictError):
        bank.ask_suggested(team.context, GMINA, need.id, None)
    assert len(team.bank().offers["lokal"]) == 1, "nothing was kept"
    bank.offer(team.context, GMINA, other, None)
    assert len(team.bank().offers["lokal"]) == 2


def test_every_fault_of_an_offer_is_told_at_its_field(team: Team) -> None:
    draft = OfferDraft(None, " ", "nic", "x" * 2001, FIRST, FIRST - dt.timedelta(1))
    with pytest.raises(InvalidInputError) as refused:
        bank.offer(team.context, GMINA, draft, None)
    assert [one.where for one in refused.value.faults] == ["name", "kind", "terms", "last"]
    with pytest.raises(InvalidInputError) as refused:
        bank.offer(team.context, GMINA, OfferDraft(99_999, "Sala", "lokal"), None)
    assert [one.where for one in refused.value.faults] == ["stakeholder_id"]
    for missing in (99_999, team.offer(team.school)):
        with pytest.raises(NotFoundError):
            bank.offer_to_need(team.context, GMINA, missing, HALL, None)


def test_a_contribution_is_taken_over_once_and_stays_the_catalogues(team: Team) -> None:
    words = "Świetlica " + "z zapleczem " * 30
    draft = DeclarationDraft(CONTRIBUTION, words, team.context.today(), "lokal")
    declared = declarations.add_declaration(team.context, GMINA, team.school, draft, None)
    assert [one.id for one, _ in team.bank().contributions] == [declared.id]
    assert bank.take_over(team.context, GMINA, [declared.id], None) == 1
    assert bank.take_over(team.context, GMINA, [declared.id], None) == 0
    offer = team.bank().offers["lokal"][0]
    at_once = Content({"nazwa": ["Świetlica"], "rodzaj": {"option": "lokal"}}, team.school)
    again = entries.add(team.context, OWNER, bank.OFFERS, at_once, None, declaration_id=declared.id)
    assert again.id == offer.entry.id, "two who take it over in the same moment"
    assert offer.entry.title.endswith("…")
    assert offer.terms == words.strip()
    edited = Content({"nazwa": ["Świetlica"], "rodzaj": {"option": "lokal"}}, team.school)
    entries.change(team.context, OWNER, offer.entry.id, 1, edited, None)
    assert team.bank().contributions == [], "an edited offer is still the same contribution"
    need = team.need()
    assert team.suggested(need) == [offer.entry.id]
    declarations.withdraw_declaration(
        team.context, GMINA, team.school, declared.id, team.context.today(), None
    )
    assert "wkład wycofano w katalogu" in team.bank().offers["lokal"][0].gone
    assert team.suggested(need) == []
    with pytest.raises(NotFoundError):
        bank.take_over(team.context, GMINA, [99_999], None)


def test_an_institution_that_left_is_not_suggested_and_a_double_stands_for_its_better(team: Team) -> None:
    double = add_institution(team.context, "Szkoła Podstawowa")
    left, moved, need = team.offer(team.firm), team.offer(double), team.need()
    assert team.suggested(need) == [left, moved]
    catalogue.mark_left(team.context, GMINA, team.firm, None)
    merge_catalogue.merge(team.context, GMINA, double, team.school, None)
    assert team.suggested(need) == [moved]
    assert team.bank().need(need.id).suggested[0].who == "Szkoła"
    assert bank.ask_suggested(team.context, GMINA, need.id, None) == 1
    assert [one.who for one in team.bank().need(need.id).asked] == ["Szkoła"]


@pytest.mark.parametrize(("days", "short"), [(15, 0), (14, 0), (13, 1), (0, 14)])
def test_a_need_raised_late_says_by_how_much(team: Team, days: int, short: int) -> None:
    need = team.need(team.context.today() + dt.timedelta(days))
    assert team.bank().need(need.id).short == short


def test_the_team_is_told_after_the_institution_that_runs_the_club(team: Team) -> None:
    need, today = team.need(), team.context.today()
    yesterday = today - dt.timedelta(1)

    def told(kind: str, day: dt.date) -> None:
        entries.write_log(team.context, OWNER, need.id, kind, day, "Telefon", None)

    with pytest.raises(InvalidInputError, match="Nie dopisano"):
        told(bank.TOLD_TEAM, today)
    told(bank.TOLD_KIS, today)
    with pytest.raises(InvalidInputError):
        told(bank.TOLD_TEAM, yesterday)
    told(bank.TOLD_TEAM, today)
    found = team.bank().need(need.id)
    assert (found.told_kis, found.told_team) == (today, today)


def test_a_certificate_whose_day_has_passed_is_late_until_a_new_day_is_written(team: Team) -> None:
    answers = {"nazwa": ["KIS"], "wazny_do": (team.context.today() - dt.timedelta(1)).isoformat()}
    club = entries.add(team.context, OWNER, "certyfikacja", Content(answers, team.club), None)
    with pytest.raises(InvalidInputError) as refused:
        team.state(club.id, "certified")
    (fault,) = refused.value.faults
    assert (fault.where, "wymaga dowodu" in fault.message) == ("text", True)
    team.state(club.id, "certified", "Certyfikat nr 7, Rada SC KIS")
    assert entries.listed(team.context, OWNER, "certyfikacja").late == {club.id}
    team.state(club.id, "expired")
    assert entries.listed(team.context, OWNER, "certyfikacja").late == {club.id}
    renewed = {**answers, "wazny_do": "2027-12-01"}
    held = entries.view(team.context, OWNER, club.id).entry
    entries.change(team.context, OWNER, club.id, held.revision, Content(renewed, team.club), None)
    assert not entries.listed(team.context, OWNER, "certyfikacja").late


def test_counts_ask_the_store_for_needs_alone(team: Team) -> None:
    team.offer(team.school)
    with team.context.database.reading() as session:
        assert bank.counts(session, GMINA) == bank.Counts(0, 0, 0, 0, 0, 0)
        assert registers.count(session, GMINA, None, bank.OFFERS) == 1
