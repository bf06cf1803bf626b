"""A campaign on the coordinator's pages, from the draft to the lock."""

from __future__ import annotations

import base64
import dataclasses
import re
import zipfile
from io import BytesIO

import pytest
from flask import Flask

from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.survey import campaigns
from survey_app.services.survey.campaigns import CampaignDraft
from tests.integration.staff import GMINA, Staff, staff
from tests.stores import Clock

BASE = f"/panel/{GMINA}/kampanie"
INSTITUTIONS = ("GOPS", "Parafia św. Jana", "Bank Spółdzielczy", "Szkoła nr 1", "Zakład „Zieleń”")
TYPED = {
    "title": "Ankieta, jesień 2026",
    "mode": "anonymous",
    "access": "invitations",
    "opens_at_date": "2026-11-02",
    "opens_at_time": "10:00",
    "closes_at_date": "2026-11-09",
    "closes_at_time": "20:00",
    "grace_minutes": "30",
    "k": "3",
    "notice": "Administratorem danych jest Burmistrz.",
}


@pytest.fixture
def anna(app: Flask) -> Staff:
    return staff(app, "anna@example.org")


@pytest.fixture
def institutions(app: Flask, sqlite_context: Context) -> list[int]:
    return [
        catalogue.add_stakeholder(
            sqlite_context, GMINA, StakeholderDraft(name, "edukacja", internal=True), None
        ).id
        for name in INSTITUTIONS
    ]


@pytest.fixture
def number(app: Flask, sqlite_context: Context, draft: CampaignDraft, institutions: list[int]) -> int:
    """A draft by invitation in a gmina with five institutions."""
    return campaigns.create_campaign(sqlite_context, GMINA, draft, None).id


def test_a_draft_is_typed_in_and_shown_with_its_facts(anna: Staff, sqlite_context: Context) -> None:
    page = anna.get(f"{BASE}/nowa")
    assert "[adres urzędu]" in page, "the notice is a template to fill"
    response = anna.send(f"{BASE}/nowa", TYPED)
    assert response.status_code == 302
    shown = anna.get(str(response.location))
    assert "2 listopada 2026, godz. 10:00" in shown
    assert "9 listopada 2026, godz. 20:00" in shown
    assert "szkic" in shown
    assert TYPED["title"] in anna.get(BASE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Prosimy podać tytuł"),
        ({"closes_at_date": "2026-11-01"}, "Koniec musi być późniejszy"),
        ({"closes_at_date": "2027-03-28", "closes_at_time": "02:30"}, "nie ma godziny 02:30"),
        ({"opens_at_date": "2026-10-25", "opens_at_time": "02:30"}, "jest dwa razy"),
        ({"k": "2"}, "Najmniejsza pokazywana grupa: od 3 do 20."),
        ({"grace_minutes": "dużo"}, "Nieprawidłowa liczba"),
        ({"mode": "tajna"}, "Nieprawidłowy wybór"),
        ({"closes_at_date": "2028-11-09"}, "ponad rok"),
    ],
)
def test_a_refused_draft_says_why_and_keeps_what_was_typed(
    anna: Staff, sqlite_context: Context, change: dict[str, str], words: str
) -> None:
    typed = {**TYPED, "notice": "Tekst, którego nie wolno zgubić.", **change}
    response = anna.send(f"{BASE}/nowa", typed)
    assert response.status_code == 422
    assert words in response.text
    assert "Tekst, którego nie wolno zgubić." in response.text
    assert campaigns.campaigns_of(sqlite_context, GMINA) == []


def test_a_draft_can_be_changed_and_keeps_polish_hours(anna: Staff, number: int) -> None:
    page = anna.get(f"{BASE}/{number}/szkic")
    assert 'value="2026-11-09"' in page
    assert 'value="10:00"' in page
    assert anna.send(f"{BASE}/{number}/szkic", {**TYPED, "k": "5"}).status_code == 302
    assert "5\u00a0instytucji" in anna.get(f"{BASE}/{number}")


