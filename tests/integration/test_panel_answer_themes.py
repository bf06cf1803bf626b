"""Pages of open answers and of files, as people of a team use them; and what other people get."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from flask import Flask

from survey_app.services import accounts, base_forms
from survey_app.services.context import Context
from survey_app.services.interviewing import answer_themes, interviews, themes
from survey_app.services.interviewing.themes import ThemeDraft
from survey_app.services.survey import open_texts
from tests import interview_kit as kit
from tests import refi_check
from tests.campaign_kit import GMINA, Held, add_gmina, hold, lock, send
from tests.integration.staff import GMINA as JANOW
from tests.integration.staff import PASSWORD, Staff, staff

PANEL = f"/panel/{GMINA}/wywiady/tematy"
WRITTEN = ("Świetlica dla dzieci", "Brak świetlic 👵🏽", "Autobus", "Klub", "Praca", "Dom kultury")


@pytest.fixture
def held(app: Flask, sqlite_context: Context) -> Held:
    """Twelve cleared texts to question 6; members Jola and Ola, and the coordinator Iga."""
    add_gmina(sqlite_context, 8)
    for name, role in (("jola", "member_of"), ("ola", "member_of"), ("iga", "coordinator_of")):
        accounts.create_user(sqlite_context, f"{name}@example.org", name.title(), PASSWORD, **{role: GMINA})
    found = hold(sqlite_context)
    for code, words in zip(found.codes, WRITTEN, strict=False):
        send(sqlite_context, found, code, {"p1": {"option": "edukacja"}, "p6": [words, f"{words} bis"]})
    lock(sqlite_context, found)
    for text in open_texts.waiting(sqlite_context, found.campaign.id):
        open_texts.clear(sqlite_context, text.id, text.text, actor=None)
    return found


def page_of(held: Held) -> str:
    return f"{PANEL}/odpowiedzi/{held.campaign.id}/p6"


def shown(page: str) -> list[str]:
    """Ids of the texts on a page."""
    return re.findall(r'name="widziane-([0-9a-f]{32})"', page)


def ticked(page: str) -> list[str]:
    return re.findall(r'name="tematy-([0-9a-f]{32})" value="\d+" checked', page)


def test_a_member_gives_themes_and_finds_them_again(app: Flask, sqlite_context: Context, held: Held) -> None:
    jola, ola = staff(app, "jola@example.org"), staff(app, "ola@example.org")
    theme = themes.tree(sqlite_context, GMINA)[0]
    page = jola.get(page_of(held))
    first, second, *_ = shown(page)
    assert len(shown(page)) == 10
    sent = {f"widziane-{first}": "", f"widziane-{second}": "", f"tematy-{first}": str(theme.id)}
    answer = jola.send(f"{page_of(held)}?strona=1", sent)
    assert (answer.status_code, answer.location) == (303, f"{page_of(held)}?strona=1")
    after = jola.get(page_of(held))
    assert "Zapisano tematy: 1\u00a0wypowiedź." in after
    assert ticked(after) == [first]
    assert ticked(ola.get(page_of(held)) + ola.get(f"{page_of(held)}?strona=2")) == []


def test_words_are_looked_for_in_any_form_and_one_theme_is_given_to_all(
    app: Flask, sqlite_context: Context, held: Held
) -> None:
    jola = staff(app, "jola@example.org")
    theme = themes.tree(sqlite_context, GMINA)[1]
    address = f"{page_of(held)}?slowo=świetlica"
    page = jola.get(address)
    found = shown(page)
    assert len(found) == 4
    assert "4 z 12" in page
    sent = {**{f"widziane-{text}": "" for text in found}, "wszystkim": str(theme.id)}
    answer = jola.send(address, sent)
    assert sorted(ticked(jola.get(answer.location))) == sorted(found)
    assert "Nie ma wypowiedzi z tym słowem" in jola.get(f"{page_of(held)}?slowo=samolot")
    assert shown(jola.get(f"{page_of(held)}?slowo=%00&strona=99"))


def test_the_page_works_without_the_dictionary(
    app: Flask, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    base_forms._readings.cache_clear()
    monkeypatch.setattr(base_forms, "_morfeusz", lambda: None)
    page = staff(app, "jola@example.org").get(f"{page_of(held)}?slowo=świetlica")
    base_forms._readings.cache_clear()
    assert len(shown(page)) == 2
    assert "słownik odmiany nie działa" in page
    assert "word-links" not in page


def test_many_themes_are_folded_with_what_is_given_in_sight(
    app: Flask, sqlite_context: Context, held: Held
) -> None:
    top = themes.tree(sqlite_context, GMINA)[0]
    for number in range(12):
        themes.add(sqlite_context, GMINA, ThemeDraft(f"Węższy {number}", parent_id=top.id), None)
    jola = staff(app, "jola@example.org")
    person = accounts.find_person(sqlite_context, "jola@example.org")
    assert person is not None
    text = shown(jola.get(page_of(held)))[0]
    choice = answer_themes.Choice(frozenset(), frozenset({top.id}))
    answer_themes.give(sqlite_context, GMINA, held.campaign.id, "p6", {text: choice}, person.id)
    assert f"Tematy: {top.label}" in jola.get(page_of(held))


def test_the_list_says_what_is_left_and_counts_only_what_may_be_shown(
    app: Flask, sqlite_context: Context, held: Held
) -> None:
    jola = staff(app, "jola@example.org")
    often, seldom = themes.tree(sqlite_context, GMINA)[:2]
    texts = shown(jola.get(page_of(held)))
    sent = {f"widziane-{text}": "" for text in texts} | {
        f"tematy-{text}": str(often.id) for text in texts[:4]
    }
    sent[f"tematy-{texts[5]}"] = str(seldom.id)
    jola.send(page_of(held), sent)
    page = jola.get(f"{PANEL}/odpowiedzi")
    rows = {
        label: re.search(rf"{label}</th><td class=\"number\">(\w+)<", page)
        for label in (often.label, seldom.label)
    }
    assert [found and found[1] for found in rows.values()] == ["4", "ukryte"]
    assert re.search(r'data-label="Bez Państwa tematu" class="number">7<', page)


def test_who_only_moderates_reads_no_open_answers(app: Flask, sqlite_context: Context, held: Held) -> None:
    accounts.create_user(sqlite_context, "mod@example.org", "Mod", PASSWORD, moderator_of=GMINA)
    person = staff(app, "mod@example.org")
    for address in (f"{PANEL}/odpowiedzi", page_of(held), f"{PANEL}/pliki"):
        assert person.client.get(address).status_code == 403


def test_a_question_that_is_not_offered_does_not_exist(app: Flask, held: Held) -> None:
    jola = staff(app, "jola@example.org")
    for question in ("p1", "p1_wskazanie", "p10", "nie_ma"):
        jola.get(f"{PANEL}/odpowiedzi/{held.campaign.id}/{question}", expect=404)


# Files ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def coded(app: Flask, sqlite_context: Context) -> Staff:
    """An IDI of Janów with locked notes; its coordinator."""
    found = kit.planned(sqlite_context)
    kit.agree(sqlite_context, found)
    kit.note(sqlite_context, found, 1, "A", "Autobus raz dziennie 🚌.")
    interviews.hold(
        sqlite_context, JANOW, found.id, sqlite_context.today(), (), "Próba", found.revision, None
    )
    kit.lock_notes(sqlite_context, found)
    return staff(app, "anna@example.org")


def test_the_coordinator_takes_both_files(coded: Staff) -> None:
    page = coded.get(f"/panel/{JANOW}/wywiady/tematy/pliki")
    assert "Teksty: 1. Fragmenty: 0." in page
    assert "wycofa zgodę" in page
    book = openpyxl.load_workbook(
        io.BytesIO(coded.file(f"/panel/{JANOW}/wywiady/tematy/pliki/tematy-i-wywiady.xlsx"))
    )
    assert book.sheetnames == ["tematy i wywiady", "definicje", "IDI i FGI", "uwagi"]
    response = coded.client.get(f"/panel/{JANOW}/wywiady/tematy/pliki/projekt.qdpx")
    assert response.headers["Cache-Control"] == "no-store"
    assert 'filename="wywiady-janow-lubelski.qdpx"' in response.headers["Content-Disposition"]
    assert refi_check.faults(response.data) == []
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        (source,) = [name for name in archive.namelist() if name.startswith("sources/")]
        assert "Autobus raz dziennie 🚌." in archive.read(source).decode()


def test_members_take_no_files(app: Flask, coded: Staff) -> None:
    jan = staff(app, "jan@example.org")
    for name in ("", "/tematy-i-wywiady.xlsx", "/projekt.qdpx"):
        assert jan.client.get(f"/panel/{JANOW}/wywiady/tematy/pliki{name}").status_code == 403


def test_without_texts_the_page_offers_none(app: Flask) -> None:
    anna = staff(app, "anna@example.org")
    page = anna.get(f"/panel/{JANOW}/wywiady/tematy/pliki")
    assert ".qdpx" not in page
    assert anna.client.get(f"/panel/{JANOW}/wywiady/tematy/pliki/projekt.qdpx").status_code == 409
