"""The pages of interviews: what a coordinator types, what comes back, and what each person sees."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, PASSWORD, Staff, access_link, staff

BASE = f"/panel/{GMINA}/wywiady"
LINK = "https://meet.example.org/tajny-pokoj"


@pytest.fixture
def bank(app: Flask, sqlite_context: Context) -> int:
    accounts.create_user(sqlite_context, "mod@example.org", "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    return catalogue.add_stakeholder(
        sqlite_context, GMINA, StakeholderDraft("Bank Ćmielów", "edukacja", internal=True), None
    ).id


def typed(context: Context, bank: int, **changes: Any) -> dict[str, Any]:
    values = {
        "revision": "0",
        "starts_at_date": "2026-11-09",
        "starts_at_time": "10:00",
        "minutes": "55",
        "place": "Urząd",
        "video_link": LINK,
        "moderator_id": str(id_of(context, "mod@example.org")),
        "note": "Klucz u sołtysa",
        "departure_reason": "",
        "instytucja-A": str(bank),
        "rola-A": "manages",
    }
    return values | changes


def planned(person: Staff, values: dict[str, Any], form: str = "idi") -> str:
    """Its address."""
    answer = person.send(f"{BASE}/nowy/{form}", values)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_an_interview_from_the_form_to_its_end(app: Flask, sqlite_context: Context, bank: int) -> None:
    anna = staff(app, "anna@example.org")
    anna.get(f"{BASE}/nowy/idi")
    address = planned(anna, typed(sqlite_context, bank))
    page = anna.get(address)
    assert "9 listopada 2026, godz. 10:00 (55 min)" in page
    assert f'href="{LINK}"' in page
    assert "zaplanowana na 09.11.2026" in anna.get(BASE)
    anna.get(f"{address}/odbyl-sie")
    held = {"revision": "1", "held_on": "2026-11-02", "present": "A"}
    assert anna.send(f"{address}/odbyl-sie", held).status_code == 303
    assert "odbyła się 02.11.2026" in anna.get(BASE)
    assert anna.send(f"{address}/przywrocenie", {"revision": "2"}).status_code == 303
    anna.get(f"{address}/odwolanie")
    assert anna.send(f"{address}/odwolanie", {"revision": "3", "reason": " "}).status_code == 422
    assert anna.send(f"{address}/odwolanie", {"revision": "3", "reason": "Choroba"}).status_code == 303
    assert "Powód: Choroba" in anna.get(address)
    assert b"STATUS:CANCELLED" in anna.file(f"{address}/wywiad.ics")


def test_a_refused_form_comes_back_filled(app: Flask, sqlite_context: Context, bank: int) -> None:
    anna = staff(app, "anna@example.org")
    wrong = {"starts_at_date": "2026-03-29", "starts_at_time": "02:30", "rola-A": "", "instytucja-B": "0"}
    answer = anna.send(f"{BASE}/nowy/idi", typed(sqlite_context, bank, **wrong))
    assert answer.status_code == 422
    assert "nie ma godziny 02:30" in answer.text
    for kept in ("Klucz u sołtysa", 'value="2026-03-29"', 'value="02:30"', f'value="{bank}" selected'):
        assert kept in answer.text
    answer = anna.send(f"{BASE}/nowy/idi", typed(sqlite_context, bank, **{"rola-A": ""}))
    assert '<a href="#rola-A">Osoba A: prosimy wybrać rolę.</a>' in answer.text
    few = {
        f"{name}-{letter}": value
        for letter in "ABCDE"
        for name, value in (("instytucja", str(bank)), ("rola", "works"))
    }
    answer = anna.send(f"{BASE}/nowy/fgi", typed(sqlite_context, bank, minutes="90", **few))
    assert "Liczba osób w FGI: 5, według metody od 6 do 12. Jeśli tak ma być" in answer.text
    address = planned(
        anna, typed(sqlite_context, bank, minutes="90", departure_reason="Tylu jest.", **few), "fgi"
    )
    assert "Tylu jest." in anna.get(address)


def test_more_rows_save_nothing_and_lose_nothing(app: Flask, sqlite_context: Context, bank: int) -> None:
    anna = staff(app, "anna@example.org")
    answer = anna.send(f"{BASE}/nowy/fgi", typed(sqlite_context, bank, wiecej="1"))
    assert answer.status_code == 200
    assert "rola-C" in answer.text
    assert "Klucz u sołtysa" in answer.text
    assert "Nie ma jeszcze żadnego wywiadu" in anna.get(BASE)


def test_the_second_of_two_coordinators_sees_both_versions(
    app: Flask, sqlite_context: Context, bank: int
) -> None:
    anna = staff(app, "anna@example.org")
    address = planned(anna, typed(sqlite_context, bank))
    old = value_of(anna.get(f"{address}/zmiana"), "revision")
    first = typed(sqlite_context, bank, revision=old, place="Parter")
    assert anna.send(f"{address}/zmiana", first).status_code == 303
    second = typed(sqlite_context, bank, revision=old, place="Piętro", note="Moja notatka")
    answer = anna.send(f"{address}/zmiana", second)
    assert answer.status_code == 422
    assert "ktoś zmienił ten wywiad" in answer.text
    assert "Parter" in answer.text
    assert 'value="Piętro"' in answer.text
    assert "Moja notatka" in answer.text
    again = second | {"revision": value_of(answer.text, "revision")}
    assert anna.send(f"{address}/zmiana", again).status_code == 303
    number = int(address.rsplit("/", 1)[1])
    assert interviews.interview(sqlite_context, GMINA, number).place == "Piętro"


def test_members_read_date_institution_and_moderator_only(
    app: Flask, sqlite_context: Context, bank: int
) -> None:
    address = planned(staff(app, "anna@example.org"), typed(sqlite_context, bank))
    page = staff(app, "jan@example.org").get(BASE)
    assert "9 listopada 2026" in page
    assert "Bank Ćmielów" in page
    assert "Łucja Moderator" in page
    for hidden in (LINK, address, "Klucz", "Zaplanuj"):
        assert hidden not in page


def test_a_moderator_begins_with_their_interviews(app: Flask, sqlite_context: Context, bank: int) -> None:
    anna = staff(app, "anna@example.org")
    own = planned(anna, typed(sqlite_context, bank))
    other = planned(anna, typed(sqlite_context, bank, moderator_id="0"))
    moderator = staff(app, "mod@example.org")
    answer = moderator.client.get("/panel")
    assert answer.location == BASE
    page = moderator.get(BASE)
    assert own in page
    assert other not in page
    assert "Czego jeszcze brakuje" not in page
    for foreign in ("/katalog", "/kodowanie", "/kampanie", "/zespol"):
        assert f"/panel/{GMINA}{foreign}" not in page
    shown = moderator.get(own)
    assert LINK in shown
    assert f'href="/panel/{GMINA}"' not in shown
    assert f"{own}/zmiana" not in shown
    assert moderator.file(f"{BASE}/moje-wywiady.ics").count(b"BEGIN:VEVENT") == 1


def test_a_new_moderator_is_named_and_dismissed(app: Flask, sqlite_context: Context, bank: int) -> None:
    anna = staff(app, "anna@example.org")
    anna.get(f"{BASE}/moderatorzy")
    anna.get(f"{BASE}/moderatorzy/nowa-osoba")
    person = {"name": "Zenon Nowy", "email": "zenon@example.org"}
    answer = anna.send(f"{BASE}/moderatorzy/nowa-osoba", person)
    assert answer.status_code == 200
    zenon = staff(app)
    assert zenon.choose_password(access_link(answer.text)).status_code == 302
    assert "Nie ma jeszcze żadnego wywiadu" in zenon.get(BASE)
    number = id_of(sqlite_context, "zenon@example.org")
    assert "Zenon Nowy" in anna.get(f"{BASE}/nowy/idi")
    anna.get(f"{BASE}/moderatorzy/{number}/odebranie")
    assert anna.send(f"{BASE}/moderatorzy/{number}/odebranie").status_code == 303
    zenon.get(BASE, expect=403)


def test_the_files_of_the_plan(app: Flask, sqlite_context: Context, bank: int) -> None:
    anna = staff(app, "anna@example.org")
    planned(anna, typed(sqlite_context, bank))
    assert "Bank Ćmielów, zarządza" in anna.file(f"{BASE}/wywiady.csv").decode()
    assert anna.file(f"{BASE}/wywiady.xlsx").startswith(b"PK")
    number = id_of(sqlite_context, "mod@example.org")
    answer = anna.client.get(f"{BASE}/moderatorzy/{number}/wywiady.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"


def test_every_page_of_an_interview_says_which_one_it_is(
    app: Flask, sqlite_context: Context, bank: int
) -> None:
    anna = staff(app, "anna@example.org")
    address = planned(anna, typed(sqlite_context, bank, moderator_id="0"))
    page = anna.get(address)
    assert "<title>Wywiad indywidualny (IDI), 9 listopada 2026 –" in page
    for name in ("osoby", "notatki", "transkrypcje"):
        told = "Wywiad indywidualny (IDI), 9 listopada 2026, Bank Ćmielów"
        assert f'class="kicker">{told}<' in anna.get(f"{address}/{name}"), name
    # Who only codes a text need not see with whom the talk was.
    assert 'class="kicker">Wywiad indywidualny (IDI), 9 listopada 2026<' in anna.get(f"{address}/tematy")
    assert 'href="/pomoc"' in page


def test_the_log_in_on_the_way_to_a_console_says_that_nothing_is_lost(app: Flask) -> None:
    somebody = Staff(app.test_client())
    assert "czekają na tym urządzeniu" in somebody.get(f"/logowanie?next={BASE}/1/konsola")
    for other in (BASE, "https://example.org/konsola", "//example.org/konsola"):
        assert "czekają na tym urządzeniu" not in somebody.get(f"/logowanie?next={other}")
