"""The method in a real browser, from no path to a signed Pakt: every step is reached from the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from survey_app.services.context import Context
from survey_app.services.method import papers
from survey_app.services.method.papers import Content
from survey_app.web.app import create_app
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.e2e.browser import DESK, Visitor, look, serving

pytestmark = pytest.mark.browser

HOME = f"/panel/{GMINA}"
ANNA = (f"osoba1.{GMINA}@example.org", kit.PASSWORD)
PACT = "Pakt na rzecz Modelu Lokalnej Współpracy"
ACT = "Akt powołania Zespołu Synergii Lokalnej"


@pytest.fixture
def team(sqlite_context: Context) -> kit.Team:
    """Three people and four institutions, two of them Zwolennicy; no path, no papers."""
    team = kit.add_team(sqlite_context, 4)
    codes = dict(zip(team.stakeholders, ("zwolennik", "zwolennik", "neutralny", "neutralny"), strict=True))
    kit.closed_round(sqlite_context, team, codes)
    return team


@pytest.fixture
def address(sqlite_context: Context, team: kit.Team) -> Iterator[str]:
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def test_a_team_comes_from_a_path_to_a_signed_pact(
    visitor: Visitor, address: str, sqlite_context: Context
) -> None:
    page = visitor.page(f"{address}{HOME}", width=DESK, account=ANNA)
    follow(page, "Wybierz ścieżkę i zacznij")
    page.get_by_role("radio", name="Najpierw zespół").check(force=True)
    press(page, "Zapisz i zacznij")
    look(page, "droga-proces")

    follow(page, "Powołać zespół")
    look(page, "droga-krok")
    follow(page, ACT)
    expect(page.get_by_label("Koordynator zespołu", exact=True)).to_have_value("Osoba 1")
    page.get_by_role("radio", name="administracyjny: uchwała rady gminy").check(force=True)
    press(page, "Zapisz szkic")
    follow(page, "Uzgodnione…")
    expect(page.get_by_text("nie wszystko jest wypełnione")).to_be_visible()
    look(page, "droga-uzgodnienie")
    press(page, "Tak, uzgodnione")
    follow(page, "Powołać zespół")  # from the paper back to its step
    expect(page.locator("#stan + dl")).to_contain_text("zrobione")

    page.goto(f"{address}{HOME}/proces/krok/projekt_paktu")
    follow(page, PACT)
    named = page.locator("#sygnatariusze-tabela").get_by_label("Podmiot")
    expect(named.nth(0)).to_have_value("Instytucja 001")
    expect(named.nth(1)).to_have_value("Instytucja 002")
    expect(named.nth(2)).to_have_value("")
    look(page, "droga-pakt-pola")
    page.get_by_label("Cel główny").fill("Razem dla mieszkańców\ni dla firm")
    press(page, "Zapisz szkic")
    # As it was typed, and is printed.
    expect(page.locator(".paper-text")).to_have_text(
        re.compile("mieszkańców\ni dla firm"), use_inner_text=True
    )
    look(page, "droga-pakt")

    remark_and_answer(page)
    follow(page, "Pismo")
    follow(page, "Uzgodnione…")
    press(page, "Tak, uzgodnione")
    follow(page, "Podpisy")
    follow(page, "Dodaj wiele podpisów")
    for name in ("Instytucja 001", "Instytucja 002"):
        page.get_by_role("checkbox", name=name).check(force=True)
    page.get_by_label("Dzień podpisu").fill(sqlite_context.today().isoformat())
    press(page, "Zapisz podpisy")
    expect(page.get_by_text("Teraz: 2 sygnatariuszy.")).to_be_visible()
    look(page, "droga-podpisy")

    page.goto(f"{address}{HOME}/proces")
    for step in ("akt", "projekt_paktu", "podpisy"):
        expect(page.locator(f"#krok-{step}")).to_contain_text("zrobione")
    follow(page, "Partnerstwo: jakiego jest rodzaju i kogo w nim brakuje")
    expect(page.get_by_text("Liczone z tych, którzy podpisali Pakt.")).to_be_visible()
    look(page, "droga-partnerstwo")


def remark_and_answer(page: Page) -> None:
    """Of somebody who is no Zwolennik; its answer is read beside it."""
    follow(page, "Uwagi")
    page.get_by_label("Kto zgłasza uwagę").select_option(label="Instytucja 003 (Neutralny)")
    page.get_by_label("Uwaga", exact=True).fill("Proszę dopisać termin.")
    press(page, "Zapisz uwagę")
    look(page, "droga-uwagi")
    follow(page, "Odpowiedz na uwagę 1")
    page.get_by_role("radio", name="nieuwzględniona").check(force=True)
    page.get_by_label("Odpowiedź", exact=True).fill("Termin jest w celach.")
    press(page, "Zapisz odpowiedź")
    expect(page.get_by_text("Termin jest w celach.")).to_be_visible()


def test_the_pages_beside_the_way_are_accessible(
    visitor: Visitor, address: str, sqlite_context: Context, team: kit.Team
) -> None:
    """With the shipped definitions: the list, two versions compared, points, letters."""
    rows = {"problemy": [{"_id": "r1", "problem": "Brak dojazdu"}]}
    content, who = Content({}, rows), team.coordinator
    problems = papers.start(sqlite_context, GMINA, "problemy_cele", content, "Problemy i cele", who).id
    papers.save(sqlite_context, GMINA, problems, 1, Content({"jak_ustalono": {"option": "zgoda"}}, rows), who)
    letter = papers.start(sqlite_context, GMINA, "zaproszenie", Content({}, {}), "Zaproszenie", who).id
    page = visitor.page(f"{address}{HOME}/pisma", account=ANNA)
    for place, heading in (
        ("", "Pisma"),
        (f"/{problems}/wersje", "Historia"),
        (f"/{problems}/wersje/porownanie", "Od wersji 1 do wersji 2"),
        (f"/{problems}/punkty", "Punkty"),
        (f"/{letter}/listy", "Zaproszenie"),
    ):
        page.goto(f"{address}{HOME}/pisma{place}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, f"droga-obok{place.replace('/', '-')}")
    follow(page, "Wróć do pisma")
    expect(page.get_by_role("link", name="Zaprosić imiennie")).to_have_count(0)  # no path is chosen yet


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name, exact=True).first.press("Enter")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).press("Enter")