def test_unfilled_places_of_the_notice_hold_the_opening_back(
    anna: Staff, sqlite_context: Context, draft: CampaignDraft, institutions: list[int]
) -> None:
    unfilled = dataclasses.replace(draft, notice="Administrator: [adres urzędu].")
    number = campaigns.create_campaign(sqlite_context, GMINA, unfilled, None).id
    assert "[adres urzędu]" in anna.get(f"{BASE}/{number}/otwarcie")
    response = anna.send(f"{BASE}/{number}/otwarcie")
    assert response.status_code == 422
    assert "zostało puste miejsce: [adres urzędu]" in response.text
    assert campaigns.campaign(sqlite_context, number).opened_at is None


def carried(page: str, ending: str) -> bytes:
    found = re.search(rf'href="data:[^;]+;base64,([^"]+)" download="[^"]+\.{ending}"', page)
    assert found is not None
    return base64.b64decode(found[1])


def test_the_opening_shows_the_codes_once_and_nowhere_else(
    anna: Staff, sqlite_context: Context, number: int
) -> None:
    anna.get(f"{BASE}/{number}/otwarcie")
    opened = anna.send(f"{BASE}/{number}/otwarcie")
    assert opened.status_code == 200
    assert opened.headers["Cache-Control"] == "no-store"
    table = carried(opened.text, "csv").decode("utf-8-sig").splitlines()
    assert table[0] == "instytucja;adres;kod;link"
    codes = [line.split(";")[-2] for line in table[1:]]
    assert len(set(codes)) == len(INSTITUTIONS)
    assert carried(opened.text, "pdf").startswith(b"%PDF")
    with zipfile.ZipFile(BytesIO(carried(opened.text, "zip"))) as archive:
        assert sorted(name.rsplit(".", 1)[1] for name in archive.namelist()) == ["csv", "pdf", "xlsx"]
    for address in (f"{BASE}/{number}", BASE, f"/panel/{GMINA}"):
        page = anna.get(address)
        assert not any(code in page for code in codes)
    anna.get(f"{BASE}/{number}/nowe-kody")
    again = anna.send(f"{BASE}/{number}/otwarcie")
    assert again.status_code == 409
    assert "jest już otwarta" in again.text


def test_new_codes_replace_all_the_old_ones(anna: Staff, number: int) -> None:
    anna.get(f"{BASE}/{number}/otwarcie")
    first = carried(anna.send(f"{BASE}/{number}/otwarcie").text, "csv")
    anna.get(f"{BASE}/{number}/nowe-kody")
    second = carried(anna.send(f"{BASE}/{number}/nowe-kody").text, "csv")
    old, new = (
        {line.split(";")[-2] for line in text.decode("utf-8-sig").splitlines()[1:]}
        for text in (first, second)
    )
    assert old & new == set()
    assert len(new) == len(INSTITUTIONS)


def test_an_open_link_has_its_address_and_everything_to_hang_up(
    anna: Staff, sqlite_context: Context, draft: CampaignDraft
) -> None:
    number = campaigns.create_campaign(
        sqlite_context, GMINA, dataclasses.replace(draft, access="open_link"), None
    ).id
    anna.get(f"{BASE}/{number}/otwarcie")
    assert anna.send(f"{BASE}/{number}/otwarcie").status_code == 302
    page = anna.get(f"{BASE}/{number}")
    assert f"/a/{campaigns.campaign(sqlite_context, number).public_id}" in page
    assert "bez kontroli liczby odpowiedzi" in page
    assert anna.file(f"{BASE}/{number}/qr.svg").startswith(b"<?xml")
    assert anna.file(f"{BASE}/{number}/qr.png").startswith(b"\x89PNG")
    assert anna.file(f"{BASE}/{number}/plakat.pdf").startswith(b"%PDF")
    assert anna.file(f"{BASE}/{number}/ankieta.pdf").startswith(b"%PDF")


def test_the_preview_is_read_like_a_form_and_never_counts(
    anna: Staff, sqlite_context: Context, number: int
) -> None:
    page = anna.get(f"{BASE}/{number}/podglad")
    assert "Podgląd" in page
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key is not None
    sent = anna.send(f"{BASE}/{number}/podglad", {"form_key": key[1], "p5": "tak"})
    assert sent.status_code == 200
    assert campaigns.campaign(sqlite_context, number).opened_at is None


