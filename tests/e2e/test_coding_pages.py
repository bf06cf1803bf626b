"""Every page of coding in a real browser, on a phone and on a desk: axe, width, targets, one title for one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from survey_app.services.coding import agree, coding_rounds, documents
from survey_app.services.context import Context
from survey_app.services.register import own_sectors
from survey_app.web.app import create_app
from tests.campaign_kit import GMINA
from tests.coding_kit import (
    PASSWORD,
    Points,
    Team,
    add_team,
    closed_round,
    decide_all,
    laid_open_round,
    open_round,
    rate_all,
    represent,
)
from tests.e2e.browser import DESK, PHONE, Visitor, axe_faults, becomes, look, resize, serving
from tests.example_files import a_pdf
from tests.stores import Clock

pytestmark = pytest.mark.browser

LONG = "Gminna Strategia Rozwiązywania Problemów Społecznych na lata 2026–2032"


@dataclass(frozen=True)
class Held:
    """Godziszów with a closed round and one whose ratings lie open; `address`: of the service."""

    address: str
    team: Team
    closed: int
    open_now: int


def points(seat: int, place: int) -> Points:
    """One on whom all agree, one on whom they differ, one whom nobody knows, and the represented one."""
    return ((2, 3, 3), (2, 2, 1 + seat), (None, None, None), (1, 1, 1))[place]


@pytest.fixture
def team(sqlite_context: Context) -> Team:
    return add_team(sqlite_context, stakeholders=4, seats=3)


@pytest.fixture
def address(sqlite_context: Context, team: Team) -> Iterator[str]:
    with serving(create_app(context=sqlite_context)) as served:
        yield served


@pytest.fixture
def held(sqlite_context: Context, team: Team, address: str, clock: Clock) -> Held:
    first = closed_round(sqlite_context, team, {team.stakeholders[1]: "przeciwnik"})
    agree.correct(
        sqlite_context, GMINA, first.id, team.stakeholders[1], "neutralny", "Pomyłka.", team.coordinator
    )
    documents.upload(sqlite_context, GMINA, LONG, "strategia.pdf", a_pdf(), team.coordinator)
    own_sectors.add_own_sector(sqlite_context, GMINA, "Rolnictwo", "inny", team.coordinator)
    clock.advance(days=30)
    second = laid_open_round(sqlite_context, team, points, title="Tura 2", occasion="before_pact")
    return Held(address, team, first.id, second.id)


def enter(
    visitor: Visitor, address: str, number: int, path: str, width: int = PHONE, *, scripts: bool = True
) -> Page:
    """One person of the team on one page of the gmina."""
    account = (f"osoba{number}.{GMINA}@example.org", PASSWORD)
    url = f"{address}/panel/{GMINA}{path}"
    return visitor.page(url, width=width, scripts=scripts, account=account)


def look_at_all(page: Page, address: str, paths: tuple[str, ...], name: str) -> None:
    titles: dict[str, str] = {}
    for path in paths:
        answer = page.goto(f"{address}/panel/{GMINA}{path}")
        assert answer is not None
        assert answer.status == 200, path
        look(page, f"{name}{path.replace('/', '-').replace('?', '-')}")
        expect(page.locator("h1"), path).to_have_count(1)
        assert titles.setdefault(page.title(), path) == path, f"{path} is called like {titles[page.title()]}"


def test_pages_of_a_coordinator(visitor: Visitor, held: Held) -> None:
    one, other, unknown, _ = held.team.stakeholders
    member = held.team.people[1]
    now, past = f"/kodowanie/{held.open_now}", f"/kodowanie/{held.closed}"
    paths = (
        "",
        "/katalog",
        f"/katalog/{one}",
        "/zespol",
        "/zespol/nowa-osoba",
        f"/zespol/{member}",
        f"/zespol/{member}/odejscie",
        "/dokumenty",
        "/dokumenty/1/usuniecie",
        "/wyrozniki",
        "/wyrozniki/zmiana",
        "/wyrozniki/wczytaj",
        "/wyrozniki/powrot",
        "/kodowanie",
        "/kodowanie/nowa",
        now,
        past,
        f"{now}/odejscie/{member}",
        f"{now}/wylaczenie/{one}",
        f"{now}/zamkniecie",
        f"{now}/porzucenie",
        f"{now}/oceny",
        f"{now}/oceny/{one}",
        f"{now}/uzgodnienia",
        f"{now}/uzgodnienia/potwierdzenie",
        f"{now}/uzgodnienia/{one}",
        f"{now}/uzgodnienia/{unknown}",
        f"{past}/uzgodnienia",
        f"{past}/uzgodnienia/{other}",
        "/kodowanie/wyniki",
    )
    page = enter(visitor, held.address, 1, "")
    look_at_all(page, held.address, paths, "pages")
    page.goto(f"{held.address}/panel/{GMINA}{now}/uzgodnienia")
    cards_are_still_a_table(page, len(held.team.stakeholders))
    resize(page, DESK)
    assert axe_faults(page) == [], "the same table with its head and all its columns in sight"


def cards_are_still_a_table(page: Page, entries: int) -> None:
    """On a phone each row stands as a card; a screen reader still has heads for it, and nothing is cut off."""
    table = page.get_by_role("table", name="Oceny i decyzje: wszystkie")
    expect(table.get_by_role("columnheader", name="Decyzja")).to_have_count(1)
    expect(table.get_by_role("rowheader")).to_have_count(entries)
    box = table.get_by_role("row", name="Instytucja 002").get_by_role("cell").last.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE


def test_pages_while_a_team_rates(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team
) -> None:
    """Without a closed round there is nothing to show yet, and the pages say so."""
    represent(sqlite_context, team.people[1], team.stakeholders[3])
    page = enter(visitor, address, 1, "/kodowanie")
    look_at_all(page, address, ("/kodowanie", "/kodowanie/wyniki", "/dokumenty"), "before")
    found = open_round(sqlite_context, team)
    now, one, own = f"/kodowanie/{found.id}", team.stakeholders[0], team.stakeholders[3]
    paths = ("", now, f"{now}/wylozenie", f"{now}/uzupelnienie", f"{now}/porzucenie")
    look_at_all(page, address, paths, "rating")
    member = enter(visitor, address, 2, "")
    sheets = (
        "",
        f"{now}/oceny",
        f"{now}/oceny/{one}",
        f"{now}/oceny/{own}",
        f"{now}/oceny/{one}/dowody/wplyw",
    )
    look_at_all(member, address, sheets, "rater")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_ballot_as_who_votes_and_as_who_represents(
    visitor: Visitor, held: Held, sqlite_context: Context, scripts: bool
) -> None:
    team, found = held.team, held.open_now
    represent(sqlite_context, team.people[2], team.stakeholders[1])
    agree.open_ballot(
        sqlite_context, GMINA, found, team.stakeholders[1], "zwolennik", "Po rozmowie.", team.coordinator
    )
    where = f"/kodowanie/{found}/uzgodnienia/{team.stakeholders[1]}"
    voter = enter(visitor, held.address, 2, where, scripts=scripts)
    voter.get_by_role("button", name="Oddaj głos").click()
    expect(voter.locator("#bledy")).to_be_visible()
    voter.get_by_label("wstrzymuję się").check()
    voter.get_by_role("button", name="Oddaj głos").click()
    expect(voter.get_by_role("status").filter(has_text="Oddane głosy: 1")).to_be_visible()
    representative = enter(visitor, held.address, 3, where, scripts=scripts)
    expect(representative.get_by_text("nie ocenia jej i nie głosuje nad jej kodem")).to_be_visible()
    expect(representative.get_by_role("button", name="Oddaj głos")).to_have_count(0)
    if scripts:
        look(voter, "ballot-voter")
        look(representative, "ballot-representative")


def test_a_round_is_opened_and_rated_without_scripts(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team
) -> None:
    base = f"{address}/panel/{GMINA}/kodowanie"
    page = enter(visitor, address, 1, "/kodowanie/nowa", DESK, scripts=False)
    page.get_by_role("button", name="Otwórz turę").click()
    expect(page).to_have_url(re.compile(r"/kodowanie/\d+$"))
    (found,) = coding_rounds.rounds(sqlite_context, GMINA)
    assert found.stage == "rating"
    rate_all(sqlite_context, found.id, team, raters=team.people[1:])
    page.goto(f"{base}/{found.id}/oceny")
    page.get_by_role("link", name="Zacznij oceniać").click()
    for name in ("Instytucja 001", "Instytucja 002", "Instytucja 003", "Instytucja 004"):
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        page.wait_for_load_state()  # all of its groups are there to be gone through
        for group in page.get_by_role("group").all():
            group.get_by_label("Nie wiem").check()
        page.get_by_role("button", name="Zapisz i").click()
    expect(page.get_by_text("Ocenione: 4 z 4")).to_be_visible()
    page.goto(f"{base}/{found.id}/wylozenie")
    page.get_by_role("button", name="Wyłóż oceny").click()
    expect(page).not_to_have_url(f"{base}/{found.id}/wylozenie")
    decide_all(sqlite_context, found.id, team)
    page.goto(f"{base}/{found.id}/zamkniecie")
    page.get_by_role("button", name="Zamknij turę").click()
    becomes(lambda: coding_rounds.coding_round(sqlite_context, GMINA, found.id).stage, "closed")
