"""The library in a real browser: every page accessible at both widths, searched and added to by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey_app.services.context import Context
from survey_app.services.library import items
from survey_app.services.library.items import ItemDraft, Scope
from survey_app.services.rollup import import_records, messages
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.e2e.browser import DESK, Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser

ADMIN = ("admin@example.org", PASSWORD)
ANNA = ("anna@example.org", PASSWORD)
PANEL = f"/panel/{GMINA}/biblioteczka"
PAGES = (
    (PANEL, "Biblioteczka", "biblioteczka"),
    (f"{PANEL}?szukaj=spoldzielnie&rodzaj=act", "Biblioteczka", "biblioteczka-szukanie"),
    (f"{PANEL}/nowa/dokument", "Nowa pozycja: dokument", "biblioteczka-nowa"),
    (f"{PANEL}/nowa/akt", "Nowa pozycja: akt prawny", "biblioteczka-akt"),
    (f"{PANEL}/5", "Poradnik „KIS”", "biblioteczka-pozycja"),
    (f"{PANEL}/5/zmiana", "Poradnik „KIS”", "biblioteczka-zmiana"),
    (f"{PANEL}/5/wycofanie", "Wycofać pozycję?", "biblioteczka-wycofanie"),
    ("/biblioteczka", "Biblioteczka", "biblioteczka-publiczna"),
    ("/biblioteczka/3", "Ustawa z dnia", "biblioteczka-publiczna-pozycja"),
)


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    """The four acts of the country, and a document of the team."""
    context = sqlite_context
    people(context)
    items.add_first_acts(context)
    draft = ItemDraft(
        "document",
        "Poradnik „KIS”",
        "own",
        description="Jak zakładać kluby integracji społecznej.",
        url="https://example.org/poradnik",
        file_name="poradnik.txt",
        content=b"Tekst",
    )
    items.add(context, Scope(gmina=GMINA), draft, id_of(context, ANNA[0]))
    with serving(create_app(context=context)) as served:
        yield served


def test_every_page_is_accessible_and_a_search_goes_by_keyboard(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{PANEL}", account=ANNA)
    for place, heading, name in PAGES:
        page.goto(f"{address}{place}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        look(page, name)
    page.goto(f"{address}/biblioteczka")
    page.get_by_label("Szukaj").fill("spoldzielnie socjalne")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Znaleziono 1 pozycję.")
    expect(page.locator("mark").first).to_have_text("spółdzielniach")


def test_what_is_taken_down_and_what_comes_from_above_is_accessible(
    visitor: Visitor, address: str, sqlite_context: Context
) -> None:
    """The administrator's pages of the library and of recorded facts; the team's pages of a region's message."""
    context, admin = sqlite_context, id_of(sqlite_context, ADMIN[0])
    draft = ItemDraft("link", "Zdjęcia z festynu", "link", url="https://example.org/z", open_to_all=True)
    number = items.add(context, Scope(gmina=GMINA), draft, None).id
    messages.send(context, GMINA[:2], "Spotkanie", "Zapraszamy na spotkanie.", admin)
    facts = import_records.read_file(context, "zapisy.csv", f"TERYT;wariant\n{GMINA};A\n".encode())
    import_records.save(context, facts, "Raport", admin)
    page = visitor.page(f"{address}/panel/admin/zapisy", account=ADMIN)
    look(page, "administrator-zapisy")
    page.goto(f"{address}/panel/admin/biblioteczka/{number}")
    page.get_by_role("link", name="Zdejmij ze strony publicznej…").press("Enter")
    page.get_by_role("button", name="Tak, zdejmij").press("Enter")
    expect(page.locator(".summary")).to_be_focused()
    look(page, "biblioteczka-zdjecie")
    page.get_by_label("Powód").fill("Widać twarze dzieci")
    page.get_by_role("button", name="Tak, zdejmij").press("Enter")
    expect(page.get_by_role("table")).to_contain_text("Widać twarze dzieci")
    look(page, "biblioteczka-zdjete")
    team = visitor.page(f"{address}{PANEL}/{number}", account=ANNA)
    expect(team.get_by_text("Powód: „Widać twarze dzieci”")).to_be_visible()
    look(team, "biblioteczka-zdjeta")
    for place, heading, name in (
        (PANEL, "Biblioteczka", "biblioteczka-ze-zdjeta"),
        (f"/panel/{GMINA}/wiadomosci", "Wiadomości regionu", "wiadomosci-zespolu"),
        (f"/panel/{GMINA}/wiadomosci/1", "Spotkanie", "wiadomosc-zespolu"),
    ):
        team.goto(f"{address}{place}")
        expect(team.get_by_role("heading", level=1)).to_contain_text(heading)
        look(team, name)


def test_a_refused_item_keeps_what_was_typed(visitor: Visitor, address: str) -> None:
    page: Page = visitor.page(f"{address}{PANEL}/nowa/odnosnik", width=DESK, account=ANNA)
    page.get_by_label("Tytuł").fill("Strona")
    page.get_by_label("Adres strony").fill("http://127.0.0.1/")
    page.get_by_label("Licencja", exact=True).select_option("unknown")
    page.get_by_label("Pokaż każdemu").check(force=True)
    page.get_by_role("button", name="Dodaj").press("Enter")
    expect(page.locator(".summary")).to_be_focused()
    expect(page.get_by_label("Adres strony")).to_have_value("http://127.0.0.1/")
    look(page, "biblioteczka-bledy")


def test_a_file_that_is_too_large_is_refused_before_anything_typed_is_sent(
    visitor: Visitor, address: str, tmp_path: Path
) -> None:
    file = tmp_path / "skan.pdf"
    with file.open("wb") as made:
        made.truncate(30 * 1024 * 1024)
    page = visitor.page(f"{address}{PANEL}/nowa/dokument", account=ANNA)
    page.get_by_label("Tytuł").fill("Skan")
    page.get_by_label("Plik", exact=True).set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("plik ma 30 MB, a może mieć najwyżej 10 MB")
    look(page, "biblioteczka-za-duzy")
    page.get_by_role("button", name="Dodaj").click()
    expect(page.get_by_label("Plik", exact=True)).to_be_focused()
    expect(page.get_by_label("Tytuł")).to_have_value("Skan")
    page.get_by_label("Plik", exact=True).set_input_files([])
    expect(page.locator("#content-size")).to_be_empty()
    page.get_by_role("button", name="Dodaj").click()
    expect(page.locator(".summary")).to_be_focused()  # the service was asked, and misses a licence
    expect(page.get_by_label("Tytuł")).to_have_value("Skan")
