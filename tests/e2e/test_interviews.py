"""The plan of interviews in a real browser: planned, refused with a warning, held; on a phone and on a desk."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews
from survey_app.services.interviewing.interviews import LETTERS, InterviewDraft, SeatDraft
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people
from tests.stores import Clock

pytestmark = pytest.mark.browser

NAMES = (
    "Bank Spółdzielczy",
    "Gminny Ośrodek Pomocy Społecznej w Janowie Lubelskim",
    "Szkoła Podstawowa nr 2",
    "Zofia Lider",
)
MODERATOR = "lucja@example.org"


@pytest.fixture
def address(sqlite_context: Context, clock: Clock) -> Iterator[str]:
    """One held, one cancelled, two planned, of which one is over."""
    people(sqlite_context)
    accounts.create_user(sqlite_context, MODERATOR, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    ids = [
        catalogue.add_stakeholder(
            sqlite_context,
            GMINA,
            StakeholderDraft(name, "edukacja", internal=True, natural_person=name == "Zofia Lider"),
            None,
        ).id
        for name in NAMES
    ]
    now = clock()
    moderator = id_of(sqlite_context, MODERATOR)
    talk = InterviewDraft(
        now + dt.timedelta(hours=1),
        55,
        (SeatDraft("A", ids[1], "manages"),),
        place="Świetlica w Godziszowie, sala 2",
        video_link="https://meet.example.org/pokoj",
        moderator_id=moderator,
        note="Klucz u sołtysa.",
    )
    first = interviews.plan(sqlite_context, GMINA, "idi", talk, None)
    interviews.hold(sqlite_context, GMINA, first.id, now.date(), (), "", 1, None)
    second = dataclasses.replace(talk, seats=(SeatDraft("A", ids[1], "works"),))
    interviews.plan(sqlite_context, GMINA, "idi", second, None)
    third = interviews.plan(sqlite_context, GMINA, "idi", dataclasses.replace(talk, moderator_id=None), None)
    interviews.cancel(sqlite_context, GMINA, third.id, "Dyrektor jest na urlopie.", 1, None)
    group = InterviewDraft(
        now + dt.timedelta(days=6),
        90,
        tuple(SeatDraft(LETTERS[place], ids[place % 3], "works") for place in range(5)),
        departure_reason="Tylko pięć osób może przyjść.",
    )
    interviews.plan(sqlite_context, GMINA, "fgi", group, None)
    clock.advance(hours=5)
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def test_every_page_of_the_plan_is_accessible(visitor: Visitor, address: str) -> None:
    base = f"{address}/panel/{GMINA}/wywiady"
    page = visitor.page(base, account=("anna@example.org", PASSWORD))
    for path in (
        "",
        "/nowy/idi",
        "/nowy/fgi",
        "/1",
        "/2",
        "/2/zmiana",
        "/2/odbyl-sie",
        "/2/odwolanie",
        "/3",
        "/3/przywrocenie",
        "/4",
        "/moderatorzy",
        "/moderatorzy/nowa-osoba",
    ):
        page.goto(base + path)
        look(page, f"interviews{path.replace('/', '-')}")
    moderator = visitor.page(f"{address}/panel", account=(MODERATOR, PASSWORD))
    expect(moderator.get_by_role("heading", level=1)).to_have_text("Wywiady")
    look(moderator, "interviews-moderator")


def test_a_group_of_two_is_planned_after_a_warning(visitor: Visitor, address: str) -> None:
    form = f"{address}/panel/{GMINA}/wywiady/nowy/fgi"
    page = visitor.page(form, account=("anna@example.org", PASSWORD))
    page.get_by_label("Dzień").fill("2026-12-01")
    page.get_by_label("Miejsce", exact=False).first.fill("Remiza")
    page.get_by_role("button", name="Dodaj miejsca na osoby").click()
    expect(page.get_by_role("group", name="Osoba J")).to_be_visible()
    for letter in "AB":
        row = page.get_by_role("group", name=f"Osoba {letter}", exact=True)
        row.get_by_label("Instytucja").select_option(NAMES[0])
        row.get_by_label("Rola").select_option("zarządza")
    page.get_by_role("button", name="Zapisz w planie").click()
    expect(page.get_by_role("alert")).to_contain_text("Liczba osób w FGI: 2, według metody od 6 do 12.")
    look(page, "interviews-warned")
    page.get_by_label("Powód odstępstwa").fill("Więcej osób nie ma.")
    page.get_by_role("button", name="Zapisz w planie").click()
    expect(page.get_by_text("Wywiad jest w planie.")).to_be_visible()
    expect(page.get_by_text("Więcej osób nie ma.")).to_be_visible()
    look(page, "interviews-planned")
