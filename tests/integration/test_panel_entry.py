"""Getting in and out of the panel, and the public pages around it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from survey_app.services import accounts, team_people
from survey_app.services.context import Context
from survey_app.web.auth import safe_next
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, staff
from tests.stores import Clock


@pytest.mark.parametrize(
    "address", ["/", "/prywatnosc", "/anonimowosc", "/dostepnosc", "/pomoc", "/logowanie"]
)
def test_public_pages_are_there_without_an_account(app: Flask, address: str) -> None:
    assert "<h1" in staff(app).get(address)


def test_public_pages_set_no_cookie(app: Flask) -> None:
    for address in ("/", "/prywatnosc", "/anonimowosc", "/dostepnosc", "/pomoc"):
        assert "Set-Cookie" not in app.test_client().get(address).headers


def test_health_says_ok_and_nothing_else(app: Flask) -> None:
    assert app.test_client().get("/health").text == "ok\n"


def test_a_coordinator_of_one_gmina_lands_on_its_page(app: Flask) -> None:
    anna = staff(app, "Anna@Example.org ")
    assert anna.client.get("/panel").location == f"/panel/{GMINA}"
    page = anna.get(f"/panel/{GMINA}")
    assert "Janów Lubelski" in page
    assert "Ankieta, następny krok: uzupełnić katalog" in page


def test_a_member_lands_on_the_gminas_page_and_sees_what_members_may_open(app: Flask) -> None:
    jan = staff(app, "jan@example.org")
    assert jan.client.get("/panel").location == f"/panel/{GMINA}"
    page = jan.get(f"/panel/{GMINA}")
    menu = page.partition('aria-label="Główne"')[2].partition("</nav>")[0]
    assert re.findall(r"<a [^>]*>([^<]+)</a>", menu) == [
        "Początek",
        "Proces",
        "Pisma",
        "Rejestry",
        "Katalog",
        "Kodowanie",
        "Wywiady",
        "Biblioteczka",
        "Zespół",
        "Konto",
    ]
    assert "Kodowanie interesariuszy" in page
    assert "Ankieta, następny krok" not in page, "the ankieta is the coordinator's"
    for address in re.findall(r'href="(/panel[^"]*)"', menu):
        jan.get(address)


def test_the_coordinators_menu_holds_campaigns_coding_and_the_team(app: Flask) -> None:
    page = staff(app, "anna@example.org").get(f"/panel/{GMINA}")
    menu = page.partition('aria-label="Główne"')[2].partition("</nav>")[0]
    assert re.findall(r"<a [^>]*>([^<]+)</a>", menu) == [
        "Początek",
        "Proces",
        "Pisma",
        "Rejestry",
        "Katalog",
        "Kampanie",
        "Kodowanie",
        "Wywiady",
        "Biblioteczka",
        "Zespół",
        "Konto",
    ]


def test_who_sits_in_two_teams_chooses_one(app: Flask, sqlite_context: Context) -> None:
    team_people.add_member(sqlite_context, GMINA, "obca@example.org", "Ewa Obca", None)
    ewa = staff(app, "obca@example.org")
    page = ewa.get("/panel")
    assert "Janów Lubelski" in page
    assert "Biłgoraj" in page
    assert "Ankieta, następny krok" not in ewa.get(f"/panel/{GMINA}")
    assert "Ankieta, następny krok" in ewa.get(f"/panel/{OTHER_GMINA}")


def test_wrong_password_unknown_address_and_closed_account_read_the_same(
    app: Flask, sqlite_context: Context
) -> None:
    closed = accounts.find_person(sqlite_context, "obca@example.org")
    assert closed is not None
    accounts.close_account(sqlite_context, closed.id, None)
    pages = []
    for email, password in (
        ("anna@example.org", "nie to haslo"),
        ("nikt@example.org", PASSWORD),
        ("obca@example.org", PASSWORD),
    ):
        response = staff(app).log_in(email, password)
        assert response.status_code == 422
        assert email in response.text, "what was typed is still there"
        assert PASSWORD not in response.text
        pages.append(response.text.replace(email, "").partition("<form")[0])
    assert pages[0] == pages[1] == pages[2]


def test_after_ten_tries_an_account_rests_even_for_the_right_password(app: Flask) -> None:
    for _ in range(10):
        assert staff(app).log_in("anna@example.org", "zle").status_code == 422
    refused = staff(app).log_in("anna@example.org")
    assert refused.status_code == 429
    assert "za kwadrans" in refused.text
    assert staff(app).log_in("admin@example.org").status_code == 302, "others are not locked out"


def test_an_account_spelled_in_other_signs_is_the_same_account(app: Flask) -> None:
    """Full-width letters are found as the plain ones are, so each spelling must not bring ten more tries."""
    for place in range(10):
        letters = "anna@example.org"
        spelled = letters[:place] + chr(ord(letters[place]) + 0xFEE0) + letters[place + 1 :]
        assert staff(app).log_in(spelled, "zle").status_code == 422
    assert staff(app).log_in("anna@example.org").status_code == 429


def test_a_session_ends_after_idling(app: Flask, clock: Clock) -> None:
    anna = staff(app, "anna@example.org")
    clock.advance(minutes=59)
    anna.get(f"/panel/{GMINA}")
    clock.advance(minutes=61)
    assert "/logowanie" in str(anna.client.get(f"/panel/{GMINA}").location)


def test_a_session_ends_at_its_full_age_however_busy(app: Flask, clock: Clock) -> None:
    anna = staff(app, "anna@example.org")
    for _ in range(9):
        clock.advance(minutes=50)
        anna.get(f"/panel/{GMINA}")
    clock.advance(minutes=40)
    assert "/logowanie" in str(anna.client.get(f"/panel/{GMINA}").location)


def test_a_copied_cookie_is_worth_nothing_after_the_log_out(app: Flask) -> None:
    anna = staff(app, "anna@example.org")
    cookie = anna.client.get_cookie("panel")
    assert cookie is not None
    assert anna.send("/wyloguj").status_code == 302
    thief = app.test_client()
    thief.set_cookie("panel", cookie.value)
    assert "/logowanie" in str(thief.get(f"/panel/{GMINA}").location)


def test_the_log_out_needs_a_form_of_our_own(app: Flask) -> None:
    anna = staff(app, "anna@example.org")
    assert anna.client.get("/wyloguj").status_code == 405
    assert anna.client.post("/wyloguj").status_code == 400
    anna.get(f"/panel/{GMINA}")


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(app: Flask) -> None:
    here, there = staff(app, "anna@example.org"), staff(app, "anna@example.org")
    new = "zupelnie inne haslo 7"
    assert here.send("/panel/haslo", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    here.get(f"/panel/{GMINA}")
    assert "/logowanie" in str(there.client.get(f"/panel/{GMINA}").location)
    assert staff(app).log_in("anna@example.org", new).status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"old": "nie to", "new": "zupelnie inne haslo 7", "again": "zupelnie inne haslo 7"}, "obecne hasło"),
        ({"old": PASSWORD, "new": "krotkie", "again": "krotkie"}, "co najmniej 12"),
        ({"old": PASSWORD, "new": "zupelnie inne haslo 7", "again": "inne"}, "różnią się"),
    ],
)
def test_a_refused_password_says_why(app: Flask, typed: dict[str, str], words: str) -> None:
    response = staff(app, "anna@example.org").send("/panel/haslo", typed)
    assert response.status_code == 422
    assert words in response.text


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/panel/060505/katalog?strona=2", "/panel/060505/katalog?strona=2"),
        ("https://zly.example/panel", "/panel"),
        ("//zly.example/panel", "/panel"),
        ("/\\zly.example/panel", "/panel"),
        ("/a/abc", "/panel"),
        ("javascript:alert(1)", "/panel"),
        ("/panel\r\nX-Evil: 1", "/panel"),
        (None, "/panel"),
    ],
)
def test_the_log_in_leads_only_to_pages_of_the_panel(app: Flask, target: str | None, goes_to: str) -> None:
    with app.test_request_context():
        assert safe_next(target) == goes_to


def test_a_form_sent_after_the_session_ended_says_that_it_was_not_kept(app: Flask, clock: Clock) -> None:
    anna = staff(app, "anna@example.org")
    anna.get("/panel/haslo")
    clock.advance(hours=9)
    response = anna.client.post("/panel/haslo", data={"old": "x"})
    assert response.status_code == 302
    assert "nie zostało zapisane" in anna.client.get(str(response.location)).text