def opened(anna: Staff, number: int) -> None:
    anna.get(f"{BASE}/{number}/otwarcie")
    assert anna.send(f"{BASE}/{number}/otwarcie").status_code == 200
    anna.get(f"{BASE}/{number}")


def test_the_end_is_moved_later_and_the_trace_says_by_whom(anna: Staff, number: int) -> None:
    opened(anna, number)
    page = anna.get(f"{BASE}/{number}/koniec")
    assert 'value="2026-11-09"' in page
    earlier = anna.send(
        f"{BASE}/{number}/koniec", {"closes_at_date": "2026-11-05", "closes_at_time": "20:00"}
    )
    assert earlier.status_code == 422
    assert "musi być późniejszy" in earlier.text
    later = anna.send(f"{BASE}/{number}/koniec", {"closes_at_date": "2026-11-12", "closes_at_time": "20:00"})
    assert later.status_code == 302
    page = anna.get(f"{BASE}/{number}")
    assert "przesunięcie końca" in page
    assert "Anna Zając" in page


def test_a_running_campaign_cannot_be_locked(anna: Staff, number: int) -> None:
    opened(anna, number)
    anna.get(f"{BASE}/{number}/blokada")
    assert anna.send(f"{BASE}/{number}/blokada").status_code == 409


def test_results_do_not_exist_before_the_lock(anna: Staff, number: int) -> None:
    opened(anna, number)
    for page in ("", "/diagnoza", "/diagnoza-public.pdf", "/dane.csv", "/dane.xlsx", "/teksty"):
        anna.get(f"{BASE}/{number}/wyniki{page}", expect=409)


def test_paper_is_ticked_typed_and_the_campaign_locked(
    anna: Staff, sqlite_context: Context, clock: Clock, number: int, institutions: list[int]
) -> None:
    opened(anna, number)
    page = anna.get(f"{BASE}/{number}/papier")
    assert "Parafia św. Jana" in page
    anna.send(f"{BASE}/{number}/papier", {"instytucja": [str(one) for one in institutions[:4]]})
    assert "checked" in anna.get(f"{BASE}/{number}/papier")
    clock.advance(days=8)
    anna.log_in("anna@example.org")
    for answer in ("tak", "tak", "nie", "tak"):
        page = anna.get(f"{BASE}/{number}/papier/wpisywanie")
        key = re.search(r'name="form_key" value="([^"]+)"', page)
        assert key is not None
        sheet = {"form_key": key[1], "p5": answer, "p7": answer, "p9": answer, "p10": "Uczciwość wobec Jana"}
        assert anna.send(f"{BASE}/{number}/papier/wpisywanie", sheet).status_code == 302
    page = anna.get(f"{BASE}/{number}/papier/wpisywanie")
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key is not None
    fifth = anna.send(f"{BASE}/{number}/papier/wpisywanie", {"form_key": key[1], "p10": "piąty arkusz"})
    assert fifth.status_code == 409
    assert "piąty arkusz" in fifth.text, "what was typed is still there"
    assert "Tego nie da się cofnąć" in anna.get(f"{BASE}/{number}/blokada")
    assert anna.send(f"{BASE}/{number}/blokada").status_code == 302
    page = anna.get(f"{BASE}/{number}")
    assert "zablokowana" in page
    results(anna, number)


