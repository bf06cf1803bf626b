"""Remarks, signatures, points and tables from files in a real browser: every page accessible at both widths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services.context import Context
from survey_app.services.method import paper_points, paper_remarks, paper_signatures, papers
from survey_app.services.method.paper_signatures import Words
from survey_app.services.method.papers import Content
from survey_app.web.app import create_app
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.e2e.browser import Visitor, look, serving
from tests.paper_kit import offer_for_people

pytestmark = pytest.mark.browser

PACT, PROBLEMS = f"/panel/{GMINA}/pisma/1", f"/panel/{GMINA}/pisma/2"
PAGES = (
    (f"{PACT}/podpisy", "Podpisy", "podpisy"),
    (f"{PACT}/podpisy/nowy", "Nowy podpis", "podpis-kto"),
    (f"{PACT}/podpisy/nowy?kto=3", "Nowy podpis", "podpis-nowy"),
    (f"{PACT}/podpisy/wiele", "Wiele podpisów", "podpisy-wiele"),
    (f"{PACT}/podpisy/1", "Poprawianie podpisu", "podpis"),
    (f"{PACT}/podpisy/1/odejscie", "Zapisać odejście?", "podpis-odejscie"),
    (f"{PACT}/podpisy/2/powrot", "Zapisać powrót?", "podpis-powrot"),
    (f"{PACT}/podpisy/1/wycofanie", "Wycofać ten podpis?", "podpis-wycofanie"),
    (f"{PACT}/podpisy/2/cofniecie-odejscia", "Cofnąć to odejście?", "podpis-cofniecie"),
    (f"{PACT}/wersje", "Historia", "podpisy-historia"),
    (f"{PACT}/uwagi", "Uwagi", "uwagi"),
    (f"{PACT}/uwagi/1", "Odpowiedź na uwagę", "uwaga-odpowiedz"),
    (f"{PROBLEMS}/punkty", "Punkty", "punkty"),
    (f"{PROBLEMS}/pola", "Wypełnianie", "pismo-pola-pliki"),
    (f"{PROBLEMS}/tabele/problemy/wczytaj", "Tabela z pliku", "tabela-z-pliku"),
    (f"{PROBLEMS}/uzgodnienie", "Zapisać, że zespół uzgodnił to pismo?", "uzgodnienie-z-uwagami"),
    (f"/panel/{GMINA}/pisma/3/konsultacje", "Dać pismo do konsultacji?", "konsultacje"),
)


@pytest.fixture
def address(sqlite_context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A pact that two signed, one of whom left, with remarks; a form to which three gave points."""
    context, on = sqlite_context, sqlite_context.today()
    offer_for_people(monkeypatch)
    team = kit.add_team(context, 4)
    codes = dict.fromkeys(team.stakeholders, "zwolennik")
    kit.closed_round(context, team, codes)
    pact = papers.start(context, GMINA, "umowa", Content({"cel": "Razem"}), "", team.coordinator).id
    rows = {"problemy": [{"_id": "r1", "problem": "Brak dojazdu"}, {"_id": "r2", "problem": "Brak pracy"}]}
    form = papers.start(context, GMINA, "problemy", Content({}, rows), "", team.coordinator).id
    for text, who in (("Proszę dopisać termin", team.stakeholders[0]), ("Za długie", None)):
        paper_remarks.add(context, GMINA, pact, 1, text, who, team.coordinator)
    paper_remarks.add(context, GMINA, form, 1, "Brakuje wiersza", None, team.coordinator)
    paper_remarks.answer(context, GMINA, pact, 1, "partly", "Dopisano rok.", team.coordinator)
    papers.agree(context, GMINA, pact, 1, on, team.coordinator)
    words = Words("instytucja inicjująca", "sala", "Maria Ćwik, dyrektorka")
    paper_signatures.sign(context, GMINA, pact, team.stakeholders[:2], on, team.coordinator, words)
    paper_signatures.leave(context, GMINA, pact, 2, on, "zmiana zadań", team.coordinator)
    view = papers.view(context, GMINA, form)
    for points, person in enumerate(team.people, 2):
        paper_points.give(context, view, {"r1": points}, person, GMINA)
    papers.withdraw(context, GMINA, pact, team.coordinator)
    papers.start(context, GMINA, "umowa", Content({"cel": "Od nowa"}), "Umowa druga", team.coordinator)
    papers.reopen(context, GMINA, pact, team.coordinator)
    papers.agree(context, GMINA, pact, 1, on, team.coordinator)
    with serving(create_app(context=context)) as served:
        yield served


def test_every_page_is_accessible(visitor: Visitor, address: str) -> None:
    account = (f"osoba1.{GMINA}@example.org", kit.PASSWORD)
    page = visitor.page(f"{address}{PACT}", account=account)
    for place, heading, name in PAGES:
        page.goto(f"{address}{place}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, name)
    page.goto(f"{address}{PROBLEMS}/tabele/problemy/wczytaj")
    file = {
        "name": "dane.csv",
        "mimeType": "text/csv",
        "buffer": "Problem;Ilu osób\nBrak dojazdu;wielu\n".encode(),
    }
    page.get_by_label("Plik CSV albo XLSX").set_input_files(file)
    page.get_by_role("button", name="Wczytaj do formularza").press("Enter")
    expect(page.locator(".summary")).to_be_focused()
    look(page, "tabela-z-pliku-bledy")
    file["buffer"] = "Problem;Ilu osób\nBrak mostu;12\n".encode()
    page.get_by_label("Plik CSV albo XLSX").set_input_files(file)
    page.get_by_role("button", name="Wczytaj do formularza").press("Enter")
    expect(page.get_by_label("Problem", exact=True).first).to_have_value("Brak mostu")
    look(page, "tabela-z-pliku-przeglad")
    page.get_by_role("button", name="Zapisz", exact=True).press("Enter")
    expect(page.get_by_text("Zapisano jako wersję 2")).to_be_visible()
