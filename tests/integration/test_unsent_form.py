"""A form whose session ended while somebody was typing comes back with everything in it, and can be sent again."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests.integration.staff import GMINA, PASSWORD, Staff, people, staff
from tests.page_police import police

ANNA = "anna@example.org"
NEW = f"/panel/{GMINA}/pisma/nowe/swot"
OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = MultiDict(
    [
        ("dzien", "2026-11-02"),
        ("mocne-rows", "nowy1"),
        ("mocne-rows", "nowy2"),
        ("mocne-nowy1-opis", 'Zgrane „szkoły” & <b>"świetlice"</b>\r\ndrugi wiersz 🌻'),
        ("mocne-nowy2-opis", "  "),
        ("wnioski", "Długo pisane."),
    ]
)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def app(sqlite_context: Context) -> Flask:
    people(sqlite_context)
    return create_app(context=sqlite_context)


def handed_back(answer: TestResponse) -> MultiDict[str, str]:
    """The fields of the page, as a browser would send them."""
    police(answer.text)
    return MultiDict(
        (html.unescape(name), html.unescape(value)) for name, value in _HIDDEN.findall(answer.text)
    )


def without_token(fields: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields.items(multi=True) if name != "csrf_token"]


def test_what_was_typed_survives_the_end_of_a_session(app: Flask) -> None:
    anna = staff(app, ANNA)
    anna.client.delete_cookie("panel")
    ended = anna.client.post(NEW, data=TYPED, headers=OURS)
    assert ended.status_code == 401
    assert "Sesja się skończyła" in ended.text
    assert ended.headers["Cache-Control"] == "no-store"
    first = handed_back(ended)
    assert without_token(first) == list(TYPED.items(multi=True))

    assert anna.client.post(NEW, data=first, headers=OURS).status_code == 401, "still nobody is logged in"
    anna.log_in(ANNA)
    stale = anna.client.post(NEW, data=first, headers=OURS)
    assert stale.status_code == 400
    assert "Anna Zając" in stale.text, "it says which account the form will be saved by"
    assert "Zgrane" not in anna.get(f"/panel/{GMINA}/pisma/1", expect=404), "nothing is saved yet"
    second = handed_back(stale)
    assert without_token(second) == list(TYPED.items(multi=True))

    saved = anna.client.post(NEW, data=second, headers=OURS)
    assert saved.status_code == 303
    page = anna.get(saved.location)
    assert "Długo pisane." in page
    assert "drugi wiersz 🌻" in page


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
def test_a_form_of_another_site_is_not_handed_on(app: Flask, site: str | None) -> None:
    anna = staff(app, ANNA)
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    forged = anna.client.post(NEW, data={"wnioski": "Podrzucone."}, headers=headers)
    assert forged.status_code == 400
    assert "Podrzucone" not in forged.text


def test_a_password_never_stands_on_a_page(app: Flask) -> None:
    anna = staff(app, ANNA)
    typed = {"old": PASSWORD, "new": "nowe-dlugie-haslo", "again": "nowe-dlugie-haslo"}
    stale = anna.client.post("/panel/haslo", data=typed, headers=OURS)
    assert stale.status_code == 400
    anna.client.delete_cookie("panel")
    ended = anna.client.post("/panel/haslo", data=typed, headers=OURS)
    assert ended.location == "/logowanie?sesja=koniec&next=/panel/haslo", "back to the page of the form"
    for answer in (stale, ended):
        assert PASSWORD not in answer.text
        assert "nowe-dlugie-haslo" not in answer.text


def test_where_nothing_was_typed_one_logs_in_and_goes_on(app: Flask) -> None:
    stranger = Staff(app.test_client())
    ended = stranger.client.post(NEW, data={"csrf_token": "stary", "wnioski": " "}, headers=OURS)
    assert ended.location == f"/logowanie?sesja=koniec&next={NEW}"
    button = stranger.client.post(
        f"/panel/{GMINA}/proces/sciezka", data={"csrf_token": "stary"}, headers=OURS
    )
    assert button.location == "/logowanie?sesja=koniec"


@pytest.mark.parametrize(
    ("address", "status", "onward"),
    [
        (f"/panel/{GMINA}/nie-ma", 404, 'href="/panel">Wróć do panelu'),
        ("/konto/dawno-uzyty-odnosnik", 410, 'href="/logowanie">Zaloguj się'),
        ("/nie-ma", 404, 'href="/">Strona główna'),
        ("/a/nie-ma", 404, None),
    ],
)
def test_a_page_of_a_failure_leads_on(app: Flask, address: str, status: int, onward: str | None) -> None:
    answer = staff(app, ANNA).client.get(address)
    assert answer.status_code == status
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    assert onward in main if onward else "<a " not in main