def results(anna: Staff, number: int) -> None:
    """After the lock: figures, open texts, the diagnoza, the files."""
    base = f"{BASE}/{number}/wyniki"
    assert "przeciwdziałania" in anna.get(base)
    texts = anna.get(f"{base}/teksty")
    assert texts.count("Uczciwość wobec Jana") == 4
    first, second, third = list(dict.fromkeys(re.findall(r'name="decyzja-([0-9a-f]{32})"', texts)))[:3]
    decisions = {
        f"decyzja-{first}": "clear",
        f"tekst-{first}": "Uczciwość wobec […]",
        f"decyzja-{second}": "withhold",
        f"tekst-{third}": "Zmienione, a jeszcze bez decyzji",
    }
    refused = anna.send(f"{base}/teksty", decisions)
    assert refused.status_code == 422
    assert "Uczciwość wobec […]" in refused.text, "nothing that was typed is lost"
    assert "Zmienione, a jeszcze bez decyzji" in refused.text
    assert "Już przejrzane" not in refused.text, "nothing was saved"
    del decisions[f"tekst-{third}"]
    assert anna.send(f"{base}/teksty", decisions).status_code == 302
    waiting, _, decided = anna.get(f"{base}/teksty").partition("Już przejrzane")
    assert waiting.count("Uczciwość wobec Jana") == 2
    assert "Uczciwość wobec […]" in decided
    empty = anna.send(f"{base}/teksty/{first}", {"decyzja": "clear", "cleared_text": " "})
    assert empty.status_code == 422
    page = anna.get(f"{base}/diagnoza")
    assert "Uczciwość wobec […]" in page
    assert "Jana" not in page
    assert "wewnętrzne" in anna.get(f"{base}/diagnoza?wydanie=internal")
    anna.get(f"{base}/diagnoza?wydanie=tajne", expect=404)
    for name, start in (
        ("diagnoza-public.pdf", b"%PDF"),
        ("diagnoza-internal.pdf", b"%PDF"),
        ("dane.xlsx", b"PK"),
    ):
        assert anna.file(f"{base}/{name}").startswith(start)
    assert b"Jana" not in anna.file(f"{base}/dane.csv")


def test_a_named_sheet_is_typed_with_its_institution(
    anna: Staff, sqlite_context: Context, clock: Clock, draft: CampaignDraft, institutions: list[int]
) -> None:
    named = dataclasses.replace(draft, mode="named")
    number = campaigns.create_campaign(sqlite_context, GMINA, named, None).id
    opened(anna, number)
    anna.send(f"{BASE}/{number}/papier", {"instytucja": [str(institutions[1])]})
    clock.advance(days=8)
    anna.log_in("anna@example.org")
    choice = anna.get(f"{BASE}/{number}/papier/wpisywanie")
    assert "Czyj to arkusz?" in choice
    assert "Parafia św. Jana" in choice
    assert "Bank Spółdzielczy" not in choice, "only those who returned a sheet"
    sheet_page = f"{BASE}/{number}/papier/wpisywanie?instytucja={institutions[1]}"
    key = re.search(r'name="form_key" value="([^"]+)"', anna.get(sheet_page))
    assert key is not None
    assert anna.send(sheet_page, {"form_key": key[1], "p5": "tak"}).status_code == 302
    page = anna.get(f"{BASE}/{number}")
    assert "Kto już odpowiedział" in page
    assert "Parafia św. Jana" in page


def test_a_named_sheet_of_an_open_link_is_typed_with_the_name_it_carries(
    anna: Staff, sqlite_context: Context, clock: Clock, draft: CampaignDraft
) -> None:
    """There is nobody to tick: the name comes from the sheet; and the page leads back to the campaign."""
    named = dataclasses.replace(draft, mode="named", access="open_link")
    number = campaigns.create_campaign(sqlite_context, GMINA, named, None).id
    campaigns.open_campaign(sqlite_context, number, actor=None)
    clock.advance(days=8)
    anna.log_in("anna@example.org")
    typing = f"{BASE}/{number}/papier/wpisywanie"
    page = anna.get(typing)
    assert f'href="{BASE}/{number}"' in page
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key is not None
    sheet = {"form_key": key[1], "institution_name": "Świetlica „Żuk”", "p5": "tak"}
    assert anna.send(typing, sheet).status_code == 302
    campaigns.lock_campaign(sqlite_context, number, actor=None)
    assert "Świetlica „Żuk”" in anna.file(f"{BASE}/{number}/wyniki/dane.csv").decode("utf-8")


def test_a_draft_that_nobody_needs_is_thrown_away(anna: Staff, number: int) -> None:
    base = f"/panel/{GMINA}/kampanie"
    assert "Usuń szkic" in anna.get(f"{base}/{number}/szkic")
    assert anna.send(f"{base}/{number}/usuniecie").status_code == 302
    assert "Szkic został usunięty." in anna.get(base)
    assert anna.client.get(f"{base}/{number}").status_code == 404
