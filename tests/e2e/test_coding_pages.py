"""Every page of coding in a real browser, on a phone and on a desk: axe, width, targets, one title for one page."""

from __future__ import annotations

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
from tests.e2e.browser import (
    DESK,
    PHONE,
    Visitor,
    axe_faults,
    keep_picture,
    serving,
    sideways_overflow,
    small_targets,
)
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


def log_in(visitor: Visitor, address: str, number: int, width: int, *, scripts: bool = True) -> Page:
    page = visitor.page(f"{address}/logowanie", width=width, scripts=scripts)
    page.get_by_label("Adres e-mail").fill(f"osoba{number}.{GMINA}@example.org")
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj").click()
    page.wait_for_url("**/panel**")
    return page


def look_at_all(page: Page, base: str, paths: tuple[str, ...], name: str) -> None:
    titles: dict[str, str] = {}
    for path in paths:
        answer = page.goto(base + path)
        assert answer is not None
        assert answer.status == 200, path
        keep_picture(page, f"{name}{path.replace('/', '-').replace('?', '-')}")
        assert axe_faults(page) == [], path
        assert sideways_overflow(page) <= 0, path
        assert small_targets(page) == [], path
        assert page.locator("h1").count() == 1, path
        assert titles.setdefault(page.title(), path) == path, f"{path} is called like {titles[page.title()]}"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_of_a_coordinator(visitor: Visitor, held: Held, width: int) -> None:
    page = log_in(visitor, held.address, 1, width)
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
    look_at_all(page, f"{held.address}/panel/{GMINA}", paths, f"pages-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_while_a_team_rates(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team, width: int
) -> None:
    """Without a closed round there is nothing to show yet, and the pages say so."""
    represent(sqlite_context, team.people[1], team.stakeholders[3])
    base = f"{address}/panel/{GMINA}"
    page = log_in(visitor, address, 1, width)
    look_at_all(page, base, ("/kodowanie", "/kodowanie/wyniki", "/dokumenty"), f"before-{width}")
    found = open_round(sqlite_context, team)
    now, one, own = f"/kodowanie/{found.id}", team.stakeholders[0], team.stakeholders[3]
    paths = ("", now, f"{now}/wylozenie", f"{now}/uzupelnienie", f"{now}/porzucenie")
    look_at_all(page, base, paths, f"rating-{width}")
    member = log_in(visitor, address, 2, width)
    sheets = (
        "",
        f"{now}/oceny",
        f"{now}/oceny/{one}",
        f"{now}/oceny/{own}",
        f"{now}/oceny/{one}/dowody/wplyw",
    )
    look_at_all(member, base, sheets, f"rater-{width}")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_ballot_as_who_votes_and_as_who_represents(
    visitor: Visitor, held: Held, sqlite_context: Context, scripts: bool
) -> None:
    team, found = held.team, held.open_now
    represent(sqlite_context, team.people[2], team.stakeholders[1])
    agree.open_ballot(
        sqlite_context, GMINA, found, team.stakeholders[1], "zwolennik", "Po rozmowie.", team.coordinator
    )
    where = f"{held.address}/panel/{GMINA}/kodowanie/{found}/uzgodnienia/{team.stakeholders[1]}"
    voter = log_in(visitor, held.address, 2, PHONE, scripts=scripts)
    voter.goto(where)
    voter.get_by_role("button", name="Oddaj głos").click()
    expect(voter.locator("#bledy")).to_be_visible()
    voter.get_by_label("wstrzymuję się").check()
    voter.get_by_role("button", name="Oddaj głos").click()
    expect(voter.get_by_role("status").filter(has_text="Oddane głosy: 1")).to_be_visible()
    representative = log_in(visitor, held.address, 3, PHONE, scripts=scripts)
    representative.goto(where)
    expect(representative.get_by_text("nie ocenia jej i nie głosuje nad jej kodem")).to_be_visible()
    expect(representative.get_by_role("button", name="Oddaj głos")).to_have_count(0)
    if scripts:
        for page in (voter, representative):
            assert axe_faults(page) == []
            assert sideways_overflow(page) <= 0


def test_cards_of_a_phone_are_still_a_table_to_a_screen_reader(visitor: Visitor, held: Held) -> None:
    page = log_in(visitor, held.address, 1, PHONE)
    page.goto(f"{held.address}/panel/{GMINA}/kodowanie/{held.open_now}/uzgodnienia")
    table = page.get_by_role("table", name="Oceny i decyzje: wszystkie")
    expect(table.get_by_role("columnheader", name="Decyzja")).to_have_count(1)
    expect(table.get_by_role("rowheader")).to_have_count(len(held.team.stakeholders))
    row = table.get_by_role("row", name="Instytucja 002")
    box = row.get_by_role("cell").last.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE


def test_a_round_is_opened_and_rated_without_scripts(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team
) -> None:
    base = f"{address}/panel/{GMINA}/kodowanie"
    page = log_in(visitor, address, 1, DESK, scripts=False)
    page.goto(f"{base}/nowa")
    page.get_by_role("button", name="Otwórz turę").click()
    (found,) = coding_rounds.rounds(sqlite_context, GMINA)
    assert found.stage == "rating"
    rate_all(sqlite_context, found.id, team, raters=team.people[1:])
    page.goto(f"{base}/{found.id}/oceny")
    page.get_by_role("link", name="Zacznij oceniać").click()
    for name in ("Instytucja 001", "Instytucja 002", "Instytucja 003", "Instytucja 004"):
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        for group in page.get_by_role("group").all():
            group.get_by_label("Nie wiem").check()
        page.get_by_role("button", name="Zapisz i").click()
    expect(page.get_by_text("Ocenione: 4 z 4")).to_be_visible()
    page.goto(f"{base}/{found.id}/wylozenie")
    page.get_by_role("button", name="Wyłóż oceny").click()
    decide_all(sqlite_context, found.id, team)
    page.goto(f"{base}/{found.id}/zamkniecie")
    page.get_by_role("button", name="Zamknij turę").click()
    assert coding_rounds.coding_round(sqlite_context, GMINA, found.id).stage == "closed"
