"""The pages of the diagnoza's texts and of kept reports, as a coordinator uses them."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from PIL import Image

from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import ConflictError
from survey_app.services import emblems
from survey_app.services.context import Context
from survey_app.services.instruments import current_ankieta
from survey_app.services.survey import build_diagnoza, campaigns, kept_reports, open_texts, report_texts
from survey_app.services.survey.campaigns import CampaignDraft
from survey_app.services.survey.take_survey import submit
from survey_app.store import report_texts as store
from tests.campaign_kit import answers, new_key
from tests.integration.staff import GMINA, Staff, staff
from tests.integration.test_build_diagnoza import locked


@pytest.fixture
def campaign_id(app: Flask, sqlite_context: Context, draft: CampaignDraft) -> int:
    """A locked campaign of GMINA with eight answers, by open link."""
    context = sqlite_context
    made = campaigns.create_campaign(context, GMINA, replace(draft, access="open_link"), None)
    campaigns.open_campaign(context, made.id, None)
    instrument = current_ankieta(context)
    for place in range(8):
        values = {
            "p1": {"option": "edukacja"},
            "p5": "tak" if place < 5 else "nie",
            "p10": f"Uczciwość {place}",
        }
        submit(context, made.public_id, None, new_key(), answers(instrument, values))
    campaigns.close_now(context, made.id, None)
    context.clock.set(context.clock() + dt.timedelta(hours=1))  # type: ignore[attr-defined]
    campaigns.lock_campaign(context, made.id, None)
    return made.id


@pytest.fixture
def anna(app: Flask, campaign_id: int) -> Staff:
    """Logs in after the clock has moved."""
    return staff(app, "anna@example.org")


def texts(campaign_id: int) -> str:
    return f"/panel/{GMINA}/kampanie/{campaign_id}/diagnoza/teksty"


def reports(campaign_id: int) -> str:
    return f"/panel/{GMINA}/kampanie/{campaign_id}/diagnoza/raporty"


def pdf(campaign_id: int) -> str:
    return f"/panel/{GMINA}/kampanie/{campaign_id}/wyniki/diagnoza-public.pdf"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def write(person: Staff, campaign_id: int, address: str, text: str) -> None:
    page = person.get(f"{texts(campaign_id)}/{address}")
    typed = {"revision": hidden(page, "revision"), "seen": hidden(page, "seen"), "text": text}
    assert person.send(f"{texts(campaign_id)}/{address}", typed).status_code == 303


def test_a_coordinator_writes_and_finds_it_in_the_diagnoza(anna: Staff, campaign_id: int) -> None:
    write(anna, campaign_id, "wnioski", "Rozmawiać < & >\r\n- Szkoły\r\n- Firmy")
    write(anna, campaign_id, "kto-odpowiedzial", "Zaczynamy od szkół.")
    page = anna.get(texts(campaign_id))
    assert "Rozmawiać &lt; &amp; &gt;" in page
    assert "Zmienione przez zespół" in page
    for edition in ("public", "internal"):
        diagnoza = anna.get(f"/panel/{GMINA}/kampanie/{campaign_id}/wyniki/diagnoza?wydanie={edition}")
        assert "Wnioski i rekomendacje zespołu" in diagnoza
        assert '<li dir="auto">Szkoły</li>' in diagnoza
        assert 'href="#przed-zmianami-answered"' in diagnoza
        assert 'id="przed-zmianami-answered"' in diagnoza


def test_a_refused_text_comes_back_filled(anna: Staff, campaign_id: int) -> None:
    page = anna.get(f"{texts(campaign_id)}/wnioski")
    long = "Bardzo długi wniosek. " * 500
    typed = {"revision": hidden(page, "revision"), "seen": hidden(page, "seen"), "text": long}
    answer = anna.send(f"{texts(campaign_id)}/wnioski", typed)
    assert answer.status_code == 422
    assert "Najwyżej 10000 znaków" in answer.text
    assert long.strip() in html.unescape(answer.text)


def test_who_was_slower_sees_both_texts_and_saves_knowingly(
    app: Flask, anna: Staff, campaign_id: int
) -> None:
    other = staff(app, "anna@example.org")
    address = f"{texts(campaign_id)}/wnioski"
    old = anna.get(address)
    write(other, campaign_id, "wnioski", "Tekst z drugiej karty")
    typed = {"revision": hidden(old, "revision"), "seen": hidden(old, "seen"), "text": "Mój tekst"}
    refused = anna.send(address, typed)
    assert refused.status_code == 422
    assert "Tekst z drugiej karty" in refused.text
    assert "Mój tekst" in refused.text
    again = {"revision": hidden(refused.text, "revision"), "seen": "", "text": "Mój tekst i tamten"}
    assert anna.send(address, again).status_code == 303
    assert "Mój tekst i tamten" in anna.get(texts(campaign_id))


def test_the_teams_text_is_shown_once_more_before_it_goes(anna: Staff, campaign_id: int) -> None:
    write(anna, campaign_id, "kto-odpowiedzial", "Zaczynamy od szkół.")
    address = f"{texts(campaign_id)}/kto-odpowiedzial/usuniecie"
    page = anna.get(address)
    assert "Zaczynamy od szkół." in page
    assert anna.send(address, {"revision": "7"}).location == address  # of another state: asked again
    assert anna.send(address, {"revision": hidden(page, "revision")}).status_code == 303
    assert "Zaczynamy od szkół." not in anna.get(texts(campaign_id))
    assert "nie ma czego usuwać" in anna.get(address)


def test_a_part_that_results_no_longer_have_can_still_be_read_and_removed(
    anna: Staff, campaign_id: int, sqlite_context: Context
) -> None:
    with sqlite_context.database.transaction() as session:
        store.put(
            session, campaign_id, "summary:heard", text="Mówiło pięć osób.", revision=1, rests_on="",
            changed_at=sqlite_context.clock(), changed_by=None,
        )  # fmt: skip
    page = anna.get(texts(campaign_id))
    assert "Mówiło pięć osób." in page
    assert "tego tekstu raport nie drukuje" in page
    assert "Mówiło pięć osób." not in anna.get(f"/panel/{GMINA}/kampanie/{campaign_id}/wyniki/diagnoza")
    address = f"{texts(campaign_id)}/kogo-wysluchalismy/usuniecie"
    assert anna.send(address, {"revision": "1"}).status_code == 303
    assert "Mówiło pięć osób." not in anna.get(texts(campaign_id))


def test_a_report_is_read_published_replaced_and_withdrawn(
    anna: Staff, campaign_id: int, sqlite_context: Context
) -> None:
    assert "Nie ma jeszcze żadnego raportu" in anna.get(reports(campaign_id))
    assert "Nic jeszcze nie jest opublikowane" in anna.get(f"{reports(campaign_id)}/historia")
    first = anna.file(pdf(campaign_id))
    page = anna.get(reports(campaign_id))
    assert "Oznacz raport nr 1 jako opublikowany" in page
    anna.get(f"{reports(campaign_id)}/1/publikacja")
    assert anna.send(f"{reports(campaign_id)}/1/publikacja", {"note": "BIP"}).status_code == 303
    text = open_texts.waiting(sqlite_context, campaign_id)[0]
    open_texts.clear(sqlite_context, text.id, "Uczciwość", actor=None)
    assert "zmieniły się wyniki albo teksty" in anna.get(reports(campaign_id))
    anna.file(pdf(campaign_id))
    assert anna.send(f"{reports(campaign_id)}/2/publikacja", {"note": ""}).status_code == 303
    changes = anna.get(f"{reports(campaign_id)}/public/2")
    assert "było 0, jest 1" in changes
    assert "Co się zmieniło od raportu nr 1" in changes
    assert anna.file(f"{reports(campaign_id)}/1/diagnoza.pdf") == first
    assert anna.send(f"{reports(campaign_id)}/2/wycofanie", {"reason": ""}).status_code == 422
    assert anna.send(f"{reports(campaign_id)}/2/wycofanie", {"reason": "Błąd w cytacie"}).status_code == 303
    history = anna.get(f"{reports(campaign_id)}/historia")
    assert "Błąd w cytacie" in history
    assert history.count("zastąpiony nowszym") == 0  # the first one holds again
    plain = anna.file(f"{reports(campaign_id)}/historia.txt").decode("utf-8-sig")
    assert "Raport nr 1 (aktualny)" in plain
    assert anna.file(f"{reports(campaign_id)}/historia.csv").count(b"\r\n") == 3


def test_a_refused_publication_says_why_and_keeps_the_note(anna: Staff, campaign_id: int) -> None:
    anna.file(pdf(campaign_id))
    write(anna, campaign_id, "wnioski", "Po zrobieniu raportu.")
    refused = anna.send(f"{reports(campaign_id)}/1/publikacja", {"note": "Na stronie gminy"})
    assert refused.status_code == 422
    assert "Na stronie gminy" in refused.text
    assert "pobrać nowy raport" in refused.text


@pytest.mark.parametrize("address", ["wnioski%00", "nieznana", "../wnioski", "summary:asked"])
def test_a_part_that_does_not_exist_is_not_found(anna: Staff, campaign_id: int, address: str) -> None:
    anna.get(f"{texts(campaign_id)}/{address}", expect=404)


def test_of_those_who_write_at_the_same_moment_one_is_kept_and_the_others_are_told(context: Context) -> None:
    number = locked(context).campaign.id

    def write_one(place: int) -> str:
        try:
            report_texts.save(context, number, "wnioski", f"Wersja {place}", 0, "", None)
        except ConflictError:
            return "slower"
        return f"Wersja {place}"

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(write_one, range(4)))
    assert done.count("slower") == 3
    assert report_texts.part(context, number, "wnioski").text in done


def test_the_same_report_made_by_several_at_once_is_kept_once(context: Context) -> None:
    number = locked(context).campaign.id
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: build_diagnoza.pdf(context, number, Edition.PUBLIC, None), range(4)))
    assert [one.number for one in kept_reports.listed(context, number)] == [1]


def test_the_diagnoza_on_the_page_shows_the_gminas_herb(
    anna: Staff, sqlite_context: Context, campaign_id: int
) -> None:
    address = f"/panel/{GMINA}/kampanie/{campaign_id}/wyniki/diagnoza"
    assert "/herb/obraz" not in anna.get(address)
    file = io.BytesIO()
    Image.new("RGB", (30, 40), (0, 90, 0)).save(file, "PNG")
    emblems.keep(sqlite_context, GMINA, file.getvalue(), 'Herb "z żubrem" 🦬', None)
    page = anna.get(address)
    assert f'src="/panel/{GMINA}/herb/obraz" alt="Herb &#34;z żubrem&#34; 🦬"' in page
