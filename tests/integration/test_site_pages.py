"""The declaration of accessibility and the page on privacy: filled from settings, and plain about what is missing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest

from survey_app.config import Operator, Settings
from survey_app.errors import ConfigurationError
from survey_app.services import operator_facts
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests.page_police import police

# What the ministry's programme looks for ("Warunki techniczne…", 2.0), each exactly once.
REQUIRED = (
    "a11y-deklaracja", "a11y-wstep", "a11y-podmiot", "a11y-zakres", "a11y-url", "a11y-data-publikacja",
    "a11y-data-aktualizacja", "a11y-status", "a11y-data-sporzadzenie", "a11y-kontakt", "a11y-email",
    "a11y-telefon", "a11y-procedura", "a11y-aplikacje", "a11y-architektura", "a11y-komunikacja",
)  # fmt: skip
HEADINGS = [
    "Stan dostępności cyfrowej",
    "Niedostępne treści",
    "Przygotowanie deklaracji dostępności",
    "Udogodnienia, ograniczenia i inne informacje",
    "Skróty klawiszowe",
    "Informacje zwrotne i dane kontaktowe",
    "Obsługa wniosków i skarg związanych z dostępnością",
    "Pozostałe informacje",
]
FULL = Operator(
    name="Urząd Gminy Godziszów",
    address="Godziszów 1, 23-302 Godziszów",
    email="gmina@example.org",
    phone="15 000 00 00",
    dpo_email="iod@example.org",
    accessibility_person="Sekretariat",
    accessibility_email="dostepnosc@example.org",
    accessibility_phone="15 000 00 01",
    building="Wejście bez schodów od strony parkingu.",
    communication="Tłumacz języka migowego po umówieniu.",
    published_on=dt.date(2026, 11, 30),
    declared_on=dt.date(2026, 12, 1),
    reviewed_on=dt.date(2027, 3, 15),
)


def page(context: Context, operator: Operator, address: str) -> str:
    settings = dataclasses.replace(context.settings, operator=operator)
    app = create_app(context=dataclasses.replace(context, settings=settings))
    text = app.test_client().get(address).text
    police(text)
    return text


@pytest.mark.parametrize("operator", [Operator(), FULL], ids=["nothing set", "all set"])
def test_the_declaration_has_the_ministrys_structure(sqlite_context: Context, operator: Operator) -> None:
    text = page(sqlite_context, operator, "/dostepnosc")
    assert [name for name in REQUIRED if text.count(f'id="{name}"') != 1] == []
    assert re.findall(r"<h2>(.+?)</h2>", text) == HEADINGS
    assert ("nie jest jeszcze pełna" in text) == (operator == Operator())


def test_the_declaration_says_what_is_set(sqlite_context: Context) -> None:
    text = page(sqlite_context, FULL, "/dostepnosc")
    assert '<time id="a11y-data-publikacja" datetime="2026-11-30">30 listopada 2026' in text
    assert '<time id="a11y-data-aktualizacja" datetime="2026-11-30">' in text, "no later change is known"
    assert '<time id="a11y-data-przeglad" datetime="2027-03-15">' in text
    assert '<a id="a11y-email" href="mailto:dostepnosc@example.org">' in text
    assert "jeszcze tego nie podał" not in text


def test_privacy_names_who_runs_the_service_or_says_that_nobody_did(sqlite_context: Context) -> None:
    text = page(sqlite_context, FULL, "/prywatnosc")
    assert "Urząd Gminy Godziszów" in text
    assert "iod@example.org" in text
    assert "nie jest jeszcze pełna" not in text
    text = page(sqlite_context, Operator(), "/prywatnosc")
    assert "nie podał jeszcze: nazwa podmiotu, adres podmiotu, e-mail podmiotu, e-mail inspektora" in text


def test_the_administrator_is_told_which_settings_are_missing(sqlite_context: Context) -> None:
    assert len(operator_facts.missing(sqlite_context.settings)) == 10
    full = dataclasses.replace(sqlite_context.settings, operator=FULL)
    assert operator_facts.missing(full) == []


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [("ACCESSIBILITY_DATE", "1.12.2026", "w postaci 2026-11-30"), ("DPO_EMAIL", "iod", "jeden adres e-mail")],
)
def test_a_wrong_setting_is_named(setting: str, value: str, words: str, tmp_path: object) -> None:
    with pytest.raises(ConfigurationError, match=rf"{setting}: .*{words}"):
        Settings.from_environment({"SURVEY_VAR": str(tmp_path), setting: value})


def test_settings_come_from_the_environment(tmp_path: object) -> None:
    given = {"OPERATOR_NAME": " Urząd  Gminy ", "OPERATOR_PHONE": "15 1", "SITE_PUBLISHED": "2026-11-30"}
    found = Settings.from_environment({"SURVEY_VAR": str(tmp_path), **given}).operator
    assert (found.name, found.accessibility_phone) == ("Urząd Gminy", "15 1")
    assert found.published_on == dt.date(2026, 11, 30)
