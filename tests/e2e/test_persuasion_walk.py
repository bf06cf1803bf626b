"""The scenariusz oddziaływań in a real browser: from a coded round over talks to what became of them, and a report."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdf
import pytest
from playwright.sync_api import Page, expect

from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests import coding_kit as kit
from tests.campaign_kit import GMINA, hold, lock, send
from tests.e2e.browser import DESK, Visitor, becomes, look, serving
from tests.stores import Clock

pytestmark = pytest.mark.browser

HOME = f"/panel/{GMINA}"
PAGE = f"{HOME}/scenariusz"
ANNA = (f"osoba1.{GMINA}@example.org", kit.PASSWORD)


@pytest.fixture
def team(sqlite_context: Context) -> kit.Team:
    """Seven institutions, one a Zwolennik; an ankieta in which few schools act already; the second has influence."""
    team = kit.add_team(sqlite_context, 7)
    held = hold(sqlite_context, access="open_link")
    for number in range(6):
        acts = "tak" if number < 2 else "nie"
        said = {"p1": {"option": "edukacja"}, "p5": "tak", "p7": acts, "p9": "tak"}
        send(sqlite_context, held, None, said)
    lock(sqlite_context, held)
    codes = dict.fromkeys(team.stakeholders, "neutralny") | {team.stakeholders[6]: "zwolennik"}
    kit.closed_round(sqlite_context, team, codes, lambda _, place: (3 if place == 1 else 1, 1, 2))
    kit.represent(sqlite_context, team.people[2], team.stakeholders[0])
    return team


@pytest.fixture
def address(sqlite_context: Context, team: kit.Team) -> Iterator[str]:
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def test_from_a_coded_round_over_talks_to_their_effect_and_a_report(
    visitor: Visitor, address: str, sqlite_context: Context, clock: Clock, team: kit.Team
) -> None:
    page = visitor.page(f"{address}{HOME}/kodowanie", width=DESK, account=ANNA)
    follow(page, "Scenariusz oddziaływań")
    expect(page.get_by_role("heading", name="Edukacja: 3 Neutralnych")).to_be_visible()
    expect(page.get_by_text("Argument: Działanie.").first).to_be_visible()
    page.get_by_text("Słowa do rozmowy: edukacja").press("Enter")
    expect(page.get_by_text("Czy ta instytucja spotyka ludzi", exact=False).first).to_be_visible()
    look(page, "scenariusz-propozycje")

    press(page, "Utwórz działania")
    expect(page.get_by_role("alert")).to_contain_text("Nikogo nie zaznaczono.")
    for name in ("1. Instytucja 002", "3. Instytucja 003"):
        page.get_by_role("checkbox", name=name).check(force=True)
    page.get_by_label("Do kiedy").fill("2027-03-31")
    page.get_by_label("Kto odpowiada").select_option(label="Osoba 2")
    page.get_by_label("Argument", exact=True).select_option(value="podpowiedziany")
    press(page, "Utwórz działania")
    expect(page.get_by_text("Utworzono 2\u00a0działania.")).to_be_visible()
    table = page.get_by_role("table", name="Neutralni: ")
    expect(table.get_by_role("row", name="1. Instytucja 002")).to_contain_text(
        "rozmowa (zaplanowane), do 31.03.2027, Osoba 2"
    )
    look(page, "scenariusz-zaplanowane")
    closed = page.locator("details.sector[open] > summary")
    for left in range(closed.count(), 0, -1):
        expect(closed).to_have_count(left)
        closed.first.press("Enter")
    expect(closed).to_have_count(0)
    expect(table.first).to_be_hidden()
    printed = " ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(page.pdf())).pages)
    assert "3. Instytucja 003" in " ".join(printed.split()), "what is folded is printed all the same"

    for name, words in (("1. Instytucja 002", "Dyrektorka da salę."), ("3. Instytucja 003", "Wrócimy.")):
        page.goto(f"{address}{PAGE}")
        with page.expect_navigation():
            table.get_by_role("row", name=name).get_by_role("link", name="rozmowa", exact=True).press("Enter")
        page.get_by_role("radio", name="rozmowa", exact=True).check(force=True)
        page.locator("form[action$='/dziennik']").get_by_label("Dzień").fill(
            sqlite_context.today().isoformat()
        )
        page.locator("form[action$='/dziennik'] textarea").fill(words)
        press(page, "Dopisz do dziennika")
        expect(page.get_by_text(words)).to_be_visible()
    page.goto(f"{address}{PAGE}")
    expect(page.get_by_text("Na następną zamkniętą turę czeka: 2", exact=False)).to_be_visible()
    first_day = sqlite_context.today()

    clock.advance(days=40)
    kit.represent(sqlite_context, team.people[2])  # so that all rate everything, as the kit does
    moved = dict.fromkeys(team.stakeholders, "neutralny")
    moved |= {team.stakeholders[place]: "zwolennik" for place in (1, 6)}
    kit.closed_round(sqlite_context, team, moved, title="Przed Paktem", occasion="before_pact")
    page = visitor.page(f"{address}{PAGE}", width=DESK, account=ANNA)
    effect = page.get_by_role("table", name="Kod w następnej turze: Neutralni z działaniami i bez nich")
    row = effect.get_by_role("row", name="z działaniami między tymi turami").get_by_role("cell")
    becomes(lambda: row.all_inner_texts()[:3], ["2", "1", "1"])
    other = effect.get_by_role("row", name="bez działań").get_by_role("cell")
    becomes(lambda: other.all_inner_texts()[:3], ["4", "0", "4"])
    expect(page.get_by_text("To zestawienie liczb, a nie dowód", exact=False)).to_be_visible()
    look(page, "scenariusz-skutek")

    report_of_the_period(page, address, first_day.isoformat(), sqlite_context.today().isoformat())


def report_of_the_period(page: Page, address: str, start: str, end: str) -> None:
    page.goto(f"{address}{HOME}/pisma/nowe/monitoring")
    page.get_by_label("Okres, na przykład", exact=False).fill("II półrocze 2026")
    page.get_by_label("Od dnia").fill(start)
    page.get_by_label("Do dnia").fill(end)
    press(page, "Zapisz szkic")
    page.goto(f"{address}{HOME}/pisma/nowe/raport_okresowy")
    rows = page.locator("#oddzialywania-tabela")
    expect(rows.get_by_label("Rodzaj działania").first).to_have_value("rozmowa")
    expect(rows.get_by_label("Ile razy").first).to_have_value("2")
    press(page, "Zapisz szkic")
    follow(page, "Uzgodnione…")
    press(page, "Tak, uzgodnione")
    answer = page.request.get(f"{page.url.partition('?')[0].partition('#')[0]}/plik.pdf")
    assert answer.status == 200
    words = " ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(answer.body())).pages)
    told = " ".join(words.split())
    assert "Przekonywanie: co się odbyło" in told
    assert "rozmowa 2 2" in told
    assert "Instytucja 002" not in told, "whom the team talked to is not for everybody"


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name, exact=True).first.press("Enter")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).press("Enter")
