"""The pages of the bank and of the network, as a member of the team uses them, and a reader of a region."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from flask import Flask

from survey_app.models import Wojewodztwo
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.register import catalogue, declarations
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.register.declarations import CONTRIBUTION, DeclarationDraft
from survey_app.services.registers import bank, entries, network, parties
from survey_app.services.registers.bank import OfferDraft
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.registers.parties import Who
from survey_app.services.rollup import regions
from survey_app.services.trace import WORDS
from survey_app.store import audit
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, Staff, staff
from tests.statements import CEILING, asked

PANEL = f"/panel/{GMINA}"
OWNER = Owner(gmina_code=GMINA)


@pytest.fixture
def jan(app: Flask) -> Staff:
    return staff(app, "jan@example.org")


def entry(context: Context, name: str, kind: str = "C") -> int:
    draft = StakeholderDraft(name, "edukacja", internal=True, stakeholder_type=kind)
    return catalogue.add_stakeholder(context, GMINA, draft, None).id


def a_need(context: Context, of: int, name: str = "Sala <b>") -> int:
    answers = {"nazwa": [name], "rodzaj": {"option": "lokal"}, "na_kiedy": "2026-11-10"}
    return entries.add(context, OWNER, bank.NEEDS, Content(answers, of), None).id


def test_a_need_is_told_why_nothing_is_suggested(jan: Staff, sqlite_context: Context) -> None:
    club, school = entry(sqlite_context, "Klub", "A"), entry(sqlite_context, "Szkoła")
    need, nothing = a_need(sqlite_context, club), "Żadna wolna oferta tego rodzaju nie pasuje"
    assert nothing in jan.get(f"{PANEL}/bank")
    bank.offer(sqlite_context, GMINA, OfferDraft(club, "Salka klubu", "lokal"), None)
    page = jan.get(f"{PANEL}/bank")
    assert "Pasuje tylko własna oferta instytucji, która zgłasza potrzebę" in page
    assert nothing not in page
    assert "Zapisz, że pytamy" not in page
    bank.offer(sqlite_context, GMINA, OfferDraft(school, "Aula", "lokal"), None)
    assert "Pasuje też własna oferta" in jan.get(f"{PANEL}/bank")
    assert bank.ask_suggested(sqlite_context, GMINA, need, None) == 1
    page = jan.get(f"{PANEL}/bank")
    assert "pasują do tych dni, są już zapytane" in page
    assert nothing not in page


def test_a_need_goes_from_a_suggestion_to_an_answer(jan: Staff, sqlite_context: Context) -> None:
    assert "Nie ma otwartych potrzeb" in jan.get(f"{PANEL}/bank")
    club, school = entry(sqlite_context, "Klub", "A"), entry(sqlite_context, "Szkoła „Pod Lipą”")
    draft = DeclarationDraft(CONTRIBUTION, "Aula", sqlite_context.today(), "lokal")
    declared = declarations.add_declaration(sqlite_context, GMINA, school, draft, None)
    assert "Wkłady z katalogu" in jan.get(f"{PANEL}/bank")
    for _ in range(2):
        assert jan.send(f"{PANEL}/bank/wklady", {"declaration": str(declared.id)}).status_code == 303
    need = a_need(sqlite_context, club)
    page = jan.get(f"{PANEL}/bank")
    assert "wolne w tych dniach" in page
    assert "własna oferta" not in page
    assert "brakuje 6" in page, "eight days ahead in place of fourteen"
    heads = re.findall(r"<th scope=\"col\"[^>]*>([^<]+)</th>", jan.get(f"{PANEL}/rejestry/potrzeby"))
    assert heads == ["Nazwa", "Kto zgłasza", "Na kiedy (pierwszy dzień)", "Stan"]
    assert ">Kto zgłasza</dt>" in jan.get(f"{PANEL}/rejestry/wpis/{need}")
    assert jan.send(f"{PANEL}/bank/potrzeby/{need}/zapytania").status_code == 303
    page = jan.get(f"{PANEL}/bank")
    assert "Serwis nikomu nie pisze" in page
    link = re.search(r'href="([^"]+)" aria-label="Zapisz odpowiedź', page)
    assert link is not None
    jan.get(link[1])
    reply = {"says": "no", "on_day": "2026-11-02", "text": "Remont"}
    assert jan.send(link[1], reply).status_code == 303
    assert "Remont" in jan.get(f"{PANEL}/bank")
    with sqlite_context.database.reading() as session:
        assert {one.action for one in audit.events(session, GMINA)} <= set(WORDS)


def test_an_offer_for_a_need_that_is_gone_loses_nothing_typed(jan: Staff, sqlite_context: Context) -> None:
    club, school = entry(sqlite_context, "Klub", "A"), entry(sqlite_context, "Szkoła")
    need = a_need(sqlite_context, club)
    page = f"{PANEL}/bank/potrzeby/{need}/oferta"
    jan.get(page)
    typed = {
        "stakeholder_id": str(school),
        "name": "Aula „duża”",
        "kind": "lokal",
        "terms": "Po 16",
        "last": "x",
    }
    refused = jan.send(page, typed)
    assert refused.status_code == 422
    assert "Aula „duża”" in refused.text
    entries.set_state(sqlite_context, OWNER, need, "met", sqlite_context.today(), "", None)
    typed["last"] = "2026-12-24"
    jan.get(f"{PANEL}/bank")
    gone = jan.send(page, typed)
    assert gone.status_code == 409
    for words in ("już spełniona", "Aula „duża”", "Po 16", "2026-12-24", "bez potrzeby"):
        assert words in gone.text
    assert not bank.bank(sqlite_context, GMINA).offers
    assert jan.send(page, {**typed, "bez_potrzeby": "1"}).status_code == 303
    assert bank.bank(sqlite_context, GMINA).offers["lokal"][0].entry.title == "Aula „duża”"
    asked = jan.send(f"{PANEL}/bank/potrzeby/{need}/zapytania", follow_redirects=True)
    assert "nikogo się o nią nie pyta" in asked.text
    assert jan.client.get(page).status_code == 303


def test_the_network_is_a_graph_a_list_and_files(jan: Staff, sqlite_context: Context) -> None:
    assert "Sieci jeszcze nie założono" in jan.get(f"{PANEL}/siec")
    club, firm = entry(sqlite_context, "=Klub", "A"), entry(sqlite_context, "Tartak <script>")
    hub = entries.add(sqlite_context, OWNER, network.NETWORK, Content({"nazwa": ["LSR"]}, club), None)
    parties.add(sqlite_context, OWNER, hub.id, [Who(stakeholder_id=firm)], "", None)
    page = jan.get(f"{PANEL}/siec")
    for words in ("2. Tartak &lt;script&gt;", "Czego brakuje", "żadnego partnerstwa", 'role="img"'):
        assert words in page
    drawing = ElementTree.fromstring(jan.file(f"{PANEL}/siec/graf.svg"))
    assert drawing.tag.endswith("svg")
    assert "'=Klub" in jan.file(f"{PANEL}/siec/tabela.csv").decode()
    assert "Siedem rekomendacji" in jan.get(f"{PANEL}/siec/platforma")
    assert "Bank zasobów" in jan.get(f"{PANEL}/rejestry")


def test_no_page_asks_the_store_once_per_row(jan: Staff, sqlite_context: Context) -> None:
    club, *others = [entry(sqlite_context, f"Instytucja {number}") for number in range(12)]
    asked_of = {}
    for size in (2, 11):
        need = a_need(sqlite_context, club, f"Sala {size}")
        for one in others[:size]:
            draft = OfferDraft(one, f"Sala {one}", "lokal")
            bank.offer(sqlite_context, GMINA, draft, None)
            partners = Content({"nazwa": [f"Partnerstwo {one}"], "cel": "Razem"}, one)
            made = entries.add(sqlite_context, OWNER, network.PARTNERSHIPS, partners, None)
            parties.add(sqlite_context, OWNER, made.id, [Who(stakeholder_id=one)], "", None)
        who = [Who(stakeholder_id=one) for one in others[: size // 2]]
        parties.add(sqlite_context, OWNER, need, who, "", None)
        for page, address in (("bank", "bank"), ("siec", "siec"), ("oferta", f"bank/potrzeby/{need}/oferta")):
            with asked(sqlite_context) as seen:
                jan.get(f"{PANEL}/{address}")
            asked_of[page, size] = len(seen)
    assert max(asked_of.values()) <= CEILING
    for (page, size), count in asked_of.items():
        assert count <= asked_of[page, 2], (page, size)


def test_what_is_another_gminas_is_not_there(jan: Staff, sqlite_context: Context) -> None:
    need = a_need(sqlite_context, entry(sqlite_context, "Klub"))
    olaf = staff(jan.client.application, "obcy@example.org")
    assert olaf.client.get(f"{PANEL}/bank").status_code == 403
    other = f"/panel/{OTHER_GMINA}/bank"
    olaf.get(other)
    for address in (f"{other}/potrzeby/{need}/oferta", f"{other}/potrzeby/{need}/zapytania"):
        assert olaf.send(address).status_code == 404
    assert olaf.send(f"{other}/wklady", {"declaration": "1"}).status_code == 404
    assert olaf.send(f"{other}/wklady", {"declaration": "x"}).status_code == 404


def test_a_region_keeps_its_platform_and_its_gmina_sees_it(app: Flask, sqlite_context: Context) -> None:
    regions.appoint(
        sqlite_context, "jan@example.org", "Jan Łoś", "06", id_of(sqlite_context, "admin@example.org")
    )
    jan = staff(app, "jan@example.org")
    assert "Cztery zasady" in jan.get("/panel/region/06/platforma")
    jan.get("/panel/region/06/rejestry")
    address = "/panel/region/06/rejestry/rpw/nowy"
    jan.get(address)
    made = jan.send(address, {"nazwa-1": "Platforma lubelska", "wariant": "obywatelski", "strategia": "tak"})
    assert made.status_code == 303
    joined = {"who": f"g-{GMINA}", "names": "ROPS", "role": ""}
    jan.get(f"{made.location}/uczestnicy")
    assert jan.send(f"{made.location}/uczestnicy", joined).status_code == 303
    seen = jan.get(f"{PANEL}/siec")
    assert "Platforma lubelska, wariant: obywatelski, powstaje" in seen


def test_a_region_without_gminas_has_every_page_and_tells_whom_it_can_add(
    app: Flask, sqlite_context: Context
) -> None:
    with sqlite_context.database.transaction() as session:
        session.add(Wojewodztwo(code="32", name="zachodniopomorskie"))
    accounts.create_user(sqlite_context, "rops@example.org", "Róża Rops", PASSWORD)
    regions.appoint(sqlite_context, "rops@example.org", "Róża Rops", "32", None)
    reader, region = staff(app, "rops@example.org"), "/panel/region/32"
    for page in ("", "/rejestry", "/rejestry/rpw/nowy", "/biblioteczka", "/zapisy", "/wiadomosci/nowa"):
        reader.get(f"{region}{page}")
    reader.get(f"{region}/rejestry/rpw/nowy")
    made = reader.send(f"{region}/rejestry/rpw/nowy", {"nazwa-1": "Pusta", "wariant": "samoistny"}).location
    reader.get(f"{made}/uczestnicy")
    for typed in ({}, {"who": ["g-320101"]}):
        refused = reader.send(f"{made}/uczestnicy", typed)
        assert refused.status_code == 422
        assert 'href="#names"' in refused.text
